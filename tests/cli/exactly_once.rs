//! The first apply makes everything with the fewest calls; the second changes nothing.

use std::num::NonZeroU32;

use roomtree::sandbox::{Config, Operation, Rate};

use crate::test_env::{MANIFEST, STATE, Scene};
use crate::tree::Tree;

/// No float holds what comes after it.
const BEYOND_FLOATS: i64 = (1 << 53) + 1;

#[test]
fn the_first_apply_makes_one_call_for_each_group_and_the_second_lists_once() {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    assert_eq!(scene.calls(), "token 1, create 15, list 1");
    scene.is_true();
    let (state, modified) = (scene.read(STATE), scene.path(STATE).metadata().unwrap().modified().unwrap());
    scene.sandbox.forget_calls();
    scene.apply().exits(0).says_nothing().shows(&["Nothing to do: 15 groups as the manifest says."]);
    assert_eq!(scene.calls(), "token 1, list 1");
    assert_eq!(scene.read(STATE), state);
    assert_eq!(scene.path(STATE).metadata().unwrap().modified().unwrap(), modified);
    assert_eq!(scene.files(), [MANIFEST, STATE]);
    scene.is_true();
}

#[test]
fn a_lower_rate_than_was_said_is_noticed_and_told() {
    let few = Rate::PerSecond(NonZeroU32::new(5).unwrap());
    let scene = Scene::with(Config { rate: few, ..Config::default() }).wanting(Tree::fifteen());
    let ran = scene.run("apply rooms.yaml --yes --qps 20");
    ran.exits(0).says(&["DingTalk permits about 5 calls a second here; `--qps 5`"]);
    scene.is_true();
    assert!(scene.count(Operation::Create) <= 15 + 8, "{}", scene.calls());
}

#[test]
fn a_budget_is_used_to_the_last_call_and_never_exceeded() {
    for (flags, creates) in [("--max-calls 7", 6), ("--max-calls 7 --concurrency 1", 6), ("--max-calls 1", 0)] {
        let scene = Scene::of_fifteen();
        scene.run(&format!("apply rooms.yaml --yes --qps off {flags}")).exits(3);
        assert_eq!((scene.count(Operation::Create), scene.count(Operation::List)), (creates, 1), "{flags}");
        scene.apply().exits(0);
        scene.is_true();
    }
}

#[test]
fn the_rate_can_be_found_out() {
    let scene = Scene::with(Config { rate: Rate::PerSecond(NonZeroU32::new(22).unwrap()), ..Config::default() })
        .wanting(Tree::flat(60));
    let ran = scene.run("apply rooms.yaml --yes --qps auto");
    ran.exits(0);
    // How close it comes depends on the machine; `dingtalk/pacing/limit.rs` tests that with a clock of its own.
    let found = ran.err.split("DingTalk permits about ").nth(1).and_then(|rest| rest.split(' ').next());
    assert!(found.is_none_or(|rate| rate.parse::<u32>().is_ok_and(|rate| rate <= 22)), "{ran}");
    scene.is_true();
}

#[test]
fn ids_that_no_float_can_hold_stay_exact() {
    let scene = Scene::with(Config { first_id: BEYOND_FLOATS, ..Config::default() }).wanting(Tree::fifteen());
    scene.apply().exits(0);
    scene.is_true();
    assert!(scene.recorded().iter().all(|(_, id)| (BEYOND_FLOATS..BEYOND_FLOATS + 15).contains(id)));
    assert!(scene.read(STATE).contains("9007199254740993"));
    let json = scene.run("plan rooms.yaml --format json").json();
    assert!(json["groups"].as_array().unwrap().iter().all(|group| group["id"].as_i64() >= Some(BEYOND_FLOATS)));
    scene.apply().exits(0);
    scene.is_true();
}

#[test]
fn names_come_over_as_they_are_written() {
    let names =
        ["a/b", "~", "~1", "\"quoted\"", "back\\slash", "NO", "007", "1e3", "null", "3.10", "👩‍👩‍👧", "é", "?&=#%20+"];
    let mut tree = Tree::default();
    for name in names {
        tree.child(name).child("below").child(name);
    }
    let scene = Scene::new().wanting(tree);
    scene.apply().exits(0);
    scene.is_true();
    scene.sandbox.forget_calls();
    scene.apply().exits(0);
    assert_eq!(scene.calls(), "token 1, list 1");
}

#[test]
fn what_is_added_later_is_all_that_is_made() {
    let mut scene = Scene::of_fifteen();
    scene.apply().exits(0);
    let before = scene.recorded();
    let mut tree = Tree::fifteen();
    tree.child("北京").child("望京园区").child("B 座");
    tree.child("Oslo");
    scene.want(tree);
    scene.sandbox.forget_calls();
    scene.apply().exits(0).shows(&["2 to create", "Applied: 2 done"]);
    assert_eq!(scene.calls(), "token 1, create 2, list 1");
    scene.is_true();
    assert!(before.iter().all(|group| scene.recorded().contains(group)));
}

#[test]
fn a_tree_is_built_below_a_root() {
    let mut scene = Scene::of_fifteen();
    let root = scene.stranger_makes(0, "Asia");
    scene.want(Tree::of(&["Asia/北京/望京", "Asia/上海"]));
    scene.write(
        MANIFEST,
        format!("version: 1\nroot: {root}\ngroups:\n  - {{name: 北京, children: [望京]}}\n  - 上海\n"),
    );
    scene.apply().exits(0);
    assert_eq!(scene.live(), ["/Asia", "/Asia/上海", "/Asia/北京", "/Asia/北京/望京"]);
    let recorded: Vec<_> = scene.recorded().into_iter().map(|(path, _)| path).collect();
    assert_eq!(recorded, ["/上海", "/北京", "/北京/望京"]);
    scene.apply().exits(0).shows(&["Nothing to do"]);
    scene.is_tidy();
}

#[test]
fn a_thousand_groups_take_a_thousand_and_one_calls() {
    let mut tree = Tree::default();
    for number in 0..1000 {
        tree.child(&format!("c{}", number % 10)).child(&format!("p{}", number % 100)).child(&format!("b{number}"));
    }
    let scene = Scene::new().wanting(tree);
    scene.run("apply rooms.yaml --yes --qps off").exits(0);
    assert_eq!(scene.calls(), format!("token 1, create {}, list 1", scene.live().len()));
    scene.is_true();
}
