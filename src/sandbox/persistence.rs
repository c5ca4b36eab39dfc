//! The file that keeps the groups from one sandbox to the next: one JSON line per change, in order.
//!
//! A line is written before the change is answered, without a sync: it outlives the process, not the machine. The file is
//! rewritten in short when it is opened, unless it is short already. `<file>.lock` beside it keeps a second sandbox out for as
//! long as this one lives, and goes with it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::file_lock::{FileLock, LARGEST_FILE, open_regular, read_regular};
use crate::i18n::{Message, misread};
use crate::sandbox::api::group::SandboxGroup;
use crate::sandbox::api::rooms::SandboxRoom;
use crate::sandbox::error::SandboxError;
use crate::{localized, tr};

/// How lines begin. Only such a line may be torn: half a line of another program's file is not.
const STARTS: [&[u8]; 5] = [br#"{"next":"#, br#"{"put":"#, br#"{"drop":"#, br#"{"room":"#, br#"{"noroom":"#];

/// One change of the groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Line {
    /// No id below this one is given again.
    Next(i64),
    /// A group is made, or has a new name.
    Put(SandboxGroup),
    /// A group is gone.
    Drop(i64),
    /// A room is made, or moved.
    Room(SandboxRoom),
    /// A room is gone: its number.
    NoRoom(u64),
}

/// An open data file.
#[derive(Debug)]
pub(crate) struct Data {
    path: PathBuf,
    /// Open, unless replacing it has failed.
    file: Option<File>,
    line: Vec<u8>,
    /// A failed write may have left half a line: nothing may follow it.
    broken: bool,
    /// Whether the file ended in half a line when it was opened.
    torn: bool,
    _lock: FileLock,
}

impl Data {
    /// Locks the file and reads what it holds; a file that does not exist holds nothing.
    pub(crate) fn open(path: &Path) -> Result<(Self, Vec<Line>), SandboxError> {
        let lock = lock(path)?;
        let (lines, torn) = read(path)?;
        let file = open(path)?;
        let data = Self { path: path.to_owned(), file: Some(file), line: Vec::new(), broken: false, torn, _lock: lock };
        Ok((data, lines))
    }

    /// Says whether the file ended in half a line, which must not be gone on with.
    pub(crate) fn is_torn(&self) -> bool {
        self.torn
    }

    /// Replaces everything in the file by these lines, all or nothing.
    pub(crate) fn rewrite(&mut self, lines: impl Iterator<Item = Line>) -> Result<(), SandboxError> {
        let temporary = temporary(&self.path);
        write(&temporary, lines).map_err(failed(localized!("write", "写入"), &temporary))?;
        // Not every file system of Windows replaces a file that is open.
        self.file = None;
        fs::rename(&temporary, &self.path).map_err(failed(localized!("replace", "替换"), &self.path))?;
        self.file = Some(open(&self.path)?);
        Ok(())
    }

    /// Writes one line in one write.
    pub(crate) fn append(&mut self, line: &Line) -> io::Result<()> {
        let Some(file) = self.file.as_mut().filter(|_| !self.broken) else {
            return Err(io::Error::other(tr!("an earlier write to the data file failed", "此前写入数据文件失败")));
        };
        self.line.clear();
        put(&mut self.line, line)?;
        let written = file.write_all(&self.line);
        self.broken = written.is_err();
        written
    }
}

fn open(path: &Path) -> Result<File, SandboxError> {
    open_regular(path, OpenOptions::new().append(true).create(true)).map_err(failed(localized!("open", "打开"), path))
}

fn lock(path: &Path) -> Result<FileLock, SandboxError> {
    let sibling = beside(path, ".lock");
    let held = FileLock::take(&sibling).map_err(failed(localized!("lock", "锁定"), &sibling))?;
    held.ok_or_else(|| SandboxError::InUse(path.to_owned()))
}

/// Reads the lines, and says whether half a line follows them.
fn read(path: &Path) -> Result<(Vec<Line>, bool), SandboxError> {
    let bytes = read_regular(path, LARGEST_FILE).map_err(failed(localized!("read", "读取"), path))?.unwrap_or_default();
    let parts: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let mut lines = Vec::with_capacity(parts.len());
    for (index, part) in parts.iter().enumerate() {
        match serde_json::from_slice(part) {
            Ok(line) => lines.push(line),
            Err(_) if !part.ends_with(b"\n") && is_begun(part) => {}
            Err(error) => return Err(damaged(path, index + 1, &error)),
        }
    }
    Ok((lines, !bytes.is_empty() && !bytes.ends_with(b"\n")))
}

fn is_begun(part: &[u8]) -> bool {
    STARTS.iter().any(|start| part.starts_with(start) || start.starts_with(part))
}

/// Writes a new file; one that a killed sandbox with the same process id left is removed first.
fn write(path: &Path, lines: impl Iterator<Item = Line>) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut out = BufWriter::new(OpenOptions::new().write(true).create_new(true).open(path)?);
    for line in lines {
        put(&mut out, &line)?;
    }
    out.into_inner()?.sync_all()
}

fn put(out: &mut impl Write, line: &Line) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.tmp-{}", std::process::id()))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut sibling = path.as_os_str().to_owned();
    sibling.push(suffix);
    sibling.into()
}

fn failed(action: Message, path: &Path) -> impl FnOnce(io::Error) -> SandboxError {
    let path = path.to_owned();
    move |source| SandboxError::File { action, path, source }
}

fn damaged(path: &Path, line: usize, error: &serde_json::Error) -> SandboxError {
    SandboxError::Damaged { path: path.to_owned(), line, reason: misread(error) }
}

#[cfg(test)]
mod tests {
    use crate::sandbox::SandboxError;
    use crate::sandbox::persistence::{Data, Line};

    #[test]
    fn what_was_appended_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("groups");
        let (mut data, lines) = Data::open(&path).unwrap();
        assert_eq!(lines, []);
        data.append(&Line::Next(5)).unwrap();
        data.append(&Line::Drop(4)).unwrap();
        drop(data);
        assert_eq!(Data::open(&path).unwrap().1, [Line::Next(5), Line::Drop(4)]);
    }

    #[test]
    fn a_torn_last_line_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("groups");
        std::fs::write(&path, "{\"next\":5}\n{\"put\":{\"id\":5,\"na").unwrap();
        assert_eq!(Data::open(&path).unwrap().1, [Line::Next(5)]);
    }

    #[test]
    fn damage_elsewhere_is_an_error_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("groups");
        std::fs::write(&path, "{\"next\":5}\nnonsense\n{\"drop\":4}\n").unwrap();
        assert!(matches!(Data::open(&path), Err(SandboxError::Damaged { line: 2, .. })));
    }

    #[test]
    fn file_of_another_program_is_refused_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes");
        for text in ["notes", "{\"version\": 1}", "[]"] {
            std::fs::write(&path, text).unwrap();
            assert!(matches!(Data::open(&path), Err(SandboxError::Damaged { line: 1, .. })), "{text}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_in_place_of_the_files_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let [path, lock, target] = ["groups", "groups.lock", "target"].map(|name| folder.path().join(name));
        for link in [path.clone(), lock] {
            std::os::unix::fs::symlink(&target, &link).unwrap();
            assert!(matches!(Data::open(&path), Err(SandboxError::File { .. })));
            assert!(!target.exists());
            std::fs::remove_file(&link).unwrap();
        }
    }

    #[test]
    fn a_second_opening_is_refused_while_the_first_lasts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("groups");
        let first = Data::open(&path).unwrap();
        assert!(matches!(Data::open(&path), Err(SandboxError::InUse(_))));
        drop(first);
        assert!(Data::open(&path).is_ok());
    }
}
