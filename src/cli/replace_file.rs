//! Writes the files that a user names: new ones, those that roomtree wrote, and manifests edited in place.
//!
//! A result never takes the place of another program's file, and is never written through a symbolic link; a link to standard
//! output, to a pipe or to a device is allowed. Editing in place (`fmt`, `pull MANIFEST`, `--force`) keeps a link and replaces the
//! file that it leads to.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::cli::context::Context;
use crate::cli::failure::{CommandError, unwritten};
use crate::file_lock::{LARGEST_FILE, read_regular};
use crate::state::StateError;
use crate::{localized, state, tr};

/// What some editors put before a UTF-8 text; no part of it.
const MARK: &str = "\u{FEFF}";

/// The names of standard output.
const STDOUT: [&str; 3] = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// What a result would be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// Standard output, by one of its names.
    Stdout,
    /// A pipe or a device.
    Stream,
    /// A new file.
    New,
    /// A file that roomtree wrote.
    Own,
    /// Anything else: another file, a folder, a symbolic link.
    Taken,
}

impl Destination {
    /// Finds out what a path leads to; `is_own` recognizes the files that may be replaced by their content.
    pub(crate) fn of(path: &Path, is_own: impl Fn(&[u8]) -> bool) -> Self {
        if STDOUT.iter().any(|name| path == Path::new(name)) {
            return Self::Stdout;
        }
        match fs::symlink_metadata(path) {
            Err(_) if is_state_name(path) => Self::Taken,
            Err(_) => Self::New,
            Ok(_) if is_stream(path) => Self::Stream,
            Ok(found) if found.is_file() => match read_regular(path, LARGEST_FILE) {
                Ok(Some(bytes)) if is_own(&bytes) => Self::Own,
                _ => Self::Taken,
            },
            Ok(_) => Self::Taken,
        }
    }

    /// Returns the destination of a result that replaces nothing.
    pub(crate) fn untouched(path: &Path) -> Self {
        Self::of(path, |_| false)
    }

    /// Writes a result. A file is complete or not there at all.
    ///
    /// # Errors
    /// The path is taken, or the system's error.
    pub(crate) fn write(self, context: &Context, path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
        match self {
            Self::Stdout => context.terminal.bytes(bytes).map_err(unwritten),
            Self::Stream => stream(path, bytes).map_err(|error| unwritable(path, &error)),
            Self::New => Ok(state::put_new(path, bytes)?),
            Self::Own => Ok(state::put(path, bytes)?),
            Self::Taken => Err(taken(path)),
        }
    }

    /// Says whether a file is left that can be read later.
    pub(crate) fn is_file(self) -> bool {
        matches!(self, Self::New | Self::Own)
    }
}

#[cfg(unix)]
fn is_stream(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let kind = fs::metadata(path).map(|found| found.file_type());
    kind.is_ok_and(|kind| kind.is_fifo() || kind.is_char_device())
}

#[cfg(not(unix))]
fn is_stream(_path: &Path) -> bool {
    false
}

/// A reader that closed its pipe has read enough.
fn stream(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let written = OpenOptions::new().write(true).open(path)?.write_all(bytes);
    if written.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe) { Ok(()) } else { written }
}

/// The failure of a result whose path is taken.
pub(crate) fn taken(path: &Path) -> CommandError {
    let file = path.display();
    if is_state_name(path) && fs::symlink_metadata(path).is_err() {
        return CommandError::input(localized!(
            "`{file}` is a name for the state of a manifest, its journal or its lock; nothing was written",
            "`{file}` 是清单的状态文件、日志文件或锁文件的名称；没有写入任何内容"
        ))
        .hint(localized!("choose another file name", "请换一个文件名"));
    }
    CommandError::input(localized!(
        "`{file}` already exists and is not an earlier output of this command; nothing was written",
        "`{file}` 已存在，且不是此命令以前的输出；没有写入任何内容"
    ))
    .hint(localized!("name another file, or move that one away", "换一个文件名，或移走该文件"))
}

/// Returns whether the next run would take a file of this name for its state, journal or lock.
pub(crate) fn is_state_name(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    [".state.json", ".state.json.journal", ".state.json.lock"].iter().any(|end| name.ends_with(end))
}

/// The failure of a file that the system does not let be written.
pub(crate) fn unwritable(path: &Path, error: &io::Error) -> CommandError {
    CommandError::input(localized!("cannot write `{}`", "无法写入 `{}`", path.display())).because(error)
}

/// Puts a new text in place of the one that was read, `None` if there was no file; a byte-order mark stays.
///
/// # Errors
/// A refusal if the file was changed meanwhile, [`StateError::NotAFile`] if it is not a file, or the system's error.
pub(crate) fn overwrite(file: &Path, former: Option<&str>, new: &str) -> Result<(), CommandError> {
    let Some(former) = former else { return create(file, new) };
    if !fs::metadata(file).is_ok_and(|found| found.is_file()) {
        return Err(StateError::NotAFile { path: file.to_owned() }.into());
    }
    let found = fs::read_to_string(file).map_err(|_| changed(file))?;
    let (mark, text) = found.strip_prefix(MARK).map_or(("", found.as_str()), |text| (MARK, text));
    if text != former {
        return Err(changed(file));
    }
    state::put(file, format!("{mark}{new}").as_bytes())?;
    Ok(())
}

fn create(file: &Path, text: &str) -> Result<(), CommandError> {
    match fs::symlink_metadata(file) {
        Err(_) => Ok(state::put_new(file, text.as_bytes())?),
        Ok(found) if found.is_file() => Err(changed(file)),
        Ok(_) => Err(StateError::NotAFile { path: file.to_owned() }.into()),
    }
}

fn changed(file: &Path) -> CommandError {
    let file = file.display();
    let message =
        localized!("`{file}` was changed meanwhile; nothing was written", "`{file}` 其间被改动；没有写入任何内容");
    CommandError::refused(message).hint(tr!("run it again", "请重新运行"))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use crate::cli::replace_file::{Destination, overwrite};

    #[test]
    fn destination_is_new_own_or_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        assert_eq!(Destination::untouched(&path), Destination::New);
        assert_eq!(Destination::untouched(folder.path()), Destination::Taken);
        fs::write(&path, "own").unwrap();
        assert_eq!(Destination::of(&path, |bytes| bytes == b"own"), Destination::Own);
        assert_eq!(Destination::untouched(&path), Destination::Taken);
        assert_eq!(Destination::untouched(Path::new("/dev/stdout")), Destination::Stdout);
    }

    #[cfg(unix)]
    #[test]
    fn link_is_taken_unless_it_leads_to_a_stream() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let [own, link, dangling, null] = ["own", "link", "dangling", "null"].map(|name| folder.path().join(name));
        fs::write(&own, "own").unwrap();
        symlink(&own, &link).unwrap();
        symlink(folder.path().join("nothing"), &dangling).unwrap();
        symlink("/dev/null", &null).unwrap();
        assert_eq!(Destination::of(&link, |_| true), Destination::Taken);
        assert_eq!(Destination::of(&dangling, |_| true), Destination::Taken);
        assert_eq!(Destination::untouched(&null), Destination::Stream);
        assert_eq!(Destination::untouched(Path::new("/dev/null")), Destination::Stream);
    }

    #[cfg(unix)]
    #[test]
    fn edit_in_place_keeps_links_and_refuses_dangling_ones() {
        let folder = tempfile::tempdir().unwrap();
        let [file, link, dangling] = ["file", "link", "dangling"].map(|name| folder.path().join(name));
        fs::write(&file, "\u{FEFF}a").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        std::os::unix::fs::symlink(folder.path().join("nothing"), &dangling).unwrap();
        overwrite(&link, Some("a"), "b").unwrap();
        assert!(link.is_symlink() && fs::read_to_string(&file).unwrap() == "\u{FEFF}b");
        assert!(overwrite(&file, None, "c").is_err() && overwrite(&dangling, None, "c").is_err());
        assert!(!folder.path().join("nothing").exists());
    }
}
