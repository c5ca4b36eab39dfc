//! The same data for programs: JSON with a version in it.
//!
//! `format` goes up when a reader of the former format could be misled; new members may come at any time.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use serde::Serialize;

use crate::apply::{Counts, Ending, Outcome};
use crate::dingtalk;
use crate::doctor::{Check, Evidence, Fate, Finding, Reason, Removal, Report, Spare, Verdict};
use crate::group::{GroupId, GroupPath};
use crate::language::{Language, Text};
use crate::manifest::{Lines, Loaded, Problem, Severity, SourceId};
use crate::plan::{
    Basis, Conflict, Cost, Decision, Deletion, Fingerprint, Forgotten, Plan, Rate, Refusal, Relocation, Tally,
    Unmanaged,
};
use crate::render::report::Told;
use crate::render::style::is_unfit;
use crate::state::Ledger;

/// The version of every document here.
const FORMAT: u32 = 1;

/// Makes a document and writes it, in English whatever is spoken: it is for programs.
fn write<D: Serialize>(document: impl FnOnce() -> D) -> String {
    let text = Language::English.scope(|| serde_json::to_string_pretty(&document()));
    let text = text.expect("documents have text keys and finite numbers only");
    let mut text: String = text.split('\n').map(escaped).collect::<Vec<_>>().join("\n");
    text.push('\n');
    text
}

/// Escapes what could steer a terminal: JSON itself escapes only the controls of ASCII.
///
/// Outside its strings a line of JSON has no such characters, so all of them may be escaped.
fn escaped(line: &str) -> Cow<'_, str> {
    if !line.contains(is_unfit) {
        return line.into();
    }
    let units = |c: char| c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
    line.chars().map(|c| if is_unfit(c) { units(c) } else { c.to_string() }).collect::<String>().into()
}

#[derive(Serialize)]
struct PlanDocument<'a> {
    format: u32,
    kind: &'static str,
    fingerprint: Fingerprint,
    basis: &'a Basis,
    settled: bool,
    counts: Tally,
    cost: CostDocument,
    groups: Vec<GroupDocument<'a>>,
    deletions: &'a [Deletion],
    relocations: &'a [Relocation],
    forgotten: &'a [Forgotten],
    unmanaged: &'a [Unmanaged],
    unsettled: &'a [GroupPath],
    stale_was: &'a [GroupPath],
    refusals: Vec<RefusalDocument<'a>>,
}

#[derive(Serialize)]
struct CostDocument {
    calls: usize,
    /// Whether it may be more, since an interrupted run left calls open.
    at_least: bool,
    by_api: Cost,
    #[serde(skip_serializing_if = "Option::is_none")]
    shortest_seconds: Option<f64>,
}

#[derive(Serialize)]
struct GroupDocument<'a> {
    path: GroupPath,
    name: &'a str,
    #[serde(flatten)]
    decision: &'a Decision,
    parent_id: Option<GroupId>,
}

#[derive(Serialize)]
struct RefusalDocument<'a> {
    #[serde(flatten)]
    refusal: &'a Refusal,
    message: String,
    remedy: &'a str,
}

/// Writes a plan.
#[must_use]
pub fn plan(plan: &Plan, refusals: &[Refusal], rate: Rate) -> String {
    let cost = Cost::of(plan);
    write(|| PlanDocument {
        format: FORMAT,
        kind: "plan",
        fingerprint: Fingerprint::of(plan),
        basis: &plan.basis,
        settled: plan.is_settled(),
        counts: plan.tally(),
        cost: CostDocument {
            calls: cost.calls(),
            at_least: Cost::is_least(plan),
            by_api: cost,
            shortest_seconds: rate.0.map(|_| cost.shortest(rate).as_secs_f64()),
        },
        groups: groups(plan),
        deletions: &plan.deletions,
        relocations: &plan.relocations,
        forgotten: &plan.forgotten,
        unmanaged: &plan.unmanaged,
        unsettled: &plan.unsettled,
        stale_was: &plan.stale_was,
        refusals: refusals.iter().map(refusal).collect(),
    })
}

fn groups(plan: &Plan) -> Vec<GroupDocument<'_>> {
    plan.rows()
        .map(|(id, row)| GroupDocument {
            path: plan.path(id),
            name: &row.name,
            decision: &row.decision,
            parent_id: plan.parent_id(id),
        })
        .collect()
}

fn refusal(refusal: &Refusal) -> RefusalDocument<'_> {
    RefusalDocument { refusal, message: refusal.to_string(), remedy: refusal.remedy() }
}

#[derive(Serialize)]
struct ReportDocument<'a> {
    format: u32,
    kind: &'static str,
    complete: bool,
    ending: &'static str,
    counts: Counts,
    adopted: usize,
    delayed: usize,
    answers_lost: usize,
    seconds: f64,
    calls: u64,
    plan: SummaryDocument<'a>,
    groups: Vec<OutcomeDocument<'a>>,
    twins_removed: &'a [GroupId],
    twins_left: &'a [GroupId],
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureDocument<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    again: Option<&'a str>,
}

/// The plan that a report is about, in short.
#[derive(Serialize)]
struct SummaryDocument<'a> {
    fingerprint: Fingerprint,
    settled: bool,
    counts: Tally,
    conflicts: Vec<ConflictDocument<'a>>,
    refusals: Vec<RefusalDocument<'a>>,
}

#[derive(Serialize)]
struct ConflictDocument<'a> {
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
        refusals: refusals.iter().map(refusal).collect(),
    }
}

#[derive(Serialize)]
struct OutcomeDocument<'a> {
    path: GroupPath,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<GroupId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureDocument<'a>>,
}

#[derive(Serialize)]
struct FailureDocument<'a> {
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    remedy: String,
}

/// Writes what became of a run.
#[must_use]
pub fn report(told: Told<'_>) -> String {
    let report = told.report;
    let complete = report.is_complete();
    write(|| ReportDocument {
        format: FORMAT,
        kind: "report",
        complete,
        ending: ending(&report.ending),
        counts: report.counts(),
        adopted: report.adopted.len(),
        delayed: report.delayed,
        answers_lost: report.answers_lost,
        seconds: seconds(told.took),
        calls: told.calls,
        plan: summary(told.plan, &[]),
        groups: adopted(told).chain(outcomes(told)).collect(),
        twins_removed: &report.twins_removed,
        twins_left: &report.twins_left,
        failure: match &report.ending {
            Ending::Stopped(cause) | Ending::Unsettled(cause) => Some(failure(cause)),
            _ => None,
        },
        again: (!complete).then_some(told.again),
    })
}

/// Writes the report of a run that carried nothing out: there was nothing to do, or the plan was refused.
#[must_use]
pub fn idle(plan: &Plan, refusals: &[Refusal], idle: Idle, took: Duration, calls: u64) -> String {
    write(|| ReportDocument {
        format: FORMAT,
        kind: "report",
        complete: idle == Idle::Settled,
        ending: match idle {
            Idle::Settled => "complete",
            Idle::Refused => "refused",
        },
        counts: Counts::default(),
        adopted: 0,
        delayed: 0,
        answers_lost: 0,
        seconds: seconds(took),
        calls,
        plan: summary(plan, refusals),
        groups: Vec::new(),
        twins_removed: &[],
        twins_left: &[],
        failure: None,
        again: None,
    })
}

/// Why a run carried nothing out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idle {
    /// There was nothing to do.
    Settled,
    /// Something stands against the plan.
    Refused,
}

fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1000.0).round() / 1000.0
}

fn ending(ending: &Ending) -> &'static str {
    match ending {
        Ending::Complete => "complete",
        Ending::Interrupted => "interrupted",
        Ending::Stopped(_) => "stopped",
        Ending::Spent(_) => "spent",
        Ending::Unsettled(_) => "unsettled",
        Ending::Unrecorded(_) => "unrecorded",
    }
}

fn adopted(told: Told<'_>) -> impl Iterator<Item = OutcomeDocument<'_>> {
    told.report.adopted.iter().map(move |row| OutcomeDocument {
        path: told.plan.path(*row),
        outcome: "adopted",
        id: told.plan.row(*row).id(),
        failure: None,
    })
}

fn outcomes(told: Told<'_>) -> impl Iterator<Item = OutcomeDocument<'_>> {
    let steps = told.order.steps().iter().zip(&told.report.outcomes);
    steps.map(move |(step, outcome)| {
        let (word, id, cause) = match outcome {
            Outcome::Done(id) => ("done", Some(*id), None),
            Outcome::Failed(cause) => ("failed", None, Some(cause)),
            Outcome::Unknown(cause) => ("unknown", None, Some(cause)),
            Outcome::Skipped(_) => ("skipped", None, None),
            Outcome::Left => ("left", None, None),
        };
        OutcomeDocument { path: told.plan.subject(step.subject), outcome: word, id, failure: cause.map(failure) }
    })
}

fn failure(failure: &dingtalk::Failure) -> FailureDocument<'_> {
    FailureDocument {
        message: failure.to_string(),
        status: failure.status,
        code: failure.code.as_deref(),
        request_id: failure.request_id.as_deref(),
        remedy: failure.remedy().to_string(),
    }
}

#[derive(Serialize)]
struct ProblemsDocument<'a> {
    format: u32,
    kind: &'static str,
    valid: bool,
    groups: Option<usize>,
    problems: Vec<ProblemDocument<'a>>,
}

#[derive(Serialize)]
struct ProblemDocument<'a> {
    severity: &'static str,
    rule: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

/// Writes what a validation found.
#[must_use]
pub fn problems(loaded: &Loaded) -> String {
    let mut lines: HashMap<SourceId, Lines<'_>> = HashMap::new();
    let problems = loaded.problems.iter().map(|problem| problem_document(problem, loaded, &mut lines)).collect();
    write(|| ProblemsDocument {
        format: FORMAT,
        kind: "problems",
        valid: loaded.manifest().is_some(),
        groups: loaded.manifest().map(|manifest| manifest.tree.len()),
        problems,
    })
}

fn problem_document<'a>(
    problem: &'a Problem,
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
        help: problem.help.as_deref(),
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

#[derive(Serialize)]
struct StateDocument<'a> {
    format: u32,
    kind: &'static str,
    lineage: &'a str,
    serial: u64,
    endpoint: &'a str,
    organization: Option<&'a str>,
    root: GroupId,
    groups: BTreeMap<&'a GroupPath, GroupId>,
    open: usize,
}

/// Writes what is recorded at a path and below it.
#[must_use]
pub fn state(ledger: &Ledger, within: &GroupPath) -> String {
    let snapshot = ledger.snapshot();
    let groups = snapshot.groups.iter().filter(|(path, _)| path.is_within(within));
    write(|| StateDocument {
        format: FORMAT,
        kind: "state",
        lineage: &snapshot.lineage,
        serial: snapshot.serial,
        endpoint: &snapshot.endpoint,
        organization: snapshot.organization.as_deref(),
        root: snapshot.root,
        groups: groups.map(|(path, id)| (path, *id)).collect(),
        open: ledger.open().count(),
    })
}

#[derive(Serialize)]
struct DoctorDocument<'a> {
    format: u32,
    kind: &'static str,
    well: bool,
    checks: Vec<CheckDocument<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    removal: Option<RemovalDocument<'a>>,
}

#[derive(Serialize)]
struct CheckDocument<'a> {
    check: Check,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    detail: &'a Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<&'a Text>,
    evidence: &'a [Evidence],
}

#[derive(Serialize)]
struct RemovalDocument<'a> {
    complete: bool,
    groups: Vec<RemovedDocument<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unverified: Option<&'a Text>,
    twins_left: usize,
}

#[derive(Serialize)]
struct RemovedDocument<'a> {
    #[serde(flatten)]
    spare: &'a Spare,
    #[serde(flatten)]
    fate: &'a Fate,
}

/// Writes what the doctor found, and what became of the twins that were to be removed.
#[must_use]
pub fn doctor(report: &Report, removal: Option<&Removal>) -> String {
    write(|| DoctorDocument {
        format: FORMAT,
        kind: "doctor",
        well: report.reason().is_none(),
        checks: report.findings.iter().map(check).collect(),
        removal: removal.map(removal_document),
    })
}

fn check(finding: &Finding) -> CheckDocument<'_> {
    CheckDocument {
        check: finding.check,
        verdict: finding.verdict.as_str(),
        reason: match finding.verdict {
            Verdict::Failed(reason) => Some(reason),
            Verdict::Ok | Verdict::Warning | Verdict::Skipped => None,
        },
        detail: &finding.detail,
        remedy: finding.remedy.as_ref(),
        evidence: &finding.evidence,
    }
}

fn removal_document(removal: &Removal) -> RemovalDocument<'_> {
    RemovalDocument {
        complete: removal.is_complete(),
        groups: removal.groups.iter().map(|(spare, fate)| RemovedDocument { spare, fate }).collect(),
        unverified: removal.unverified.as_ref(),
        twins_left: removal.twins_left,
    }
}
