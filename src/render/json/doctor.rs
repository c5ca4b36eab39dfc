//! What the doctor found, for programs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::doctor::{Check, CheckResult, Detail, Fate, Reason, RemovableDuplicate, Removal, Report, Verdict};
use crate::i18n::Message;
use crate::render::json::document::{FORMAT, write};
use crate::render::report::running::RunningDocument;
use crate::state::Running;

/// What the doctor found: `roomtree doctor --format json`.
///
/// New members may come at any time; `format` goes up when a reader of the former one could be misled.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "roomtree doctor")]
pub(super) struct DoctorDocument<'a> {
    /// The version of this format.
    #[schemars(extend("const" = FORMAT))]
    format: u32,
    /// The kind of document.
    #[schemars(extend("const" = "doctor"))]
    kind: &'static str,
    /// Whether no check failed.
    well: bool,
    /// The run that has the state just now, if one has.
    #[serde(skip_serializing_if = "Option::is_none")]
    running: Option<RunningDocument<'a>>,
    /// The checks, in the order of looking.
    checks: Vec<CheckDocument<'a>>,
    /// What became of the duplicates that were to be removed, if they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    removal: Option<RemovalDocument<'a>>,
}

/// What one check found.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "check")]
struct CheckDocument<'a> {
    /// What was looked at.
    check: Check,
    /// How it ended.
    verdict: VerdictWord,
    /// Whose move it is after a failed check.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    /// One line about it.
    detail: &'a Message,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<&'a Message>,
    /// The groups and calls that it rests on.
    evidence: &'a [Detail],
}

/// How a check ended.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(title = "verdict")]
enum VerdictWord {
    /// All is well.
    Ok,
    /// Something to look at, which stops no apply; or nothing could be told.
    Warning,
    /// An apply cannot succeed like this.
    Failed,
    /// Not looked at.
    Skipped,
}

/// What became of the duplicates that were to be removed.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "removal")]
struct RemovalDocument<'a> {
    /// Whether every group that was offered is gone.
    complete: bool,
    /// Each group with its fate.
    groups: Vec<RemovedDocument<'a>>,
    /// Why the last list could not be had; then nothing is verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    unverified: Option<&'a Message>,
    /// How many groups still share name and parent with another.
    duplicates_left: usize,
}

/// What became of one duplicate.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "removed")]
struct RemovedDocument<'a> {
    #[serde(flatten)]
    spare: &'a RemovableDuplicate,
    #[serde(flatten)]
    fate: &'a Fate,
}

/// Writes what the doctor found, and what became of the duplicates that were to be removed.
#[must_use]
pub fn doctor(report: &Report, removal: Option<&Removal>, running: Option<&Running>) -> String {
    write(|| DoctorDocument {
        format: FORMAT,
        kind: "doctor",
        well: report.reason().is_none(),
        running: running.map(RunningDocument::of),
        checks: report.findings.iter().map(check).collect(),
        removal: removal.map(removal_document),
    })
}

fn check(finding: &CheckResult) -> CheckDocument<'_> {
    CheckDocument {
        check: finding.check,
        verdict: verdict(finding.verdict),
        reason: match finding.verdict {
            Verdict::Failed(reason) => Some(reason),
            Verdict::Ok | Verdict::Warning | Verdict::Skipped => None,
        },
        detail: &finding.detail,
        remedy: finding.remedy.as_ref(),
        evidence: &finding.evidence,
    }
}

fn verdict(verdict: Verdict) -> VerdictWord {
    match verdict {
        Verdict::Ok => VerdictWord::Ok,
        Verdict::Warning => VerdictWord::Warning,
        Verdict::Failed(_) => VerdictWord::Failed,
        Verdict::Skipped => VerdictWord::Skipped,
    }
}

fn removal_document(removal: &Removal) -> RemovalDocument<'_> {
    RemovalDocument {
        complete: removal.is_complete(),
        groups: removal.groups.iter().map(|(spare, fate)| RemovedDocument { spare, fate }).collect(),
        unverified: removal.unverified.as_ref(),
        duplicates_left: removal.duplicates_left,
    }
}
