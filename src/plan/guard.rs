//! What stands between a plan and its being applied.
//!
//! Guards are pure: they look at the plan and what it was made from, and refuse. Only a [`Checked`] plan can be applied,
//! and only [`check`] makes one.

use schemars::JsonSchema;
use serde::Serialize;
use thiserror::Error;

use crate::dingtalk::Live;
use crate::group::{GroupId, GroupPath};
use crate::plan::compare::Evidence;
use crate::plan::deletion::Holds;
use crate::plan::table::Plan;
use crate::plan::words::{count, of};

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

/// A plan that guards stand against.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The plan.
    pub plan: Plan,
    /// Why it cannot be applied.
    pub refusals: Vec<Refusal>,
}

/// Why a plan cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Refusal {
    /// Some rows cannot be decided.
    #[error("{} in conflict; nothing is applied until that is settled", count(*groups, "group"))]
    Conflicts {
        /// How many rows, those below a conflict included.
        groups: usize,
    },
    /// The state belongs to some other place.
    #[error(
        "{} in DingTalk: are these the credentials of another organization?",
        if *recorded == 1 { "the only recorded group does not exist".to_owned() } else { format!("none of the {recorded} recorded groups exists") }
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
    /// Groups that are to be deleted hold others that stay, or rooms; DingTalk deletes empty groups only.
    #[error(
        "{} to delete {} not empty, `{first}`{}: it holds {} and {}",
        count(*groups, "group"), of(*groups, "is", "are"), of(*groups, "", " the first of them"), count(*held, "unmanaged group"), count(*rooms, "room")
    )]
    Occupied {
        /// How many groups to delete are not empty.
        groups: usize,
        /// The first of them, by path.
        first: GroupPath,
        /// How many groups it holds that stay.
        held: usize,
        /// How many rooms it holds.
        rooms: usize,
    },
    /// More deletions than were agreed to.
    #[error("{} would be deleted; {permitted} may be", count(*deletes, "group"))]
    TooManyDeletes {
        /// How many would be.
        deletes: usize,
        /// How many may be.
        permitted: usize,
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
            Self::Occupied { .. } => {
                "move or remove what they hold in DingTalk first, or keep the groups in the manifest"
            }
            Self::TooManyDeletes { .. } => "if that is meant, say so with `--max-deletes N`",
            Self::TooDeep { .. } => {
                "choose a `root` further up, flatten the tree, or raise `limits.depth` if DingTalk permits more to you"
            }
        }
    }
}

/// Passes a plan that may be applied.
///
/// # Errors
/// The plan with every reason why it may not.
pub fn check(plan: Plan, evidence: Evidence<'_>) -> Result<Checked, Box<Refused>> {
    let refusals = refusals(&plan, evidence);
    if refusals.is_empty() { Ok(Checked(plan)) } else { Err(Box::new(Refused { plan, refusals })) }
}

/// Returns every reason why a plan may not be applied.
#[must_use]
pub fn refusals(plan: &Plan, evidence: Evidence<'_>) -> Vec<Refusal> {
    let live = |guard: fn(Evidence<'_>, &Live) -> Option<Refusal>| evidence.live.and_then(|live| guard(evidence, live));
    let guards = [
        live(root_gone),
        live(too_deep),
        live(nothing_lives),
        conflicts(plan),
        occupied(plan),
        too_many_deletes(plan, evidence),
    ];
    guards.into_iter().flatten().collect()
}

fn conflicts(plan: &Plan) -> Option<Refusal> {
    let groups = plan.tally().conflict;
    (groups > 0).then_some(Refusal::Conflicts { groups })
}

fn occupied(plan: &Plan) -> Option<Refusal> {
    let occupied = plan.deletions.iter().rev().filter_map(|deletion| Some((&deletion.path, deletion.holds?)));
    let (first, Holds { groups: held, rooms }) = occupied.clone().next()?;
    Some(Refusal::Occupied { groups: occupied.count(), first: first.clone(), held, rooms })
}

/// The share of the recorded groups that may be deleted without saying so: one in so many, but always one.
const SHARE: usize = 10;

fn too_many_deletes(plan: &Plan, evidence: Evidence<'_>) -> Option<Refusal> {
    let recorded = evidence.ledger.snapshot().groups.len();
    let permitted = evidence.scope.max_deletes.unwrap_or((recorded / SHARE).max(1));
    let deletes = plan.deletions.iter().filter(|deletion| !deletion.gone).count();
    (deletes > permitted).then_some(Refusal::TooManyDeletes { deletes, permitted })
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

#[cfg(test)]
mod tests {
    use crate::group::GroupPath;
    use crate::plan::guard::Refusal;

    #[test]
    fn one_group_is_told_as_one_and_several_as_several() {
        let occupied = |groups| Refusal::Occupied { groups, first: GroupPath::parse("/A").unwrap(), held: 1, rooms: 2 };
        for (refusal, said) in [
            (Refusal::Conflicts { groups: 1 }, "1 group in conflict; nothing is applied until that is settled"),
            (Refusal::Conflicts { groups: 2 }, "2 groups in conflict; nothing is applied until that is settled"),
            (Refusal::TooManyDeletes { deletes: 1, permitted: 0 }, "1 group would be deleted; 0 may be"),
            (occupied(1), "1 group to delete is not empty, `/A`: it holds 1 unmanaged group and 2 rooms"),
            (
                occupied(3),
                "3 groups to delete are not empty, `/A` the first of them: it holds 1 unmanaged group and 2 rooms",
            ),
            (
                Refusal::NothingLives { recorded: 1 },
                "the only recorded group does not exist in DingTalk: are these the credentials of another organization?",
            ),
        ] {
            assert_eq!(refusal.to_string(), said);
        }
    }
}
