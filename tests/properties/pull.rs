//! `roomtree pull` as people run it: the binary itself against a sandbox in this process.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene is to fail")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use proptest::prelude::*;
use roomtree::group::{GroupId, GroupName};
use roomtree::import::{ImportOptions, import};
use roomtree::manifest::{Limits, Manifest, NodeId, Tree, TreeBuilder, is_same, reads_as};
use roomtree::manifest::{amend, compose};
use roomtree::pull::table;
use roomtree::sandbox::{Config, Operation, Sandbox};
use roomtree::sheet::{Workbook, csv, delimited, xlsx};
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
    assert!(scene.read("tree.yaml").starts_with("version: 1\n"));
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
    assert!(ran.out.ends_with("groups:\n  - 北京\n"), "{}", ran.out);
    for id in &ids[1..] {
        assert!(ran.err.contains(&format!("group {id} ")), "{id}: {}", ran.err);
    }
    assert!(!ran.err.contains('\u{202E}') && !ran.err.contains('\t'));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_duplicates_the_recorded_one_is_kept() {
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

const WRITTEN: &str = "\
# Our rooms.
version: 1   # the first
groups:
  - name: 北京      # the capital
    children:
      # by the lake
      - 望京园区    # old
      - {name: 亦庄园区, protect: true}
  - '上海'
  - name: 广州
    children: [A 座, B 座]   # two
# The end.
";

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_is_brought_up_to_date_and_every_other_byte_stays() {
    let scene = Scene::new().await;
    scene.write("tree.yaml", WRITTEN);
    scene.run("apply tree.yaml --yes --qps off").exits(0);
    let id = |name: &str| scene.sandbox.groups().iter().find(|group| &*group.name == name).unwrap().id;
    let (beijing, wangjing, yizhuang, shanghai, guangzhou, a) =
        (id("北京"), id("望京园区"), id("亦庄园区"), id("上海"), id("广州"), id("A 座"));
    assert_eq!(scene.run("pull tree.yaml").exits(0).out, "");
    assert_eq!(scene.read("tree.yaml"), WRITTEN);
    scene.sandbox.rename_group(wangjing, "望京: 1");
    scene.sandbox.rename_group(a, "A, 座");
    scene.names(beijing, &["NO"]);
    scene.names(yizhuang, &["C 座"]);
    let new = scene.names(shanghai, &["浦东", "#1"]);
    scene.names(new[0], &["deep"]);
    scene.names(guangzhou, &["D 座"]);
    scene.names(0, &["深圳"]);
    let expected = "\
# Our rooms.
version: 1   # the first
groups:
  - name: 北京      # the capital
    children:
      # by the lake
      - '望京: 1'    # old
      - {name: 亦庄园区, children: [C 座], protect: true}
      - NO
  - name: '上海'
    children:
      - name: 浦东
        children:
          - deep
      - '#1'
  - name: 广州
    children: ['A, 座', B 座, D 座]   # two
  - 深圳
# The end.
";
    let ran = scene.run("pull tree.yaml --record").exits(0);
    assert_eq!(scene.read("tree.yaml"), expected, "{}", ran.err);
    assert!(ran.out.contains("\n-      - 望京园区    # old\n"), "{}", ran.out);
    let ran = scene.run("plan tree.yaml --detailed-exitcode").exits(0);
    assert!(ran.out.contains("Nothing to do"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_dingtalk_lacks_is_removed_only_when_asked() {
    let scene = Scene::new().await;
    let text = "version: 1\ngroups:\n  - 北京\n  - name: 上海 # here\n    children:\n      - A\n      - B\n  - 广州\n";
    scene.write("tree.yaml", text);
    scene.run("apply tree.yaml --yes --qps off").exits(0);
    let id = |name: &str| scene.sandbox.groups().iter().find(|group| &*group.name == name).unwrap().id;
    for name in ["A", "广州"] {
        scene.sandbox.remove_group(id(name));
    }
    scene.run("pull tree.yaml").exits(0).tells(&["`/上海/A`", "`/广州`", "--prune"]);
    assert_eq!(scene.read("tree.yaml"), text);
    scene.run("pull tree.yaml --prune --record").exits(0);
    let pruned = "version: 1\ngroups:\n  - 北京\n  - name: 上海 # here\n    children:\n      - B\n";
    assert_eq!(scene.read("tree.yaml"), pruned);
    let ran = scene.run("plan tree.yaml --detailed-exitcode").exits(0);
    assert!(ran.out.contains("Nothing to do"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn record_of_a_group_that_one_list_lacks_stays() {
    let scene = Scene::new().await;
    for number in 0..20 {
        scene.sandbox.add_group(0, &format!("楼 {number}"));
    }
    scene.run("pull tree.yaml --record").exits(0);
    let (state, manifest) = (scene.read("tree.yaml.state.json"), scene.read("tree.yaml"));
    scene.sandbox.add_fault("list:lacks(50%)=100%".parse().unwrap());
    let told = "recorded, not listed: group";
    scene.run("pull tree.yaml --prune --record").exits(0).tells(&[told, "roomtree plan", "roomtree state forget"]);
    assert_eq!(scene.read("tree.yaml.state.json"), state);
    for line in ["pull --state tree.yaml.state.json", "pull --out new.yaml --state tree.yaml.state.json"] {
        scene.run(line).exits(0).tells(&[told]);
        assert_eq!(scene.read("tree.yaml.state.json"), state, "{line}");
    }
    scene.run("--lang zh pull --state tree.yaml.state.json").exits(0).tells(&["已记录但未列出：`/楼"]);
    scene.sandbox.clear_faults();
    assert_ne!(scene.read("tree.yaml"), manifest);
    scene.write("tree.yaml", &manifest);
    let ran = scene.run("plan tree.yaml --detailed-exitcode").exits(0);
    assert!(ran.out.contains("Nothing to do"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_with_aliases_in_the_way_is_left_alone() {
    let scene = Scene::new().await;
    let text = "version: 1\ngroups:\n- name: 北京\n  children: &floors [A, B]\n- name: 上海\n  children: *floors\n";
    scene.write("tree.yaml", text);
    scene.run("apply tree.yaml --yes --qps off").exits(0);
    let beijing = scene.sandbox.groups().iter().find(|group| &*group.name == "北京").unwrap().id;
    scene.names(beijing, &["C"]);
    let ran = scene.run("pull tree.yaml").exits(4);
    assert!(ran.out.contains("\n+      - C\n"), "{}", ran.out);
    assert_eq!(scene.read("tree.yaml"), text);
    scene.run("pull tree.yaml --out new.yaml").exits(0);
    assert_eq!(scene.read("tree.yaml"), text);
    let ran = scene.run("plan new.yaml --state tree.yaml.state.json").exits(0);
    assert!(ran.out.contains("to adopt") || ran.out.contains("adopt"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_that_the_manifest_is_about_to_make_is_not_taken_back() {
    let scene = Scene::new().await;
    scene.write("tree.yaml", "version: 1\ngroups:\n  - 北京\n");
    scene.run("apply tree.yaml --yes").exits(0);
    let text = "version: 1\ngroups:\n  - name: 首都\n    was: 北京\n";
    scene.write("tree.yaml", text);
    scene.run("pull tree.yaml --record").exits(0).tells(&["about to rename"]);
    assert_eq!(scene.read("tree.yaml"), text);
    scene.run("apply tree.yaml --yes").exits(0);
    assert_eq!(&*scene.sandbox.groups()[0].name, "首都");
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
            if !siblings[depth as usize].insert(name) {
                continue;
            }
            siblings[depth as usize + 1].clear();
            tree.rise(depth);
            tree.open(parsed);
        }
        tree.build()
    })
}

/// A new manifest made of an old one by taking groups out, renaming and adding, and where its groups come from.
fn changed(old: &Tree, dice: &[u8]) -> (Tree, Vec<Option<NodeId>>) {
    let mut tree = Tree::builder();
    let mut origins = Vec::new();
    let roll = |id: NodeId| dice[id.index() % dice.len()] as usize + id.index();
    let mut gone_at = None;
    let mut fresh = 0;
    for (id, node) in old.nodes() {
        if gone_at.is_some_and(|depth| node.depth > depth) {
            continue;
        }
        gone_at = roll(id).is_multiple_of(5).then_some(node.depth);
        if gone_at.is_none() {
            add_before(&mut tree, &mut origins, node.depth, &mut fresh, dice);
            let renamed = roll(id).is_multiple_of(4).then(|| format!("renamed: {}", id.index()));
            tree.open(renamed.map_or_else(|| node.name.clone(), |name| GroupName::parse(&name).unwrap()));
            origins.push(Some(id));
        }
    }
    add_before(&mut tree, &mut origins, 1, &mut fresh, dice);
    (tree.build(), origins)
}

/// Says whether a group, or the top, that had children has none any more.
fn loses_a_list(old: &Tree, new: &Tree, origins: &[Option<NodeId>]) -> bool {
    let has_lost = |(id, origin): (NodeId, &Option<NodeId>)| {
        origin.is_some_and(|origin| old.children(origin).count() > 0 && new.children(id).count() == 0)
    };
    (new.is_empty() && !old.is_empty()) || new.nodes().map(|(id, _)| id).zip(origins).any(has_lost)
}

/// Closes groups down to a depth and gives some of them new groups at their ends.
fn add_before(tree: &mut TreeBuilder, origins: &mut Vec<Option<NodeId>>, depth: u32, fresh: &mut usize, dice: &[u8]) {
    while tree.depth() >= depth as usize && tree.depth() > 0 {
        *fresh += 1;
        if dice[*fresh % dice.len()].is_multiple_of(3) {
            tree.open(GroupName::parse(&format!("- new {fresh}, #")).unwrap());
            tree.leaf(GroupName::parse("within").unwrap());
            tree.close();
            origins.extend([None, None]);
        }
        tree.close();
    }
}

fn manifest(tree: Tree) -> Manifest {
    Manifest { organization: None, root: GroupId::ROOT, limits: Limits { depth: 12, groups: None }, tree }
}

/// Reads rows as a spreadsheet of each kind, and imports them.
fn imported(rows: &[Vec<String>]) -> [Tree; 2] {
    let choice = ImportOptions { depth: 12, ..ImportOptions::default() };
    let workbook = xlsx("x", rows).unwrap();
    let tables =
        [Workbook::open(&workbook).unwrap().table("x").unwrap(), delimited(csv(rows).as_bytes(), None).unwrap().table];
    tables.map(|table| {
        let imported = import(&table, &choice);
        assert!(imported.is_sound(), "{:?}", imported.problems);
        imported.tree
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_spreadsheet_of_a_tree_is_imported_as_the_same_tree(tree in trees()) {
        prop_assume!(!tree.is_empty());
        let meant = manifest(tree);
        let rows = table(&meant.tree, &[]);
        for tree in imported(&rows) {
            prop_assert!(is_same(&manifest(tree), &meant), "{:?}", rows);
        }
    }

    #[test]
    fn a_changed_text_says_what_was_meant(tree in trees(), dice in proptest::collection::vec(any::<u8>(), 1..20)) {
        let old = manifest(tree);
        let (tree, origins) = changed(&old.tree, &dice);
        let new = manifest(tree);
        let text = compose(&old).unwrap();
        match amend(&text, &old, &new, &origins) {
            Some(text) => prop_assert_eq!(reads_as(&text, &new), Ok(()), "{}", text),
            None => prop_assert!(loses_a_list(&old.tree, &new.tree, &origins), "{}", text),
        }
    }

    #[test]
    fn what_is_written_reads_back_as_the_same_tree(tree in trees()) {
        let manifest = manifest(tree);
        let text = compose(&manifest).unwrap();
        prop_assert_eq!(reads_as(&text, &manifest), Ok(()), "{}", text);
    }
}
