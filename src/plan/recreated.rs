//! Finds the groups that a plan creates again, and so with new ids: their administrators are lost.
//!
//! DingTalk cannot move a group, and has no call that sets administrators. A group is created again if the recorded one is gone,
//! or if it moved in the manifest.

use std::collections::HashMap;

use crate::group::{GroupId, GroupPath};
use crate::plan::action::Action;
use crate::plan::model::{Plan, RowId};

/// A group that is created again, and its former id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recreated {
    /// The path at which it is created.
    pub path: GroupPath,
    /// The recorded id of the group that it replaces.
    pub former: GroupId,
}

impl Plan {
    /// Returns the groups that are created again, in manifest order.
    #[must_use]
    pub fn recreated(&self) -> Vec<Recreated> {
        let (left, places): (HashMap<&GroupPath, GroupId>, _) = (self.left().collect(), self.former_places());
        let former = |row: RowId| places.get(row.index())?.as_ref().and_then(|place| left.get(place)).copied();
        let created = self.rows().filter_map(|(id, row)| match row.decision {
            Action::Create { gone } => Some((id, gone.or_else(|| former(id))?)),
            _ => None,
        });
        created.map(|(id, former)| Recreated { path: self.path(id), former }).collect()
    }

    /// Returns where each row was recorded that moved in the manifest; nothing if none did.
    fn former_places(&self) -> Vec<Option<GroupPath>> {
        let retained = self.retained.iter().map(|group| (&group.path, &group.moved));
        let outside = retained.chain(self.deletions.iter().map(|group| (&group.path, &group.moved)));
        let moved: HashMap<&GroupPath, &GroupPath> =
            outside.filter_map(|(from, moved)| Some((&moved.as_ref()?.to, from))).collect();
        let mut places: Vec<Option<GroupPath>> = Vec::new();
        for (id, row) in self.rows().filter(|_| !moved.is_empty()) {
            let above = row.parent.and_then(|parent| places[parent.index()].as_ref());
            let below = above.map(|above| above.join(&row.name));
            places.push(moved.get(&self.path(id)).map(|from| (*from).clone()).or(below));
        }
        places
    }

    /// Returns the recorded groups that no row answers for.
    fn left(&self) -> impl Iterator<Item = (&GroupPath, GroupId)> {
        let kept = self.retained.iter().map(|group| (&group.path, group.id));
        kept.chain(self.deletions.iter().map(|group| (&group.path, group.id)))
    }
}
