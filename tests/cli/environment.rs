//! The surroundings of a run: proxies, certificates, variables with damaged values, and a machine that is short of everything.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use roomtree::sandbox::Operation;

use crate::ran::Ran;
use crate::running::Running;
use crate::test_env::{QUICK, Scene};
use crate::tree::Tree;

/// An address that nothing answers at (RFC 5737); no test may get as far as trying.
const NOWHERE: &str = "https://192.0.2.1";
/// A password that must not be shown.
const PASSWORD: &str = "hunter2-0f-the-proxy";

/// A proxy that refuses every request, and the heads of the requests that it saw.
struct Proxy {
    address: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let heads = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
                heads.lock().unwrap().push(head.join("\n"));
                stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n").unwrap();
            }
        });
        Self { address, seen }
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

fn elsewhere() -> Scene {
    Scene::of_fifteen().variable("DINGTALK_ENDPOINT", NOWHERE)
}

/// Runs a command line of a shell in which `$0` is the program.
#[track_caller]
fn shell(scene: &Scene, line: &str) -> Ran {
    let mut command = scene.command("/bin/sh");
    let child = command.args(["-c", line, env!("CARGO_BIN_EXE_roomtree")]).spawn().unwrap();
    scene.look_at(Running::new(line.to_owned(), child).ended())
}

fn apply() -> String {
    format!("exec \"$0\" apply rooms.yaml --yes {QUICK}")
}

#[test]
fn unusable_proxy_is_an_error_before_any_connection() {
    for (name, value, reason) in [
        ("HTTPS_PROXY", "\"http://127.0.0.1:1\"", "in quotes"),
        ("https_proxy", "htp://127.0.0.1:1", "scheme `htp`"),
        ("HTTPS_PROXY", "http://127.0.0.1:1\r", "carriage return"),
        ("ALL_PROXY", "socks://127.0.0.1:1/", "SOCKS"),
        ("all_proxy", "socks5://127.0.0.1:1", "SOCKS"),
    ] {
        for command in ["plan rooms.yaml", "apply rooms.yaml --yes", "doctor", "pull new.yaml"] {
            let ran = elsewhere().variable(name, value).run(command);
            let said = format!("{}{}", ran.out, ran.err);
            let named = format!("{name} is not a usable proxy");
            assert!(said.to_lowercase().contains(&named.to_lowercase()) && said.contains(reason), "{ran}");
            ran.exits(1);
        }
    }
}

#[test]
fn proxy_is_used_and_its_password_hidden() {
    let proxy = Proxy::start();
    let address = format!("http://user:{PASSWORD}@{}", proxy.address);
    // CGI programs ignore HTTP_PROXY alone.
    let scene = elsewhere().variable("HTTPS_PROXY", &address).variable("REQUEST_METHOD", "GET");
    scene.hides(PASSWORD);
    let shown = format!("http://***@{}", proxy.address);
    scene.run("plan rooms.yaml").exits(5).says(&[&format!("through the proxy `{shown}`, HTTPS_PROXY")]);
    assert!(proxy.seen().iter().all(|head| head.starts_with("CONNECT 192.0.2.1:443 ")), "{:?}", proxy.seen());
    assert!(proxy.seen()[0].to_ascii_lowercase().contains("proxy-authorization: basic "), "{:?}", proxy.seen());
    scene.run("doctor").exits(5).shows(&[&format!("Proxy: `{shown}` (HTTPS_PROXY). Certificates: ")]);
    scene.run("doctor --lang zh").exits(5).shows(&[&format!("代理：`{shown}`（HTTPS_PROXY）。证书：")]);
}

#[test]
fn this_machine_is_never_reached_through_a_proxy() {
    let proxy = Proxy::start();
    let names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let scene = names.iter().fold(Scene::of_fifteen(), |scene, name| scene.variable(name, &proxy.address));
    scene.apply().exits(0);
    scene.is_true();
    scene.run("plan rooms.yaml --sandbox").exits(0);
    scene
        .run("doctor")
        .exits(0)
        .shows(&["No proxy: HTTPS_PROXY is not used, because the endpoint is on this machine."]);
    assert_eq!(proxy.seen(), [""; 0]);
}

#[test]
fn variable_that_decides_nothing_stays_quiet() {
    let scene = Scene::of_fifteen().variable("HTTPS_PROXY", "\"").variable("SSL_CERT_FILE", "/missing");
    scene.run("plan rooms.yaml").exits(0).says_nothing();
    scene.run("plan rooms.yaml --sandbox").exits(0).says_nothing();
    let offline = elsewhere().variable("HTTPS_PROXY", "\"").variable("DINGTALK_CLIENT_ID", "\"a\"");
    offline.run("plan rooms.yaml --offline").exits(0).says_nothing();
}

#[test]
fn unusable_certificates_are_an_error() {
    let scene = elsewhere().variable("SSL_CERT_FILE", "missing.pem");
    scene.run("plan rooms.yaml").exits(1).says(&["SSL_CERT_FILE cannot be used: cannot read `missing.pem`"]);
    scene.run("doctor").exits(1).shows(&["SSL_CERT_FILE cannot be used"]);
    scene.write("missing.pem", "no certificate");
    scene.run("plan rooms.yaml").exits(1).says(&["`missing.pem` contains no PEM certificate"]);
    let scene = elsewhere().variable("SSL_CERT_DIR", "missing");
    scene.run("plan rooms.yaml --lang zh").exits(1).says(&["SSL_CERT_DIR 无法使用：无法读取 `missing`"]);
}

#[test]
fn damaged_variable_is_an_error_without_its_secret() {
    for (name, value, reason) in [
        ("DINGTALK_CLIENT_ID", "\"sandbox\"", "`\"sandbox\"` is in quotes"),
        ("DINGTALK_CLIENT_ID", "<client id>", "is a placeholder"),
        ("DINGTALK_CLIENT_SECRET", "'t0p-s3cret'", "DINGTALK_CLIENT_SECRET cannot be used: its value is in quotes"),
        ("DINGTALK_UNION_ID", "the operator", "contains whitespace"),
        ("DINGTALK_CORP_ID", "ding\u{200b}corp", "contains whitespace, invisible"),
        ("DINGTALK_ENDPOINT", "'http://127.0.0.1:1'", "is in quotes"),
        ("DINGTALK_ACCESS_TOKEN", "${TOKEN}", "its value is a placeholder"),
    ] {
        let scene = Scene::of_fifteen().variable(name, value);
        scene.hides("t0p-s3cret");
        scene.run("plan rooms.yaml").exits(1).says(&[name, reason]);
        scene.run("doctor").exits(1).shows(&[name, reason]);
        assert_eq!(scene.calls(), "");
    }
}

#[test]
fn whitespace_around_a_value_does_no_harm() {
    let scene = Scene::of_fifteen().variable("DINGTALK_UNION_ID", " the-operator\r\n").variable("DINGTALK_CORP_ID", "");
    scene.apply().exits(0);
    scene.is_true();
}

#[test]
fn misspelled_variable_is_reported() {
    let scene = Scene::of_fifteen().variable("DINGTALK_CORPID", "dingsandbox").variable("DINGTALK_WEBHOOK", "x");
    let ran = scene.run("plan rooms.yaml");
    ran.exits(0)
        .says(&["warning: DINGTALK_CORPID is not a variable that roomtree reads: did you mean DINGTALK_CORP_ID?"]);
    assert!(!ran.err.contains("WEBHOOK"), "{ran}");
    let scene = Scene::of_fifteen().without("DINGTALK_UNION_ID").variable("DINGTALK_UNIONID", "me");
    scene.run("plan rooms.yaml").exits(1).says(&["did you mean DINGTALK_UNION_ID?"]);
}

#[test]
fn secret_given_twice_is_reported() {
    let scene = Scene::of_fifteen().variable("DINGTALK_CLIENT_SECRET_FILE", "app.secret");
    scene.run("plan rooms.yaml").exits(0).says(&["DINGTALK_CLIENT_SECRET_FILE has no effect"]);
}

#[test]
fn file_with_a_secret_may_have_a_mark_but_one_value() {
    let scene =
        Scene::of_fifteen().without("DINGTALK_CLIENT_SECRET").variable("DINGTALK_CLIENT_SECRET_FILE", "a.secret");
    scene.write("a.secret", format!("\u{FEFF}{}\r\n", crate::test_env::CLIENT_SECRET));
    scene.run("plan rooms.yaml").exits(0);
    scene.write("a.secret", format!("id\n{}\n", crate::test_env::CLIENT_SECRET));
    scene
        .run("plan rooms.yaml")
        .exits(1)
        .says(&["DINGTALK_CLIENT_SECRET_FILE cannot be used: the text of its file contains whitespace"]);
    let scene = scene.variable("DINGTALK_CLIENT_SECRET_FILE", "/dev/zero");
    scene.run("plan rooms.yaml").exits(1).says(&["DINGTALK_CLIENT_SECRET_FILE"]);
}

#[test]
fn too_few_file_descriptors_are_an_error() {
    for number in 4..=16 {
        let scene = Scene::of_fifteen();
        let ran = shell(&scene, &format!("ulimit -n {number}; {}", apply()));
        ran.exits_with_one_of(&[0, 1, 3, 5]);
        assert!(!ran.err.contains("panicked"), "{number}: {ran}");
        scene.apply().exits(0);
        scene.is_true();
        assert_eq!(scene.count(Operation::Create), 15, "{number}");
    }
}

#[test]
fn closed_streams_do_not_touch_the_state() {
    let scene = Scene::of_fifteen();
    shell(&scene, &format!("{} <&- >&- 2>&-", apply())).exits(0);
    scene.is_true();
    shell(&scene, "exec \"$0\" plan rooms.yaml --format json <&-").exits(0);
}

#[test]
fn full_file_ends_a_run_without_a_signal() {
    let scene = Scene::new().wanting(Tree::flat(60));
    let ran = shell(&scene, &format!("ulimit -f 2; {}", apply()));
    ran.exits_with_one_of(&[1, 3]).says(&["File too large"]);
    scene.apply().exits(0);
    scene.is_true();
    assert_eq!(scene.count(Operation::Create), 60);
}

#[test]
fn log_at_its_size_limit_does_not_end_a_run() {
    let scene = Scene::of_fifteen();
    scene.write("full.yaml", format!("# roomtree-log\n{}", "x".repeat(1 << 18)));
    let ran = shell(&scene, &format!("ulimit -f 128; {} --log full.yaml", apply()));
    ran.exits(0).says(&["warning: the log is incomplete: File too large"]);
    scene.is_true();
    // The header of a new log is a line as well.
    let ran = shell(&scene, &format!("ulimit -f 0; {} --log new.log", apply()));
    ran.exits(1).shows_nothing().says(&["cannot write `new.log`", "File too large"]);
    assert_eq!((scene.count(Operation::Create), scene.count(Operation::List)), (15, 1));
}

#[test]
fn result_larger_than_the_size_limit_is_an_error() {
    let scene = Scene::of_fifteen();
    for command in ["plan rooms.yaml --offline --out saved.plan.json", "schema plan >result", "--help >result"] {
        let ran = shell(&scene, &format!("ulimit -f 0; exec \"$0\" {command}"));
        ran.exits(1).says(&["error: ", "File too large"]);
    }
}

#[test]
fn missing_folders_are_an_error_without_a_panic() {
    let scene = Scene::of_fifteen().variable("TMPDIR", "/nonexistent").variable("HOME", "");
    for command in ["plan rooms.yaml", "apply rooms.yaml --yes --sandbox", "validate rooms.yaml", "init", "fmt ."] {
        let ran = shell(&scene, &format!("mkdir gone && cd gone && rmdir ../gone && exec \"$0\" {command}"));
        ran.exits(1);
        assert!(!ran.err.contains("panicked"), "{ran}");
    }
    scene.apply().exits(0);
    scene.is_true();
}
