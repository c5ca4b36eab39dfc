//! Finds out, from one list of the live groups, whether a create whose answer was lost has happened.
//!
//! A create has no key of its own, so what it made is recognized by its parent and its name, and by not having been there
//! before. These are pure functions; when to look, and how often, is the dispatcher's to decide.

use crate::group::{GroupId, GroupPath};
use crate::inventory::Inventory;
use crate::plan::RecordMatch;
use crate::state::{Change, Ledger, Record, Seq};

/// What one list says of a create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookupResult {
    /// No such group (yet).
    Absent,
    /// One such group, which is ours.
    Found(GroupId),
    /// More such groups than calls of ours can have made: which one is ours cannot be told.
    Ambiguous(Vec<GroupId>),
}

/// A create whose answer was lost.
#[derive(Clone, Copy, Debug)]
pub struct LostCreate<'a> {
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
pub fn look_up(lost: LostCreate<'_>, ledger: &Ledger, before: Option<&Inventory>, now: &Inventory) -> LookupResult {
    let found = newcomers(lost.path, lost.parent, ledger, before, now);
    let misrecorded = misrecorded(lost, ledger, before, now);
    if !misrecorded.is_empty() {
        return LookupResult::Ambiguous(misrecorded.into_iter().chain(found).collect());
    }
    match found.as_slice() {
        [] => LookupResult::Absent,
        [first, rest @ ..] if rest.len() < lost.calls => LookupResult::Found(*first),
        _ => LookupResult::Ambiguous(found),
    }
}

/// Returns the groups of a path's name under a parent that are new and not recorded, in rising order of their ids.
#[must_use]
pub fn newcomers(
    path: &GroupPath,
    parent: GroupId,
    ledger: &Ledger,
    before: Option<&Inventory>,
    now: &Inventory,
) -> Vec<GroupId> {
    let name = path.name().unwrap_or_default();
    let was_there = |id| before.is_some_and(|before| before.get(id).is_some());
    let is_known = |id| id == ledger.snapshot().root || ledger.path_of(id).is_some();
    let mut found: Vec<GroupId> = now.named(parent, &name).filter(|id| !is_known(*id) && !was_there(*id)).collect();
    found.sort_unstable();
    found
}

/// Returns the new groups of the name under the parent that are recorded at another place: DingTalk returned one id for two
/// creates, so one of these groups may be the lost one.
fn misrecorded(lost: LostCreate<'_>, ledger: &Ledger, before: Option<&Inventory>, now: &Inventory) -> Vec<GroupId> {
    let Some(before) = before else { return Vec::new() };
    let name = lost.path.name().unwrap_or_default();
    let is_elsewhere = |id| ledger.path_of(id).is_some() && !RecordMatch::of(id, ledger, now).is_same();
    now.named(lost.parent, &name).filter(|id| before.get(*id).is_none() && is_elsewhere(*id)).collect()
}

/// Settles what an interrupted run left open, as far as one list can settle it, and returns the records that do so.
///
/// A create that is found is recorded; one that is not may still land, so it stays open.
#[must_use]
pub fn recover(ledger: &mut Ledger, live: &Inventory) -> Vec<Record> {
    let open: Vec<(Seq, Change)> = ledger.open().map(|(seq, change)| (seq, change.clone())).collect();
    let mut records = Vec::new();
    for (seq, change) in open {
        let settled = settled(seq, &change, ledger, live);
        // A contradiction is left open: the plan then shows it as a conflict.
        records.extend(settled.filter(|record| ledger.apply(record).is_ok()));
    }
    records
}

fn settled(seq: Seq, change: &Change, ledger: &Ledger, live: &Inventory) -> Option<Record> {
    match change {
        Change::Create { path, parent } => created(seq, path, *parent, ledger, live),
        // Whether it has landed as a duplicate is looked up at the end of the run.
        Change::Stray { .. } => None,
        Change::Rename { id, to, .. } => {
            let renamed = live.get(*id).is_some_and(|group| Some(&*group.name) == to.name().as_deref());
            Some(if renamed { Record::Done { seq, id: *id } } else { Record::Void { seq } })
        }
        // One list does not prove that the group is gone: the plan deletes it again, or proves its absence first.
        Change::Delete { .. } => Some(Record::Void { seq }),
    }
}

fn created(seq: Seq, path: &GroupPath, parent: GroupId, ledger: &Ledger, live: &Inventory) -> Option<Record> {
    if ledger.id_of(path).is_some_and(|id| live.get(id).is_some()) {
        return Some(Record::Lost { seq });
    }
    let calls = ledger.creates_out(path, parent);
    match look_up(LostCreate { path, parent, calls }, ledger, None, live) {
        LookupResult::Found(id) => Some(Record::Done { seq, id }),
        LookupResult::Absent | LookupResult::Ambiguous(_) => None,
    }
}

/// The duplicates of a recorded group that the last look of a run shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DuplicateSet {
    /// No more than our strays can have made, and empty: they may be removed.
    pub ours: Vec<GroupId>,
    /// Possibly someone else's, in use, there before the run, or duplicates of a protected group.
    pub left: Vec<GroupId>,
}

/// Returns the duplicates that strays may have created of the recorded group of this name under this parent, if any.
#[must_use]
pub fn duplicates(
    path: &GroupPath,
    parent: GroupId,
    ledger: &Ledger,
    before: &Inventory,
    now: &Inventory,
) -> Option<DuplicateSet> {
    let keeper = now.named(parent, &path.name()?).find(|id| ledger.path_of(*id).is_some())?;
    let found = newcomers(path, parent, ledger, None, now);
    let is_new = |id: &GroupId| before.get(*id).is_none();
    let is_protected = ledger.path_of(keeper).is_some_and(|path| ledger.protector(path).is_some());
    let may_be_ours = !is_protected && found.iter().filter(|id| is_new(id)).count() <= ledger.creates_out(path, parent);
    let is_ours = |id: &GroupId| may_be_ours && is_new(id) && now.children(*id).next().is_none();
    let (ours, left) = found.into_iter().partition(is_ours);
    Some(DuplicateSet { ours, left })
}

#[cfg(test)]
mod tests {
    use crate::apply::reconcile::{DuplicateSet, LookupResult, LostCreate, duplicates, look_up};
    use crate::group::{GroupId, GroupPath};
    use crate::inventory::{Inventory, ListedGroup};
    use crate::state::{Change, Identity, Ledger, Moved, Record, Snapshot};

    fn path(text: &str) -> GroupPath {
        GroupPath::parse(text).unwrap()
    }

    fn live(groups: &[(i64, &str, i64)]) -> Inventory {
        let listed = |(id, name, parent): &(i64, &str, i64)| ListedGroup {
            id: GroupId::new(*id),
            name: (*name).to_owned(),
            parent: GroupId::new(*parent),
        };
        Inventory::new(groups.iter().map(listed).collect())
    }

    /// One stray under each of these parents, and these groups recorded.
    fn ledger(strays: &[(&str, i64)], recorded: &[(&str, i64)]) -> Ledger {
        let identity = Identity { endpoint: "https://a".to_owned(), organization: None, root: GroupId::ROOT };
        let mut ledger = Ledger::new(Snapshot::new(&identity)).unwrap();
        for (text, parent) in strays {
            let (seq, parent) = (ledger.next_seq(), GroupId::new(*parent));
            let change = Change::Create { path: path(text), parent };
            ledger.apply(&Record::Intent { seq, change }).unwrap();
            ledger.apply(&Record::Lost { seq }).unwrap();
        }
        for (text, id) in recorded {
            ledger.apply(&Record::Put { path: path(text), id: GroupId::new(*id) }).unwrap();
        }
        ledger
    }

    #[test]
    fn what_is_to_land_in_a_group_that_is_gone_does_not_count_for_its_successor() {
        let ledger = ledger(&[("/a/b", 1), ("/a/b", 2)], &[("/a", 2), ("/a/b", 3)]);
        assert_eq!(ledger.creates_out(&path("/a/b"), GroupId::new(2)), 1);
        let now = live(&[(2, "a", 0), (3, "b", 2), (4, "b", 2), (5, "b", 2)]);
        let expected = DuplicateSet { ours: vec![], left: vec![GroupId::new(4), GroupId::new(5)] };
        assert_eq!(duplicates(&path("/a/b"), GroupId::new(2), &ledger, &Inventory::default(), &now), Some(expected));
    }

    #[test]
    fn strays_follow_their_parent_to_its_new_path() {
        let mut ledger = ledger(&[("/a/b", 1)], &[("/a", 1), ("/a/b", 2)]);
        ledger
            .apply(&Record::Move { moves: vec![Moved { from: path("/a"), to: path("/z") }], honoured: Vec::new() })
            .unwrap();
        let now = live(&[(1, "z", 0), (2, "b", 1), (3, "b", 1)]);
        let expected = DuplicateSet { ours: vec![GroupId::new(3)], left: vec![] };
        assert_eq!(duplicates(&path("/a/b"), GroupId::new(1), &ledger, &Inventory::default(), &now), Some(expected));
    }

    #[test]
    fn a_duplicate_from_before_the_run_is_told_and_left() {
        let ledger = ledger(&[("/a", 0)], &[("/a", 1)]);
        let (before, now) = (live(&[(2, "a", 0)]), live(&[(1, "a", 0), (2, "a", 0), (3, "a", 0)]));
        let expected = DuplicateSet { ours: vec![GroupId::new(3)], left: vec![GroupId::new(2)] };
        assert_eq!(duplicates(&path("/a"), GroupId::ROOT, &ledger, &before, &now), Some(expected));
    }

    #[test]
    fn duplicate_of_a_protected_group_or_its_ancestor_is_left() {
        for protected in ["/a", "/a/b"] {
            let mut ledger = ledger(&[("/a", 0)], &[("/a", 1)]);
            let record = Record::Protect { protected: vec![path(protected)], released: Vec::new() };
            ledger.apply(&record).unwrap();
            let now = live(&[(1, "a", 0), (3, "a", 0)]);
            let expected = DuplicateSet { ours: vec![], left: vec![GroupId::new(3)] };
            assert_eq!(duplicates(&path("/a"), GroupId::ROOT, &ledger, &Inventory::default(), &now), Some(expected));
        }
    }

    #[test]
    fn group_recorded_for_another_create_is_not_taken_as_absent() {
        let ledger = ledger(&[], &[("/a", 1)]);
        let place = path("/b");
        let lost = LostCreate { path: &place, parent: GroupId::ROOT, calls: 1 };
        let sighting = |now| look_up(lost, &ledger, Some(&Inventory::default()), &now);
        assert_eq!(sighting(live(&[(1, "b", 0)])), LookupResult::Ambiguous(vec![GroupId::new(1)]));
        assert_eq!(sighting(live(&[(1, "a", 0)])), LookupResult::Absent);
        assert_eq!(sighting(live(&[(1, "a", 0), (2, "b", 0)])), LookupResult::Found(GroupId::new(2)));
    }

    #[test]
    fn root_is_never_taken_as_a_new_group() {
        let identity = Identity { endpoint: "https://a".to_owned(), organization: None, root: GroupId::new(7) };
        let ledger = Ledger::new(Snapshot::new(&identity)).unwrap();
        let lost = LostCreate { path: &path("/r"), parent: GroupId::new(7), calls: 1 };
        assert_eq!(look_up(lost, &ledger, None, &live(&[(7, "r", 7)])), LookupResult::Absent);
    }

    #[test]
    fn beside_nothing_there_are_no_duplicates() {
        let ledger = ledger(&[("/a", 0)], &[]);
        assert_eq!(duplicates(&path("/a"), GroupId::ROOT, &ledger, &Inventory::default(), &live(&[(1, "a", 0)])), None);
    }
}
