//! Joins manifest, state and live by path and decides each row.
//!
//! The walk goes from the top down, since what becomes of a group decides where its children can be looked for. It is linear
//! in the number of groups; live groups are looked up by id and by (parent, name), never searched.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::group::{GroupId, GroupName, GroupPath};
use crate::inventory::{Inventory, ListedGroup};
use crate::manifest::{Node, NodeId, Tree};
use crate::plan::action::{Action, Conflict};
use crate::plan::basis::Basis;
use crate::plan::confusable::confusables;
use crate::plan::diff_input::{PlanInput, children_at};
use crate::plan::model::{Handover, Plan, Row, RowId};
use crate::plan::renames::{Sibling, carried_on, names, shared};
use crate::plan::unmatched;
use crate::state::{Change, FormerName, Ledger, Moved};

/// Makes the plan.
#[must_use]
pub fn compare(evidence: PlanInput<'_>) -> Plan {
    let walked = Walk::new(evidence).run();
    let protected = protected(evidence, &walked);
    let mut plan = Plan {
        basis: basis(evidence),
        destroys: evidence.scope.destroy,
        rows: walked.rows,
        handovers: walked.handovers,
        stale_was: walked.stale_was,
        possible_renames: Vec::new(),
        retained: Vec::new(),
        deletions: Vec::new(),
        unmanaged: Vec::new(),
        unsettled: unsettled(evidence.ledger),
        protections: Vec::new(),
        releases: Vec::new(),
        administrators: Vec::new(),
        confusables: Vec::new(),
        may_list_groups: evidence.live.is_none_or(|live| !live.is_empty()),
        room_calls: evidence.scope.rooms.map_or(0, |rooms| rooms.calls),
    };
    let changed = |protect| changed(&plan, evidence.ledger, &walked.declared, protect);
    let (protections, releases) = (changed(true), changed(false));
    plan.releases = releases.into_iter().map(|row| plan.path(row)).collect();
    plan.protections = protections;
    unmatched::add(&mut plan, evidence, &walked.asked, &protected);
    plan.confusables = evidence.live.map_or_else(Vec::new, |live| confusables(&plan, live));
    plan
}

/// Returns the recorded paths that are protected: those that the state or the manifest protects and the manifest does not release.
fn protected(evidence: PlanInput<'_>, walked: &Walked) -> BTreeSet<GroupPath> {
    let whole = evidence.scope.declared.map(|manifest| Walk::new(PlanInput { manifest, ..evidence }).run().declared);
    let mut protected = evidence.ledger.snapshot().protected.clone();
    for Declared { recorded, protect, .. } in whole.as_ref().unwrap_or(&walked.declared) {
        if *protect {
            protected.insert(recorded.clone());
        } else {
            protected.remove(recorded);
        }
    }
    protected
}

/// Returns the decided rows whose recorded protection changes to this.
fn changed(plan: &Plan, ledger: &Ledger, declared: &[Declared], protect: bool) -> Vec<RowId> {
    let recorded = &ledger.snapshot().protected;
    let changes =
        |declared: &&Declared| declared.protect == protect && recorded.contains(&declared.recorded) != protect;
    let is_decided = |row: &RowId| !matches!(plan.row(*row).decision, Action::Conflict { .. } | Action::Blocked);
    declared.iter().filter(changes).map(|declared| declared.row).filter(is_decided).collect()
}

fn basis(evidence: PlanInput<'_>) -> Basis {
    let snapshot = evidence.ledger.snapshot();
    Basis {
        endpoint: snapshot.endpoint.clone(),
        organization: snapshot.organization.clone(),
        root: evidence.manifest.root,
        lineage: evidence.has_state.then(|| snapshot.lineage.clone()),
        serial: snapshot.serial,
        recorded: snapshot.groups.len(),
        online: evidence.live.is_some(),
    }
}

fn unsettled(ledger: &Ledger) -> Vec<GroupPath> {
    ledger
        .open()
        .filter_map(|(_, change)| match change {
            Change::Create { path, .. } | Change::Stray { path, .. } => Some(path.clone()),
            // To do these again does no harm.
            Change::Rename { .. } | Change::Delete { .. } => None,
        })
        .collect()
}

/// Where the children of a row can be looked for.
#[derive(Clone, Copy)]
enum RecordStatus {
    /// Under this group.
    At(GroupId),
    /// Nowhere: the group is yet to be made.
    Nowhere,
    /// Not to be told before a conflict is settled.
    Unclear,
}

impl RecordStatus {
    fn of(decision: &Action) -> Self {
        match decision {
            Action::Keep { id } | Action::Adopt { id, .. } | Action::Rename { id, .. } => Self::At(*id),
            Action::Create { .. } => Self::Nowhere,
            Action::Conflict { .. } | Action::Blocked => Self::Unclear,
        }
    }
}

/// One level of the walk: a group that has been decided.
struct Ancestor {
    row: Option<RowId>,
    path: GroupPath,
    standing: RecordStatus,
    /// Where the state has the group; where it would have it, if it does not.
    recorded: GroupPath,
    /// The former names, by new name, that its children carry on.
    carried: HashMap<String, String>,
    /// The conflicts, by name, of children with a former name that a sibling still has.
    contested: HashMap<String, Conflict>,
}

/// What the state has for a row.
struct Known {
    id: GroupId,
    /// Its recorded path; `None` if it is not recorded but bound by the manifest.
    path: Option<GroupPath>,
}

impl Known {
    fn name(&self) -> Option<String> {
        self.path.as_ref().and_then(GroupPath::name).map(String::from)
    }
}

/// A row that says whether it is protected.
struct Declared {
    row: RowId,
    /// The path that the state has for it, or would have.
    recorded: GroupPath,
    protect: bool,
}

/// What the walk brings home.
struct Walked {
    rows: Vec<Row>,
    /// The recorded ids that the manifest has a path for.
    asked: HashSet<GroupId>,
    handovers: Vec<Handover>,
    stale_was: Vec<RowId>,
    declared: Vec<Declared>,
}

/// The walk through the manifest.
struct Walk<'a> {
    evidence: PlanInput<'a>,
    /// Ids that the manifest binds to a path, whatever the state says.
    bound: HashSet<GroupId>,
    /// Whether any group has a former name or an id, so that siblings have to be looked at together.
    has_ties: bool,
    /// From the top to the parent of the next row.
    above: Vec<Ancestor>,
    walked: Walked,
}

impl<'a> Walk<'a> {
    fn new(evidence: PlanInput<'a>) -> Self {
        let tree = &evidence.manifest.tree;
        let bound: HashSet<GroupId> = tree.nodes().filter_map(|(_, node)| node.id()).collect();
        let has_ties = !bound.is_empty() || tree.nodes().any(|(_, node)| !node.was().is_empty());
        let rows = Vec::with_capacity(tree.len());
        let (asked, handovers, stale_was, declared) = (HashSet::new(), Vec::new(), Vec::new(), Vec::new());
        let walked = Walked { rows, asked, handovers, stale_was, declared };
        Self { evidence, bound, has_ties, above: Vec::new(), walked }
    }

    fn run(mut self) -> Walked {
        let tree: &'a Tree = &self.evidence.manifest.tree;
        let standing = RecordStatus::At(self.evidence.manifest.root);
        self.descend(None, GroupPath::top(), GroupPath::top(), standing, tree.roots().collect());
        for (index, (id, node)) in tree.nodes().enumerate() {
            self.row(RowId::new(index), id, node);
        }
        self.walked
    }

    /// Makes a group the parent of the rows to come.
    fn descend(
        &mut self,
        row: Option<RowId>,
        path: GroupPath,
        recorded: GroupPath,
        standing: RecordStatus,
        children: Vec<NodeId>,
    ) {
        let siblings = if self.has_ties { self.siblings(&path, &recorded, &children) } else { Vec::new() };
        let carried = self.carried(&recorded, &siblings);
        let contested = self.contested(&recorded, standing, &siblings, &carried);
        self.hand_over(&path, &recorded, &siblings, &carried, &contested);
        self.above.push(Ancestor { row, path, standing, recorded, carried, contested });
    }

    /// Returns the children of a group, those included that `--only` leaves out if a former name makes them matter.
    fn siblings(&self, path: &GroupPath, recorded: &GroupPath, children: &[NodeId]) -> Vec<Sibling> {
        let tree = &self.evidence.manifest.tree;
        let nodes: Vec<&Node> = children.iter().map(|id| tree.get(*id)).collect();
        let mut siblings: Vec<Sibling> = nodes.iter().map(|node| self.sibling(recorded, node)).collect();
        if let Some(whole) = self.evidence.scope.declared.filter(|_| nodes.iter().any(|node| !node.was().is_empty())) {
            let selected: HashSet<&str> = nodes.iter().map(|node| &*node.name).collect();
            let others = children_at(&whole.tree, path).filter(|node| !selected.contains(&*node.name));
            siblings.extend(others.map(|node| Sibling { is_selected: false, ..self.sibling(recorded, node) }));
        }
        siblings
    }

    fn carried(&self, recorded: &GroupPath, siblings: &[Sibling]) -> HashMap<String, String> {
        let is_recorded = |name: &str| self.evidence.ledger.id_of(&recorded.join(name)).is_some();
        let names = names(siblings);
        // Without a sibling of the former name a `was` has one meaning only, and nothing has to be remembered.
        carried_on(siblings, is_recorded, |name, was| names.contains(was) && self.is_honoured(recorded, name, was))
    }

    fn is_honoured(&self, recorded: &GroupPath, name: &str, was: &str) -> bool {
        let former = &self.evidence.ledger.snapshot().former;
        former.get(&recorded.join(name)).is_some_and(|former| former == was)
    }

    /// Finds the siblings that do not exist yet and have a former name that another sibling has in the manifest and in the state
    /// or DingTalk. Two entries then claim one group.
    fn contested(
        &self,
        recorded: &GroupPath,
        standing: RecordStatus,
        siblings: &[Sibling],
        carried: &HashMap<String, String>,
    ) -> HashMap<String, Conflict> {
        let names = names(siblings);
        let is_new = |sibling: &&Sibling| {
            let (name, was) = (&sibling.name, &sibling.was);
            let is_recorded = self.evidence.ledger.id_of(&recorded.join(name)).is_some();
            let is_done = is_recorded || was.iter().any(|was| self.is_honoured(recorded, name, was));
            sibling.is_selected && !sibling.is_bound && !is_done && !carried.contains_key(name)
        };
        let conflict = |sibling: &Sibling| {
            let mut was = sibling.was.iter().filter(|was| names.contains(&***was));
            was.find_map(|was| {
                Some(Conflict::WasDeclared { was: was.clone(), id: self.existing(recorded, standing, was)? })
            })
        };
        let new = siblings.iter().filter(|sibling| !sibling.was.is_empty()).filter(is_new);
        let new = new.filter(|sibling| self.existing(recorded, standing, &sibling.name).is_none());
        new.filter_map(|sibling| Some((sibling.name.clone(), conflict(sibling)?))).collect()
    }

    /// Returns the existing group of a name under a parent: the recorded one, or the first that is listed.
    fn existing(&self, recorded: &GroupPath, standing: RecordStatus, name: &str) -> Option<GroupId> {
        let (live, known) = (self.evidence.live, self.evidence.ledger.id_of(&recorded.join(name)));
        let known = known.filter(|id| live.is_none_or(|live| live.get(*id).is_some()));
        let listed = || match (standing, live) {
            (RecordStatus::At(parent), Some(live)) => live.named(parent, name).next(),
            _ => None,
        };
        known.or_else(listed)
    }

    fn hand_over(
        &mut self,
        path: &GroupPath,
        recorded: &GroupPath,
        siblings: &[Sibling],
        carried: &HashMap<String, String>,
        contested: &HashMap<String, Conflict>,
    ) {
        let moves = carried.iter().map(|(name, was)| Moved { from: path.join(was), to: path.join(name) });
        let (ledger, live) = (self.evidence.ledger, self.evidence.live);
        let is_known = |name: &str| {
            let id = ledger.id_of(&recorded.join(name));
            id.is_some_and(|id| live.is_none_or(|live| live.get(id).is_some()))
        };
        // While both groups are recorded and exist there is no doubt. Otherwise a later run could take this for a pending rename.
        let is_open = |name: &str, was: &str| carried.contains_key(name) || !(is_known(name) && is_known(was));
        let shared = shared(siblings).into_iter().filter(|(name, was)| {
            !contested.contains_key(name) && !self.is_honoured(recorded, name, was) && is_open(name, was)
        });
        let honoured = shared.map(|(name, name_before)| FormerName { path: path.join(&name), name: name_before });
        let mut handover = Handover { moves: moves.collect(), honoured: honoured.collect() };
        if !handover.is_empty() {
            handover.moves.sort_by(|a, b| a.to.cmp(&b.to));
            handover.honoured.sort_by(|a, b| a.path.cmp(&b.path));
            self.walked.handovers.push(handover);
        }
    }

    /// A bound group has been called whatever the state calls it.
    fn sibling(&self, recorded: &GroupPath, node: &Node) -> Sibling {
        let was = match node.id() {
            None => node.was().iter().map(|was| was.to_string()).collect(),
            Some(id) => {
                let path = self.evidence.ledger.path_of(id).filter(|path| path.parent().as_ref() == Some(recorded));
                let name = path.and_then(GroupPath::name).filter(|name| **name != *node.name);
                name.map(String::from).into_iter().collect()
            }
        };
        Sibling { name: node.name.to_string(), was, is_bound: node.id().is_some(), is_selected: true }
    }

    fn row(&mut self, id: RowId, node_id: NodeId, node: &Node) {
        self.above.truncate(node.depth as usize);
        let above = self.above.last().expect("the walk begins with the root");
        let (path, parent) = (above.path.join(&node.name), above.row);
        let former = above.carried.get(&*node.name);
        let recorded = above.recorded.join(former.map_or(&*node.name, |former| former));
        let is_carried = former.is_some();
        let contested = above.contested.get(&*node.name);
        let known = self.known(&recorded, node);
        let decision = match (self.decide(&path, known.as_ref(), node), contested) {
            (Action::Create { gone: None }, Some(found)) => conflict(found.clone()),
            (decision, _) => self.unless_rebound(decision, &recorded, node),
        };
        if let Some(protect) = node.protect() {
            let known = known.as_ref().and_then(|known| self.evidence.ledger.path_of(known.id));
            let recorded = known.unwrap_or(&recorded).clone();
            self.walked.declared.push(Declared { row: id, recorded, protect });
        }
        if !is_carried && is_unused(node.was(), &decision) {
            self.walked.stale_was.push(id);
        }
        self.walked.asked.extend(known.map(|known| known.id));
        if let Action::Adopt { gone, .. } = decision {
            self.walked.asked.extend(gone);
        }
        let (standing, tree) = (RecordStatus::of(&decision), &self.evidence.manifest.tree);
        self.walked.rows.push(Row { name: node.name.clone(), parent, depth: node.depth, decision });
        let children = if self.has_ties { tree.children(node_id).collect() } else { Vec::new() };
        self.descend(Some(id), path, recorded, standing, children);
    }

    fn known(&self, recorded: &GroupPath, node: &Node) -> Option<Known> {
        let ledger = self.evidence.ledger;
        if let Some(id) = node.id() {
            return Some(Known { id, path: ledger.path_of(id).cloned() });
        }
        let id = ledger.id_of(recorded).filter(|id| !self.bound.contains(id))?;
        Some(Known { id, path: Some(recorded.clone()) })
    }

    fn decide(&self, path: &GroupPath, known: Option<&Known>, node: &Node) -> Action {
        let standing = self.above.last().map_or(RecordStatus::Unclear, |above| above.standing);
        match (standing, self.evidence.live, known) {
            (RecordStatus::Unclear, ..) => Action::Blocked,
            (_, None, Some(known)) => offline(known, node),
            (_, None, None) => Action::Create { gone: None },
            (_, Some(live), Some(known)) if live.get(known.id).is_some() => {
                self.alive(live, standing, known, path, node)
            }
            (_, Some(_), Some(known)) if node.id().is_some() => conflict(Conflict::Gone { id: known.id }),
            (RecordStatus::Nowhere, Some(_), known) => Action::Create { gone: known.map(|known| known.id) },
            (RecordStatus::At(parent), Some(live), known) => {
                self.named(live, parent, path, node, known.map(|known| known.id))
            }
        }
    }

    /// Decides a row whose recorded or bound group lives.
    fn alive(&self, live: &Inventory, standing: RecordStatus, known: &Known, path: &GroupPath, node: &Node) -> Action {
        let id = known.id;
        let Some(group) =
            live.get(id).filter(|group| matches!(standing, RecordStatus::At(parent) if parent == group.parent))
        else {
            return conflict(Conflict::Mismatch {
                id,
                recorded: known.path.clone().unwrap_or_else(|| path.clone()),
                found: live.path(id),
            });
        };
        if let Some(other) = self.evidence.ledger.path_of(id).filter(|other| self.is_elsewhere(other)) {
            return conflict(Conflict::Taken { id, by: Some(other.clone()) });
        }
        let recorded = known.name();
        match (*group.name == *node.name, recorded.as_deref() == Some(&node.name)) {
            (true, true) => Action::Keep { id },
            (true, false) => Action::Adopt { id, gone: None },
            (false, _) if self.evidence.scope.follows_renames || may_rename(group, recorded.as_deref(), node) => {
                self.rename(live, group.parent, path, node, id)
            }
            (false, _) => conflict(Conflict::Mismatch {
                id,
                recorded: known.path.clone().unwrap_or_else(|| path.clone()),
                found: live.path(id),
            }),
        }
    }

    /// Refuses an `id` in the manifest for a path that is recorded for another group: its record would be lost. Only a group that
    /// the list lacks may be replaced, once its absence is proven.
    fn unless_rebound(&self, decision: Action, recorded: &GroupPath, node: &Node) -> Action {
        let Some(former) = self.recorded_other(recorded, node) else { return decision };
        let is_listed = self.evidence.live.is_none_or(|live| live.get(former).is_some());
        let is_new = |id| self.evidence.ledger.path_of(id).is_none();
        match decision {
            Action::Adopt { id, .. } if !is_listed && is_new(id) => Action::Adopt { id, gone: Some(former) },
            Action::Keep { id } | Action::Adopt { id, .. } | Action::Rename { id, .. } => {
                conflict(Conflict::Rebound { id, recorded: former })
            }
            Action::Create { .. } | Action::Conflict { .. } | Action::Blocked => decision,
        }
    }

    /// Returns the recorded group that a row with an `id` replaces, unless another row claims it.
    fn recorded_other(&self, recorded: &GroupPath, node: &Node) -> Option<GroupId> {
        let id = node.id()?;
        let former = self.evidence.ledger.id_of(recorded)?;
        (former != id && !self.bound.contains(&former) && !self.is_carried(recorded)).then_some(former)
    }

    /// Says whether a recorded path is not a sibling of the row in question.
    fn is_elsewhere(&self, path: &GroupPath) -> bool {
        self.above.last().is_some_and(|above| path.parent().as_ref() != Some(&above.recorded))
    }

    fn rename(&self, live: &Inventory, parent: GroupId, path: &GroupPath, node: &Node, id: GroupId) -> Action {
        let others = live.named(parent, &node.name).filter(|other| *other != id);
        match others.into_iter().find(|other| !self.is_managed(*other, path)) {
            Some(stranger) => conflict(Conflict::Taken { id: stranger, by: None }),
            None => {
                let from = live.get(id).map(|group| group.name.to_string()).unwrap_or_default();
                Action::Rename { id, from }
            }
        }
    }

    /// Decides a row by the live groups of its name, the state knowing none that lives.
    fn named(&self, live: &Inventory, parent: GroupId, path: &GroupPath, node: &Node, gone: Option<GroupId>) -> Action {
        let (free, taken) = self.free(live, parent, &node.name, path);
        match (free.as_slice(), taken) {
            ([id], _) => Action::Adopt { id: *id, gone },
            ([], Some((id, by))) => conflict(Conflict::Taken { id, by: Some(by) }),
            // A former name identifies a group only if no id does.
            ([], None) if gone.is_some() => Action::Create { gone },
            ([], None) => self.formerly_named(live, parent, path, node).unwrap_or(Action::Create { gone }),
            _ => conflict(Conflict::Duplicates { ids: free }),
        }
    }

    /// Looks for an unrecorded live group under one of the row's former names.
    fn formerly_named(&self, live: &Inventory, parent: GroupId, path: &GroupPath, node: &Node) -> Option<Action> {
        let tree = self.evidence.scope.declared.map_or(&self.evidence.manifest.tree, |whole| &whole.tree);
        let is_sibling = |was: &str| path.parent().is_some_and(|parent| tree.find(&parent.join(was)).is_some());
        let names = node.was().iter().filter(|was| !is_sibling(was));
        let found = names.map(|was| (was, self.free(live, parent, was, path).0)).find(|(_, ids)| !ids.is_empty())?;
        Some(match found {
            (was, ids) if ids.len() == 1 => Action::Rename { id: ids[0], from: was.as_str().to_owned() },
            (_, ids) => conflict(Conflict::Duplicates { ids }),
        })
    }

    /// Returns the live groups of a name that nobody else answers for, and one that is recorded for a path nobody asks for.
    fn free(
        &self,
        live: &Inventory,
        parent: GroupId,
        name: &str,
        path: &GroupPath,
    ) -> (Vec<GroupId>, Option<(GroupId, GroupPath)>) {
        let mut free = Vec::new();
        let mut taken = None;
        let root = self.evidence.manifest.root;
        for id in live.named(parent, name).filter(|id| !self.bound.contains(id) && *id != root) {
            match self.evidence.ledger.path_of(id) {
                None => free.push(id),
                Some(other) if other != path && self.manifest_has(other) => {}
                Some(other) => taken = Some((id, other.clone())),
            }
        }
        (free, taken)
    }

    /// Says whether another row answers for a live group, which is then about to get that row's name.
    fn is_managed(&self, id: GroupId, path: &GroupPath) -> bool {
        let recorded = self.evidence.ledger.path_of(id);
        self.bound.contains(&id)
            || recorded.is_some_and(|other| other == path || self.manifest_has(other) || self.is_carried(other))
    }

    fn is_carried(&self, path: &GroupPath) -> bool {
        let above = self.above.last();
        above.is_some_and(|above| above.carried.values().any(|was| above.recorded.join(was) == *path))
    }

    fn manifest_has(&self, path: &GroupPath) -> bool {
        self.evidence.manifest.tree.find(path).is_some()
    }
}

/// Returns whether a listed group has one of the names that the record and the manifest give it. A rename that was interrupted
/// leaves the new name in the record and the former name, which `was` declares, in DingTalk. An `id` in the manifest identifies the
/// group by itself.
fn may_rename(group: &ListedGroup, recorded: Option<&str>, node: &Node) -> bool {
    node.id().is_some()
        || recorded == Some(group.name.as_str())
        || node.was().iter().any(|was| was.as_str() == group.name)
}

/// Returns whether a decision is made without any of these former names.
fn is_unused(was: &[GroupName], decision: &Action) -> bool {
    match decision {
        Action::Keep { .. } | Action::Adopt { .. } | Action::Create { .. } => !was.is_empty(),
        Action::Rename { from, .. } => !was.is_empty() && was.iter().all(|was| was.as_str() != from),
        Action::Conflict { .. } | Action::Blocked => false,
    }
}

fn offline(known: &Known, node: &Node) -> Action {
    match known.name() {
        Some(name) if *name != *node.name => Action::Rename { id: known.id, from: name },
        Some(_) => Action::Keep { id: known.id },
        None => Action::Adopt { id: known.id, gone: None },
    }
}

fn conflict(conflict: Conflict) -> Action {
    Action::Conflict { conflict }
}
