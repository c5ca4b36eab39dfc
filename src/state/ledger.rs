//! What is known while a run lasts: the recorded groups and the intents whose outcome is open.
//!
//! [`Ledger::apply`] is the one transition function: the running dispatcher and the replay after a crash both go through
//! it, so they cannot come to different ends. Paths follow ids: an outcome lands where its group or parent is recorded at
//! that time, so a group created or renamed while a group above it is renamed ends up at the right path in either order.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::group::{GroupId, GroupPath};
use crate::state::{Change, FormerName, LedgerError, Moved, Record, Seq, Snapshot};

/// The recorded groups and the open intents. Each record costs O(log n), plus the size of a subtree that changes its path.
#[derive(Clone, Debug)]
pub struct Ledger {
    snapshot: Snapshot,
    paths: HashMap<GroupId, GroupPath>,
    open: BTreeMap<Seq, Change>,
    creating: HashMap<(GroupId, Box<str>), Seq>,
    /// How many creates that were asked for again may still land at a place.
    strays: HashMap<(GroupId, Box<str>), usize>,
    last: Option<Seq>,
    drawn: u64,
    touched: bool,
}

impl Ledger {
    /// Starts from what a state file says.
    ///
    /// # Errors
    /// [`LedgerError`] when two paths have one id, an id is not above 0, or a path is empty.
    pub fn new(snapshot: Snapshot) -> Result<Self, LedgerError> {
        let mut paths = HashMap::with_capacity(snapshot.groups.len());
        for (path, &id) in &snapshot.groups {
            check_group(path, id)?;
            if let Some(other) = paths.insert(id, path.clone()) {
                return Err(LedgerError::IdTaken { id, path: other });
            }
        }
        let (open, creating, strays) = (BTreeMap::new(), HashMap::new(), HashMap::new());
        Ok(Self { snapshot, paths, open, creating, strays, last: None, drawn: 0, touched: false })
    }

    /// Takes one step.
    ///
    /// # Errors
    /// [`LedgerError`] when the record contradicts those before it; nothing has changed then.
    pub fn apply(&mut self, record: &Record) -> Result<(), LedgerError> {
        match record {
            Record::Intent { seq, change } => self.intend(*seq, change),
            Record::Done { seq, id } => self.finish(*seq, *id),
            Record::Lost { seq } => self.lose(*seq),
            Record::Void { seq } => self.close(*seq),
            Record::Put { path, id } => self.put(path, *id),
            Record::Drop { path } => self.forget(path),
            Record::Move { moves, honoured } => {
                self.shift(moves)?;
                self.honour(honoured);
                Ok(())
            }
            Record::Protect { protected, released } => self.protect(protected, released),
        }
    }

    /// Returns the recorded groups and whom they belong to.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Returns the intents without an outcome, in the order they were written.
    pub fn open(&self) -> impl Iterator<Item = (Seq, &Change)> {
        self.open.iter().map(|(seq, change)| (*seq, change))
    }

    /// Returns how many creates of the last name of this path under this parent may be carried out, or may have been, without
    /// our knowing.
    ///
    /// The parent tells, not the path: a group made anew has the path of the one that is gone, but not what is still to land in it.
    #[must_use]
    pub fn creates_out(&self, path: &GroupPath, parent: GroupId) -> usize {
        let key = creation(path, parent);
        key.map_or(0, |key| usize::from(self.creating.contains_key(&key)) + self.strays.get(&key).copied().unwrap_or(0))
    }

    /// Draws the number for the next intent. Intents are applied in the order their numbers were drawn.
    pub fn next_seq(&mut self) -> Seq {
        self.drawn = self.drawn.saturating_add(1);
        Seq::new(self.drawn)
    }

    /// Returns the group recorded at this path.
    #[must_use]
    pub fn id_of(&self, path: &GroupPath) -> Option<GroupId> {
        self.snapshot.groups.get(path).copied()
    }

    /// Returns the path this group is recorded at.
    #[must_use]
    pub fn path_of(&self, id: GroupId) -> Option<&GroupPath> {
        self.paths.get(&id)
    }

    /// Returns the protected path that keeps a group from being deleted: the path itself, or one below it.
    #[must_use]
    pub fn protector(&self, path: &GroupPath) -> Option<&GroupPath> {
        path.first_within(&self.snapshot.protected)
    }

    /// Says whether any record touched the groups, even if a later one undid it.
    pub(super) fn is_touched(&self) -> bool {
        self.touched
    }

    /// Takes over the organization where none was known.
    pub(super) fn adopt_organization(&mut self, organization: Option<&String>) {
        if self.snapshot.organization.is_none() {
            self.snapshot.organization = organization.cloned();
        }
    }

    /// Takes over an intent that an earlier run left open. It was checked when it was written.
    pub(super) fn carry(&mut self, seq: Seq, change: Change) -> Result<(), LedgerError> {
        self.check_seq(seq)?;
        self.enter(seq, change);
        Ok(())
    }

    /// Says whether this is a create whose place has a group by now.
    pub(super) fn is_settled(&self, change: &Change) -> bool {
        matches!(change, Change::Create { path, parent } if self.id_of(&self.place(path, *parent)).is_some())
    }

    fn intend(&mut self, seq: Seq, change: &Change) -> Result<(), LedgerError> {
        self.check_seq(seq)?;
        match change {
            Change::Create { path, parent } => self.check_create(path, *parent)?,
            Change::Stray { .. } => return Err(LedgerError::NotLost(seq)),
            Change::Rename { id, to, .. } => self.check_rename(*id, to)?,
            Change::Delete { path, id } => check_group(path, *id)?,
        }
        self.enter(seq, change.clone());
        Ok(())
    }

    fn check_seq(&self, seq: Seq) -> Result<(), LedgerError> {
        if self.last.is_some_and(|last| seq <= last) { Err(LedgerError::SeqUsed(seq)) } else { Ok(()) }
    }

    fn check_create(&self, path: &GroupPath, parent: GroupId) -> Result<(), LedgerError> {
        let key = creation(path, parent).ok_or(LedgerError::Top)?;
        if let Some(&seq) = self.creating.get(&key) {
            return Err(LedgerError::Duplicate { path: path.clone(), seq });
        }
        self.check_free(&self.place(path, parent), None)
    }

    fn check_rename(&self, id: GroupId, to: &GroupPath) -> Result<(), LedgerError> {
        self.check_free(&self.renamed(id, to)?, Some(id))
    }

    fn check_free(&self, path: &GroupPath, but: Option<GroupId>) -> Result<(), LedgerError> {
        match self.id_of(path) {
            Some(id) if but != Some(id) => Err(LedgerError::PathTaken { path: path.clone(), id }),
            _ => Ok(()),
        }
    }

    fn enter(&mut self, seq: Seq, change: Change) {
        self.last = Some(seq);
        self.drawn = self.drawn.max(seq.get());
        self.keep(seq, change);
    }

    fn keep(&mut self, seq: Seq, change: Change) {
        match &change {
            Change::Create { path, parent } => self.creating.extend(creation(path, *parent).map(|key| (key, seq))),
            Change::Stray { path, parent } => {
                creation(path, *parent).into_iter().for_each(|key| *self.strays.entry(key).or_default() += 1);
            }
            Change::Rename { .. } | Change::Delete { .. } => {}
        }
        self.open.insert(seq, change);
    }

    fn finish(&mut self, seq: Seq, id: GroupId) -> Result<(), LedgerError> {
        let change = self.open.get(&seq).ok_or(LedgerError::NotOpen(seq))?.clone();
        match change {
            Change::Create { path, parent } => self.create(&self.place(&path, parent), id)?,
            Change::Stray { .. } => return Err(LedgerError::NotOpen(seq)),
            Change::Rename { id: expected, to, .. } => {
                check_same(seq, expected, id)?;
                self.rename(id, &to)?;
            }
            Change::Delete { id: expected, .. } => {
                check_same(seq, expected, id)?;
                self.delete(id);
            }
        }
        self.close(seq)
    }

    fn close(&mut self, seq: Seq) -> Result<(), LedgerError> {
        let change = self.open.remove(&seq).ok_or(LedgerError::NotOpen(seq))?;
        match change {
            Change::Create { path, parent } => {
                creation(&path, parent).and_then(|key| self.creating.remove(&key));
            }
            Change::Stray { path, parent } => {
                creation(&path, parent).into_iter().for_each(|key| self.drop_stray(key));
            }
            Change::Rename { .. } | Change::Delete { .. } => {}
        }
        Ok(())
    }

    fn drop_stray(&mut self, key: (GroupId, Box<str>)) {
        if let Entry::Occupied(mut strays) = self.strays.entry(key) {
            *strays.get_mut() -= 1;
            if *strays.get() == 0 {
                strays.remove();
            }
        }
    }

    fn lose(&mut self, seq: Seq) -> Result<(), LedgerError> {
        let stray = self.open.get(&seq).ok_or(LedgerError::NotOpen(seq))?.stray().ok_or(LedgerError::NotLost(seq))?;
        self.close(seq)?;
        self.keep(seq, stray);
        Ok(())
    }

    fn create(&mut self, path: &GroupPath, id: GroupId) -> Result<(), LedgerError> {
        self.check_free(path, Some(id))?;
        self.put(path, id)
    }

    fn rename(&mut self, id: GroupId, to: &GroupPath) -> Result<(), LedgerError> {
        let target = self.renamed(id, to)?;
        match self.path_of(id).cloned() {
            Some(path) if path != target => self.shift(&[Moved { from: path, to: target }]),
            _ => Ok(()),
        }
    }

    /// A duplicate that was never recorded leaves no gap.
    fn delete(&mut self, id: GroupId) {
        if let Some(path) = self.paths.remove(&id) {
            self.snapshot.groups.remove(&path);
            self.snapshot.former.remove(&path);
            self.touched = true;
        }
    }

    fn put(&mut self, path: &GroupPath, id: GroupId) -> Result<(), LedgerError> {
        check_group(path, id)?;
        if let Some(other) = self.path_of(id).filter(|other| *other != path) {
            return Err(LedgerError::IdTaken { id, path: other.clone() });
        }
        if let Some(former) = self.snapshot.groups.insert(path.clone(), id) {
            self.paths.remove(&former);
        }
        self.paths.insert(id, path.clone());
        self.touched = true;
        Ok(())
    }

    fn forget(&mut self, path: &GroupPath) -> Result<(), LedgerError> {
        let id = self.snapshot.groups.remove(path).ok_or_else(|| LedgerError::NoPath(path.clone()))?;
        self.paths.remove(&id);
        self.touched = true;
        Ok(())
    }

    fn shift(&mut self, moves: &[Moved]) -> Result<(), LedgerError> {
        let shifts = self.shifts(moves)?;
        for (path, _, _) in &shifts {
            self.snapshot.groups.remove(path);
        }
        for (_, path, id) in shifts {
            self.paths.insert(id, path.clone());
            self.snapshot.groups.insert(path, id);
        }
        self.carry_formers(moves);
        self.carry_protected(moves);
        self.touched |= !moves.is_empty();
        Ok(())
    }

    /// Former names that are dealt with go with the groups above them, or they would be dealt with once more.
    fn carry_formers(&mut self, moves: &[Moved]) {
        if self.snapshot.former.is_empty() {
            return;
        }
        let carried = |path: GroupPath| {
            let above = moves.iter().filter(|moved| path != moved.from).find_map(|moved| moved.of(&path));
            above.unwrap_or(path)
        };
        let formers = std::mem::take(&mut self.snapshot.former).into_iter();
        self.snapshot.former = formers.map(|(path, name)| (carried(path), name)).collect();
    }

    fn carry_protected(&mut self, moves: &[Moved]) {
        let moved = |path: GroupPath| moves.iter().find_map(|moved| moved.of(&path)).unwrap_or(path);
        self.snapshot.protected = std::mem::take(&mut self.snapshot.protected).into_iter().map(moved).collect();
    }

    fn protect(&mut self, protected: &[GroupPath], released: &[GroupPath]) -> Result<(), LedgerError> {
        if protected.iter().any(|path| path.depth() == 0) {
            return Err(LedgerError::Top);
        }
        self.snapshot.protected.extend(protected.iter().cloned());
        for path in released {
            self.snapshot.protected.remove(path);
        }
        self.touched = true;
        Ok(())
    }

    fn honour(&mut self, honoured: &[FormerName]) {
        let formers = honoured.iter().map(|former| (former.path.clone(), former.name.clone()));
        self.snapshot.former.extend(formers);
        self.touched |= !honoured.is_empty();
    }

    /// Pairs each path of the subtrees with its new one, once all of them are known to be free.
    fn shifts(&self, moves: &[Moved]) -> Result<Vec<(GroupPath, GroupPath, GroupId)>, LedgerError> {
        let mut shifts = Vec::new();
        for moved in moves {
            let Moved { from, to } = moved;
            check_move(from, to)?;
            let own = self.id_of(from).ok_or_else(|| LedgerError::NoPath(from.clone()))?;
            shifts.push((from.clone(), to.clone(), own));
            shifts.extend(self.below(from).filter_map(|(path, id)| Some((path.clone(), moved.of(path)?, id))));
        }
        self.check_shifts(&shifts)?;
        Ok(shifts)
    }

    fn check_shifts(&self, shifts: &[(GroupPath, GroupPath, GroupId)]) -> Result<(), LedgerError> {
        let leaving: HashSet<&GroupPath> = shifts.iter().map(|(from, _, _)| from).collect();
        let mut arriving = HashMap::new();
        for (_, path, id) in shifts {
            if let Some(id) = arriving.insert(path, *id) {
                return Err(LedgerError::PathTaken { path: path.clone(), id });
            }
            if !leaving.contains(path) {
                self.check_free(path, None)?;
            }
        }
        if leaving.len() == shifts.len() { Ok(()) } else { Err(LedgerError::Overlap) }
    }

    /// Returns what is recorded below a path: in the order of the bytes that is one run of paths that start with it and a slash.
    pub fn below<'a>(&'a self, path: &'a GroupPath) -> impl Iterator<Item = (&'a GroupPath, GroupId)> {
        let run = self.snapshot.groups.range(path.join("")..);
        run.take_while(|(other, _)| other.is_within(path)).map(|(other, id)| (other, *id))
    }

    /// Where a created group stands now: under its parent, wherever that is recorded by now.
    fn place(&self, path: &GroupPath, parent: GroupId) -> GroupPath {
        match (self.path_of(parent), path.name()) {
            (Some(above), Some(name)) => above.join(&name),
            _ => path.clone(),
        }
    }

    fn renamed(&self, id: GroupId, to: &GroupPath) -> Result<GroupPath, LedgerError> {
        let path = self.path_of(id).ok_or(LedgerError::NoId(id))?;
        let name = to.name().ok_or(LedgerError::Top)?;
        Ok(path.parent().unwrap_or_else(GroupPath::top).join(&name))
    }
}

/// What makes two creates duplicates: one name under one parent.
fn creation(path: &GroupPath, parent: GroupId) -> Option<(GroupId, Box<str>)> {
    path.name().map(|name| (parent, name.into()))
}

fn check_move(from: &GroupPath, to: &GroupPath) -> Result<(), LedgerError> {
    match to {
        top if top.depth() == 0 => Err(LedgerError::Top),
        below if below.is_within(from) => Err(LedgerError::Within { from: from.clone(), to: to.clone() }),
        _ => Ok(()),
    }
}

fn check_group(path: &GroupPath, id: GroupId) -> Result<(), LedgerError> {
    match (path.depth(), id.get()) {
        (0, _) => Err(LedgerError::Top),
        (_, ..=0) => Err(LedgerError::BadId(id)),
        _ => Ok(()),
    }
}

fn check_same(seq: Seq, expected: GroupId, found: GroupId) -> Result<(), LedgerError> {
    if expected == found { Ok(()) } else { Err(LedgerError::OtherGroup { seq, expected, found }) }
}

#[cfg(test)]
mod tests {
    use crate::group::{GroupId, GroupPath};
    use crate::state::{Change, FormerName, Identity, Ledger, LedgerError, Moved, Record, Seq, Snapshot};

    fn path(text: &str) -> GroupPath {
        GroupPath::parse(text).unwrap()
    }

    fn id(number: i64) -> GroupId {
        GroupId::new(number)
    }

    fn ledger(groups: &[(&str, i64)]) -> Ledger {
        let identity =
            Identity { endpoint: "https://api.dingtalk.com".to_owned(), organization: None, root: GroupId::ROOT };
        let mut snapshot = Snapshot::new(&identity);
        snapshot.groups = groups.iter().map(|(text, number)| (path(text), id(*number))).collect();
        Ledger::new(snapshot).unwrap()
    }

    fn groups(ledger: &Ledger) -> Vec<(&str, i64)> {
        ledger.snapshot().groups.iter().map(|(path, id)| (path.as_str(), id.get())).collect()
    }

    fn create(seq: u64, text: &str, parent: i64) -> Record {
        Record::Intent { seq: Seq::new(seq), change: Change::Create { path: path(text), parent: id(parent) } }
    }

    fn rename(seq: u64, number: i64, from: &str, to: &str) -> Record {
        let change = Change::Rename { id: id(number), from: path(from), to: path(to) };
        Record::Intent { seq: Seq::new(seq), change }
    }

    fn delete(seq: u64, text: &str, number: i64) -> Record {
        Record::Intent { seq: Seq::new(seq), change: Change::Delete { path: path(text), id: id(number) } }
    }

    fn done(seq: u64, number: i64) -> Record {
        Record::Done { seq: Seq::new(seq), id: id(number) }
    }

    fn put(text: &str, number: i64) -> Record {
        Record::Put { path: path(text), id: id(number) }
    }

    fn shift(from: &str, to: &str) -> Record {
        Record::Move { moves: vec![moved(from, to)], honoured: Vec::new() }
    }

    fn moved(from: &str, to: &str) -> Moved {
        Moved { from: path(from), to: path(to) }
    }

    fn after(mut ledger: Ledger, records: &[Record]) -> Ledger {
        records.iter().for_each(|record| ledger.apply(record).unwrap());
        ledger
    }

    #[test]
    fn a_lost_create_may_be_asked_for_again_and_stays_open_as_a_stray() {
        let mut ledger = after(ledger(&[]), &[create(1, "/a", 0), Record::Lost { seq: Seq::new(1) }]);
        assert_eq!(ledger.apply(&done(1, 5)), Err(LedgerError::NotOpen(Seq::new(1))));
        let ledger = after(ledger, &[create(2, "/a", 0), done(2, 6)]);
        assert_eq!(ledger.open().map(|(seq, _)| seq.get()).collect::<Vec<_>>(), [1]);
        let ledger = after(ledger, &[Record::Void { seq: Seq::new(1) }]);
        assert_eq!(ledger.open().count(), 0);
        assert_eq!(groups(&ledger), [("/a", 6)]);
    }

    #[test]
    fn names_are_swapped_at_once_and_remembered() {
        let honoured = vec![FormerName { path: path("/a"), name: "b".to_owned() }];
        let swap = Record::Move { moves: vec![moved("/a", "/b"), moved("/b", "/a")], honoured };
        let ledger = after(ledger(&[("/a", 1), ("/a/x", 2), ("/b", 3)]), &[swap]);
        assert_eq!(groups(&ledger), [("/a", 3), ("/b", 1), ("/b/x", 2)]);
        assert_eq!(ledger.snapshot().former.get(&path("/a")).map(String::as_str), Some("b"));
        assert_eq!(ledger.path_of(id(2)), Some(&path("/b/x")));
    }

    fn protect(protected: &[&str], released: &[&str]) -> Record {
        let paths = |texts: &[&str]| texts.iter().map(|text| path(text)).collect();
        Record::Protect { protected: paths(protected), released: paths(released) }
    }

    fn protected(ledger: &Ledger) -> Vec<&str> {
        ledger.snapshot().protected.iter().map(GroupPath::as_str).collect()
    }

    #[test]
    fn protection_follows_renames_moves_and_swaps() {
        let before = [("/a", 1), ("/a/x", 2), ("/b", 3)];
        let ledger = after(ledger(&before), &[protect(&["/a/x", "/b"], &[])]);
        let swap = Record::Move { moves: vec![moved("/a", "/b"), moved("/b", "/a")], honoured: Vec::new() };
        let ledger = after(ledger, &[swap]);
        assert_eq!(protected(&ledger), ["/a", "/b/x"]);
        let ledger = after(ledger, &[rename(1, 1, "/b", "/c"), done(1, 1), shift("/c", "/d")]);
        assert_eq!(protected(&ledger), ["/a", "/d/x"]);
    }

    #[test]
    fn protection_outlives_its_group_until_it_is_released() {
        let ledger = after(ledger(&[("/a", 1)]), &[protect(&["/a"], &[]), Record::Drop { path: path("/a") }]);
        assert_eq!(protected(&ledger), ["/a"]);
        let ledger = after(ledger, &[create(1, "/a", 0), done(1, 2), protect(&[], &["/a"])]);
        assert_eq!((protected(&ledger), groups(&ledger)), (vec![], vec![("/a", 2)]));
    }

    #[test]
    fn protector_is_the_group_or_one_below_it() {
        let ledger = after(ledger(&[]), &[protect(&["/a b", "/a/x/y", "/ab"], &[])]);
        for (text, by) in [("/a", Some("/a/x/y")), ("/a/x", Some("/a/x/y")), ("/a/x/y/z", None), ("/ab", Some("/ab"))] {
            assert_eq!(ledger.protector(&path(text)).map(GroupPath::as_str), by, "{text}");
        }
    }

    #[test]
    fn moves_that_collide_change_nothing() {
        let mut ledger = ledger(&[("/a", 1), ("/a/x", 2), ("/b", 3), ("/c", 4)]);
        let mut refused = |moves: &[(&str, &str)]| {
            let moves = moves.iter().map(|(from, to)| moved(from, to)).collect();
            ledger.apply(&Record::Move { moves, honoured: Vec::new() }).unwrap_err()
        };
        assert_eq!(refused(&[("/a", "/b")]), LedgerError::PathTaken { path: path("/b"), id: id(3) });
        assert!(matches!(refused(&[("/a", "/d"), ("/b", "/d")]), LedgerError::PathTaken { .. }));
        assert_eq!(refused(&[("/a", "/d"), ("/a/x", "/e")]), LedgerError::Overlap);
        assert_eq!(groups(&ledger), [("/a", 1), ("/a/x", 2), ("/b", 3), ("/c", 4)]);
    }

    #[test]
    fn an_intent_is_open_until_its_outcome() {
        let ledger = after(ledger(&[]), &[create(1, "/a", 0), create(2, "/b", 0), done(2, 5)]);
        assert_eq!(ledger.open().map(|(seq, _)| seq.get()).collect::<Vec<_>>(), [1]);
        assert_eq!(groups(&ledger), [("/b", 5)]);
        let ledger = after(ledger, &[Record::Void { seq: Seq::new(1) }, create(3, "/a", 0), done(3, 6)]);
        assert_eq!(ledger.open().count(), 0);
        assert_eq!(groups(&ledger), [("/a", 6), ("/b", 5)]);
    }

    #[test]
    fn a_rename_takes_the_whole_subtree_along_and_nothing_else() {
        let before = [("/a", 1), ("/a b", 2), ("/a!", 3), ("/a/x", 4), ("/a/x/y", 5), ("/a0", 6), ("/ab", 7)];
        let ledger = after(ledger(&before), &[rename(1, 1, "/a", "/c"), done(1, 1)]);
        let expected = [("/a b", 2), ("/a!", 3), ("/a0", 6), ("/ab", 7), ("/c", 1), ("/c/x", 4), ("/c/x/y", 5)];
        assert_eq!(groups(&ledger), expected);
        assert_eq!(ledger.path_of(id(5)), Some(&path("/c/x/y")));
    }

    #[test]
    fn paths_follow_ids_whichever_rename_ends_first() {
        let intents = [rename(1, 1, "/a", "/b"), rename(2, 2, "/a/x", "/a/y"), create(3, "/a/z", 1)];
        for order in [[done(1, 1), done(2, 2), done(3, 3)], [done(3, 3), done(2, 2), done(1, 1)]] {
            let ledger = after(after(ledger(&[("/a", 1), ("/a/x", 2)]), &intents), &order);
            assert_eq!(groups(&ledger), [("/b", 1), ("/b/y", 2), ("/b/z", 3)]);
        }
    }

    #[test]
    fn deleting_a_duplicate_leaves_the_recorded_group() {
        let ledger = after(ledger(&[("/a", 1)]), &[delete(1, "/a", 2), done(1, 2)]);
        assert_eq!(groups(&ledger), [("/a", 1)]);
        let ledger = after(ledger, &[delete(2, "/a", 1), done(2, 1)]);
        assert_eq!(groups(&ledger), []);
        assert_eq!(ledger.path_of(id(1)), None);
    }

    #[test]
    fn a_path_can_be_bound_to_another_group() {
        let ledger = after(ledger(&[("/a", 1)]), &[put("/a", 2), put("/b", 1), Record::Drop { path: path("/a") }]);
        assert_eq!(groups(&ledger), [("/b", 1)]);
        assert_eq!((ledger.path_of(id(1)), ledger.path_of(id(2))), (Some(&path("/b")), None));
    }

    #[test]
    fn numbers_go_on_after_those_that_were_used() {
        let mut ledger = after(ledger(&[]), &[create(7, "/a", 0)]);
        assert_eq!(ledger.next_seq(), Seq::new(8));
    }

    #[test]
    fn contradictions_change_nothing() {
        let same = |id| LedgerError::OtherGroup { seq: Seq::new(2), expected: GroupId::new(2), found: id };
        let taken = |text, number| LedgerError::PathTaken { path: path(text), id: id(number) };
        let before = after(ledger(&[("/a", 1), ("/b", 2)]), &[create(1, "/c", 0), rename(2, 2, "/b", "/d")]);
        for (record, error) in [
            (create(2, "/e", 0), LedgerError::SeqUsed(Seq::new(2))),
            (create(3, "/c", 0), LedgerError::Duplicate { path: path("/c"), seq: Seq::new(1) }),
            (create(3, "/a", 0), taken("/a", 1)),
            (create(3, "", 0), LedgerError::Top),
            (rename(3, 9, "/z", "/y"), LedgerError::NoId(id(9))),
            (rename(3, 2, "/b", "/a"), taken("/a", 1)),
            (done(9, 1), LedgerError::NotOpen(Seq::new(9))),
            (done(1, 2), LedgerError::IdTaken { id: id(2), path: path("/b") }),
            (done(1, 0), LedgerError::BadId(id(0))),
            (done(2, 1), same(id(1))),
            (put("/z", 1), LedgerError::IdTaken { id: id(1), path: path("/a") }),
            (put("", 9), LedgerError::Top),
            (protect(&["/a", ""], &[]), LedgerError::Top),
            (put("/z", -1), LedgerError::BadId(id(-1))),
            (Record::Drop { path: path("/z") }, LedgerError::NoPath(path("/z"))),
            (Record::Void { seq: Seq::new(3) }, LedgerError::NotOpen(Seq::new(3))),
            (shift("/a", "/b"), taken("/b", 2)),
            (shift("/a", "/a/b"), LedgerError::Within { from: path("/a"), to: path("/a/b") }),
        ] {
            let mut ledger = before.clone();
            assert_eq!(ledger.apply(&record), Err(error));
            assert_eq!(groups(&ledger), groups(&before));
            assert_eq!(ledger.open().collect::<Vec<_>>(), before.open().collect::<Vec<_>>());
        }
    }
}
