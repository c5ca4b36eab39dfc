//! The commands that look at a state and mend it by hand: which state is meant, forgetting, unlocking.

use roomtree::sandbox::Operation;

use crate::test_env::{MANIFEST, STATE, Scene};
use crate::tree::Tree;

fn applied() -> Scene {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    scene.sandbox.forget_calls();
    scene
}

#[test]
fn a_manifest_stands_for_the_state_beside_it() {
    let scene = applied();
    for command in ["list", "show"] {
        let by_state = scene.run(&format!("state {command} {STATE}"));
        assert_eq!(scene.run(&format!("state {command} {MANIFEST}")).exits(0).out, by_state.exits(0).out);
    }
    scene.run("state show rooms.yaml /北京").exits(0).shows(&["/北京/望京园区/A 座"]);
    scene
        .run("state show rooms.yaml /广州")
        .exits(1)
        .says(&["`/广州` is not recorded", "roomtree state list rooms.yaml"]);
    scene.run("state list rooms.yaml --sandbox").exits(1).says(&["there is no state at `.roomtree/states/rooms.yaml"]);
    scene.run("apply rooms.yaml --sandbox --yes --qps off").exits(0);
    scene.run("state list rooms.yaml --sandbox").exits(0).shows(&["/北京/望京园区"]);
    scene.write("folder/a.yaml", "version: 1\ngroups: [x]\n");
    scene.run("apply folder --yes --qps off").exits(0);
    assert_eq!(scene.run("state list folder").exits(0).out.lines().count(), 1);
    scene.run("state list nowhere.yaml").exits(1).says(&["there is no state at `nowhere.yaml.state.json`"]);
}

#[test]
fn what_is_forgotten_is_adopted_again_and_nobody_is_called() {
    let scene = applied();
    let id = scene.id("/北京");
    let ran = scene.run("state forget rooms.yaml /北京");
    ran.exits(0).says_nothing().shows(&[
        &format!("forgot /北京  {id}"),
        "Forgotten: 1 group",
        "4 groups below stay recorded",
    ]);
    assert_eq!((scene.recorded().len(), scene.calls().as_str()), (14, ""));
    scene.is_tidy();
    scene.apply().exits(0).shows(&[&format!("adopt {id}")]);
    scene.is_unchanged();
    scene.is_true();
}

#[test]
fn what_is_below_is_forgotten_on_demand() {
    let scene = applied();
    let ran = scene.run("state forget rooms.yaml /北京 /London/Soho /北京/望京园区 --below");
    ran.exits(0).shows(&["forgot /北京/望京园区/A 座", "forgot /London/Soho/Floor 1", "Forgotten: 7 groups"]);
    assert!(!ran.out.contains("stay recorded"), "{ran}");
    assert_eq!(scene.recorded().len(), 8);
    scene.apply().exits(0);
    scene.is_true();
}

#[test]
fn what_is_not_recorded_cannot_be_forgotten() {
    let scene = applied();
    let before = scene.read(STATE);
    for (words, message) in [
        ("/北京 /广州", "`/广州` is not recorded"),
        ("/广州 --below", "`/广州` is not recorded"),
        ("北京", "a path starts with `/`"),
        ("", "<PATH>"),
    ] {
        scene.run(&format!("state forget rooms.yaml {words}")).exits(1).shows_nothing().says(&[message]);
    }
    scene.run("state forget nowhere.state.json /x").exits(1).says(&["there is no state at"]);
    assert_eq!((scene.read(STATE), scene.calls().as_str()), (before, ""));
    scene.is_tidy();
}

#[test]
fn forgetting_keeps_what_a_killed_run_left_open() {
    let mut scene = Scene::new().wanting(Tree::of(&["a", "b"]));
    scene.apply().exits(0);
    scene.want(Tree::of(&["a", "b", "c"]));
    let scene = scene.faulty(&["create:stall-after(10m)@1"]);
    let running = scene.start("apply rooms.yaml --yes --qps off --timeout 10m");
    scene.until_calls(Operation::Create, 3);
    scene.look_at(running.kill());
    scene.run("state forget rooms.yaml /a").exits(0);
    scene.run("state show rooms.yaml").exits(0).shows(&["1 call whose outcome is not known yet"]);
    scene.sandbox.clear_faults();
    scene.apply().exits(0);
    scene.is_true();
    assert_eq!(scene.count(Operation::Create), 3, "what had landed was found, not made twice");
}

#[test]
fn a_lock_that_is_held_is_named_and_stays() {
    let scene = Scene::of_fifteen().faulty(&["create:stall-after(3s)@1"]);
    let mut first = scene.start("apply rooms.yaml --yes --qps off --timeout 2m");
    scene.until_calls(Operation::Create, 1);
    let process = format!("process {}", first.pid());
    for command in
        ["state unlock rooms.yaml", "state forget rooms.yaml /北京", "state rebuild rooms.yaml --settle 50ms --yes"]
    {
        let ran = scene.run(command);
        ran.exits(4).shows_nothing().says(&[
            "another run holds the lock",
            "`roomtree apply rooms.yaml --yes",
            &process,
        ]);
    }
    scene.look_at(first.ended()).exits(0);
    scene.is_true();
    assert_eq!(scene.count(Operation::List), 1, "nobody else has called");
}

#[test]
fn a_lock_file_that_was_left_behind_is_removed() {
    let scene = applied();
    scene.run("state unlock rooms.yaml").exits(0).shows(&["is not locked"]);
    let lock = format!("{STATE}.lock");
    scene.write(&lock, r#"{"pid":7,"host":"ci","command":"roomtree apply"}"#);
    scene
        .run(&format!("state unlock {STATE}"))
        .exits(0)
        .shows(&["Removed the lock file", "process 7 on ci left it behind"]);
    scene.write(&lock, "");
    scene.run("state unlock rooms.yaml").exits(0).shows(&["which nobody held."]);
    scene.is_tidy();
    assert_eq!(scene.calls(), "");
}

#[test]
fn duplicate_tree_of_a_second_state_is_destroyed_with_that_state() {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    scene.sandbox.add_fault("list:stale(10m)".parse().unwrap());
    scene.run("apply rooms.yaml --state other.state.json --yes --qps off --settle 50ms").exits(0);
    scene.sandbox.clear_faults();
    assert_eq!(scene.live().len(), 30);
    let doctor = scene.run("doctor rooms.yaml");
    doctor.shows(&[
        "roomtree destroy MANIFEST --state OTHER",
        "no id is in both copies",
        "roomtree state forget OTHER PATH",
    ]);
    scene.run("destroy rooms.yaml --state other.state.json --yes --qps off").exits(0);
    scene.is_true();
}
