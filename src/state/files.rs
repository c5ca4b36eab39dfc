//! The names of the files of a state.

use std::path::{Path, PathBuf};

/// Where the files are.
#[derive(Clone, Debug)]
pub(super) struct Files {
    /// The state file.
    pub(super) state: PathBuf,
    /// The journal.
    pub(super) journal: PathBuf,
}

impl Files {
    /// Names the journal of a state file.
    pub(super) fn beside(state: PathBuf) -> Self {
        Self { journal: with_suffix(&state, ".journal"), state }
    }
}

/// Adds to the whole file name, so that no two states share a journal.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
