//! A folder with a manifest in it, and roomtree run on it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::Result;
use crate::manifest::Named;
use crate::sandbox::Sandbox;
use crate::tree::Tree;

pub(crate) const ROOMTREE: &str = env!("CARGO_BIN_EXE_roomtree");

/// A folder on the disk that the build is on: a temporary folder may be in memory, where a sync costs nothing.
#[derive(Debug)]
pub(crate) struct Workplace {
    folder: TempDir,
}

impl Workplace {
    pub(crate) fn new(tree: &Tree) -> Result<Self> {
        let workplace = Self::empty()?;
        fs::write(workplace.manifest(), Named::new(tree).manifest())?;
        Ok(workplace)
    }

    pub(crate) fn empty() -> Result<Self> {
        Ok(Self { folder: tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))? })
    }

    /// Writes the state that an apply would have left.
    pub(crate) fn remember(&self, tree: &Tree) -> Result<()> {
        Ok(fs::write(self.state(), Named::new(tree).state())?)
    }

    /// Forgets what an apply has left.
    pub(crate) fn forget(&self) -> Result<()> {
        Ok(fs::remove_file(self.state())?)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn manifest(&self) -> PathBuf {
        self.file("tree.yaml")
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.file("tree.yaml.state.json")
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.file("tree.yaml.state.json.journal")
    }

    /// Returns a command of roomtree on the manifest.
    pub(crate) fn roomtree(&self, arguments: &[&str]) -> Command {
        let mut command = roomtree(arguments);
        command.arg(self.manifest());
        command
    }

    /// Returns a command of roomtree on the manifest that talks to a sandbox.
    pub(crate) fn online(&self, sandbox: &Sandbox, arguments: &[&str]) -> Command {
        let mut command = self.roomtree(arguments);
        command.args(["--endpoint", &sandbox.url]);
        command
    }
}

/// Returns a command of roomtree, whatever the environment has.
pub(crate) fn roomtree(arguments: &[&str]) -> Command {
    let mut command = Command::new(ROOMTREE);
    command.args(arguments).env_clear();
    command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    command.envs(["CLIENT_ID", "CLIENT_SECRET", "UNION_ID"].map(|name| (format!("DINGTALK_{name}"), "sandbox")));
    command
}
