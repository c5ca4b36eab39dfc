//! `roomtree schema`: the JSON Schemas of the manifest and of what `--format json` writes.

use clap::{Args, ValueEnum};

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::{CommandError, unwritten};
use crate::manifest;
use crate::render::json::Published;

/// Write a JSON Schema: of the manifest, for editors, or of a result, for programs
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  roomtree schema > schema/manifest.json\n  roomtree schema plan > schema/plan.json"
)]
pub(crate) struct SchemaArgs {
    /// Of what
    #[arg(value_enum, default_value_t)]
    document: Document,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Document {
    /// What you write
    #[default]
    Manifest,
    /// plan --format json
    Plan,
    /// apply --format json
    Report,
    /// a line of apply --format jsonl
    Events,
    /// validate --format json
    Problems,
    /// state list --format json
    State,
    /// doctor --format json
    Doctor,
}

impl Document {
    fn schema(self) -> String {
        match self {
            Self::Manifest => manifest::schema(),
            Self::Plan => Published::Plan.schema(),
            Self::Report => Published::Report.schema(),
            Self::Events => Published::Events.schema(),
            Self::Problems => Published::Problems.schema(),
            Self::State => Published::State.schema(),
            Self::Doctor => Published::Doctor.schema(),
        }
    }
}

pub(crate) fn run(context: &Context, arguments: &SchemaArgs) -> Result<Exit, CommandError> {
    context.terminal.result(&arguments.document.schema()).map_err(unwritten)?;
    Ok(Exit::Done)
}
