//! The input of a plan: manifest, state, inventory and scope.

use std::collections::HashMap;

use crate::group::{GroupId, GroupPath};
use crate::inventory::Inventory;
use crate::manifest::{Manifest, Node, NodeId, Tree};
use crate::state::Ledger;

/// How many meeting rooms each group holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rooms {
    /// The number of rooms by group; a group without rooms is missing.
    pub by_group: HashMap<GroupId, usize>,
    /// The number of calls that listed them; 0 if they were not listed.
    pub calls: usize,
}

/// All that a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct PlanInput<'a> {
    /// What the user wrote.
    pub manifest: &'a Manifest,
    /// What we remember.
    pub ledger: &'a Ledger,
    /// What the API says; `None` offline.
    pub live: Option<&'a Inventory>,
    /// Whether a state was there to be read.
    pub has_state: bool,
    /// What else was asked for.
    pub scope: Scope<'a>,
}

/// What a plan is to take in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope<'a> {
    /// Whether recorded groups that the manifest no longer has are to be deleted.
    pub prune: bool,
    /// Whether all recorded groups are to be deleted; the manifest is empty then.
    pub destroy: bool,
    /// The subtrees to plan for; empty for all. The manifest has been cut down to them.
    pub only: &'a [GroupPath],
    /// The most deletions that were agreed to; `None` for no more than a small share of what is recorded.
    pub max_deletes: Option<usize>,
    /// The whole manifest, whose `protect` counts for the groups outside the planned part too; `None` if all of it is planned.
    pub declared: Option<&'a Manifest>,
    /// Whether the recorded id and parent identify a group that has another name in DingTalk: for plans that are not applied.
    pub follows_renames: bool,
    /// The rooms in each group, when deletions made it worth asking.
    pub rooms: Option<&'a Rooms>,
}

/// Returns the groups directly below a path.
pub(super) fn children_at<'t>(tree: &'t Tree, path: &GroupPath) -> impl Iterator<Item = &'t Node> {
    let children: Vec<NodeId> = match tree.find(path) {
        Some(id) => tree.children(id).collect(),
        None if *path == GroupPath::top() => tree.roots().collect(),
        None => Vec::new(),
    };
    children.into_iter().map(|id| tree.get(id))
}
