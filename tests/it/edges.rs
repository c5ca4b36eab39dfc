//! Where bindings, prunes and former names meet.

use crate::scene::Scene;
use crate::tree::Tree;

const PRUNE: &str = "apply rooms.yaml --yes --prune --max-deletes 9 --settle 300ms --timeout 1s --qps off";

#[test]
fn a_name_can_go_to_a_bound_group_while_the_one_that_had_it_is_pruned() {
    let mut scene = Scene::new().wanting(Tree::of(&["A"]));
    scene.apply().exits(0);
    let (before, bound) = (scene.id("/A"), scene.stranger_makes(0, "B"));
    scene.want_by(&["A"], &format!("[{{name: A, id: {bound}}}]"));
    scene.run(PRUNE).exits(0).shows(&["1 to rename, 1 to delete"]);
    scene.is_true();
    assert_eq!((scene.id("/A"), before == bound), (bound, false));
}

#[test]
fn a_group_is_renamed_while_one_below_it_is_pruned_and_one_is_made() {
    let mut scene = Scene::new().wanting(Tree::of(&["A/x", "A/y"]));
    scene.apply().exits(0);
    let kept = scene.id("/A/y");
    scene.want_by(&["B/y", "B/z"], "[{name: B, was: A, children: [y, z]}]");
    scene.run(PRUNE).exits(0);
    scene.is_true();
    assert_eq!(scene.id("/B/y"), kept);
    scene.run(PRUNE).exits(0).shows(&["Nothing to do"]);
}

#[test]
fn a_name_is_handed_on_while_the_last_of_the_chain_is_pruned() {
    let mut scene = Scene::new().wanting(Tree::of(&["A/a", "B/b"]));
    scene.apply().exits(0);
    scene.want_by(&["B/a"], "[{name: B, was: A, children: [a]}]");
    scene.run(PRUNE).exits(0);
    scene.is_true();
    scene.run(PRUNE).exits(0).shows(&["Nothing to do"]);
}
