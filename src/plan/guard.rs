//! What stands between a plan and its being applied.
//!
//! Guards are pure: they look at the plan and what it was made from, and refuse. Only a [`Checked`] plan can be applied,
//! and only [`check`] makes one.

use serde::Serialize;
use thiserror::Error;

use crate::dingtalk::Live;
use crate::group::GroupId;
use crate::plan::compare::Evidence;
use crate::plan::table::Plan;

/// A plan that no guard stands against.
#[derive(Clone, Debug)]
pub struct Checked(Plan);

impl Checked {
    /// Returns the plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.0
    }
}

/// Why a plan cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Refusal {
    /// Some rows cannot be decided.
    #[error("{groups} group(s) in conflict; nothing is applied until that is settled")]
    Conflicts {
        /// How many rows, those below a conflict included.
        groups: usize,
    },
    /// The state belongs to some other place.
    #[error(
        "none of the {recorded} recorded group(s) exists in DingTalk: are these the credentials of another organization?"
    )]
    NothingLives {
        /// How many groups the state records.
        recorded: usize,
    },
    /// The manifest's root does not exist.
    #[error("the root group {root} does not exist in DingTalk")]
    RootGone {
        /// The id that the manifest gives.
        root: GroupId,
    },
    /// Together with the root the tree is deeper than permitted.
    #[error("the root group is at depth {root_depth}, so the tree reaches depth {depth}; the limit is {limit}")]
    TooDeep {
        /// The depth of the root group itself.
        root_depth: usize,
        /// The depth of the deepest group.
        depth: usize,
        /// `limits.depth` of the manifest.
        limit: u32,
    },
}

impl Refusal {
    /// Says what to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Conflicts { .. } => {
                "settle each conflict in DingTalk or in the manifest as told above, then plan again"
            }
            Self::NothingLives { .. } => {
                "check the credentials and --endpoint; if the groups were all deleted on purpose, move the state file away"
            }
            Self::RootGone { .. } => "set `root` to the id of an existing group, or 0 for the top",
            Self::TooDeep { .. } => {
                "choose a `root` further up, flatten the tree, or raise `limits.depth` if DingTalk permits more to you"
            }
        }
    }
}

/// Passes a plan that may be applied.
///
/// # Errors
/// Every reason why it may not.
pub fn check(plan: Plan, evidence: Evidence<'_>) -> Result<Checked, Vec<Refusal>> {
    let refusals = refusals(&plan, evidence);
    if refusals.is_empty() { Ok(Checked(plan)) } else { Err(refusals) }
}

/// Returns every reason why a plan may not be applied.
#[must_use]
pub fn refusals(plan: &Plan, evidence: Evidence<'_>) -> Vec<Refusal> {
    let live = |guard: fn(Evidence<'_>, &Live) -> Option<Refusal>| evidence.live.and_then(|live| guard(evidence, live));
    [live(root_gone), live(too_deep), live(nothing_lives), conflicts(plan)].into_iter().flatten().collect()
}

fn conflicts(plan: &Plan) -> Option<Refusal> {
    let groups = plan.tally().conflict;
    (groups > 0).then_some(Refusal::Conflicts { groups })
}

fn nothing_lives(evidence: Evidence<'_>, live: &Live) -> Option<Refusal> {
    let recorded = &evidence.ledger.snapshot().groups;
    let lost = !recorded.is_empty() && !recorded.values().any(|id| live.get(*id).is_some());
    lost.then_some(Refusal::NothingLives { recorded: recorded.len() })
}

fn root_gone(evidence: Evidence<'_>, live: &Live) -> Option<Refusal> {
    let root = evidence.manifest.root;
    (root != GroupId::ROOT && live.get(root).is_none()).then_some(Refusal::RootGone { root })
}

fn too_deep(evidence: Evidence<'_>, live: &Live) -> Option<Refusal> {
    let manifest = evidence.manifest;
    let root_depth = live.depth(manifest.root)?;
    let deepest = manifest.tree.nodes().map(|(_, node)| node.depth as usize).max()?;
    let (depth, limit) = (root_depth + deepest, manifest.limits.depth);
    let refused = manifest.root != GroupId::ROOT && depth > limit as usize;
    refused.then_some(Refusal::TooDeep { root_depth, depth, limit })
}
