//! Whether the live groups make a tree, and none too deep.
//!
//! Each group is visited once, however long the chains are: what is found out about a group holds for all below it.

use std::collections::HashMap;

use crate::doctor::facts::Facts;
use crate::doctor::finding::{Check, Evidence, Finding};
use crate::doctor::format::not_listed;
use crate::group::GroupId;
use crate::i18n::{Count, Text, count};
use crate::inventory::{ListedGroup, Live, Paths};
use crate::text;

/// Where a group stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
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
pub(crate) fn check(facts: &Facts<'_>) -> Finding {
    let Some(live) = facts.live() else { return Finding::skipped(Check::Tree, not_listed()) };
    let standings = Survey::of(live);
    let broken: Vec<Evidence> = live.groups().filter_map(|group| broken(live, group, &standings)).collect();
    if !broken.is_empty() {
        let detail = text!(
            "The list is no tree: {} under nothing or in a circle.",
            "列表不成树：{}的上级不存在，或处在环中。",
            count_groups(&broken)
        );
        return Finding::warning(Check::Tree, detail, run_again()).because(broken);
    }
    let mut paths = live.paths();
    let deep: Vec<Evidence> =
        live.groups().filter_map(|group| deep(&mut paths, group, &standings, facts.depth)).collect();
    if !deep.is_empty() {
        let detail =
            text!("Deeper than the {} levels allowed: {}.", "超出允许的 {} 级：{}。", facts.depth, count_groups(&deep));
        return Finding::warning(Check::Tree, detail, allow_or_flatten()).because(deep);
    }
    let levels = count(deepest(&standings), "level", "级");
    Finding::ok(
        Check::Tree,
        text!("{levels} deep; no circle, no lost parent.", "共 {levels}；没有环，也没有缺失的上级。"),
    )
}

fn run_again() -> Text {
    text!(
        "Roomtree never touches these. The operator may not see every group, or the list was made while groups changed: run \
         again. If it stays, tell DingTalk's support.",
        "roomtree 不会改动这些分组。可能是操作人看不到全部分组，也可能是列表生成时分组正在变动：请重新运行。如果一直如此，请联系钉钉客服。"
    )
}

fn allow_or_flatten() -> Text {
    text!(
        "DingTalk documents three levels. If it takes more for your organization, say so with `limits: {{depth: N}}` in the \
         manifest; otherwise flatten them in DingTalk's admin console (oa.dingtalk.com).",
        "钉钉文档规定最多三级。如果本企业允许更深，请在清单中写明 `limits: {{depth: N}}`；否则请在钉钉管理后台（oa.dingtalk.com）减少层级。"
    )
}

fn count_groups(evidence: &[Evidence]) -> Count<usize> {
    count(evidence.len(), "group", "个分组")
}

fn broken(live: &Live, group: &ListedGroup, standings: &HashMap<GroupId, Standing>) -> Option<Evidence> {
    let (id, name, parent) = (group.id, group.name.clone(), group.parent);
    match standings.get(&id)? {
        Standing::Lost if live.get(parent).is_none() => Some(Evidence::Dangling { id, name, parent }),
        Standing::Circle => Some(Evidence::Circle { id, name, parent }),
        Standing::Depth(_) | Standing::Lost | Standing::BelowCircle => None,
    }
}

fn deep(
    paths: &mut Paths<'_>,
    group: &ListedGroup,
    standings: &HashMap<GroupId, Standing>,
    allowed: u32,
) -> Option<Evidence> {
    match standings.get(&group.id)? {
        Standing::Depth(depth) if *depth > allowed as usize => {
            Some(Evidence::Deep { path: paths.of(group), id: group.id, depth: *depth })
        }
        _ => None,
    }
}

fn deepest(standings: &HashMap<GroupId, Standing>) -> usize {
    let depths = standings.values().filter_map(|standing| match standing {
        Standing::Depth(depth) => Some(*depth),
        Standing::Lost | Standing::Circle | Standing::BelowCircle => None,
    });
    depths.max().unwrap_or(0)
}

/// Finds out where every group stands.
struct Survey<'a> {
    live: &'a Live,
    known: HashMap<GroupId, Standing>,
}

impl<'a> Survey<'a> {
    fn of(live: &'a Live) -> HashMap<GroupId, Standing> {
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
                self.known.extend(way.drain(start..).map(|id| (id, Standing::Circle)));
                break Standing::BelowCircle;
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
    fn end(&self, id: GroupId) -> Option<Standing> {
        match self.known.get(&id) {
            Some(known) => Some(*known),
            None if id == GroupId::ROOT => Some(Standing::Depth(0)),
            None if self.live.get(id).is_none() => Some(Standing::Lost),
            None => None,
        }
    }
}

/// Returns where the children of a group that stands there stand.
const fn below(standing: Standing) -> Standing {
    match standing {
        Standing::Depth(depth) => Standing::Depth(depth + 1),
        Standing::Lost => Standing::Lost,
        Standing::Circle | Standing::BelowCircle => Standing::BelowCircle,
    }
}

#[cfg(test)]
mod tests {
    use crate::doctor::tree_checks::{Standing, Survey};
    use crate::group::GroupId;
    use crate::inventory::{ListedGroup, Live};

    fn standings(groups: &[(i64, i64)]) -> Vec<Standing> {
        let group = |&(id, parent): &(i64, i64)| ListedGroup {
            id: GroupId::new(id),
            name: "x".to_owned(),
            parent: GroupId::new(parent),
        };
        let live = Live::new(groups.iter().map(group).collect());
        let known = Survey::of(&live);
        live.groups().map(|group| known[&group.id]).collect()
    }

    #[test]
    fn a_tree_has_depths() {
        assert_eq!(standings(&[(1, 0), (2, 3), (3, 1)]), [1, 3, 2].map(Standing::Depth));
    }

    #[test]
    fn circles_and_lost_parents_are_told_apart() {
        let found = standings(&[(1, 2), (2, 1), (3, 1), (4, 99), (5, 4), (6, 6)]);
        let (circle, below, lost) = (Standing::Circle, Standing::BelowCircle, Standing::Lost);
        assert_eq!(found, [circle, circle, below, lost, lost, circle]);
    }

    #[test]
    fn a_long_chain_is_climbed_once() {
        let chain: Vec<(i64, i64)> = (1..=50_000).map(|id| (id, (id + 1) % 50_001)).collect();
        assert_eq!(standings(&chain)[0], Standing::Depth(50_000));
    }
}
