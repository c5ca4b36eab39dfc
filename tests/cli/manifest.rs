//! What a manifest may say, and what roomtree says when it may not: through the public interface, from text to problems.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene is to fail")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use roomtree::group::GroupId;
use roomtree::i18n::Language;
use roomtree::manifest::{
    Diagnostic, Document, FormerNames, Group, Input, Item, Lines, Loaded, Node, Rule, Text, Tree, load, schema,
};
use roomtree::render::{Page, Paint, problems};
use tempfile::TempDir;

const PAGE: Page = Page { width: 100, paint: Paint::Plain, most: 50 };

/// Reads a text. Whatever is wrong with it is told in Chinese too, name by name and rule by rule.
fn read(text: impl AsRef<[u8]>) -> Loaded {
    let loaded = load(&[Input::Stdin], &mut text.as_ref());
    loaded.problems.iter().for_each(is_in_both_languages);
    loaded
}

fn is_in_both_languages(problem: &Diagnostic) {
    let related = problem.related.iter().map(|related| &related.label);
    for text in [&problem.message, &problem.label].into_iter().chain(&problem.help).chain(related) {
        let [english, chinese] = Language::ALL.map(|language| words(text.within(language)));
        assert!(text.is_empty() || has_chinese(&chinese) && !has_chinese(&english), "{text:?}");
    }
}

/// Leaves out what stands in backticks.
fn words(text: &str) -> String {
    text.split('`').step_by(2).collect()
}

fn has_chinese(text: &str) -> bool {
    text.contains(|c| matches!(c, '\u{4E00}'..='\u{9FFF}'))
}

/// Reads groups below a fitting head.
fn read_groups(groups: &str) -> Loaded {
    read(format!("version: 1\ngroups:\n{groups}"))
}

/// Returns the problems as `rule line:column`.
fn found(loaded: &Loaded) -> Vec<String> {
    let lines: Vec<_> = loaded.sources.iter().map(|source| Lines::new(&source.text)).collect();
    let found = loaded.problems.iter().map(|problem| match problem.place {
        Some(place) => {
            let position = lines[place.source.index()].position(place.start);
            format!("{} {}:{}", problem.rule.code(), position.line, position.column)
        }
        None => problem.rule.code().to_owned(),
    });
    found.collect()
}

/// Returns the tree as indented names.
fn outline(tree: &Tree) -> Vec<String> {
    tree.nodes().map(|(_, node)| format!("{}{}", " ".repeat(node.depth as usize - 1), node.name)).collect()
}

fn tree_of(loaded: &Loaded) -> Vec<String> {
    assert_eq!(found(loaded), Vec::<String>::new());
    outline(&loaded.manifest().expect("a manifest without problems").tree)
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn load_paths(paths: &[PathBuf]) -> Loaded {
    let inputs: Vec<_> = paths.iter().map(|path| Input::parse(path.as_os_str())).collect();
    load(&inputs, &mut std::io::empty())
}

#[test]
fn a_name_written_bare_is_the_text_that_was_typed() {
    let names =
        ["NO", "on", "007", "1e3", "0x1F", "3.10", "null", "~", "true", "12:30", "-", "2024-01-01", ".inf", "北京"];
    let bare = names.map(|name| if name == "-" { "  - '-'\n".to_owned() } else { format!("  - {name}\n") }).concat();
    assert_eq!(tree_of(&read_groups(&bare)), names);
    let mapped = names.map(|name| format!("  - name: {}\n", if name == "-" { "'-'" } else { name })).concat();
    assert_eq!(tree_of(&read_groups(&mapped)), names);
}

#[test]
fn the_header_is_read() {
    let loaded =
        read("version: 1\norganization: ding1\nroot: 9007199254740993\nlimits: {depth: 4, groups: 9}\ngroups: []\n");
    let manifest = loaded.manifest().unwrap();
    assert_eq!(manifest.organization.as_deref(), Some("ding1"));
    assert_eq!(manifest.root.get(), 9_007_199_254_740_993);
    assert_eq!((manifest.limits.depth, manifest.limits.groups), (4, Some(9)));
    assert!(manifest.tree.is_empty());
}

#[test]
fn aliases_stand_for_what_they_name() {
    let loaded = read_groups(
        "  - name: &a A\n    children: &f [1, 2]\n  - {name: B, children: *f}\n  - name: C\n    children: [*a]\n",
    );
    assert_eq!(tree_of(&loaded), ["A", " 1", " 2", "B", " 1", " 2", "C", " A"]);
}

#[test]
fn line_ends_and_byte_order_marks_do_not_matter() {
    let text = "version: 1\ngroups:\n  - 北京\n  - 上海\n";
    for text in [text.to_owned(), text.replace('\n', "\r\n"), text.replace('\n', "\r"), format!("\u{FEFF}{text}")] {
        assert_eq!(tree_of(&read(text)), ["北京", "上海"]);
    }
}

#[test]
fn each_mistake_in_the_groups_is_one_problem_at_its_place() {
    for (groups, expected) in [
        ("  - A\n  - A\n", vec!["duplicate-sibling 4:5"]),
        (
            "  - A\n  - a\n  - A\u{200B}\n",
            vec!["lookalike-sibling 4:5", "hidden-character 5:5", "lookalike-sibling 5:5"],
        ),
        ("  - \n", vec!["empty-name 3:5"]),
        ("  - name:\n", vec!["empty-name 3:10"]),
        ("  - ''\n", vec!["empty-name 3:5"]),
        ("  - ' A'\n", vec!["invalid-name 3:5"]),
        ("  - \"A\\u202Eb\"\n", vec!["invalid-name 3:5"]),
        ("  - \u{200B}\n", vec!["invalid-name 3:5"]),
        ("  - |\n    A\n", vec!["invalid-name 4:5"]),
        ("  - A\n    - B\n", vec!["multiline-name 3:5"]),
        ("  - {}\n", vec!["missing-key 3:5"]),
        ("  - nmae: A\n    childern: [B, B]\n", vec!["unknown-key 3:5", "unknown-key 4:5", "duplicate-sibling 4:19"]),
        ("  - 广州: [天河]\n", vec!["unknown-key 3:5"]),
        ("  - name: A\n    name: B\n", vec!["duplicate-key 4:5"]),
        ("  - name: [A]\n    children: B\n", vec!["wrong-type 3:11", "wrong-type 4:15"]),
        ("  - name: A\n    children:\n", vec!["wrong-type 4:14"]),
        ("  - [A]\n", vec!["wrong-type 3:5"]),
        ("  - !!int 7\n  - !!str 7\n  - ! 8\n", vec!["unsupported-tag 3:5", "marked-name 5:5"]),
        (
            "  - Room #1\n  - A # one\n  - name: B  #2 \n  - C ## c\n",
            vec!["commented-name 3:10", "commented-name 5:14"],
        ),
        ("  - {name: A, children: [\n    B, #1\n    C #2\n    ]}\n", vec!["commented-name 5:7"]),
        ("  - '#1' #2\n  - A#1\n", vec![]),
        (
            "  - &co x\n  - &a A\n  - {name: B, children: [*a]}\n  - {name: &n N}\n",
            vec!["marked-name 3:5", "marked-name 6:12"],
        ),
        ("  - *A\n", vec!["unknown-alias 3:5"]),
        ("  - name: A\n    children: &c\n      - name: B\n        children: *c\n", vec!["recursive-alias 6:19"]),
        ("  - &a {name: A}\n  - <<: *a\n", vec!["merge-key 4:5"]),
        ("  - ? [a]\n    : b\n", vec!["wrong-type 3:7"]),
        (
            "  - {name: A, children: [{name: B, children: [{name: C, children: [D, E]}]}]}\n",
            vec!["depth-limit 3:68", "depth-limit 3:71"],
        ),
        (
            "  - {name: A, children: [{name: B, children: [{name: C, children: [{name: D, children: [E]}]}]}]}\n",
            vec!["depth-limit 3:75"],
        ),
    ] {
        let loaded = read_groups(groups);
        assert_eq!(found(&loaded), expected, "{groups}");
        let is_warning = |problem: &&str| {
            ["lookalike", "commented", "marked", "hidden"].iter().any(|rule| problem.starts_with(rule))
        };
        assert_eq!(loaded.manifest().is_some(), expected.iter().all(is_warning), "{groups}");
    }
}

#[test]
fn each_mistake_about_the_whole_is_one_problem() {
    for (text, expected) in [
        ("", "empty-file"),
        ("# nothing\n", "empty-file"),
        ("---\n", "empty-file"),
        ("- A\n", "not-a-manifest 1:1"),
        ("A\n", "not-a-manifest 1:1"),
        ("groups: [A]\n", "missing-key 1:1"),
        ("version: 1\n", "missing-key 1:1"),
        ("verison: 1\ngroups: [A]\n", "unknown-key 1:1"),
        ("version: 2\nrooms: []\n", "unsupported-version 1:10"),
        ("version: '1'\ngroups: [A]\n", "wrong-type 1:10"),
        ("version: 1\nroot: -1\ngroups: []\n", "out-of-range 2:7"),
        ("version: 1\nroot: 99999999999999999999\ngroups: []\n", "out-of-range 2:7"),
        ("version: 1\nroot: top\ngroups: []\n", "wrong-type 2:7"),
        ("version: 1\nlimits: {depth: 0}\ngroups: []\n", "out-of-range 2:17"),
        ("version: 1\nlimits: {groups: 1}\ngroups: [A, B]\n", "group-limit 2:18"),
        ("version: 1\nlimits: {group: 1}\ngroups: [A, B]\n", "unknown-key 2:10"),
        ("version: 1\norganization:\ngroups: []\n", "wrong-type 2:14"),
        ("version: 1\ngroups: {A: B}\n", "wrong-type 2:9"),
        ("version: 1\ngroups: [A]\n---\nversion: 1\n", "several-documents 3:1"),
        ("version: 1\ngroups:\n\t- A\n", "tab-indentation 3:1"),
        ("version: 1\ngroups:\n  - name: A\n\t  children: []\n", "tab-indentation 4:1"),
        ("version: 1\ngroups: [A\n", "syntax 2:9"),
        ("version: 1\ngroups:\n  - name: A\n      children: [B]\n", "syntax 4:7"),
        ("version: 1\ngroups:\n  - @home\n", "syntax 3:5"),
        ("version: 1\ngroups:\n  - a\0b\n", "syntax 3:6"),
        ("%YAML 3.0\n---\nversion: 1\ngroups: []\n", "syntax 1:1"),
    ] {
        assert_eq!(found(&read(text)), [expected], "{text}");
    }
}

#[test]
fn full_width_punctuation_is_a_problem_at_its_place() {
    for (groups, expected) in [
        ("  - name：北京\n", vec!["full-width 3:9"]),
        ("  - name:北京\n", vec!["full-width 3:9"]),
        ("  - ｎａｍｅ ：北京\n", vec!["full-width 3:10"]),
        ("  - {name: 北京，id：7}\n", vec!["full-width 3:17"]),
        ("  - {name：北京}\n", vec!["unknown-key 3:6"]),
        ("  - {name: A, protect：true}\n", vec!["unknown-key 3:15"]),
        ("  - name: A\n    id：7\n", vec!["syntax 4:7"]),
        ("  - name: A\n    children：\n      - B\n", vec!["syntax 4:13"]),
        ("  - {name: A, id: ７}\n", vec!["wrong-type 3:19"]),
        ("  - {name: A, children: ［B］}\n", vec!["wrong-type 3:25"]),
        ("  - A\n  － B\n", vec!["syntax 4:3"]),
        ("  - A\n　　- B\n", vec!["syntax 4:1"]),
        ("  - A\n  -　B\n", vec!["syntax 4:4"]),
        ("  - \"A”\n", vec!["syntax 3:7"]),
        ("  - [A, B］\n", vec!["syntax 3:10"]),
    ] {
        let loaded = read_groups(groups);
        assert_eq!(found(&loaded), expected, "{groups}");
        assert!(loaded.manifest().is_none(), "{groups}");
        let said = problems(&loaded.problems, &loaded.sources, PAGE);
        assert!(said.contains("is not YAML's") || said.contains("no space after") || said.contains("U+3000"), "{said}");
    }
}

#[test]
fn likely_slip_of_an_input_method_is_a_warning() {
    for (groups, expected) in [
        ("  - name: A\n    children: [A 座，B 座、C 座]\n", vec!["full-width 4:19"]),
        ("  - 北京、上海\n", vec!["full-width 3:7"]),
        ("  - “北京”\n", vec!["full-width 3:5"]),
        ("  - name: ‘北京’\n", vec!["full-width 3:11"]),
        ("  - 北京 ＃ 首都\n", vec!["full-width 3:8"]),
        ("  - － 北京\n", vec!["full-width 3:5"]),
        ("  - {name: 上海, was: 沪，申}\n", vec!["full-width 3:22"]),
        ("  - {name: 上海, was: [“沪”]}\n", vec!["full-width 3:22"]),
        ("  - [A座, A 座]\n", vec!["wrong-type 3:5"]),
        ("  - A座\n  - A 座\n", vec!["lookalike-sibling 4:5"]),
        (
            "  - 北\u{FFFD}京\n  - åŒ—äº¬\n  - 鍖椾含\n",
            vec!["damaged-name 3:5", "damaged-name 4:5", "damaged-name 5:5"],
        ),
        ("  - \"上\\u00AD海\"\n", vec!["hidden-character 3:5"]),
    ] {
        let loaded = read_groups(groups);
        assert_eq!(found(&loaded), expected, "{groups}");
        assert_eq!(loaded.manifest().is_some(), !groups.contains("- ["), "{groups}");
    }
}

#[test]
fn intended_name_with_full_width_punctuation_is_quiet() {
    let groups = "  - \"A 座，B 座\"\n  - '“北京”'\n  - \"name：北京\"\n  - 北京：总部\n  - 研发（测试）\n  - '北京 ＃ 首都'\n  - C＃ 室\n\
                  \x20 - “新”大楼\n  - {name: 【北京】总部, was: '沪，申'}\n  - '<<<<<<< x'\n  - 10:30\n  - 👩‍👩‍👧\n  - ❤️ 室\n  - 1 11\n  - 11 1\n";
    assert_eq!(tree_of(&read_groups(groups)).len(), 15);
}

#[test]
fn written_name_that_resembles_a_slip_is_quoted() {
    let groups = "  - 'A 座，B 座'\n  - {name: '“北京”', was: 'name:x', children: [\"it's：1，2\"]}\n";
    let loaded = read_groups(groups);
    let text = roomtree::manifest::compose(loaded.manifest().unwrap()).unwrap();
    assert_eq!(tree_of(&read(&text)), outline(&loaded.manifest().unwrap().tree), "{text}");
}

#[test]
fn conflict_marker_is_an_unresolved_merge() {
    let text = "version: 1\ngroups:\n<<<<<<< HEAD\n  - 北京\n||||||| base\n=======\n  - 上海\n>>>>>>> feature\n";
    for text in [text.to_owned(), text.replace('\n', "\r\n"), text.replace("<<<<<<< HEAD\n", "\n=======\n")] {
        let found = found(&read(&text));
        assert!(matches!(found.as_slice(), [one] if one.starts_with("unresolved-merge ")), "{found:?}");
    }
    let folder = folder(&[("a.yaml", "version: 1\ngroups: [A]\n"), ("b.yaml", text)]);
    let loaded = load_paths(&[folder.path().to_owned()]);
    assert_eq!(found(&loaded), ["unresolved-merge 3:1"]);
    assert!(loaded.sources[1].name.ends_with("b.yaml") && loaded.problems[0].source.unwrap().index() == 1);
}

#[test]
fn file_that_a_folder_leaves_out_is_a_warning() {
    let folder = folder(&[("a.yaml", "version: 1\ngroups: [A]\n"), ("b.YAML", "version: 1\ngroups: [B]\n")]);
    let loaded = load_paths(&[folder.path().to_owned()]);
    assert_eq!(found(&loaded), ["left-out-file"]);
    assert!(loaded.manifest().is_some());
    let both = load_paths(&[folder.path().to_owned(), folder.path().join("b.YAML")]);
    assert_eq!(tree_of(&both), ["A", "B"]);
}

#[test]
fn a_mistake_hides_no_other() {
    let loaded = read_groups("  - \n  - nmae: A\n    children: [' B', C, C]\n  - D\n  - D\n  - 'unclosed\n");
    assert_eq!(
        found(&loaded),
        [
            "empty-name 3:5",
            "unknown-key 4:5",
            "invalid-name 5:16",
            "duplicate-sibling 5:25",
            "duplicate-sibling 7:5",
            "syntax 8:5"
        ]
    );
}

/// Returns what ties each group of the tree to an existing one: former names, id, protection.
fn ties_of(loaded: &Loaded) -> Vec<(Vec<&str>, Option<i64>, Option<bool>)> {
    let tree = &loaded.manifest().unwrap().tree;
    assert_eq!(found(loaded), if tree.is_empty() { vec!["no-groups"] } else { Vec::new() });
    ties(tree)
}

fn ties(tree: &Tree) -> Vec<(Vec<&str>, Option<i64>, Option<bool>)> {
    tree.nodes().map(|(_, node)| (was(node), node.id().map(GroupId::get), node.protect())).collect()
}

fn was(node: &Node) -> Vec<&str> {
    node.was().iter().map(|name| name.as_str()).collect()
}

#[test]
fn what_ties_a_group_to_an_existing_one_is_read() {
    let loaded = read_groups(
        "  - {name: A, was: B, id: 9007199254740993, protect: true}\n  - {name: C, was: [D, 'E  f'], protect: False}\n  - G\n",
    );
    let expected = [
        (vec!["B"], Some(9_007_199_254_740_993), Some(true)),
        (vec!["D", "E  f"], None, Some(false)),
        (vec![], None, None),
    ];
    assert_eq!(ties_of(&loaded), expected);
    let largest = read_groups("  - {name: A, id: 9223372036854775807, was: []}\n");
    assert_eq!(ties_of(&largest), [(vec![], Some(i64::MAX), None)]);
}

#[test]
fn a_former_name_written_bare_is_the_text_that_was_typed() {
    for name in ["NO", "007", "1e3", "3.10", "null", "~", "true"] {
        let loaded = read_groups(&format!("  - {{name: A, was: {name}}}\n  - {{name: B, was: [{name}x, {name}y]}}\n"));
        assert_eq!(ties_of(&loaded)[0].0, [name]);
        assert_eq!(ties_of(&loaded)[1].0, [format!("{name}x"), format!("{name}y")]);
    }
}

#[test]
fn siblings_may_swap_names_and_hand_them_on() {
    let swap = read_groups("  - {name: A, was: B}\n  - {name: B, was: A}\n");
    assert_eq!(ties_of(&swap), [(vec!["B"], None, None), (vec!["A"], None, None)]);
    let chain = read_groups("  - {name: A, was: B}\n  - {name: B, was: C}\n  - C\n");
    assert_eq!(ties_of(&chain).len(), 3);
    let cousins =
        read_groups("  - {name: A, children: [{name: X, was: Y}]}\n  - {name: B, children: [{name: X, was: Y}]}\n");
    assert_eq!(ties_of(&cousins).len(), 4);
    let aliased = read_groups("  - {name: A, was: &old [B, C]}\n  - {name: D, children: [{name: E, was: *old}]}\n");
    assert_eq!(ties_of(&aliased)[2].0, ["B", "C"]);
}

#[test]
fn each_mistake_in_what_ties_a_group_is_one_problem_at_its_place() {
    for (groups, expected) in [
        ("  - {name: A, id: 7}\n  - {name: B, id: 7}\n", "duplicate-id 4:19"),
        ("  - {name: A, children: &c [{name: B, id: 7}]}\n  - {name: C, children: *c}\n", "duplicate-id 3:43"),
        (
            "  - name: A\n    children: [&b {name: B, id: 7}]\n  - *b\n  - {name: C, children: [*b]}\n",
            "duplicate-id 4:33",
        ),
        ("  - {name: A, id: 0}\n", "out-of-range 3:19"),
        ("  - {name: A, id: -1}\n", "out-of-range 3:19"),
        ("  - {name: A, id: 9223372036854775808}\n", "out-of-range 3:19"),
        ("  - {name: A, id: '7'}\n", "wrong-type 3:19"),
        ("  - {name: A, id: 7.0}\n", "wrong-type 3:19"),
        ("  - {name: A, id: 1e3}\n", "wrong-type 3:19"),
        ("  - {name: A, id: 0x10}\n", "wrong-type 3:19"),
        ("  - {name: A, id: 1_000}\n", "wrong-type 3:19"),
        ("  - {name: A, id: [7]}\n", "wrong-type 3:19"),
        ("  - name: A\n    id:\n", "wrong-type 4:8"),
        ("  - {name: A, was: A}\n", "was-own-name 3:20"),
        ("  - {name: A, was: [B, A]}\n", "was-own-name 3:24"),
        ("  - {name: A, was: C}\n  - {name: B, was: [D, C]}\n", "duplicate-was 4:24"),
        ("  - {name: A, was: &w [C, D]}\n  - {name: B, was: *w}\n", "duplicate-was 4:20"),
        ("  - {name: A, was: C}\n  - {name: A, was: C}\n", "duplicate-sibling 4:12"),
        ("  - {name: A, was: [B, C, B]}\n", "repeated-was 3:27"),
        ("  - name: A\n    was:\n", "empty-name 4:9"),
        ("  - {name: A, was: ['', B]}\n", "empty-name 3:21"),
        ("  - {name: A, was: ' B'}\n", "invalid-name 3:20"),
        ("  - {name: A, was: {B: C}}\n", "wrong-type 3:20"),
        ("  - {name: A, was: [B, [C]]}\n", "wrong-type 3:24"),
        ("  - name: A\n    was: B\n      C\n", "multiline-name 4:10"),
        ("  - {name: A, protect: yes}\n", "wrong-type 3:24"),
        ("  - {name: A, protect: 'true'}\n", "wrong-type 3:24"),
        ("  - {name: A, protect: 1}\n", "wrong-type 3:24"),
        ("  - {name: A, protect: [true]}\n", "wrong-type 3:24"),
        ("  - name: A\n    protect:\n", "wrong-type 4:13"),
        ("  - {name: A, protected: true}\n", "unknown-key 3:15"),
    ] {
        let loaded = read_groups(groups);
        assert_eq!(found(&loaded), [expected], "{groups}");
        assert!(loaded.manifest().is_none() && loaded.problems[0].help.is_some(), "{groups}");
    }
}

#[test]
fn no_group_is_the_root() {
    let loaded = read("version: 1\nroot: 7\ngroups: [{name: A, id: 8, children: [{name: B, id: 7}]}]\n");
    assert_eq!(found(&loaded), ["root-as-group 3:52"]);
    assert_eq!(loaded.problems[0].related.len(), 1);
}

#[test]
fn both_places_of_an_id_are_shown_and_an_alias_is_named() {
    let loaded = read_groups(
        "  - {name: 北京, id: 4711}\n  - name: 上海\n    children: &all [{name: A, id: 42}]\n  - {name: 沪, id: 4711, children: *all}\n",
    );
    let expected = "\
error[duplicate-id]: Two groups have the id 42
 --> <stdin>:5:35
  |
5 |     children: &all [{name: A, id: 42}]
  |                                   ^^ given to two groups
  |
 ::: <stdin>:6:35
  |
6 |   - {name: 沪, id: 4711, children: *all}
  |                                    ---- by this alias
  |
  = help: An id is that of one group: remove it here, or write the second group out instead of the alias

error[duplicate-id]: Two groups have the id 4711
 --> <stdin>:6:19
  |
6 |   - {name: 沪, id: 4711, children: *all}
  |                    ^^^^ the same id again
  |
 ::: <stdin>:3:20
  |
3 |   - {name: 北京, id: 4711}
  |                      ---- first here
  |
  = help: An id is that of one group: remove it from the other
";
    assert_eq!(problems(&loaded.problems, &loaded.sources, PAGE), expected);
}

#[test]
fn a_truth_value_of_another_yaml_is_told_what_to_be() {
    let help = |written: &str| {
        read_groups(&format!("  - {{name: A, protect: {written}}}\n")).problems[0].help.as_ref().unwrap().to_string()
    };
    assert!(help("yes").starts_with("Write `protect: true`, without quotes: YAML 1.2"), "{}", help("yes"));
    assert!(help("Off").starts_with("Write `protect: false`, without quotes"), "{}", help("Off"));
    assert_eq!(help("maybe"), "Write `protect: true` or `protect: false`");
}

#[test]
fn what_is_no_utf8_says_so() {
    assert_eq!(found(&read(b"version: 1\ngroups:\n  - \xB1\xB1\n")), ["not-utf8 3:5"]);
    assert_eq!(found(&read(b"\xFF\xFEv\0e\0")), ["not-utf8"]);
    assert_eq!(found(&read(b"v\0e\0r\0")), ["not-utf8"]);
    let marked = read(b"\xEF\xBB\xBFv\xFF");
    assert_eq!(found(&marked), ["not-utf8"]);
    assert!(marked.problems[0].message.as_str().contains("offset 4"), "{}", marked.problems[0].message);
}

/// One group in another, in brackets.
fn nested(levels: usize) -> String {
    format!("  - {}g{}\n", "{name: g, children: [".repeat(levels - 1), "]}".repeat(levels - 1))
}

/// One group in another, by the least indentation there can be.
fn nested_by_indentation(levels: usize) -> String {
    let group = |at: usize| format!("{0}- name: g\n{0}  children:\n", "  ".repeat(at));
    (0..levels - 1).map(group).collect::<String>() + &"  ".repeat(levels - 1) + "- g\n"
}

#[test]
fn groups_may_be_nested_as_deep_as_the_limit_allows() {
    for groups in [nested(1_000), nested_by_indentation(1_000)] {
        let loaded = read(format!("version: 1\nlimits: {{depth: 1000}}\ngroups:\n{groups}"));
        assert_eq!(tree_of(&loaded).len(), 1_000);
        let loaded = read(format!("version: 1\nlimits: {{depth: 999}}\ngroups:\n{groups}"));
        assert_eq!(loaded.problems.iter().map(|problem| problem.rule).collect::<Vec<_>>(), [Rule::DepthLimit]);
    }
}

#[test]
fn what_stands_before_too_deep_a_group_is_checked() {
    let loaded = read_groups(&format!("  - A\n  - A\n  - {{nmae: B}}\n{}  - A\n", nested(2_000)));
    let rules: Vec<_> = found(&loaded).iter().map(|problem| problem.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(rules, ["duplicate-sibling", "unknown-key", "nested-too-deep"]);
}

#[test]
fn what_is_made_to_hurt_is_one_problem() {
    assert_eq!(found(&read_groups(&nested(10_000))), ["nested-too-deep 3:21509"]);
    assert_eq!(found(&read_groups(&nested_by_indentation(2_000))), ["nested-too-deep 2049:2049"]);
    assert_eq!(found(&read("[".repeat(100_000))), ["not-a-manifest 1:2049"]);
    assert_eq!(found(&read(format!("version: 1\ngroups: {}", "[".repeat(100_000)))), ["nested-too-deep 2:2057"]);
    assert_eq!(found(&read("- ".repeat(100_000))), ["not-a-manifest 1:4097"]);
    assert_eq!(found(&read("{a: ".repeat(100_000))).len(), 1);

    let level = |at: usize| {
        format!(
            "  - name: {at}\n    children: &a{at} [{}]\n",
            format!("{{name: x, children: *a{}}},", at - 1).repeat(9)
        )
    };
    let bomb: String = (1..30).map(level).collect();
    let loaded =
        read(format!("version: 1\nlimits: {{depth: 99}}\ngroups:\n  - name: 0\n    children: &a0 [A]\n{bomb}"));
    assert!(loaded.problems.iter().any(|problem| problem.rule == Rule::AliasExpansion));
    assert!(loaded.problems.len() < 500, "{}", loaded.problems.len());

    let names: String = (0..10_000).map(|at| format!("w{at}, ")).collect();
    let uses: String = (0..10_000).map(|at| format!("  - {{name: g{at}, children: [*a]}}\n")).collect();
    let loaded = read_groups(&format!("  - &a {{name: A, was: [{names}]}}\n{uses}"));
    assert_eq!(found(&loaded).len(), 1);
    assert_eq!(loaded.problems[0].rule, Rule::AliasExpansion);
}

#[test]
fn what_aliases_repeat_is_reported_once_where_it_comes_first() {
    let uses: String = ('B'..'J').map(|name| format!("  - {{name: {name}, children: *c}}\n")).collect();
    let loaded = read_groups(&format!("  - {{name: A, children: &c [X, ' Y', X]}}\n{uses}"));
    assert_eq!(found(&loaded), ["invalid-name 3:32", "duplicate-sibling 3:38"]);
    assert_eq!(loaded.problems[1].message.as_str(), "Two groups in `/A` have the same name `X`");
}

#[test]
fn files_make_one_manifest_in_the_order_given() {
    let files = folder(&[
        ("b.yaml", "version: 1\ngroups: [B]\n"),
        ("a.yml", "version: 1\nroot: 5\ngroups: [A]\n"),
        (".hidden.yaml", "nonsense"),
        ("notes.txt", "nonsense"),
    ]);
    let path = files.path();
    assert_eq!(tree_of(&load_paths(&[path.to_owned()])), ["A", "B"]);
    let loaded = load_paths(&[path.join("b.yaml"), path.join("a.yml")]);
    assert_eq!(tree_of(&loaded), ["B", "A"]);
    assert_eq!(loaded.into_manifest().unwrap().root.get(), 5);
}

#[test]
fn two_files_may_neither_share_a_group_nor_disagree() {
    let files = folder(&[
        ("a.yaml", "version: 1\nroot: 1\ngroups: [{name: A, children: [B]}]\n"),
        ("b.yaml", "version: 1\nroot: 2\ngroups: [{name: A, children: [C]}]\n"),
    ]);
    let loaded = load_paths(&[files.path().to_owned()]);
    assert_eq!(found(&loaded), ["header-conflict 2:7", "duplicate-sibling 3:17"]);
    for problem in &loaded.problems {
        assert_eq!(problem.place.unwrap().source.index(), 1);
        assert_eq!(problem.related[0].place.source.index(), 0);
    }
}

#[test]
fn inputs_that_cannot_be_read_are_problems_of_their_own() {
    let files = folder(&[("a.yaml", "version: 1\ngroups: []\n")]);
    let path = files.path();
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(found(&load_paths(&[])), ["no-input"]);
    assert_eq!(found(&load_paths(&[path.join("none.yaml")])), ["unreadable"]);
    assert_eq!(found(&load_paths(&[empty.path().to_owned()])), ["empty-folder"]);
    assert_eq!(found(&load_paths(&[path.join("a.yaml"), path.to_owned()])), ["repeated-input"]);
    assert_eq!(found(&load_paths(&[path.join("a.yaml"), path.join("./a.yaml")])), ["repeated-input"]);
}

#[test]
fn problems_are_shown_with_the_caret_under_wide_characters() {
    let loaded = read_groups("  - 北京市会议室: [A]\n  - {name: 上海, children: [陆家嘴, 张江, 陆家嘴]}\n");
    let expected = "\
error[unknown-key]: The key `北京市会议室` is unknown
 --> <stdin>:3:5
  |
3 |   - 北京市会议室: [A]
  |     ^^^^^^^^^^^^ not a key of a group
  |
  = help: The keys here are `name`, `was`, `id`, `protect`, `children`; a group with children is written `{name: …, children: [ … ]}`, and a name that holds `: ` needs quotes

error[duplicate-sibling]: Two groups in `/上海` have the same name `陆家嘴`
 --> <stdin>:4:36
  |
4 |   - {name: 上海, children: [陆家嘴, 张江, 陆家嘴]}
  |                                           ^^^^^^ the same name again
  |
 ::: <stdin>:4:27
  |
4 |   - {name: 上海, children: [陆家嘴, 张江, 陆家嘴]}
  |                             ------ first here
  |
  = help: Give one of them another name, or put the children of both under one
";
    assert_eq!(problems(&loaded.problems, &loaded.sources, PAGE), expected);
}

#[test]
fn problems_are_shown_in_chinese_with_labels_below_wide_characters() {
    let loaded =
        read_groups("  - {name: 上海, id: 7, children: [陆家嘴, 张江, 陆家嘴]}\n  - {name: B, protect: yes}\n");
    let expected = "\
错误[duplicate-sibling]: `/上海` 下有两个分组同名：`陆家嘴`
 --> <stdin>:3:43
  |
3 |   - {name: 上海, id: 7, children: [陆家嘴, 张江, 陆家嘴]}
  |                                                  ^^^^^^ 同样的名称又出现了
  |
 ::: <stdin>:3:34
  |
3 |   - {name: 上海, id: 7, children: [陆家嘴, 张江, 陆家嘴]}
  |                                    ------ 首次出现在这里
  |
  = 建议: 给其中一个换个名称，或把两者的下级合到一个之下

错误[wrong-type]: `protect` 的值应为布尔值（`true` 或 `false`），而这里是 `yes`
 --> <stdin>:4:24
  |
4 |   - {name: B, protect: yes}
  |                        ^^^ 这里应为布尔值（`true` 或 `false`）
  |
  = 建议: 写成 `protect: true`，不加引号：YAML 1.2 的布尔值只有 `true` 和 `false`
";
    let shown = Language::Chinese.scope(|| problems(&loaded.problems, &loaded.sources, PAGE));
    assert_eq!(shown, expected);
}

#[test]
fn a_long_line_is_cut_around_the_caret_and_keeps_its_column() {
    let groups = "北京, ".repeat(10_000);
    let loaded = read(format!("{{version: 1, groups: [{groups}' A', {groups}]}}"));
    let last = loaded.problems.iter().position(|problem| problem.rule == Rule::InvalidName).unwrap();
    let shown = problems(&loaded.problems[last..=last], &loaded.sources, Page { width: 60, ..PAGE });
    let expected = "\
error[invalid-name]: The name ` A` has blanks at an end
 --> <stdin>:1:40023
  |
1 | …北京, 北京, 北京, 北京, ' A', 北京, 北京, 北京, …
  |                          ^^^^ blanks before or after the name
  |
  = help: Remove the blanks; an ideographic space (U+3000) is a blank too
";
    assert_eq!(shown, expected);
}

#[test]
fn text_of_the_users_cannot_command_the_terminal() {
    let loaded = read_groups("  - \"\\e[31mred\"\n  - x\u{9B}31m\u{202E}y: 1\n");
    let shown = problems(&loaded.problems, &loaded.sources, PAGE);
    assert!(!shown.contains(['\u{1B}', '\u{9B}', '\u{202E}']), "{shown}");
    assert!(shown.contains("4 |   - x\u{FFFD}31m\u{FFFD}y: 1\n  |     ^ this character"), "{shown}");
    let coloured = problems(&loaded.problems, &loaded.sources, Page { paint: Paint::Coloured, ..PAGE });
    assert!(coloured.contains("\u{1B}[") && !coloured.contains(['\u{9B}', '\u{202E}']), "{coloured}");
}

#[test]
fn problems_beyond_the_cap_are_counted() {
    let loaded = read_groups(&"  - A\n".repeat(10));
    let shown = problems(&loaded.problems, &loaded.sources, Page { most: 2, ..PAGE });
    assert_eq!(shown.matches("error[").count(), 2);
    assert!(shown.ends_with("\n\n… and 7 more errors\n"), "{shown}");
    assert_eq!(problems(&[], &[], PAGE), "");
}

fn example_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let entries = |folder: PathBuf| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> = entries(root.clone()).chain(entries(root.join("company"))).collect();
    files.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "yaml")).collect()
}

static VALIDATOR: LazyLock<jsonschema::Validator> =
    LazyLock::new(|| jsonschema::validator_for(&serde_json::from_str(&schema()).unwrap()).unwrap());

fn as_json(yaml: &str) -> serde_json::Value {
    serde_yaml::from_str(yaml).unwrap()
}

#[test]
fn every_example_is_sound_and_keeps_the_schema() {
    let files = example_files();
    assert!(files.len() >= 6, "{files:?}");
    for path in files {
        let mut problems = found(&load_paths(std::slice::from_ref(&path)));
        // What is one of several files may have none by itself.
        problems.retain(|problem| problem != "no-groups");
        assert_eq!(problems, Vec::<String>::new(), "{}", path.display());
        let value = as_json(&fs::read_to_string(&path).unwrap());
        let errors: Vec<_> = VALIDATOR.iter_errors(&value).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{}", path.display());
    }
    let company = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/company");
    assert_eq!(load_paths(&[company]).manifest().unwrap().limits.groups, Some(500));
}

#[test]
fn the_schema_refuses_what_roomtree_refuses() {
    for text in [
        "groups: []",
        "version: 1",
        "version: 2\ngroups: []",
        "version: 1\ngroups: [[A]]",
        "version: 1\ngroups: [{nmae: A}]",
        "version: 1\ngroups: [{name: A, childern: []}]",
        "version: 1\nroot: -1\ngroups: []",
        "version: 1\nlimits: {depth: 0}\ngroups: []",
        "version: 1\ngroups: ['']",
        "version: 1\ngroups: [{name: A, id: 0}]",
        "version: 1\ngroups: [{name: A, id: '7'}]",
        "version: 1\ngroups: [{name: A, id: 7.5}]",
        "version: 1\ngroups: [{name: A, was: ''}]",
        "version: 1\ngroups: [{name: A, was: {B: C}}]",
        "version: 1\ngroups: [{name: A, was: [[B]]}]",
        "version: 1\ngroups: [{name: A, protect: yes}]",
    ] {
        assert!(!VALIDATOR.is_valid(&as_json(text)), "{text}");
        assert!(read(text).manifest().is_none(), "{text}");
    }
}

#[test]
fn the_schema_in_the_repository_is_the_one_that_is_built() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/manifest.json");
    let kept = fs::read_to_string(path).unwrap();
    assert!(kept == schema(), "schema/manifest.json is out of date: run `roomtree schema > schema/manifest.json`");
}

/// Any text that is a name.
fn a_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[北京上海座楼A-Za-z0-9 :#&*!|>'\"%@`,\\[\\]{}/~\\-?\u{1F600}]{1,12}",
        prop::sample::select(vec![
            "NO", "null", "~", "007", "1e3", "3.10", "true", "- a", "a: b", "<<", "---", "...", "\\"
        ])
        .prop_map(str::to_owned),
        "\\PC{1,8}",
    ]
    .prop_filter("a name", |text| {
        roomtree::group::GroupName::parse(text).is_ok() && text.chars().any(char::is_alphanumeric)
    })
}

/// Groups whose siblings are told apart by a number, at most three levels deep.
fn some_groups() -> impl Strategy<Value = Vec<Item>> {
    let leaf = a_name().prop_map(|name| Item::Name(Text(name)));
    let tree = leaf.prop_recursive(2, 40, 5, |inner| {
        (a_name(), some_former_names(), any::<Option<bool>>(), prop::collection::vec(inner, 0..5)).prop_map(
            |(name, was, protect, children)| {
                let (name, children) = (Text(name), told_apart(children));
                Item::Group(Group { name, was, id: None, protect, children })
            },
        )
    });
    prop::collection::vec(tree, 0..6).prop_map(told_apart).prop_map(|mut groups| {
        identify(&mut groups, &mut (1 << 53));
        groups
    })
}

fn some_former_names() -> impl Strategy<Value = Option<FormerNames>> {
    let one = a_name().prop_map(|name| FormerNames::One(Text(name)));
    let several = prop::collection::vec(a_name().prop_map(Text), 0..3).prop_map(FormerNames::Several);
    prop::option::of(prop_oneof![one, several])
}

/// Gives every protected group an id of its own, beyond what a floating-point number holds.
fn identify(groups: &mut [Item], last: &mut i64) {
    for group in groups {
        if let Item::Group(group) = group {
            *last += 1;
            group.id = group.protect.filter(|protect| *protect).map(|_| *last);
            identify(&mut group.children, last);
        }
    }
}

fn told_apart(items: Vec<Item>) -> Vec<Item> {
    let number = |(at, item)| match item {
        Item::Name(Text(name)) => Item::Name(Text(format!("{name} {at}"))),
        Item::Group(mut group) => {
            group.name.0 = format!("{} {at}", group.name.0);
            group.was = group.was.map(|was| told_apart_formerly(was, at));
            Item::Group(group)
        }
    };
    items.into_iter().enumerate().map(number).collect()
}

/// No name ends as these do, so that none is the name of its own group.
fn told_apart_formerly(was: FormerNames, group: usize) -> FormerNames {
    let number = |Text(name): Text, at: usize| Text(format!("{name} {group}.{at}th"));
    match was {
        FormerNames::One(name) => FormerNames::One(number(name, 0)),
        FormerNames::Several(names) => {
            FormerNames::Several(names.into_iter().zip(0..).map(|(name, at)| number(name, at)).collect())
        }
    }
}

/// Returns what `ties_of` does, of a document.
fn ties_in(items: &[Item]) -> Vec<(Vec<&str>, Option<i64>, Option<bool>)> {
    let mut ties = Vec::new();
    for item in items {
        match item {
            Item::Name(_) => ties.push((Vec::new(), None, None)),
            Item::Group(group) => {
                let was = match &group.was {
                    None => &[][..],
                    Some(FormerNames::One(name)) => std::slice::from_ref(name),
                    Some(FormerNames::Several(names)) => names,
                };
                ties.push((was.iter().map(|name| &*name.0).collect(), group.id, group.protect));
                ties.extend(ties_in(&group.children));
            }
        }
    }
    ties
}

fn names_of(items: &[Item], depth: usize, names: &mut Vec<String>) {
    for item in items {
        let (name, children) = match item {
            Item::Name(Text(name)) => (name, &[][..]),
            Item::Group(group) => (&group.name.0, &group.children[..]),
        };
        names.push(format!("{}{name}", " ".repeat(depth)));
        names_of(children, depth + 1, names);
    }
}

/// What another reader of YAML makes of the groups.
fn names_in_yaml(groups: &serde_yaml::Value, depth: usize, names: &mut Vec<String>) {
    for item in groups.as_sequence().into_iter().flatten() {
        let name = item.as_str().or_else(|| item["name"].as_str()).unwrap();
        names.push(format!("{}{name}", " ".repeat(depth)));
        if item.is_mapping() {
            names_in_yaml(item.get("children").unwrap_or(&serde_yaml::Value::Null), depth + 1, names);
        }
    }
}

/// What is cheap to write and could be dear to read: one mistake many times below, beside or within a large text.
fn dear_texts() -> Vec<String> {
    let (long, many) = ("n".repeat(2_000_000), 100_000);
    let below = |name: &str, groups: &str| format!("version: 1\ngroups:\n  - name: {name}\n    children:\n{groups}");
    vec![
        below(&long, &"      - x\n".repeat(many)),
        below(&long, &"      - {name: y, was: x}\n".repeat(many)),
        below("a", &format!("      - {}\n", "[".repeat(many))),
        format!("version: 1\ngroups: [{}]\n", "x, ".repeat(many)),
        format!("version: 1\ngroups: [{}]\n", "*a, ".repeat(many)),
        format!("version: 1\ngroups: [{}]\n", "&a x, ".repeat(many)),
        format!("version: 1\n{}", "nme: x\n".repeat(many)),
        format!("version: 1\ngroups:\n{}\t- x\n", "  - x\n\n".repeat(many)),
        format!("version: 1\ngroups: \"{}", "\\n".repeat(many)),
        format!("version: 1\ngroups: {}", "\n\n  x".repeat(many)),
        format!("version: 1\n{}: 1\n{long}{long}: 2\n", "k".repeat(1000)),
    ]
}

/// Squared, any of them would take minutes or gigabytes.
#[test]
fn what_is_cheap_to_write_is_cheap_to_refuse() {
    for text in dear_texts() {
        let loaded = read(&text);
        let said: usize =
            loaded.problems.iter().map(|problem| problem.message.as_str().len() + problem.label.as_str().len()).sum();
        assert!(said < 64 * text.len(), "{said} bytes about {}", &text[..60]);
        assert!(problems(&loaded.problems, &loaded.sources, PAGE).len() < 200_000);
        assert!(loaded.manifest().is_none(), "{}", &text[..60]);
    }
}

/// A manifest with a bit of everything.
const RICH: &str = "version: 1\norganization: ding1\nroot: 7\nlimits: {depth: 5, groups: 9}\ngroups:\n  - name: 北京\n    \
    was: [燕京, \"P\\u0065king\"]\n    children: &a\n      - 'A 座'\n      - {name: x, id: 3, protect: true}\n  - name: >-\n      \
    上\n      海\n    children: *a\n  - ? name\n    : !!str 7\n";

proptest! {
    #[test]
    fn no_change_of_a_manifest_makes_it_panic(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0usize..9, any::<prop::sample::Index>(), 0usize..9), 1..6),
        byte in any::<u8>(),
    ) {
        let mut bytes = RICH.as_bytes().to_vec();
        for (at, cut, from, length) in edits {
            let (at, from) = (at.index(bytes.len()), from.index(bytes.len()));
            let piece = [bytes[from..(from + length).min(bytes.len())].to_vec(), vec![byte; length % 2]].concat();
            bytes.splice(at..(at + cut).min(bytes.len()), piece);
            bytes.push(b'\n');
        }
        let loaded = read(&bytes);
        let _ = problems(&loaded.problems, &loaded.sources, PAGE);
        let is_refused = loaded.problems.iter().any(|problem| problem.severity == roomtree::manifest::Severity::Error);
        prop_assert_eq!(loaded.manifest().is_none(), is_refused);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let loaded = read(&bytes);
        let _ = problems(&loaded.problems, &loaded.sources, PAGE);
    }

    #[test]
    fn no_text_made_of_yaml_makes_it_panic(
        text in "(version: 1\ngroups:\n)?([-?:,\\[\\]{}#&*!|>'\"%@` \t\n\ra北]|- |: |  - |name: |was: |id: |protect: |true|7|children: |<<: |&a |\\*a|!!str |---\n|\u{FEFF}|\u{0}|\u{1B}){0,60}",
        width in 0usize..120,
    ) {
        let loaded = read(&text);
        let _ = problems(&loaded.problems, &loaded.sources, Page { width, ..PAGE });
        let is_refused = loaded.problems.iter().any(|problem| problem.severity == roomtree::manifest::Severity::Error);
        prop_assert_eq!(loaded.manifest().is_none(), is_refused);
    }

    #[test]
    fn a_tree_that_is_written_is_read_again(groups in some_groups()) {
        let mut expected = Vec::new();
        names_of(&groups, 0, &mut expected);
        let document = Document { version: 1, organization: None, root: None, limits: None, groups: groups.clone() };
        let yaml = serde_yaml::to_string(&document).unwrap();
        let loaded = read(&yaml);
        let manifest = loaded.manifest();
        prop_assert!(manifest.is_some(), "{}\n{:#?}", yaml, loaded.problems);
        prop_assert_eq!(outline(&manifest.unwrap().tree), &expected[..], "{}", yaml);
        prop_assert_eq!(ties(&manifest.unwrap().tree), ties_in(&groups), "{}", yaml);

        let mut other = Vec::new();
        names_in_yaml(&serde_yaml::from_str::<serde_yaml::Value>(&yaml).unwrap()["groups"], 0, &mut other);
        prop_assert_eq!(other, expected);
        prop_assert!(VALIDATOR.is_valid(&as_json(&yaml)));
    }

    #[test]
    fn any_name_survives_in_quotes(name in a_name()) {
        let loaded = read_groups(&format!("  - '{0}'\n  - name: 组0\n    children: [{1}]\n", name.replace('\'', "''"), serde_json::to_string(&name).unwrap()));
        prop_assert_eq!(loaded.manifest().map(|manifest| outline(&manifest.tree)), Some(vec![name.clone(), "组0".to_owned(), format!(" {name}")]));
    }

    #[test]
    fn places_are_those_of_the_names(groups in some_groups()) {
        let document = Document { version: 1, organization: None, root: None, limits: None, groups };
        let loaded = read(serde_yaml::to_string(&document).unwrap());
        for (_, node) in loaded.manifest().unwrap().tree.nodes() {
            let written: String = serde_yaml::from_str::<Written>(&loaded.sources[0].text[node.place.range()]).unwrap().0;
            prop_assert_eq!(&written, &*node.name);
        }
    }
}

/// A scalar as it is written, whatever type it looks like.
struct Written(String);

impl<'de> serde::Deserialize<'de> for Written {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

#[test]
fn a_comment_and_a_mark_that_a_name_may_lack_are_told_and_the_manifest_stays() {
    let loaded = read_groups("  - Room #1\n  - ! x\n");
    let said: Vec<_> = loaded
        .problems
        .iter()
        .map(|problem| (problem.message.as_str(), problem.help.as_ref().unwrap().as_str()))
        .collect();
    assert_eq!(said[0].0, "The name is `Room`: what follows is a comment");
    assert!(said[0].1.starts_with("Quote the name if `Room #1` is meant"), "{said:?}");
    assert_eq!(said[1].0, "The name is `x`: what stands before it is a mark of YAML's");
    assert_eq!(outline(&loaded.manifest().unwrap().tree), ["Room", "x"]);
}

#[test]
fn a_manifest_without_groups_is_a_warning() {
    let loaded = read("version: 1\ngroups: []\n");
    assert_eq!(found(&loaded), ["no-groups"]);
    assert!(loaded.manifest().is_some());
    assert_eq!(found(&read("version: 1\ngroups: [[]]\n")), ["wrong-type 2:10"], "a mistake is enough");
    let folder = folder(&[("a.yaml", "version: 1\ngroups: []\n"), ("b.yaml", "version: 1\ngroups: [A]\n")]);
    assert_eq!(tree_of(&load_paths(&[folder.path().to_owned()])), ["A"]);
}
