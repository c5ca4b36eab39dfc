//! Whether the live groups make a tree, and none too deep.
//!
//! Each group is visited once, however long the chains are: what is found out about a group holds for all below it.

use std::collections::HashMap;

use crate::doctor::facts::Facts;
use crate::doctor::finding::{Check, CheckResult, Detail};
use crate::doctor::format::not_listed;
use crate::group::GroupId;
use crate::i18n::{Count, Message, count};
use crate::inventory::{Inventory, ListedGroup, Paths};
use crate::localized;

/// Where a group stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DepthStatus {
    /// So deep below the top, from 1.
    Depth(usize),
    /// Below a group that is not there.
    Lost,
    /// In a circle.
    Circle,
    /// Below a circle.
    BelowCircle,
}

/// Whether the live groups make a tree of bearable depth.
pub(crate) fn check(facts: &Facts<'_>) -> CheckResult {
    let Some(live) = facts.live() else { return CheckResult::skipped(Check::Tree, not_listed()) };
    let standings = TreeSurvey::of(live);
    let broken: Vec<Detail> = live.groups().filter_map(|group| broken(live, group, &standings)).collect();
    if !broken.is_empty() {
        let detail = localized!(
            "The list is no tree: {} under nothing or in a circle.",
            "列表不成树：{}的上级不存在，或处在环中。",
            count_groups(&broken)
        );
        return CheckResult::warning(Check::Tree, detail, run_again()).because(broken);
    }
    let mut paths = live.paths();
    let deep: Vec<Detail> =
        live.groups().filter_map(|group| deep(&mut paths, group, &standings, facts.depth)).collect();
    if !deep.is_empty() {
        let detail = localized!(
            "Deeper than the {} levels allowed: {}.",
            "超出允许的 {} 级：{}。",
            facts.depth,
            count_groups(&deep)
        );
        return CheckResult::warning(Check::Tree, detail, allow_or_flatten()).because(deep);
    }
    let levels = count(deepest(&standings), "level", "级");
    CheckResult::ok(
        Check::Tree,
        localized!("{levels} deep; no circle, no lost parent.", "共 {levels}；没有环，也没有缺失的上级。"),
    )
}

fn run_again() -> Message {
    localized!(
        "Roomtree never touches these. The operator may not see every group, or the list was made while groups changed: run \
         again. If it stays, tell DingTalk's support.",
        "roomtree 不会改动这些分组。可能是操作人看不到全部分组，也可能是列表生成时分组正在变动：请重新运行。如果一直如此，请联系钉钉客服。"
    )
}

fn allow_or_flatten() -> Message {
    localized!(
        "DingTalk documents three levels. If it takes more for your organization, say so with `limits: {{depth: N}}` in the \
         manifest; otherwise flatten them in DingTalk's admin console (oa.dingtalk.com).",
        "钉钉文档规定最多三级。如果本企业允许更深，请在清单中写明 `limits: {{depth: N}}`；否则请在钉钉管理后台（oa.dingtalk.com）减少层级。"
    )
}

fn count_groups(evidence: &[Detail]) -> Count<usize> {
    count(evidence.len(), "group", "个分组")
}

fn broken(live: &Inventory, group: &ListedGroup, standings: &HashMap<GroupId, DepthStatus>) -> Option<Detail> {
    let (id, name, parent) = (group.id, group.name.clone(), group.parent);
    match standings.get(&id)? {
        DepthStatus::Lost if live.get(parent).is_none() => Some(Detail::Dangling { id, name, parent }),
        DepthStatus::Circle => Some(Detail::Circle { id, name, parent }),
        DepthStatus::Depth(_) | DepthStatus::Lost | DepthStatus::BelowCircle => None,
    }
}

fn deep(
    paths: &mut Paths<'_>,
    group: &ListedGroup,
    standings: &HashMap<GroupId, DepthStatus>,
    allowed: u32,
) -> Option<Detail> {
    match standings.get(&group.id)? {
        DepthStatus::Depth(depth) if *depth > allowed as usize => {
            Some(Detail::Deep { path: paths.of(group), id: group.id, depth: *depth })
        }
        _ => None,
    }
}

fn deepest(standings: &HashMap<GroupId, DepthStatus>) -> usize {
    let depths = standings.values().filter_map(|standing| match standing {
        DepthStatus::Depth(depth) => Some(*depth),
        DepthStatus::Lost | DepthStatus::Circle | DepthStatus::BelowCircle => None,
    });
    depths.max().unwrap_or(0)
}

/// Finds out where every group stands.
struct TreeSurvey<'a> {
    live: &'a Inventory,
    known: HashMap<GroupId, DepthStatus>,
}

impl<'a> TreeSurvey<'a> {
    fn of(live: &'a Inventory) -> HashMap<GroupId, DepthStatus> {
        let mut survey = Self { live, known: HashMap::with_capacity(live.len()) };
        live.groups().for_each(|group| survey.climb(group.id));
        survey.known
    }

    /// Climbs until something is known, then writes it down for the whole way.
    fn climb(&mut self, from: GroupId) {
        let mut way: Vec<GroupId> = Vec::new();
        let mut steps: HashMap<GroupId, usize> = HashMap::new();
        let mut next = from;
        let mut above = loop {
            if let Some(known) = self.end(next) {
                break below(known);
            }
            if let Some(start) = steps.insert(next, way.len()) {
                self.known.extend(way.drain(start..).map(|id| (id, DepthStatus::Circle)));
                break DepthStatus::BelowCircle;
            }
            way.push(next);
            next = self.live.get(next).map_or(GroupId::ROOT, |group| group.parent);
        };
        for id in way.into_iter().rev() {
            self.known.insert(id, above);
            above = below(above);
        }
    }

    /// Returns where a group stands if no climbing is needed to tell; the top has depth 0.
    fn end(&self, id: GroupId) -> Option<DepthStatus> {
        match self.known.get(&id) {
            Some(known) => Some(*known),
            None if id == GroupId::ROOT => Some(DepthStatus::Depth(0)),
            None if self.live.get(id).is_none() => Some(DepthStatus::Lost),
            None => None,
        }
    }
}

/// Returns where the children of a group that stands there stand.
const fn below(standing: DepthStatus) -> DepthStatus {
    match standing {
        DepthStatus::Depth(depth) => DepthStatus::Depth(depth + 1),
        DepthStatus::Lost => DepthStatus::Lost,
        DepthStatus::Circle | DepthStatus::BelowCircle => DepthStatus::BelowCircle,
    }
}

#[cfg(test)]
mod tests {
    use crate::doctor::tree_checks::{DepthStatus, TreeSurvey};
    use crate::group::GroupId;
    use crate::inventory::{Inventory, ListedGroup};

    fn standings(groups: &[(i64, i64)]) -> Vec<DepthStatus> {
        let group = |&(id, parent): &(i64, i64)| ListedGroup {
            id: GroupId::new(id),
            name: "x".to_owned(),
            parent: GroupId::new(parent),
        };
        let live = Inventory::new(groups.iter().map(group).collect());
        let known = TreeSurvey::of(&live);
        live.groups().map(|group| known[&group.id]).collect()
    }

    #[test]
    fn a_tree_has_depths() {
        assert_eq!(standings(&[(1, 0), (2, 3), (3, 1)]), [1, 3, 2].map(DepthStatus::Depth));
    }

    #[test]
    fn circles_and_lost_parents_are_told_apart() {
        let found = standings(&[(1, 2), (2, 1), (3, 1), (4, 99), (5, 4), (6, 6)]);
        let (circle, below, lost) = (DepthStatus::Circle, DepthStatus::BelowCircle, DepthStatus::Lost);
        assert_eq!(found, [circle, circle, below, lost, lost, circle]);
    }

    #[test]
    fn a_long_chain_is_climbed_once() {
        let chain: Vec<(i64, i64)> = (1..=50_000).map(|id| (id, (id + 1) % 50_001)).collect();
        assert_eq!(standings(&chain)[0], DepthStatus::Depth(50_000));
    }
}
