//! A state made anew in place of one that is lost, damaged, or no longer wanted.
//!
//! What was there is first written aside, never deleted. Then the new state file is put in place, then the journal: whatever
//! dies in between leaves files that do not belong together, which are refused until this is done again. Intents that the
//! former journal left open are taken over as far as they can be read, since what they asked for may still land.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::state::disk;
use crate::state::disk::{Disk, RealDisk, resolve};
use crate::state::files::{Files, with_suffix};
use crate::state::journal::reader::Header;
use crate::state::journal::writer;
use crate::state::journal::writer::Guard;
use crate::state::lock::Lock;
use crate::state::recovery::StoredFiles;
use crate::state::{Change, Holder, Identity, Ledger, Seq, Snapshot, StateError};

/// What is there before a state is made anew.
#[derive(Debug)]
pub enum ExistingState {
    /// Neither a state nor a journal.
    Nothing,
    /// A state that could be used as it is.
    Sound(Box<Ledger>),
    /// Files that cannot be used, and why.
    Damaged(StateError),
}

/// The place of a state that is to be made anew, locked by this run.
pub struct RebuildStore {
    disk: Arc<dyn Disk>,
    files: Files,
    evidence: StoredFiles,
    remains: ExistingState,
    open: Vec<(Seq, Change)>,
    unread: usize,
    guard: Guard,
}

impl RebuildStore {
    /// Takes the lock and looks at what is there. Changes nothing.
    ///
    /// # Errors
    /// [`StateError`] when the lock is held, the files cannot be read or are newer, or what can be read of them belongs to
    /// another [`Identity`].
    pub fn open(path: &Path, identity: &Identity, holder: &Holder) -> Result<Self, StateError> {
        let files = Files::beside(resolve(path)?);
        let guard = Arc::new(Lock::take_for(&files, holder)?);
        Self::open_on(Arc::new(RealDisk), files, identity, guard)
    }

    fn open_on(disk: Arc<dyn Disk>, files: Files, identity: &Identity, guard: Guard) -> Result<Self, StateError> {
        let evidence = files.read(&*disk)?;
        let salvage = files.salvage(&evidence);
        for owner in files.owners(&evidence, &salvage) {
            identity.check(&owner.identity(), &files.state)?;
        }
        let (remains, open) = match files.join(&evidence).map(|finding| finding.ledger) {
            Ok(None) => (ExistingState::Nothing, Vec::new()),
            Ok(Some(ledger)) => {
                let open = ledger.open().map(|(seq, change)| (seq, change.clone())).collect();
                (ExistingState::Sound(Box::new(ledger)), open)
            }
            Err(error @ StateError::Newer { .. }) => return Err(error),
            Err(error) => (ExistingState::Damaged(error), salvage.open.into_iter().collect()),
        };
        let unread = if matches!(remains, ExistingState::Damaged(_)) { salvage.unread } else { 0 };
        Ok(Self { disk, files, evidence, remains, open, unread, guard })
    }

    /// Returns what is there.
    #[must_use]
    pub fn remains(&self) -> &ExistingState {
        &self.remains
    }

    /// Returns how many lines of a damaged journal cannot be read; each may hide an intent.
    #[must_use]
    pub fn unread(&self) -> usize {
        self.unread
    }

    /// Begins a state of a new lineage that records nothing yet, with the intents that were left open.
    ///
    /// # Errors
    /// [`StateError::Contradicted`] if the intents contradict each other.
    pub fn begin(&self, identity: &Identity) -> Result<Ledger, StateError> {
        let mut ledger = self.files.start(Snapshot::new(identity))?;
        for (seq, change) in &self.open {
            let carried = ledger.carry(*seq, change.clone());
            carried.map_err(|source| StateError::Contradicted { path: self.files.journal.clone(), line: 1, source })?;
        }
        Ok(ledger)
    }

    /// Puts what was there aside, and the ledger in its place. Returns the files that were put aside. Then the lock is free.
    ///
    /// # Errors
    /// [`StateError`] when writing failed. What was there is then still there, or aside.
    pub fn replace(self, ledger: &Ledger) -> Result<Vec<PathBuf>, StateError> {
        self.guard.check()?;
        let aside = self.put_aside()?;
        let snapshot = ledger.snapshot();
        disk::replace(&*self.disk, &self.files.state, &snapshot.to_text(1))?;
        match ledger.open().next() {
            None => disk::remove(&*self.disk, &self.files.journal)?,
            Some(_) => {
                let header = Header::new(snapshot, 1, ledger.open());
                writer::write_new(&*self.disk, &self.files.journal, &header)?;
            }
        }
        Ok(aside)
    }

    fn put_aside(&self) -> Result<Vec<PathBuf>, StateError> {
        let word = if matches!(self.remains, ExistingState::Damaged(_)) { "damaged" } else { "former" };
        let mut aside = Vec::new();
        for (path, bytes) in [(&self.files.state, &self.evidence.state), (&self.files.journal, &self.evidence.journal)]
        {
            if let Some(bytes) = bytes {
                let place = self.free_place(path, word)?;
                disk::replace(&*self.disk, &place, bytes)?;
                aside.push(place);
            }
        }
        Ok(aside)
    }

    fn free_place(&self, path: &Path, word: &str) -> Result<PathBuf, StateError> {
        let mut number = 1;
        loop {
            let place = with_suffix(path, &format!(".{word}-{number}"));
            if !disk::exists(&*self.disk, &place)? {
                return Ok(place);
            }
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use tempfile::TempDir;

    use crate::group::{GroupId, GroupPath};
    use crate::state::rebuild::{ExistingState, RebuildStore};
    use crate::state::{Change, Holder, Identity, Ledger, Record, Seq, StateError, Store, read};

    struct Scene {
        folder: TempDir,
        identity: Identity,
    }

    fn holder() -> Holder {
        Holder { pid: 1, host: "here".to_owned(), command: "roomtree".to_owned(), since: None }
    }

    fn put(text: &str, id: i64) -> Record {
        Record::Put { path: GroupPath::parse(text).unwrap(), id: GroupId::new(id) }
    }

    fn intent(seq: u64, text: &str) -> Record {
        let change = Change::Create { path: GroupPath::parse(text).unwrap(), parent: GroupId::ROOT };
        Record::Intent { seq: Seq::new(seq), change }
    }

    impl Scene {
        fn new() -> Self {
            let identity = Identity { endpoint: "https://a".to_owned(), organization: None, root: GroupId::ROOT };
            Self { folder: tempfile::tempdir().unwrap(), identity }
        }

        fn path(&self) -> PathBuf {
            self.folder.path().join("s.json")
        }

        fn journal(&self) -> PathBuf {
            self.folder.path().join("s.json.journal")
        }

        fn names(&self) -> Vec<String> {
            let entries = fs::read_dir(self.folder.path()).unwrap();
            let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        }

        /// A run that folds, and one after it that dies.
        fn lived(&self, folded: &[Record], left: &[Record]) {
            for (records, folds) in [(folded, true), (left, false)] {
                let (mut store, mut ledger) = Store::open(&self.path(), self.identity.clone(), holder()).unwrap();
                let mut journal = store.journal().unwrap();
                records.iter().for_each(|record| ledger.apply(record).unwrap());
                journal.append(records).unwrap();
                journal.sync().unwrap();
                if folds {
                    store.checkpoint(Some(journal), &ledger).unwrap();
                }
            }
        }

        fn anew(&self) -> Result<RebuildStore, StateError> {
            RebuildStore::open(&self.path(), &self.identity, &holder())
        }

        fn replace(&self, anew: RebuildStore, records: &[Record]) -> Ledger {
            let mut ledger = anew.begin(&self.identity).unwrap();
            records.iter().for_each(|record| ledger.apply(record).unwrap());
            anew.replace(&ledger).unwrap();
            read(&self.path()).unwrap().unwrap()
        }
    }

    #[test]
    fn a_lost_state_is_made_anew() {
        let scene = Scene::new();
        let anew = scene.anew().unwrap();
        assert!(matches!(anew.remains(), ExistingState::Nothing));
        let ledger = scene.replace(anew, &[put("/a", 1)]);
        assert_eq!((ledger.snapshot().serial, ledger.snapshot().groups.len()), (1, 1));
        assert_eq!(scene.names(), ["s.json"]);
    }

    #[test]
    fn a_damaged_state_is_kept_aside_and_open_intents_are_taken_over() {
        let scene = Scene::new();
        scene.lived(&[put("/a", 1)], &[intent(1, "/b"), intent(2, "/c"), Record::Void { seq: Seq::new(1) }]);
        fs::write(scene.path(), "nonsense").unwrap();
        let anew = scene.anew().unwrap();
        assert!(matches!(anew.remains(), ExistingState::Damaged(StateError::Damaged { .. })));
        assert_eq!(anew.unread(), 0);
        let ledger = scene.replace(anew, &[put("/a", 1)]);
        assert_eq!(ledger.open().map(|(seq, _)| seq.get()).collect::<Vec<_>>(), [2]);
        assert_eq!(fs::read_to_string(scene.folder.path().join("s.json.damaged-1")).unwrap(), "nonsense");
        assert_eq!(scene.names(), ["s.json", "s.json.damaged-1", "s.json.journal", "s.json.journal.damaged-1"]);
        fs::write(scene.path(), "again").unwrap();
        scene.replace(scene.anew().unwrap(), &[]);
        assert!(scene.names().contains(&"s.json.damaged-2".to_owned()));
    }

    #[test]
    fn what_cannot_be_read_of_a_damaged_journal_is_counted() {
        let scene = Scene::new();
        scene.lived(&[put("/a", 1)], &[intent(1, "/b"), intent(2, "/c"), intent(3, "/d")]);
        let text = fs::read_to_string(scene.journal()).unwrap().replace("/c", "/x");
        fs::write(scene.journal(), text).unwrap();
        let anew = scene.anew().unwrap();
        assert!(matches!(anew.remains(), ExistingState::Damaged(_)));
        assert_eq!((anew.unread(), anew.begin(&scene.identity).unwrap().open().count()), (1, 2));
    }

    #[test]
    fn a_sound_state_is_kept_aside_too() {
        let scene = Scene::new();
        scene.lived(&[put("/a", 1)], &[put("/b", 2), intent(1, "/c")]);
        let anew = scene.anew().unwrap();
        match anew.remains() {
            ExistingState::Sound(ledger) => assert_eq!(ledger.snapshot().groups.len(), 2),
            other => panic!("{other:?}"),
        }
        assert_eq!(scene.replace(anew, &[]).open().count(), 1);
        assert!(scene.names().contains(&"s.json.former-1".to_owned()));
        assert!(scene.names().contains(&"s.json.journal.former-1".to_owned()));
    }

    #[test]
    fn the_state_of_another_and_a_newer_one_are_refused() {
        let mut scene = Scene::new();
        scene.lived(&[put("/a", 1)], &[intent(1, "/b")]);
        let text = fs::read_to_string(scene.path()).unwrap();
        scene.identity.endpoint = "https://b".to_owned();
        assert!(matches!(scene.anew().map(|_| ()), Err(StateError::Foreign { .. })));
        fs::write(scene.path(), "nonsense").unwrap();
        assert!(matches!(scene.anew().map(|_| ()), Err(StateError::Foreign { .. })), "the journal tells whose it is");
        scene.identity.endpoint = "https://a".to_owned();
        fs::write(scene.path(), text.replace("\"format\": 1", "\"format\": 2")).unwrap();
        assert!(matches!(scene.anew().map(|_| ()), Err(StateError::Newer { .. })));
        assert_eq!(scene.names(), ["s.json", "s.json.journal"]);
    }

    #[test]
    fn a_run_that_dies_between_the_files_is_done_again() {
        let scene = Scene::new();
        scene.lived(&[put("/a", 1)], &[intent(1, "/b")]);
        let journal = fs::read(scene.journal()).unwrap();
        scene.replace(scene.anew().unwrap(), &[put("/a", 1)]);
        fs::write(scene.journal(), journal).unwrap();
        let anew = scene.anew().unwrap();
        assert!(matches!(anew.remains(), ExistingState::Damaged(StateError::Apart { .. })));
        assert_eq!(scene.replace(anew, &[put("/a", 1)]).open().count(), 1);
    }
}
