//! What became of a run, for programs.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use crate::apply::{Counts, GroupOutcome, ResumedCounts, StopReason};
use crate::dingtalk;
use crate::group::{GroupId, GroupPath};
use crate::i18n::Message;
use crate::plan::{Conflict, Confusable, Fingerprint, Plan, Refusal, Tally};
use crate::render::json::document::{FORMAT, write};
use crate::render::json::plan::{RefusalDocument, refusal};
use crate::render::report::text::ReportInput;

/// What became of a run: `roomtree apply --format json`, and the last line of `--format jsonl`.
///
/// New members may come at any time; `format` goes up when a reader of the former one could be misled.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "roomtree report")]
pub(super) struct ReportDocument<'a> {
    /// The version of this format.
    #[schemars(extend("const" = FORMAT))]
    format: u32,
    /// The kind of document.
    #[schemars(extend("const" = "report"))]
    kind: &'static str,
    /// Whether all that was planned is done.
    complete: bool,
    /// How the run ended.
    ending: EndingWord,
    /// How many steps ended in which way.
    counts: Counts,
    /// How many groups were recorded that were there already.
    adopted: usize,
    /// How often a step was put off, since DingTalk asked for fewer calls or could not be reached.
    delayed: usize,
    /// How many answers were lost, whatever was then found out.
    answers_lost: usize,
    /// How the calls were resolved that an interrupted run left open; missing if there were none.
    #[serde(skip_serializing_if = "Option::is_none")]
    resumed: Option<ResumedCounts>,
    /// How long it took.
    seconds: f64,
    /// How many calls it took, those for tokens left out.
    calls: u64,
    /// The plan that was carried out, or was not; missing if the run ended before there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<SummaryDocument<'a>>,
    /// What became of each group, adopted ones first, then in the order of the plan.
    groups: Vec<OutcomeDocument<'a>>,
    /// Duplicates of this run's own making that were removed.
    duplicates_removed: &'a [GroupId],
    /// Duplicates that were seen in the end and left standing.
    duplicates_left: &'a [GroupId],
    /// Why the run stopped or could not be settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureDocument<'a>>,
    /// The command that finishes the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    again: Option<&'a str>,
    /// Why the command failed, if it did for another reason than an outcome or a refusal of the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorDocument<'a>>,
}

/// Why a command failed.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[schemars(title = "error")]
pub struct ErrorDocument<'a> {
    /// The kind of failure.
    pub kind: ErrorWord,
    /// The failure in one sentence.
    pub message: &'a Message,
    /// The errors that led to it, the nearest first.
    #[serde(skip_serializing_if = "<[Message]>::is_empty")]
    pub causes: &'a [Message],
    /// What to do about it.
    pub hints: &'a [Message],
    /// The exit code of the command.
    pub exit_code: u8,
}

/// The kind of a failure; each has its exit code.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(title = "error word")]
pub enum ErrorWord {
    /// The manifest, a flag, a credential or a file is wrong: 1.
    Input,
    /// A guard refused, or the plan was not confirmed: 4.
    Refused,
    /// DingTalk refused or could not be reached before any change: 5.
    Unavailable,
    /// Something was changed, but the state could not be saved: 3.
    Partial,
}

/// How a run ended.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(title = "ending")]
enum EndingWord {
    /// Every step was tried, or there was nothing to do.
    Complete,
    /// The plan is refused or was not confirmed; nothing was changed.
    Refused,
    /// The command failed before the first change; `error` has the reason.
    Failed,
    /// Somebody asked for it.
    Interrupted,
    /// No other call could have succeeded either.
    Stopped,
    /// DingTalk changed during a suspension of the process: the rest of the plan is outdated.
    Outdated,
    /// As many calls are made as were allowed.
    Spent,
    /// What lost calls may have made could not be looked up; the next run looks again.
    Unsettled,
    /// The journal could not be written.
    Unrecorded,
}

/// The plan that a report is about, in short.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "summary")]
struct SummaryDocument<'a> {
    /// The fingerprint of the plan.
    fingerprint: Fingerprint,
    /// Whether there was nothing to do.
    settled: bool,
    /// How many groups there are of each kind.
    counts: Tally,
    /// The groups in conflict.
    conflicts: Vec<ConflictDocument<'a>>,
    /// New names that existing groups would be confused with; left out if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    looks_like: Vec<ConfusableDocument<'a>>,
    /// Why the plan cannot be applied; empty if it can.
    refusals: Vec<RefusalDocument<'a>>,
}

/// A group whose name differs from that of an existing one only in form.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "confusable")]
struct ConfusableDocument<'a> {
    /// Its path.
    path: GroupPath,
    #[serde(flatten)]
    existing: &'a Confusable,
}

/// A group in conflict.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "conflict")]
struct ConflictDocument<'a> {
    /// Its path.
    path: GroupPath,
    #[serde(flatten)]
    conflict: &'a Conflict,
}

fn summary<'a>(plan: &'a Plan, refusals: &'a [Refusal]) -> SummaryDocument<'a> {
    SummaryDocument {
        fingerprint: Fingerprint::of(plan),
        settled: plan.is_settled(),
        counts: plan.tally(),
        conflicts: plan
            .conflicts()
            .map(|(row, conflict)| ConflictDocument { path: plan.path(row), conflict })
            .collect(),
        looks_like: plan
            .confusables
            .iter()
            .map(|existing| ConfusableDocument { path: plan.path(existing.row), existing })
            .collect(),
        refusals: refusals.iter().map(refusal).collect(),
    }
}

/// What became of one group.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "outcome")]
struct OutcomeDocument<'a> {
    /// Its path.
    path: GroupPath,
    /// What became of it.
    outcome: OutcomeWord,
    /// Its id, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<GroupId>,
    /// What stood against it.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureDocument<'a>>,
}

/// What became of one group.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(title = "outcome word")]
enum OutcomeWord {
    /// It was there already and is recorded now.
    Adopted,
    /// Created, renamed or deleted, and recorded.
    Done,
    /// DingTalk refused it.
    Failed,
    /// Whether it happened could not be found out; the next run looks again.
    Unknown,
    /// A step that it waits for was not done.
    Skipped,
    /// The run ended before its turn came.
    Left,
}

/// What DingTalk or the network said.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "failure")]
pub(super) struct FailureDocument<'a> {
    /// All of it as a sentence.
    message: String,
    /// The HTTP status, if an answer came.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// DingTalk's error code, if the answer had one.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    /// DingTalk's id of the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    /// What to do about it.
    remedy: String,
}

/// Writes what became of a run.
#[must_use]
pub fn report(told: ReportInput<'_>, error: Option<ErrorDocument<'_>>) -> String {
    write(|| ran(told, error))
}

pub(super) fn ran<'a>(told: ReportInput<'a>, error: Option<ErrorDocument<'a>>) -> ReportDocument<'a> {
    let report = told.report;
    let complete = report.is_complete();
    ReportDocument {
        complete,
        ending: ending(&report.ending),
        counts: report.counts(),
        adopted: report.adopted.len(),
        delayed: report.delayed,
        answers_lost: report.answers_lost,
        resumed: report.resumed,
        groups: adopted(told).chain(outcomes(told)).collect(),
        duplicates_removed: &report.duplicates_removed,
        duplicates_left: &report.duplicates_left,
        failure: match &report.ending {
            StopReason::Stopped(cause) | StopReason::Unsettled(cause) => Some(failure(cause)),
            StopReason::Complete
            | StopReason::Interrupted
            | StopReason::Outdated { .. }
            | StopReason::Spent(_)
            | StopReason::Unrecorded(_) => None,
        },
        again: (!complete).then_some(told.again),
        error,
        ..empty(Some(summary(told.plan, &[])), told.took, told.calls)
    }
}

/// Why a run carried nothing out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idle {
    /// There was nothing to do.
    Settled,
    /// Something stands against the plan.
    Refused,
}

/// A run that carried nothing out.
#[derive(Clone, Copy, Debug)]
pub struct NoopRun<'a> {
    /// Why the plan cannot be applied; empty if it can.
    pub refusals: &'a [Refusal],
    /// Why nothing was carried out.
    pub idle: Idle,
    /// How the calls were resolved that an interrupted run left open.
    pub resumed: Option<ResumedCounts>,
    /// How long it took.
    pub took: Duration,
    /// How many calls it took, the token's not counted.
    pub calls: u64,
    /// Why it is not carried out, if that is not a refusal of the plan.
    pub error: Option<ErrorDocument<'a>>,
}

/// Writes the report of a run that carried nothing out: there was nothing to do, or the plan was refused.
#[must_use]
pub fn idle(plan: &Plan, run: NoopRun<'_>) -> String {
    write(|| idled(plan, run))
}

pub(super) fn idled<'a>(plan: &'a Plan, run: NoopRun<'a>) -> ReportDocument<'a> {
    let NoopRun { refusals, idle, resumed, took, calls, error } = run;
    let ending = match idle {
        Idle::Settled => EndingWord::Complete,
        Idle::Refused => EndingWord::Refused,
    };
    ReportDocument {
        complete: idle == Idle::Settled,
        ending,
        resumed,
        error,
        ..empty(Some(summary(plan, refusals)), took, calls)
    }
}

/// Writes the report of a run that ended before its first change, and without a plan to report: it was interrupted, or failed.
#[must_use]
pub fn unplanned(error: Option<ErrorDocument<'_>>) -> String {
    write(|| without_plan(error))
}

pub(super) fn without_plan(error: Option<ErrorDocument<'_>>) -> ReportDocument<'_> {
    let ending = match error.as_ref().map(|error| error.kind) {
        None => EndingWord::Interrupted,
        Some(ErrorWord::Refused) => EndingWord::Refused,
        Some(ErrorWord::Input | ErrorWord::Unavailable | ErrorWord::Partial) => EndingWord::Failed,
    };
    ReportDocument { ending, error, ..empty(None, Duration::ZERO, 0) }
}

/// Makes the report of a run in which nothing happened.
fn empty(plan: Option<SummaryDocument<'_>>, took: Duration, calls: u64) -> ReportDocument<'_> {
    ReportDocument {
        format: FORMAT,
        kind: "report",
        complete: false,
        ending: EndingWord::Complete,
        counts: Counts::default(),
        adopted: 0,
        delayed: 0,
        answers_lost: 0,
        resumed: None,
        seconds: seconds(took),
        calls,
        plan,
        groups: Vec::new(),
        duplicates_removed: &[],
        duplicates_left: &[],
        failure: None,
        again: None,
        error: None,
    }
}

/// Returns a time in seconds, to the millisecond.
pub(super) fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1000.0).round() / 1000.0
}

fn ending(ending: &StopReason) -> EndingWord {
    match ending {
        StopReason::Complete => EndingWord::Complete,
        StopReason::Interrupted => EndingWord::Interrupted,
        StopReason::Stopped(_) => EndingWord::Stopped,
        StopReason::Outdated { .. } => EndingWord::Outdated,
        StopReason::Spent(_) => EndingWord::Spent,
        StopReason::Unsettled(_) => EndingWord::Unsettled,
        StopReason::Unrecorded(_) => EndingWord::Unrecorded,
    }
}

fn adopted(told: ReportInput<'_>) -> impl Iterator<Item = OutcomeDocument<'_>> {
    told.report.adopted.iter().map(move |row| OutcomeDocument {
        path: told.plan.path(*row),
        outcome: OutcomeWord::Adopted,
        id: told.plan.row(*row).id(),
        failure: None,
    })
}

fn outcomes(told: ReportInput<'_>) -> impl Iterator<Item = OutcomeDocument<'_>> {
    let steps = told.order.steps().iter().zip(&told.report.outcomes);
    steps.map(move |(step, outcome)| {
        let (word, id, cause) = match outcome {
            GroupOutcome::Done(id) => (OutcomeWord::Done, Some(*id), None),
            GroupOutcome::Failed(cause) => (OutcomeWord::Failed, None, Some(cause)),
            GroupOutcome::Unknown(cause) => (OutcomeWord::Unknown, None, Some(cause)),
            GroupOutcome::Skipped(_) => (OutcomeWord::Skipped, None, None),
            GroupOutcome::Left => (OutcomeWord::Left, None, None),
        };
        OutcomeDocument { path: told.plan.subject(step.subject), outcome: word, id, failure: cause.map(failure) }
    })
}

pub(super) fn failure(failure: &dingtalk::ApiError) -> FailureDocument<'_> {
    FailureDocument {
        message: failure.to_string(),
        status: failure.status,
        code: failure.code.as_deref(),
        request_id: failure.request_id.as_deref(),
        remedy: failure.remedy().to_string(),
    }
}
