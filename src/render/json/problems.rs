//! What a validation found, for programs.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::i18n::Message;
use crate::manifest::{Diagnostic, Lines, Loaded, Severity, SourceId};
use crate::render::json::document::{FORMAT, write};

/// What is wrong with a manifest: `roomtree validate --format json`.
///
/// New members may come at any time; `format` goes up when a reader of the former one could be misled.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "roomtree problems")]
pub(super) struct ProblemsDocument<'a> {
    /// The version of this format.
    #[schemars(extend("const" = FORMAT))]
    format: u32,
    /// The kind of document.
    #[schemars(extend("const" = "problems"))]
    kind: &'static str,
    /// Whether the manifest can be used; it may have warnings nevertheless.
    valid: bool,
    /// How many groups it has; null if it is not valid.
    groups: Option<usize>,
    /// Every problem.
    problems: Vec<ProblemDocument<'a>>,
}

/// One thing that is wrong.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "problem")]
struct ProblemDocument<'a> {
    /// How bad it is.
    severity: SeverityWord,
    /// The rule that is broken.
    rule: &'static str,
    /// What is wrong.
    message: &'a Message,
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// The column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a Message>,
}

/// How bad a problem is.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(title = "severity")]
enum SeverityWord {
    /// The manifest cannot be used.
    Error,
    /// Something to look at.
    Warning,
}

/// Writes what a validation found.
#[must_use]
pub fn problems(loaded: &Loaded) -> String {
    let mut lines: HashMap<SourceId, Lines<'_>> = HashMap::new();
    let found = || ProblemsDocument {
        format: FORMAT,
        kind: "problems",
        valid: loaded.manifest().is_some(),
        groups: loaded.manifest().map(|manifest| manifest.tree.len()),
        problems: loaded.problems.iter().map(|problem| problem_document(problem, loaded, &mut lines)).collect(),
    };
    write(found)
}

fn problem_document<'a>(
    problem: &'a Diagnostic,
    loaded: &'a Loaded,
    lines: &mut HashMap<SourceId, Lines<'a>>,
) -> ProblemDocument<'a> {
    let source = problem.source.and_then(|id| loaded.sources.get(id.index()));
    let position = problem.place.and_then(|place| {
        let text = &loaded.sources.get(place.source.index())?.text;
        Some(lines.entry(place.source).or_insert_with(|| Lines::new(text)).position(place.start))
    });
    ProblemDocument {
        severity: severity(problem.severity),
        rule: problem.rule.code(),
        message: &problem.message,
        file: source.map(|source| source.name.as_str()),
        line: position.map(|position| position.line),
        column: position.map(|position| position.column),
        help: problem.help.as_ref(),
    }
}

fn severity(severity: Severity) -> SeverityWord {
    match severity {
        Severity::Error => SeverityWord::Error,
        Severity::Warning => SeverityWord::Warning,
    }
}
