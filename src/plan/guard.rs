//! What stands between a plan and its being applied.
//!
//! Guards are pure: they look at the plan and what it was made from, and refuse. Only a [`Checked`] plan can be applied,
//! and only [`check`] makes one.

use schemars::JsonSchema;
use serde::Serialize;
use thiserror::Error;

use crate::group::{GroupId, GroupPath};
use crate::i18n::count;
use crate::inventory::Inventory;
use crate::plan::action::Conflict;
use crate::plan::deletion::Holds;
use crate::plan::diff_input::PlanInput;
use crate::plan::model::{LostAdministrators, Plan};
use crate::tr;

/// A plan that no guard stands against.
#[derive(Clone, Debug)]
pub struct Checked(Plan);

impl Checked {
    /// Returns the plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.0
    }

    /// Adds the administrators that groups lose: they change nothing in the plan.
    pub fn set_administrators(&mut self, administrators: Vec<LostAdministrators>) {
        self.0.administrators = administrators;
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
    #[error("{}", tr!(
        format: "{} in conflict; nothing is applied until that is settled",
        "{}有冲突；解决之前不会执行任何改动", count(*groups, "group", "个分组")
    ))]
    Conflicts {
        /// How many rows, without those below a conflict.
        groups: usize,
    },
    /// The state belongs to some other place.
    #[error("{}", none_lives(*recorded))]
    NothingLives {
        /// How many groups the state records.
        recorded: usize,
    },
    /// The manifest's root does not exist.
    #[error("{}", tr!(format: "the root group {root} does not exist in DingTalk", "根分组 {root} 在钉钉中不存在"))]
    RootGone {
        /// The id that the manifest gives.
        root: GroupId,
    },
    /// Groups with recorded ids that do not have the recorded name and parent would be deleted.
    #[error("{}", mismatch(*groups, first, *id, found.as_ref()))]
    Mismatch {
        /// How many.
        groups: usize,
        /// The recorded path of the first of them.
        first: GroupPath,
        /// Its recorded id.
        id: GroupId,
        /// The path of the group with this id in DingTalk; `None` if a group above it is not listed.
        found: Option<GroupPath>,
    },
    /// Groups that are to be deleted hold others that stay, or rooms; DingTalk deletes empty groups only.
    #[error("{}", not_empty(*groups, first, Holds { groups: *held, rooms: *rooms }))]
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
    #[error("{}", tr!(
        format: "{} would be deleted; {permitted} may be",
        "将删除 {}，而允许删除的是 {permitted} 个", count(*deletes, "group", "个分组")
    ))]
    TooManyDeletes {
        /// How many would be.
        deletes: usize,
        /// How many may be.
        permitted: usize,
    },
    /// Together with the root the tree is deeper than permitted.
    #[error("{}", tr!(
        format: "the root group is at depth {root_depth}, so the tree reaches depth {depth}; the limit is {limit}",
        "根分组在第 {root_depth} 级，整棵树会达到第 {depth} 级；上限是 {limit} 级"
    ))]
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
            Self::Conflicts { .. } => tr!(
                "settle each conflict in DingTalk or in the manifest, as is told with it, then plan again",
                "按各个冲突所附的说明在钉钉或清单中解决，然后重新运行 `roomtree plan`"
            ),
            Self::NothingLives { .. } => tr!(
                "check the credentials and --endpoint; if the groups were all deleted on purpose, move the state file away",
                "检查凭证和 `--endpoint`；如果这些分组确实是有意全部删除的，请移走状态文件"
            ),
            Self::RootGone { .. } => tr!(
                "set `root` to the id of an existing group, or 0 for the top",
                "把 `root` 设为一个存在的分组的 ID，或设为 0 表示顶层"
            ),
            Self::Mismatch { .. } => tr!(
                "restore the state from version control, or remove the record with `roomtree state forget PATH`; rename the group back in DingTalk if only its name differs",
                "请从版本控制恢复状态，或用 `roomtree state forget PATH` 移除这条记录；如果只是名称不同，可在钉钉中改回原名"
            ),
            Self::Occupied { .. } => tr!(
                "move or remove what they hold in DingTalk first, or keep the groups in the manifest",
                "先在钉钉中移走或删除其中的内容，或者在清单中保留这些分组"
            ),
            Self::TooManyDeletes { .. } => {
                tr!("if that is meant, say so with `--max-deletes N`", "如果确实要删除，请加上 `--max-deletes N`")
            }
            Self::TooDeep { .. } => tr!(
                "choose a `root` further up, flatten the tree, or raise `limits.depth` if DingTalk permits more to you",
                "选择更靠上的 `root`，减少层级；如果钉钉允许本企业更深，则调高 `limits.depth`"
            ),
        }
    }
}

fn none_lives(recorded: usize) -> String {
    match recorded {
        1 => tr!(
            "the only recorded group does not exist in DingTalk: are these the credentials of another organization?",
            "唯一记录的分组在钉钉中不存在：凭证是否属于另一个企业？"
        )
        .to_owned(),
        _ => tr!(
            format: "none of the {recorded} recorded groups exists in DingTalk: are these the credentials of another organization?",
            "记录的 {recorded} 个分组在钉钉中都不存在：凭证是否属于另一个企业？"
        ),
    }
}

fn mismatch(groups: usize, first: &GroupPath, id: GroupId, found: Option<&GroupPath>) -> String {
    let has_path = found == Some(first);
    let found = found.map_or_else(
        || tr!("not below any listed group", "上级分组不在列表中").to_owned(),
        |found| format!("`{found}`"),
    );
    let groups = match groups {
        1 => tr!("1 group to delete does not match its record", "1 个要删除的分组与记录不符").to_owned(),
        _ => tr!(
            format: "{groups} groups to delete do not match their records", "{groups} 个要删除的分组与记录不符"
        ),
    };
    if has_path {
        return tr!(
            format: "{groups}: `{first}` is recorded as {id}, but the parent of {id} is not the recorded one",
            "{groups}：`{first}` 记录的 ID 为 {id}，但 {id} 的上级不是所记录的上级"
        );
    }
    tr!(
        format: "{groups}: `{first}` is recorded as {id}, but {id} is {found} in DingTalk",
        "{groups}：`{first}` 记录的 ID 为 {id}，而 {id} 在钉钉中是 {found}"
    )
}

fn not_empty(groups: usize, first: &GroupPath, holds: Holds) -> String {
    let groups_held = count(holds.groups, "unmanaged group", "个未纳管分组");
    let rooms = count(holds.rooms, "room", "间会议室");
    match groups {
        1 => tr!(
            format: "1 group to delete is not empty, `{first}`: it holds {groups_held} and {rooms}",
            "要删除的 1 个分组不为空：`{first}` 中有 {groups_held}和 {rooms}"
        ),
        _ => tr!(
            format: "{groups} groups to delete are not empty, `{first}` the first of them: it holds {groups_held} and {rooms}",
            "要删除的 {groups} 个分组不为空，第一个是 `{first}`：其中有 {groups_held}和 {rooms}"
        ),
    }
}

/// Passes a plan that may be applied.
///
/// # Errors
/// The plan with every reason why it may not.
pub fn check(plan: Plan, evidence: PlanInput<'_>) -> Result<Checked, Box<Refused>> {
    let refusals = refusals(&plan, evidence);
    if refusals.is_empty() { Ok(Checked(plan)) } else { Err(Box::new(Refused { plan, refusals })) }
}

/// Returns every reason why a plan may not be applied.
#[must_use]
pub fn refusals(plan: &Plan, evidence: PlanInput<'_>) -> Vec<Refusal> {
    let live =
        |guard: fn(PlanInput<'_>, &Inventory) -> Option<Refusal>| evidence.live.and_then(|live| guard(evidence, live));
    let guards = [
        live(root_gone),
        live(too_deep),
        live(nothing_lives),
        conflicts(plan),
        mismatched(plan),
        occupied(plan),
        too_many_deletes(plan, evidence),
    ];
    guards.into_iter().flatten().collect()
}

fn conflicts(plan: &Plan) -> Option<Refusal> {
    let groups = plan.tally().conflict;
    (groups > 0).then_some(Refusal::Conflicts { groups })
}

fn mismatched(plan: &Plan) -> Option<Refusal> {
    let conflicts = plan.deletions.iter().filter_map(|deletion| deletion.conflict.as_ref());
    match conflicts.clone().next()? {
        Conflict::Mismatch { id, recorded, found } => Some(Refusal::Mismatch {
            groups: conflicts.count(),
            first: recorded.clone(),
            id: *id,
            found: found.clone(),
        }),
        Conflict::Duplicates { .. }
        | Conflict::Taken { .. }
        | Conflict::Gone { .. }
        | Conflict::Rebound { .. }
        | Conflict::WasDeclared { .. }
        | Conflict::UnmatchedWas { .. } => None,
    }
}

fn occupied(plan: &Plan) -> Option<Refusal> {
    let occupied = plan.deletions.iter().rev().filter_map(|deletion| Some((&deletion.path, deletion.holds?)));
    let (first, Holds { groups: held, rooms }) = occupied.clone().next()?;
    Some(Refusal::Occupied { groups: occupied.count(), first: first.clone(), held, rooms })
}

/// The share of the recorded groups that may be deleted without saying so: one in so many, but always one.
const SHARE: usize = 10;

fn too_many_deletes(plan: &Plan, evidence: PlanInput<'_>) -> Option<Refusal> {
    let recorded = evidence.ledger.snapshot().groups.len();
    let permitted = evidence.scope.max_deletes.unwrap_or((recorded / SHARE).max(1));
    let deletes = plan.deletions.iter().filter(|deletion| !deletion.gone).count();
    (deletes > permitted).then_some(Refusal::TooManyDeletes { deletes, permitted })
}

fn nothing_lives(evidence: PlanInput<'_>, live: &Inventory) -> Option<Refusal> {
    let recorded = &evidence.ledger.snapshot().groups;
    let lost = !recorded.is_empty() && !recorded.values().any(|id| live.get(*id).is_some());
    lost.then_some(Refusal::NothingLives { recorded: recorded.len() })
}

fn root_gone(evidence: PlanInput<'_>, live: &Inventory) -> Option<Refusal> {
    let root = evidence.manifest.root;
    (root != GroupId::ROOT && live.get(root).is_none()).then_some(Refusal::RootGone { root })
}

fn too_deep(evidence: PlanInput<'_>, live: &Inventory) -> Option<Refusal> {
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
    use crate::i18n::Language;
    use crate::plan::guard::Refusal;

    #[test]
    fn a_refusal_and_what_to_do_are_said_in_chinese() {
        let refusal = Refusal::TooManyDeletes { deletes: 3, permitted: 1 };
        Language::Chinese.scope(|| {
            assert_eq!(refusal.to_string(), "将删除 3 个分组，而允许删除的是 1 个");
            assert_eq!(refusal.remedy(), "如果确实要删除，请加上 `--max-deletes N`");
        });
    }

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
