//! The state while a run has it: opened under the lock, recorded to through the journal, folded at the end.
//!
//! A symbolic link to a state file is followed: lock, journal and the new file stand beside the file it leads to, and the
//! link stays. A fold that changes no group writes nothing; a first run that records no group leaves no file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::state::durable::{self, Disk, RealDisk, Step};
use crate::state::evidence::{Files, Finding, Standing, with_suffix};
use crate::state::journal::{self, Guard, Origin};
use crate::state::lock::Lock;
use crate::state::tape::Header;
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

/// Who folds takes away what was read first; so anything but a plain answer must be seen twice to be believed.
fn look(disk: &dyn Disk, files: &Files) -> Result<Option<Ledger>, StateError> {
    let mut seen = files.read(disk)?;
    for _ in 0..LOOKS {
        match files.join(&seen) {
            Ok(Finding { ledger, standing: Standing::Absent | Standing::Current { .. } }) => return Ok(ledger),
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
        let state = resolve(path)?;
        let lock = Lock::take(&with_suffix(&state, ".lock"), &holder)?;
        Self::open_on(Arc::new(RealDisk), Files::beside(state), &identity, Arc::new(lock))
    }

    pub(super) fn open_on(
        disk: Arc<dyn Disk>,
        files: Files,
        identity: &Identity,
        guard: Guard,
    ) -> Result<(Self, Ledger), StateError> {
        let Finding { ledger, standing } = files.join(&files.read(&*disk)?)?;
        let mut ledger = ledger.map_or_else(|| fresh(identity, &files), Ok)?;
        identity.check(ledger.snapshot(), &files.state)?;
        ledger.adopt_organization(identity.organization.as_ref());
        let base = Header::new(ledger.snapshot(), ledger.snapshot().serial, std::iter::empty());
        let mut store = Self { disk, files, base, has_journal: false, guard };
        store.mend(standing, &ledger)?;
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
    pub fn fold(self, journal: Option<Journal>, ledger: &Ledger) -> Result<Snapshot, StateError> {
        let is_used = journal.as_ref().is_some_and(Journal::is_used);
        if let Some(mut journal) = journal {
            // The new state file does not rest on the journal, so a journal that cannot be synced must not stop it.
            let _ = journal.sync();
        }
        let serial = self.base.serial + u64::from(self.is_changed(ledger)?);
        if serial > self.base.serial {
            durable::replace(&*self.disk, &self.files.state, &ledger.snapshot().to_text(serial))?;
        }
        self.clear(ledger, serial, is_used)?;
        Ok(Snapshot { serial, ..ledger.snapshot().clone() })
    }

    fn clear(&self, ledger: &Ledger, serial: u64, is_used: bool) -> Result<(), StateError> {
        if ledger.open().next().is_none() {
            return durable::remove(&*self.disk, &self.files.journal);
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
            None if self.base.serial == 0 => Ok(!ledger.snapshot().groups.is_empty()),
            Some(file) if file.lineage == self.base.lineage && file.serial == self.base.serial => {
                Ok(file.groups != ledger.snapshot().groups)
            }
            _ => Err(StateError::Exchanged { path: self.files.state.clone() }),
        }
    }

    /// What is found may never have been synced, so nothing builds on it before it is.
    fn mend(&mut self, standing: Standing, ledger: &Ledger) -> Result<(), StateError> {
        durable::sweep(&*self.disk, &self.files.state);
        durable::sweep(&*self.disk, &self.files.journal);
        match standing {
            Standing::Absent => Ok(()),
            Standing::Current { sound, is_torn } => {
                self.has_journal = true;
                self.secure(sound, is_torn)
            }
            Standing::Folded => {
                durable::sync_names(&*self.disk, &self.files.state)?;
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
        tail.sync().map_err(StateError::disk(Step::Sync, path))?;
        durable::sync_names(&*self.disk, path)
    }

    fn finish_fold(&self, ledger: &Ledger) -> Result<(), StateError> {
        match self.has_journal {
            true => self.restart(&Header::new(ledger.snapshot(), self.base.serial, ledger.open())),
            false => durable::remove(&*self.disk, &self.files.journal),
        }
    }

    fn restart(&self, header: &Header) -> Result<(), StateError> {
        journal::write_new(&*self.disk, &self.files.journal, header)
    }
}

fn fresh(identity: &Identity, files: &Files) -> Result<Ledger, StateError> {
    let path = files.state.clone();
    Ledger::new(Snapshot::new(identity)).map_err(|source| StateError::Contradicted { path, line: 1, source })
}

/// Follows a symbolic link; refuses what is neither a file nor missing.
fn resolve(path: &Path) -> Result<PathBuf, StateError> {
    let not_a_file = || StateError::NotAFile { path: path.to_owned() };
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(path.to_owned()),
        Err(error) => Err(StateError::disk(Step::Read, path)(error)),
        Ok(found) if found.is_file() => Ok(path.to_owned()),
        Ok(found) if found.is_symlink() => {
            let target = fs::canonicalize(path).map_err(|_| not_a_file())?;
            if target.is_file() { Ok(target) } else { Err(not_a_file()) }
        }
        Ok(_) => Err(not_a_file()),
    }
}
