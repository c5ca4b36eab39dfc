//! Existing groups that no row of the plan claims, by the group above them.
//!
//! They are what a row that is to be created may be the new name of. Names that the whole manifest declares at that place, now or
//! as former names, are left out: those groups have an entry already.

use std::collections::{HashMap, HashSet};

use crate::group::{GroupId, GroupPath};
use crate::inventory::ListedGroup;
use crate::manifest::Tree;
use crate::plan::diff_input::{PlanInput, children_at};
use crate::plan::model::{Retained, Unmanaged};
use crate::plan::similarity::folded;

/// A group that no row claims.
#[derive(Clone, Debug)]
pub(super) struct Unclaimed {
    pub(super) id: GroupId,
    pub(super) name: String,
    /// The name as it is compared with others.
    pub(super) folded: String,
    /// The recorded path; `None` for a group that is only listed.
    pub(super) recorded: Option<GroupPath>,
}

/// All groups that no row claims.
pub(super) struct Spares<'a> {
    evidence: PlanInput<'a>,
    recorded: HashMap<GroupPath, Vec<&'a Retained>>,
    listed: HashMap<GroupId, Vec<&'a ListedGroup>>,
}

impl<'a> Spares<'a> {
    pub(super) fn new(evidence: PlanInput<'a>, lost: &'a [Retained], unmanaged: &[Unmanaged]) -> Self {
        let mut spares = Self { evidence, recorded: HashMap::new(), listed: HashMap::new() };
        for group in lost {
            spares.recorded.entry(group.path.parent().unwrap_or_else(GroupPath::top)).or_default().push(group);
        }
        let live = evidence.live.into_iter();
        for group in live.flat_map(|live| unmanaged.iter().filter_map(|group| live.get(group.id))) {
            spares.listed.entry(group.parent).or_default().push(group);
        }
        spares
    }

    pub(super) fn is_empty(&self) -> bool {
        self.recorded.is_empty() && self.listed.is_empty()
    }

    /// Returns whether the state or the list has a group of this name under a parent.
    pub(super) fn exists(&self, path: &GroupPath, parent: GroupId, name: &str) -> bool {
        let is_recorded = self.recorded_under(path).any(|group| group.path.name().as_deref() == Some(name));
        is_recorded || self.evidence.live.is_some_and(|live| live.named(parent, name).next().is_some())
    }

    /// Returns whether the whole manifest has a group of this name below a path.
    pub(super) fn declares(&self, path: &GroupPath, name: &str) -> bool {
        self.tree().find(&path.join(name)).is_some()
    }

    /// Returns the groups under a parent, which the plan has at this path and with this id.
    pub(super) fn under(&self, path: &GroupPath, parent: GroupId) -> Vec<Unclaimed> {
        let is_there = |group: &Retained| match self.evidence.live {
            Some(live) => live.get(group.id).is_some_and(|listed| listed.parent == parent),
            None => true,
        };
        let recorded = self
            .recorded_under(path)
            .filter(|group| is_there(group))
            .map(|group| (group.id, group.path.name().unwrap_or_default().into_owned(), Some(group.path.clone())));
        let listed = self.listed.get(&parent).into_iter().flatten().map(|group| (group.id, group.name.clone(), None));
        let all: Vec<(GroupId, String, Option<GroupPath>)> = recorded.chain(listed).collect();
        let taken = if all.is_empty() { HashSet::new() } else { declared(self.tree(), path) };
        let spare = all.into_iter().filter(|(_, name, _)| !taken.contains(&**name));
        spare.map(|(id, name, recorded)| Unclaimed { id, folded: folded(&name), name, recorded }).collect()
    }

    /// Returns the names of the groups in a spare group.
    pub(super) fn children(&self, spare: &Unclaimed) -> HashSet<String> {
        match (self.evidence.live, &spare.recorded) {
            (Some(live), _) => live.children(spare.id).map(|group| group.name.clone()).collect(),
            (None, Some(path)) => {
                self.recorded_under(path).filter_map(|group| group.path.name()).map(String::from).collect()
            }
            (None, None) => HashSet::new(),
        }
    }

    fn recorded_under(&self, path: &GroupPath) -> impl Iterator<Item = &'a Retained> {
        self.recorded.get(path).into_iter().flatten().copied()
    }

    fn tree(&self) -> &'a Tree {
        self.evidence.scope.declared.map_or(&self.evidence.manifest.tree, |whole| &whole.tree)
    }
}

/// Returns the names that a manifest uses directly below a path, former ones included.
fn declared<'t>(tree: &'t Tree, path: &GroupPath) -> HashSet<&'t str> {
    let names = children_at(tree, path).flat_map(|node| std::iter::once(&node.name).chain(node.was()));
    names.map(|name| name.as_str()).collect()
}
