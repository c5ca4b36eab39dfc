//! Colours only where they are wanted, and nothing from outside that could steer a terminal. That nothing of the kind is on
//! either stream is checked for every run of every test; here is what tries to get there.

use crate::scene::{MANIFEST, QUICK, STATE, Scene};
use crate::scripted::Scripted;
use crate::tree::Tree;

/// Escapes, a C1 control, a bidi override, line ends of three kinds, a backspace.
const HOSTILE: &str = "\u{1b}[31mred\u{1b}]0;title\u{7}\u{9b}2J\u{202E}live\n\r\u{2028}\u{8}";

#[test]
fn there_are_no_colours_where_nobody_looks() {
    Scene::of_fifteen().apply().exits(0).is_plain();
    let scene = Scene::of_fifteen().variable("NO_COLOR", "1").variable("TERM", "xterm-256color");
    scene.run("plan rooms.yaml").is_plain();
    scene.run("plan nowhere.yaml").is_plain();
    scene.run("--help").is_plain();
}

#[test]
fn there_are_colours_where_they_are_asked_for() {
    let scene = Scene::of_fifteen().variable("CLICOLOR_FORCE", "1").coloured();
    let ran = scene.run("plan rooms.yaml");
    assert!(ran.out.contains("\u{1b}[32m+ 北京\u{1b}[0m"), "{ran}");
    let scene = scene.variable("NO_COLOR", "1");
    scene.run("plan rooms.yaml").exits(0).is_plain();
}

#[test]
fn hostile_names_of_others_are_shown_without_their_force() {
    let scene = Scene::of_fifteen();
    scene.stranger_makes(0, HOSTILE);
    for command in ["plan rooms.yaml", "plan rooms.yaml --all", "plan rooms.yaml --format json"] {
        scene.run(command).exits(0).shows(&["red"]).is_plain();
    }
    scene.run("apply rooms.yaml --yes --qps off").exits(0).is_plain();
    let json = scene.run("plan rooms.yaml --format json").json();
    assert_eq!(json["unmanaged"][0]["path"], format!("/{HOSTILE}"), "programs get it as it is");
    scene.sandbox.rename_group(scene.id("/北京"), HOSTILE);
    for command in ["plan rooms.yaml", "plan rooms.yaml --format json", "apply rooms.yaml --yes --qps off"] {
        scene.run(command).exits(0).shows(&["red"]).is_plain();
    }
}

#[test]
fn a_conflict_below_a_hostile_name_is_shown_without_its_force() {
    let scene = Scene::new().wanting(Tree::of(&["上海/A 座"]));
    scene.apply().exits(0);
    let stranger = scene.stranger_makes(0, HOSTILE);
    let (recorded, elsewhere) = (scene.id("/上海/A 座"), scene.stranger_makes(stranger, "A 座"));
    scene.write(STATE, scene.read(STATE).replace(&recorded.to_string(), &elsewhere.to_string()));
    scene.run("plan rooms.yaml").exits(4).shows(&["which stands at /"]).is_plain();
    scene.run("plan rooms.yaml --format json").exits(4).is_plain();
}

#[test]
fn a_hostile_state_is_shown_without_its_force() {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    let hostile = serde_json::to_string(&format!("/{}", HOSTILE.replace('~', "~0"))).unwrap();
    let groups = scene.read(STATE).replace("\"/北京\"", &hostile);
    scene.write(STATE, groups);
    for command in
        [format!("state list {STATE}"), format!("state list {STATE} --format json"), "plan rooms.yaml".to_owned()]
    {
        scene.run(&command).is_plain();
    }
}

#[test]
fn hostile_manifests_and_arguments_are_shown_without_their_force() {
    let scene = Scene::new();
    scene.write("hostile.yaml", format!("version: 1\ngroups:\n  - {}\n", serde_json::to_string(HOSTILE).unwrap()));
    scene.run("validate hostile.yaml").exits(1).shows_nothing().is_plain();
    scene.run("validate hostile.yaml --format json").exits(1).is_plain();
    scene.write("raw.yaml", format!("version: 1\ngroups:\n  - name: 北京\n    \u{202E}colour{}: red\n", "\u{1b}[31m"));
    scene.run("validate raw.yaml").exits(1).shows_nothing().is_plain();
    scene.run("validate raw.yaml --format json").exits(1).is_plain();
    for words in [
        ["validate", HOSTILE].as_slice(),
        &["plan", HOSTILE, "--offline"],
        &["validate", "--format", HOSTILE],
        &["state", "list", HOSTILE],
        &["state", "show", HOSTILE, "/x"],
        &["plan", "hostile.yaml", "--endpoint", HOSTILE],
        &[HOSTILE],
        &["sandbox", "--fault", HOSTILE],
    ] {
        scene.run_words(words).exits(1).is_plain();
    }
    let scene = Scene::of_fifteen();
    scene.run_words(&["apply", MANIFEST, "--yes", "--state", HOSTILE]).is_plain();
}

#[test]
fn hostile_answers_are_shown_without_their_force() {
    let message = serde_json::to_string(HOSTILE).unwrap();
    let answer = format!(r#"{{"code":{message},"message":{message},"requestid":{message}}}"#);
    let server = Scripted::new(vec![("POST /v1.0/oauth2", 400, answer)]);
    let scene = Scene::of_fifteen().variable("DINGTALK_ENDPOINT", &server.url);
    scene.apply().exits(5).says(&["red"]).is_plain();
    scene.run(&format!("apply rooms.yaml --yes --format json {QUICK}")).exits(5).is_plain();
}
