//! The part of a tree that a command is to be about.
//!
//! What stands above a selected group comes along, since a group cannot be without its parents; its siblings do not.

use crate::group::GroupPath;
use crate::manifest::{NodeId, Tree};

impl Tree {
    /// Returns the subtrees at these paths and all that stands above them, in manifest order.
    ///
    /// A path that names no group, the top included, selects nothing: [`Tree::find`] tells.
    #[must_use]
    pub fn only(&self, paths: &[GroupPath]) -> Self {
        let mut tree = Self::builder();
        for ((_, node), _) in self.nodes().zip(self.selected(paths)).filter(|(_, is_selected)| *is_selected) {
            tree.rise(node.depth);
            let id = tree.open_at(node.name.clone(), node.place);
            tree.tie(id, node.ties().cloned().unwrap_or_default());
        }
        tree.build()
    }

    /// Says of each group whether it is selected or stands above one that is.
    fn selected(&self, paths: &[GroupPath]) -> Vec<bool> {
        let mut found: Vec<_> = paths.iter().filter_map(|path| self.find(path)).collect();
        found.sort_unstable();
        let mut kept = vec![false; self.len()];
        for id in found {
            self.keep(id, &mut kept);
        }
        kept
    }

    /// Keeps a group and what is in and above it; found in manifest order, it was kept whole if it was kept below another.
    fn keep(&self, id: NodeId, kept: &mut [bool]) {
        if kept[id.index()] {
            return;
        }
        kept[id.index()..][..self.subtree_len(id)].fill(true);
        let above = |id: &NodeId| self.get(*id).parent.filter(|parent| !kept[parent.index()]);
        let chain: Vec<_> = std::iter::successors(above(&id), above).collect();
        for id in chain {
            kept[id.index()] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::group::{GroupId, GroupName, GroupPath};
    use crate::manifest::{Bindings, Tree};

    /// Makes a tree of groups at these depths, or as deep as the group before allows; every third has an id.
    fn tree(groups: &[(u32, GroupName)]) -> Tree {
        let mut tree = Tree::builder();
        for ((depth, name), at) in groups.iter().zip(1..) {
            tree.rise(*depth);
            let id = tree.open(name.clone());
            tree.tie(id, Bindings { id: (at % 3 == 0).then(|| GroupId::new(at)), ..Bindings::default() });
        }
        tree.build()
    }

    /// Any tree in which each group has a name of its own.
    fn some_tree() -> impl Strategy<Value = Tree> {
        prop::collection::vec(1u32..6, 0..60).prop_map(|depths| {
            let name = |at| GroupName::parse(&format!("g/{at}")).unwrap();
            let groups: Vec<_> = depths.into_iter().enumerate().map(|(at, depth)| (depth, name(at))).collect();
            tree(&groups)
        })
    }

    fn paths(tree: &Tree) -> Vec<GroupPath> {
        tree.nodes().map(|(id, _)| tree.path(id)).collect()
    }

    fn path(text: &str) -> GroupPath {
        GroupPath::parse(text).unwrap()
    }

    fn sample() -> Tree {
        let groups = [(1, "北京"), (2, "望京"), (3, "A"), (3, "B"), (2, "亦庄"), (1, "上海"), (2, "望京")];
        tree(&groups.map(|(depth, name)| (depth, GroupName::parse(name).unwrap())))
    }

    fn only(selected: &[&str]) -> Vec<String> {
        let selected: Vec<_> = selected.iter().map(|text| path(text)).collect();
        paths(&sample().only(&selected)).iter().map(GroupPath::to_string).collect()
    }

    #[test]
    fn a_group_brings_what_is_in_it_and_above_it() {
        assert_eq!(only(&["/北京/望京"]), ["/北京", "/北京/望京", "/北京/望京/A", "/北京/望京/B"]);
        assert_eq!(only(&["/上海", "/北京/望京/B"]), ["/北京", "/北京/望京", "/北京/望京/B", "/上海", "/上海/望京"]);
        assert_eq!(only(&["/北京/亦庄", "/北京", "/北京/亦庄"]).len(), 5);
    }

    #[test]
    fn what_names_no_group_selects_nothing() {
        assert_eq!(only(&["/望京", "/北京/望京/C", ""]), Vec::<String>::new());
        assert_eq!(only(&[]), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn what_is_kept_is_what_stands_below_or_above_a_path(
            tree in some_tree(),
            picks in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        ) {
            let all = paths(&tree);
            let picked: Vec<_> = picks.iter().filter(|_| !all.is_empty()).map(|pick| pick.get(&all).clone()).collect();
            let part = tree.only(&picked);

            let is_kept = |path: &&GroupPath| picked.iter().any(|pick| path.is_within(pick) || pick.is_within(path));
            prop_assert_eq!(paths(&part), all.iter().filter(is_kept).cloned().collect::<Vec<_>>());
            for (id, node) in part.nodes() {
                let path = part.path(id);
                let original = tree.get(tree.find(&path).unwrap());
                prop_assert_eq!((&node.name, node.depth, node.ties()), (&original.name, original.depth, original.ties()));
                prop_assert_eq!(part.find(&path), Some(id));
                prop_assert_eq!(part.subtree_len(id), paths(&part).iter().filter(|other| other.is_within(&path)).count());
            }
            prop_assert_eq!(&part.only(&picked), &part);
            prop_assert_eq!(tree.only(&tree.roots().map(|id| tree.path(id)).collect::<Vec<_>>()), tree);
        }
    }
}
