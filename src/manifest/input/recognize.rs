//! Reads a file and decides whether it is a manifest: no content of any other file is printed.
//!
//! A file given by mistake may be a key or a list of passwords. It counts as a manifest if its top has the keys of one, one of
//! them misspelt at most in a few letters; a typo thus still gets its excerpt.

use crate::i18n::Message;
use crate::manifest::model::draft::Draft;
use crate::manifest::parse::ast::{Kind, Yaml};
use crate::manifest::parse::decode;
use crate::manifest::parse::keys::{TOP, closest};
use crate::manifest::parse::messages::how_to_begin;
use crate::manifest::parse::parser;
use crate::manifest::rules::full_width::key_at_start;
use crate::manifest::{Diagnostic, Rule, Severity, SourceId};
use crate::text::OwnFile;
use crate::{localized, tr};

/// Reads one source into a draft; if it is no manifest, one problem without content replaces its problems.
pub(crate) fn read(source: SourceId, text: &str, draft: &mut Draft, problems: &mut Vec<Diagnostic>) {
    let earlier = problems.len();
    let yaml = parser::parse(source, text, problems);
    decode::read(&yaml, draft, problems);
    let is_error = |problem: &Diagnostic| problem.severity == Severity::Error && !is_harmless(problem, text);
    if problems[earlier..].iter().any(is_error) && !has_keys(&yaml) && !is_manifest(text) {
        let first = problems.drain(earlier..).find(is_error);
        problems.extend(first.map(|first| no_manifest(text, &yaml, &first)));
    }
}

/// Whether a problem shows nothing of the file but its version.
fn is_harmless(problem: &Diagnostic, text: &str) -> bool {
    let Some(place) = problem.place else { return true };
    let line = text[..place.start as usize].rsplit(['\n', '\r']).next().unwrap_or_default();
    problem.rule == Rule::UnsupportedVersion && line.starts_with("version")
}

/// Whether a text, or the beginning of one, has the keys of a manifest at its top.
pub(crate) fn looks_like_manifest(text: &str) -> bool {
    let is_one = |keys: Tally| keys.has_groups && keys.is_manifest();
    is_one(keys(&parser::parse(SourceId::default(), text, &mut Vec::new()))) || is_one(keys_of_lines(text))
}

/// Whether the lines of a text at its left edge begin with the keys of a manifest.
pub(crate) fn is_manifest(text: &str) -> bool {
    keys_of_lines(text).is_manifest()
}

fn keys_of_lines(text: &str) -> Tally {
    let mut tally = Tally::default();
    for line in text.split(['\n', '\r']) {
        let word = line.split(|c: char| c.is_whitespace() || c == ':').next().unwrap_or_default();
        let behind = line[word.len()..].trim_start();
        match key_at_start(line) {
            Some(key) => tally.count(&key),
            None if behind == ":" || behind.starts_with(": ") => tally.count(word),
            None => {}
        }
    }
    tally
}

/// Whether the topmost mapping has the keys of a manifest, or none at all.
fn has_keys(yaml: &Yaml<'_>) -> bool {
    let (tally, is_mapping) = (keys(yaml), yaml.top().is_some_and(|top| yaml.kind(top) == Kind::Mapping));
    tally.is_manifest() || is_mapping && tally.known + tally.unknown == 0
}

/// Counts the keys of the topmost mapping.
fn keys(yaml: &Yaml<'_>) -> Tally {
    let mut tally = Tally::default();
    let Some(top) = yaml.top().filter(|top| yaml.kind(*top) == Kind::Mapping) else { return tally };
    let mut within = yaml.within(top);
    while let Some((key, _)) = yaml.pair(&mut within) {
        tally.count(yaml.value(yaml.resolve(key)).unwrap_or_default());
    }
    tally
}

/// The keys at the top of a file.
#[derive(Default)]
struct Tally {
    known: usize,
    unknown: usize,
    has_version: bool,
    /// Whether a key is `groups`, perhaps misspelt.
    has_groups: bool,
    /// Whether a key is `version` or `groups`, or one of them misspelt.
    is_likely: bool,
}

impl Tally {
    fn count(&mut self, key: &str) {
        let key = key_at_start(key).unwrap_or_else(|| key.to_owned());
        let meant = closest(&key, &TOP).map(|at| TOP[at]);
        match meant {
            Some(_) => self.known += 1,
            None => self.unknown += 1,
        }
        self.has_version |= key == "version";
        self.has_groups |= meant == Some("groups");
        self.is_likely |= matches!(meant, Some("version" | "groups"));
    }

    const fn is_manifest(&self) -> bool {
        self.has_version && self.has_groups || self.is_likely && self.known > self.unknown
    }
}

fn no_manifest(text: &str, yaml: &Yaml<'_>, first: &Diagnostic) -> Diagnostic {
    let own = OwnFile::of(text.as_bytes()).filter(|file| *file != OwnFile::Manifest);
    let (message, help) = match own {
        Some(file) => own_file(file),
        None => (unknown(), help(yaml)),
    };
    let problem = Diagnostic::error(Rule::NotAManifest, message).help(help);
    match first.place {
        Some(place) => problem.at(place, Message::default()),
        None => problem,
    }
}

fn own_file(file: OwnFile) -> (Message, Message) {
    let message = Message::of(|| {
        let noun = file.noun();
        tr!(format: "The file is {noun}, not a manifest", "该文件是{noun}，不是清单")
    });
    let help = Message::of(|| {
        let usage = file.usage();
        tr!(format: "Give a manifest; {usage}", "请给出清单；{usage}")
    });
    (message, help)
}

fn unknown() -> Message {
    localized!(
        "The file is not a manifest: it does not have the keys `version` and `groups`",
        "该文件不是清单：其中没有 `version` 和 `groups` 这两个键"
    )
}

fn help(yaml: &Yaml<'_>) -> Message {
    match yaml.top().map(|top| yaml.kind(top)) {
        Some(Kind::List) => localized!(
            "If it is one, put the list under `groups:`, and `version: 1` above that; its content is not shown",
            "如果确实是清单，请把列表放在 `groups:` 之下，再在上面写 `version: 1`；文件内容不显示"
        ),
        _ => localized!("{}; the content of this file is not shown", "{}；该文件的内容不显示", how_to_begin()),
    }
}

#[cfg(test)]
mod tests {
    use crate::manifest::input::recognize::is_manifest;
    use crate::manifest::{Input, Rule, load};

    fn rules(text: &str) -> Vec<Rule> {
        load(&[Input::Stdin], &mut text.as_bytes()).problems.into_iter().map(|problem| problem.rule).collect()
    }

    #[test]
    fn file_of_another_kind_is_one_problem_without_content() {
        for text in [
            "root:x:0:0:root:/root:/bin/bash\ndaemon:*:1\n",
            "root:$6$salt$hash:19000:0:99999:7:::\n",
            "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg: kqh\n-----END PRIVATE KEY-----\n",
            "{\"client_secret\": \"s3cr3t\"}\n",
            "DINGTALK_CLIENT_SECRET=s3cr3t\n",
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  password: s3cr3t\n",
            "version: '3'\nservices:\n  db: {password: s3cr3t}\n",
            "group: admin\npassword: s3cr3t\n",
            "- hosts: s3cr3t\n",
            "s3cr3t\n",
            "password: \"s3cr3t\n",
            "{\"version\": 2, \"password\": \"s3cr3t\"}\n",
        ] {
            let problems = load(&[Input::Stdin], &mut text.as_bytes()).problems;
            assert_eq!(problems.iter().map(|problem| problem.rule).collect::<Vec<_>>(), [Rule::NotAManifest], "{text}");
            assert!(!format!("{problems:?}").contains("s3cr3t"), "{text}");
        }
    }

    #[test]
    fn manifest_with_a_typo_at_its_top_stays_a_manifest() {
        for text in [
            "version: 1\ngruops:\n  - A\n",
            "verison: 1\ngroups: [A]\n",
            "version： 1\ngroups:\n  - A\n",
            "version：1\n",
            "version:1\ngroups:\n  - A\n",
            "version: 1\ngroups： [A]\n",
            "version: 1\ngroups:\n  - \"A\n",
            "version: 1\nowner: me\ngroups: [A]\n",
            "{version: 1, groups: [A}\n",
            "versions: 1\n",
            "version: 2\nrooms: []\n",
        ] {
            let rules = rules(text);
            assert!(!rules.is_empty() && !rules.contains(&Rule::NotAManifest), "{text}: {rules:?}");
        }
    }

    #[test]
    fn lines_with_keys_are_recognized_in_damaged_text() {
        assert!(is_manifest("version: 1\ngroups:\n  - \u{FFFD}\n"));
        assert!(!is_manifest("\u{FFFD}PNG\nroot:x:0\n"));
    }
}
