//! A plan, for programs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::group::{GroupId, GroupPath};
use crate::plan::{
    Action, Basis, Confusable, Cost, Deletion, Fingerprint, LostAdministrators, Plan, PossibleRename, Rate, Refusal,
    Retained, Tally, Unmanaged,
};
use crate::render::json::document::{FORMAT, write};
use crate::render::report::running::RunningDocument;
use crate::state::Running;

/// What an apply would do: `roomtree plan --format json`.
///
/// New members may come at any time; `format` goes up when a reader of the former one could be misled.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "roomtree plan")]
pub(super) struct PlanDocument<'a> {
    /// The version of this format.
    #[schemars(extend("const" = FORMAT))]
    format: u32,
    /// The kind of document.
    #[schemars(extend("const" = "plan"))]
    kind: &'static str,
    /// The same for the same plan; `apply --expect` takes it.
    fingerprint: Fingerprint,
    /// What the plan was made from.
    basis: &'a Basis,
    /// Whether there is nothing to do.
    settled: bool,
    /// The run that has the state just now, if one has: the plan may be out of date when it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    running: Option<RunningDocument<'a>>,
    /// How many groups there are of each kind.
    counts: Tally,
    /// What an apply takes.
    cost: CostDocument,
    /// Every group of the manifest, parents before their children.
    groups: Vec<GroupDocument<'a>>,
    /// Recorded groups that are to be deleted, children before their parents.
    deletions: &'a [Deletion],
    /// Groups to create that look like existing groups under a new name.
    possible_renames: &'a [PossibleRename],
    /// Recorded groups that are not in the manifest and are kept.
    retained: &'a [Retained],
    /// Groups that are in DingTalk alone, and are never touched.
    unmanaged: &'a [Unmanaged],
    /// Groups that an interrupted run may have made; an apply finds out before it plans.
    unsettled: &'a [GroupPath],
    /// Groups that the state records as protected from now on.
    protect: Vec<GroupPath>,
    /// Groups that lose their recorded protection.
    unprotect: &'a [GroupPath],
    /// The administrators that groups lose when they are created again; no API call sets them.
    administrators: &'a [LostAdministrators],
    /// Groups of the manifest whose `was` has no effect.
    stale_was: Vec<GroupPath>,
    /// Why the plan cannot be applied; empty if it can.
    refusals: Vec<RefusalDocument<'a>>,
}

/// What an apply takes.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "cost")]
struct CostDocument {
    /// The calls that count for the monthly quota.
    calls: usize,
    /// Whether it may be more, since an interrupted run left calls open.
    at_least: bool,
    /// The calls by API.
    by_api: Cost,
    /// The shortest time that the changes can take at the permitted rate, in seconds; missing if calls are not paced.
    #[serde(skip_serializing_if = "Option::is_none")]
    shortest_seconds: Option<f64>,
}

/// One group of the manifest, and what is to become of it.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "group")]
struct GroupDocument<'a> {
    /// Where it stands.
    path: GroupPath,
    /// Its name in the manifest.
    name: &'a str,
    #[serde(flatten)]
    decision: &'a Action,
    /// The id of the group above it, if that exists already.
    parent_id: Option<GroupId>,
    /// An existing group under the same parent whose name differs only in form: spaces, width, case, Unicode form.
    #[serde(skip_serializing_if = "Option::is_none")]
    looks_like: Option<&'a Confusable>,
}

/// Why a plan cannot be applied.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "refusal")]
pub(super) struct RefusalDocument<'a> {
    #[serde(flatten)]
    refusal: &'a Refusal,
    /// The same as a sentence.
    message: String,
    /// What to do about it.
    remedy: &'a str,
}

/// Writes a plan.
#[must_use]
pub fn plan(plan: &Plan, refusals: &[Refusal], rate: Rate, running: Option<&Running>) -> String {
    write(|| PlanDocument {
        format: FORMAT,
        kind: "plan",
        fingerprint: Fingerprint::of(plan),
        basis: &plan.basis,
        settled: plan.is_settled(),
        running: running.map(RunningDocument::of),
        counts: plan.tally(),
        cost: cost(plan, rate),
        groups: groups(plan),
        deletions: &plan.deletions,
        possible_renames: &plan.possible_renames,
        retained: &plan.retained,
        unmanaged: &plan.unmanaged,
        unsettled: &plan.unsettled,
        protect: plan.protections.iter().map(|row| plan.path(*row)).collect(),
        unprotect: &plan.releases,
        administrators: &plan.administrators,
        stale_was: plan.stale_was.iter().map(|row| plan.path(*row)).collect(),
        refusals: refusals.iter().map(refusal).collect(),
    })
}

fn cost(plan: &Plan, rate: Rate) -> CostDocument {
    let cost = Cost::of(plan);
    CostDocument {
        calls: cost.calls(),
        at_least: Cost::is_least(plan),
        by_api: cost,
        shortest_seconds: rate.0.map(|_| cost.shortest(rate).as_secs_f64()),
    }
}

fn groups(plan: &Plan) -> Vec<GroupDocument<'_>> {
    plan.rows()
        .map(|(id, row)| GroupDocument {
            path: plan.path(id),
            name: &row.name,
            decision: &row.decision,
            parent_id: plan.parent_id(id),
            looks_like: plan.confusable(id),
        })
        .collect()
}

pub(super) fn refusal(refusal: &Refusal) -> RefusalDocument<'_> {
    RefusalDocument { refusal, message: refusal.to_string(), remedy: refusal.remedy() }
}
