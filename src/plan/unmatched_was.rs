//! Finds former names that match no group but are similar to the name of one that no row claims.
//!
//! Such a `was` is probably misspelt, and creating the group would repeat its whole subtree. A `was` that matches nothing and is
//! similar to nothing is normal: it may stay in the manifest after the rename.

use std::collections::HashMap;

use crate::group::{GroupName, GroupPath};
use crate::manifest::Manifest;
use crate::plan::action::{Action, Conflict};
use crate::plan::model::{Plan, RowId};
use crate::plan::similarity::{edits, folded};
use crate::plan::unclaimed::{Spares, Unclaimed};

/// The most pairs of names that are compared: lists from outside may be of any length.
const MOST_COMPARED: usize = 200_000;

/// Turns rows with a misspelt former name into conflicts, and blocks the rows below them.
pub(super) fn block(plan: &mut Plan, manifest: &Manifest, spares: &Spares<'_>) {
    let found = find(plan, manifest, spares);
    if found.is_empty() {
        return;
    }
    for (row, conflict) in found {
        plan.rows[row.index()].decision = Action::Conflict { conflict };
    }
    let is_stopped = |decision: &Action| matches!(decision, Action::Conflict { .. } | Action::Blocked);
    for index in 0..plan.rows.len() {
        let parent = plan.rows[index].parent;
        if parent.is_some_and(|parent| is_stopped(&plan.row(parent).decision)) {
            plan.rows[index].decision = Action::Blocked;
        }
    }
    let rows = &plan.rows;
    plan.stale_was.retain(|row| !is_stopped(&rows[row.index()].decision));
    plan.protections.retain(|row| !is_stopped(&rows[row.index()].decision));
}

fn find(plan: &Plan, manifest: &Manifest, spares: &Spares<'_>) -> Vec<(RowId, Conflict)> {
    let mut under: HashMap<Option<RowId>, Vec<Unclaimed>> = HashMap::new();
    let (mut found, mut left) = (Vec::new(), MOST_COMPARED);
    for ((id, row), (_, node)) in plan.rows().zip(manifest.tree.nodes()) {
        let is_new = node.id().is_none() && matches!(row.decision, Action::Create { gone: None });
        let Some(parent) = plan.parent_id(id).filter(|_| is_new && !node.was().is_empty()) else { continue };
        let path = row.parent.map_or_else(GroupPath::top, |parent| plan.path(parent));
        if node.was().iter().any(|was| spares.exists(&path, parent, was) || spares.declares(&path, was)) {
            continue;
        }
        let candidates = under.entry(row.parent).or_insert_with(|| spares.under(&path, parent));
        found.extend(closest(node.was(), candidates, &mut left).map(|conflict| (id, conflict)));
    }
    found
}

/// Returns the most similar name; of several, the first that is recorded, by its name and id.
fn closest(was: &[GroupName], spares: &[Unclaimed], left: &mut usize) -> Option<Conflict> {
    let mut all = Vec::new();
    for former in was {
        let name = folded(former);
        let most = spares.len().min(*left);
        *left -= most;
        let similar = spares[..most].iter().filter_map(|spare| Some((edits(&name, &spare.folded)?, spare, former)));
        all.extend(similar);
    }
    let rank = |(edits, spare, _): &(usize, &Unclaimed, &GroupName)| {
        (*edits, spare.recorded.is_none(), spare.name.clone(), spare.id)
    };
    let (_, spare, former) = all.into_iter().min_by_key(rank)?;
    Some(Conflict::UnmatchedWas { was: former.to_string(), similar: spare.name.clone(), id: spare.id })
}
