//! Finds existing groups that a new or renamed group would be confused with.
//!
//! Both names may be intended, so a match is a note on the row and blocks nothing. Linear in the number of rows and groups.

use std::collections::{HashMap, HashSet};

use crate::group::{GroupId, skeleton};
use crate::inventory::{Inventory, ListedGroup};
use crate::plan::action::Action;
use crate::plan::model::{Confusable, Plan, Row, RowId};

/// A parent and the skeleton of a name.
type Key = (GroupId, String);

/// Returns the confusable group of each row that has one, by row.
pub(super) fn confusables(plan: &Plan, live: &Inventory) -> Vec<Confusable> {
    let named: Vec<(RowId, GroupId)> = plan.rows().filter_map(|(id, row)| Some((id, parent(plan, id, row)?))).collect();
    let existing = existing(plan, live, named.iter().map(|(_, parent)| *parent).collect());
    let confusable = |(row, parent): (RowId, GroupId)| {
        let name = &plan.row(row).name;
        let group = existing.get(&key(parent, name)).filter(|group| *group.name != **name)?;
        Some(Confusable { row, id: group.id, name: group.name.to_string() })
    };
    named.into_iter().filter_map(confusable).collect()
}

/// Returns the existing parent of a row that gets a name.
fn parent(plan: &Plan, id: RowId, row: &Row) -> Option<GroupId> {
    let gets_a_name = matches!(row.decision, Action::Create { .. } | Action::Rename { .. });
    plan.parent_id(id).filter(|_| gets_a_name)
}

/// Returns the groups under these parents that keep their names; the smallest id of those that are confusable.
fn existing<'l>(plan: &Plan, live: &'l Inventory, parents: HashSet<GroupId>) -> HashMap<Key, &'l ListedGroup> {
    let is_renamed = |row: &&Row| matches!(row.decision, Action::Rename { .. });
    let renamed: HashSet<GroupId> = plan.rows.iter().filter(is_renamed).filter_map(Row::id).collect();
    let groups = parents.into_iter().flat_map(|parent| live.children(parent));
    let mut existing = HashMap::new();
    for group in groups.filter(|group| !renamed.contains(&group.id)) {
        existing.entry(key(group.parent, &group.name)).or_insert(group);
    }
    existing
}

fn key(parent: GroupId, name: &str) -> Key {
    let mut key = (parent, String::new());
    skeleton(name, &mut key.1);
    key
}
