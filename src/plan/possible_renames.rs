//! Finds groups to create that are probably existing groups under a new name, without a `was`.
//!
//! The evidence is the names of their children: a rename in the manifest leaves those as they are. Groups without children are
//! matched by similar names, and only if the state recorded the former one. Each group is in at most one pair. Names are counted
//! once for each parent, so the effort grows with the number of groups, not with that of pairs.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::group::GroupPath;
use crate::plan::action::Action;
use crate::plan::model::{Plan, PossibleRename, RowId};
use crate::plan::similarity::{edits, folded, is_series};
use crate::plan::unclaimed::{Spares, Unclaimed};

/// The most groups without children that are compared by name under one parent.
const MOST_LEAVES: usize = 200;

/// A group of either side, with the names of its children.
struct Side<T> {
    group: T,
    children: BTreeSet<String>,
}

/// Returns the possible renames, in manifest order.
pub(super) fn find(plan: &Plan, spares: &Spares<'_>) -> Vec<PossibleRename> {
    if spares.is_empty() {
        return Vec::new();
    }
    let below = below(plan);
    let mut found: Vec<(RowId, PossibleRename)> = Vec::new();
    for (parent, rows) in new_rows(plan) {
        let Some(id) = plan.parent_id(rows[0]) else { continue };
        let path = parent.map_or_else(GroupPath::top, |parent| plan.path(parent));
        let old = spares.under(&path, id).into_iter();
        let old: Vec<Side<Unclaimed>> = old.map(|spare| side(spares.children(&spare), spare)).collect();
        let new = rows.into_iter().map(|row| side(names(plan, below.get(&row)), row)).collect();
        let pairs = pairs(plan, &old, new);
        found.extend(pairs.into_iter().map(|(new, old)| (new.group, rename(&path, plan, &new, old))));
    }
    found.sort_by_key(|(row, _)| *row);
    found.into_iter().map(|(_, rename)| rename).collect()
}

fn side<T>(children: HashSet<String>, group: T) -> Side<T> {
    Side { group, children: children.into_iter().collect() }
}

fn rename(parent: &GroupPath, plan: &Plan, new: &Side<RowId>, old: &Side<Unclaimed>) -> PossibleRename {
    PossibleRename {
        path: parent.join(&plan.row(new.group).name),
        was: old.group.name.clone(),
        id: old.group.id,
        matching: new.children.intersection(&old.children).count(),
        children: new.children.len().max(old.children.len()),
    }
}

/// Returns the rows below each row that has some.
fn below(plan: &Plan) -> HashMap<RowId, Vec<RowId>> {
    let mut below: HashMap<RowId, Vec<RowId>> = HashMap::new();
    for (id, row) in plan.rows() {
        if let Some(parent) = row.parent {
            below.entry(parent).or_default().push(id);
        }
    }
    below
}

fn names(plan: &Plan, rows: Option<&Vec<RowId>>) -> HashSet<String> {
    rows.into_iter().flatten().map(|row| plan.row(*row).name.to_string()).collect()
}

/// Returns the rows that are new under an existing parent, by that parent.
fn new_rows(plan: &Plan) -> BTreeMap<Option<RowId>, Vec<RowId>> {
    let mut new: BTreeMap<Option<RowId>, Vec<RowId>> = BTreeMap::new();
    for (id, row) in plan.rows() {
        if matches!(row.decision, Action::Create { gone: None }) && plan.parent_id(id).is_some() {
            new.entry(row.parent).or_default().push(id);
        }
    }
    new
}

/// Pairs the new and the old groups under one parent: by all their children, by those that no other group has, by their names.
fn pairs<'s>(
    plan: &Plan,
    old: &'s [Side<Unclaimed>],
    new: Vec<Side<RowId>>,
) -> Vec<(Side<RowId>, &'s Side<Unclaimed>)> {
    let (old_leaves, old_parents): (Vec<_>, Vec<_>) = old.iter().partition(|side| side.children.is_empty());
    let (new_leaves, new_parents): (Vec<_>, Vec<_>) = new.into_iter().partition(|side| side.children.is_empty());
    let whole = |side: &BTreeSet<String>| vec![side.iter().cloned().collect::<Vec<_>>()];
    let each = |side: &BTreeSet<String>| side.iter().cloned().map(|name| vec![name]).collect();
    let (mut found, old_parents, new_parents) = matched(old_parents, new_parents, whole);
    let (partly, ..) = matched(old_parents, new_parents, each);
    found.extend(partly.into_iter().filter(|(new, old)| is_half(&new.children, &old.children)));
    found.extend(leaves(plan, old_leaves, new_leaves));
    found
}

fn is_half(new: &BTreeSet<String>, old: &BTreeSet<String>) -> bool {
    2 * new.intersection(old).count() >= new.len().max(old.len())
}

/// The pairs, and the groups of both sides that are left.
type Matched<'s> = (Vec<(Side<RowId>, &'s Side<Unclaimed>)>, Vec<&'s Side<Unclaimed>>, Vec<Side<RowId>>);

/// Pairs groups by the keys that exactly one group of either side has. A group whose keys lead to several others has no pair.
fn matched<'s>(
    old: Vec<&'s Side<Unclaimed>>,
    new: Vec<Side<RowId>>,
    keys: impl Fn(&BTreeSet<String>) -> Vec<Vec<String>>,
) -> Matched<'s> {
    let old_owners = owners(old.iter().map(|side| keys(&side.children)));
    let new_owners = owners(new.iter().map(|side| keys(&side.children)));
    let mut links: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (key, owner) in &new_owners {
        if let (Some(new), Some(Some(old))) = (owner, old_owners.get(key)) {
            links.insert((*new, *old));
        }
    }
    let once = |ends: Vec<usize>| {
        let counts = ends.iter().fold(HashMap::new(), |mut counts: HashMap<usize, usize>, end| {
            *counts.entry(*end).or_default() += 1;
            counts
        });
        move |end: &usize| counts.get(end) == Some(&1)
    };
    let (is_new, is_old) =
        (once(links.iter().map(|link| link.0).collect()), once(links.iter().map(|link| link.1).collect()));
    let pairs: BTreeMap<usize, usize> = links.iter().filter(|(n, o)| is_new(n) && is_old(o)).copied().collect();
    let used: HashSet<usize> = pairs.values().copied().collect();
    let (mut found, mut rest) = (Vec::new(), Vec::new());
    for (index, side) in new.into_iter().enumerate() {
        match pairs.get(&index) {
            Some(at) => found.push((side, old[*at])),
            None => rest.push(side),
        }
    }
    let left = old.iter().enumerate().filter(|(index, _)| !used.contains(index)).map(|(_, side)| *side).collect();
    (found, left, rest)
}

/// Returns the group that has each key; `None` if several have it.
fn owners(keys: impl Iterator<Item = Vec<Vec<String>>>) -> HashMap<Vec<String>, Option<usize>> {
    let mut owners = HashMap::new();
    for (index, keys) in keys.enumerate() {
        for key in keys {
            owners.entry(key).and_modify(|owner| *owner = None).or_insert(Some(index));
        }
    }
    owners
}

/// Pairs groups without children whose names are similar to each other and to no other name.
fn leaves<'s>(
    plan: &Plan,
    old: Vec<&'s Side<Unclaimed>>,
    new: Vec<Side<RowId>>,
) -> Vec<(Side<RowId>, &'s Side<Unclaimed>)> {
    let old: Vec<&Side<Unclaimed>> = old.into_iter().filter(|side| side.group.recorded.is_some()).collect();
    if old.len() > MOST_LEAVES || new.len() > MOST_LEAVES {
        return Vec::new();
    }
    let names: Vec<String> = new.iter().map(|side| folded(&plan.row(side.group).name)).collect();
    // A listed name that differs in form alone is confusable, which is another note.
    let is_noted = |a: &str, b: &str| plan.basis.online && a == b;
    let is_alike = |name: &str, side: &Side<Unclaimed>| {
        let other = &side.group.folded;
        edits(name, other).is_some() && !is_series(name, other) && !is_noted(name, other)
    };
    let old_of = |at: usize| only((0..old.len()).filter(|index| is_alike(&names[at], old[*index])));
    let new_of = |at: usize| only((0..names.len()).filter(|index| is_alike(&names[*index], old[at])));
    let pairs: Vec<Option<usize>> =
        (0..names.len()).map(|at| old_of(at).filter(|found| new_of(*found) == Some(at))).collect();
    new.into_iter().zip(pairs).filter_map(|(side, at)| Some((side, old[at?]))).collect()
}

fn only(mut found: impl Iterator<Item = usize>) -> Option<usize> {
    found.next().filter(|_| found.next().is_none())
}
