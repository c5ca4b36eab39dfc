//! An apply that is asked to end, and two applies at once.
#![cfg(unix)]

use roomtree::sandbox::{Config, Operation};

use crate::running::Running;
use crate::test_env::{MANIFEST, QUICK, STATE, Scene};
use crate::tree::Tree;

fn slow() -> Scene {
    let config = Config { latency: "100ms".parse().unwrap(), ..Config::default() };
    Scene::with(config).wanting(Tree::fifteen())
}

#[test]
fn an_interrupted_run_keeps_what_it_did_and_the_next_one_finishes() {
    for name in ["INT", "TERM", "HUP", "XCPU"] {
        let scene = slow();
        let mut running = scene.start(&format!("apply rooms.yaml --yes --concurrency 1 {QUICK}"));
        scene.until_calls(Operation::Create, 3);
        running.signal(name);
        let ran = scene.look_at(running.ended());
        ran.exits(130).shows(&[
            "Interrupted: ",
            "What was done is recorded; nothing is lost.",
            "left",
            "To finish the job: roomtree apply",
        ]);
        ran.says(&["stopping; "]);
        assert!((3..15).contains(&scene.live().len()), "{ran}");
        assert_eq!(scene.recorded().len(), scene.live().len());
        scene.is_tidy();
        scene.apply().exits(0);
        scene.is_true();
        assert_eq!(scene.count(Operation::Create), 15);
    }
}

/// Longer than the longest gap that is no suspension.
const SUSPENDED: std::time::Duration = std::time::Duration::from_millis(2_600);

fn suspended(change: impl FnOnce(&Scene)) -> (Scene, crate::ran::Ran) {
    let scene = slow();
    let mut running = scene.start(&format!("apply rooms.yaml --yes --concurrency 1 {QUICK}"));
    scene.until_calls(Operation::Create, 3);
    running.signal("STOP");
    std::thread::sleep(SUSPENDED);
    change(&scene);
    running.signal("CONT");
    let ran = scene.look_at(running.ended());
    (scene, ran)
}

#[test]
fn suspended_run_lists_again_and_goes_on() {
    let (scene, ran) = suspended(|_| {});
    ran.exits(0).says(&["the process was suspended"]);
    assert!(scene.count(Operation::List) >= 2, "{}", scene.calls());
    assert_eq!(scene.count(Operation::Create), 15);
    scene.is_true();
}

#[test]
fn changes_during_a_suspension_stop_the_run() {
    let (scene, ran) = suspended(|scene| {
        scene.stranger_makes(scene.id("/北京"), "望京园区");
    });
    ran.exits(3).shows(&["DingTalk changed while roomtree was suspended", "Run the command again"]);
    let campuses = scene.live().iter().filter(|path| *path == "/北京/望京园区").count();
    assert_eq!(campuses, 1, "{ran}");
    scene.apply().exits(0).shows(&["1 to adopt"]);
    scene.is_true();
}

#[test]
fn a_run_that_is_interrupted_before_its_list_is_answered_changes_nothing() {
    let scene = Scene::of_fifteen().faulty(&["list:stall-after(10m)"]);
    let mut running = scene.start_apply();
    scene.until_calls(Operation::List, 1);
    running.signal("TERM");
    scene.look_at(running.ended()).exits(130).says(&["Interrupted before anything was changed"]);
    assert_eq!(scene.files(), [MANIFEST]);
}

#[test]
fn a_run_that_is_interrupted_while_it_waits_for_the_rate_ends_at_once() {
    let scene = Scene::of_fifteen().faulty(&["create:qpm"]);
    let mut running = scene.start_apply();
    scene.until_calls(Operation::Create, 1);
    running.signal("INT");
    scene.look_at(running.ended()).exits(130);
    assert!(scene.count(Operation::Create) <= 3, "nothing was repeated: {}", scene.calls());
    scene.sandbox.clear_faults();
    scene.apply().exits(0);
    scene.is_true();
}

#[test]
fn a_second_signal_ends_the_run_at_once_and_the_journal_holds() {
    let scene = Scene::new().wanting(Tree::flat(9)).faulty(&["create:stall-after(10m)@4.."]);
    let mut running = scene.start("apply rooms.yaml --yes --qps off --timeout 10m");
    scene.until_calls(Operation::Create, 9);
    running.signal("TERM");
    crate::running::until("the signal is taken", || {
        running.signal("TERM");
        running.has_ended()
    });
    scene.look_at(running.ended()).exits(130);
    scene.sandbox.clear_faults();
    scene.apply().exits(0);
    scene.is_true();
    assert_eq!(scene.count(Operation::Create), 9, "what had landed was found, not made twice");
}

#[test]
fn second_hangup_does_not_leave_before_the_state_is_written() {
    let scene = slow();
    let mut running = scene.start(&format!("apply rooms.yaml --yes --concurrency 1 {QUICK}"));
    scene.until_calls(Operation::Create, 3);
    crate::running::until("the run ends", || {
        running.signal_if_there("HUP");
        running.has_ended()
    });
    scene.look_at(running.ended()).exits(130).shows(&["Interrupted: "]);
    scene.is_tidy();
}

#[test]
fn signal_ignored_at_the_start_stays_ignored() {
    for name in ["HUP", "INT", "TERM"] {
        let scene = slow();
        let line = format!("trap '' {name}; exec \"$0\" apply rooms.yaml --yes --concurrency 1 {QUICK}");
        let mut command = scene.command("/bin/sh");
        let child = command.args(["-c", &line, env!("CARGO_BIN_EXE_roomtree")]).spawn().unwrap();
        let mut running = Running::new(line, child);
        scene.until_calls(Operation::Create, 3);
        running.signal(name);
        scene.look_at(running.ended()).exits(0);
        scene.is_true();
    }
}

#[test]
fn a_second_run_at_the_same_time_is_refused_and_told_who_is_at_it() {
    let scene = Scene::of_fifteen().faulty(&["create:stall-after(3s)@1"]);
    let mut first = scene.start("apply rooms.yaml --yes --qps off --timeout 2m");
    scene.until_calls(Operation::Create, 1);
    let second = scene.apply();
    second.exits(4).shows_nothing();
    assert!(!second.err.contains("this machine"), "{second}");
    second.says(&[
        "another run holds the lock",
        " on ",
        ", since 20",
        "`roomtree apply rooms.yaml --yes",
        &format!("process {}", first.pid()),
    ]);
    scene.run("plan rooms.yaml").exits(0);
    scene.look_at(first.ended()).exits(0);
    scene.is_true();
    assert_eq!(scene.count(Operation::Create), 15);
}

#[test]
fn what_a_killed_run_left_open_is_shown() {
    let scene = Scene::new().wanting(Tree::flat(9)).faulty(&["create:stall-after(10m)@4.."]);
    let running = scene.start("apply rooms.yaml --yes --qps off --timeout 10m");
    scene.until_calls(Operation::Create, 9);
    scene.look_at(running.kill());
    scene.run(&format!("state show {STATE}")).exits(0).shows(&["calls whose outcome is not known yet"]);
    let open = scene.run(&format!("state show {STATE} --format json")).exits(0).json();
    let recorded = open["groups"].as_object().unwrap().len() as u64;
    assert!(recorded <= 3 && open["open"] == 9 - recorded, "{open}");
    scene.run("plan rooms.yaml --offline").exits(0).shows(&["Unsettled"]);
    scene.sandbox.clear_faults();
    scene.apply().exits(0);
    scene.is_true();
    assert_eq!(scene.count(Operation::Create), 9);
}
