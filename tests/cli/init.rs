//! The first manifest: what is written, what is asked, and what is left alone.

use std::fs;

use roomtree::sandbox::Config;

#[cfg(target_os = "linux")]
use crate::terminal::typed;
use crate::test_env::Scene;

const FILES: [&str; 2] = ["rooms.yaml", "roomtree.schema.json"];

fn scene() -> Scene {
    Scene::new().without_credentials()
}

#[test]
fn what_it_writes_is_valid_and_can_be_applied_at_once() {
    let scene = scene();
    let ran = scene.run("init");
    ran.exits(0).says_nothing().shows(&[
        "Written: rooms.yaml with 2 groups, and ./roomtree.schema.json for editors",
        "roomtree plan rooms.yaml --sandbox",
        "roomtree apply rooms.yaml ",
        "凭证与基础信息",
    ]);
    assert_eq!(scene.files(), FILES);
    scene.run("validate rooms.yaml").exits(0).says_nothing().shows(&["Valid: 2 groups"]);
    scene.run("apply rooms.yaml --sandbox --yes").exits(0).shows(&["Applied: 2 done"]);
    assert_eq!(scene.calls(), "", "no credentials, no calls");
}

#[test]
fn flags_say_what_would_be_asked() {
    let scene = scene();
    let words =
        ["init", "我的 清单.yaml", "--groups", "北京，上海、 A 座 ,NO", "--organization", "ding1", "--root", "4711"];
    let ran = scene.run_words(&[&words[..], &["--no-schema", "--lang", "zh"]].concat());
    ran.exits(0).shows(&["已写入：", "roomtree plan '我的 清单.yaml' --sandbox"]);
    assert_eq!(scene.files(), ["我的 清单.yaml"]);
    let text = scene.read("我的 清单.yaml");
    for line in ["organization: ding1", "root: 4711", "  - 北京", "  - A 座", "  - NO", "# 钉钉会议室分组的目标结构"]
    {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert!(!text.contains("$schema"), "{text}");
    scene.run_words(&["validate", "我的 清单.yaml"]).exits(0).shows(&["Valid: 4 groups"]);
}

#[test]
fn flags_that_cannot_be_meant_are_refused_and_nothing_is_written() {
    let scene = scene();
    for (words, said) in [
        (["--groups", "a,a"], "`a` is there twice"),
        (["--groups", " , "], "at least one name"),
        (["--groups", "a\u{202E}b"], "bidi control"),
        (["--organization", "two words"], "no blanks"),
        (["--root", "-1"], "--root"),
        (["--gitignore", "maybe"], "yes"),
    ] {
        scene.run_words(&["init", words[0], words[1]]).exits(1).shows_nothing().says(&[said]);
    }
    scene.run("init -").exits(1).says(&["`-` is no file"]);
    scene.run("init nowhere/rooms.yaml").exits(1).says(&["make the folder `nowhere` first"]);
    assert_eq!(scene.files(), [""; 0]);
}

#[test]
fn nothing_is_written_over() {
    let scene = scene();
    scene.write("rooms.yaml", "mine");
    scene.run("init --yes").exits(1).shows_nothing().says(&[
        "`rooms.yaml` exists already",
        "roomtree pull rooms.yaml",
        "init FILE",
    ]);
    fs::create_dir(scene.path("folder")).unwrap();
    scene.run("init folder").exits(1).says(&["`folder` exists already"]);
    assert_eq!((scene.files(), scene.read("rooms.yaml").as_str()), (vec!["rooms.yaml".to_owned()], "mine"));
    scene.write("roomtree.schema.json", "{}");
    scene.run("init other.yaml").exits(0);
    assert_eq!(scene.read("roomtree.schema.json"), "{}");
}

#[test]
fn the_organization_of_the_credentials_is_the_manifests() {
    let scene = scene().variable("DINGTALK_CORP_ID", "dingsandbox");
    scene.run("init a.yaml").exits(0);
    assert!(scene.read("a.yaml").contains("\norganization: dingsandbox\n"));
    scene.run("init b.yaml --organization -").exits(0);
    assert!(scene.read("b.yaml").contains("\n# organization: "));
}

#[test]
fn a_repository_is_told_what_not_to_keep_only_if_that_is_wanted() {
    let scene = scene();
    fs::create_dir_all(scene.path(".git")).unwrap();
    let lines = ".roomtree/\n*.state.json.journal\n*.state.json.lock\n";
    scene.run("init a.yaml").exits(0).shows(&[".gitignore should have the lines `.roomtree/`"]);
    scene.run("init b.yaml --yes --gitignore no").exits(0).shows(&[".gitignore should have"]);
    assert!(!scene.path(".gitignore").exists());
    scene.run("init c.yaml --gitignore yes").exits(0).shows(&[".gitignore keeps the sandbox's folder"]);
    assert_eq!(scene.read(".gitignore"), lines);
    let ran = scene.run("init d.yaml --yes");
    ran.exits(0);
    assert!(!ran.out.contains(".gitignore"), "{ran}");
    assert_eq!(scene.read(".gitignore"), lines);
}

#[test]
fn credentials_that_are_set_are_checked_and_do_not_decide_the_exit_code() {
    let scene = Scene::new();
    scene.run("init --no-check").exits(0);
    assert_eq!(scene.calls(), "");
    let ran = scene.run("init a.yaml");
    ran.exits(0).shows(&["what `roomtree doctor` says:", "ok       write", "Next, without an account:"]);
    assert!(!ran.out.contains("export DINGTALK_CLIENT_ID"), "{ran}");
    assert_eq!(scene.calls(), "token 1, rename 1, list 1");
    let refused = Scene::with(Config { admins: Some(Vec::new()), ..Config::default() });
    refused.run("init").exits(0).shows(&["failed   write", "智能会议室", "Next, without an account:"]);
    let partly = self::scene().variable("DINGTALK_CLIENT_ID", "x");
    partly
        .run("init")
        .exits(0)
        .shows(&["failed   environment", "DINGTALK_CLIENT_SECRET and DINGTALK_UNION_ID are not set"]);
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_it_asks_and_chinese_can_be_typed() {
    let scene = scene();
    fs::create_dir_all(scene.path(".git")).unwrap();
    let keys = "北京，上海，上海\n北京，上海\nding1\n\n\n";
    let Some((code, said)) = typed(&scene, "init --lang zh", keys.as_bytes()) else { return };
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("顶层分组，用逗号分隔 [北京、上海]：") && said.contains("`上海` 出现了两次"), "{said}");
    assert!(said.contains("[Y/n]：") && said.contains("下一步"), "{said}");
    assert!(!said.contains("[北京、上海]：\n"), "the answer stands behind its question: {said}");
    let text = scene.read("rooms.yaml");
    assert!(text.contains("  - 北京\n  - 上海\n") && text.contains("organization: ding1"), "{text}");
    assert!(scene.read(".gitignore").contains(".roomtree/"));
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_and_an_input_that_ends_leave_nothing_behind() {
    let scene = scene();
    for (keys, expected, word) in [(&b"A,B\n\x03"[..], 130, "Interrupted"), (b"A,B\n\x04", 4, "the input ended")] {
        let Some((code, said)) = typed(&scene, "init", keys) else { return };
        assert_eq!((code, said.contains(word)), (Some(expected), true), "{said}");
        assert_eq!(scene.files(), [""; 0]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_typed_in_another_encoding_is_asked_for_again() {
    let scene = scene();
    let Some((code, said)) = typed(&scene, "init", b"\xb1\xb1\xbe\xa9\nA\n\n\n") else { return };
    assert!(code == Some(0) && said.contains("this is not UTF-8"), "{said}");
    assert!(scene.read("rooms.yaml").contains("  - A\n"));
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_at_the_question_of_an_apply_ends_it_at_once() {
    let scene = scene();
    scene.run("init").exits(0);
    let Some((code, said)) = typed(&scene, "apply rooms.yaml --sandbox", b"\x03") else { return };
    assert_eq!(code, Some(130), "{said}");
}
