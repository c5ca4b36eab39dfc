//! Every message that people see is written in every language.
//!
//! The sources are read as tokens. A literal that looks like a sentence and stands in no `tr!`, `localized!` or `count` fails the
//! test: that is how a missing translation is found. What stands in them is compared: both languages put in the same values, and
//! the Chinese is Chinese.

mod literal;
mod prose;
mod sources;

use std::collections::BTreeSet;

use crate::languages::prose::{chinese_faults, is_prose};
use crate::languages::sources::{Sources, read};

/// What is written into a manifest.
const YAML: &str = "YAML, whose keys are the same in every language";

/// What looks like English and is in no pair: its file, and why.
const EXEMPT: &[(&str, &str, &str)] = &[
    ("src/apply/log.rs", "", "log lines, which are for engineers and in English only"),
    ("src/cli/command/apply.rs", "Examples:", IN_HELP),
    ("src/cli/command/destroy.rs", "Example:", IN_HELP),
    ("src/cli/command/doctor.rs", "Examples:", IN_HELP),
    ("src/import/heading.rs", "", "headings of tables in both languages, to be recognized"),
    ("src/import/problem.rs", "{} and {more} more", "has other values in Chinese"),
    ("src/cli/help.rs", "Environment:", IN_HELP),
    ("src/cli/help.rs", "Exit codes:", IN_HELP),
    ("src/cli/command/man.rs", "Possible values:", "what the renderer of manual pages says, to be known again"),
    ("src/cli/command/plan.rs", "Examples:", IN_HELP),
    ("src/cli/chinese/usage.rs", "", "what clap and the standard library say, to be known again"),
    ("src/i18n/json_errors.rs", " at line ", "cuts off what the parser says about the place"),
    ("src/dingtalk/http/lenient.rs", "", "ends an English message of the JSON parser"),
    ("src/manifest/edit/text_edit.rs", "", YAML),
    ("src/manifest/edit/emit.rs", "", YAML),
    ("src/manifest/edit/template.rs", "# yaml-language-server", YAML),
    ("src/manifest/edit/template.rs", "organization: ", YAML),
    ("src/manifest/edit/template.rs", "root: ", YAML),
    ("src/render/init.rs", "  {}", "variables to set, below comments in both languages"),
    ("src/render/doctor.rs", "export ", "a line for the shell"),
    ("src/render/plan/diagram/mermaid.rs", "---", "the language of pictures"),
    ("src/manifest/model/document.rs", "A text, exactly as it is typed", "the schema, which is JSON"),
    ("src/render/plan/html/page.rs", "light dark", "HTML"),
    ("src/render/plan/html/page.rs", "default-src 'none'", "a policy, which browsers read"),
    ("src/render/plan/diagram/dot.rs", "digraph plan", "the language of pictures"),
    ("src/render/plan/diagram/dot.rs", "  subgraph cluster_", "the language of pictures"),
    ("src/render/plan/diagram/mermaid.rs", "  subgraph {key}", "the language of pictures"),
    ("src/render/plan/diagram/svg.rs", "note alarm", "names of styles"),
    ("src/manifest/edit/template.rs", "  # - name: ", "the keys of a manifest; its comments are in both languages"),
];

/// Where the sandbox speaks in DingTalk's place, to programs.
const API: [&str; 9] = [
    "src/sandbox/http/delivery.rs",
    "src/sandbox/api/request.rs",
    "src/sandbox/api/groups.rs",
    "src/sandbox/http/request_log.rs",
    "src/sandbox/api/users.rs",
    "src/sandbox/api/api_error.rs",
    "src/sandbox/api/response.rs",
    "src/sandbox/http/service.rs",
    "src/sandbox/state.rs",
];

/// What stands behind the help of a command.
const IN_HELP: &str = "its Chinese is in `src/cli/chinese`, where a test finds what is missing";

fn is_exempt(file: &str, text: &str) -> bool {
    API.contains(&file) || EXEMPT.iter().any(|(of, exempt, _)| file == *of && text.starts_with(exempt))
}

#[test]
fn every_message_is_written_in_every_language() {
    let sources = read();
    let bare: Vec<String> = sources
        .bare
        .iter()
        .filter(|(file, text)| is_prose(text) && !is_exempt(file, text))
        .map(|(file, text)| format!("{file}: {text}"))
        .collect();
    assert!(bare.is_empty(), "messages in no `tr!` or `localized!`:\n{}", bare.join("\n"));
}

#[test]
fn both_languages_put_in_the_same_values() {
    let Sources { pairs, .. } = read();
    let uneven: Vec<String> = pairs
        .iter()
        .filter(|pair| literal::values(&pair.english) != literal::values(&pair.chinese))
        .map(|pair| format!("{}: {} | {}", pair.file, pair.english, pair.chinese))
        .collect();
    assert!(uneven.is_empty(), "other values in Chinese:\n{}", uneven.join("\n"));
}

#[test]
fn the_chinese_is_chinese() {
    let Sources { pairs, .. } = read();
    assert!(pairs.len() > 50, "pairs are found: {}", pairs.len());
    let faults: BTreeSet<String> = pairs
        .iter()
        .flat_map(|pair| {
            chinese_faults(&pair.chinese)
                .into_iter()
                .map(move |fault| format!("{}: {fault}: {}", pair.file, pair.chinese))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn exemptions_are_needed() {
    let Sources { bare, .. } = read();
    for speaker in API {
        assert!(bare.iter().any(|(file, text)| file == speaker && is_prose(text)), "{speaker} says nothing");
    }
    for (of, exempt, _) in EXEMPT {
        assert!(bare.iter().any(|(file, text)| file == of && text.starts_with(exempt)), "{of} does not say `{exempt}`");
    }
}
