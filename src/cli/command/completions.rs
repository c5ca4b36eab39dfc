//! `roomtree completions`: what the shell needs to complete commands and flags.

use clap::Args;
use clap_complete::Shell;

use crate::cli::chinese::tree;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::{CommandError, unwritten};

/// Write a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  roomtree completions bash > /etc/bash_completion.d/roomtree")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(context: &Context, arguments: &CompletionsArgs) -> Result<Exit, CommandError> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut tree(), "roomtree", &mut script);
    context.terminal.result(&String::from_utf8_lossy(&script)).map_err(unwritten)?;
    Ok(Exit::Done)
}
