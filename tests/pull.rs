//! `roomtree pull` as people run it: the binary itself against a sandbox in this process.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene is to fail")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use proptest::prelude::*;
use roomtree::group::GroupName;
use roomtree::manifest::{Limits, Manifest, Tree, compose, reads_as};
use roomtree::sandbox::{Config, Operation, Sandbox};
use tempfile::TempDir;

/// A folder, and a DingTalk that answers to it.
struct Scene {
    folder: TempDir,
    sandbox: Sandbox,
}

/// What a run of the binary left.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Scene {
    async fn new() -> Self {
        let config = Config { depth: 10, ..Config::default() };
        Self { folder: tempfile::tempdir().unwrap(), sandbox: Sandbox::start(config).await.unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn run(&self, line: &str) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_roomtree"));
        command.args(line.split(' ')).current_dir(self.folder.path()).env_clear();
        command.env("DINGTALK_ENDPOINT", self.sandbox.url()).env("DINGTALK_UNION_ID", "operator");
        command.env("DINGTALK_CLIENT_ID", "sandbox").env("DINGTALK_CLIENT_SECRET", "sandbox");
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
    }

    fn lists(&self) -> u64 {
        self.sandbox.calls().counts.get(&Operation::List).copied().unwrap_or_default()
    }

    fn names(&self, parent: i64, names: &[&str]) -> Vec<i64> {
        names.iter().map(|name| self.sandbox.add_group(parent, name)).collect()
    }
}

impl Ran {
    #[track_caller]
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "out: {}\nerr: {}", self.out, self.err);
        self
    }

    #[track_caller]
    fn tells(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.err.contains(word), "`{word}` is not in: {}", self.err);
        }
        self
    }
}

const AWKWARD: [&str; 24] = [
    "NO",
    "007",
    "~",
    "null",
    "a: b",
    "#x",
    "- x",
    "-",
    "北京",
    "A 座 #2",
    "1e3",
    "3.10",
    "0x1F",
    "12:30",
    "yes",
    "'quoted'",
    "\"q\"",
    "[a, b]",
    "{a: b}",
    "*star",
    "&and",
    "!bang",
    "a\\b/c",
    "👩‍👩‍👧",
];

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_groups_are_pulled_and_planned_with_two_calls() {
    let scene = Scene::new().await;
    for city in 0..50 {
        let city = scene.sandbox.add_group(0, &format!("城 {city}"));
        for campus in 0..9 {
            let campus = scene.sandbox.add_group(city, &format!("园 {campus}"));
            for building in 0..10 {
                scene.sandbox.add_group(campus, &format!("楼 {building}"));
            }
        }
    }
    assert_eq!(scene.sandbox.groups().len(), 5_000);
    scene.run("pull tree.yaml --record").exits(0);
    let ran = scene.run("plan tree.yaml --detailed-exitcode").exits(0);
    assert!(ran.out.contains("Nothing to do"), "{}", ran.out);
    assert_eq!(scene.lists(), 2);
    assert!(scene.read("tree.yaml").starts_with("# yaml-language-server: $schema="));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_record_the_next_apply_adopts() {
    let scene = Scene::new().await;
    scene.names(0, &["北京", "上海"]);
    let ran = scene.run("pull").exits(0);
    scene.write("tree.yaml", &ran.out);
    scene.run("apply tree.yaml --yes").exits(0);
    assert_eq!(scene.sandbox.groups().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn awkward_names_come_back_as_they_are() {
    let scene = Scene::new().await;
    let ids = scene.names(0, &AWKWARD);
    scene.names(ids[0], &AWKWARD);
    scene.run("pull tree.yaml --record").exits(0);
    let ran = scene.run("plan tree.yaml --detailed-exitcode").exits(0);
    assert!(ran.out.contains("Nothing to do"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_no_manifest_may_have_are_told_and_left_out() {
    let scene = Scene::new().await;
    let ids = scene.names(0, &["北京", " 上海", "a\tb", "a\u{202E}b", "\u{200B}"]);
    scene.names(ids[2], &["inside"]);
    let ran = scene.run("pull").exits(3);
    assert!(ran.out.ends_with("groups:\n- 北京\n"), "{}", ran.out);
    for id in &ids[1..] {
        assert!(ran.err.contains(&format!("group {id} ")), "{id}: {}", ran.err);
    }
    assert!(!ran.err.contains('\u{202E}') && !ran.err.contains('\t'));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twins_the_recorded_one_is_kept() {
    let scene = Scene::new().await;
    let first = scene.sandbox.add_group(0, "北京");
    scene.run("pull tree.yaml --record").exits(0);
    let second = scene.sandbox.add_group(0, "北京");
    scene.names(second, &["lost"]);
    scene.names(first, &["望京"]);
    let ran = scene.run("pull --state tree.yaml.state.json").exits(3);
    ran.tells(&[&format!("group {second} at `/北京`"), &format!("group {first}, which is the one that is kept")]);
    let ran = scene.run("pull").exits(3);
    assert!(ran.out.ends_with("groups: []\n"), "{}", ran.out);
    ran.tells(&[&format!("groups {first}, {second} at `/北京`")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_the_tree_is_pulled_by_its_root() {
    let scene = Scene::new().await;
    let top = scene.sandbox.add_group(0, "北京");
    let mut at = top;
    for level in 1..5 {
        at = scene.sandbox.add_group(at, &format!("level {level}"));
    }
    scene.run(&format!("pull tree.yaml --record --root {top}")).exits(0);
    let text = scene.read("tree.yaml");
    assert!(text.contains(&format!("root: {top}\n")) && text.contains("depth: 5\n"), "{text}");
    let ran = scene.run("plan tree.yaml --detailed-exitcode").exits(0);
    assert!(ran.out.contains("Nothing to do"), "{}", ran.out);
    scene.run("pull other.yaml --root 4711").exits(1).tells(&["4711"]);
    assert!(!scene.path("other.yaml").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_over_an_existing_out_file() {
    let scene = Scene::new().await;
    scene.write("out.yaml", "mine");
    scene.run("pull --out out.yaml").exits(1).tells(&["exists already"]);
    assert_eq!(scene.read("out.yaml"), "mine");
}

fn names() -> impl Strategy<Value = String> {
    let any = "\\PC{1,12}".prop_map(|text| text);
    prop_oneof![3 => any, 2 => proptest::sample::select(&AWKWARD[..]).prop_map(str::to_owned), 2 => "[-?:,\\[\\]{}#&*!|>'\"%@`~=<. a0]{1,6}"]
}

fn trees() -> impl Strategy<Value = Tree> {
    proptest::collection::vec((names(), 1_u32..6), 0..40).prop_map(|rows| {
        let mut tree = Tree::builder();
        let mut siblings: Vec<std::collections::HashSet<String>> = vec![Default::default(); 8];
        for (name, depth) in rows {
            let depth = depth.min(u32::try_from(tree.depth()).unwrap() + 1);
            let Ok(parsed) = GroupName::parse(&name) else { continue };
            if roomtree::manifest::is_blank(&name) || !siblings[depth as usize].insert(name) {
                continue;
            }
            siblings[depth as usize + 1].clear();
            tree.rise(depth);
            tree.open(parsed);
        }
        tree.build()
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_back_as_the_same_tree(tree in trees()) {
        let limits = Limits { depth: 8, groups: None };
        let manifest = Manifest { organization: None, root: roomtree::group::GroupId::ROOT, limits, tree };
        let text = compose(&manifest).unwrap();
        prop_assert_eq!(reads_as(&text, &manifest), Ok(()), "{}", text);
    }
}
