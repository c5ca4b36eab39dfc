//! Keeps a second run out while one has the state, and says who has it.
//!
//! The lock is the operating system's lock on a file beside the state, so it ends with its process; a file that a killed run
//! left behind locks nothing. Its holder removes the file while still holding the lock; whoever waited for that file finds
//! that the path no longer leads to it and tries again. Where locks bar readers too (Windows) the holder may stay unnamed.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::say;
use crate::state::StateError;
use crate::state::durable::Step;

/// Who holds a lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The process.
    pub pid: u32,
    /// The machine.
    pub host: String,
    /// What it does.
    pub command: String,
    /// When it began, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

/// The lock, held until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    /// Takes the lock or says who has it.
    pub(super) fn take(path: &Path, holder: &Holder) -> Result<Self, StateError> {
        loop {
            let mut file = open(path).map_err(StateError::disk(Step::Lock, path))?;
            claim(&file, path)?;
            if leads_to(path, &file).map_err(StateError::disk(Step::Lock, path))? {
                sign(&mut file, holder).map_err(StateError::disk(Step::Lock, path))?;
                return Ok(Self { path: path.to_owned(), _file: file });
            }
        }
    }
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
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Unlocked::Nothing),
        opened => opened.map_err(StateError::disk(Step::Lock, path))?,
    };
    let holder = read_holder(path);
    claim(&file, path)?;
    if !leads_to(path, &file).map_err(StateError::disk(Step::Lock, path))? {
        return Ok(Unlocked::Nothing);
    }
    fs::remove_file(path).map_err(StateError::disk(Step::Remove, path))?;
    Ok(Unlocked::Removed { holder })
}

/// Says who holds a lock, without taking it for longer than the look lasts. A file that nobody holds stays as it is.
pub(super) fn look(path: &Path) -> Result<(), StateError> {
    match File::open(path) {
        Ok(file) => claim_shared(&file, path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(StateError::disk(Step::Lock, path)(error)),
    }
}

impl Drop for Lock {
    /// The file goes first, the lock with the handle after it. A file that stays locks nothing.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

fn claim(file: &File, path: &Path) -> Result<(), StateError> {
    file.try_lock().map_err(|error| not_claimed(error, path))
}

/// Shared, so that two who look at once do not take each other for a run.
fn claim_shared(file: &File, path: &Path) -> Result<(), StateError> {
    file.try_lock_shared().map_err(|error| not_claimed(error, path))
}

fn not_claimed(error: TryLockError, path: &Path) -> StateError {
    match error {
        TryLockError::WouldBlock => StateError::Locked { path: path.to_owned(), holder: read_holder(path) },
        TryLockError::Error(source) => StateError::Disk { step: Step::Lock, path: path.to_owned(), source },
    }
}

fn read_holder(path: &Path) -> Option<Holder> {
    let mut text = String::new();
    File::open(path).ok()?.take(4096).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

fn sign(file: &mut File, holder: &Holder) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    let text = serde_json::to_vec(holder)?;
    file.write_all(&text)
}

#[cfg(unix)]
fn leads_to(path: &Path, file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let held = file.metadata()?;
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        found => found.map(|found| (found.dev(), found.ino()) == (held.dev(), held.ino())),
    }
}

/// Elsewhere the name of a removed file stays taken until its last handle is closed.
#[cfg(not(unix))]
fn leads_to(_path: &Path, _file: &File) -> io::Result<bool> {
    Ok(true)
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { command, pid, host, since } = self;
        f.write_str(&say!(format: "`{command}`, process {pid} on {host}", "`{command}`，{host} 上的进程 {pid}"))?;
        since.iter().try_for_each(|since| f.write_str(&say!(format: ", since {since}", "，始于 {since}")))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::{fs, thread};

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
        fs::write(&path, "left behind").unwrap();
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
        assert_eq!(error.remedy(), "make the folder first, or name another one with `--state`");
    }

    #[test]
    fn of_many_at_once_never_two_hold_it() {
        let folder = tempfile::tempdir().unwrap();
        let (path, inside) = (folder.path().join("s.lock"), AtomicU32::new(0));
        let run = || {
            for _ in 0..500 {
                if let Ok(_lock) = Lock::take(&path, &holder(1)) {
                    assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                    inside.fetch_sub(1, Ordering::SeqCst);
                }
            }
        };
        thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(run))));
    }
}
