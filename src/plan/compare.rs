//! Joins manifest, state and live by path and decides each row.
//!
//! The walk goes from the top down, since what becomes of a group decides where its children can be looked for. It is linear
//! in the number of groups; live groups are looked up by id and by (parent, name), never searched.

use std::collections::HashSet;

use crate::dingtalk::Live;
use crate::group::{GroupId, GroupPath};
use crate::manifest::{Manifest, Node, Tree};
use crate::plan::basis::Basis;
use crate::plan::decision::{Conflict, Decision};
use crate::plan::table::{Forgotten, Plan, Row, RowId, Unmanaged};
use crate::state::{Change, Ledger};

/// All that a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// What the user wrote.
    pub manifest: &'a Manifest,
    /// What we remember.
    pub ledger: &'a Ledger,
    /// What the API says; `None` offline.
    pub live: Option<&'a Live>,
    /// Whether a state was there to be read.
    pub has_state: bool,
}

/// Makes the plan.
#[must_use]
pub fn compare(evidence: Evidence<'_>) -> Plan {
    let (rows, asked) = Walk::new(evidence).rows();
    let mut plan = Plan {
        basis: basis(evidence),
        rows,
        forgotten: forgotten(evidence, &asked),
        unmanaged: Vec::new(),
        unsettled: unsettled(evidence.ledger),
    };
    plan.unmanaged = evidence.live.map_or_else(Vec::new, |live| unmanaged(&plan, evidence.ledger, live));
    plan
}

fn basis(evidence: Evidence<'_>) -> Basis {
    let snapshot = evidence.ledger.snapshot();
    Basis {
        endpoint: snapshot.endpoint.clone(),
        organization: snapshot.organization.clone(),
        root: evidence.manifest.root,
        lineage: evidence.has_state.then(|| snapshot.lineage.clone()),
        serial: snapshot.serial,
        online: evidence.live.is_some(),
    }
}

/// Where the children of a row can be looked for.
#[derive(Clone, Copy)]
enum Standing {
    /// Under this group.
    At(GroupId),
    /// Nowhere: the group is yet to be made.
    Nowhere,
    /// Not to be told before a conflict is settled.
    Unclear,
}

impl Standing {
    fn of(decision: &Decision) -> Self {
        match decision {
            Decision::Keep { id } | Decision::Adopt { id, .. } | Decision::Rename { id, .. } => Self::At(*id),
            Decision::Create { .. } => Self::Nowhere,
            Decision::Conflict { .. } | Decision::Blocked => Self::Unclear,
        }
    }
}

/// One level of the walk: a group that has been decided.
struct Ancestor {
    path: GroupPath,
    row: RowId,
    standing: Standing,
}

/// The walk through the manifest.
struct Walk<'a> {
    evidence: Evidence<'a>,
    /// From the top to the parent of the next row.
    above: Vec<Ancestor>,
    /// The recorded ids that the manifest has a path for.
    asked: HashSet<GroupId>,
}

impl<'a> Walk<'a> {
    fn new(evidence: Evidence<'a>) -> Self {
        Self { evidence, above: Vec::new(), asked: HashSet::new() }
    }

    fn rows(mut self) -> (Vec<Row>, HashSet<GroupId>) {
        let tree: &Tree = &self.evidence.manifest.tree;
        let mut rows = Vec::with_capacity(tree.len());
        for (index, (_, node)) in tree.nodes().enumerate() {
            rows.push(self.row(RowId::new(index), node));
        }
        (rows, self.asked)
    }

    fn row(&mut self, id: RowId, node: &Node) -> Row {
        self.above.truncate(node.depth as usize - 1);
        let path = self.above.last().map_or_else(GroupPath::top, |above| above.path.clone()).join(&node.name);
        let recorded = self.evidence.ledger.id_of(&path);
        self.asked.extend(recorded);
        let decision = self.decide(&path, recorded, node);
        let parent = self.above.last().map(|above| above.row);
        self.above.push(Ancestor { path, row: id, standing: Standing::of(&decision) });
        Row { name: node.name.clone(), parent, depth: node.depth, decision }
    }

    fn decide(&self, path: &GroupPath, recorded: Option<GroupId>, node: &Node) -> Decision {
        let root = Standing::At(self.evidence.manifest.root);
        let standing = self.above.last().map_or(root, |above| above.standing);
        match (standing, self.evidence.live, recorded) {
            (Standing::Unclear, ..) => Decision::Blocked,
            (_, None, Some(id)) => Decision::Keep { id },
            (_, None, None) => Decision::Create { gone: None },
            (_, Some(live), Some(id)) if live.get(id).is_some() => Self::recorded(live, standing, id, node),
            (Standing::Nowhere, Some(_), gone) => Decision::Create { gone },
            (Standing::At(parent), Some(live), gone) => self.named(live, parent, path, node, gone),
        }
    }

    fn recorded(live: &Live, standing: Standing, id: GroupId, node: &Node) -> Decision {
        let group = live.get(id);
        match (standing, group) {
            (Standing::At(parent), Some(group)) if group.parent == parent && *group.name == *node.name => {
                Decision::Keep { id }
            }
            (Standing::At(parent), Some(group)) if group.parent == parent => {
                Decision::Rename { id, from: group.name.to_string() }
            }
            _ => Decision::Conflict { conflict: Conflict::Moved { id, stands: live.path(id) } },
        }
    }

    /// Decides a row by the live groups of its name, the state knowing none that lives.
    fn named(&self, live: &Live, parent: GroupId, path: &GroupPath, node: &Node, gone: Option<GroupId>) -> Decision {
        let mut free = Vec::new();
        let mut taken = None;
        for id in live.named(parent, &node.name) {
            match self.evidence.ledger.path_of(id) {
                None => free.push(id),
                Some(other) if other == path => free.push(id),
                Some(other) if self.manifest_has(other) => {}
                Some(other) => taken = Some(Conflict::Taken { id, by: other.clone() }),
            }
        }
        match (free.as_slice(), taken) {
            ([id], _) => Decision::Adopt { id: *id, gone },
            ([], None) => Decision::Create { gone },
            ([], Some(conflict)) => Decision::Conflict { conflict },
            _ => Decision::Conflict { conflict: Conflict::Twins { ids: free } },
        }
    }

    /// Says whether another row answers for a path: then its group is about to be given its own name back.
    fn manifest_has(&self, path: &GroupPath) -> bool {
        self.evidence.manifest.tree.find(path).is_some()
    }
}

fn forgotten(evidence: Evidence<'_>, asked: &HashSet<GroupId>) -> Vec<Forgotten> {
    let lives = |id| evidence.live.map(|live| live.get(id).is_some());
    let lost = evidence.ledger.snapshot().groups.iter().filter(|(_, id)| !asked.contains(id));
    lost.map(|(path, id)| Forgotten { path: path.clone(), id: *id, lives: lives(*id) }).collect()
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

fn unmanaged(plan: &Plan, ledger: &Ledger, live: &Live) -> Vec<Unmanaged> {
    let managed = managed(plan, ledger);
    let under_root = |id| plan.basis.root == GroupId::ROOT || is_below(live, id, plan.basis.root);
    let mut strangers: Vec<Unmanaged> = live
        .groups()
        .filter(|group| !managed.contains(&group.id) && group.id != plan.basis.root && under_root(group.id))
        .map(|group| Unmanaged {
            path: live.path(group.id).unwrap_or_else(|| GroupPath::top().join(&group.name)),
            id: group.id,
            twin_of: live.named(group.parent, &group.name).find(|id| managed.contains(id)),
        })
        .collect();
    strangers.sort_by(|a, b| (&a.path, a.id).cmp(&(&b.path, b.id)));
    strangers
}

/// Returns the ids that the manifest or the state answers for.
fn managed(plan: &Plan, ledger: &Ledger) -> HashSet<GroupId> {
    let recorded = ledger.snapshot().groups.values().copied();
    let mut ids: HashSet<GroupId> = recorded.chain(plan.rows.iter().filter_map(Row::id)).collect();
    for (_, conflict) in plan.conflicts() {
        match conflict {
            Conflict::Twins { ids: twins } => ids.extend(twins),
            Conflict::Moved { id, .. } | Conflict::Taken { id, .. } => ids.extend([*id]),
        }
    }
    ids
}

/// Says whether a live group stands somewhere below another.
fn is_below(live: &Live, id: GroupId, ancestor: GroupId) -> bool {
    let parent = |id: &GroupId| live.get(*id).map(|group| group.parent);
    // A list from outside may have a ring in it: no chain is longer than the list.
    std::iter::successors(parent(&id), parent).take(live.len()).any(|above| above == ancestor)
}
