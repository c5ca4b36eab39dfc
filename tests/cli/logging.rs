//! The log: off by default, complete where it is on, and without secrets in any place.

use crate::ran::Ran;
use crate::scripted::Scripted;
use crate::test_env::{CLIENT_SECRET, QUICK, STATE, Scene};
use crate::tree::Tree;

const READY_TOKEN: &str = "r34dy-t0k3n-+/=Zz81";
const LOG: &str = "run.log.yaml";

/// Every command, in an order in which each finds its files, with the exit codes of a first and a second run.
const COMMANDS: [(&str, [i32; 2]); 18] = [
    ("init new.yaml --groups A --no-schema", [0, 1]),
    ("validate rooms.yaml", [0, 0]),
    ("fmt --check rooms.yaml", [2, 2]),
    ("plan rooms.yaml --out saved.plan.json", [0, 0]),
    ("plan rooms.yaml --offline", [0, 0]),
    ("plan rooms.yaml --sandbox", [0, 0]),
    ("apply rooms.yaml --yes --qps off --format json", [0, 0]),
    ("apply rooms.yaml --yes --qps off --format jsonl", [0, 0]),
    ("doctor rooms.yaml", [0, 0]),
    ("pull pulled.yaml", [0, 0]),
    ("state list rooms.yaml", [0, 0]),
    ("state rebuild rooms.yaml --yes --settle 10ms", [0, 0]),
    ("state unlock rooms.yaml", [0, 0]),
    ("import offices.csv --out offices.yaml", [0, 1]),
    ("schema plan", [0, 0]),
    ("completions bash", [0, 0]),
    ("man", [0, 0]),
    ("destroy rooms.yaml --yes --qps off", [0, 0]),
];

fn requests(log: &str) -> Vec<&str> {
    log.lines().filter(|line| line.contains("DEBUG request")).collect()
}

/// Returns the lines that are no lines of the log.
fn without_log(ran: &Ran) -> String {
    let is_log = |line: &&str| line.contains("Z  INFO ") || line.contains("Z DEBUG ");
    ran.err.lines().filter(|line| !is_log(line)).map(|line| format!("{line}\n")).collect()
}

#[test]
fn every_command_logs_no_secret() {
    let sources: [&[(&str, &str)]; 3] = [
        &[("DINGTALK_CLIENT_SECRET", CLIENT_SECRET)],
        &[("DINGTALK_CLIENT_SECRET_FILE", "app.secret")],
        &[("DINGTALK_ACCESS_TOKEN_FILE", "token.secret"), ("DINGTALK_USER_ID", "the-user")],
    ];
    for variables in sources {
        let mut scene = Scene::new().wanting(Tree::of(&["北京/A 座", "上海"])).without("DINGTALK_CLIENT_SECRET");
        scene.write("app.secret", CLIENT_SECRET);
        scene.write("token.secret", scene.learn_token().unwrap());
        scene.write("offices.csv", "城市,楼栋\n北京,A\n");
        for (name, value) in variables {
            scene = scene.variable(name, value);
        }
        if variables.len() > 1 {
            let url = scene.sandbox.url();
            scene = scene.without("DINGTALK_UNION_ID").variable("DINGTALK_OAPI_ENDPOINT", &url);
        }
        for (command, [first, second]) in COMMANDS {
            // Each run is searched for the secrets, on its streams and in its files.
            let ran = scene.run(&format!("{command} -vv"));
            ran.exits(first).says(&["INFO started", &format!("INFO finished exit={first}")]);
            scene.run(&format!("{command} --log {LOG}")).exits(second);
        }
        let log = scene.read(LOG);
        assert!(requests(&log).len() > 5, "{log}");
        assert!(!log.contains("access_token") && !log.contains("accessToken"), "{log}");
    }
}

#[test]
fn responses_that_repeat_secrets_are_logged_without_them() {
    let token = format!(r#"{{"accessToken":"{READY_TOKEN}","expireIn":7200}}"#);
    let echo = |status: u16, secret: &str| {
        let body =
            format!(r#"{{"code":"bad.{secret}","message":"bad {secret} of {CLIENT_SECRET}","requestid":"{secret}"}}"#);
        (status, body)
    };
    for (status, body) in [echo(400, READY_TOKEN), echo(200, READY_TOKEN), echo(500, CLIENT_SECRET)] {
        let script = vec![("POST /v1.0/oauth2", 200, token.clone()), ("GET /v1.0/rooms", status, body)];
        let server = Scripted::new(script);
        let scene = Scene::of_fifteen().variable("DINGTALK_ENDPOINT", &server.url);
        scene.hides(READY_TOKEN);
        for command in ["apply rooms.yaml --yes", "plan rooms.yaml --out saved.plan.json"] {
            let ran = scene.run(&format!("{command} -vv"));
            ran.exits(5);
            assert!(requests(&ran.err).iter().any(|line| line.contains("[redacted]")), "{ran}");
            scene.run(&format!("{command} --log {LOG}")).exits(5);
        }
        assert!(scene.read(LOG).contains("outcome="));
    }
}

#[test]
fn request_line_has_method_path_status_duration_and_attempt() {
    let scene = Scene::new().wanting(Tree::of(&["北京", "上海"])).faulty(&["create:qps@1", "list:500-before@1"]);
    let ran = scene.run(&format!("apply rooms.yaml --yes {QUICK} --concurrency 1 -vv"));
    ran.exits(0);
    let lines = requests(&ran.err);
    let find = |texts: &[&str]| {
        assert!(lines.iter().any(|line| texts.iter().all(|text| line.contains(text))), "no {texts:?} in {ran}");
    };
    let list = "method=\"GET\" path=\"/v1.0/rooms/groupLists\"";
    find(&["api=\"token\"", "path=\"/v1.0/oauth2/[redacted]\"", "attempt=1", "status=200", " ms=", "outcome=\"done\""]);
    find(&[list, "attempt=1", "status=500", "outcome=\"unknown\"", "kind=\"server\"", "request_id=\""]);
    find(&[list, "attempt=2", "status=200", "outcome=\"done\""]);
    let create = "method=\"POST\" path=\"/v1.0/rooms/groups\"";
    find(&[create, "attempt=1", "outcome=\"throttled\""]);
    find(&[create, "attempt=2", "status=200", "outcome=\"done\""]);
    scene.is_true();
}

#[test]
fn one_v_logs_phases_and_no_request() {
    let scene = Scene::of_fifteen().faulty(&["list:500-before@1"]);
    let ran = scene.run(&format!("apply rooms.yaml --yes {QUICK} -v"));
    let phases =
        ["lock taken", "preflight", "list groups=0", "plan create=15", "apply steps=15", "journal batch records="];
    ran.exits(0).says(&phases);
    ran.says(&["retry api=\"list\"", "checkpoint serial=1 is_written=true open=0 ms=", "finished exit=0"]);
    assert_eq!(requests(&ran.err), [""; 0], "{ran}");
}

#[test]
fn nothing_is_logged_by_default_and_results_are_the_same_with_a_log() {
    let scene = Scene::of_fifteen();
    for command in
        ["plan rooms.yaml", "plan rooms.yaml --format json", "validate rooms.yaml", "doctor rooms.yaml --read-only"]
    {
        let plain = scene.run(command);
        plain.exits(0);
        assert_eq!(without_log(&plain), plain.err, "{plain}");
        let logged = scene.run(&format!("{command} -vv"));
        logged.exits(0).says(&["INFO finished exit=0"]);
        assert_eq!((&logged.out, without_log(&logged)), (&plain.out, plain.err.clone()), "{logged}");
        let to_file = scene.run(&format!("{command} --log {LOG}"));
        to_file.exits(0);
        assert_eq!((&to_file.out, &to_file.err), (&plain.out, &plain.err), "{to_file}");
    }
    let log = scene.read(LOG);
    assert!(log.starts_with("# roomtree-log\n") && log.matches("INFO started").count() == 4, "{log}");
    assert!(!requests(&log).is_empty(), "{log}");
}

#[test]
fn log_file_of_others_is_refused_before_anything_is_done() {
    let scene = Scene::of_fifteen();
    scene.write("notes.yaml", "mine\n");
    for file in ["notes.yaml", "rooms.yaml", STATE, ".", "missing/run.log"] {
        let ran = scene.run(&format!("apply rooms.yaml --yes --log {file}"));
        ran.exits(1).shows_nothing().says(&["error: "]);
    }
    assert_eq!((scene.calls(), scene.read("notes.yaml")), (String::new(), "mine\n".to_owned()));
    let json = scene.run("apply rooms.yaml --yes --format json --log notes.yaml").exits(1).json();
    assert_eq!(json["error"]["kind"], "input");
}

#[test]
fn variable_sets_the_level() {
    let scene = Scene::of_fifteen().variable("ROOMTREE_LOG", "info");
    let ran = scene.run("plan rooms.yaml");
    ran.exits(0).says(&["INFO list groups=0"]);
    assert_eq!(requests(&ran.err), [""; 0]);
    let scene = scene.variable("ROOMTREE_LOG", "debug");
    assert_eq!(requests(&scene.run("plan rooms.yaml").err).len(), 2);
    let scene = scene.variable("ROOMTREE_LOG", "off");
    scene.run(&format!("plan rooms.yaml --log {LOG}")).exits(0).says_nothing();
    assert!(!scene.path(LOG).exists());
    let scene = scene.variable("ROOMTREE_LOG", "hyper=trace");
    scene.run("plan rooms.yaml").exits(1).shows_nothing().says(&[
        "ROOMTREE_LOG",
        "`hyper=trace`",
        "`info`, `debug` or `off`",
    ]);
    scene.run("plan rooms.yaml --lang zh").exits(1).says(&["ROOMTREE_LOG 无法使用"]);
}

#[cfg(target_os = "linux")]
#[test]
fn log_lines_on_a_terminal_are_above_the_bar() {
    let scene = Scene::new().wanting(Tree::flat(60)).coloured();
    let line = "apply rooms.yaml --yes --qps 40 -vv";
    let Some((code, shown)) = crate::terminal::typed(&scene, line, b"") else { return };
    assert_eq!(code, Some(0), "{shown}");
    // What is drawn of the bar is cleared before a line: none begins behind a part of it.
    let is_broken = |line: &&str| line.contains("━") && line.contains(" DEBUG request");
    let lines: Vec<&str> = shown.split('\n').collect();
    let broken: Vec<&&str> =
        lines.iter().filter(|line| is_broken(line)).filter(|line| !line.contains("\u{1b}[2K")).collect();
    assert!(broken.is_empty(), "{broken:?}");
    assert!(lines.iter().filter(|line| line.contains(" DEBUG request")).count() > 60, "{shown}");
}
