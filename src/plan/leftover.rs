//! What the rows leave over: recorded groups that the manifest no longer has, and live groups that nobody here knows.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::dingtalk::{ListedGroup, Live};
use crate::group::{GroupId, GroupPath};
use crate::plan::compare::Evidence;
use crate::plan::decision::{Conflict, Decision};
use crate::plan::deletion::{Deletion, Holds, Relocation};
use crate::plan::table::{Forgotten, Plan, Row, Unmanaged};
use crate::state::Ledger;

/// Adds to a plan what its rows leave over; `asked` are the recorded ids that rows answer for, `protected` the recorded paths
/// that are protected.
pub(super) fn add(plan: &mut Plan, evidence: Evidence<'_>, asked: &HashSet<GroupId>, protected: &BTreeSet<GroupPath>) {
    let lost = lost(plan, evidence, asked, protected);
    plan.relocations = relocations(plan, &lost);
    plan.unmanaged = evidence.live.map_or_else(Vec::new, |live| unmanaged(plan, evidence.ledger, live));
    if evidence.scope.prune {
        let (kept, deleted) = lost.into_iter().partition(|group| group.protected_by.is_some());
        plan.forgotten = kept;
        plan.deletions = deletions(evidence, deleted);
        plan.releases.extend(released(plan, evidence.ledger));
    } else {
        plan.forgotten = lost;
    }
}

/// Returns the recorded groups that no row answers for, by the paths they have once names are handed on.
fn lost(
    plan: &Plan,
    evidence: Evidence<'_>,
    asked: &HashSet<GroupId>,
    protected: &BTreeSet<GroupPath>,
) -> Vec<Forgotten> {
    let protected_by = |path: &GroupPath| path.first_within(protected).map(|path| handed_on(plan, path));
    let lives = |id| evidence.live.map(|live| live.get(id).is_some());
    let only = evidence.scope.only;
    let is_meant = |path: &GroupPath| only.is_empty() || only.iter().any(|within| path.is_within(within));
    let recorded = evidence.ledger.snapshot().groups.iter();
    let mut lost: Vec<Forgotten> = recorded
        .filter(|(_, id)| !asked.contains(id))
        .map(|(path, id)| {
            let (lives, protected_by) = (lives(*id), protected_by(path));
            Forgotten { path: handed_on(plan, path), id: *id, lives, protected_by }
        })
        .filter(|group| is_meant(&group.path))
        .collect();
    lost.sort_by(|a, b| a.path.cmp(&b.path));
    lost
}

/// Returns where a recorded path stands once the names above it are handed on, from the top down.
fn handed_on(plan: &Plan, path: &GroupPath) -> GroupPath {
    plan.handovers.iter().fold(path.clone(), |path, handover| {
        let moved = handover.moves.iter().find_map(|moved| moved.of(&path));
        moved.unwrap_or(path)
    })
}

/// Returns the groups to delete whose recorded protection the manifest ends.
fn released(plan: &Plan, ledger: &Ledger) -> Vec<GroupPath> {
    let recorded = &ledger.snapshot().protected;
    let released = plan.deletions.iter().map(|deletion| &deletion.path).filter(|path| recorded.contains(path));
    released.cloned().collect()
}

/// Children stand behind their parents in the order of paths, so that order turned round has them first.
fn deletions(evidence: Evidence<'_>, lost: Vec<Forgotten>) -> Vec<Deletion> {
    let ids: HashSet<GroupId> = lost.iter().map(|group| group.id).collect();
    let deletion = |group: Forgotten| Deletion {
        holds: evidence.live.and_then(|live| holds(evidence, live, &ids, group.id)),
        gone: group.lives == Some(false),
        conflict: evidence.live.and_then(|live| mismatch(evidence, live, group.id)),
        path: group.path,
        id: group.id,
    };
    lost.into_iter().rev().map(deletion).collect()
}

/// Compares a listed group with its record: an id alone does not identify it, since a state can be damaged or merged wrongly.
fn mismatch(evidence: Evidence<'_>, live: &Live, id: GroupId) -> Option<Conflict> {
    let (group, recorded) = (live.get(id)?, evidence.ledger.path_of(id)?);
    let has_name = recorded.name().as_deref() == Some(group.name.as_str());
    let parent = recorded_parent(evidence, recorded);
    let has_parent = parent.map_or_else(|| has_path(evidence, live, id, recorded), |parent| parent == group.parent);
    let is_same = has_name && has_parent;
    (!is_same).then(|| Conflict::Mismatch { id, recorded: recorded.clone(), found: live.path(id) })
}

/// Returns the recorded id of the group above a recorded path; `None` if that group is not recorded.
fn recorded_parent(evidence: Evidence<'_>, recorded: &GroupPath) -> Option<GroupId> {
    match recorded.parent() {
        Some(parent) if parent != GroupPath::top() => evidence.ledger.id_of(&parent),
        _ => Some(evidence.manifest.root),
    }
}

/// Compares by the names of all groups above, where their ids are not recorded.
fn has_path(evidence: Evidence<'_>, live: &Live, id: GroupId, recorded: &GroupPath) -> bool {
    let root = match evidence.manifest.root {
        GroupId::ROOT => Some(GroupPath::top()),
        root => live.path(root),
    };
    let expected = root.map(|root| recorded.names().fold(root, |path, name| path.join(&name)));
    expected.is_some() && expected == live.path(id)
}

fn holds(evidence: Evidence<'_>, live: &Live, deleted: &HashSet<GroupId>, id: GroupId) -> Option<Holds> {
    let groups = live.children(id).filter(|child| !deleted.contains(&child.id)).count();
    let rooms = evidence.scope.rooms.and_then(|rooms| rooms.get(&id)).copied().unwrap_or(0);
    (groups + rooms > 0).then_some(Holds { groups, rooms })
}

/// Pairs groups that are to be made with recorded ones of the same name that vanished elsewhere, where that is unambiguous.
fn relocations(plan: &Plan, lost: &[Forgotten]) -> Vec<Relocation> {
    let mut by_name: HashMap<String, Vec<&Forgotten>> = HashMap::new();
    for group in lost.iter().filter(|group| group.lives != Some(false)) {
        by_name.entry(group.path.name().unwrap_or_default().into_owned()).or_default().push(group);
    }
    let created = plan.rows().filter(|(_, row)| matches!(row.decision, Decision::Create { .. }));
    let mut found: Vec<Relocation> = Vec::new();
    for (id, row) in created.filter(|(_, row)| by_name.contains_key(&*row.name)) {
        let (to, candidates) = (plan.path(id), &by_name[&*row.name]);
        let is_below = found.last().is_some_and(|last| to.is_within(&last.to));
        if let ([from], false) = (candidates.as_slice(), is_below) {
            let groups = count_within(lost, &from.path);
            found.push(Relocation { from: from.path.clone(), to, id: from.id, groups });
        }
    }
    found
}

/// Counts the groups at a path and below it. In the order of paths those below are one run: they begin with the path and a slash.
fn count_within(sorted: &[Forgotten], path: &GroupPath) -> usize {
    let first = path.join("");
    let start = sorted.partition_point(|group| group.path < first);
    1 + sorted[start..].iter().take_while(|group| group.path.is_within(path)).count()
}

fn unmanaged(plan: &Plan, ledger: &Ledger, live: &Live) -> Vec<Unmanaged> {
    let managed = managed(plan, ledger);
    let below = below(live, plan.basis.root);
    let is_stranger = |id: &GroupId| !managed.contains(id) && below.as_ref().is_none_or(|below| below.contains(id));
    let mut paths = live.paths();
    let mut known = HashMap::new();
    let mut twin_of = |group: &ListedGroup| {
        // Asked once for all of one name: a list from outside may have nothing but twins.
        let mut named = live.named(group.parent, &group.name);
        let first = named.clone().next();
        *known.entry(first).or_insert_with(|| named.find(|id| managed.contains(id)))
    };
    let mut strangers: Vec<Unmanaged> = live
        .groups()
        .filter(|group| group.id != plan.basis.root && is_stranger(&group.id))
        .map(|group| Unmanaged { path: paths.of(group), id: group.id, twin_of: twin_of(group) })
        .collect();
    strangers.sort_by(|a, b| (&a.path, a.id).cmp(&(&b.path, b.id)));
    strangers
}

/// Returns the ids that the manifest or the state answers for.
fn managed(plan: &Plan, ledger: &Ledger) -> HashSet<GroupId> {
    let recorded = ledger.snapshot().groups.values().copied();
    let mut ids: HashSet<GroupId> = recorded.chain(plan.rows.iter().filter_map(Row::id)).collect();
    for (_, conflict) in plan.conflicts() {
        match conflict {
            Conflict::Twins { ids: twins } => ids.extend(twins),
            Conflict::Mismatch { id, .. } | Conflict::Taken { id, .. } | Conflict::Gone { id } => ids.extend([*id]),
        }
    }
    ids
}

/// Returns the groups that stand somewhere below a root; `None` for all, which is what stands below the top.
fn below(live: &Live, root: GroupId) -> Option<HashSet<GroupId>> {
    if root == GroupId::ROOT {
        return None;
    }
    let (mut below, mut left) = (HashSet::new(), vec![root]);
    while let Some(parent) = left.pop() {
        // A list from outside may have a ring in it: whom it meets again it does not follow.
        left.extend(live.children(parent).map(|child| child.id).filter(|id| below.insert(*id)));
    }
    Some(below)
}

#[cfg(test)]
mod tests {
    use crate::group::{GroupId, GroupPath};
    use crate::plan::leftover::count_within;
    use crate::plan::table::Forgotten;

    #[test]
    fn count_within_counts_a_path_and_all_below_it() {
        let paths = ["/a", "/a b", "/a/b", "/a/b/c", "/ab", "/b"];
        let forgotten = |(id, path): (i64, &&str)| Forgotten {
            path: GroupPath::parse(path).unwrap(),
            id: GroupId::new(id),
            lives: None,
            protected_by: None,
        };
        let sorted: Vec<Forgotten> = (1..).zip(&paths).map(forgotten).collect();
        assert!(sorted.is_sorted_by_key(|group| group.path.clone()));
        let counts: Vec<usize> = sorted.iter().map(|group| count_within(&sorted, &group.path)).collect();
        assert_eq!(counts, [3, 1, 2, 1, 1, 1]);
    }
}
