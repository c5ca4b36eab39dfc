//! Responses that confirm something that did not happen: the id of another group for a new one, a rename that was not made.

use crate::test_env::Scene;
use crate::tree::Tree;

/// Applies two levels while the first create is answered with this id, and checks that every group is there once.
fn applied_though_answered_with(scene: &Scene, id: i64) {
    scene.sandbox.add_fault(format!("create:id-after({id})@1").parse().unwrap());
    let ran = scene.apply();
    ran.exits(0).says(&["returned id"]);
    assert!(scene.recorded().iter().all(|(_, recorded)| *recorded != id));
    assert!(scene.sandbox.groups().iter().all(|group| group.parent != id));
}

#[test]
fn id_of_a_foreign_group_is_not_recorded() {
    let scene = Scene::new().wanting(Tree::of(&["北京", "北京/望京", "上海"]));
    let foreign = scene.stranger_makes(0, "Somebody else");
    applied_though_answered_with(&scene, foreign);
    assert_eq!(scene.live(), ["/Somebody else", "/上海", "/北京", "/北京/望京"]);
}

#[test]
fn id_of_a_recorded_group_is_not_recorded_twice() {
    let mut scene = Scene::new().wanting(Tree::of(&["北京"]));
    scene.apply().exits(0);
    let recorded = scene.id("/北京");
    scene.want(Tree::of(&["北京", "上海", "上海/浦东"]));
    scene.sandbox.add_fault(format!("create:id-after({recorded})@2").parse().unwrap());
    scene.apply().exits(0).says(&["returned id"]);
    scene.is_true();
}

#[test]
fn id_of_a_group_that_is_gone_is_not_that_of_a_new_one() {
    let scene = Scene::new().wanting(Tree::of(&["北京", "上海"]));
    scene.apply().exits(0);
    let gone = scene.id("/上海");
    scene.sandbox.remove_group(gone);
    applied_though_answered_with(&scene, gone);
    scene.is_true();
}

#[test]
fn id_that_every_create_returns_is_recorded_for_none() {
    let scene = Scene::new().wanting(Tree::of(&["北京", "北京/望京"]));
    let foreign = scene.stranger_makes(0, "Somebody else");
    scene.sandbox.add_fault(format!("create:id-before({foreign})").parse().unwrap());
    scene.apply().exits(3).says(&["returned id"]);
    assert_eq!(scene.live(), ["/Somebody else"]);
    scene.sandbox.clear_faults();
    scene.apply().exits(0);
    assert_eq!(scene.live(), ["/Somebody else", "/北京", "/北京/望京"]);
}

#[test]
fn one_id_for_two_creates_makes_no_group_twice() {
    let scene = Scene::new().wanting(Tree::of(&["北京", "上海", "广州"]));
    scene.sandbox.add_fault("create:id-after(4000)".parse().unwrap());
    scene.apply().exits(3).says(&["and for another group"]);
    assert!(scene.recorded().iter().all(|(_, id)| *id != 4000));
    scene.sandbox.clear_faults();
    scene.apply().exits(0);
    scene.is_true();
}

#[test]
fn id_of_the_next_new_group_is_taken_back() {
    let scene = Scene::new().wanting(Tree::of(&["北京", "上海"]));
    scene.sandbox.add_fault("create:id-after(1002)@1".parse().unwrap());
    scene.run("apply rooms.yaml --yes --settle 300ms --timeout 1s --qps off --concurrency 1").exits(3);
    assert_eq!(scene.recorded(), [("/上海".to_owned(), 1002)]);
    scene.apply().exits(0);
    scene.is_true();
}

#[test]
fn rename_that_the_last_list_refutes_is_not_done() {
    let mut scene = Scene::new().wanting(Tree::of(&["北京", "上海"]));
    scene.apply().exits(0);
    scene.sandbox.rename_group(scene.id("/上海"), "Shanghai");
    scene.want(Tree::of(&["北京", "上海", "广州"]));
    scene.declare_was("上海", "Shanghai");
    for fault in ["rename:id-before(1)@1", "create:reset-after@1"] {
        scene.sandbox.add_fault(fault.parse().unwrap());
    }
    scene.apply().exits(3).shows(&["still lists the group as before"]);
    scene.sandbox.clear_faults();
    scene.apply().exits(0);
    scene.is_true();
}
