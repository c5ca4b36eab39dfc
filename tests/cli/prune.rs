//! What the manifest no longer has is deleted with `--prune`: children first, recorded groups alone, last of all, and no more
//! than was agreed to.

use roomtree::sandbox::{Config, Operation};

use crate::running::until;
use crate::test_env::{QUICK, STATE, Scene};
use crate::tree::Tree;

const PRUNE: &str = "apply rooms.yaml --yes --prune --max-deletes 99 --settle 300ms --timeout 1s --qps off";

/// Fifteen groups applied; from now on only some of London is wanted, so that eleven are to go.
fn pruning() -> Scene {
    pruning_in(Scene::of_fifteen())
}

fn pruning_in(mut scene: Scene) -> Scene {
    scene.apply().exits(0);
    scene.want(Tree::of(&["London/Soho/Floor 1", "London/City"]));
    scene.sandbox.forget_calls();
    scene
}

#[test]
fn children_are_deleted_before_what_is_above_them() {
    let scene = pruning();
    let groups = scene.sandbox.groups();
    scene.run(PRUNE).exits(0).shows(&[
        "To delete: recorded, but no longer in the manifest (11)",
        "11 to delete",
        "11 done",
    ]);
    assert_eq!(scene.calls(), "token 1, delete 11, list 1, rooms 1");
    let deleted = scene.deleted();
    for (at, id) in deleted.iter().enumerate() {
        let children = groups.iter().filter(|group| group.parent == *id);
        assert!(children.into_iter().all(|child| deleted[..at].contains(&child.id)), "{id} before its children");
    }
    scene.is_true();
    scene.sandbox.forget_calls();
    scene.run(PRUNE).exits(0).shows(&["Nothing to do"]);
    assert_eq!(scene.calls(), "token 1, list 1");
}

#[test]
fn deletions_come_after_all_else_is_done() {
    let mut scene = pruning();
    let mut tree = Tree::of(&["London/Soho/Floor 1", "London/City"]);
    for city in ["a", "b", "c", "d"] {
        tree.child(city).child("x").child("y");
    }
    scene.want(tree);
    scene.sandbox.rename_group(scene.id("/London"), "Londres");
    scene.declare_was("London", "Londres");
    scene.run(PRUNE).exits(0);
    let arrivals = scene.sandbox.calls().arrivals;
    let first = arrivals.iter().position(|arrival| arrival.operation == Operation::Delete).unwrap();
    let is_change = |operation| [Operation::Create, Operation::Rename].contains(&operation);
    assert!(!arrivals[first..].iter().any(|arrival| is_change(arrival.operation)), "a delete overtook a change");
    scene.is_true();
}

#[test]
fn nothing_is_deleted_when_something_else_failed() {
    let mut scene = pruning();
    scene.want(Tree::of(&["London/Soho/Floor 1", "London/City", "Oslo"]));
    let scene = scene.faulty(&["create:error(400,param.error)@1"]);
    scene.run(PRUNE).exits(3).shows(&["1 failed, 11 left", "To finish the job"]);
    assert_eq!(scene.count(Operation::Delete), 0);
    scene.run(PRUNE).exits(0);
    scene.is_true();
}

#[test]
fn more_deletions_than_a_small_share_have_to_be_agreed_to() {
    let scene = pruning();
    let line = format!("apply rooms.yaml --yes --prune {QUICK}");
    for (flags, permitted) in [("", 1), (" --max-deletes 10", 10), (" --max-deletes 0", 0)] {
        let ran = scene.run(&format!("{line}{flags}"));
        ran.exits(4).says(&[&format!("11 groups would be deleted; {permitted} may be"), "--max-deletes N"]);
        scene.run(&format!("plan rooms.yaml --prune{flags}")).exits(4).says(&["refused:"]);
    }
    scene.is_unchanged();
    scene.run(&format!("{line} --max-deletes 11")).exits(0);
    scene.is_true();
}

#[test]
fn one_group_may_always_be_deleted() {
    let mut scene = Scene::new().wanting(Tree::of(&["a", "b"]));
    scene.apply().exits(0);
    scene.want(Tree::of(&["a"]));
    scene.run("apply rooms.yaml --yes --prune --qps off").exits(0);
    scene.is_true();
}

#[test]
fn unmanaged_groups_inside_are_refused_before_anything_is_deleted() {
    let scene = pruning();
    let stranger = scene.stranger_makes(scene.id("/北京/望京园区"), "Stranger");
    let ran = scene.run(PRUNE);
    ran.exits(4).says(&["1 group to delete is not empty, `/北京/望京园区`", "1 unmanaged group and 0 rooms", "→"]);
    ran.shows(&["holds 1 group that stay", "/北京/望京园区/Stranger", &stranger.to_string()]);
    scene.is_unchanged();
    assert_eq!(scene.live().len(), 16);
}

#[test]
fn rooms_inside_are_refused_before_anything_is_deleted() {
    let scene = pruning();
    for number in 0..120 {
        scene.sandbox.add_room(scene.id("/London"), &format!("stays {number}"));
    }
    let room = scene.sandbox.add_room(scene.id("/北京/望京园区/A 座"), "301");
    let ran = scene.run(PRUNE);
    ran.exits(4).says(&["`/北京/望京园区/A 座`", "0 unmanaged groups and 1 room"]).shows(&["1 room"]);
    assert_eq!(scene.calls(), "token 1, list 1, rooms 2", "121 rooms are two pages");
    scene.sandbox.remove_room(room);
    scene.run(PRUNE).exits(0);
    scene.is_true();
}

#[test]
fn rooms_that_cannot_be_listed_are_left_to_dingtalk() {
    let scene = pruning().faulty(&["rooms:error(400,param.error)"]);
    scene.sandbox.add_room(scene.id("/北京/望京园区/A 座"), "301");
    let ran = scene.run(PRUNE);
    ran.exits(3).says(&["which groups hold rooms could not be told"]).shows(&["/北京/望京园区/A 座"]);
    assert_eq!(scene.live().len(), 7, "what holds the room and what is above it stay: {:?}", scene.live());
    scene.is_tidy();
}

#[test]
fn protected_groups_and_those_above_them_stay() {
    let mut scene = pruning();
    scene.want_by(&["London"], "[London, {name: 北京, protect: true}]");
    scene.run(PRUNE).exits(0);
    assert_eq!(scene.live(), ["/London", "/北京"], "what is wanted stays; what is below is not protected");
    scene.want_by(&["London"], "[London, {name: 北京, protect: false}]");
    scene.run(PRUNE).exits(0);
    scene.want_by(&["London"], "[London]");
    scene.run(PRUNE).exits(0);
    assert_eq!(scene.live(), ["/London"]);
}

/// A damaged or wrongly merged state gives a recorded path the id of an unrelated group.
#[test]
fn deletion_of_a_group_that_does_not_match_its_record_is_refused() {
    let mut scene = Scene::new().wanting(Tree::of(&["a/x", "a/y", "b"]));
    scene.apply().exits(0);
    let recorded = scene.id("/a/x");
    let (elsewhere, renamed) = (scene.stranger_makes(scene.id("/b"), "x"), scene.stranger_makes(scene.id("/a"), "z"));
    let state = scene.read(STATE);
    for (id, found) in [(elsewhere, "/b/x"), (renamed, "/a/z")] {
        scene.write(STATE, state.replace(&format!(": {recorded}"), &format!(": {id}")));
        scene.want(Tree::of(&["a/y", "b"]));
        let told = format!("`/a/x` is recorded as {id}, but {id} is `{found}` in DingTalk");
        scene.sandbox.forget_calls();
        for command in [PRUNE, "plan rooms.yaml --prune", "destroy rooms.yaml --yes --qps off"] {
            scene.run(command).exits(4).says(&[&told, "restore the state"]);
        }
        scene.is_unchanged();
    }
    assert!(scene.live().contains(&"/b/x".to_owned()) && scene.live().contains(&"/a/z".to_owned()));
}

#[test]
fn records_of_groups_that_are_gone_already_are_dropped_without_a_call() {
    let mut scene = Scene::new().wanting(Tree::of(&["a/x", "b"]));
    scene.apply().exits(0);
    scene.sandbox.remove_group(scene.id("/a/x"));
    scene.want(Tree::of(&["a", "b"]));
    scene.sandbox.forget_calls();
    scene.run(PRUNE).exits(0).shows(&["gone from DingTalk already: only the record goes"]);
    assert_eq!(scene.calls(), "token 1, list 2, read 3");
    scene.is_true();
}

#[test]
fn deletes_whose_answers_are_lost_end_right() {
    for fault in [
        "delete:reset-after@1",
        "delete:reset-before@1..3",
        "delete:reset-after@1..4",
        "delete:500-after@2",
        "delete:null-after@1",
        "delete:garbage-after@4",
        "delete:late(20ms)@1",
        "delete:qps@2",
        "delete:expired@3",
        "delete:reset-after=30%",
    ] {
        let scene = pruning().faulty(&[fault]);
        scene.run(PRUNE).exits(0);
        assert!(scene.sandbox.calls().arrivals.iter().any(|arrival| arrival.fault.is_some()), "{fault} has struck");
        scene.is_true();
    }
}

#[test]
fn a_delete_that_is_refused_leaves_what_is_above_and_the_next_run_finishes() {
    let scene = pruning().faulty(&["delete:error(400,param.error)@1"]);
    // One at a time, so that the first is one that something waits for.
    scene.run(&format!("{PRUNE} --concurrency 1")).exits(3).shows(&[
        "1 failed",
        "skipped",
        "To finish the job: roomtree apply rooms.yaml --yes --prune",
    ]);
    scene.is_tidy();
    scene.run(PRUNE).exits(0);
    scene.is_true();
}

#[test]
fn groups_that_moved_in_the_manifest_are_told() {
    let mut scene = Scene::new().wanting(Tree::of(&["北京/研发楼/1", "上海"]));
    scene.apply().exits(0);
    let id = scene.id("/北京/研发楼");
    scene.want(Tree::of(&["北京", "上海/研发楼/1"]));
    let told = format!("/北京/研发楼  {id}  now at /上海/研发楼 in the manifest: DingTalk cannot move groups");
    scene.run("plan rooms.yaml").exits(0).shows(&["Not in the manifest (kept)", &told, "created there (2 groups)"]);
    scene.run("plan rooms.yaml --offline").exits(0).shows(&[&told]);
    scene.run("plan rooms.yaml --prune --max-deletes 2").exits(0).shows(&["To delete", &format!("- {told}")]);
    let json = scene.run("plan rooms.yaml --format json").exits(0).json();
    assert_eq!(json["retained"][0]["moved"], serde_json::json!({"to": "/上海/研发楼", "groups": 2}));
    scene.run(PRUNE).exits(0);
    scene.is_true();
}

#[test]
fn moved_group_is_paired_once_or_not_at_all() {
    let mut scene = Scene::new().wanting(Tree::of(&["北京/食堂", "北京/研发楼"]));
    scene.apply().exits(0);
    scene.want(Tree::of(&["北京", "上海/食堂", "广州/食堂", "广州/研发楼"]));
    let ran = scene.run("plan rooms.yaml");
    ran.exits(0).shows(&["now at /广州/研发楼"]);
    assert_eq!(ran.out.matches("now at").count(), 1, "{ran}");
}

#[test]
fn a_prune_that_is_killed_at_any_instant_is_finished_by_the_next_run() {
    for seed in 0..6 {
        let mut random = fastrand::Rng::with_seed(seed);
        let config = Config { seed, latency: "1ms..8ms".parse().unwrap(), ..Config::default() };
        let scene = pruning_in(Scene::with(config).wanting(Tree::fifteen()));
        let scene = scene.faulty(&["delete:reset-after=10%", "delete:reset-before=10%"]);
        for _ in 0..4 {
            let seen = scene.count(Operation::Delete) + random.u64(1..4);
            let mut running = scene.start(PRUNE);
            let mut over = false;
            until("deletes come or the run ends", || {
                over = running.has_ended();
                over || scene.count(Operation::Delete) >= seen
            });
            std::thread::sleep(std::time::Duration::from_micros(random.u64(0..9_000)));
            scene.look_at(running.kill());
        }
        scene.run(PRUNE).exits(0);
        scene.is_true();
        assert_eq!(scene.recorded().len(), 4, "{}", scene.read(STATE));
    }
}
