//! Groups that are created again lose their administrators: the plan names them.

use crate::test_env::Scene;
use crate::tree::Tree;

const FORMATS: [&str; 5] = ["text", "json", "markdown", "html", "svg"];

fn applied(paths: &[&str]) -> Scene {
    let scene = Scene::new().wanting(Tree::of(paths));
    scene.apply().exits(0);
    scene.sandbox.forget_calls();
    scene
}

#[test]
fn administrators_of_a_moved_group_are_shown_in_every_format() {
    let mut scene = applied(&["北京/望京园区", "上海"]);
    scene.sandbox.appoint(scene.id("/北京/望京园区"), &[("m1", "张三"), ("m2", "")]);
    scene.want(Tree::of(&["北京", "上海/望京园区"]));
    for format in FORMATS {
        let ran = scene.run(&format!("plan rooms.yaml --format {format}"));
        ran.exits(0).shows(&["张三", "m1", "m2"]);
    }
    let json = scene.run("plan rooms.yaml --format json").json();
    assert_eq!(json["administrators"][0]["path"], "/上海/望京园区");
    assert_eq!(json["administrators"][0]["administrators"][0]["name"], "张三");
    assert_eq!(json["cost"]["by_api"]["administrators"], 1);
    scene.sandbox.forget_calls();
    scene.run("apply rooms.yaml --yes --qps off").exits(0).shows(&["张三 (m1), m2", "with 3 calls"]);
    assert_eq!(scene.calls(), "token 1, create 1, list 1, administrators 1");
}

#[test]
fn administrators_of_a_group_that_is_gone_are_unknown() {
    let scene = applied(&["北京/望京园区", "上海"]);
    scene.sandbox.remove_group(scene.id("/北京/望京园区"));
    let ran = scene.run("plan rooms.yaml");
    ran.exits(0).shows(&["Administrators: ", "set them again", "/北京/望京园区", "not known"]);
    let json = scene.run("plan rooms.yaml --format json").json();
    assert!(json["administrators"][0]["administrators"].is_null(), "{json}");
    scene.apply().exits(0);
    scene.is_true();
}

#[test]
fn group_without_administrators_is_not_mentioned() {
    let mut scene = applied(&["北京/望京园区", "上海"]);
    scene.want(Tree::of(&["北京", "上海/望京园区"]));
    let ran = scene.run("plan rooms.yaml");
    assert!(!ran.exits(0).out.contains("Administrators"), "{ran}");
}

#[test]
fn failed_read_of_administrators_stops_nothing() {
    for fault in ["error(400,param.error)", "error(500,system.error)", "reset-after", "quota", "garbage-after", "qps"] {
        let mut scene = applied(&["北京/望京园区/A", "上海"]);
        scene.want(Tree::of(&["北京", "上海/望京园区/A"]));
        let scene = scene.faulty(&[&format!("administrators:{fault}")]);
        scene.run("plan rooms.yaml").exits(0).shows(&["not known"]);
        scene.apply().exits(0);
    }
}

#[test]
fn nothing_is_read_when_nothing_is_created_again_or_offline() {
    let mut scene = applied(&["北京/望京园区", "上海"]);
    scene.want(Tree::of(&["北京/望京园区", "上海", "London"]));
    scene.run("plan rooms.yaml").exits(0);
    assert_eq!(scene.calls(), "token 1, list 1");
    scene.want(Tree::of(&["北京", "上海/望京园区"]));
    scene.sandbox.forget_calls();
    let json = scene.run("plan rooms.yaml --offline --format json").exits(0).json();
    assert_eq!((scene.calls(), &json["cost"]["by_api"]["administrators"]), (String::new(), &1.into()));
}

#[test]
fn changes_come_first_when_calls_are_limited() {
    let mut scene = applied(&["北京/望京园区", "上海"]);
    scene.want(Tree::of(&["北京", "上海/望京园区"]));
    scene.run("apply rooms.yaml --yes --qps off --max-calls 2").exits(0);
    assert_eq!(scene.calls(), "token 1, create 1, list 1");
}
