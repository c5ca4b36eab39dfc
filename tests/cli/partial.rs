//! One group is refused: what is below it waits, the rest is done, and the report says how to finish.

use roomtree::sandbox::Config;

use crate::test_env::{QUICK, Scene};
use crate::tree::Tree;

#[test]
fn a_refused_group_skips_what_is_below_it_and_nothing_else() {
    for code in ["param.error", "group.not.found", "group.too.much", "depth.over.limit", "surprise.of.dingtalk"] {
        let scene = Scene::of_fifteen().faulty(&[&format!("create:error(400,{code})@1")]);
        let ran = scene.apply();
        ran.exits(3).shows(&["Applied in part: 10 done, 1 failed, 4 skipped", &format!("code `{code}`"), "HTTP 400"]);
        ran.shows(&["request id `", "→ ", "waits for /", "To finish the job: roomtree apply rooms.yaml --yes"]);
        ran.says(&["failed /", "skips 4 groups below"]);
        assert_eq!((scene.live().len(), scene.recorded().len()), (10, 10));
        scene.is_tidy();
        scene.apply().exits(0).shows(&["Applied: 5 done"]);
        scene.is_true();
    }
}

#[test]
fn a_partial_report_for_programs_has_code_request_id_and_remedy() {
    let scene = Scene::of_fifteen().faulty(&["create:error(400,param.error)@15"]);
    let json = scene.run(&format!("apply rooms.yaml --yes --format json {QUICK}")).exits(3).json();
    assert_eq!((&json["complete"], &json["counts"]["failed"]), (&false.into(), &1.into()));
    let failed = json["groups"].as_array().unwrap().iter().find(|group| group["outcome"] == "failed").unwrap();
    assert_eq!((&failed["failure"]["code"], &failed["failure"]["status"]), (&"param.error".into(), &400.into()));
    assert!(failed["failure"]["request_id"].is_string() && failed["failure"]["remedy"].is_string());
    assert!(json["again"].as_str().unwrap().starts_with("roomtree apply rooms.yaml --yes"));
}

#[test]
fn groups_that_stand_too_deep_fail_alone() {
    let scene = Scene::with(Config { depth: 2, ..Config::default() }).wanting(Tree::fifteen());
    scene.apply().exits(3).shows(&["9 done, 6 failed", "depth.over.limit", "three levels"]);
    assert_eq!(scene.live().len(), 9);
}

#[test]
fn an_organization_that_is_full_is_told() {
    let scene = Scene::with(Config { group_limit: Some(7), ..Config::default() }).wanting(Tree::fifteen());
    scene.apply().exits(3).shows(&["Applied in part: 7 done", "group.too.much", "cannot have more room groups"]);
    assert_eq!((scene.live().len(), scene.recorded().len()), (7, 7));
}

#[test]
fn a_quota_that_ends_midway_stops_the_run_and_loses_nothing() {
    let scene = Scene::with(Config { quota: Some(8), ..Config::default() }).wanting(Tree::fifteen());
    let ran = scene.run(&format!("apply rooms.yaml --yes --concurrency 1 {QUICK}"));
    ran.exits(3).shows(&[
        "7 done, 1 failed",
        "Stopped, since no other call would have succeeded",
        "ApiCountLimitForOrg",
    ]);
    assert_eq!(scene.calls(), "token 1, create 8, list 1", "no call is wasted on a quota that is used up");
    assert_eq!((scene.live().len(), scene.recorded().len()), (7, 7));
    scene.is_tidy();
}

#[test]
fn a_rename_that_is_refused_leaves_the_rest_done() {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    scene.sandbox.rename_group(scene.id("/北京"), "Peking");
    scene.sandbox.rename_group(scene.id("/上海"), "Schanghai");
    scene.declare_was("北京", "Peking");
    scene.declare_was("上海", "Schanghai");
    let scene = scene.faulty(&["rename:error(400,param.error)@1"]);
    scene.apply().exits(3).shows(&["1 done, 1 failed", "To finish the job"]);
    scene.apply().exits(0);
    scene.is_true();
}
