//! Wrong usage: each mistake has its message, its remedy and its exit code, and nothing is changed.

use std::fs;

use roomtree::sandbox::Config;

use crate::test_env::{MANIFEST, STATE, Scene};
#[cfg(unix)]
use crate::tools;
use crate::tree::Tree;

const APPLY: &str = "apply rooms.yaml --yes";

#[test]
fn credentials_that_are_missing_are_named() {
    for name in ["DINGTALK_CLIENT_ID", "DINGTALK_CLIENT_SECRET", "DINGTALK_UNION_ID"] {
        for command in [APPLY, "plan rooms.yaml"] {
            let scene = Scene::of_fifteen().without(name);
            scene.run(command).exits(1).shows_nothing().says(&[
                &format!("{name} is not set"),
                "--sandbox",
                "--offline",
            ]);
            assert_eq!(scene.files(), [MANIFEST]);
        }
        let scene = Scene::of_fifteen().variable(name, "  ");
        scene.run(APPLY).exits(1).says(&[&format!("{name} is not set")]);
    }
}

#[test]
fn endpoints_that_will_not_do_are_refused_with_what_to_write() {
    for (endpoint, message) in [
        ("api.dingtalk.com", "lacks its scheme: write `https://api.dingtalk.com`"),
        ("ftp://api.dingtalk.com", "only `https` will do"),
        ("http://api.dingtalk.com", "plain `http` is for this machine alone"),
        ("http://192.168.0.1:8080", "plain `http` is for this machine alone"),
        ("https://api.dingtalk.com/v1.0", "goes on with `/v1.0`"),
        ("https://", "is not a URL"),
    ] {
        for command in [APPLY, "plan rooms.yaml", "plan rooms.yaml --offline"] {
            let scene = Scene::of_fifteen();
            scene.run(&format!("{command} --endpoint {endpoint}")).exits(1).shows_nothing().says(&[message, "→"]);
            let scene = scene.variable("DINGTALK_ENDPOINT", endpoint);
            scene.run(command).exits(1).says(&[message]);
            assert_eq!(scene.calls(), "");
        }
    }
    Scene::of_fifteen().run(&format!("{APPLY} --sandbox --endpoint http://127.0.0.1:1")).exits(1).says(&["--endpoint"]);
}

#[test]
fn manifests_that_cannot_be_read_are_named() {
    let scene = Scene::of_fifteen();
    scene.run("validate nowhere.yaml").exits(1).shows_nothing().says(&["nowhere.yaml"]);
    fs::create_dir(scene.path("empty")).unwrap();
    scene.run("validate empty").exits(1).shows_nothing().says(&["empty"]);
    scene.write("binary.yaml", [0xff, 0xfe, 0x00, 0x80]);
    scene.run("validate binary.yaml").exits(1).shows_nothing().says(&["binary.yaml"]);
    scene.write("nothing.yaml", "");
    scene.run("validate nothing.yaml").exits(1).shows_nothing();
}

#[test]
fn states_that_cannot_be_used_are_named() {
    let scene = Scene::of_fifteen();
    fs::create_dir(scene.path("folder")).unwrap();
    for command in [APPLY, "plan rooms.yaml"] {
        scene.run(&format!("{command} --state folder")).exits(1).says(&["`folder` is not a file", "--state"]);
    }
    scene.run(&format!("{APPLY} --state nowhere/x.json")).exits(1).says(&["nowhere/x.json", "make the folder first"]);
    scene.write(STATE, "{\"format\": 1, ");
    for command in [APPLY, "plan rooms.yaml", "plan rooms.yaml --offline"] {
        scene.run(command).exits(1).says(&[STATE, "is damaged at line 1", "state rebuild"]);
    }
    scene.run(&format!("state list {STATE}")).exits(1).shows_nothing().says(&["is damaged at line 1"]);
    scene.write(STATE, "{\"format\": 99}");
    for command in [APPLY, "plan rooms.yaml", "plan rooms.yaml --offline"] {
        scene.run(command).exits(4).says(&["has format 99", "upgrade roomtree"]);
    }
    assert_eq!((scene.live().len(), scene.read(STATE).as_str()), (0, "{\"format\": 99}"));
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let scene = Scene::of_fifteen();
    fs::create_dir(scene.path("read-only")).unwrap();
    fs::set_permissions(scene.path("read-only"), fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(scene.path("read-only/probe"), "").is_ok() {
        tools::skip("the superuser can write to every folder");
        return;
    }
    let ran = scene.run(&format!("{APPLY} --state read-only/x.json"));
    ran.exits(1).says(&["read-only/x.json", "allow reading and writing there"]);
    assert_eq!(scene.live().len(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_system_that_takes_no_files_is_told_before_anything_is_changed() {
    let scene = Scene::of_fifteen();
    let ran = scene.run(&format!("{APPLY} --state /proc/roomtree.state.json"));
    ran.exits(1).says(&["/proc/roomtree.state.json", "→"]);
    assert_eq!(scene.live().len(), 0);
}

#[test]
fn flags_that_make_no_sense_are_refused() {
    let scene = Scene::of_fifteen();
    for (flag, message) in [
        ("--qps=-1", "0.01, `auto` or `off`"),
        ("--qps -1", "0.01, `auto` or `off`"),
        ("--qps nan", "0.01, `auto` or `off`"),
        ("--timeout 5", "a time needs a unit"),
        ("--settle soon", "a time needs a unit"),
        ("--concurrency 0", "--concurrency"),
        ("--format xml", "json"),
        ("--secret x", "--secret"),
    ] {
        scene.run(&format!("{APPLY} {flag}")).exits(1).shows_nothing().says(&[message]);
    }
    assert_eq!(scene.calls(), "");
}

#[test]
fn standard_input_and_several_files_need_a_named_state() {
    let scene = Scene::of_fifteen();
    scene.write("more.yaml", Tree::of(&["Oslo"]).manifest());
    scene.run("apply rooms.yaml more.yaml --yes").exits(1).says(&["name it with --state FILE"]);
    scene.run("apply rooms.yaml more.yaml --yes --qps off --state all.state.json").exits(0).shows(&["16 done"]);
    scene.run("apply rooms.yaml more.yaml --yes --state all.state.json").exits(0).shows(&["Nothing to do"]);
}

#[test]
fn what_dingtalk_refuses_from_the_start_is_told_with_its_remedy() {
    let none = || Some(vec!["somebody-else".to_owned()]);
    let configs = [
        (
            Config { admins: none(), employees: none(), ..Config::default() },
            "user.not.employee",
            "the unionId of a member",
        ),
        (Config { admins: none(), ..Config::default() }, "user.not.admin", "an admin of the meeting-room app"),
        (Config { may_read: false, ..Config::default() }, "AccessTokenPermissionDenied", "Conference.Read"),
        (Config { may_write: false, ..Config::default() }, "AccessTokenPermissionDenied", "Conference.Write"),
        (Config { quota: Some(0), ..Config::default() }, "ApiCountLimitForOrg", "run again next month"),
        (Config { quota: Some(1), ..Config::default() }, "ApiCountLimitForOrg", "run again next month"),
    ];
    for (config, code, remedy) in configs {
        let scene = Scene::with(config).wanting(Tree::fifteen());
        let ran = scene.apply();
        let said = format!("{}{}", ran.out, ran.err);
        assert!(said.contains(code) && said.contains(remedy), "{ran}");
        ran.exits(5);
        assert_eq!(scene.live(), [""; 0]);
        scene.is_tidy();
    }
}

#[test]
fn an_organization_other_than_the_credentials_is_refused() {
    let scene = Scene::of_fifteen().variable("DINGTALK_CORP_ID", "dingother");
    scene.write(MANIFEST, "version: 1\norganization: dingmine\ngroups: [北京]\n");
    scene.run(APPLY).exits(4).says(&["`dingmine`", "`dingother`", "use the credentials of the organization"]);
    assert_eq!(scene.calls(), "");
    let scene = scene.variable("DINGTALK_CORP_ID", "dingmine");
    let both = "`dingmine` was named by the manifest (`organization`) and DINGTALK_CORP_ID";
    scene.run(APPLY).exits(5).says(&["invalid.client", both]);
    let scene = scene.without("DINGTALK_CORP_ID");
    for command in [APPLY, "plan rooms.yaml"] {
        scene
            .run(command)
            .exits(5)
            .says(&["`dingmine` was named by the manifest (`organization`): is it that of the app?"]);
    }
    scene.write(MANIFEST, "version: 1\ngroups: [北京]\n");
    let scene = scene.variable("DINGTALK_CORP_ID", "dingother");
    scene.run(APPLY).exits(5).says(&["`dingother` was named by DINGTALK_CORP_ID"]);
}

#[test]
fn a_secret_where_a_path_belongs_is_not_repeated() {
    let scene = Scene::of_fifteen()
        .without("DINGTALK_CLIENT_SECRET")
        .variable("DINGTALK_CLIENT_SECRET_FILE", "pasted-by-mistake");
    scene.hides("pasted-by-mistake");
    for command in [APPLY, "plan rooms.yaml", "doctor"] {
        let ran = scene.run(command);
        ran.exits(1);
        assert!(format!("{}{}", ran.out, ran.err).contains("DINGTALK_CLIENT_SECRET_FILE"), "{ran}");
    }
}

#[test]
fn a_root_that_does_not_exist_is_refused() {
    let scene = Scene::of_fifteen();
    scene.write(MANIFEST, "version: 1\nroot: 4711\ngroups: [北京]\n");
    scene.run(APPLY).exits(4).says(&["the root group 4711 does not exist", "→"]);
    scene.run("plan rooms.yaml").exits(4).says(&["the root group 4711 does not exist"]);
    assert_eq!(scene.files(), [MANIFEST]);
}
