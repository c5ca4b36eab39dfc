//! What others do to the groups, in DingTalk's console so to speak, and what has to be left as they made it.

use std::collections::{BTreeMap, BTreeSet};

use roomtree::sandbox::{Sandbox, SandboxGroup};

use crate::tree::Tree;

/// What others did.
#[derive(Debug, Default)]
pub(crate) struct Others {
    /// The groups they made, as they made them.
    pub(crate) made: BTreeMap<i64, Made>,
    /// The groups that they gave another name.
    pub(crate) renamed: BTreeSet<i64>,
    /// Parents and names for which they have made a group: there nobody can tell whose is whose.
    pub(crate) muddied: BTreeSet<(i64, String)>,
    /// How many they deleted.
    pub(crate) deleted: usize,
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
        self.renamed.is_empty() && self.muddied.is_empty() && self.deleted == 0
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

    /// Deletes a group and all that is in it.
    pub(crate) fn delete(&mut self, sandbox: &Sandbox, tree: &Tree, root: i64, at: usize) -> bool {
        let Some(id) = find(&sandbox.groups(), tree, root, at) else { return false };
        self.remove(sandbox, id);
        true
    }

    /// Deletes one group and all that is in it: the top first, so that nothing new comes in meanwhile.
    pub(crate) fn remove(&mut self, sandbox: &Sandbox, id: i64) {
        self.deleted += 1;
        self.made.remove(&id);
        sandbox.remove_group(id);
        let inside: Vec<i64> =
            sandbox.groups().iter().filter(|group| group.parent == id).map(|group| group.id).collect();
        inside.into_iter().for_each(|id| self.remove(sandbox, id));
    }

    /// Gives a group another name.
    pub(crate) fn rename(&mut self, sandbox: &Sandbox, tree: &Tree, root: i64, at: usize) -> bool {
        let Some(id) = find(&sandbox.groups(), tree, root, at) else { return false };
        let name = format!("{}′", tree.nodes[at].name);
        sandbox.rename_group(id, &name);
        self.renamed.insert(id);
        if let Some(made) = self.made.get_mut(&id) {
            made.name = name;
        }
        true
    }
}

/// Finds a group of the tree by its names, the oldest if there are several.
pub(crate) fn find(live: &[SandboxGroup], tree: &Tree, root: i64, at: usize) -> Option<i64> {
    let node = &tree.nodes[at];
    let parent = node.parent.map_or(Some(root), |above| find(live, tree, root, above))?;
    live.iter().find(|group| group.parent == parent && *group.name == *node.name).map(|group| group.id)
}
