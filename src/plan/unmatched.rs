//! What the rows leave over: recorded groups that the manifest no longer has, and live groups that nobody here knows.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::group::{GroupId, GroupPath};
use crate::inventory::{Inventory, ListedGroup};
use crate::plan::action::{Action, Conflict};
use crate::plan::deletion::{Deletion, Holds, Relocation};
use crate::plan::diff_input::PlanInput;
use crate::plan::model::{Plan, Retained, Row, RowId, Unmanaged};
use crate::plan::possible_renames;
use crate::plan::record_match::RecordMatch;
use crate::plan::unclaimed::Spares;
use crate::plan::unmatched_was;
use crate::state::Ledger;

/// Adds the groups outside the rows to a plan; `asked` are the recorded ids that rows claim, `protected` the
/// recorded paths that are protected.
///
/// A group in conflict, and all below it, has no other place in the plan: what happens to it is decided with the conflict.
pub(super) fn add(plan: &mut Plan, evidence: PlanInput<'_>, asked: &HashSet<GroupId>, protected: &BTreeSet<GroupPath>) {
    let mut lost = lost(plan, evidence, asked, protected);
    let mut unmanaged = evidence.live.map_or_else(Vec::new, |live| unmanaged(plan, evidence.ledger, live));
    unmatched_was::block(plan, evidence.manifest, &Spares::new(evidence, &lost, &unmanaged));
    let undecided = undecided(plan, evidence);
    lost.retain(|group| !undecided.contains(&group.id));
    unmanaged.retain(|group| !undecided.contains(&group.id));
    plan.possible_renames = possible_renames::find(plan, &Spares::new(evidence, &lost, &unmanaged));
    plan.unmanaged = unmanaged;
    let only = evidence.scope.only;
    lost.retain(|group| only.is_empty() || only.iter().any(|within| group.path.is_within(within)));
    relocate(plan, &mut lost);
    if evidence.scope.prune {
        let (kept, deleted) = lost.into_iter().partition(|group| group.protected_by.is_some());
        plan.retained = kept;
        plan.deletions = deletions(evidence, deleted);
        plan.releases.extend(released(plan, evidence.ledger));
    } else {
        plan.retained = lost;
    }
}

/// Returns the groups of conflicts and all groups below them, recorded or listed.
fn undecided(plan: &Plan, evidence: PlanInput<'_>) -> HashSet<GroupId> {
    let mut undecided: HashSet<GroupId> = plan.conflicts().flat_map(|(_, conflict)| ids(conflict)).collect();
    // The group that a sibling claims as well is a row of its own.
    let claimed: HashSet<GroupId> = plan.rows.iter().filter_map(Row::id).collect();
    undecided.retain(|id| !claimed.contains(id));
    if undecided.is_empty() {
        return undecided;
    }
    let paths: HashSet<&GroupPath> = undecided.iter().filter_map(|id| evidence.ledger.path_of(*id)).collect();
    let recorded = evidence.ledger.snapshot().groups.iter().filter(|(path, _)| is_within_any(path, &paths));
    let mut found: HashSet<GroupId> = recorded.map(|(_, id)| *id).collect();
    let mut left: Vec<GroupId> = undecided.iter().copied().collect();
    while let (Some(parent), Some(live)) = (left.pop(), evidence.live) {
        left.extend(live.children(parent).map(|child| child.id).filter(|id| undecided.insert(*id)));
    }
    found.extend(undecided);
    found.retain(|id| !claimed.contains(id));
    found
}

/// Returns whether a path is one of some paths or below one.
fn is_within_any(path: &GroupPath, paths: &HashSet<&GroupPath>) -> bool {
    !paths.is_empty() && std::iter::successors(Some(path.clone()), GroupPath::parent).any(|path| paths.contains(&path))
}

/// Returns the recorded groups that no row answers for, by the paths they have once names are handed on.
fn lost(
    plan: &Plan,
    evidence: PlanInput<'_>,
    asked: &HashSet<GroupId>,
    protected: &BTreeSet<GroupPath>,
) -> Vec<Retained> {
    let protected_by = |path: &GroupPath| path.first_within(protected).map(|path| handed_on(plan, path));
    let lives = |id| evidence.live.map(|live| live.get(id).is_some());
    let recorded = evidence.ledger.snapshot().groups.iter();
    let mut lost: Vec<Retained> = recorded
        .filter(|(_, id)| !asked.contains(id))
        .map(|(path, id)| {
            let (lives, protected_by) = (lives(*id), protected_by(path));
            Retained { path: handed_on(plan, path), id: *id, lives, protected_by, moved: None }
        })
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
fn deletions(evidence: PlanInput<'_>, lost: Vec<Retained>) -> Vec<Deletion> {
    let ids: HashSet<GroupId> = lost.iter().map(|group| group.id).collect();
    let deletion = |group: Retained| Deletion {
        holds: evidence.live.and_then(|live| holds(evidence, live, &ids, group.id)),
        gone: group.lives == Some(false),
        conflict: evidence.live.and_then(|live| mismatch(evidence, live, group.id)),
        path: group.path,
        id: group.id,
        moved: group.moved,
    };
    lost.into_iter().rev().map(deletion).collect()
}

/// Returns a conflict if a listed group is not as recorded.
fn mismatch(evidence: PlanInput<'_>, live: &Inventory, id: GroupId) -> Option<Conflict> {
    let recorded = evidence.ledger.path_of(id)?;
    match RecordMatch::of(id, evidence.ledger, live) {
        RecordMatch::Same | RecordMatch::Missing => None,
        RecordMatch::Renamed | RecordMatch::Moved => {
            Some(Conflict::Mismatch { id, recorded: recorded.clone(), found: live.path(id) })
        }
    }
}

fn holds(evidence: PlanInput<'_>, live: &Inventory, deleted: &HashSet<GroupId>, id: GroupId) -> Option<Holds> {
    let groups = live.children(id).filter(|child| !deleted.contains(&child.id)).count();
    let rooms = evidence.scope.rooms.and_then(|rooms| rooms.by_group.get(&id)).copied().unwrap_or(0);
    (groups + rooms > 0).then_some(Holds { groups, rooms })
}

/// Pairs recorded groups with groups to create of the same name elsewhere, where only one pair is possible. What is in a pair, or
/// in a possible rename, is in no other one.
fn relocate(plan: &Plan, lost: &mut [Retained]) {
    let (new, old) = (new_by_name(plan), old_by_name(plan, lost));
    let mut pairs: Vec<(usize, GroupPath)> = Vec::new();
    let ambiguous = |name: &str| new[name].len() != 1 || old.get(name).is_none_or(|old| old.len() != 1);
    let mut names: Vec<(&str, RowId)> = new.iter().map(|(name, rows)| (&**name, rows[0])).collect();
    names.retain(|(name, _)| !ambiguous(name));
    names.sort_by_key(|(_, row)| *row);
    for (name, row) in names {
        let (from, to) = (old[name][0], plan.path(row));
        // Rows of one subtree follow each other, so only the last pair can contain this one.
        let is_moved =
            |(last, path): &(usize, GroupPath)| to.is_within(path) && lost[from].path.is_within(&lost[*last].path);
        if !pairs.last().is_some_and(is_moved) {
            pairs.push((from, to));
        }
    }
    for (from, to) in pairs {
        let path = &lost[from].path;
        let groups = count_within(lost, path);
        lost[from].moved = Some(Relocation { to, groups });
    }
}

fn new_by_name(plan: &Plan) -> HashMap<String, Vec<RowId>> {
    let renamed: HashSet<&GroupPath> = plan.possible_renames.iter().map(|rename| &rename.path).collect();
    let mut is_renamed = vec![false; plan.rows.len()];
    let mut by_name: HashMap<String, Vec<RowId>> = HashMap::new();
    for (id, row) in plan.rows().filter(|(_, row)| matches!(row.decision, Action::Create { .. })) {
        let is_below = row.parent.is_some_and(|parent| is_renamed[parent.index()]);
        is_renamed[id.index()] = is_below || !renamed.is_empty() && renamed.contains(&plan.path(id));
        if !is_renamed[id.index()] {
            by_name.entry(row.name.to_string()).or_default().push(id);
        }
    }
    by_name
}

fn old_by_name(plan: &Plan, lost: &[Retained]) -> HashMap<String, Vec<usize>> {
    let renamed: HashSet<GroupId> = plan.possible_renames.iter().map(|rename| rename.id).collect();
    let renamed: HashSet<&GroupPath> =
        lost.iter().filter(|group| renamed.contains(&group.id)).map(|group| &group.path).collect();
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, group) in lost.iter().enumerate() {
        if group.lives != Some(false) && !is_within_any(&group.path, &renamed) {
            by_name.entry(group.path.name().unwrap_or_default().into_owned()).or_default().push(index);
        }
    }
    by_name
}

/// Counts the groups at a path and below it. In the order of paths those below are one run: they begin with the path and a slash.
fn count_within(sorted: &[Retained], path: &GroupPath) -> usize {
    let first = path.join("");
    let start = sorted.partition_point(|group| group.path < first);
    1 + sorted[start..].iter().take_while(|group| group.path.is_within(path)).count()
}

fn unmanaged(plan: &Plan, ledger: &Ledger, live: &Inventory) -> Vec<Unmanaged> {
    let managed = managed(plan, ledger);
    let below = below(live, plan.basis.root);
    let is_stranger = |id: &GroupId| !managed.contains(id) && below.as_ref().is_none_or(|below| below.contains(id));
    let mut paths = live.paths();
    let mut known = HashMap::new();
    let mut duplicate_of = |group: &ListedGroup| {
        // Asked once for all of one name: a list from outside may have nothing but duplicates.
        let mut named = live.named(group.parent, &group.name);
        let first = named.clone().next();
        *known.entry(first).or_insert_with(|| named.find(|id| managed.contains(id)))
    };
    let mut strangers: Vec<Unmanaged> = live
        .groups()
        .filter(|group| group.id != plan.basis.root && is_stranger(&group.id))
        .map(|group| Unmanaged { path: paths.of(group), id: group.id, duplicate_of: duplicate_of(group) })
        .collect();
    strangers.sort_by(|a, b| (&a.path, a.id).cmp(&(&b.path, b.id)));
    strangers
}

/// Returns the ids that the manifest or the state answers for.
fn managed(plan: &Plan, ledger: &Ledger) -> HashSet<GroupId> {
    let recorded = ledger.snapshot().groups.values().copied();
    let mut ids: HashSet<GroupId> = recorded.chain(plan.rows.iter().filter_map(Row::id)).collect();
    ids.extend(plan.conflicts().flat_map(|(_, conflict)| self::ids(conflict)));
    ids
}

/// Returns the groups that a conflict is about.
fn ids(conflict: &Conflict) -> Vec<GroupId> {
    match conflict {
        Conflict::Duplicates { ids } => ids.clone(),
        Conflict::Rebound { id, recorded } => vec![*id, *recorded],
        Conflict::Mismatch { id, .. }
        | Conflict::Taken { id, .. }
        | Conflict::Gone { id }
        | Conflict::WasDeclared { id, .. }
        | Conflict::UnmatchedWas { id, .. } => vec![*id],
    }
}

/// Returns the groups that stand somewhere below a root; `None` for all, which is what stands below the top.
fn below(live: &Inventory, root: GroupId) -> Option<HashSet<GroupId>> {
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
    use crate::plan::model::Retained;
    use crate::plan::unmatched::count_within;

    #[test]
    fn count_within_counts_a_path_and_all_below_it() {
        let paths = ["/a", "/a b", "/a/b", "/a/b/c", "/ab", "/b"];
        let forgotten = |(id, path): (i64, &&str)| Retained {
            path: GroupPath::parse(path).unwrap(),
            id: GroupId::new(id),
            lives: None,
            protected_by: None,
            moved: None,
        };
        let sorted: Vec<Retained> = (1..).zip(&paths).map(forgotten).collect();
        assert!(sorted.is_sorted_by_key(|group| group.path.clone()));
        let counts: Vec<usize> = sorted.iter().map(|group| count_within(&sorted, &group.path)).collect();
        assert_eq!(counts, [3, 1, 2, 1, 1, 1]);
    }
}
