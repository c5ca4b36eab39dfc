//! All writing to disk, as named steps.
//!
//! Every file appears by write-temp, sync, rename, sync folder, so it is never seen half made; the journal then grows at
//! its end. The steps go through [`Disk`], so that tests can run them on a disk that loses power between any two.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::file_lock::{LARGEST_FILE, Place, open_alone, place_of, read_regular};
use crate::state::{StateError, Step};
use crate::tr;

/// The steps that a file system offers.
pub(super) trait Disk: Send + Sync {
    /// Reads a whole file; `None` if there is none.
    fn read(&self, path: &Path) -> io::Result<Option<Vec<u8>>>;
    /// Lists the names in a folder.
    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>>;
    /// Makes a new, empty file in place of any other.
    fn create(&self, path: &Path) -> io::Result<Box<dyn Tail>>;
    /// Opens a file that exists, to write at its end, and keeps other processes from doing so.
    fn append(&self, path: &Path) -> io::Result<Box<dyn Tail>>;
    /// Gives a file a new name, in place of any other.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file; says whether there was one.
    fn remove(&self, path: &Path) -> io::Result<bool>;
    /// Waits until the names in a folder are on the disk.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
}

/// The end of an open file.
pub(super) trait Tail: Send {
    /// Writes all of it.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Cuts the file to this many bytes.
    fn cut(&mut self, length: u64) -> io::Result<()>;
    /// Waits until the content is on the disk.
    fn sync(&mut self) -> io::Result<()>;
    /// Says whether a path leads to this file.
    fn place(&self, path: &Path) -> Place;
}

/// The disk of this machine.
pub(super) struct RealDisk;

impl Disk for RealDisk {
    fn read(&self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        read_regular(path, LARGEST_FILE)
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name())).collect()
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn Tail>> {
        self.remove(path)?;
        let file = OpenOptions::new().write(true).create_new(true).open(path)?;
        Ok(Box::new(file))
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn Tail>> {
        // Not opened for appending alone: Windows then refuses to cut the file.
        let alone = open_alone(path, OpenOptions::new().read(true).write(true))?;
        let mut file = alone.ok_or(io::ErrorKind::ResourceBusy)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Box::new(file))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        exchange(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<bool> {
        match fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            removed => removed.map(|()| true),
        }
    }

    #[cfg(unix)]
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    /// Elsewhere a folder cannot be opened; names are then as durable as the file system makes them.
    #[cfg(not(unix))]
    fn sync_folder(&self, _folder: &Path) -> io::Result<()> {
        Ok(())
    }
}

impl Tail for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)?;
        self.seek(SeekFrom::Start(length)).map(drop)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn place(&self, path: &Path) -> Place {
        place_of(path, self)
    }
}

/// Replaces a file of the user, durably and at once. The permissions stay.
///
/// A symbolic link to a file stays, and the file that it leads to is replaced.
///
/// # Errors
/// [`StateError::NotAFile`] for a folder, a FIFO, a device or a link to nothing; [`StateError::Disk`] with the step that failed.
/// The former file is as it was, unless only its folder could not be synced.
pub fn put(path: &Path, bytes: &[u8]) -> Result<(), StateError> {
    replace(&RealDisk, &resolve(path)?, bytes)
}

/// Makes a file of the user, durably and at once, and never in place of anything else.
///
/// # Errors
/// [`StateError::Disk`] with the step that failed. There is no file then, unless only its folder could not be synced.
pub fn put_new(path: &Path, bytes: &[u8]) -> Result<(), StateError> {
    let temp = temp_of(path);
    let placed = write_new(&RealDisk, &temp, bytes)
        .and_then(|()| name_new(&temp, path).map_err(StateError::disk(Step::Create, path)));
    // The name is another one now, or the first error is the one to report.
    let _ = RealDisk.remove(&temp);
    placed?;
    sync_names(&RealDisk, path)
}

/// A second name is made only if it is free. Where a file cannot have two names, looking has to do.
fn name_new(temp: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(temp, path) {
        Err(_) if fs::symlink_metadata(path).is_err() => fs::rename(temp, path),
        linked => linked,
    }
}

fn exchange(temp: &Path, path: &Path) -> io::Result<()> {
    if let Ok(former) = fs::symlink_metadata(path)
        && former.is_file()
    {
        fs::set_permissions(temp, former.permissions())?;
    }
    fs::rename(temp, path)
}

/// Follows a symbolic link. Refuses everything that is neither a regular file nor missing.
pub(super) fn resolve(path: &Path) -> Result<PathBuf, StateError> {
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

/// Puts a file with this content in place of any other, durably: after a crash it is the former or the new one, whole.
pub(super) fn replace(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), StateError> {
    let temp = temp_of(path);
    let placed = write_new(disk, &temp, bytes)
        .and_then(|()| disk.rename(&temp, path).map_err(StateError::disk(Step::Rename, path)));
    if placed.is_err() {
        // The first error is the one to tell; what stays behind is swept up by the next run.
        let _ = disk.remove(&temp);
    }
    placed?;
    sync_names(disk, path)
}

fn write_new(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), StateError> {
    let mut file = disk.create(path).map_err(StateError::disk(Step::Create, path))?;
    file.write(bytes).map_err(StateError::disk(Step::Write, path))?;
    file.sync().map_err(StateError::disk(Step::Sync, path))
}

/// Says whether anything has this name.
pub(super) fn exists(disk: &dyn Disk, path: &Path) -> Result<bool, StateError> {
    let names = disk.names(folder_of(path)).map_err(StateError::disk(Step::Read, folder_of(path)))?;
    Ok(names.iter().any(|name| Some(name.as_os_str()) == path.file_name()))
}

/// Removes a file durably, if there is one.
pub(super) fn remove(disk: &dyn Disk, path: &Path) -> Result<(), StateError> {
    match disk.remove(path).map_err(StateError::disk(Step::Remove, path))? {
        true => sync_names(disk, path),
        false => Ok(()),
    }
}

/// Waits until the names beside a file, and its own, are on the disk.
pub(super) fn sync_names(disk: &dyn Disk, path: &Path) -> Result<(), StateError> {
    let folder = folder_of(path);
    disk.sync_folder(folder).map_err(StateError::disk(Step::SyncFolder, folder))
}

/// Removes what a killed run left half made. Only litter is at stake, so failing to is no error.
pub(super) fn sweep(disk: &dyn Disk, path: &Path) {
    let stem = temp_stem(path);
    let is_litter = |name: &OsString| name.as_encoded_bytes().starts_with(stem.as_encoded_bytes());
    for name in disk.names(folder_of(path)).unwrap_or_default().iter().filter(|name| is_litter(name)) {
        let _ = disk.remove(&path.with_file_name(name));
    }
}

fn temp_of(path: &Path) -> PathBuf {
    let mut name = temp_stem(path);
    name.push(std::process::id().to_string());
    path.with_file_name(name)
}

fn temp_stem(path: &Path) -> OsString {
    let mut stem = OsString::from(".");
    stem.push(path.file_name().unwrap_or(OsStr::new("state")));
    stem.push(".tmp-");
    stem
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => tr!("read", "读取"),
            Self::Create => tr!("create", "创建"),
            Self::Write => tr!("write", "写入"),
            Self::Cut => tr!("cut off the torn end of", "截去残缺的末尾"),
            Self::Sync => tr!("sync", "同步到磁盘"),
            Self::Rename => tr!("put in place", "就位"),
            Self::Remove => tr!("remove", "删除"),
            Self::SyncFolder => tr!("sync the folder", "同步到磁盘"),
            Self::Lock => tr!("lock", "加锁"),
        })
    }
}
