//! Finds the groups that a plan creates again, and so with new ids: their administrators are lost.
//!
//! DingTalk cannot move a group, and has no call that sets administrators. A group is created again if the recorded one is gone,
//! or if it moved in the manifest.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::dingtalk::Administrator;
use crate::group::{GroupId, GroupPath};
use crate::plan::decision::Decision;
use crate::plan::deletion::Relocation;
use crate::plan::table::Plan;
use crate::state::Moved;

/// A group that is created again, and its former id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recreated {
    /// The path at which it is created.
    pub path: GroupPath,
    /// The recorded id of the group that it replaces.
    pub former: GroupId,
}

/// The administrators that a group loses when it is created again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LostAdministrators {
    /// The path at which it is created.
    pub path: GroupPath,
    /// The recorded id of the group that it replaces.
    pub former: GroupId,
    /// Its administrators; `null` if DingTalk does not return them.
    pub administrators: Option<Vec<Administrator>>,
}

impl Plan {
    /// Returns the groups that are created again, in manifest order.
    #[must_use]
    pub fn recreated(&self) -> Vec<Recreated> {
        let left: HashMap<&GroupPath, GroupId> = self.left().collect();
        let moves = self.relocations.iter().map(moved_back).collect::<Vec<_>>();
        let created = self.rows().filter_map(|(id, row)| match row.decision {
            Decision::Create { gone } => Some((self.path(id), gone)),
            _ => None,
        });
        let former = |path: &GroupPath| moves.iter().find_map(|moved| left.get(&moved.of(path)?).copied());
        let found = created.filter_map(|(path, gone)| Some((gone.or_else(|| former(&path))?, path)));
        found.map(|(former, path)| Recreated { path, former }).collect()
    }

    /// Returns the recorded groups that no row answers for.
    fn left(&self) -> impl Iterator<Item = (&GroupPath, GroupId)> {
        let kept = self.forgotten.iter().map(|group| (&group.path, group.id));
        kept.chain(self.deletions.iter().map(|group| (&group.path, group.id)))
    }
}

fn moved_back(group: &Relocation) -> Moved {
    Moved { from: group.to.clone(), to: group.from.clone() }
}
