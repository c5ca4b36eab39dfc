//! The operator by userId: looked up once, through the sandbox's address book, and told by the doctor.

use roomtree::sandbox::{Config, Operation};

use crate::test_env::{MANIFEST, Scene};
use crate::tree::Tree;
use crate::wire::is_golden;

/// A userId with what an encoder could get wrong.
const USER: &str = "zhang.三/1";
const UNION: &str = "uN+i/on==";

/// A scene whose organization has one member, and whose only admin is that one; no operator is named.
fn scene() -> Scene {
    let members = Some(vec![format!("{USER}={UNION}").parse().unwrap()]);
    let config = Config { members, admins: Some(vec![UNION.to_owned()]), ..Config::default() };
    Scene::with(config).without("DINGTALK_UNION_ID").wanting(Tree::of(&["北京/望京"]))
}

#[test]
fn a_user_id_is_enough_for_every_call_of_a_run() {
    let scene = scene().variable("DINGTALK_USER_ID", USER);
    scene.apply().exits(0).shows(&["Applied: 2 done"]);
    assert_eq!(scene.calls(), "token 1, create 2, list 1, user 1");
    let requests = scene.sandbox.requests();
    is_golden(requests.iter().find(|request| request.path.contains("topapi")).unwrap(), "user");
    scene.is_true();
    scene.sandbox.forget_calls();
    scene.run("plan rooms.yaml").exits(0);
    assert_eq!(scene.calls(), "token 1, list 1, user 1", "what was found is not stored");
}

#[test]
fn the_flag_does_the_same() {
    let scene = scene();
    scene.run_words(&["plan", MANIFEST, "--user-id", USER]).exits(0).shows(&["2 to create"]);
    assert_eq!(scene.calls(), "token 1, list 1, user 1");
}

#[test]
fn a_flag_comes_first_then_the_union_id() {
    let scene = scene().variable("DINGTALK_USER_ID", "nobody").variable("DINGTALK_UNION_ID", UNION);
    scene.run("plan rooms.yaml").exits(0);
    assert_eq!(scene.count(Operation::User), 0, "the unionId needs no call");
    scene.run_words(&["plan", MANIFEST, "--user-id", USER]).exits(0);
    assert_eq!(scene.count(Operation::User), 1);
    scene.run("plan rooms.yaml --user-id nobody").exits(5).says(&["user: there is no such user (code `60121`"]);
}

#[test]
fn offline_and_in_the_sandbox_nobody_is_looked_up() {
    let scene = scene().variable("DINGTALK_USER_ID", USER);
    scene.run("plan rooms.yaml --offline").exits(0);
    scene.run("plan rooms.yaml --sandbox").exits(0);
    assert_eq!(scene.calls(), "");
    for flag in ["--user-id=x", "--oapi-endpoint=http://127.0.0.1:1"] {
        scene.run(&format!("plan rooms.yaml --sandbox {flag}")).exits(1).says(&[flag.split('=').next().unwrap()]);
    }
}

#[test]
fn each_refusal_of_the_lookup_says_what_to_do_and_how_to_do_without() {
    for (fault, said, page) in [
        ("user:permission", "code `60011`", "`qyapi_get_member`"),
        ("user:error(400,50002)", "code `50002`", "可使用范围"),
        ("user:error(400,33012)", "code `33012`", "成员管理"),
        ("user:error(400,400002)", "code `400002`", "成员管理"),
        ("user:ip", "code `60020`", "安全设置"),
        ("user:quota", "code `90020`", "资源管理"),
        ("user:html", "bans this address", "proxy"),
        ("user:redirect-before", "redirect", "captive portal"),
    ] {
        let scene = scene().faulty(&[fault]);
        let ran = scene.run_words(&["apply", MANIFEST, "--yes", "--user-id", USER]);
        ran.exits(5).shows_nothing().says(&["DingTalk: user: ", said, page]);
        let chinese = scene.run_words(&["apply", MANIFEST, "--yes", "--user-id", USER, "--lang", "zh"]);
        chinese.exits(5).says(&["请"]);
        scene.is_unchanged();
    }
}

#[test]
fn a_token_that_ran_out_is_renewed_for_the_lookup() {
    let scene = scene().variable("DINGTALK_USER_ID", USER).faulty(&["user:expired@1"]);
    scene.apply().exits(0);
    assert_eq!(scene.calls(), "token 2, create 2, list 1, user 2");
}

#[test]
fn the_lookup_has_an_address_of_its_own() {
    let book = scene();
    let members = scene();
    let scene = book.variable("DINGTALK_USER_ID", USER).variable("DINGTALK_OAPI_ENDPOINT", "http://127.0.0.1:1");
    let ran = scene.run("plan rooms.yaml");
    ran.exits(5).says(&["user: cannot connect", "DINGTALK_OAPI_ENDPOINT", "set DINGTALK_UNION_ID"]);
    scene.run("plan rooms.yaml --oapi-endpoint http://oapi.dingtalk.com").exits(1).says(&["plain `http`"]);
    scene.run("plan rooms.yaml --oapi-endpoint oapi.dingtalk.com").exits(1).says(&["--oapi-endpoint"]);
    // The other sandbox does not know the token: it is asked, and nobody else is.
    let elsewhere = format!("plan rooms.yaml --oapi-endpoint {}", members.sandbox.url());
    scene.run(&elsewhere).exits(5).says(&["code `40014`"]);
    assert_eq!((scene.count(Operation::User), members.count(Operation::User)), (0, 2));
}

#[test]
fn the_doctor_tells_whom_a_user_id_is_and_what_to_export() {
    let scene = scene().variable("DINGTALK_USER_ID", USER);
    let ran = scene.run("doctor");
    ran.exits(0).shows(&[
        "ok       operator",
        "The userId `zhang.三/1` is zhang.三/1.",
        "export DINGTALK_UNION_ID='uN+i/on=='",
    ]);
    let json = scene.run("doctor --format json").exits(0).json();
    let checks = json["checks"].as_array().unwrap();
    let operator = checks.iter().find(|check| check["check"] == "operator").unwrap();
    let evidence = serde_json::json!([{"kind": "operator", "user_id": USER, "union_id": UNION, "name": USER}]);
    assert_eq!(operator["evidence"], evidence);
    assert_eq!(scene.count(Operation::User), 2, "once a run");
}

#[test]
fn the_doctor_stops_at_an_operator_that_is_not_found() {
    let scene = scene().variable("DINGTALK_USER_ID", "nobody");
    let ran = scene.run("doctor");
    ran.exits(5).shows(&["failed   operator", "成员管理", "skipped  read         Waits for `operator`."]);
    assert_eq!(scene.calls(), "token 1, user 1");
}

#[test]
fn the_doctor_names_variables_that_have_no_effect() {
    let scene = scene().variable("DINGTALK_USER_ID", USER).variable("DINGTALK_UNION_ID", UNION);
    scene
        .run("doctor")
        .exits(0)
        .shows(&["warning  environment", "Without effect, since another comes first: DINGTALK_USER_ID."]);
    scene.run_words(&["doctor", "--user-id", USER]).exits(0).shows(&["DINGTALK_UNION_ID, DINGTALK_USER_ID."]);
}
