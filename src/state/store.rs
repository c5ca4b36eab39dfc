//! The state while a run has it: opened under the lock, recorded to through the journal, folded at the end.
//!
//! A symbolic link to a state file is followed: lock, journal and the new file are next to the file it leads to, and the
//! link stays. Links in place of lock and journal are refused. A fold that changes no group writes nothing; a first run that records no group leaves no file.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use tracing::info;

use crate::file_lock::Place;
use crate::state::disk;
use crate::state::disk::{Disk, RealDisk, resolve};
use crate::state::error::Step;
use crate::state::files::{Files, with_suffix};
use crate::state::journal::reader::Header;
use crate::state::journal::writer;
use crate::state::journal::writer::{Guard, Origin};
use crate::state::lock;
use crate::state::lock::{Lock, Unlocked};
use crate::state::recovery::{JournalStatus, Recovered};
use crate::state::{Holder, Identity, Journal, Ledger, Snapshot, StateError};

/// How often a reader looks again when a run folds meanwhile.
const LOOKS: usize = 8;

/// The state, locked by this run.
pub struct Store {
    disk: Arc<dyn Disk>,
    files: Files,
    base: Header,
    has_journal: bool,
    guard: Guard,
}

/// Reads the state without the lock and without changing anything. `None` if there is none yet.
///
/// # Errors
/// [`StateError`] when the files cannot be read, are damaged or newer, or do not belong together.
pub fn read(path: &Path) -> Result<Option<Ledger>, StateError> {
    look(&RealDisk, &Files::beside(resolve(path)?))
}

/// Looks whether another run has the state, without taking the lock or changing anything.
///
/// # Errors
/// [`StateError::Locked`] when one has it; another [`StateError`] when that cannot be told.
pub fn look_for_run(path: &Path) -> Result<(), StateError> {
    lock::look(&with_suffix(&resolve(path)?, ".lock"))
}

/// A run that has a state just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Who it is, if that can be read.
    pub holder: Option<Holder>,
}

/// Returns the run that has the state just now, without the lock. Files that cannot be read count as no run.
#[must_use]
pub fn running(path: &Path) -> Option<Running> {
    let lock = with_suffix(&resolve(path).ok()?, ".lock");
    if std::fs::symlink_metadata(&lock).is_ok_and(|found| !found.is_file()) {
        return None;
    }
    match lock::look(&lock) {
        Err(StateError::Locked { holder, .. }) => Some(Running { holder }),
        _ => None,
    }
}

/// Removes the lock file that a killed run left behind, and says whether there was one.
///
/// # Errors
/// [`StateError::Locked`] when a run holds the lock: it ends with its process and cannot be taken from it.
pub fn unlock(path: &Path) -> Result<Unlocked, StateError> {
    lock::clear(&with_suffix(&resolve(path)?, ".lock"))
}

/// Who folds takes away what was read first; so anything but a plain answer must be seen twice to be believed.
pub(super) fn look(disk: &dyn Disk, files: &Files) -> Result<Option<Ledger>, StateError> {
    let mut seen = files.read(disk)?;
    for _ in 0..LOOKS {
        match files.join(&seen) {
            Ok(Recovered { ledger, standing: JournalStatus::Absent | JournalStatus::Current { .. } }) => {
                return Ok(ledger);
            }
            found => {
                let again = files.read(disk)?;
                if again == seen {
                    return found.map(|finding| finding.ledger);
                }
                seen = again;
            }
        }
    }
    files.join(&seen).map(|finding| finding.ledger)
}

impl Store {
    /// Takes the lock, reads the state and the journal, and mends what a crash left behind. Makes no state file.
    ///
    /// # Errors
    /// [`StateError`] when the lock is held, the files cannot be read, are damaged or newer, do not belong together, or belong
    /// to another [`Identity`]. Nothing was touched then.
    #[expect(clippy::needless_pass_by_value, reason = "a run has one identity and one holder and hands them over")]
    pub fn open(path: &Path, identity: Identity, holder: Holder) -> Result<(Self, Ledger), StateError> {
        let files = Files::beside(resolve(path)?);
        let lock = Lock::take_for(&files, &holder)?;
        info!(state = ?files.state, "lock taken");
        Self::open_on(Arc::new(RealDisk), files, &identity, Snapshot::new(&identity), Arc::new(lock))
    }

    /// Does what [`open`](Self::open) does once the lock is held; begins with the fresh state if there is none.
    pub(super) fn open_on(
        disk: Arc<dyn Disk>,
        files: Files,
        identity: &Identity,
        fresh: Snapshot,
        guard: Guard,
    ) -> Result<(Self, Ledger), StateError> {
        let Recovered { ledger, standing } = files.join(&files.read(&*disk)?)?;
        let mut ledger = ledger.map_or_else(|| files.start(fresh), Ok)?;
        identity.check(&ledger.snapshot().identity(), &files.state)?;
        ledger.adopt_organization(identity.organization.as_ref());
        let base = Header::new(ledger.snapshot(), ledger.snapshot().serial, std::iter::empty());
        let mut store = Self { disk, files, base, has_journal: false, guard };
        store.repair(standing, &ledger)?;
        Ok((store, ledger))
    }

    /// Returns the journal to record to. The file is made with the first record.
    ///
    /// # Errors
    /// None so far; opening fails with the first [`Journal::append`].
    pub fn journal(&mut self) -> Result<Journal, StateError> {
        let origin = if self.has_journal { Origin::Found } else { Origin::New(Box::new(self.base.clone())) };
        Ok(Journal::new(Arc::clone(&self.disk), self.files.journal.clone(), origin, Arc::clone(&self.guard)))
    }

    /// Makes the ledger the state file, and keeps of the journal only what is still open. Then the lock is free.
    ///
    /// # Errors
    /// [`StateError`] when writing failed or the state file was exchanged meanwhile; the journal still has everything.
    /// [`StateError::JournalReplaced`] when another file has the journal's place: the state is written then.
    pub fn checkpoint(self, journal: Option<Journal>, ledger: &Ledger) -> Result<Snapshot, StateError> {
        let began = Instant::now();
        let is_replaced = journal.as_ref().is_some_and(|journal| journal.place() == Place::Other);
        self.check_lock(is_replaced)?;
        let is_used = journal.as_ref().is_some_and(Journal::is_used);
        if let Some(mut journal) = journal {
            // The new state file does not rest on the journal, so a journal that cannot be synced must not stop it.
            let _ = journal.sync();
        }
        let serial = self.base.serial + u64::from(self.is_changed(ledger)?);
        if serial > self.base.serial {
            disk::replace(&*self.disk, &self.files.state, &ledger.snapshot().to_text(serial))?;
        }
        if is_replaced {
            let open = ledger.open().count();
            return Err(StateError::JournalReplaced { path: self.files.journal.clone(), open });
        }
        self.clear(ledger, serial, is_used)?;
        let is_written = serial > self.base.serial;
        info!(serial, is_written, open = ledger.open().count(), ms = began.elapsed().as_millis(), "checkpoint");
        Ok(Snapshot { serial, ..ledger.snapshot().clone() })
    }

    /// A removed lock file permits writing, since the journal keeps other runs out; a replaced one can be another run's. Without the
    /// journal, the lock file has to be in its place.
    fn check_lock(&self, is_journal_replaced: bool) -> Result<(), StateError> {
        match self.guard.place() {
            Place::Same => Ok(()),
            Place::Missing if !is_journal_replaced => Ok(()),
            Place::Missing | Place::Other => Err(StateError::Exchanged { path: self.files.state.clone() }),
        }
    }

    fn clear(&self, ledger: &Ledger, serial: u64, is_used: bool) -> Result<(), StateError> {
        if ledger.open().next().is_none() {
            return disk::remove(&*self.disk, &self.files.journal);
        }
        if serial == self.base.serial && !is_used {
            return Ok(());
        }
        self.restart(&Header::new(ledger.snapshot(), serial, ledger.open()))
    }

    /// Compares with the file itself: what one record did another may have undone.
    fn is_changed(&self, ledger: &Ledger) -> Result<bool, StateError> {
        if !ledger.is_touched() {
            return Ok(false);
        }
        match self.files.snapshot(&*self.disk)? {
            None if self.base.serial == 0 => {
                let Snapshot { groups, protected, .. } = ledger.snapshot();
                Ok(!groups.is_empty() || !protected.is_empty())
            }
            Some(file) if file.lineage == self.base.lineage && file.serial == self.base.serial => {
                Ok(Snapshot { organization: None, ..file }
                    != Snapshot { organization: None, ..ledger.snapshot().clone() })
            }
            _ => Err(StateError::Exchanged { path: self.files.state.clone() }),
        }
    }

    /// What is found may never have been synced, so nothing builds on it before it is.
    fn repair(&mut self, standing: JournalStatus, ledger: &Ledger) -> Result<(), StateError> {
        disk::sweep(&*self.disk, &self.files.state);
        disk::sweep(&*self.disk, &self.files.journal);
        disk::sync_names(&*self.disk, &self.files.state)?;
        match standing {
            JournalStatus::Absent => Ok(()),
            JournalStatus::Current { sound, is_torn } => {
                self.has_journal = true;
                self.secure(sound, is_torn)
            }
            JournalStatus::Folded => {
                self.has_journal = ledger.open().next().is_some();
                self.finish_fold(ledger)
            }
        }
    }

    fn secure(&self, sound: u64, is_torn: bool) -> Result<(), StateError> {
        let path = &self.files.journal;
        let mut tail = self.disk.append(path).map_err(StateError::disk(Step::Write, path))?;
        if is_torn {
            tail.cut(sound).map_err(StateError::disk(Step::Cut, path))?;
        }
        tail.sync().map_err(StateError::disk(Step::Sync, path))
    }

    fn finish_fold(&self, ledger: &Ledger) -> Result<(), StateError> {
        match self.has_journal {
            true => self.restart(&Header::new(ledger.snapshot(), self.base.serial, ledger.open())),
            false => disk::remove(&*self.disk, &self.files.journal),
        }
    }

    fn restart(&self, header: &Header) -> Result<(), StateError> {
        writer::write_new(&*self.disk, &self.files.journal, header)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use tempfile::TempDir;

    use crate::group::{GroupId, GroupPath};
    use crate::state::{
        Change, Holder, Identity, Journal, Ledger, Record, Seq, Snapshot, StateError, StateErrorKind, Store, read,
    };

    /// A folder with a state in it.
    struct Scene {
        folder: TempDir,
        identity: Identity,
    }

    fn put(text: &str, id: i64) -> Record {
        Record::Put { path: GroupPath::parse(text).unwrap(), id: GroupId::new(id) }
    }

    fn forget(text: &str) -> Record {
        Record::Drop { path: GroupPath::parse(text).unwrap() }
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
            self.folder.path().join("acme.yaml.state.json")
        }

        fn names(&self) -> Vec<String> {
            let entries = fs::read_dir(self.folder.path()).unwrap();
            let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        }

        fn open_at(&self, path: &Path) -> Result<(Store, Ledger), StateError> {
            let (host, command) = ("here".to_owned(), "roomtree apply".to_owned());
            Store::open(path, self.identity.clone(), Holder { pid: 1, host, command, since: None })
        }

        fn error(&self) -> StateError {
            self.open_at(&self.path()).map(|_| ()).unwrap_err()
        }

        /// A run that dies before it folds.
        fn die_after(&self, records: &[Record]) {
            let (mut store, mut ledger) = self.open_at(&self.path()).unwrap();
            drop(record(&mut store, &mut ledger, records));
        }

        fn run(&self, records: &[Record]) -> Snapshot {
            let (mut store, mut ledger) = self.open_at(&self.path()).unwrap();
            let journal = record(&mut store, &mut ledger, records);
            store.checkpoint(Some(journal), &ledger).unwrap()
        }

        fn text(&self) -> String {
            fs::read_to_string(self.path()).unwrap()
        }

        fn journal(&self) -> PathBuf {
            self.folder.path().join("acme.yaml.state.json.journal")
        }

        fn lock(&self) -> PathBuf {
            self.folder.path().join("acme.yaml.state.json.lock")
        }
    }

    fn record(store: &mut Store, ledger: &mut Ledger, records: &[Record]) -> Journal {
        let mut journal = store.journal().unwrap();
        records.iter().for_each(|record| ledger.apply(record).unwrap());
        journal.append(records).unwrap();
        journal.sync().unwrap();
        journal
    }

    fn is_send<T: Send>(_: &T) -> bool {
        true
    }

    #[test]
    fn a_first_run_leaves_the_state_file_and_nothing_else() {
        let scene = Scene::new();
        let snapshot = scene.run(&[put("/a", 1)]);
        assert_eq!((snapshot.serial, snapshot.groups.len()), (1, 1));
        assert_eq!(scene.names(), ["acme.yaml.state.json"]);
        assert_eq!(read(&scene.path()).unwrap().unwrap().snapshot(), &snapshot);
    }

    #[test]
    fn a_run_that_changes_nothing_leaves_every_byte_and_no_litter() {
        let scene = Scene::new();
        scene.run(&[put("/a", 1)]);
        let odd = scene.text().replace("\n", "\n ");
        fs::write(scene.path(), &odd).unwrap();
        scene.run(&[]);
        scene.run(&[intent(1, "/b"), Record::Void { seq: Seq::new(1) }, put("/c", 3), forget("/c")]);
        assert_eq!((scene.text(), scene.names()), (odd, vec!["acme.yaml.state.json".to_owned()]));
    }

    #[test]
    fn a_first_run_without_groups_leaves_nothing() {
        let scene = Scene::new();
        scene.run(&[intent(1, "/a"), Record::Void { seq: Seq::new(1) }]);
        assert!(scene.names().is_empty());
        assert!(read(&scene.path()).unwrap().is_none());
    }

    #[test]
    fn what_a_dead_run_recorded_is_there_for_readers_and_the_next_run() {
        let scene = Scene::new();
        scene.die_after(&[put("/a", 1), intent(4, "/b")]);
        let seen = read(&scene.path()).unwrap().unwrap();
        let (_store, mut ledger) = scene.open_at(&scene.path()).unwrap();
        assert_eq!(seen.snapshot(), ledger.snapshot());
        assert_eq!((ledger.snapshot().groups.len(), ledger.open().count()), (1, 1));
        assert_eq!(ledger.next_seq(), Seq::new(5));
    }

    #[test]
    fn a_second_run_is_kept_out_while_the_journal_lives() {
        let scene = Scene::new();
        let (mut store, _) = scene.open_at(&scene.path()).unwrap();
        let journal = store.journal().unwrap();
        assert!(is_send(&journal) && is_send(&store));
        drop(store);
        assert_eq!(scene.error().kind(), StateErrorKind::Refused);
        drop(journal);
        assert!(scene.open_at(&scene.path()).is_ok());
    }

    #[test]
    fn litter_of_a_killed_run_is_swept_up() {
        let scene = Scene::new();
        for name in [".acme.yaml.state.json.tmp-1", ".acme.yaml.state.json.journal.tmp-2", "acme.yaml.state.json.lock"]
        {
            fs::write(scene.folder.path().join(name), "").unwrap();
        }
        scene.run(&[put("/a", 1)]);
        assert_eq!(scene.names(), ["acme.yaml.state.json"]);
    }

    #[test]
    fn the_state_of_another_is_refused() {
        let mut scene = Scene::new();
        scene.identity.organization = Some("ding1".to_owned());
        scene.run(&[put("/a", 1)]);
        scene.identity.organization = None;
        assert_eq!(scene.run(&[]).organization.as_deref(), Some("ding1"));
        for (endpoint, organization, root, what) in [
            ("https://b", None, 0, "endpoint `https://a`, this run is about `https://b`"),
            ("https://a", Some("ding2"), 0, "organization `ding1`, this run is about `ding2`"),
            ("https://a", Some("ding1"), 7, "root `0`, this run is about `7`"),
        ] {
            let (endpoint, organization) = (endpoint.to_owned(), organization.map(str::to_owned));
            scene.identity = Identity { endpoint, organization, root: GroupId::new(root) };
            let error = scene.error();
            assert!(error.to_string().contains(what), "{error}");
            assert_eq!(error.kind(), StateErrorKind::Refused);
        }
    }

    #[test]
    fn an_unknown_organization_is_learnt_with_the_next_change() {
        let mut scene = Scene::new();
        scene.run(&[put("/a", 1)]);
        scene.identity.organization = Some("ding1".to_owned());
        let before = scene.text();
        scene.run(&[]);
        assert_eq!(scene.text(), before);
        scene.run(&[put("/b", 2)]);
        assert!(scene.text().contains("\"organization\": \"ding1\""));
    }

    #[test]
    fn a_journal_and_a_state_that_do_not_belong_together_are_refused() {
        let scene = Scene::new();
        scene.run(&[put("/a", 1)]);
        let first = scene.text();
        scene.run(&[put("/b", 2)]);
        scene.die_after(&[put("/c", 3)]);
        fs::write(scene.path(), &first).unwrap();
        assert!(scene.error().to_string().contains("continues serial 2 of lineage"));
        assert_eq!(scene.error().kind(), StateErrorKind::Refused);
        fs::write(scene.path(), first.replace("\"lineage\": \"", "\"lineage\": \"0")).unwrap();
        assert_eq!(scene.error().kind(), StateErrorKind::Refused);
        fs::remove_file(scene.path()).unwrap();
        assert!(scene.error().to_string().ends_with("but the state beside it is missing"));
        assert!(read(&scene.path()).is_err());
    }

    #[test]
    fn a_state_that_is_exchanged_during_a_run_is_left_alone() {
        let scene = Scene::new();
        scene.run(&[put("/a", 1)]);
        let (mut store, mut ledger) = scene.open_at(&scene.path()).unwrap();
        let journal = record(&mut store, &mut ledger, &[put("/b", 2)]);
        let other = scene.text().replace("\"serial\": 1", "\"serial\": 5");
        fs::write(scene.path(), &other).unwrap();
        assert!(matches!(store.checkpoint(Some(journal), &ledger), Err(StateError::Exchanged { .. })));
        assert_eq!(scene.text(), other);
        assert!(scene.journal().exists());
    }

    #[test]
    fn damage_says_where_and_how_to_go_on() {
        let scene = Scene::new();
        scene.run(&[put("/a", 1)]);
        fs::write(scene.path(), scene.text().replace(": 1\n", ": x\n")).unwrap();
        let error = scene.error();
        assert!(error.to_string().ends_with("is damaged at line 9, column 11: expected value"), "{error}");
        assert!(error.remedy().contains("roomtree state rebuild"));
        assert_eq!(error.kind(), StateErrorKind::Input);
    }

    #[test]
    fn a_journal_that_contradicts_itself_is_damaged() {
        let scene = Scene::new();
        let (mut store, _) = scene.open_at(&scene.path()).unwrap();
        let mut journal = store.journal().unwrap();
        journal.append(&[put("/a", 1), put("/b", 1)]).unwrap();
        drop((store, journal));
        assert!(matches!(scene.error(), StateError::Contradicted { line: 4, .. }));
        assert_eq!(scene.error().kind(), StateErrorKind::Input);
    }

    #[test]
    fn newer_files_are_refused_before_anything_is_touched() {
        let scene = Scene::new();
        fs::write(scene.path(), "{\"format\": 2}").unwrap();
        fs::write(scene.folder.path().join(".acme.yaml.state.json.tmp-1"), "x").unwrap();
        assert!(matches!(scene.error(), StateError::Newer { format: 2, .. }));
        assert_eq!(scene.names().len(), 2);
    }

    #[test]
    fn what_is_no_file_is_refused() {
        let scene = Scene::new();
        fs::create_dir(scene.path()).unwrap();
        assert!(matches!(scene.error(), StateError::NotAFile { .. }));
        assert!(matches!(read(&scene.path()), Err(StateError::NotAFile { .. })));
    }

    #[test]
    fn large_file_is_refused_unread() {
        let scene = Scene::new();
        for path in [scene.path(), scene.journal()] {
            fs::File::create(&path).unwrap().set_len(10 << 30).unwrap();
            assert!(matches!(scene.error(), StateError::TooLarge { .. }));
            assert!(matches!(read(&scene.path()), Err(StateError::TooLarge { .. })));
            fs::remove_file(&path).unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_in_place_of_lock_and_journal_are_refused() {
        let scene = Scene::new();
        let target = scene.folder.path().join("target");
        for link in [scene.journal(), scene.lock()] {
            std::os::unix::fs::symlink(&target, &link).unwrap();
            assert!(matches!(scene.error(), StateError::NotAFile { path } if path == link));
            assert!(!target.exists() && link.is_symlink());
            fs::remove_file(&link).unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn no_record_is_written_once_lock_or_journal_is_removed() {
        for name in [Scene::lock, Scene::journal] {
            let scene = Scene::new();
            let (mut store, mut ledger) = scene.open_at(&scene.path()).unwrap();
            let mut journal = record(&mut store, &mut ledger, &[put("/a", 1)]);
            fs::remove_file(name(&scene)).unwrap();
            let error = journal.append(&[put("/b", 2)]).unwrap_err();
            assert!(matches!(error, StateError::Removed { path } if path == name(&scene)));
            store.checkpoint(Some(journal), &ledger).unwrap();
            assert_eq!(read(&scene.path()).unwrap().unwrap().snapshot().groups.len(), 1);
        }
    }

    #[cfg(unix)]
    #[test]
    fn state_is_not_written_under_the_lock_of_another_run() {
        for removed in [vec![Scene::lock as fn(&Scene) -> PathBuf], vec![Scene::journal, Scene::lock]] {
            let scene = Scene::new();
            let (mut store, mut ledger) = scene.open_at(&scene.path()).unwrap();
            let journal = record(&mut store, &mut ledger, &[put("/a", 1)]);
            removed.iter().for_each(|name| fs::remove_file(name(&scene)).unwrap());
            fs::write(removed[0](&scene), "another's").unwrap();
            assert!(matches!(store.checkpoint(Some(journal), &ledger), Err(StateError::Exchanged { .. })));
            assert_eq!(fs::read(removed[0](&scene)).unwrap(), b"another's");
            assert!(!scene.path().exists());
        }
    }

    #[cfg(unix)]
    #[test]
    fn state_is_written_and_a_replaced_journal_left_alone() {
        let scene = Scene::new();
        let (mut store, mut ledger) = scene.open_at(&scene.path()).unwrap();
        let journal = record(&mut store, &mut ledger, &[put("/a", 1), intent(1, "/b")]);
        fs::remove_file(scene.journal()).unwrap();
        fs::write(scene.journal(), "another's").unwrap();
        let error = store.checkpoint(Some(journal), &ledger).unwrap_err();
        assert!(matches!(error, StateError::JournalReplaced { path, open: 1 } if path == scene.journal()));
        assert_eq!(fs::read(scene.journal()).unwrap(), b"another's");
        fs::remove_file(scene.journal()).unwrap();
        assert_eq!(read(&scene.path()).unwrap().unwrap().snapshot().groups.len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn held_journal_keeps_a_run_out() {
        let scene = Scene::new();
        scene.die_after(&[put("/a", 1)]);
        let journal = fs::File::open(scene.journal()).unwrap();
        journal.lock().unwrap();
        assert!(matches!(scene.error(), StateError::Locked { path, .. } if path == scene.journal()));
        drop(journal);
        assert!(scene.open_at(&scene.path()).is_ok());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn run_without_its_files_keeps_a_run_out() {
        let scene = Scene::new();
        let (mut store, mut ledger) = scene.open_at(&scene.path()).unwrap();
        let journal = record(&mut store, &mut ledger, &[put("/a", 1)]);
        [scene.lock(), scene.journal()].iter().for_each(|path| fs::remove_file(path).unwrap());
        assert!(matches!(scene.error(), StateError::Locked { holder: None, .. }));
        store.checkpoint(Some(journal), &ledger).unwrap();
        assert_eq!(scene.names(), ["acme.yaml.state.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_of_a_state_stay() {
        use std::os::unix::fs::PermissionsExt;
        let scene = Scene::new();
        scene.run(&[put("/a", 1)]);
        fs::set_permissions(scene.path(), fs::Permissions::from_mode(0o600)).unwrap();
        scene.run(&[put("/b", 2)]);
        assert_eq!(fs::metadata(scene.path()).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_state_stays_a_link() {
        let (scene, other) = (Scene::new(), Scene::new());
        other.run(&[put("/a", 1)]);
        std::os::unix::fs::symlink(other.path(), scene.path()).unwrap();
        let (mut store, mut ledger) = scene.open_at(&scene.path()).unwrap();
        assert!(matches!(other.error(), StateError::Locked { .. }));
        let journal = record(&mut store, &mut ledger, &[put("/b", 2)]);
        store.checkpoint(Some(journal), &ledger).unwrap();
        assert!(scene.path().is_symlink());
        assert_eq!(read(&other.path()).unwrap().unwrap().snapshot().groups.len(), 2);
        assert_eq!(other.names(), ["acme.yaml.state.json"]);
        fs::remove_file(other.path()).unwrap();
        assert!(matches!(scene.error(), StateError::NotAFile { .. }));
    }

    #[test]
    #[ignore = "takes a million groups; run by hand for the times"]
    fn a_million_groups() {
        let scene = Scene::new();
        let start = std::time::Instant::now();
        let lap = |what: &str| eprintln!("{what}: {:?}", start.elapsed());
        let records: Vec<_> =
            (1..=1_000_000).map(|id| put(&format!("/北京/望京园区 {}/A 座 {id}", id / 100), id)).collect();
        lap("made");
        scene.die_after(&records);
        lap("recorded");
        let (store, ledger) = scene.open_at(&scene.path()).unwrap();
        lap("replayed");
        store.checkpoint(None, &ledger).unwrap();
        lap("folded");
        assert_eq!(read(&scene.path()).unwrap().unwrap().snapshot().groups.len(), 1_000_000);
        lap("read");
        let (mut store, mut ledger) = scene.open_at(&scene.path()).unwrap();
        let mut journal = store.journal().unwrap();
        lap("opened");
        for id in 1_000_001..1_010_001 {
            let batch = [put(&format!("/{id}"), id)];
            ledger.apply(&batch[0]).unwrap();
            journal.append(&batch).unwrap();
            if id % 100 == 0 {
                journal.sync().unwrap();
            }
        }
        lap("10,000 appended one by one, synced by the hundred");
    }
}
