//! `roomtree schema`: the JSON Schema of the manifest.

use clap::Args;

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::validate::unwritten;
use crate::manifest;

/// Write the JSON Schema of the manifest, for editors
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  roomtree schema > schema/manifest.json")]
pub(crate) struct Arguments {}

pub(crate) fn run(context: &Context, _: &Arguments) -> Result<Exit, Failure> {
    context.terminal.result(&manifest::schema()).map_err(unwritten)?;
    Ok(Exit::Done)
}
