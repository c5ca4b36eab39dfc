//! What a git repository is not to keep: the sandbox's folder, and what lies beside a state only while a run lasts.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::file_lock::{open_regular, read_regular};

/// The most bytes that a `.gitignore` may have.
const LARGEST: u64 = 1 << 20;

/// The lines that belong into a `.gitignore`.
const LINES: [&str; 3] = [".roomtree/", "*.state.json.journal", "*.state.json.lock"];

/// The `.gitignore` of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ignore {
    pub(crate) path: PathBuf,
    /// Those lines that it lacks.
    lacks: Vec<&'static str>,
}

impl Ignore {
    /// Looks for the repository that a folder is in; `None` if there is none, or if it lacks nothing.
    pub(crate) fn find(folder: &Path) -> Option<Self> {
        let folder = std::path::absolute(folder).ok()?;
        let repository = folder.ancestors().find(|folder| folder.join(".git").exists())?;
        let path = repository.join(".gitignore");
        let lacks = lacking(&read(&path).unwrap_or_default());
        (!lacks.is_empty()).then_some(Self { path, lacks })
    }

    /// Returns its path as it is seen from here.
    pub(crate) fn shown(&self) -> String {
        let here = std::env::current_dir().ok();
        let beside = here.and_then(|here| self.path.strip_prefix(here).ok().map(Path::to_owned));
        beside.as_deref().unwrap_or(&self.path).display().to_string()
    }

    /// Adds the lines at its end, and leaves what is there as it is.
    pub(crate) fn add(&self) -> io::Result<()> {
        let former = read(&self.path)?;
        let newline = if former.contains("\r\n") { "\r\n" } else { "\n" };
        let gap = if former.is_empty() || former.ends_with('\n') { "" } else { newline };
        let lines: String = lacking(&former).iter().flat_map(|line| [line, newline]).collect();
        let mut file = open_regular(&self.path, OpenOptions::new().append(true).create(true))?;
        file.write_all(format!("{gap}{lines}").as_bytes())
    }
}

/// Reads the text of the file, which is empty if there is none.
fn read(path: &Path) -> io::Result<String> {
    let bytes = read_regular(path, LARGEST)?.unwrap_or_default();
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

fn lacking(text: &str) -> Vec<&'static str> {
    let has = |line: &str| text.lines().any(|there| there.trim() == line || there.trim() == format!("/{line}"));
    LINES.into_iter().filter(|line| !has(line)).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::cli::gitignore::{Ignore, LINES};

    #[test]
    fn the_lines_go_into_the_repositorys_own_file_behind_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b");
        fs::create_dir_all(&deep).unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        fs::write(folder.path().join(".gitignore"), "target\r\n/.roomtree/").unwrap();
        let ignore = Ignore::find(&deep).unwrap();
        assert_eq!(ignore.lacks, LINES[1..]);
        ignore.add().unwrap();
        let text = fs::read_to_string(&ignore.path).unwrap();
        assert_eq!(text, "target\r\n/.roomtree/\r\n*.state.json.journal\r\n*.state.json.lock\r\n");
        assert_eq!(Ignore::find(&deep), None, "nothing is lacking");
        ignore.add().unwrap();
        assert_eq!(fs::read_to_string(&ignore.path).unwrap(), text);
    }

    #[test]
    fn a_file_that_is_not_there_is_made_and_one_that_cannot_be_read_is_left() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".git"), "gitdir: elsewhere").unwrap();
        let ignore = Ignore::find(folder.path()).unwrap();
        ignore.add().unwrap();
        assert_eq!(fs::read_to_string(&ignore.path).unwrap().lines().collect::<Vec<_>>(), LINES);
        fs::write(&ignore.path, [0xff, b'\n']).unwrap();
        assert!(ignore.add().is_err());
        assert_eq!(fs::read(&ignore.path).unwrap(), [0xff, b'\n']);
    }

    #[cfg(unix)]
    #[test]
    fn link_in_place_of_gitignore_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("target");
        fs::create_dir(folder.path().join(".git")).unwrap();
        std::os::unix::fs::symlink(&target, folder.path().join(".gitignore")).unwrap();
        assert!(Ignore::find(folder.path()).unwrap().add().is_err());
        assert!(!target.exists());
    }
}
