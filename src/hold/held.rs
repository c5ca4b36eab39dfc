//! Holding a file until the process ends, however it ends; a file that a killed process left behind holds nothing.
//!
//! Unix: the system's lock on the file. Its holder removes the file while still holding it; whoever waited for that file finds
//! that the path no longer leads to it and tries again. Windows: nobody else may open it for writing or remove it. A lock
//! there would keep others from reading who has it, and a removed file gives its name away at once, so two could hold one.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

/// A file that this process holds until this is dropped; the file goes with it.
#[derive(Debug)]
pub(crate) struct Held {
    path: PathBuf,
    file: Option<File>,
}

impl Held {
    /// Makes the file if need be and holds it; `None` if somebody else does.
    pub(crate) fn take(path: &Path) -> io::Result<Option<Self>> {
        Self::hold(path, OpenOptions::new().read(true).write(true).create(true).truncate(false))
    }

    /// Holds a file that is there; `None` if somebody else does.
    pub(crate) fn take_existing(path: &Path) -> io::Result<Option<Self>> {
        Self::hold(path, OpenOptions::new().read(true))
    }

    fn hold(path: &Path, options: &mut OpenOptions) -> io::Result<Option<Self>> {
        Ok(system::hold(path, options)?.map(|file| Self { path: path.to_owned(), file: Some(file) }))
    }

    /// Writes this into the file, in place of what it holds.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(bytes)
    }

    /// Removes the file and holds it no longer.
    pub(crate) fn remove(mut self) -> io::Result<()> {
        self.let_go()
    }

    fn let_go(&mut self) -> io::Result<()> {
        self.file.take().map_or(Ok(()), |file| system::remove(&self.path, file))
    }
}

impl Drop for Held {
    /// A file that stays holds nothing.
    fn drop(&mut self) {
        let _ = self.let_go();
    }
}

/// Says whether somebody holds the file, without holding it for longer than the look lasts.
///
/// Two who look at once do not take each other for a holder.
pub(crate) fn is_held(path: &Path) -> io::Result<bool> {
    match system::is_held(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        looked => looked,
    }
}

#[cfg(unix)]
mod system {
    use std::fs::{self, File, OpenOptions, TryLockError};
    use std::io;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    pub(super) fn hold(path: &Path, options: &mut OpenOptions) -> io::Result<Option<File>> {
        loop {
            let file = options.open(path)?;
            if !is_free(file.try_lock())? {
                return Ok(None);
            }
            if leads_to(path, &file)? {
                return Ok(Some(file));
            }
        }
    }

    pub(super) fn is_held(path: &Path) -> io::Result<bool> {
        is_free(File::open(path)?.try_lock_shared()).map(|free| !free)
    }

    /// The name goes first, the lock with the handle after it.
    pub(super) fn remove(path: &Path, _held: File) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn is_free(locked: Result<(), TryLockError>) -> io::Result<bool> {
        match locked {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn leads_to(path: &Path, file: &File) -> io::Result<bool> {
        let held = file.metadata()?;
        match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            found => found.map(|found| (found.dev(), found.ino()) == (held.dev(), held.ino())),
        }
    }
}

#[cfg(windows)]
mod system {
    use std::fs::{self, File, OpenOptions};
    use std::io;
    use std::os::windows::fs::OpenOptionsExt;
    use std::path::Path;

    /// `FILE_SHARE_READ`: meanwhile others may read, but neither write nor remove.
    const SHARE_READ: u32 = 1;
    /// `ERROR_SHARING_VIOLATION`: somebody has it open and does not share it so.
    const NOT_SHARED: i32 = 32;

    pub(super) fn hold(path: &Path, options: &mut OpenOptions) -> io::Result<Option<File>> {
        match options.share_mode(SHARE_READ).open(path) {
            Err(error) if error.raw_os_error() == Some(NOT_SHARED) => Ok(None),
            opened => opened.map(Some),
        }
    }

    pub(super) fn is_held(path: &Path) -> io::Result<bool> {
        hold(path, OpenOptions::new().read(true)).map(|free| free.is_none())
    }

    /// The handle goes first. If somebody else takes the file before its name goes, it stays: it is theirs.
    pub(super) fn remove(path: &Path, held: File) -> io::Result<()> {
        drop(held);
        fs::remove_file(path)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::ErrorKind;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::thread;

    use crate::hold::{Held, is_held};

    #[test]
    fn one_alone_holds_it_and_all_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        assert!(!is_held(&path).unwrap() && !path.exists());
        let mut held = Held::take(&path).unwrap().unwrap();
        held.write(b"a longer text").unwrap();
        held.write(b"mine").unwrap();
        assert!(Held::take(&path).unwrap().is_none() && Held::take_existing(&path).unwrap().is_none());
        assert!(is_held(&path).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"mine");
        drop(held);
        assert!(!path.exists());
    }

    #[test]
    fn a_file_that_was_left_behind_holds_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        assert_eq!(Held::take_existing(&path).unwrap_err().kind(), ErrorKind::NotFound);
        fs::write(&path, "left behind").unwrap();
        assert!(!is_held(&path).unwrap());
        Held::take_existing(&path).unwrap().unwrap().remove().unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn of_many_at_once_never_two_hold_it() {
        let folder = tempfile::tempdir().unwrap();
        let (path, inside, taken) = (folder.path().join("lock"), AtomicU32::new(0), AtomicU32::new(0));
        let run = || {
            for _ in 0..500 {
                if let Ok(Some(_held)) = Held::take(&path) {
                    assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                    inside.fetch_sub(1, Ordering::SeqCst);
                    taken.fetch_add(1, Ordering::SeqCst);
                }
            }
        };
        thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(run))));
        assert!(taken.into_inner() > 0);
    }
}
