//! Colours only where they are wanted, and nothing from outside that could steer a terminal. That nothing of the kind is on
//! either stream is checked for every run of every test; here is what tries to get there.

use crate::scripted::Scripted;
use crate::test_env::{MANIFEST, QUICK, STATE, Scene};
use crate::tree::Tree;

/// Escapes, a link, a C1 control, bidi overrides and isolates, line ends of three kinds, a backspace, what is not seen.
pub(crate) const HOSTILE: &str = "\u{1b}[31mred\u{1b}]0;title\u{7}\u{9b}2J\u{1b}]8;;http:evil\u{1b}\\link\u{1b}]8;;\u{1b}\\\u{202E}\u{2066}live\
    \n\r\u{2028}\u{8}\u{200B}\u{AD}\u{2060}\u{FEFF}\u{E0041}\u{61C}\u{200F}end";

#[test]
fn there_are_no_colours_where_nobody_looks() {
    Scene::of_fifteen().apply().exits(0).is_plain();
    let scene = Scene::of_fifteen().variable("NO_COLOR", "1").variable("TERM", "xterm-256color");
    scene.run("plan rooms.yaml").exits(0).is_plain();
    scene.run("plan nowhere.yaml").exits(1).is_plain();
    scene.run("--help").exits(0).is_plain();
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
        scene.run(command).exits(4).shows(&["red"]).is_plain();
    }
}

#[test]
fn a_conflict_below_a_hostile_name_is_shown_without_its_force() {
    let scene = Scene::new().wanting(Tree::of(&["上海/A 座"]));
    scene.apply().exits(0);
    let stranger = scene.stranger_makes(0, HOSTILE);
    let (recorded, elsewhere) = (scene.id("/上海/A 座"), scene.stranger_makes(stranger, "A 座"));
    scene.write(STATE, scene.read(STATE).replace(&recorded.to_string(), &elsewhere.to_string()));
    scene.run("plan rooms.yaml").exits(4).shows(&["in DingTalk"]).is_plain();
    scene.run("plan rooms.yaml --format json").exits(4).is_plain();
}

#[test]
fn a_hostile_state_is_shown_without_its_force() {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    let hostile = serde_json::to_string(&format!("/{}", HOSTILE.replace('~', "~0"))).unwrap();
    let groups = scene.read(STATE).replace("\"/北京\"", &hostile);
    scene.write(STATE, groups);
    for (command, code) in [
        (format!("state list {STATE}"), 0),
        (format!("state list {STATE} --format json"), 0),
        ("plan rooms.yaml".to_owned(), 4),
    ] {
        scene.run(&command).exits(code).is_plain();
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
    scene.run_words(&["apply", MANIFEST, "--yes", "--state", HOSTILE]).exits(0).is_plain();
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

/// A server that gives a token, and this for a list.
fn listing(groups: &str) -> Scripted {
    let token = r#"{"accessToken":"a-token-of-the-script","expireIn":7200}"#.to_owned();
    Scripted::new(vec![
        ("POST /v1.0/oauth2", 200, token),
        ("GET /v1.0/rooms/groupLists", 200, format!(r#"{{"result":[{groups}]}}"#)),
    ])
}

/// Runs a command that ends with this code and says no more than anyone reads.
#[track_caller]
fn is_brief(scene: &Scene, line: &str, code: i32) {
    let ran = scene.run(line);
    ran.exits(code).is_plain();
    assert!(ran.out.len() + ran.err.len() < 64 << 10, "`{line}`: {} and {} bytes", ran.out.len(), ran.err.len());
}

#[test]
fn a_file_of_a_hostile_name_is_read_and_its_name_shown_without_its_force() {
    let scene = Scene::new();
    let name = format!("{HOSTILE}.yaml");
    for (text, code) in [("version: 1\ngroups: [北京]\n", 0), ("version: 1\ngroups: [北京, 北京]\ncolour: red\n", 1)]
    {
        scene.write(&name, text);
        for words in [
            ["validate", &name].as_slice(),
            &["validate", &name, "--format", "json"],
            &["plan", &name, "--offline"],
            &["apply", &name, "--yes", "--qps", "off"],
        ] {
            scene.run_words(words).exits(code).is_plain();
        }
    }
    scene.write(&format!("{name}.state.json"), "{");
    scene.write(&name, "version: 1\ngroups: [北京]\n");
    scene.run_words(&["plan", &name]).exits(1).says(&["is damaged"]).is_plain();
}

#[test]
fn a_hostile_saved_plan_is_shown_without_its_force() {
    let scene = Scene::of_fifteen();
    let hostile = serde_json::to_string(HOSTILE).unwrap();
    for (text, code) in [
        (format!(r#"{{"format":1,"kind":{hostile}}}"#), 1),
        (format!(r#"{{"format":{hostile}}}"#), 1),
        (format!(r#"{{"format":1,"kind":"saved-plan","manifest":[{hostile}],"state":{hostile},"scope":{{"prune":false,"max_deletes":null,"only":[]}},"fingerprint":{hostile},"plan":{{}}}}"#), 1),
        (r#"{"format":1,"kind":"saved-plan","manifest":["rooms.yaml"],"scope":{"prune":false,"max_deletes":null,"only":[]},"fingerprint":"\u001b[2J","plan":{}}"#.to_owned(), 4),
    ] {
        scene.write("saved.json", text);
        scene.run("apply saved.json --yes").exits(code).is_plain();
    }
}

#[test]
fn very_long_names_and_messages_do_not_flood_the_terminal() {
    let long = "北".repeat(350_000);
    let groups =
        format!(r#"{{"groupId":7,"groupName":"{long}","parentId":0}},{{"groupId":8,"groupName":"x","parentId":7}}"#);
    let server = listing(&groups);
    let scene = Scene::of_fifteen().variable("DINGTALK_ENDPOINT", &server.url);
    is_brief(&scene, "plan rooms.yaml", 0);
    let json = scene.run("plan rooms.yaml --format json").exits(0).json();
    assert_eq!(json["unmanaged"].as_array().map(Vec::len), Some(2));

    let message = "x\\u001b".repeat(5_000);
    let answer = format!(r#"{{"code":"{message}","message":"{message}","requestid":"{message}"}}"#);
    let server = Scripted::new(vec![("POST /v1.0/oauth2", 400, answer)]);
    is_brief(&Scene::of_fifteen().variable("DINGTALK_ENDPOINT", &server.url), "plan rooms.yaml", 5);
    let answer = format!(r#"{{"code":"c","message":"{}"}}"#, "x".repeat(100_000));
    let server = Scripted::new(vec![("POST /v1.0/oauth2", 400, answer)]);
    is_brief(&Scene::of_fifteen().variable("DINGTALK_ENDPOINT", &server.url), "plan rooms.yaml", 5);
}

#[test]
fn very_long_texts_in_files_do_not_flood_the_terminal() {
    let scene = Scene::of_fifteen();
    let long = "北".repeat(350_000);
    scene.apply().exits(0);
    let state = scene.read(STATE);
    scene.write(STATE, state.replace("\"/北京\"", &format!("\"{long}\"")));
    is_brief(&scene, "plan rooms.yaml", 1);
    scene.write(STATE, state.replace("\"/北京\"", &format!("\"/{long}\"")));
    is_brief(&scene, "plan rooms.yaml", 4);
    scene.write("long.yaml", format!("version: 1\ngroups:\n  - name: {long}\n    children: [x, x]\n{long}: 1\n"));
    is_brief(&scene, "validate long.yaml", 1);
    scene.write("saved.json", format!(r#"{{"format":"{long}"}}"#));
    is_brief(&scene, "apply saved.json", 1);
}

/// Compared each with each, they would take minutes.
#[test]
fn very_many_duplicates_do_not_flood_the_terminal() {
    let duplicates = |from: usize, name: &str| -> Vec<String> {
        let group = |id| format!(r#"{{"groupId":{id},"groupName":"{name}","parentId":0}}"#);
        (from..from + 60_000).map(group).collect()
    };
    let groups = [duplicates(1, "上海"), duplicates(100_000, "another")].concat().join(",");
    let server = listing(&groups);
    is_brief(&Scene::of_fifteen().variable("DINGTALK_ENDPOINT", &server.url), "plan rooms.yaml", 4);
}
