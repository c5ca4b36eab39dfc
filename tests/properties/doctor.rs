//! `roomtree doctor` as people run it: the binary itself against a sandbox in this process.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene is to fail")]

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output};

use roomtree::group::{GroupId, GroupPath};
use roomtree::sandbox::{Config, Sandbox};
use roomtree::state::{Change, Holder, Identity, Record, Store};
use serde_json::Value;
use tempfile::TempDir;

const SECRET: &str = "s3cr3t-0f-the-4pp";

/// A folder, and a DingTalk that answers to it.
struct Scene {
    folder: TempDir,
    sandbox: Sandbox,
    variables: Vec<(&'static str, String)>,
}

/// What a run of the binary left.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Scene {
    async fn new(config: Config) -> Self {
        let config = Config { client_id: "app".to_owned(), client_secret: SECRET.to_owned(), ..config };
        let sandbox = Sandbox::start(config).await.unwrap();
        let variables = vec![
            ("DINGTALK_ENDPOINT", sandbox.url()),
            ("DINGTALK_CLIENT_ID", "app".to_owned()),
            ("DINGTALK_CLIENT_SECRET", SECRET.to_owned()),
            ("DINGTALK_UNION_ID", "operator".to_owned()),
        ];
        Self { folder: tempfile::tempdir().unwrap(), sandbox, variables }
    }

    /// A scene with a manifest of two groups, applied.
    async fn applied() -> Self {
        let scene = Self::new(Config::default()).await;
        scene.write("tree.yaml", "version: 1\ngroups:\n  - name: 北京\n    children: [望京]\n");
        let ran = scene.run(&["apply", "tree.yaml", "--yes"]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        scene
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.retain(|(known, _)| *known != name);
        self.variables.push((name, value.to_owned()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.variables.retain(|(known, _)| *known != name);
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_roomtree"));
        command.args(arguments).current_dir(self.folder.path()).env_clear().envs(self.variables.iter().cloned());
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
    }

    fn doctor(&self, arguments: &[&str]) -> Ran {
        self.run(&[&["doctor"], arguments].concat())
    }

    /// Leaves what a run leaves that dies in the middle of a call.
    fn interrupt(&self, name: &str) {
        let identity = Identity { endpoint: self.sandbox.url(), organization: None, root: GroupId::ROOT };
        let holder = Holder { pid: 1, host: "here".to_owned(), command: "apply".to_owned(), since: None };
        let (mut store, mut ledger) = Store::open(&self.path("tree.yaml.state.json"), identity, holder).unwrap();
        let change = Change::Create { path: GroupPath::top().join(name), parent: GroupId::ROOT };
        let mut journal = store.journal().unwrap();
        journal.append(&[Record::Intent { seq: ledger.next_seq(), change }]).unwrap();
        journal.sync().unwrap();
    }

    fn id_of(&self, name: &str) -> i64 {
        self.sandbox.groups().iter().find(|group| &*group.name == name).unwrap().id
    }

    fn ids(&self) -> Vec<i64> {
        self.sandbox.groups().iter().map(|group| group.id).collect()
    }
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect("the result is one JSON document")
    }

    /// Returns the verdict of each check, in the order of looking.
    fn verdicts(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let checks = self.json()["checks"].as_array().unwrap().clone();
        checks.iter().map(|check| (text(&check["check"]), text(&check["verdict"]))).collect()
    }

    fn of(&self, verdict: &str) -> Vec<String> {
        self.verdicts().into_iter().filter(|(_, found)| found == verdict).map(|(check, _)| check).collect()
    }

    fn check(&self, name: &str) -> Value {
        let json = self.json();
        json["checks"].as_array().unwrap().iter().find(|check| check["check"] == name).unwrap().clone()
    }

    fn fates(&self) -> Vec<(i64, String)> {
        let json = self.json();
        let groups = json["removal"]["groups"].as_array().unwrap();
        groups.iter().map(|group| (group["id"].as_i64().unwrap(), group["fate"].as_str().unwrap().to_owned())).collect()
    }

    fn keeps_secret(&self) {
        assert!(!self.out.contains(SECRET) && !self.err.contains(SECRET), "{}{}", self.out, self.err);
    }
}

const JSON: [&str; 2] = ["--format", "json"];

#[tokio::test(flavor = "multi_thread")]
async fn all_is_well_after_an_apply() {
    let scene = Scene::applied().await;
    let before = fs::read(scene.path("tree.yaml.state.json")).unwrap();
    let ran = scene.doctor(&["tree.yaml", "--format", "json"]);
    assert_eq!((ran.code, ran.of("ok").len()), (0, 11), "{}", ran.out);
    ran.keeps_secret();
    let text = scene.doctor(&["tree.yaml"]);
    assert_eq!(text.code, 0);
    assert!(text.out.contains("Well: 11 ok, 0 warnings, 0 failed, 0 skipped."), "{}", text.out);
    assert!(text.out.contains("DINGTALK_CLIENT_SECRET"), "{}", text.out);
    text.keeps_secret();
    assert_eq!(fs::read(scene.path("tree.yaml.state.json")).unwrap(), before);
    assert!(!scene.path("tree.yaml.state.json.lock").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_manifest_what_is_remembered_is_skipped() {
    let ran = Scene::new(Config::default()).await.doctor(&JSON);
    assert_eq!((ran.code, ran.of("skipped")), (0, vec!["state".to_owned(), "drift".to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_calls_are_made_and_neither_changes_anything() {
    let scene = Scene::applied().await;
    let before = scene.sandbox.groups();
    scene.sandbox.forget_calls();
    assert_eq!(scene.doctor(&["tree.yaml"]).code, 0);
    let seen: Vec<String> = scene.sandbox.requests().iter().map(|request| request.method.clone()).collect();
    assert_eq!(seen, ["POST", "GET", "PUT"]);
    scene.sandbox.forget_calls();
    let ran = scene.doctor(&["tree.yaml", "--read-only", "--format", "json"]);
    assert_eq!((ran.code, ran.of("skipped")), (0, vec!["write".to_owned()]));
    assert_eq!(scene.sandbox.requests().len(), 2);
    assert_eq!(scene.sandbox.groups(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_fails_the_token_alone() {
    let wrong = "wr0ng-s3cr3t-value";
    let scene = Scene::new(Config::default()).await.with("DINGTALK_CLIENT_SECRET", wrong);
    let ran = scene.doctor(&JSON);
    assert_eq!((ran.code, ran.of("failed")), (5, vec!["token".to_owned()]), "{}", ran.out);
    assert_eq!(ran.of("ok"), ["environment", "endpoint", "clock"]);
    assert!(ran.check("token")["remedy"].as_str().unwrap().contains("open-dev.dingtalk.com"));
    assert!(!ran.out.contains(wrong) && !ran.err.contains(wrong));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_who_is_no_admin_may_read_but_not_write() {
    let config = Config { admins: Some(vec!["boss".to_owned()]), ..Config::default() };
    let ran = Scene::new(config).await.doctor(&JSON);
    assert_eq!((ran.code, ran.of("failed")), (5, vec!["write".to_owned()]), "{}", ran.out);
    assert!(ran.check("write")["detail"].as_str().unwrap().contains("user.not.admin"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_of_another_organization_cannot_read() {
    let config = Config { employees: Some(vec!["boss".to_owned()]), ..Config::default() };
    let ran = Scene::new(config).await.doctor(&JSON);
    assert_eq!((ran.code, ran.of("failed")), (5, vec!["read".to_owned()]), "{}", ran.out);
    assert_eq!(ran.of("skipped"), ["write", "state", "drift", "duplicates", "tree"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_permission_is_told_with_where_to_apply_for_it() {
    let ran = Scene::new(Config { may_write: false, ..Config::default() }).await.doctor(&JSON);
    assert_eq!((ran.code, ran.of("failed")), (5, vec!["write".to_owned()]), "{}", ran.out);
    assert!(ran.check("write")["remedy"].as_str().unwrap().contains("VideoConference.Conference.Write"));
    let ran = Scene::new(Config { may_read: false, ..Config::default() }).await.doctor(&JSON);
    assert_eq!((ran.code, ran.of("failed")), (5, vec!["read".to_owned()]), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_parameter_tells_nothing_and_says_so() {
    let scene = Scene::new(Config::default()).await;
    scene.sandbox.add_fault("rename:error(400,param.error)".parse().unwrap());
    let ran = scene.doctor(&JSON);
    assert_eq!((ran.code, ran.of("warning")), (0, vec!["write".to_owned()]), "{}", ran.out);
    assert!(ran.check("write")["detail"].as_str().unwrap().starts_with("Cannot be told"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_where_nobody_answers_fails_the_endpoint_alone() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let scene = Scene::new(Config::default()).await.with("DINGTALK_ENDPOINT", &format!("http://{nobody}"));
    let ran = scene.doctor(&JSON);
    assert_eq!((ran.code, ran.of("failed")), (5, vec!["endpoint".to_owned()]), "{}", ran.out);
    assert_eq!(ran.of("ok"), ["environment"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_wrongly_is_wrong_input() {
    let scene = Scene::new(Config::default()).await.without("DINGTALK_UNION_ID");
    let ran = scene.doctor(&JSON);
    assert_eq!((ran.code, ran.of("failed")), (1, vec!["environment".to_owned()]), "{}", ran.out);
    assert_eq!(scene.sandbox.requests().len(), 0);
    let scene = scene.with("DINGTALK_UNION_ID", "operator").with("DINGTALK_ENDPOINT", "http://example.com");
    let ran = scene.doctor(&JSON);
    assert_eq!((ran.code, ran.of("failed")), (1, vec!["endpoint".to_owned()]), "{}", ran.out);
    scene.write("bad.yaml", "version: 1\ngroups: [{nmae: x}]\n");
    assert_eq!(scene.doctor(&["bad.yaml"]).code, 1);
    assert_eq!(scene.doctor(&["--state", "none.json"]).code, 1);
    assert_eq!(scene.doctor(&["--remove-duplicates"]).code, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ready_token_that_expired_fails_the_token() {
    let scene = Scene::new(Config::default()).await.with("DINGTALK_ACCESS_TOKEN", "0ld-t0ken-value");
    let ran = scene.doctor(&JSON);
    assert_eq!((ran.code, ran.of("failed")), (5, vec!["token".to_owned()]), "{}", ran.out);
    assert_eq!(ran.of("warning"), ["environment"], "client id and secret have no effect beside a token");
    assert!(!ran.out.contains("0ld-t0ken-value") && !ran.err.contains("0ld-t0ken-value"));
    ran.keeps_secret();
}

#[tokio::test(flavor = "multi_thread")]
async fn drift_is_told_by_path_and_id() {
    let scene = Scene::applied().await;
    let child = scene.id_of("望京");
    scene.sandbox.rename_group(child, "望\u{1b}[2J京");
    let ran = scene.doctor(&["tree.yaml", "--format", "json"]);
    assert_eq!((ran.code, ran.of("warning")), (0, vec!["drift".to_owned()]), "{}", ran.out);
    assert_eq!(ran.check("drift")["evidence"][0]["kind"], "renamed");
    let text = scene.doctor(&["--state", "tree.yaml.state.json"]);
    assert_eq!(text.code, 0, "{}", text.out);
    assert!(text.out.contains(&format!("/北京/望京 {child} is called `望\u{FFFD}[2J京`")), "{}", text.out);
    scene.sandbox.remove_group(child);
    let ran = scene.doctor(&["tree.yaml", "--format", "json"]);
    assert_eq!(ran.check("drift")["evidence"][0]["kind"], "gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_of_another_endpoint_or_organization_is_refused() {
    let scene = Scene::applied().await;
    let state = fs::read_to_string(scene.path("tree.yaml.state.json")).unwrap();
    scene.write("tree.yaml.state.json", &state.replace(&scene.sandbox.url(), "https://api.dingtalk.com"));
    let ran = scene.doctor(&["tree.yaml", "--format", "json"]);
    assert_eq!((ran.code, ran.of("failed")), (4, vec!["state".to_owned()]), "{}", ran.out);
    assert_eq!(ran.of("skipped"), ["drift"]);
    scene.write("tree.yaml.state.json", "{");
    assert_eq!(scene.doctor(&["tree.yaml"]).code, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_lock_is_told_and_nothing_is_removed() {
    let scene = Scene::applied().await;
    let duplicate = scene.sandbox.add_group(0, "北京");
    let lock = fs::File::create(scene.path("tree.yaml.state.json.lock")).unwrap();
    lock.lock().unwrap();
    let ran = scene.doctor(&["tree.yaml", "--format", "json"]);
    assert_eq!((ran.code, ran.of("warning")), (0, vec!["state".to_owned(), "duplicates".to_owned()]), "{}", ran.out);
    let ran = scene.doctor(&["tree.yaml", "--remove-duplicates", "--yes"]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    assert!(scene.ids().contains(&duplicate));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_empty_unrecorded_duplicate_goes_and_nothing_else() {
    let scene = Scene::applied().await;
    let (top, child) = (scene.id_of("北京"), scene.id_of("望京"));
    let empty = scene.sandbox.add_group(0, "北京");
    let full = scene.sandbox.add_group(0, "北京");
    let inner = scene.sandbox.add_group(full, "望京");
    let strangers = [scene.sandbox.add_group(0, "上海"), scene.sandbox.add_group(0, "上海")];
    let state = fs::read(scene.path("tree.yaml.state.json")).unwrap();
    let ran = scene.doctor(&["tree.yaml", "--remove-duplicates", "--yes", "--format", "json"]);
    assert_eq!((ran.code, ran.fates()), (0, vec![(empty, "removed".to_owned())]), "{}{}", ran.out, ran.err);
    assert_eq!(scene.ids(), [top, child, full, inner, strangers[0], strangers[1]]);
    assert_eq!(ran.json()["removal"]["duplicates_left"], 4);
    assert_eq!(fs::read(scene.path("tree.yaml.state.json")).unwrap(), state);
    assert!(!scene.path("tree.yaml.state.json.lock").exists());
    let again = scene.doctor(&["tree.yaml", "--remove-duplicates", "--yes"]);
    assert_eq!(again.code, 0);
    assert!(again.out.contains("Nothing to remove:") && again.out.contains("oa.dingtalk.com"), "{}", again.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicates_are_not_removed_without_a_yes() {
    let scene = Scene::applied().await;
    let duplicate = scene.sandbox.add_group(0, "北京");
    let ran = scene.doctor(&["tree.yaml", "--remove-duplicates"]);
    assert_eq!(ran.code, 4, "{}", ran.out);
    assert!(ran.err.contains(&duplicate.to_string()) && ran.err.contains("--yes"), "{}", ran.err);
    assert!(scene.ids().contains(&duplicate));
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicates_of_which_none_is_recorded_are_left_to_people() {
    let scene = Scene::applied().await;
    let duplicates = [scene.sandbox.add_group(0, "上海"), scene.sandbox.add_group(0, "上海")];
    scene.write("tree.yaml", "version: 1\ngroups:\n  - name: 北京\n    children: [望京]\n  - 上海\n");
    let ran = scene.doctor(&["tree.yaml", "--remove-duplicates", "--yes", "--format", "json"]);
    assert_eq!((ran.code, ran.of("failed")), (4, vec!["duplicates".to_owned()]), "{}", ran.out);
    assert!(ran.check("duplicates")["remedy"].as_str().unwrap().contains("oa.dingtalk.com"));
    assert!(duplicates.iter().all(|duplicate| scene.ids().contains(duplicate)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_stays_when_the_recorded_group_is_gone_though_the_list_still_has_it() {
    let scene = Scene::applied().await;
    let child = scene.id_of("望京");
    let duplicate = scene.sandbox.add_group(scene.id_of("北京"), "望京");
    scene.sandbox.add_fault("read:error(400,group.not.found)".parse().unwrap());
    let ran = scene.doctor(&["tree.yaml", "--remove-duplicates", "--yes", "--format", "json"]);
    assert_eq!((ran.code, ran.fates()), (5, vec![(duplicate, "kept".to_owned())]), "{}{}", ran.out, ran.err);
    assert!(scene.ids().contains(&duplicate) && scene.ids().contains(&child));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_that_dingtalk_refuses_to_delete_is_reported() {
    let scene = Scene::applied().await;
    let duplicate = scene.sandbox.add_group(0, "北京");
    scene.sandbox.add_fault("delete:error(400,param.error)".parse().unwrap());
    let ran = scene.doctor(&["tree.yaml", "--remove-duplicates", "--yes"]);
    assert_eq!(ran.code, 5, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("kept") && ran.out.contains("hold rooms"), "{}", ran.out);
    assert!(scene.ids().contains(&duplicate));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_whose_answer_is_lost_is_verified_by_the_list() {
    let scene = Scene::applied().await;
    let duplicate = scene.sandbox.add_group(0, "北京");
    scene.sandbox.add_fault("delete:reset-after".parse().unwrap());
    let ran = scene.doctor(&["tree.yaml", "--remove-duplicates", "--yes"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("removed") && !scene.ids().contains(&duplicate), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_removed_while_another_check_fails() {
    let config = Config { may_write: false, ..Config::default() };
    let scene = Scene::new(config).await;
    scene.write("tree.yaml", "version: 1\ngroups: [北京]\n");
    let (kept, duplicate) = (scene.sandbox.add_group(0, "北京"), scene.sandbox.add_group(0, "北京"));
    let state = format!(
        "{{\"format\":1,\"lineage\":\"x\",\"serial\":1,\"endpoint\":\"{}\",\"organization\":null,\"root\":0,\"groups\":{{\"/北京\":{kept}}}}}",
        scene.sandbox.url()
    );
    scene.write("tree.yaml.state.json", &state);
    let ran = scene.doctor(&["tree.yaml", "--remove-duplicates", "--yes"]);
    assert_eq!(ran.code, 5, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("`write`"), "{}", ran.err);
    assert_eq!(scene.ids(), [kept, duplicate]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_interrupted_run_left_is_told_and_stops_a_removal() {
    let scene = Scene::applied().await;
    let duplicate = scene.sandbox.add_group(0, "北京");
    scene.interrupt("上海");
    let ran = scene.doctor(&["tree.yaml", "--format", "json"]);
    assert_eq!((ran.code, ran.of("warning")), (0, vec!["state".to_owned(), "duplicates".to_owned()]), "{}", ran.out);
    assert_eq!(ran.check("state")["evidence"][0]["path"], "/上海");
    let ran = scene.doctor(&["tree.yaml", "--remove-duplicates", "--yes"]);
    assert_eq!(ran.code, 4, "{}", ran.out);
    assert!(ran.err.contains("roomtree apply"), "{}", ran.err);
    assert!(scene.ids().contains(&duplicate));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_alone_is_enough_to_remove_duplicates() {
    let scene = Scene::applied().await;
    let duplicate = scene.sandbox.add_group(scene.id_of("北京"), "望京");
    let ran = scene.doctor(&["--state", "tree.yaml.state.json", "--remove-duplicates", "--yes"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(!scene.ids().contains(&duplicate));
    assert!(ran.out.contains("Verified: no two groups of one name are left."), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_sandbox_needs_nothing() {
    let scene = Scene::new(Config::default()).await;
    scene.write("tree.yaml", "version: 1\ngroups: [北京]\n");
    let mut command = Command::new(env!("CARGO_BIN_EXE_roomtree"));
    command.args(["doctor", "tree.yaml", "--sandbox"]).current_dir(scene.folder.path()).env_clear();
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("Well: 11 ok"), "{text}");
}
