//! The promise of this folder, tried out in full: whatever dies at whatever step, the next run has every record whose sync
//! had returned, in order, with nothing between left out, and is never told that something is damaged.
//!
//! Scripted lives run on a [`FrailDisk`]. Each is killed before and after every step; of each death every [`Platter`] that a
//! loss of power may leave is opened again. Then a second life on each of those is killed in every way too.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::group::{GroupId, GroupPath};
use crate::state::files::Files;
use crate::state::store::look;
use crate::state::testing::simulated_disk::{DiskImage, Fault, SimulatedDisk};
use crate::state::{Change, Identity, Journal, Ledger, Record, Seq, Snapshot, StateError, Store};

/// One thing that a run does. A run begins with opening the store, and ends with a fold.
#[derive(Clone, Debug)]
enum Deed {
    Append(Vec<Record>),
    Sync,
    /// Known to the ledger alone, as `state forget` does it.
    Apply(Record),
    Fold,
}

/// What a life has handed over, and how much of it must be there afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Told {
    offered: Vec<Record>,
    promised: usize,
}

/// A run in progress.
struct Run {
    store: Store,
    journal: Journal,
    ledger: Ledger,
}

fn create(seq: u64, text: &str, parent: i64) -> Record {
    intent(seq, Change::Create { path: path(text), parent: GroupId::new(parent) })
}

fn rename(seq: u64, id: i64, from: &str, to: &str) -> Record {
    intent(seq, Change::Rename { id: GroupId::new(id), from: path(from), to: path(to) })
}

fn delete(seq: u64, text: &str, id: i64) -> Record {
    intent(seq, Change::Delete { path: path(text), id: GroupId::new(id) })
}

fn intent(seq: u64, change: Change) -> Record {
    Record::Intent { seq: Seq::new(seq), change }
}

fn done(seq: u64, id: i64) -> Record {
    Record::Done { seq: Seq::new(seq), id: GroupId::new(id) }
}

fn void(seq: u64) -> Record {
    Record::Void { seq: Seq::new(seq) }
}

fn put(text: &str, id: i64) -> Record {
    Record::Put { path: path(text), id: GroupId::new(id) }
}

fn protect(protected: &[&str], released: &[&str]) -> Record {
    let paths = |texts: &[&str]| texts.iter().map(|text| path(text)).collect();
    Record::Protect { protected: paths(protected), released: paths(released) }
}

fn path(text: &str) -> GroupPath {
    GroupPath::parse(text).unwrap()
}

/// Nine runs: intents left open over a fold, outcomes that were never synced, protection, runs that change nothing.
fn long_life() -> Vec<Deed> {
    use Deed::{Append, Apply, Fold, Sync};
    let first = vec![
        Append(vec![create(1, "/a", 0)]),
        Sync,
        Append(vec![done(1, 101), create(2, "/b", 0)]),
        Append(vec![create(3, "/a/x", 101)]),
        Sync,
        Append(vec![done(2, 102)]),
        Fold,
    ];
    let second = vec![
        Append(vec![done(3, 103), rename(4, 101, "/a", "/c")]),
        Sync,
        Append(vec![done(4, 101)]),
        Sync,
        Append(vec![delete(5, "/b", 102)]),
        Sync,
        Append(vec![void(5)]),
        Fold,
    ];
    let idle = vec![Fold, Append(vec![create(6, "/d", 0)]), Sync, Append(vec![void(6)]), Fold];
    let open = vec![Append(vec![delete(7, "/b", 102)]), Sync, Fold, Fold, Append(vec![done(7, 102)]), Fold];
    let protection =
        vec![Append(vec![protect(&["/c/x", "/c"], &[])]), Fold, Append(vec![protect(&[], &["/c"])]), Sync, Fold];
    [first, second, idle, open, vec![Apply(put("/e", 105)), Fold], protection].concat()
}

/// What a run does that finds the remains of another.
fn second_life() -> Vec<Deed> {
    use Deed::{Append, Apply, Fold, Sync};
    let alone = vec![Apply(put("/x", 902)), Fold, Append(vec![protect(&["/x"], &[])]), Fold];
    [alone, vec![Append(vec![put("/z", 900)]), Sync, Append(vec![put("/y", 901)]), Fold]].concat()
}

fn files() -> Files {
    Files::beside(PathBuf::from("/s/state.json"))
}

fn identity() -> Identity {
    Identity { endpoint: "https://a".to_owned(), organization: None, root: GroupId::ROOT }
}

impl Run {
    fn open(disk: &SimulatedDisk) -> Result<Self, StateError> {
        let fresh = Snapshot { lineage: "6a0f".to_owned(), ..Snapshot::new(&identity()) };
        let disk = Arc::new(disk.clone());
        let (mut store, ledger) = Store::open_on(disk, files(), &identity(), fresh, Arc::new(()))?;
        Ok(Self { journal: store.journal()?, store, ledger })
    }

    fn take(&mut self, records: &[Record], told: &mut Told) {
        for record in records {
            self.ledger.apply(record).unwrap();
            told.offered.push(record.clone());
        }
    }

    fn checkpoint(self, told: &mut Told) -> Result<(), StateError> {
        self.store.checkpoint(Some(self.journal), &self.ledger)?;
        told.promised = told.offered.len();
        Ok(())
    }
}

/// Lives until the end of the script or the first error; even after an error a run tries to fold.
fn live(disk: &SimulatedDisk, script: &[Deed], told: &mut Told) -> Result<(), StateError> {
    for run in script.split_inclusive(|deed| matches!(deed, Deed::Fold)) {
        let mut open = Run::open(disk)?;
        told.promised = told.offered.len();
        let done = run.iter().try_for_each(|deed| act(&mut open, deed, told));
        open.checkpoint(told)?;
        done?;
    }
    Ok(())
}

fn act(run: &mut Run, deed: &Deed, told: &mut Told) -> Result<(), StateError> {
    match deed {
        Deed::Append(records) => {
            run.take(records, told);
            run.journal.append(records)?;
        }
        Deed::Sync => {
            run.journal.sync()?;
            told.promised = told.offered.len();
        }
        Deed::Apply(record) => run.take(std::slice::from_ref(record), told),
        Deed::Fold => {}
    }
    Ok(())
}

/// Opens what a death left. Returns how many of the records are there.
fn check(platter: &DiskImage, told: &Told) -> usize {
    let disk = SimulatedDisk::new(platter.clone(), None);
    let seen = look(&disk, &files()).unwrap_or_else(|error| panic!("{error}: {told:?} {platter:?}"));
    let run = Run::open(&disk).unwrap_or_else(|error| panic!("{error}: {told:?} {platter:?}"));
    assert!(seen.is_none_or(|seen| essence(&seen) == essence(&run.ledger)));
    assert!(disk.platter().names().iter().all(|name| !name.to_string_lossy().contains(".tmp-")));
    let counts = told.promised..=told.offered.len();
    let found = counts.rev().find(|count| essence(&replay(&told.offered[..*count])) == essence(&run.ledger));
    found.unwrap_or_else(|| panic!("lost something: {:?} of {told:?} in {platter:?}", run.ledger))
}

fn check_all(deaths: &[(DiskImage, Told)]) {
    for (platter, told) in deaths {
        check(platter, told);
    }
}

fn replay(records: &[Record]) -> Ledger {
    let mut ledger = Ledger::new(Snapshot::new(&identity())).unwrap();
    records.iter().for_each(|record| ledger.apply(record).unwrap());
    ledger
}

/// What the promise is about.
type Essence<'a> = (Vec<(&'a GroupPath, &'a GroupId)>, Vec<&'a GroupPath>, Vec<(Seq, &'a Change)>);

fn essence(ledger: &Ledger) -> Essence<'_> {
    let Snapshot { groups, protected, .. } = ledger.snapshot();
    (groups.iter().collect(), protected.iter().collect(), ledger.open().collect())
}

/// Everything that can be found after this script met this fault at any step.
fn deaths(start: &DiskImage, told: &Told, script: &[Deed], faults: &[Fault]) -> Vec<(DiskImage, Told)> {
    let steps = steps(start, told, script);
    let all = faults.iter().flat_map(|fault| (0..steps).map(move |step| (step, *fault)));
    all.flat_map(|fault| remains(start, told, script, fault)).collect()
}

fn remains(start: &DiskImage, told: &Told, script: &[Deed], fault: (usize, Fault)) -> Vec<(DiskImage, Told)> {
    let (disk, mut told) = (SimulatedDisk::new(start.clone(), Some(fault)), told.clone());
    let _ = live(&disk, script, &mut told);
    let platter = disk.platter();
    let left = platter.after_power_loss().into_iter().chain([platter]);
    left.map(|platter| (platter, told.clone())).collect()
}

fn steps(start: &DiskImage, told: &Told, script: &[Deed]) -> usize {
    let disk = SimulatedDisk::new(start.clone(), None);
    live(&disk, script, &mut told.clone()).unwrap();
    disk.steps()
}

/// What was not met before.
#[derive(Default)]
struct Met(BTreeSet<(DiskImage, usize, usize)>);

impl Met {
    fn distinct(&mut self, mut deaths: Vec<(DiskImage, Told)>) -> Vec<(DiskImage, Told)> {
        deaths.retain(|(platter, told)| self.0.insert((platter.clone(), told.promised, told.offered.len())));
        deaths
    }
}

fn distinct(deaths: Vec<(DiskImage, Told)>) -> Vec<(DiskImage, Told)> {
    Met::default().distinct(deaths)
}

#[test]
fn a_life_without_faults_leaves_the_state_file_alone() {
    let (disk, mut told) = (SimulatedDisk::new(DiskImage::default(), None), Told::default());
    live(&disk, &long_life(), &mut told).unwrap();
    let platter = disk.platter();
    assert_eq!(platter.names(), [PathBuf::from("/s/state.json")]);
    let snapshot = files().snapshot(&disk).unwrap().unwrap();
    let groups: Vec<_> = snapshot.groups.iter().map(|(path, id)| (path.as_str(), id.get())).collect();
    assert_eq!(groups, [("/c", 101), ("/c/x", 103), ("/e", 105)]);
    assert_eq!(snapshot.protected.iter().map(GroupPath::as_str).collect::<Vec<_>>(), ["/c/x"]);
    assert_eq!(snapshot.serial, 6);
}

#[test]
fn whatever_dies_at_whatever_step_nothing_promised_is_lost() {
    let faults = [Fault::DiesBefore, Fault::DiesAfter];
    let deaths = distinct(deaths(&DiskImage::default(), &Told::default(), &long_life(), &faults));
    assert!(deaths.len() > 200, "only {} deaths", deaths.len());
    check_all(&deaths);
}

#[test]
fn whatever_write_or_sync_fails_nothing_promised_is_lost() {
    let deaths = distinct(deaths(&DiskImage::default(), &Told::default(), &long_life(), &[Fault::Full]));
    assert!(deaths.len() > 100, "only {} deaths", deaths.len());
    check_all(&deaths);
}

#[test]
fn a_second_life_may_die_in_every_way_too() {
    let (faults, mut met) = ([Fault::DiesBefore, Fault::DiesAfter, Fault::Full], Met::default());
    for (platter, told) in distinct(deaths(&DiskImage::default(), &Told::default(), &long_life(), &faults)) {
        let count = check(&platter, &told);
        let told = Told { offered: told.offered[..count].to_vec(), promised: told.promised };
        let again = met.distinct(deaths(&platter, &told, &second_life(), &faults));
        check_all(&again);
    }
}

#[test]
fn after_a_failure_nothing_more_is_written() {
    for fault in 1..7 {
        let disk = SimulatedDisk::new(DiskImage::default(), Some((fault, Fault::Full)));
        let mut run = Run::open(&disk).unwrap();
        let failed = run.journal.append(&[put("/a", 1)]).and_then(|()| run.journal.sync()).is_err();
        let before = disk.platter();
        let again = run.journal.append(&[put("/b", 2)]);
        assert_eq!(matches!(again, Err(StateError::Poisoned { .. })), failed);
        assert_eq!(matches!(run.journal.sync(), Err(StateError::Poisoned { .. })), failed);
        assert_eq!(disk.platter() == before, failed);
    }
}
