//! A resumed run reports how it resolved the calls that the interrupted run left, and readers report a run that is under way.

use roomtree::sandbox::Operation;
use serde_json::json;

use crate::test_env::{QUICK, STATE, Scene};
use crate::tree::Tree;

/// Three creates are open in the journal: two have taken effect, one has not.
fn interrupted() -> Scene {
    let scene = Scene::new().wanting(Tree::flat(3));
    let faults = ["create:stall-after(60s)@1..2", "create:stall-before(60s)@3"];
    let scene = scene.faulty(&faults);
    let running = scene.start("apply rooms.yaml --yes --settle 300ms --timeout 60s --qps off");
    scene.until_calls(Operation::Create, 3);
    running.kill();
    scene.sandbox.clear_faults();
    assert_eq!(scene.live().len(), 2);
    scene
}

#[test]
fn resumed_run_waits_the_settle_time_before_it_deletes() {
    let mut scene = Scene::new().wanting(Tree::of(&["A", "B"]));
    scene.apply().exits(0);
    scene.want(Tree::of(&["A", "C"]));
    let scene = scene.faulty(&["create:stall-before(60s)@1"]);
    let running = scene.start("apply rooms.yaml --yes --settle 300ms --timeout 60s --qps off");
    scene.until_calls(Operation::Create, 3);
    running.kill();
    scene.sandbox.clear_faults();
    scene.sandbox.forget_calls();
    scene.run(&format!("apply rooms.yaml --yes --prune {QUICK}")).exits(0);
    let calls: Vec<Operation> = scene.sandbox.calls().arrivals.iter().map(|arrival| arrival.operation).collect();
    let rooms = calls.iter().position(|call| *call == Operation::Rooms).unwrap();
    let lists = calls[..rooms].iter().filter(|call| **call == Operation::List).count();
    assert_eq!(lists, 2, "{calls:?}");
    scene.is_true();
}

const SAID: &str = "Resumed an interrupted run: 3 unknown outcomes: 2 found, 1 not created.\n";

#[test]
fn resumed_run_reports_outcomes() {
    let scene = interrupted();
    scene.apply().exits(0).shows(&[SAID]);
    let again = scene.apply();
    assert!(!again.exits(0).out.contains("Resumed"), "{again}");
    scene.is_true();
}

#[test]
fn resumed_run_reports_outcomes_as_json_and_as_lines() {
    let expected = json!({"unknown": 3, "found": 2, "not_created": 1, "not_done": 0, "unresolved": 0});
    let json = interrupted().run(&format!("apply rooms.yaml --yes --format json {QUICK}")).exits(0).json();
    assert_eq!(json["resumed"], expected);
    let lines = interrupted().run(&format!("apply rooms.yaml --yes --format jsonl {QUICK}")).exits(0).json_lines();
    assert_eq!(lines.last().unwrap()["resumed"], expected);
}

#[test]
fn resumed_run_reports_in_chinese() {
    let ran = interrupted().run(&format!("apply rooms.yaml --yes --lang zh {QUICK}"));
    ran.exits(0).shows(&["已接续中断的运行：3 次结果未知的调用，其中 2 次已生效，1 次未创建。"]);
}

#[test]
fn resumed_run_with_a_refused_plan_reports_outcomes() {
    let mut scene = interrupted();
    let names = ["1 号楼", "2 号楼", "3 号楼", "X"];
    scene.want(Tree::of(&names));
    scene.stranger_makes(0, "X");
    scene.stranger_makes(0, "X");
    let line = format!("apply rooms.yaml --yes {QUICK}");
    scene.run(&line).exits(4).shows(&["3 unknown outcomes: 2 found, 1 still unknown."]);
    let json = scene.run(&format!("{line} --format json")).exits(4).json();
    assert_eq!((&json["resumed"]["found"], &json["resumed"]["unresolved"]), (&json!(2), &json!(1)));
}

#[test]
fn resumed_run_with_nothing_left_reports_outcomes() {
    let scene = Scene::new().wanting(Tree::flat(1)).faulty(&["create:stall-after(60s)@1"]);
    let running = scene.start("apply rooms.yaml --yes --timeout 60s --qps off");
    scene.until_calls(Operation::Create, 1);
    running.kill();
    scene.sandbox.clear_faults();
    scene.apply().exits(0).shows(&["Resumed an interrupted run: 1 unknown outcome: 1 found.\n"]);
    scene.is_true();
}

#[test]
fn readers_report_a_run_that_has_the_state() {
    let scene = Scene::new().wanting(Tree::flat(2));
    scene.apply().exits(0);
    scene.write("rooms.yaml", Tree::flat(3).manifest());
    let scene = scene.faulty(&["create:stall-before(60s)@1"]);
    let running = scene.start("apply rooms.yaml --yes --timeout 60s --qps off");
    scene.until_calls(Operation::Create, 3);
    let pid = running.pid();
    let said = format!("process {pid} on ");
    let said = ["note: a run has this state just now (`roomtree apply rooms.yaml --yes", said.as_str(), ", since 20"];
    for line in ["plan rooms.yaml", "plan rooms.yaml --offline", "state list rooms.yaml", "state show rooms.yaml"] {
        scene.run(line).exits(0).says(&said);
        let json = scene.run(&format!("{line} --format json")).exits(0).says(&said).json();
        assert_eq!(json["running"]["pid"], pid, "{line}");
        assert!(json["running"]["since"].is_string() && json["running"]["host"].is_string());
    }
    let json = scene.run("doctor rooms.yaml --read-only --format json").json();
    assert_eq!(json["running"]["pid"], pid);
    running.kill();
    let json = scene.run("plan rooms.yaml --offline --format json").exits(0).says_nothing().json();
    assert!(json.get("running").is_none(), "a lock file that was left behind is no run");
    assert!(scene.files().contains(&format!("{STATE}.lock")));
}

#[test]
fn first_run_that_has_no_state_yet_is_reported_too() {
    let scene = Scene::new().wanting(Tree::flat(1)).faulty(&["list:stall-before(60s)@1"]);
    let running = scene.start("apply rooms.yaml --yes --timeout 60s --qps off");
    scene.until_calls(Operation::List, 1);
    for line in ["plan rooms.yaml --offline", "doctor rooms.yaml --read-only"] {
        scene.run(line).says(&["note: a run has this state just now (`roomtree apply rooms.yaml --yes"]);
    }
    running.kill();
}

#[cfg(unix)]
#[test]
fn lock_that_is_no_file_neither_blocks_nor_fails_a_reader() {
    let scene = Scene::new().wanting(Tree::flat(1));
    scene.apply().exits(0);
    let lock = scene.path(&format!("{STATE}.lock"));
    for make in ["mkfifo", "mkdir"] {
        assert!(scene.command(make).env("PATH", "/usr/bin:/bin").arg(&lock).status().unwrap().success());
        scene.run("plan rooms.yaml --offline").exits(0).says_nothing();
        scene.run("state list rooms.yaml").exits(0).says_nothing();
        std::fs::remove_file(&lock).or_else(|_| std::fs::remove_dir(&lock)).unwrap();
    }
}
