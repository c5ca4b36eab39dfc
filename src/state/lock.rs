//! Keeps a second run out while one has the state, and says who has it.
//!
//! The lock is a file next to the state that one process holds (`crate::file_lock`), so it ends with its process; a file that a killed
//! run left behind locks nothing. What is written in it says who has it.

use std::fmt;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::file_lock::{FileLock, Place, is_held, open_regular};
use crate::state::error::Step;
use crate::state::files::{Files, with_suffix};
use crate::state::{Holder, StateError};
use crate::tr;

/// How often the lock is tried before another run counts as its holder, and how long to wait in between.
const TRIES: usize = 4;
const BETWEEN_TRIES: Duration = Duration::from_millis(10);

/// Keeps other runs out for as long as it lives.
pub(super) trait Exclusive: Send + Sync {
    /// Says whether the file that keeps them out is still in its place.
    fn place(&self) -> Place;

    /// Makes sure that it is.
    ///
    /// # Errors
    /// [`StateError::Removed`].
    fn check(&self) -> Result<(), StateError>;
}

/// The lock, held until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    held: FileLock,
}

impl Lock {
    /// Takes the lock of a state. A run whose lock file was removed still holds its journal.
    pub(super) fn take_for(files: &Files, holder: &Holder) -> Result<Self, StateError> {
        let lock = Self::take(&with_suffix(&files.state, ".lock"), holder)?;
        look(&files.journal)?;
        Ok(lock)
    }

    /// Takes the lock or says who has it.
    pub(super) fn take(path: &Path, holder: &Holder) -> Result<Self, StateError> {
        let mut held = take_at_last(path).map_err(StateError::disk(Step::Lock, path))?.ok_or_else(|| locked(path))?;
        let text = serde_json::to_vec(holder).map_err(Into::into);
        text.and_then(|text| held.write(&text)).map_err(StateError::disk(Step::Lock, path))?;
        Ok(Self { path: path.to_owned(), held })
    }
}

impl Exclusive for Lock {
    fn place(&self) -> Place {
        self.held.place()
    }

    fn check(&self) -> Result<(), StateError> {
        match self.place() {
            Place::Same => Ok(()),
            Place::Missing | Place::Other => Err(StateError::Removed { path: self.path.clone() }),
        }
    }
}

/// Tries a few times: a process that only checks whether the file is held has it for a moment.
fn take_at_last(path: &Path) -> io::Result<Option<FileLock>> {
    for _ in 1..TRIES {
        if let Some(held) = FileLock::take(path)? {
            return Ok(Some(held));
        }
        thread::sleep(BETWEEN_TRIES);
    }
    FileLock::take(path)
}

/// What came of clearing a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unlocked {
    /// There is no lock file.
    Nothing,
    /// A file that nobody held is removed.
    Removed {
        /// Who held it before, if that could be read.
        holder: Option<Holder>,
    },
}

/// Removes a lock file that nobody holds.
pub(super) fn clear(path: &Path) -> Result<Unlocked, StateError> {
    let held = match FileLock::take_existing(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Unlocked::Nothing),
        taken => taken.map_err(StateError::disk(Step::Lock, path))?.ok_or_else(|| locked(path))?,
    };
    let holder = read_holder(path);
    held.remove().map_err(StateError::disk(Step::Remove, path))?;
    Ok(Unlocked::Removed { holder })
}

/// Says who holds a lock, without taking it for longer than the look lasts. A file that nobody holds stays as it is.
pub(super) fn look(path: &Path) -> Result<(), StateError> {
    match is_held(path).map_err(StateError::disk(Step::Lock, path))? {
        true => Err(locked(path)),
        false => Ok(()),
    }
}

fn locked(path: &Path) -> StateError {
    StateError::Locked { path: path.to_owned(), holder: read_holder(path) }
}

fn read_holder(path: &Path) -> Option<Holder> {
    let mut text = String::new();
    open_regular(path, OpenOptions::new().read(true)).ok()?.take(4096).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { command, pid, host, since } = self;
        f.write_str(&tr!(format: "`{command}`, process {pid} on {host}", "`{command}`，{host} 上的进程 {pid}"))?;
        since.iter().try_for_each(|since| f.write_str(&tr!(format: ", since {since}", "，始于 {since}")))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::state::lock::{Holder, Lock, Unlocked, clear, look};
    use crate::state::{StateError, StateErrorKind};

    fn holder(pid: u32) -> Holder {
        Holder { pid, host: "here".to_owned(), command: "roomtree apply".to_owned(), since: None }
    }

    #[test]
    fn a_second_run_is_told_who_holds_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.lock");
        let _lock = Lock::take(&path, &holder(1)).unwrap();
        match Lock::take(&path, &holder(2)) {
            Err(StateError::Locked { holder: found, .. }) => assert_eq!(found, Some(holder(1))),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_file_goes_with_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.lock");
        drop(Lock::take(&path, &holder(1)).unwrap());
        assert!(!path.exists());
    }

    #[test]
    fn a_file_left_behind_locks_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.lock");
        fs::write(&path, "{\"pid\":1,\"host\":\"a much longer text than the next one\",\"command\":\"apply\"} ")
            .unwrap();
        let _lock = Lock::take(&path, &holder(2)).unwrap();
        assert_eq!(fs::read(&path).unwrap(), serde_json::to_vec(&holder(2)).unwrap());
    }

    #[test]
    fn a_look_sees_the_holder_and_takes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.lock");
        assert!(look(&path).is_ok());
        assert!(!path.exists());
        let lock = Lock::take(&path, &holder(1)).unwrap();
        assert!(matches!(look(&path), Err(StateError::Locked { holder: Some(found), .. }) if found == holder(1)));
        drop(lock);
        fs::write(&path, serde_json::to_vec(&holder(3)).unwrap()).unwrap();
        assert!(look(&path).is_ok());
        assert!(Lock::take(&path, &holder(2)).is_ok());
    }

    #[test]
    fn only_a_file_that_nobody_holds_is_cleared() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.lock");
        assert_eq!(clear(&path).unwrap(), Unlocked::Nothing);
        let lock = Lock::take(&path, &holder(1)).unwrap();
        assert!(matches!(clear(&path), Err(StateError::Locked { holder: Some(found), .. }) if found == holder(1)));
        assert!(path.exists());
        drop(lock);
        fs::write(&path, serde_json::to_vec(&holder(3)).unwrap()).unwrap();
        assert_eq!(clear(&path).unwrap(), Unlocked::Removed { holder: Some(holder(3)) });
        assert!(!path.exists());
    }

    #[test]
    fn a_missing_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let error = Lock::take(&folder.path().join("none/s.lock"), &holder(1)).unwrap_err();
        assert_eq!(error.kind(), StateErrorKind::Disk);
        assert_eq!(error.remedy(), "make the folder first, or name another one (the state's with `--state`)");
    }
}
