//! What can go wrong with the state, said with the path, and with what to do about it.
//!
//! Nothing here is ever answered by dropping a record: the files stay as they are until someone decides.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::state::durable::Step;
use crate::state::{Holder, LedgerError};

/// Why the state cannot be used or written.
#[derive(Debug, Error)]
pub enum StateError {
    /// Another run holds the lock.
    #[error("another run holds the lock `{}`{}", path.display(), holder.as_ref().map(|h| format!(": {h}")).unwrap_or_default())]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// Who holds it, if that can be read.
        holder: Option<Holder>,
    },
    /// The file was written by a newer roomtree.
    #[error("`{}` has format {format}, this roomtree knows formats up to {known}", path.display())]
    Newer {
        /// The state file or the journal.
        path: PathBuf,
        /// The format of the file.
        format: u64,
        /// The newest format known here.
        known: u64,
    },
    /// The file is not what roomtree wrote.
    #[error("`{}` is damaged at line {line}, column {column}: {flaw}", path.display())]
    Damaged {
        /// The state file or the journal.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in bytes; 0 when the whole line is meant.
        column: usize,
        /// What is wrong there.
        flaw: String,
    },
    /// A journal whose lines are whole but contradict each other or the state.
    #[error("`{}` is damaged at line {line}: it contradicts what is recorded", path.display())]
    Contradicted {
        /// The journal.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// The contradiction.
        source: LedgerError,
    },
    /// The state belongs to something else than this run is about.
    #[error("`{}` belongs to {what} `{recorded}`, this run is about `{wanted}`", path.display())]
    Foreign {
        /// The state file.
        path: PathBuf,
        /// `endpoint`, `organization` or `root`.
        what: &'static str,
        /// What the state file says.
        recorded: String,
        /// What this run is about.
        wanted: String,
    },
    /// The journal continues another state than the one beside it.
    #[error("`{}` continues {extends}, but the state beside it is {found}", path.display())]
    Apart {
        /// The journal.
        path: PathBuf,
        /// Lineage and serial of the state that the journal continues.
        extends: String,
        /// Lineage and serial of the state file.
        found: String,
    },
    /// The state file was exchanged while the run had it.
    #[error("`{}` was changed by something else while this run lasted", path.display())]
    Exchanged {
        /// The state file.
        path: PathBuf,
    },
    /// A folder, a device, or a symbolic link to nothing.
    #[error("`{}` is not a file", path.display())]
    NotAFile {
        /// What was given as the state file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot {step} `{}`", path.display())]
    Disk {
        /// What was tried.
        step: Step,
        /// On what.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// An earlier write to the journal failed: what it holds from there on is not known, so nothing more is written to it.
    #[error("nothing more can be written to `{}` since an earlier write to it failed", path.display())]
    Poisoned {
        /// The journal.
        path: PathBuf,
    },
}

/// What a [`StateError`] means for the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateErrorKind {
    /// Going on would be wrong: the lock is held, or the state is another's, or a newer or an older one.
    Refused,
    /// The files cannot be read or are damaged.
    Input,
    /// Writing failed.
    Disk,
}

impl StateError {
    /// Sorts the error by what it means for the run.
    #[must_use]
    pub fn kind(&self) -> StateErrorKind {
        match self {
            Self::Locked { .. } | Self::Newer { .. } | Self::Foreign { .. } => StateErrorKind::Refused,
            Self::Apart { .. } | Self::Exchanged { .. } => StateErrorKind::Refused,
            Self::Damaged { .. } | Self::Contradicted { .. } | Self::NotAFile { .. } => StateErrorKind::Input,
            Self::Disk { step: Step::Read, .. } => StateErrorKind::Input,
            Self::Disk { .. } | Self::Poisoned { .. } => StateErrorKind::Disk,
        }
    }

    /// Says what to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Locked { .. } => {
                "wait until it has ended; the lock ends with its process, and a file that is left behind locks nothing"
            }
            Self::Newer { .. } => "upgrade roomtree; nothing was touched",
            Self::Damaged { .. } => REBUILD,
            Self::Contradicted { .. } => REBUILD,
            Self::Foreign { .. } => {
                "use the credentials and the manifest this state was made with, or another `--state`"
            }
            Self::Apart { .. } => {
                "if an older state file was restored, put the newer one back; if the files come from different folders, \
                 part them; or run `roomtree state rebuild MANIFEST`"
            }
            Self::Exchanged { .. } => "put the former state file back; the journal beside it holds what this run did",
            Self::NotAFile { .. } => "name a regular file with `--state`, or remove what is there",
            Self::Disk { source, .. } => disk_remedy(source.kind()),
            Self::Poisoned { .. } => "see the first error; run again once it is settled, what was recorded is kept",
        }
    }

    /// Tells of a failed step.
    pub(super) fn disk(step: Step, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Disk { step, path, source }
    }
}

const REBUILD: &str =
    "restore the file from version control, or run `roomtree state rebuild MANIFEST` to make it anew from DingTalk";

fn disk_remedy(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::NotFound => "make the folder first, or name another one with `--state`",
        io::ErrorKind::PermissionDenied => "allow reading and writing there, or name another place with `--state`",
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only: name another place with `--state`",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "make room and run again; what was recorded is kept"
        }
        io::ErrorKind::Unsupported => "this file system cannot do that: name a local folder with `--state`",
        io::ErrorKind::IsADirectory => "a folder stands where a file should be: remove it, or name another `--state`",
        _ => "check the disk and run again; what was recorded is kept",
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::Path;

    use crate::state::durable::Step;
    use crate::state::{Holder, StateError, StateErrorKind};

    #[test]
    fn a_held_lock_names_its_holder() {
        let holder = Holder { pid: 7, host: "ci".to_owned(), command: "roomtree apply".to_owned(), since: None };
        let error = StateError::Locked { path: "a.lock".into(), holder: Some(holder) };
        assert_eq!(error.to_string(), "another run holds the lock `a.lock`: `roomtree apply`, process 7 on ci");
        assert_eq!(error.kind(), StateErrorKind::Refused);
    }

    #[test]
    fn a_full_disk_says_that_nothing_is_lost() {
        let error = StateError::disk(Step::Write, Path::new("a"))(io::ErrorKind::StorageFull.into());
        assert_eq!(error.to_string(), "cannot write `a`");
        assert_eq!(error.remedy(), "make room and run again; what was recorded is kept");
        assert_eq!(error.kind(), StateErrorKind::Disk);
    }
}
