//! Opens the file that `--log` names: a new one, or a file that roomtree logged to.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use crate::cli::failure::CommandError;
use crate::cli::replace_file::{is_state_name, taken, unwritable};
use crate::file_lock::{Unsuitable, open_regular};

/// The first line of every log file.
const HEADER: &str = "# roomtree-log\n";

/// Opens a log file to append to it. A symbolic link is not followed, and no file of another program is touched.
///
/// # Errors
/// The path is taken, or the system's error.
pub(crate) fn open(path: &Path) -> Result<File, CommandError> {
    if is_state_name(path) {
        return Err(taken(path));
    }
    let opened = match open_regular(path, OpenOptions::new().append(true).create_new(true)) {
        Ok(file) => begin(file),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => reopen(path),
        Err(error) => Err(error),
    };
    opened.map_err(|error| match Unsuitable::of(&error) {
        Some(_) => taken(path),
        None => unwritable(path, &error),
    })
}

fn begin(mut file: File) -> io::Result<File> {
    file.write_all(HEADER.as_bytes())?;
    Ok(file)
}

fn reopen(path: &Path) -> io::Result<File> {
    let mut file = open_regular(path, OpenOptions::new().read(true).append(true))?;
    let mut first = Vec::new();
    (&mut file).take(HEADER.len() as u64).read_to_end(&mut first)?;
    if first == HEADER.as_bytes() { Ok(file) } else { Err(Unsuitable::Foreign.into()) }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use crate::cli::log_file::{HEADER, open};

    #[test]
    fn log_is_appended_to_a_new_file_and_to_a_log() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log");
        open(&path).unwrap().write_all(b"one\n").unwrap();
        open(&path).unwrap().write_all(b"two\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("{HEADER}one\ntwo\n"));
    }

    #[test]
    fn other_files_and_names_of_a_state_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("rooms.yaml", "version: 1\n"), ("a.log", "# roomtree"), ("empty", "")] {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            assert!(open(&path).is_err(), "{name}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        let state = folder.path().join("rooms.yaml.state.json");
        assert!(open(&state).is_err() && !state.exists());
        assert!(open(folder.path()).is_err() && open(&folder.path().join("none/a.log")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn link_to_a_log_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let [log, link, dangling] = ["a.log", "link", "dangling"].map(|name| folder.path().join(name));
        open(&log).unwrap();
        std::os::unix::fs::symlink(&log, &link).unwrap();
        std::os::unix::fs::symlink(folder.path().join("nothing"), &dangling).unwrap();
        assert!(open(&link).is_err() && open(&dangling).is_err());
        assert!(!folder.path().join("nothing").exists());
    }
}
