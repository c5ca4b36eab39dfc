//! What others do to the groups, in DingTalk's console so to speak, and what has to be left as they made it.

use std::collections::{BTreeMap, BTreeSet};

use roomtree::sandbox::{Sandbox, SandboxGroup};

use crate::script::Change;
use crate::tree::Tree;

/// What others did.
#[derive(Debug, Default)]
pub(crate) struct Others {
    /// The groups they made, as they made them.
    pub(crate) made: BTreeMap<i64, Made>,
    /// The groups that they gave another name, with the name that they gave last.
    pub(crate) renamed: BTreeMap<i64, String>,
    /// Parents and names for which they have made a group: there nobody can tell whose is whose.
    pub(crate) muddied: BTreeSet<(i64, String)>,
    /// The groups that they deleted.
    pub(crate) deleted: BTreeSet<i64>,
}

/// One group that somebody else made.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) parent: i64,
    pub(crate) name: String,
    /// Whether roomtree was running.
    pub(crate) is_racing: bool,
}

impl Others {
    /// Says whether others have done anything that roomtree can stumble upon.
    pub(crate) fn are_idle(&self) -> bool {
        self.renamed.is_empty() && self.muddied.is_empty() && self.deleted.is_empty()
    }

    /// Makes a group.
    pub(crate) fn make(&mut self, sandbox: &Sandbox, parent: i64, name: &str, is_racing: bool) -> i64 {
        let id = sandbox.add_group(parent, name);
        self.made.insert(id, Made { parent, name: name.to_owned(), is_racing });
        id
    }

    /// Makes a group of the tree, and those above it if they are missing. Returns its id.
    pub(crate) fn make_node(&mut self, sandbox: &Sandbox, tree: &Tree, root: i64, at: usize) -> i64 {
        let node = &tree.nodes[at];
        let parent = node.parent.map_or(root, |above| {
            find(&sandbox.groups(), tree, root, above).unwrap_or_else(|| self.make_node(sandbox, tree, root, above))
        });
        self.muddied.insert((parent, node.name.clone()));
        self.make(sandbox, parent, &node.name, false)
    }

    /// Makes a second group where roomtree is at work, if the one above it is there.
    pub(crate) fn race(&mut self, sandbox: &Sandbox, tree: &Tree, root: i64, at: usize) -> bool {
        let node = &tree.nodes[at];
        let above = node.parent.map_or(Some(root), |above| find(&sandbox.groups(), tree, root, above));
        let Some(parent) = above else { return false };
        self.muddied.insert((parent, node.name.clone()));
        self.make(sandbox, parent, &node.name, true);
        true
    }

    /// Changes what a run can see before its next change. Groups whose create may be under way are left out, since nothing could
    /// distinguish the two. Returns whether anything was changed.
    pub(crate) fn change(
        &mut self,
        sandbox: &Sandbox,
        tree: &Tree,
        root: i64,
        change: Change,
        open: &BTreeSet<String>,
    ) -> bool {
        let live = sandbox.groups();
        let is_there = |at: &usize| find(&live, tree, root, *at).is_some();
        let has_parent = |at: &usize| tree.nodes[*at].parent.is_none_or(|above| is_there(&above));
        let can_be_made =
            |at: &usize| tree.is_asked(*at) && !is_there(at) && has_parent(at) && !open.contains(&tree.path(*at));
        let size = tree.nodes.len();
        let first = |at: usize, fits: &dyn Fn(&usize) -> bool| (at..at + size).map(|at| at % size).find(|at| fits(at));
        match change {
            Change::Make(at) => first(at, &can_be_made).is_some_and(|at| {
                let parent = tree.nodes[at].parent.map_or(Some(root), |above| find(&live, tree, root, above));
                parent.map(|parent| self.make(sandbox, parent, &tree.nodes[at].name, false)).is_some()
            }),
            Change::Delete(at) => first(at, &is_there).is_some_and(|at| self.delete(sandbox, tree, root, at)),
            Change::Rename(at) => first(at, &is_there).is_some_and(|at| self.rename(sandbox, tree, root, at)),
        }
    }

    /// Takes the groups that were not made by others for theirs, since no state says otherwise any more.
    pub(crate) fn inherit(&mut self, live: &[SandboxGroup]) {
        for group in live {
            let made = Made { parent: group.parent, name: group.name.to_string(), is_racing: false };
            self.made.entry(group.id).or_insert(made);
        }
    }

    /// Deletes a group and all that is in it.
    pub(crate) fn delete(&mut self, sandbox: &Sandbox, tree: &Tree, root: i64, at: usize) -> bool {
        let Some(id) = find(&sandbox.groups(), tree, root, at) else { return false };
        self.remove(sandbox, id);
        true
    }

    /// Deletes one group and all that is in it: the top first, so that nothing new comes in meanwhile.
    pub(crate) fn remove(&mut self, sandbox: &Sandbox, id: i64) {
        self.deleted.insert(id);
        self.made.remove(&id);
        sandbox.remove_group(id);
        let inside: Vec<i64> =
            sandbox.groups().iter().filter(|group| group.parent == id).map(|group| group.id).collect();
        inside.into_iter().for_each(|id| self.remove(sandbox, id));
    }

    /// Gives a group another name.
    pub(crate) fn rename(&mut self, sandbox: &Sandbox, tree: &Tree, root: i64, at: usize) -> bool {
        let Some(id) = find(&sandbox.groups(), tree, root, at) else { return false };
        self.give_name(sandbox, id, format!("{}′", tree.nodes[at].name));
        true
    }

    /// Gives a group this name.
    pub(crate) fn give_name(&mut self, sandbox: &Sandbox, id: i64, name: String) {
        sandbox.rename_group(id, &name);
        if let Some(made) = self.made.get_mut(&id) {
            made.name.clone_from(&name);
        }
        self.renamed.insert(id, name);
    }
}

/// Finds a group of the tree by its names, the oldest if there are several.
pub(crate) fn find(live: &[SandboxGroup], tree: &Tree, root: i64, at: usize) -> Option<i64> {
    let node = &tree.nodes[at];
    let parent = node.parent.map_or(Some(root), |above| find(live, tree, root, above))?;
    live.iter().find(|group| group.parent == parent && *group.name == *node.name).map(|group| group.id)
}
