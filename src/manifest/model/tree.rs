//! The tree of groups: one arena in manifest order.
//!
//! A parent stands before its children and a subtree is contiguous, so that walking, skipping a subtree and finding children
//! need no links and no memory besides the nodes. Whether names are unique is the rules' part, not the tree's.

use crate::group::{GroupId, GroupName, GroupPath};
use crate::manifest::{Bindings, Span};

/// Which node of a tree: its index in manifest order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// Returns the index, from 0, in manifest order.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// Narrows an index: a tree never holds more nodes than its sources have bytes.
    fn new(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

/// A group of the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is called.
    pub name: GroupName,
    /// The group above, or `None` at the top.
    pub parent: Option<NodeId>,
    /// How deep it stands: 1 at the top.
    pub depth: u32,
    /// Where its name is written; empty and without meaning in a tree that was not read from a source.
    pub place: Span,
    /// The index after the last node of its subtree.
    end: u32,
    ties: Option<Box<Bindings>>,
}

impl Node {
    /// Returns the names it had before: a group of such a name in its place is to be renamed. None of them is its own name.
    #[must_use]
    pub fn was(&self) -> &[GroupName] {
        self.ties().map_or(&[], |ties| &ties.was)
    }

    /// Returns the id of the existing group that it is, if the manifest says.
    #[must_use]
    pub fn id(&self) -> Option<GroupId> {
        self.ties().and_then(|ties| ties.id)
    }

    /// Says whether the manifest protects it, and so the groups above it, from deletion.
    #[must_use]
    pub fn is_protected(&self) -> bool {
        self.protect() == Some(true)
    }

    /// Returns the value of `protect`; `None` if the manifest does not say.
    #[must_use]
    pub fn protect(&self) -> Option<bool> {
        self.ties().and_then(|ties| ties.protect)
    }

    /// Returns what ties it to an existing group, if anything does.
    #[must_use]
    pub fn ties(&self) -> Option<&Bindings> {
        self.ties.as_deref()
    }
}

/// Groups in manifest order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// Starts an empty tree; see [`TreeBuilder`].
    #[must_use]
    pub fn builder() -> TreeBuilder {
        TreeBuilder::default()
    }

    /// Returns how many groups there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Says whether there is no group at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Returns a group.
    ///
    /// # Panics
    /// When the id is of another, larger tree.
    #[must_use]
    pub fn get(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// Walks all groups in manifest order: parents before children.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(index, node)| (NodeId::new(index), node))
    }

    /// Walks the topmost groups in manifest order.
    pub fn roots(&self) -> impl Iterator<Item = NodeId> {
        self.siblings(0, self.nodes.len())
    }

    /// Walks the children of a group in manifest order.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        self.siblings(id.index() + 1, self.get(id).end as usize)
    }

    /// Returns how many groups stand below a group, at any depth, itself included.
    #[must_use]
    pub fn subtree_len(&self, id: NodeId) -> usize {
        self.get(id).end as usize - id.index()
    }

    /// Returns the path of a group.
    #[must_use]
    pub fn path(&self, id: NodeId) -> GroupPath {
        let above = |id: &NodeId| self.get(*id).parent;
        let chain: Vec<_> = std::iter::successors(Some(id), above).collect();
        GroupPath::of(chain.iter().rev().map(|id| self.get(*id).name.as_str()))
    }

    /// Finds the group at a path by walking down; `None` for the top, which is no group.
    #[must_use]
    pub fn find(&self, path: &GroupPath) -> Option<NodeId> {
        let (mut start, mut end, mut found) = (0, self.nodes.len(), None);
        for name in path.names() {
            let id = self.siblings(start, end).find(|id| *self.get(*id).name == *name)?;
            (start, end, found) = (id.index() + 1, self.get(id).end as usize, Some(id));
        }
        found
    }

    fn siblings(&self, start: usize, end: usize) -> impl Iterator<Item = NodeId> {
        let first = (start < end).then_some(start);
        let following = move |index: &usize| Some(self.nodes[*index].end as usize).filter(|next| *next < end);
        std::iter::successors(first, following).map(NodeId::new)
    }
}

/// Makes a tree in manifest order: `open` a group, add what stands in it, `close` it.
#[derive(Clone, Debug, Default)]
pub struct TreeBuilder {
    nodes: Vec<Node>,
    open: Vec<NodeId>,
}

impl TreeBuilder {
    /// Adds a group without a place and goes into it.
    pub fn open(&mut self, name: GroupName) -> NodeId {
        self.open_at(name, Span::default())
    }

    /// Adds a group that is written at a place and goes into it.
    pub fn open_at(&mut self, name: GroupName, place: Span) -> NodeId {
        let id = NodeId::new(self.nodes.len());
        let depth = u32::try_from(self.open.len()).unwrap_or(u32::MAX).saturating_add(1);
        self.nodes.push(Node { name, parent: self.open.last().copied(), depth, place, end: 0, ties: None });
        self.open.push(id);
        id
    }

    /// Ties a group that was added to an existing one, in place of what tied it before.
    ///
    /// # Panics
    /// When the id is of another, larger tree.
    pub fn tie(&mut self, id: NodeId, ties: Bindings) {
        self.nodes[id.index()].ties = ties.boxed();
    }

    /// Goes back to the group above; at the top it does nothing.
    pub fn close(&mut self) {
        if let Some(id) = self.open.pop() {
            self.nodes[id.index()].end = NodeId::new(self.nodes.len()).0;
        }
    }

    /// Goes back so far that the next group can stand at this depth, counted from 1.
    pub fn rise(&mut self, depth: u32) {
        while !self.open.is_empty() && self.open.len() >= depth as usize {
            self.close();
        }
    }

    /// Adds a group without children.
    pub fn leaf(&mut self, name: GroupName) -> NodeId {
        let id = self.open(name);
        self.close();
        id
    }

    /// Returns how many groups are open: the depth of the next group less one.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Closes what is open and hands over the tree.
    #[must_use]
    pub fn build(mut self) -> Tree {
        while !self.open.is_empty() {
            self.close();
        }
        Tree { nodes: self.nodes }
    }
}

#[cfg(test)]
mod tests {
    use crate::group::{GroupId, GroupName, GroupPath};
    use crate::manifest::{Bindings, Node, Tree};

    fn name(text: &str) -> GroupName {
        GroupName::parse(text).unwrap()
    }

    fn sample() -> Tree {
        let mut tree = Tree::builder();
        tree.open(name("北京"));
        tree.open(name("望京"));
        tree.leaf(name("A/B"));
        tree.close();
        tree.leaf(name("亦庄"));
        tree.close();
        tree.leaf(name("上海"));
        tree.build()
    }

    #[test]
    fn paths_and_finding_are_inverse() {
        let tree = sample();
        assert_eq!(tree.len(), 5);
        for (id, node) in tree.nodes() {
            let path = tree.path(id);
            assert_eq!(path.depth(), node.depth as usize);
            assert_eq!(tree.find(&path), Some(id));
        }
        assert_eq!(tree.find(&GroupPath::top()), None);
        assert_eq!(tree.find(&GroupPath::top().join("望京")), None);
    }

    #[test]
    fn children_are_walked_in_order_without_their_own_children() {
        let tree = sample();
        let names = |ids: Vec<_>| ids.into_iter().map(|id| tree.get(id).name.to_string()).collect::<Vec<_>>();
        let roots: Vec<_> = tree.roots().collect();
        assert_eq!(names(tree.children(roots[0]).collect()), ["望京", "亦庄"]);
        assert_eq!(tree.subtree_len(roots[0]), 4);
        assert_eq!(tree.children(roots[1]).count(), 0);
        assert_eq!(names(roots), ["北京", "上海"]);
    }

    #[test]
    fn ties_are_kept_at_their_group() {
        let mut tree = Tree::builder();
        let tied = tree.leaf(name("上海"));
        let plain = tree.leaf(name("北京"));
        tree.tie(tied, Bindings { was: vec![name("沪")], id: Some(GroupId::new(7)), protect: Some(true) });
        tree.tie(plain, Bindings::default());
        let tree = tree.build();
        let node = tree.get(tied);
        assert_eq!((node.was(), node.id(), node.is_protected()), (&[name("沪")][..], Some(GroupId::new(7)), true));
        let node = tree.get(plain);
        assert_eq!((node.was(), node.id(), node.is_protected(), node.ties()), (&[][..], None, false, None));
    }

    #[test]
    fn a_node_without_ties_is_small() {
        assert_eq!(size_of::<Node>(), 56);
    }
}
