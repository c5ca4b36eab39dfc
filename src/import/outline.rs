//! Chains of names put together to a tree: siblings in the order in which they are first named.

use std::collections::HashMap;

use crate::group::{GroupId, GroupName, GroupPath};
use crate::i18n::{Message, count};
use crate::import::entry::Entry;
use crate::import::problem::{Problem, listed, shown};
use crate::localized;
use crate::manifest::{Bindings, Tree};
use crate::sheet::Address;

/// Groups as they come in.
#[derive(Default)]
pub(super) struct Outline {
    nodes: Vec<Node>,
    /// The node of each name under each parent.
    known: HashMap<(Option<u32>, GroupName), u32>,
    roots: Vec<u32>,
    /// The first group of each id.
    ids: HashMap<i64, u32>,
}

struct Node {
    name: GroupName,
    parent: Option<u32>,
    depth: u32,
    at: Address,
    children: Vec<u32>,
    /// The cells of rows that name this very group.
    named: Vec<Address>,
    id: Option<(i64, Address)>,
}

impl Outline {
    /// Adds what a row says; a row with something that is no name adds nothing.
    pub(super) fn add(&mut self, entry: Entry, problems: &mut Vec<Problem>) {
        let last = entry.steps.last().map(|step| step.at);
        let mut parent = None;
        for step in entry.steps {
            let Some(name) = step.name else { return };
            parent = Some(self.node(parent, name, step.at));
        }
        if let (Some(node), Some(at)) = (parent, last) {
            self.nodes[node as usize].named.push(at);
            self.identify(node, entry.id, problems);
        }
    }

    fn node(&mut self, parent: Option<u32>, name: GroupName, at: Address) -> u32 {
        let index = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let known = *self.known.entry((parent, name.clone())).or_insert(index);
        if known == index {
            let depth = parent.map_or(1, |parent| self.nodes[parent as usize].depth + 1);
            self.nodes.push(Node { name, parent, depth, at, children: Vec::new(), named: Vec::new(), id: None });
            match parent {
                Some(parent) => self.nodes[parent as usize].children.push(index),
                None => self.roots.push(index),
            }
        }
        known
    }

    /// Gives a group its id; one group has one id, and one id is one group.
    fn identify(&mut self, node: u32, id: Option<(i64, Address)>, problems: &mut Vec<Problem>) {
        let Some((id, at)) = id else { return };
        let other = *self.ids.entry(id).or_insert(node);
        let (own, _) = *self.nodes[node as usize].id.get_or_insert((id, at));
        if own != id {
            problems.push(two_ids(self.path(node), own, id, at));
        } else if other != node {
            problems.push(shared_id(id, self.path(other), at));
        }
    }

    fn path(&self, node: u32) -> GroupPath {
        let parent = |node: &u32| self.nodes[*node as usize].parent;
        let chain: Vec<u32> = std::iter::successors(Some(node), parent).collect();
        chain.iter().rev().fold(GroupPath::top(), |path, node| path.join(&self.nodes[*node as usize].name))
    }

    /// Tells the groups that more than one row names.
    pub(super) fn report_repeated(&self, problems: &mut Vec<Problem>) {
        for (node, repeated) in (0..).zip(&self.nodes).filter(|(_, node)| node.named.len() > 1) {
            problems.push(again(self.path(node), &repeated.named));
        }
    }

    /// Reports groups that are too deep, all of them in one problem; `command` is one that joins levels.
    pub(super) fn report_depth(&self, limit: u32, command: Option<&str>, problems: &mut Vec<Problem>) {
        let deep: Vec<&Node> = self.nodes.iter().filter(|node| node.depth > limit).collect();
        let Some(first) = deep.first() else { return };
        let deepest = deep.iter().map(|node| node.depth).max().unwrap_or(limit);
        let help = depth_help(command, deepest);
        problems.push(Problem { help, ..too_deep(first, deep.len() - 1, limit) });
    }

    /// Makes the tree, and lists the cell of each of its groups in the same order.
    pub(super) fn into_tree(self) -> (Tree, Vec<Address>) {
        let (mut tree, mut cells) = (Tree::builder(), Vec::with_capacity(self.nodes.len()));
        let mut waiting: Vec<u32> = self.roots.iter().rev().copied().collect();
        while let Some(index) = waiting.pop() {
            let node = &self.nodes[index as usize];
            tree.rise(node.depth);
            let id = tree.open(node.name.clone());
            tree.tie(id, Bindings { id: node.id.map(|(id, _)| GroupId::new(id)), ..Bindings::default() });
            cells.push(node.at);
            waiting.extend(node.children.iter().rev());
        }
        (tree.build(), cells)
    }
}

fn again(path: GroupPath, named: &[Address]) -> Problem {
    let (path, first) = (shown(path.as_str()), named[0]);
    let rest = listed(&named[1..]);
    Problem::warning(
        "repeated-row",
        named.get(1).copied(),
        localized!(
            "{path} is named again in {rest}; first in {first}",
            "{path} 在 {rest} 重复出现；首次出现在 {first}"
        ),
        localized!(
            "It becomes one group; correct the rows if others were meant",
            "只会建一个分组；如果本意是不同的分组，请修改这些行"
        ),
    )
}

fn two_ids(path: GroupPath, first: i64, second: i64, at: Address) -> Problem {
    let path = shown(path.as_str());
    Problem::error(
        "conflicting-id",
        Some(at),
        localized!(
            "{path} has the id {second} here and {first} further up",
            "{path} 在这里的 ID 是 {second}，在上面是 {first}"
        ),
        localized!("Keep the right one", "保留正确的一个"),
    )
}

fn shared_id(id: i64, other: GroupPath, at: Address) -> Problem {
    let other = shown(other.as_str());
    Problem::error(
        "conflicting-id",
        Some(at),
        localized!("The id {id} is the one of {other}, too", "ID {id} 也是 {other} 的 ID"),
        localized!("Keep it with one of the two groups", "只在其中一个分组上保留"),
    )
}

fn depth_help(command: Option<&str>, deepest: u32) -> Message {
    match command {
        Some(command) => localized!(
            "DingTalk documents three levels: join the lowest ones with `{command}`, or give --depth {deepest} if this organization \
             has more",
            "钉钉文档中的分组为三级：可用 `{command}` 合并最低的几级；如果本企业允许更深，请加 `--depth {deepest}`"
        ),
        None => localized!(
            "DingTalk documents three levels: write two names as one, such as `A座 3F`, or give --depth {deepest} if this organization \
             has more",
            "钉钉文档中的分组为三级：请把两级名称写成一个，如 `A座 3F`；如果本企业允许更深，请加 `--depth {deepest}`"
        ),
    }
}

fn too_deep(first: &Node, others: usize, limit: u32) -> Problem {
    let (name, depth) = (shown(&first.name), first.depth);
    let message = match others {
        0 => localized!(
            "{name} is at level {depth}, deeper than {limit} levels",
            "{name} 在第 {depth} 级，超过 {limit} 级"
        ),
        _ => {
            let others = count(others, "more group", "个分组");
            localized!(
                "{name} is at level {depth}, and {others} deeper than {limit} levels",
                "{name} 在第 {depth} 级，另有 {others}超过 {limit} 级"
            )
        }
    };
    Problem::error("depth-limit", Some(first.at), message, Message::default())
}
