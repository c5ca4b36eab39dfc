//! The tree that a story asks for: its shape, its names, its manifest.
//!
//! The oracle works from this, not from what roomtree made of the manifest. Paths are written here once more, by the rule of
//! RFC 6901, so that a mistake in the real writer shows.

use std::collections::HashSet;
use std::fmt::Write;

use fastrand::Rng;

/// Names that have broken parsers, printers, shells and paths before.
const NAMES: [&str; 36] = [
    "北京",
    "上海",
    "望京园区",
    "A 座",
    "NO",
    "007",
    "1e3",
    "null",
    "~",
    "3.10",
    "true",
    "a/b",
    "/",
    "~1",
    "~0/~1",
    "it's",
    "say \"hi\"",
    "back\\slash",
    "colon: x",
    "# hash",
    "- dash",
    "{curly}",
    "[square]",
    "&anchor",
    "*alias",
    "!tag",
    "%20",
    "a?b=c&d",
    "@at",
    "`tick`",
    "|",
    ">",
    "👩‍👩‍👧",
    "é",
    "e\u{301}",
    "$(reboot)",
];

/// How groups hang together.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Star,
    Chains,
    Bush,
    Broom,
}

/// One group that is, or was, in the manifest.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) parent: Option<usize>,
    /// Whether the manifest has it at present.
    pub(crate) is_written: bool,
    /// Whether the manifest protects it, and so the groups above it, from deletion.
    pub(crate) is_protected: bool,
}

/// All groups that ever were in the manifest, parents before children.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
    depth: usize,
}

impl Tree {
    /// Grows a tree of so many groups, at most so many levels deep.
    pub(crate) fn grow(random: &mut Rng, size: usize, depth: usize) -> Self {
        let shape = [Shape::Star, Shape::Chains, Shape::Bush, Shape::Broom][random.usize(..4)];
        let mut tree = Self { nodes: Vec::new(), depth };
        (0..size).for_each(|_| tree.sprout(random, shape));
        tree
    }

    /// Makes a tree of so many groups side by side.
    pub(crate) fn row(size: usize) -> Self {
        let node =
            |number: usize| Node { name: format!("{number} 座"), parent: None, is_written: true, is_protected: false };
        Self { nodes: (0..size).map(node).collect(), depth: 1 }
    }

    /// Adds one group.
    pub(crate) fn sprout(&mut self, random: &mut Rng, shape: Shape) {
        let parent = self.place(random, shape).filter(|at| self.level(*at) < self.depth && self.is_asked(*at));
        let name = self.free_name(random, parent);
        self.nodes.push(Node { name, parent, is_written: true, is_protected: false });
    }

    /// Adds one group of this name and returns its number.
    pub(crate) fn add(&mut self, name: &str, parent: Option<usize>) -> usize {
        self.nodes.push(Node { name: name.to_owned(), parent, is_written: true, is_protected: false });
        self.nodes.len() - 1
    }

    /// Returns whether a group, or one below it, is protected.
    pub(crate) fn is_kept(&self, at: usize) -> bool {
        let is_within = |mut below: usize| loop {
            match self.nodes[below].parent {
                _ if below == at => return true,
                None => return false,
                Some(parent) => below = parent,
            }
        };
        (0..self.nodes.len()).any(|below| self.nodes[below].is_protected && is_within(below))
    }

    /// Returns the first groups of the manifest, from the top of the file, that have no groups below them.
    pub(crate) fn first_leaves(&self, count: usize) -> Vec<usize> {
        let mut order = Vec::new();
        self.walk(None, &mut order);
        let is_leaf = |at: &usize| self.nodes.iter().all(|node| node.parent != Some(*at));
        order.into_iter().filter(is_leaf).take(count).collect()
    }

    fn walk(&self, parent: Option<usize>, order: &mut Vec<usize>) {
        for at in self.children(parent) {
            order.push(at);
            self.walk(Some(at), order);
        }
    }

    fn place(&self, random: &mut Rng, shape: Shape) -> Option<usize> {
        let last = self.nodes.len().checked_sub(1)?;
        match shape {
            Shape::Star => Some(random.usize(..=last)).filter(|_| random.u8(..10) == 0),
            Shape::Chains => Some(last),
            Shape::Bush => Some(random.usize(..=last)),
            Shape::Broom => Some(0),
        }
    }

    fn free_name(&self, random: &mut Rng, parent: Option<usize>) -> String {
        let siblings = self.nodes.iter().filter(|node| node.parent == parent).map(|node| node.name.as_str());
        let taken: HashSet<&str> = siblings.collect();
        let name = NAMES[random.usize(..NAMES.len())];
        if taken.contains(name) { format!("{name} {}", self.nodes.len()) } else { name.to_owned() }
    }

    /// Returns how deep a group stands, counted from 1.
    pub(crate) fn level(&self, at: usize) -> usize {
        1 + self.nodes[at].parent.map_or(0, |parent| self.level(parent))
    }

    /// Says whether the manifest has a group: all above it have to be written, too.
    pub(crate) fn is_asked(&self, at: usize) -> bool {
        let node = &self.nodes[at];
        node.is_written && node.parent.is_none_or(|parent| self.is_asked(parent))
    }

    /// Returns the groups of the manifest.
    pub(crate) fn asked(&self) -> impl Iterator<Item = usize> {
        (0..self.nodes.len()).filter(|at| self.is_asked(*at))
    }

    /// Returns the path of a group as a JSON Pointer.
    pub(crate) fn path(&self, at: usize) -> String {
        let node = &self.nodes[at];
        let above = node.parent.map_or_else(String::new, |parent| self.path(parent));
        format!("{above}/{}", node.name.replace('~', "~0").replace('/', "~1"))
    }

    /// Writes the manifest.
    pub(crate) fn manifest(&self, root: i64) -> String {
        let mut text = format!("version: 1\nroot: {root}\ngroups:\n");
        if self.asked().next().is_none() {
            return format!("version: 1\nroot: {root}\ngroups: []\n");
        }
        self.write(None, 1, &mut text);
        text
    }

    fn write(&self, parent: Option<usize>, level: usize, text: &mut String) {
        let (children, indent) = (self.children(parent), "    ".repeat(level - 1));
        for at in children {
            // A JSON string is a YAML string.
            let name = serde_json::Value::from(self.nodes[at].name.as_str());
            if self.children(Some(at)).is_empty() && !self.nodes[at].is_protected {
                let _ = writeln!(text, "{indent}  - {name}");
                continue;
            }
            let _ = writeln!(text, "{indent}  - name: {name}");
            if self.nodes[at].is_protected {
                let _ = writeln!(text, "{indent}    protect: true");
            }
            if !self.children(Some(at)).is_empty() {
                let _ = writeln!(text, "{indent}    children:");
                self.write(Some(at), level + 1, text);
            }
        }
    }

    fn children(&self, parent: Option<usize>) -> Vec<usize> {
        self.asked().filter(|at| self.nodes[*at].parent == parent).collect()
    }
}
