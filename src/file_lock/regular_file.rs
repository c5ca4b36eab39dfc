//! Opens regular files only: no symbolic links, FIFOs, devices or folders.
//!
//! Git can bring a symbolic link. Writing through it damages its target; reading a FIFO or a device does not end. Files that
//! roomtree keeps next to a state are never links, so the last component of a path is not followed. Links to folders are.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use thiserror::Error;

use crate::tr;

/// The most bytes of a file that roomtree writes and reads: a thousand for each of a million groups.
pub(crate) const LARGEST_FILE: u64 = 1 << 30;

/// Why a file is not opened or read, although the system would permit it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum Unsuitable {
    /// A symbolic link, a folder, a FIFO, a socket or a device.
    #[error("{}", tr!("it is not a regular file", "它不是普通文件"))]
    NotRegular,
    /// More bytes than roomtree ever writes there; the limit in bytes.
    #[error("{}", tr!(format: "it is larger than {} MiB", "它超过 {} MiB", .0 >> 20))]
    TooLarge(u64),
    /// The content is not what roomtree writes there.
    #[error("{}", tr!("roomtree did not write it", "它不是由 roomtree 写入的"))]
    Foreign,
}

impl Unsuitable {
    /// Returns the reason that an error carries, if it is one of these.
    pub(crate) fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

impl From<Unsuitable> for io::Error {
    fn from(reason: Unsuitable) -> Self {
        Self::new(io::ErrorKind::InvalidInput, reason)
    }
}

/// Opens a regular file without following a symbolic link and without waiting for the other end of a FIFO.
///
/// # Errors
/// [`Unsuitable::NotRegular`], or the system's error.
pub(crate) fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    match system::at_once(options).open(path) {
        Ok(file) if file.metadata()?.is_file() => Ok(file),
        Ok(_) => Err(Unsuitable::NotRegular.into()),
        Err(_) if is_irregular(path) => Err(Unsuitable::NotRegular.into()),
        Err(error) => Err(error),
    }
}

/// Reads a regular file of at most `limit` bytes; `None` if there is none.
///
/// # Errors
/// [`Unsuitable`], or the system's error.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let file = match open(path, OpenOptions::new().read(true)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    let length = file.metadata()?.len();
    if length > limit {
        return Err(Unsuitable::TooLarge(limit).into());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

fn is_irregular(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| !found.is_file())
}

#[cfg(unix)]
mod system {
    use std::fs::OpenOptions;
    use std::os::unix::fs::OpenOptionsExt;

    pub(super) fn at_once(options: &mut OpenOptions) -> &mut OpenOptions {
        options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
    }
}

#[cfg(windows)]
mod system {
    use std::fs::OpenOptions;
    use std::os::windows::fs::OpenOptionsExt;

    /// `FILE_FLAG_OPEN_REPARSE_POINT`: opens a link itself, which is then not a regular file.
    const OPEN_REPARSE_POINT: u32 = 0x0020_0000;

    pub(super) fn at_once(options: &mut OpenOptions) -> &mut OpenOptions {
        options.custom_flags(OPEN_REPARSE_POINT)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File, OpenOptions};
    use std::io;
    use std::path::Path;

    use crate::file_lock::Unsuitable;
    use crate::file_lock::regular_file::{open, read};

    fn reason(path: &Path) -> Option<Unsuitable> {
        let written = open(path, OpenOptions::new().write(true).create(true)).unwrap_err();
        assert_eq!(Unsuitable::of(&read(path, 8).unwrap_err()), Unsuitable::of(&written));
        Unsuitable::of(&written)
    }

    #[test]
    fn folder_is_not_regular() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(reason(folder.path()), Some(Unsuitable::NotRegular));
    }

    #[test]
    fn size_limit_is_inclusive() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        assert_eq!(read(&path, 8).unwrap(), None);
        fs::write(&path, "12345678").unwrap();
        assert_eq!(read(&path, 8).unwrap().as_deref(), Some(b"12345678".as_slice()));
        File::options().write(true).open(&path).unwrap().set_len(10 << 30).unwrap();
        assert_eq!(Unsuitable::of(&read(&path, 8).unwrap_err()), Some(Unsuitable::TooLarge(8)));
    }

    #[test]
    fn missing_folder_keeps_the_systems_error() {
        let folder = tempfile::tempdir().unwrap();
        let error = open(&folder.path().join("none/file"), OpenOptions::new().write(true).create(true)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_devices_are_not_regular() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert_eq!(reason(&link), Some(Unsuitable::NotRegular));
        assert!(!target.exists());
        fs::write(&target, "precious").unwrap();
        assert_eq!(reason(&link), Some(Unsuitable::NotRegular));
        assert_eq!(fs::read(&target).unwrap(), b"precious");
        assert_eq!(reason(Path::new("/dev/zero")), Some(Unsuitable::NotRegular));
    }

    #[cfg(unix)]
    #[test]
    fn fifo_and_socket_are_refused_without_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let (fifo, socket) = (folder.path().join("fifo"), folder.path().join("socket"));
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let _bound = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert_eq!(reason(&fifo), Some(Unsuitable::NotRegular));
        assert_eq!(reason(&socket), Some(Unsuitable::NotRegular));
    }
}
