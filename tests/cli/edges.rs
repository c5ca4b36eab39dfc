//! Where bindings, prunes and former names meet.

use crate::test_env::Scene;
use crate::tree::Tree;

const PRUNE: &str = "apply rooms.yaml --yes --prune --max-deletes 9 --settle 300ms --timeout 1s --qps off";

/// In one run, the record of the former group would be lost before the group is deleted.
#[test]
fn bound_group_takes_a_name_after_its_former_group_is_pruned() {
    let mut scene = Scene::new().wanting(Tree::of(&["A"]));
    scene.apply().exits(0);
    let (before, bound) = (scene.id("/A"), scene.stranger_makes(0, "B"));
    scene.want_by(&["A"], &format!("[{{name: A, id: {bound}}}]"));
    scene.run(PRUNE).exits(4).shows(&[&format!("binds it to {bound}, but the state records {before} here")]);
    scene.want_by(&["B"], "[B]");
    scene.run(PRUNE).exits(0).shows(&["1 to adopt, 1 to delete"]);
    scene.want_by(&["A"], &format!("[{{name: A, id: {bound}}}]"));
    scene.run(PRUNE).exits(0).shows(&["1 to rename"]);
    scene.is_true();
    assert_eq!(scene.id("/A"), bound);
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
