//! `roomtree destroy`: remove all that the state records, and nothing else.

use clap::Args;

use crate::cli::args::{ConnectionArgs, ManifestArgs, RunFormat, ScopeArgs, StateFileArgs};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::CommandError;
use crate::cli::help;
use crate::cli::run::execute;
use crate::cli::run::execute::{Question, RunArgs, RunRequest};
use crate::cli::run::{connection, load_manifest};
use crate::manifest::{Manifest, Tree};

const EXAMPLE: &str = "\
Example:
  roomtree destroy examples/acme.yaml --sandbox";

/// Delete every group that the state records
///
/// Children go first. Groups that roomtree did not record are never touched, nor those that the manifest protects and those
/// above them. A group that holds rooms or unmanaged groups stands against all of it, and is told before anything is deleted.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE, after_long_help = help::with_environment(EXAMPLE))]
pub(crate) struct DestroyArgs {
    #[command(flatten)]
    manifest: ManifestArgs,
    #[command(flatten)]
    state: StateFileArgs,
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(flatten)]
    carry: RunArgs,
}

impl DestroyArgs {
    /// Returns how the run is reported.
    pub(crate) fn format(&self) -> RunFormat {
        self.carry.format
    }
}

pub(crate) fn run(context: &Context, arguments: &DestroyArgs) -> Result<Exit, CommandError> {
    let manifest = load_manifest::manifest(context, &arguments.manifest)?;
    let path = connection::state_path(&arguments.manifest, &arguments.state, arguments.connection.sandbox)?;
    execute::run(RunRequest {
        context,
        manifest: &Manifest { tree: Tree::default(), ..manifest.clone() },
        state: &path,
        connection: &arguments.connection,
        scope: &ScopeArgs { prune: true, max_deletes: Some(usize::MAX), only: Vec::new(), destroy: true },
        declared: &manifest,
        carry: &arguments.carry,
        expect: None,
        question: Question::Number,
        again: context.rest(),
    })
}
