//! Secrets stay where they belong. Every run of every test here is searched for the client secret and for the token; these
//! tests add the other ways to give them, and answers that repeat them.

use crate::scripted::Scripted;
use crate::test_env::{CLIENT_SECRET, Scene};
use crate::tree::Tree;

const READY_TOKEN: &str = "r34dy-t0k3n-+/=Zz81";

#[test]
fn a_secret_from_a_file_is_used_and_not_told() {
    let scene =
        Scene::of_fifteen().without("DINGTALK_CLIENT_SECRET").variable("DINGTALK_CLIENT_SECRET_FILE", "app.secret");
    scene.apply().exits(1).says(&["cannot read the file that DINGTALK_CLIENT_SECRET_FILE names"]);
    scene.write("app.secret", " \n");
    scene.apply().exits(1).says(&["the file that DINGTALK_CLIENT_SECRET_FILE names is empty"]);
    scene.write("app.secret", format!("{CLIENT_SECRET}\n"));
    scene.apply().exits(0);
    scene.is_true();
}

#[test]
fn a_ready_token_is_used_and_not_told() {
    for is_file in [false, true] {
        let scene = Scene::of_fifteen().without("DINGTALK_CLIENT_ID").without("DINGTALK_CLIENT_SECRET");
        let token = scene.learn_token().unwrap();
        scene.write("token.secret", &token);
        let (name, value) = if is_file {
            ("DINGTALK_ACCESS_TOKEN_FILE", "token.secret")
        } else {
            ("DINGTALK_ACCESS_TOKEN", token.as_str())
        };
        let scene = scene.variable(name, value);
        scene.apply().exits(0);
        assert_eq!(scene.calls(), "create 15, list 1");
        scene.is_true();
        scene.sandbox.revoke_tokens();
        scene.apply().exits(5).says(&["InvalidAuthentication", "DINGTALK_ACCESS_TOKEN", "cannot be renewed"]);
    }
}

#[test]
fn a_wrong_secret_is_not_told() {
    let wrong = "wr0ng-s3cr3t-of-the-app";
    let scene = Scene::of_fifteen().variable("DINGTALK_CLIENT_SECRET", wrong);
    scene.hides(wrong);
    let ran = scene.apply();
    ran.exits(5).shows_nothing().says(&["invalidClientIdOrSecret", "Check DINGTALK_CLIENT_ID, DINGTALK_CLIENT_SECRET"]);
}

#[test]
fn secrets_stay_hidden_when_a_run_dies_with_its_journal_open() {
    let scene = Scene::new().wanting(Tree::flat(9)).faulty(&["create:stall-after(10m)@4.."]);
    let running = scene.start("apply rooms.yaml --yes --qps off --timeout 10m");
    scene.until_calls(roomtree::sandbox::Operation::Create, 9);
    let ran = running.kill();
    assert!(scene.files().iter().any(|name| name.ends_with(".journal")), "{:?}", scene.files());
    assert!(scene.files().iter().any(|name| name.ends_with(".lock")), "{:?}", scene.files());
    scene.look_at(ran);
}

#[test]
fn answers_that_repeat_secrets_are_redacted() {
    let echo = |secret: &str| {
        let message = format!("bad {secret} of {CLIENT_SECRET}!");
        format!(r#"{{"code":"param.error","message":"{message}","requestid":"{secret}"}}"#)
    };
    let scripts = [
        ("/token", vec![("POST /v1.0/oauth2", 400, echo(CLIENT_SECRET))]),
        ("/list", vec![("POST /v1.0/oauth2", 200, token()), ("GET /v1.0/rooms", 400, echo(READY_TOKEN))]),
        (
            "/create",
            vec![
                ("POST /v1.0/oauth2", 200, token()),
                ("GET /v1.0/rooms", 200, r#"{"result":[]}"#.to_owned()),
                ("POST /v1.0/rooms", 400, echo(READY_TOKEN)),
            ],
        ),
    ];
    for (place, script) in scripts {
        let server = Scripted::new(script);
        let scene = Scene::of_fifteen().variable("DINGTALK_ENDPOINT", &server.url);
        scene.hides(READY_TOKEN);
        let ran = scene.apply();
        let said = format!("{}{}", ran.out, ran.err);
        ran.exits(if ran.code == Some(5) { 5 } else { 3 });
        assert!(said.contains("[redacted]"), "{place}: {ran}");
    }
}

fn token() -> String {
    format!(r#"{{"accessToken":"{READY_TOKEN}","expireIn":7200}}"#)
}

#[test]
fn an_endpoint_with_a_password_in_it_is_refused_without_repeating_it() {
    let scene = Scene::of_fifteen();
    scene.hides("p4ssw0rd-in-url");
    for endpoint in ["https://user:p4ssw0rd-in-url@api.dingtalk.com", "user:p4ssw0rd-in-url@api.dingtalk.com"] {
        let scene = scene.start_words(&["apply", "rooms.yaml", "--yes", "--endpoint", endpoint]).ended();
        scene.exits(1);
        assert!(!scene.err.contains("p4ssw0rd"), "{scene}");
    }
}
