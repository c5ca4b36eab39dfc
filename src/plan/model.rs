//! The plan itself: a table with one row for each group of the manifest, and what stands beside it.
//!
//! Rows are in manifest order, parents before their children, and name their parent by its row: paths are made when they are
//! asked for, since a million of them would be most of the plan.

use schemars::JsonSchema;
use serde::Serialize;

use crate::dingtalk::Administrator;
use crate::group::{GroupId, GroupName, GroupPath};
use crate::plan::action::{Action, Conflict, Tally};
use crate::plan::basis::Basis;
use crate::plan::deletion::{Deletion, Relocation};
use crate::state::{FormerName, Moved, Record};

/// A row's place in [`Plan::rows`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(u32);

impl RowId {
    /// Names the row at this index.
    ///
    /// # Panics
    /// Beyond 2^32 rows, which no manifest can have.
    #[must_use]
    pub fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("a manifest has fewer than 2^32 groups"))
    }

    /// Returns the index in [`Plan::rows`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One group of the manifest and what is to become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name in the manifest.
    pub name: GroupName,
    /// The row of the group above it; `None` directly under the root.
    pub parent: Option<RowId>,
    /// How deep it stands in the manifest, from 1.
    pub depth: u32,
    /// What is to become of it.
    pub decision: Action,
}

impl Row {
    /// Returns the id the group has now, when it has one.
    #[must_use]
    pub fn id(&self) -> Option<GroupId> {
        match &self.decision {
            Action::Keep { id } | Action::Adopt { id, .. } | Action::Rename { id, .. } => Some(*id),
            Action::Create { .. } | Action::Conflict { .. } | Action::Blocked => None,
        }
    }
}

/// A recorded group that is not in the manifest and is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Retained {
    /// The recorded path.
    pub path: GroupPath,
    /// The recorded id.
    pub id: GroupId,
    /// Whether live still has it; `None` offline.
    pub lives: Option<bool>,
    /// The protected path that keeps it from being deleted: its own, or one below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protected_by: Option<GroupPath>,
    /// The group of the manifest that takes its place elsewhere, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved: Option<Relocation>,
}

/// A live group that neither manifest nor state knows; it is never touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unmanaged {
    /// Where it stands in live.
    pub path: GroupPath,
    /// Its id.
    pub id: GroupId,
    /// The managed group that it has name and parent in common with, when it is its duplicate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<GroupId>,
}

/// What siblings hand on to each other in the state: nothing of it is called, all of it happens at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Handover {
    /// Recorded paths that become others.
    pub moves: Vec<Moved>,
    /// Former names that went round in a ring and are dealt with by this.
    pub honoured: Vec<FormerName>,
}

impl Handover {
    /// Says whether there is nothing to hand on.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.moves.is_empty() && self.honoured.is_empty()
    }

    /// Returns the record that does it.
    #[must_use]
    pub fn record(&self) -> Record {
        Record::Move { moves: self.moves.clone(), honoured: self.honoured.clone() }
    }
}

/// What would be done, as plain data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Whether the list shows groups, or there is none.
    pub may_list_groups: bool,
    /// How many calls listed the meeting rooms; 0 if they were not listed.
    pub room_calls: usize,
    /// What it was made from.
    pub basis: Basis,
    /// Whether all recorded groups are to be deleted, whatever the manifest declares.
    pub destroys: bool,
    /// One row for each group of the manifest, in manifest order.
    pub rows: Vec<Row>,
    /// What the state is to hand on from former names to new ones before anything is called, from the top down.
    pub handovers: Vec<Handover>,
    /// Rows whose `was` has no effect.
    pub stale_was: Vec<RowId>,
    /// Groups to create that look like existing groups under a new name, in manifest order.
    pub possible_renames: Vec<PossibleRename>,
    /// Recorded groups that are not in the manifest and are kept, by path.
    pub retained: Vec<Retained>,
    /// Recorded groups that are to be deleted, children before their parents.
    pub deletions: Vec<Deletion>,
    /// Live groups that nobody here knows, by path.
    pub unmanaged: Vec<Unmanaged>,
    /// Groups that an interrupted run may or may not have made; an apply finds out before it plans.
    pub unsettled: Vec<GroupPath>,
    /// Rows that the state records as protected from now on, in manifest order; no call is made.
    pub protections: Vec<RowId>,
    /// Paths that lose their recorded protection; no call is made.
    pub releases: Vec<GroupPath>,
    /// The administrators that groups lose when they are created again, as far as DingTalk was asked.
    pub administrators: Vec<LostAdministrators>,
    /// Existing groups that new names would be confused with, by row.
    pub confusables: Vec<Confusable>,
}

/// An existing group whose name differs from that of a row only in form: spaces, width, case, Unicode form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Confusable {
    /// The row that would get the confusable name.
    #[serde(skip)]
    pub row: RowId,
    /// The id of the existing group.
    pub id: GroupId,
    /// The name of the existing group.
    pub name: String,
}

/// A group to create that looks like an existing group under a new name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PossibleRename {
    /// The path of the group to create.
    pub path: GroupPath,
    /// The name of the existing group under the same parent: the value for `was`.
    pub was: String,
    /// The id of the existing group.
    pub id: GroupId,
    /// How many children have the same names; 0 if neither group has children and the names are similar.
    pub matching: usize,
    /// How many children the larger of the two has.
    pub children: usize,
}

/// The administrators that a group loses when it is created again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LostAdministrators {
    /// The path at which it is created.
    pub path: GroupPath,
    /// The recorded id of the group that it replaces.
    pub former: GroupId,
    /// Its administrators; `null` if DingTalk does not return them.
    pub administrators: Option<Vec<Administrator>>,
}

/// What a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A row of the plan.
    Row(RowId),
    /// A deletion, by its index in the plan.
    Deletion(usize),
}

impl Plan {
    /// Returns the rows with their ids, in manifest order.
    pub fn rows(&self) -> impl Iterator<Item = (RowId, &Row)> {
        self.rows.iter().enumerate().map(|(index, row)| (RowId::new(index), row))
    }

    /// Returns one row.
    #[must_use]
    pub fn row(&self, row: RowId) -> &Row {
        &self.rows[row.index()]
    }

    /// Returns the path of a row.
    #[must_use]
    pub fn path(&self, row: RowId) -> GroupPath {
        let mut names = Vec::new();
        let mut next = Some(row);
        while let Some(at) = next {
            names.push(self.row(at).name.as_str());
            next = self.row(at).parent;
        }
        GroupPath::of(names.into_iter().rev())
    }

    /// Returns the path that a step is about.
    #[must_use]
    pub fn subject(&self, subject: Subject) -> GroupPath {
        match subject {
            Subject::Row(row) => self.path(row),
            Subject::Deletion(index) => self.deletions[index].path.clone(),
        }
    }

    /// Returns the id of the group that a row is built under, when that exists already.
    #[must_use]
    pub fn parent_id(&self, row: RowId) -> Option<GroupId> {
        match self.row(row).parent {
            Some(parent) => self.row(parent).id(),
            None => Some(self.basis.root),
        }
    }

    /// Returns whether both plans, made from one manifest, make the same changes.
    #[must_use]
    pub fn acts_as(&self, other: &Self) -> bool {
        self.rows == other.rows
            && self.deletions == other.deletions
            && self.handovers == other.handovers
            && self.protections == other.protections
            && self.releases == other.releases
    }

    /// Returns the existing group that a row would be confused with.
    #[must_use]
    pub fn confusable(&self, row: RowId) -> Option<&Confusable> {
        let at = self.confusables.binary_search_by_key(&row, |confusable| confusable.row).ok()?;
        Some(&self.confusables[at])
    }

    /// Counts the decisions.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally {
            delete: self.deletions.len(),
            retained: self.retained.len(),
            unmanaged: self.unmanaged.len(),
            protect: self.protections.len(),
            unprotect: self.releases.len(),
            ..Tally::default()
        };
        self.rows.iter().for_each(|row| tally.count(&row.decision));
        tally
    }

    /// Returns the rows in conflict with what stands against them.
    pub fn conflicts(&self) -> impl Iterator<Item = (RowId, &Conflict)> {
        self.rows().filter_map(|(id, row)| match &row.decision {
            Action::Conflict { conflict } => Some((id, conflict)),
            _ => None,
        })
    }

    /// Says whether an apply would have nothing to do.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let tally = self.tally();
        tally.pending() == 0 && tally.conflict == 0 && self.unsettled.is_empty() && self.handovers.is_empty()
    }
}
