//! Finds out, from one list of the live groups, whether a create whose answer was lost has happened.
//!
//! A create has no key of its own, so what it made is recognized by its parent and its name, and by not having been there
//! before. These are pure functions; when to look, and how often, is the dispatcher's to decide.

use crate::dingtalk::Live;
use crate::group::{GroupId, GroupPath};
use crate::state::{Change, Ledger, Record, Seq};

/// What one list says of a create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sighting {
    /// No such group (yet).
    Absent,
    /// One such group, which is ours.
    Found(GroupId),
    /// More such groups than calls of ours can have made: which one is ours cannot be told.
    Ambiguous(Vec<GroupId>),
}

/// A create whose answer was lost.
#[derive(Clone, Copy, Debug)]
pub struct Lost<'a> {
    /// The path it was to have.
    pub path: &'a GroupPath,
    /// The group it was made under.
    pub parent: GroupId,
    /// How many calls for it may have been carried out, this one included.
    pub calls: usize,
}

/// Looks for what a lost create made.
///
/// `before` is a list from before the create was sent, when this run has one.
#[must_use]
pub fn sight(lost: Lost<'_>, ledger: &Ledger, before: Option<&Live>, now: &Live) -> Sighting {
    let found = newcomers(lost.path, lost.parent, ledger, before, now);
    match found.as_slice() {
        [] => Sighting::Absent,
        [first, rest @ ..] if rest.len() < lost.calls => Sighting::Found(*first),
        _ => Sighting::Ambiguous(found),
    }
}

/// Returns the groups of a path's name under a parent that are new and not recorded, in rising order of their ids.
#[must_use]
pub fn newcomers(
    path: &GroupPath,
    parent: GroupId,
    ledger: &Ledger,
    before: Option<&Live>,
    now: &Live,
) -> Vec<GroupId> {
    let name = path.name().unwrap_or_default();
    let was_there = |id| before.is_some_and(|before| before.get(id).is_some());
    let mut found: Vec<GroupId> =
        now.named(parent, &name).filter(|id| ledger.path_of(*id).is_none() && !was_there(*id)).collect();
    found.sort_unstable();
    found
}

/// Settles what an interrupted run left open, as far as one list can settle it, and returns the records that do so.
///
/// A create that is found is recorded; one that is not may still land, so it stays open.
#[must_use]
pub fn recover(ledger: &mut Ledger, live: &Live) -> Vec<Record> {
    let open: Vec<(Seq, Change)> = ledger.open().map(|(seq, change)| (seq, change.clone())).collect();
    let mut records = Vec::new();
    for (seq, change) in open {
        let settled = settled(seq, &change, ledger, live);
        // A contradiction is left open: the plan then shows it as a conflict.
        records.extend(settled.filter(|record| ledger.apply(record).is_ok()));
    }
    records
}

fn settled(seq: Seq, change: &Change, ledger: &Ledger, live: &Live) -> Option<Record> {
    match change {
        Change::Create { path, parent } => created(seq, path, *parent, ledger, live),
        // Whether it has landed as a twin is looked up at the end of the run.
        Change::Stray { .. } => None,
        Change::Rename { id, to, .. } => {
            let renamed = live.get(*id).is_some_and(|group| Some(&*group.name) == to.name().as_deref());
            Some(if renamed { Record::Done { seq, id: *id } } else { Record::Void { seq } })
        }
        Change::Delete { id, .. } => Some(match live.get(*id) {
            None => Record::Done { seq, id: *id },
            Some(_) => Record::Void { seq },
        }),
    }
}

fn created(seq: Seq, path: &GroupPath, parent: GroupId, ledger: &Ledger, live: &Live) -> Option<Record> {
    if ledger.id_of(path).is_some_and(|id| live.get(id).is_some()) {
        return Some(Record::Lost { seq });
    }
    let calls = calls(ledger, path);
    match sight(Lost { path, parent, calls }, ledger, None, live) {
        Sighting::Found(id) => Some(Record::Done { seq, id }),
        Sighting::Absent | Sighting::Ambiguous(_) => None,
    }
}

/// Returns how many creates of a path may have been carried out without our knowing.
#[must_use]
pub fn calls(ledger: &Ledger, path: &GroupPath) -> usize {
    let is_of_path = |change: &Change| match change {
        Change::Create { path: of, .. } | Change::Stray { path: of, .. } => of == path,
        Change::Rename { .. } | Change::Delete { .. } => false,
    };
    ledger.open().filter(|(_, change)| is_of_path(change)).count()
}
