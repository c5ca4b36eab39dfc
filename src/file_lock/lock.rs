//! Holding a file until the process ends, however it ends; a file that a killed process left behind holds nothing.
//!
//! Unix: the system's lock on the file. Its holder removes the file while still holding it; a process that waited for that
//! file finds that the path no longer leads to it and tries again. Linux: the names of the file too, since a file can be removed.
//! Windows: no other process may open it for writing or remove it. A lock there would keep others from reading who has it,
//! and a removed file gives its name away at once, so two could hold one.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use crate::file_lock::Unsuitable;
use crate::file_lock::abstract_socket;
use crate::file_lock::abstract_socket::HeldNames;

/// How the text of a lock file begins. A file with another text is not a lock file.
const START: &[u8] = br#"{"pid":"#;

/// A file that this process holds until this is dropped; the file goes with it.
#[derive(Debug)]
pub(crate) struct FileLock {
    path: PathBuf,
    file: Option<File>,
    _names: HeldNames,
}

/// What a path leads to, compared with a file that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The open file.
    Same,
    /// Nothing.
    Missing,
    /// Another file.
    Other,
}

impl FileLock {
    /// Makes the file if need be and holds it; `None` if another process does.
    ///
    /// # Errors
    /// [`Unsuitable`] if the file is not a regular one or not a lock file, or the system's error. Then it stays as it is.
    pub(crate) fn take(path: &Path) -> io::Result<Option<Self>> {
        Self::hold(path, OpenOptions::new().read(true).write(true).create(true).truncate(false))
    }

    /// Holds a file that is there; `None` if another process does.
    ///
    /// # Errors
    /// As [`take`](Self::take).
    pub(crate) fn take_existing(path: &Path) -> io::Result<Option<Self>> {
        Self::hold(path, OpenOptions::new().read(true))
    }

    fn hold(path: &Path, options: &mut OpenOptions) -> io::Result<Option<Self>> {
        let Some(names) = HeldNames::take(path) else { return Ok(None) };
        let Some(file) = system::hold(path, options)? else { return Ok(None) };
        check_text(&file)?;
        Ok(Some(Self { path: path.to_owned(), file: Some(file), _names: names }))
    }

    /// Writes this into the file, in place of what it holds.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(bytes)
    }

    /// Says whether the path still leads to the file. An error of the system counts as yes: it proves nothing.
    pub(crate) fn place(&self) -> Place {
        self.file.as_ref().map_or(Place::Same, |file| place_of(&self.path, file))
    }

    /// Removes the file and holds it no longer.
    pub(crate) fn remove(mut self) -> io::Result<()> {
        self.let_go()
    }

    fn let_go(&mut self) -> io::Result<()> {
        self.file.take().map_or(Ok(()), |file| system::remove(&self.path, file))
    }
}

impl Drop for FileLock {
    /// A file that stays holds nothing.
    fn drop(&mut self) {
        let _ = self.let_go();
    }
}

/// Refuses a file that another program wrote: it would be emptied, and removed in the end.
fn check_text(mut file: &File) -> io::Result<()> {
    let mut start = Vec::new();
    file.rewind()?;
    file.take(START.len() as u64).read_to_end(&mut start)?;
    // A power failure can leave zeros.
    let is_lock = START.starts_with(&start) || start.iter().all(|byte| *byte == 0);
    if is_lock { Ok(()) } else { Err(Unsuitable::Foreign.into()) }
}

/// Opens a file that is there and holds it until it is closed; `None` if another process does.
///
/// # Errors
/// [`Unsuitable`] if it is not a regular file, or the system's error.
pub(crate) fn open_alone(path: &Path, options: &mut OpenOptions) -> io::Result<Option<File>> {
    system::hold(path, options)
}

/// Says whether a path still leads to an open file. An error of the system counts as yes: it proves nothing.
pub(crate) fn place_of(path: &Path, file: &File) -> Place {
    system::place(path, file).unwrap_or(Place::Same)
}

/// Says whether a process holds the file, without holding it for longer than the look lasts.
///
/// Two who look at once do not take each other for a holder.
pub(crate) fn is_held(path: &Path) -> io::Result<bool> {
    match system::is_held(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(abstract_socket::is_held(path)),
        looked => Ok(looked? || abstract_socket::is_held(path)),
    }
}

#[cfg(unix)]
mod system {
    use std::fs::{self, File, OpenOptions, TryLockError};
    use std::io;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    use crate::file_lock::{Place, open_regular};

    pub(super) fn hold(path: &Path, options: &mut OpenOptions) -> io::Result<Option<File>> {
        loop {
            let file = open_regular(path, options)?;
            if !is_free(file.try_lock())? {
                return Ok(None);
            }
            if place(path, &file)? == Place::Same {
                return Ok(Some(file));
            }
        }
    }

    pub(super) fn is_held(path: &Path) -> io::Result<bool> {
        let file = open_regular(path, OpenOptions::new().read(true))?;
        is_free(file.try_lock_shared()).map(|free| !free)
    }

    /// The name goes first, the lock with the handle after it. A file that took its place stays.
    pub(super) fn remove(path: &Path, held: File) -> io::Result<()> {
        match place(path, &held)? {
            Place::Same => fs::remove_file(path),
            Place::Missing | Place::Other => Ok(()),
        }
    }

    pub(super) fn place(path: &Path, file: &File) -> io::Result<Place> {
        let held = file.metadata()?;
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Place::Missing),
            Ok(found) if (found.dev(), found.ino()) == (held.dev(), held.ino()) => Ok(Place::Same),
            found => found.map(|_| Place::Other),
        }
    }

    fn is_free(locked: Result<(), TryLockError>) -> io::Result<bool> {
        match locked {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

#[cfg(windows)]
mod system {
    use std::fs::{self, File, OpenOptions};
    use std::io;
    use std::os::windows::fs::OpenOptionsExt;
    use std::path::Path;

    use crate::file_lock::{Place, open_regular};

    /// `FILE_SHARE_READ`: meanwhile others may read, but neither write nor remove.
    const SHARE_READ: u32 = 1;
    /// `ERROR_SHARING_VIOLATION`: another process has it open and does not share it so.
    const NOT_SHARED: i32 = 32;

    pub(super) fn hold(path: &Path, options: &mut OpenOptions) -> io::Result<Option<File>> {
        match open_regular(path, options.share_mode(SHARE_READ)) {
            Err(error) if error.raw_os_error() == Some(NOT_SHARED) => Ok(None),
            opened => opened.map(Some),
        }
    }

    pub(super) fn is_held(path: &Path) -> io::Result<bool> {
        hold(path, OpenOptions::new().read(true)).map(|free| free.is_none())
    }

    /// The handle goes first. If another process takes the file before its name goes, it stays: it is theirs.
    pub(super) fn remove(path: &Path, held: File) -> io::Result<()> {
        drop(held);
        fs::remove_file(path)
    }

    /// A file that is held so cannot be removed or replaced.
    #[expect(clippy::unnecessary_wraps, reason = "other systems may fail")]
    pub(super) fn place(_path: &Path, _file: &File) -> io::Result<Place> {
        Ok(Place::Same)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::ErrorKind;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::thread;

    use crate::file_lock::{FileLock, Place, Unsuitable, is_held};

    #[test]
    fn one_alone_holds_it_and_all_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        assert!(!is_held(&path).unwrap() && !path.exists());
        let mut held = FileLock::take(&path).unwrap().unwrap();
        held.write(b"a longer text").unwrap();
        held.write(b"mine").unwrap();
        assert!(FileLock::take(&path).unwrap().is_none() && FileLock::take_existing(&path).unwrap().is_none());
        assert!(is_held(&path).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"mine");
        drop(held);
        assert!(!path.exists());
    }

    #[test]
    fn a_file_that_was_left_behind_holds_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        assert_eq!(FileLock::take_existing(&path).unwrap_err().kind(), ErrorKind::NotFound);
        fs::write(&path, r#"{"pid":1}"#).unwrap();
        assert!(!is_held(&path).unwrap());
        FileLock::take_existing(&path).unwrap().unwrap().remove().unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn file_of_another_program_is_refused_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Cargo.lock");
        fs::write(&path, "version = 4").unwrap();
        let taken = [FileLock::take(&path), FileLock::take_existing(&path)];
        let reasons = taken.map(|taken| Unsuitable::of(&taken.unwrap_err()));
        assert_eq!(reasons, [Some(Unsuitable::Foreign); 2]);
        assert_eq!(fs::read(&path).unwrap(), b"version = 4");
    }

    #[test]
    fn file_with_part_of_its_text_can_be_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        for text in ["", "{\"pi", "\0\0\0\0\0\0\0\0\0"] {
            fs::write(&path, text).unwrap();
            assert!(FileLock::take(&path).unwrap().is_some(), "{text:?}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn removed_file_still_keeps_others_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let held = FileLock::take(&path).unwrap().unwrap();
        fs::remove_file(&path).unwrap();
        assert_eq!(held.place(), Place::Missing);
        assert!(is_held(&path).unwrap());
        assert!(FileLock::take(&path).unwrap().is_none());
        drop(held);
        assert!(!is_held(&path).unwrap());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn renamed_folder_keeps_others_out_of_both_places() {
        let above = tempfile::tempdir().unwrap();
        let [old, new] = ["old", "new"].map(|name| above.path().join(name));
        fs::create_dir(&old).unwrap();
        let held = FileLock::take(&old.join("lock")).unwrap().unwrap();
        fs::rename(&old, &new).unwrap();
        fs::remove_file(new.join("lock")).unwrap();
        fs::create_dir(&old).unwrap();
        assert!([&old, &new].iter().all(|folder| FileLock::take(&folder.join("lock")).unwrap().is_none()));
        drop(held);
        assert!([&old, &new].iter().all(|folder| FileLock::take(&folder.join("lock")).unwrap().is_some()));
    }

    #[cfg(unix)]
    #[test]
    fn file_that_took_the_place_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let held = FileLock::take(&path).unwrap().unwrap();
        fs::remove_file(&path).unwrap();
        fs::write(&path, "another's").unwrap();
        assert_eq!(held.place(), Place::Other);
        drop(held);
        assert_eq!(fs::read(&path).unwrap(), b"another's");
    }

    #[test]
    fn of_many_at_once_never_two_hold_it() {
        let folder = tempfile::tempdir().unwrap();
        let (path, inside, taken) = (folder.path().join("lock"), AtomicU32::new(0), AtomicU32::new(0));
        let run = || {
            for _ in 0..500 {
                if let Ok(Some(_held)) = FileLock::take(&path) {
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
