//! Every fault of the sandbox's grammar, one at a time, while fifteen groups are made: the tree comes out as the manifest says.

use std::thread;

use roomtree::sandbox::Operation;

use crate::test_env::{MANIFEST, QUICK, Scene};
use crate::tree::Tree;

/// How the run that meets the fault ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ends {
    /// By itself, with everything done.
    Done,
    /// In part: a second run, the fault being gone, finishes.
    InPart,
    /// Before anything is changed; likewise.
    Before,
}

impl Ends {
    fn code(self) -> i32 {
        match self {
            Self::Done => 0,
            Self::InPart => 3,
            Self::Before => 5,
        }
    }
}

/// So many scenes run at a time: they mostly wait.
const AT_ONCE: usize = 6;

/// Runs each fault in a scene of its own, several at a time.
fn each(faults: &[(&str, Ends)], check: fn(&str, Ends)) {
    for some in faults.chunks(AT_ONCE) {
        thread::scope(|scope| {
            let running: Vec<_> = some.iter().map(|(fault, ends)| scope.spawn(|| check(fault, *ends))).collect();
            running.into_iter().for_each(|scene| scene.join().unwrap());
        });
    }
}

/// Applies fifteen groups under a fault, and once more if need be.
fn applies(fault: &str, ends: Ends) {
    let scene = Scene::of_fifteen().faulty(&[fault]);
    finishes(&scene, fault, ends);
}

/// Applies renames of three recorded groups under a fault, and once more if need be.
fn renames(fault: &str, ends: Ends) {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    for (path, name) in [("/北京", "北京"), ("/上海", "上海"), ("/London/Soho", "Soho")] {
        let drifted = format!("{name} drifted");
        scene.sandbox.rename_group(scene.id(path), &drifted);
        scene.declare_was(name, &drifted);
    }
    finishes(&scene.faulty(&[fault]), fault, ends);
}

fn finishes(scene: &Scene, fault: &str, ends: Ends) {
    println!("{fault}");
    scene.apply().exits(ends.code());
    if ends == Ends::Done {
        scene.is_tidy();
    }
    let struck = scene.sandbox.calls().arrivals.iter().any(|arrival| arrival.fault.is_some());
    assert!(struck, "{fault} has struck");
    if ends != Ends::Done {
        scene.sandbox.clear_faults();
        scene.apply().exits(0);
    }
    scene.is_true();
    scene.sandbox.forget_calls();
    scene.apply().exits(0);
    assert_eq!(scene.calls(), "token 1, list 1", "after {fault} there is nothing left to do");
}

#[test]
fn creates_whose_answer_is_spoilt_are_made_once() {
    let faults = [
        "create:reset-before@3",
        "create:reset-after@3",
        "create:reset-before@1..4",
        "create:reset-after@1..4",
        "create:500-before@3",
        "create:500-after@3",
        "create:502-after@4..9",
        "create:stall-before(30s)@3",
        "create:stall-after(30s)@3",
        "create:truncated-before@3",
        "create:truncated-after@3",
        "create:garbage-before@3",
        "create:garbage-after@3",
        "create:empty-before@3",
        "create:empty-after@3",
        "create:null-before@3",
        "create:null-after@3",
        "create:huge-before(2)@3",
        "create:huge-after(2)@3",
        "create:redirect-before@3",
        "create:redirect-after@3",
        "create:reset-after=30%",
    ];
    each(&faults.map(|fault| (fault, Ends::Done)), applies);
}

#[test]
fn creates_that_land_late_are_made_once() {
    let faults = [
        "create:late(1ms)@3",
        "create:late(100ms)@3",
        "create:late(100ms)@1..4",
        "create:late-stall(200ms,30s)@3",
        "create:late-stall(100ms,30s)@2..6",
    ];
    each(&faults.map(|fault| (fault, Ends::Done)), applies);
}

#[test]
fn refused_creates_are_finished_by_the_next_run() {
    use Ends::{Done, InPart};
    let faults = [
        ("create:qps@3..5", Done),
        ("create:qps-all@3", Done),
        ("create:expired@7", Done),
        ("*:expired@7", Done),
        ("create:quota@7..", InPart),
        ("create:permission@7..", InPart),
        ("create:ip@7..", InPart),
        ("create:error(400,org.not.found)@7", InPart),
        ("create:error(400,user.not.admin)@7", InPart),
        ("create:error(500,system.error)@7", Done),
        ("create:error(429,too.many)@7", Done),
        ("create:html@7", InPart),
        ("create:html(5m)@7", InPart),
        ("create:deny@7", InPart),
        ("*:deny(5m)@7", InPart),
    ];
    each(&faults, applies);
}

#[test]
fn lists_that_fail_are_repeated_or_end_the_run_before_it_changes_anything() {
    use Ends::{Before, Done};
    let faults = [
        ("list:reset-before@1", Done),
        ("list:reset-after@1..2", Done),
        ("list:500-after@1", Done),
        ("list:504-before@1", Done),
        ("list:stall-after(100ms)@1", Done),
        ("list:truncated-after@1", Done),
        ("list:garbage-after@1", Done),
        ("list:empty-after@1", Done),
        ("list:null-after@1", Done),
        ("list:huge-after(2)@1", Done),
        ("list:redirect-before@1", Done),
        ("list:qps@1", Done),
        ("list:expired@1", Done),
        ("list:stale(2s)@1", Done),
        ("list:quota", Before),
        ("list:permission", Before),
        ("list:ip", Before),
        ("list:error(400,user.not.employee)", Before),
        ("list:error(400,group.query.error)@1", Done),
        ("list:html", Before),
        ("list:deny(5m)@1", Before),
    ];
    each(&faults, applies);
}

#[test]
fn tokens_that_fail_are_asked_for_again_or_end_the_run_before_it_changes_anything() {
    use Ends::{Before, Done};
    let faults = [
        ("token:reset-before@1", Done),
        ("token:reset-after@1", Done),
        ("token:500-before@1", Done),
        ("token:stall-before(30s)@1", Done),
        ("token:truncated-after@1", Done),
        ("token:garbage-after@1", Done),
        ("token:empty-after@1", Done),
        ("token:null-after@1", Done),
        ("token:huge-after(2)@1", Done),
        ("token:redirect-after@1", Done),
        ("token:ip", Before),
        ("token:error(400,invalidClientIdOrSecret)", Before),
        ("token:html", Before),
        ("token:deny", Before),
    ];
    each(&faults, applies);
}

#[test]
fn renames_that_fail_are_repeated_or_finished_by_the_next_run() {
    use Ends::{Before, Done, InPart};
    let faults = [
        ("rename:reset-before@1", Done),
        ("rename:reset-after@1..2", Done),
        ("rename:500-after@1", Done),
        ("rename:stall-before(30s)@1", Done),
        ("rename:stall-after(30s)@1", Done),
        ("rename:truncated-after@1", Done),
        ("rename:garbage-after@1", Done),
        ("rename:null-after@1", Done),
        ("rename:late(50ms)@1", Done),
        ("rename:qps@1", Done),
        ("rename:expired@1", Done),
        ("rename:error(400,param.error)@1", InPart),
        ("rename:quota", Before),
        ("rename:html", Before),
    ];
    each(&faults, renames);
}

#[test]
fn one_list_settles_all_that_are_unknown_at_a_time() {
    for fault in ["create:reset-after@1..3", "create:stall-after(30s)@4..9", "create:500-after"] {
        let scene = Scene::new().wanting(Tree::flat(15)).faulty(&[fault]);
        scene.apply().exits(0).says(&["answer lost at /", "listing the groups to settle"]);
        assert_eq!(scene.calls(), "token 1, create 15, list 2", "{fault}");
        scene.is_true();
    }
}

#[test]
fn a_create_that_is_not_to_be_seen_is_asked_for_again_after_the_settle_time() {
    let scene = Scene::new().wanting(Tree::flat(15)).faulty(&["create:reset-before@10..15"]);
    scene.apply().exits(0);
    assert_eq!(scene.calls(), "token 1, create 21, list 4", "before, at once, after settling, and at the end");
    scene.is_true();
}

#[test]
fn a_duplicate_of_our_own_making_is_removed_at_the_end() {
    let scene = Scene::new().wanting(Tree::of(&["北京"])).faulty(&["create:late(1500ms)@1"]);
    let ran = scene.run("apply rooms.yaml --yes --qps off --settle 1s");
    ran.exits(0).says(&["removed 100", "a duplicate that this run had made"]);
    ran.says(&["to settle 1 unknown outcome", "looking once more", "for late duplicates"])
        .shows(&["On the way: 1 lost answer."]);
    assert_eq!(scene.calls(), "token 1, create 2, delete 1, list 4");
    scene.is_true();
}

#[test]
fn a_create_that_keeps_getting_lost_is_unknown_and_settled_by_the_next_run() {
    let scene = Scene::of_fifteen().faulty(&["create:reset-before"]);
    let ran = scene.apply();
    ran.exits(3).shows(&["3 unknown, 12 skipped", "To finish the job: roomtree apply"]);
    scene
        .run(&format!("state show {}", crate::test_env::STATE))
        .exits(0)
        .shows(&["calls whose outcome is not known yet"]);
    scene.sandbox.clear_faults();
    scene.apply().exits(0);
    scene.is_true();
}

#[test]
fn a_run_that_stops_calls_off_what_it_had_prepared() {
    let scene = Scene::new().wanting(Tree::flat(9)).faulty(&["create:html@4"]);
    let ran = scene.run(&format!("apply rooms.yaml --yes --concurrency 1 {QUICK}"));
    ran.exits(3).shows(&["3 done, 1 unknown, 5 left", "Stopped, since no other call would have succeeded"]);
    scene.apply().exits(0);
    scene.is_true();
}

#[test]
fn a_network_that_is_away_is_told() {
    let scene = Scene::of_fifteen().variable("DINGTALK_ENDPOINT", "http://127.0.0.1:9");
    scene.apply().exits(5).shows_nothing().says(&["DingTalk:", "cannot connect", "name resolution and the endpoint"]);
    assert_eq!(scene.files(), [MANIFEST]);
}

#[test]
fn calls_at_the_default_rate_are_never_throttled() {
    let scene = Scene::with(roomtree::sandbox::Config { seed: 1, ..Default::default() }).wanting(Tree::fifteen());
    scene.run(&format!("apply rooms.yaml --yes {QUICK} --qps 20").replace("--qps off ", "")).exits(0);
    assert!(scene.sandbox.calls().arrivals.iter().all(|arrival| arrival.status == 200));
    assert_eq!(scene.count(Operation::Create), 15);
    scene.is_true();
}
