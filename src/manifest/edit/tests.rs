//! Layouts as people write them, and as chance writes them.

use proptest::prelude::*;

use crate::manifest::SourceId;
use crate::manifest::{compose, format};

fn formatted(text: &str) -> String {
    match format(SourceId::default(), text) {
        Ok(formatted) => formatted.text,
        Err(problems) => panic!("{problems:?}\n{text}"),
    }
}

fn refused(text: &str) -> String {
    let problems = format(SourceId::default(), text).expect_err("it cannot be laid out");
    assert_eq!(problems.len(), 1, "{problems:?}");
    let place = problems[0].place.expect("it has a place");
    format!("{}: {}", problems[0].rule.code(), &text[place.range()])
}

const LAID_OUT: &str = "\
# yaml-language-server: $schema=../schema/manifest.json
# Our rooms.

version: 1   # the first
limits: {depth: 3}
groups:
  # the capital
  - name: 北京
    was: [北平, 燕京]
    id: 7
    # two campuses
    children:
      - 望京园区 # by the lake
      # - 大兴园区

      - name: 亦庄园区
        children: [A 座, 'B: 座']
      # none since 2020
  - 上海
# The end.
";

#[test]
fn what_is_laid_out_stays_as_it_is() {
    assert_eq!(formatted(LAID_OUT), LAID_OUT);
    let windows = LAID_OUT.replace('\n', "\r\n");
    assert_eq!(formatted(&windows), windows);
}

#[test]
fn indentation_order_and_blank_lines_are_set_right() {
    let text = "\
# yaml-language-server: $schema=../schema/manifest.json
# Our rooms.


version:   1   # the first
groups:

# the capital
- children:
    # two campuses comes here
    -   望京园区 # by the lake
    # - 大兴园区


    - {name: 亦庄园区,   children: [ A 座,'B: 座' , ]}
    # none since 2020
  id: 7
  was: [ 北平,
     燕京 ]
  name:   北京
-   上海


# The end.
limits:
    depth: 3


";
    let expected = "\
# yaml-language-server: $schema=../schema/manifest.json
# Our rooms.

version: 1   # the first

# The end.
limits:
  depth: 3
groups:
  # the capital
  - name: 北京
    was: [北平, 燕京]
    id: 7
    children:
      # two campuses comes here
      - 望京园区 # by the lake
      # - 大兴园区

      - {name: 亦庄园区, children: [A 座, 'B: 座']}
      # none since 2020
  - 上海
";
    assert_eq!(formatted(text), expected);
}

#[test]
fn what_no_longer_fits_in_brackets_becomes_lines() {
    let long = "望京园区的一座名字很长很长的楼";
    let text = format!("version: 1\ngroups: [{{name: {long}, children: [{long}, {long}]}}, 上海] # all\n");
    let expected = format!("version: 1\ngroups: # all\n  - name: {long}\n    children: [{long}, {long}]\n  - 上海\n");
    assert_eq!(formatted(&text), expected);
    let text = "version: 1\ngroups: [\n  # one\n  北京, # the capital\n  上海\n  # end\n]\n";
    let expected = "version: 1\ngroups:\n  # one\n  - 北京 # the capital\n  - 上海\n  # end\n";
    assert_eq!(formatted(text), expected);
    let text = "version: 1\ngroups:\n- name: 北京\n  children: [ # none\n  ]\n";
    assert_eq!(formatted(text), "version: 1\ngroups:\n  - name: 北京\n    # none\n    children: []\n");
}

#[test]
fn json_becomes_lines_at_the_top() {
    let text = "{\"version\": 1, \"groups\": [{\"name\": \"北京\", \"children\": [\"A\"]}]}";
    assert_eq!(formatted(text), "version: 1\ngroups: [{name: \"北京\", children: [\"A\"]}]\n");
}

#[test]
fn anchors_and_aliases_stay() {
    let text = "version: 1\ngroups:\n- name: a\n  children:   &floors\n  - x\n- &b # c\n  children: *floors\n  name: b\n- *b\n- name: c\n  was: &w [p]\n";
    let expected = "version: 1\ngroups:\n  - name: a\n    children: &floors\n      - x\n  # c\n  - &b\n    name: b\n    children: *floors\n  - *b\n  - name: c\n    was: &w [p]\n";
    assert_eq!(formatted(text), expected);
}

#[test]
fn texts_over_several_lines_become_one_line() {
    let text = "version: 1\ngroups:\n- |-\n  北京\n- >-\n  a\n  b: c\n- \"x\n  y\"\n";
    assert_eq!(formatted(text), "version: 1\ngroups:\n  - 北京\n  - 'a b: c'\n  - x y\n");
}

#[test]
fn the_mark_of_a_document_stays() {
    let text = "# about\n\n---\n# here\nversion: 1\ngroups: [a]\n";
    assert_eq!(formatted(text), text);
    assert_eq!(formatted("--- # x\nversion: 1\ngroups: [a]\n"), "---\n# x\nversion: 1\ngroups: [a]\n");
}

#[test]
fn what_cannot_be_laid_out_is_told_with_its_place() {
    let with = |groups: &str| refused(&format!("version: 1\ngroups:\n{groups}"));
    assert_eq!(with("- !!str 007\n"), "not-formatted: !!str");
    assert_eq!(with("- ! 007\n"), "not-formatted: !");
    assert_eq!(with("- ? name\n  : a\n"), "not-formatted: ?");
    assert_eq!(with("- {&k name: a}\n"), "not-formatted: &k");
    assert_eq!(with("- a\n...\n"), "not-formatted: ...");
    assert_eq!(refused("%YAML 1.2\n---\nversion: 1\ngroups: [a]\n"), "not-formatted: ");
    assert_eq!(with("- colour: red\n  name: a\n"), "unknown-key: colour");
}

#[test]
fn what_is_written_anew_is_laid_out() {
    let loaded = crate::manifest::load(&[crate::manifest::Input::Stdin], &mut LAID_OUT.as_bytes());
    let text = compose(loaded.manifest().expect("valid")).expect("writable");
    assert_eq!(formatted(&text), text);
}

/// Writes a manifest as chance has it; every comment has a number of its own.
struct Writer<'d> {
    dice: std::iter::Cycle<std::slice::Iter<'d, u8>>,
    text: String,
    comments: usize,
    anchors: usize,
}

const NAMES: [&str; 14] = [
    "北京",
    "A 座",
    "NO",
    "007",
    "'it''s'",
    "\"q\\u5317\"",
    "'a: b'",
    "\"#x\"",
    "x#y",
    "a:b",
    "~",
    "One-North",
    "'- x'",
    "?x",
];

impl Writer<'_> {
    fn roll(&mut self, sides: u8) -> u8 {
        self.dice.next().copied().unwrap_or_default() % sides
    }

    fn blanks(&mut self, most: u8) -> String {
        " ".repeat(self.roll(most + 1).into())
    }

    fn comment(&mut self) -> String {
        self.comments += 1;
        format!("# c{}.", self.comments)
    }

    /// Ends a line, perhaps with a comment, and perhaps with lines of comments and blank lines behind it.
    fn end(&mut self) {
        if self.roll(4) == 0 {
            let comment = format!(" {}{}", self.blanks(2), self.comment());
            self.text.push_str(&comment);
        }
        self.text.push('\n');
        while self.roll(4) == 0 {
            let line = match self.roll(3) {
                0 => String::new(),
                _ => format!("{}{}", self.blanks(12), self.comment()),
            };
            self.text.extend([&line, "\n"]);
        }
    }

    fn name(&mut self) {
        let name = NAMES[usize::from(self.roll(NAMES.len() as u8))];
        self.text.push_str(name);
    }

    /// Puts an anchor before what follows, now and then.
    fn anchor(&mut self) {
        if self.roll(8) == 0 {
            self.anchors += 1;
            let anchor = format!("&a-{} ", self.anchors);
            self.text.push_str(&anchor);
        }
    }

    /// Goes on to a new line within brackets, now and then.
    fn within(&mut self) {
        if self.roll(6) == 0 {
            self.end();
            let blanks = self.blanks(6);
            self.text.extend(["            ", &blanks]);
        }
    }

    fn flow_list(&mut self, depth: u8) {
        self.text.push('[');
        self.within();
        for at in 0..self.roll(4) {
            if at > 0 {
                self.text.push(',');
            }
            self.within();
            self.text.push(' ');
            if depth > 0 && self.roll(3) == 0 {
                self.flow_group(depth - 1)
            } else {
                self.name()
            }
            self.within();
        }
        self.text.push(']');
    }

    fn flow_group(&mut self, depth: u8) {
        self.text.push_str("{ name: ");
        self.name();
        self.text.push_str(" ,");
        self.within();
        self.text.push_str(" children: ");
        self.flow_list(depth);
        self.text.push('}');
    }

    fn list(&mut self, indentation: usize, depth: u8) {
        for _ in 0..=self.roll(3) {
            self.text.push_str(&" ".repeat(indentation));
            self.text.push('-');
            let gap = 1 + usize::from(self.roll(3));
            self.text.push_str(&" ".repeat(gap));
            match self.roll(4) {
                0 if depth > 0 => self.flow_group(depth),
                1 | 2 if depth > 0 => {
                    self.group(indentation + 1 + gap, depth);
                    continue;
                }
                _ => {
                    self.anchor();
                    self.name();
                }
            }
            self.end();
        }
    }

    fn group(&mut self, column: usize, depth: u8) {
        let mut keys = vec!["name", "children"];
        keys.extend(
            [("was", 4), ("id", 3), ("protect", 3)]
                .into_iter()
                .filter_map(|(key, odds)| (self.roll(odds) == 0).then_some(key)),
        );
        let turn = usize::from(self.roll(4)) % keys.len();
        keys.rotate_left(turn);
        for (at, key) in keys.into_iter().enumerate() {
            if at > 0 {
                self.text.push_str(&" ".repeat(column));
            }
            self.text.push_str(key);
            self.text.push_str(": ");
            self.value(key, column, depth);
        }
    }

    fn value(&mut self, key: &str, column: usize, depth: u8) {
        match key {
            "name" => self.name(),
            "was" => self.flow_list(0),
            "id" => self.text.push('7'),
            "protect" => self.text.push_str("true"),
            _ if self.anchors > 0 && self.roll(6) == 0 => self.text.push_str("[]"),
            _ if self.roll(3) == 0 => {
                self.anchor();
                self.flow_list(depth - 1);
            }
            _ => {
                self.anchor();
                self.end();
                let further = usize::from(self.roll(4));
                return self.list(column + further, depth - 1);
            }
        }
        self.end();
    }
}

/// Writes a manifest, and says how many comments it has.
fn scribbled(dice: &[u8]) -> (String, usize) {
    let mut writer = Writer { dice: dice.iter().cycle(), text: String::new(), comments: 0, anchors: 0 };
    writer.end();
    let marker = if writer.roll(5) == 0 { "---\n" } else { "" };
    writer.text.push_str(marker);
    let keys = [["version: 1", "groups"], ["groups", "version: 1"]][usize::from(writer.roll(2))];
    for key in keys {
        writer.text.push_str(key);
        if key == "groups" {
            writer.text.push(':');
            writer.end();
            let indentation = usize::from(writer.roll(4));
            writer.list(indentation, 3);
        } else {
            writer.end();
        }
    }
    (writer.text, writer.comments)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_is_laid_out_once_and_for_all(dice in prop::collection::vec(any::<u8>(), 30..400)) {
        let (text, comments) = scribbled(&dice);
        let once = formatted(&text);
        prop_assert_eq!(&formatted(&once), &once, "from\n{}", text);
        for comment in 1..=comments {
            prop_assert_eq!(once.matches(&format!("# c{comment}.")).count(), 1, "{}\nfrom\n{}", once, text);
        }
        prop_assert!(once.lines().all(|line| line.trim_end() == line) && !once.contains("\n\n\n"), "{}", once);
    }

    #[test]
    fn no_text_is_too_odd(text in "(version: 1\ngroups:\n)?([-?:,&*!|>#'\"\\[\\]{} a\r\n]|\n- |name: ){0,40}") {
        if let Ok(once) = format(SourceId::default(), &text) {
            prop_assert_eq!(formatted(&once.text), once.text);
        }
    }
}
