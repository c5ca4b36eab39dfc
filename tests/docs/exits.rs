//! The exit codes are what the pages say they are.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::page::Tongue;
use crate::stage::{ROOMTREE, Serving, Stage};

/// A folder with a sandbox that serves beside it.
struct Beside {
    stage: Stage,
    sandbox: Serving,
}

impl Beside {
    fn with(arguments: &[&str]) -> Self {
        let stage = Stage::new(Tongue::English);
        let sandbox = Serving::start(stage.command(ROOMTREE).arg("sandbox").args(arguments));
        Self { stage, sandbox }
    }

    fn apply(&self, arguments: &[&str]) -> Command {
        let mut apply = self.stage.command(ROOMTREE);
        apply.env("DINGTALK_CLIENT_ID", "sandbox").env("DINGTALK_CLIENT_SECRET", "sandbox");
        apply.env("DINGTALK_UNION_ID", "me").args(["apply", "examples/acme.yaml", "--yes"]);
        apply.args(["--endpoint", &self.sandbox.url]).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        apply
    }

    fn exit(&self) -> Option<i32> {
        self.apply(&[]).status().unwrap().code()
    }
}

#[test]
fn exit_codes_before_anything_is_changed() {
    let stage = Stage::new(Tongue::English);
    let code = |arguments| stage.roomtree(arguments).status.code();
    assert_eq!(code("validate examples/acme.yaml"), Some(0));
    assert_eq!(code("validate examples/none.yaml"), Some(1));
    assert_eq!(code("plan examples/acme.yaml"), Some(1), "without credentials");
    assert_eq!(code("plan examples/acme.yaml --no-such-flag"), Some(1));
    assert_eq!(code("plan examples/acme.yaml --offline --detailed-exitcode"), Some(2));
    assert_eq!(code("apply examples/acme.yaml --sandbox"), Some(4), "nobody confirms");
}

#[test]
fn exit_codes_of_an_apply() {
    assert_eq!(Beside::with(&["--fault", "list:permission"]).exit(), Some(5));
    let failing = Beside::with(&["--fault", "create:error(400,group.too.much)@28"]);
    assert_eq!([failing.exit(), failing.exit()], [Some(3), Some(0)]);
}

#[test]
fn an_interrupted_apply_says_130() {
    let beside = Beside::with(&[]);
    // Two calls a second make 28 groups take so long that no signal comes too late.
    let mut apply = beside.apply(&["--qps", "2"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut progress = BufReader::new(apply.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("created") {
        line.clear();
        assert!(progress.read_line(&mut line).unwrap() > 0, "ended before anything was created");
    }
    assert!(Command::new("kill").args(["-INT", &apply.id().to_string()]).status().unwrap().success());
    std::io::copy(&mut progress, &mut std::io::sink()).unwrap();
    assert_eq!(apply.wait().unwrap().code(), Some(130));
}
