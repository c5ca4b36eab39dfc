//! The new manifest: the former one, brought up to what DingTalk has.
//!
//! Groups keep the order of the former manifest, and new ones stand behind their siblings by rising id, which is the order of
//! their making. A first pull is one into an empty manifest. Whatever cannot be said is a finding, never dropped silently.

use std::collections::{HashMap, HashSet};

use crate::group::{GroupId, GroupName, GroupPath, NameError};
use crate::inventory::{Inventory, ListedGroup};
use crate::manifest::{Manifest, Node, NodeId, Tree, TreeBuilder};
use crate::plan::{Action, Conflict, Plan};
use crate::pull::PullNote;
use crate::pull::unlisted::unlisted;
use crate::state::Ledger;

/// How many levels of groups are written at most; DingTalk documents three.
const DEEPEST: usize = 100;

/// All that a pull is made from.
#[derive(Clone, Copy, Debug)]
pub struct MergeInput<'a> {
    /// The former manifest; one without groups at first.
    pub manifest: &'a Manifest,
    /// What the plan says of it, whole and online.
    pub plan: &'a Plan,
    /// What we remember.
    pub ledger: &'a Ledger,
    /// What the API says. The root of the manifest hangs from its top.
    pub live: &'a Inventory,
    /// Whether groups that DingTalk does not have are to be removed from the manifest.
    pub prune: bool,
}

/// A manifest that was brought up to what DingTalk has.
#[derive(Debug)]
pub struct Pulled {
    /// The new manifest.
    pub manifest: Manifest,
    /// Where each group stood in the former manifest, in the order of the new one; `None` for a new one.
    pub origins: Vec<Option<NodeId>>,
    /// The live group that each group is, in the same order, as far as it can be recorded at its path.
    pub ids: Vec<Option<GroupId>>,
    /// What there is to tell.
    pub findings: Vec<PullNote>,
    /// How many groups got another name.
    pub renamed: usize,
}

/// Brings a manifest up to what DingTalk has.
#[must_use]
pub fn merge(evidence: MergeInput<'_>) -> Pulled {
    Merge::new(evidence).run()
}

/// A group that will be in the new manifest.
#[derive(Clone)]
struct Child {
    name: GroupName,
    origin: Option<NodeId>,
    /// The live group that it is.
    id: Option<GroupId>,
    /// Whether its path is the one to be recorded.
    settled: bool,
}

enum Step {
    Enter { child: Child, path: GroupPath },
    Leave,
}

struct Merge<'a> {
    evidence: MergeInput<'a>,
    /// Live groups that a group of the former manifest is, or would be if it stood there.
    claimed: HashSet<GroupId>,
    tree: TreeBuilder,
    origins: Vec<Option<NodeId>>,
    ids: Vec<Option<GroupId>>,
    findings: Vec<PullNote>,
    renamed: usize,
}

impl<'a> Merge<'a> {
    fn new(evidence: MergeInput<'a>) -> Self {
        let tree = &evidence.manifest.tree;
        let claimed = tree.nodes().filter_map(|(id, node)| claim(evidence, id, node)).collect();
        let tree = Tree::builder();
        Self { evidence, claimed, tree, origins: Vec::new(), ids: Vec::new(), findings: Vec::new(), renamed: 0 }
    }

    fn run(mut self) -> Pulled {
        let root = self.evidence.manifest.root;
        let roots = self.evidence.manifest.tree.roots().collect();
        let mut steps = self.steps(roots, Some(root), &GroupPath::top(), true);
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter { child, path } => {
                    steps.push(Step::Leave);
                    steps.extend(self.enter(child, &path));
                }
                Step::Leave => self.tree.close(),
            }
        }
        self.unrooted();
        self.unlisted();
        self.finish()
    }

    fn finish(self) -> Pulled {
        let former = self.evidence.manifest;
        let tree = self.tree.build();
        let mut limits = former.limits;
        limits.depth = limits.depth.max(depth(self.evidence, &tree));
        let manifest = Manifest { organization: former.organization.clone(), root: former.root, limits, tree };
        let Self { origins, ids, findings, renamed, .. } = self;
        Pulled { manifest, origins, ids, findings, renamed }
    }

    fn enter(&mut self, child: Child, path: &GroupPath) -> Vec<Step> {
        let new = self.tree.open(child.name);
        self.origins.push(child.origin);
        self.ids.push(child.id.filter(|_| child.settled));
        let mut below = Vec::new();
        if let Some(origin) = child.origin {
            let tree = &self.evidence.manifest.tree;
            self.tree.tie(new, tree.get(origin).ties().cloned().unwrap_or_default());
            below = tree.children(origin).collect();
        }
        self.steps(below, child.id, path, child.settled)
    }

    /// Returns the steps through what stands right below a group, the first one last.
    fn steps(&mut self, former: Vec<NodeId>, parent: Option<GroupId>, path: &GroupPath, settled: bool) -> Vec<Step> {
        let mut children: Vec<Child> = former.into_iter().filter_map(|id| self.former(id, path)).collect();
        self.part(&mut children, path);
        if let Some(parent) = parent {
            let new = self.new_children(parent, path, &children);
            children.extend(new);
        }
        let enter = |mut child: Child| {
            child.settled &= settled;
            let path = path.join(&child.name);
            Step::Enter { child, path }
        };
        children.into_iter().rev().map(enter).collect()
    }

    /// Decides what becomes of a group of the former manifest.
    fn former(&mut self, origin: NodeId, parent: &GroupPath) -> Option<Child> {
        let node = self.evidence.manifest.tree.get(origin);
        let decision = &self.evidence.plan.rows[origin.index()].decision;
        let path = parent.join(&node.name);
        let mut child = Child { name: node.name.clone(), origin: Some(origin), id: matched(decision), settled: true };
        match decision {
            Action::Keep { .. } | Action::Adopt { .. } | Action::Blocked => {}
            Action::Rename { id, from } => self.renamed(&mut child, *id, from, node, path),
            Action::Create { .. } => return self.missing(child, origin, path),
            Action::Conflict { conflict: Conflict::Gone { .. } } => return self.missing(child, origin, path),
            Action::Conflict { conflict } => self.findings.push(PullNote::Unclear { path, conflict: conflict.clone() }),
        }
        Some(child)
    }

    /// Takes over the live name, unless it is the manifest that wants another.
    fn renamed(&mut self, child: &mut Child, id: GroupId, live: &str, node: &Node, path: GroupPath) {
        let recorded = self.evidence.ledger.path_of(id).and_then(GroupPath::name);
        if recorded.as_deref() == Some(live) || node.was().iter().any(|was| **was == *live) {
            child.settled = false;
            self.findings.push(PullNote::Pending { path, live: live.to_owned() });
            return;
        }
        match GroupName::parse(live) {
            Ok(name) => child.name = name,
            Err(why) => {
                child.settled = false;
                let path = path.parent().unwrap_or_else(GroupPath::top).join(live);
                self.findings.push(PullNote::Unwritable { id, path, why });
            }
        }
    }

    fn missing(&mut self, child: Child, origin: NodeId, path: GroupPath) -> Option<Child> {
        let is_top = self.evidence.manifest.tree.get(origin).parent.is_none_or(|parent| !self.is_missing(parent));
        let goes = self.evidence.prune && self.can_go(origin);
        if goes {
            self.findings.push(PullNote::Removed { path });
        } else if is_top {
            self.findings.push(PullNote::Missing { path, held: self.evidence.prune });
        }
        (!goes).then_some(child)
    }

    fn is_missing(&self, id: NodeId) -> bool {
        is_missing(&self.evidence.plan.rows[id.index()].decision)
    }

    /// Says whether neither a group nor any below it is protected or may be there.
    fn can_go(&self, origin: NodeId) -> bool {
        let tree = &self.evidence.manifest.tree;
        let subtree = origin.index()..origin.index() + tree.subtree_len(origin);
        let mut nodes = tree.nodes().skip(subtree.start).take(subtree.len());
        nodes.all(|(id, node)| self.is_missing(id) && !node.is_protected())
    }

    /// Gives groups their former names back as long as live names make two alike.
    fn part(&mut self, children: &mut [Child], path: &GroupPath) {
        while let Some(name) = repeated(children) {
            let tree = &self.evidence.manifest.tree;
            let is_new = |child: &&mut Child| child.origin.is_some_and(|id| tree.get(id).name != child.name);
            let mut ids = Vec::new();
            for child in children.iter_mut().filter(|child| child.name == name).filter(is_new) {
                child.name = child.origin.map_or_else(|| name.clone(), |id| tree.get(id).name.clone());
                child.settled = false;
                ids.extend(child.id);
            }
            if ids.is_empty() {
                return;
            }
            self.findings.push(PullNote::Duplicates { path: path.join(&name), ids, kept: None });
        }
        let tree = &self.evidence.manifest.tree;
        let is_new = |child: &&Child| child.origin.is_some_and(|id| tree.get(id).name != child.name);
        self.renamed += children.iter().filter(is_new).count();
    }

    /// Returns the live groups below a group that the former manifest does not have.
    fn new_children(&mut self, parent: GroupId, path: &GroupPath, former: &[Child]) -> Vec<Child> {
        let live = self.evidence.live;
        let strangers = live.children(parent).filter(|group| !self.claimed.contains(&group.id));
        let mut by_name: HashMap<&str, Vec<&ListedGroup>> = HashMap::new();
        let mut names: Vec<&str> = Vec::new();
        for group in strangers {
            let alike = by_name.entry(&group.name).or_default();
            if alike.is_empty() {
                names.push(&group.name);
            }
            alike.push(group);
        }
        let taken: HashMap<&str, &Child> = former.iter().map(|child| (&*child.name, child)).collect();
        let mut found: Vec<Child> = names
            .into_iter()
            .filter_map(|name| self.stranger(&by_name[name], path, taken.get(name).copied()))
            .collect();
        found.sort_by_key(|child| child.id);
        found
    }

    /// Decides what becomes of live groups of one name; `taken` is the group of the manifest that has the name.
    fn stranger(&mut self, alike: &[&ListedGroup], parent: &GroupPath, taken: Option<&Child>) -> Option<Child> {
        let (name, first) = (&alike[0].name, alike[0].id);
        let path = parent.join(name);
        let writable = match GroupName::parse(name) {
            Ok(writable) => writable,
            Err(why) => {
                self.unwritable(alike, &path, why);
                return None;
            }
        };
        if path.depth() > DEEPEST {
            self.findings.extend(alike.iter().map(|group| PullNote::TooDeep { id: group.id, path: path.clone() }));
            return None;
        }
        let kept = match (taken, alike) {
            (Some(child), _) => {
                self.clash(alike, path, child);
                return None;
            }
            (None, [_]) => Some(first),
            (None, _) => self.recorded(alike),
        };
        let ids: Vec<GroupId> = alike.iter().map(|group| group.id).filter(|id| kept != Some(*id)).collect();
        if !ids.is_empty() {
            self.findings.push(PullNote::Duplicates { path, ids, kept });
        }
        Some(Child { name: writable, origin: None, id: Some(kept?), settled: true })
    }

    fn unwritable(&mut self, alike: &[&ListedGroup], path: &GroupPath, why: NameError) {
        let finding = |group: &&ListedGroup| PullNote::Unwritable { id: group.id, path: path.clone(), why };
        self.findings.extend(alike.iter().map(finding));
    }

    fn clash(&mut self, alike: &[&ListedGroup], path: GroupPath, child: &Child) {
        let is_unclear = child.origin.is_some_and(|id| {
            matches!(self.evidence.plan.rows[id.index()].decision, Action::Conflict { .. } | Action::Blocked)
        });
        let ids = alike.iter().map(|group| group.id);
        match child.id {
            Some(kept) => self.findings.push(PullNote::Duplicates { path, ids: ids.collect(), kept: Some(kept) }),
            // The conflict has been told, and these groups with it.
            None if is_unclear => {}
            None => self.findings.extend(ids.map(|id| PullNote::Taken { id, path: path.clone() })),
        }
    }

    /// Returns the only one of these groups that the state records.
    fn recorded(&self, alike: &[&ListedGroup]) -> Option<GroupId> {
        let mut recorded = alike.iter().map(|group| group.id).filter(|id| self.evidence.ledger.path_of(*id).is_some());
        recorded.next().filter(|_| recorded.next().is_none())
    }

    /// Reports the recorded groups that the list lacks, unless they are below one that is reported already.
    fn unlisted(&mut self) {
        let mut reported: HashSet<GroupPath> = self.findings.iter().filter_map(missing_path).cloned().collect();
        for (path, id) in unlisted(self.evidence.ledger, self.evidence.live) {
            let is_reported =
                std::iter::successors(Some(path.clone()), GroupPath::parent).any(|above| reported.contains(&above));
            if !is_reported {
                reported.insert(path.clone());
                self.findings.push(PullNote::Unlisted { path: path.clone(), id });
            }
        }
    }

    /// Tells of groups that no walk from the top comes to.
    fn unrooted(&mut self) {
        if self.evidence.manifest.root != GroupId::ROOT {
            return;
        }
        let live = self.evidence.live;
        let lost = live.groups().filter(|group| live.depth(group.id).is_none());
        self.findings.extend(lost.map(|group| PullNote::Unrooted { id: group.id, name: group.name.clone() }));
    }
}

/// Returns the path of a group that stays in the manifest though DingTalk does not have it.
fn missing_path(finding: &PullNote) -> Option<&GroupPath> {
    match finding {
        PullNote::Missing { path, .. } => Some(path),
        _ => None,
    }
}

/// Returns the live group that a row is.
fn matched(decision: &Action) -> Option<GroupId> {
    match decision {
        Action::Keep { id } | Action::Adopt { id, .. } | Action::Rename { id, .. } => Some(*id),
        Action::Create { .. } | Action::Conflict { .. } | Action::Blocked => None,
    }
}

/// Returns the live group that a row speaks of. What a row in conflict is recorded as is not new elsewhere.
fn claim(evidence: MergeInput<'_>, id: NodeId, node: &Node) -> Option<GroupId> {
    match &evidence.plan.rows[id.index()].decision {
        Action::Conflict { .. } | Action::Blocked => {
            node.id().or_else(|| evidence.ledger.id_of(&evidence.manifest.tree.path(id)))
        }
        decision => matched(decision),
    }
}

fn is_missing(decision: &Action) -> bool {
    matches!(decision, Action::Create { .. } | Action::Conflict { conflict: Conflict::Gone { .. } })
}

fn repeated(children: &[Child]) -> Option<GroupName> {
    let mut seen = HashSet::new();
    children.iter().find(|child| !seen.insert(&*child.name)).map(|child| child.name.clone())
}

/// Returns how deep the tree reaches, counted from the top of all groups.
fn depth(evidence: MergeInput<'_>, tree: &Tree) -> u32 {
    let deepest = tree.nodes().map(|(_, node)| node.depth).max().unwrap_or(0);
    let above = evidence.live.depth(evidence.manifest.root).unwrap_or(0);
    deepest.saturating_add(u32::try_from(above).unwrap_or(u32::MAX))
}
