//! `roomtree completions`: what the shell needs to complete commands and flags.

use clap::Args;
use clap_complete::Shell;

use crate::cli::chinese::tree;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::{Failure, unwritten};

/// Write a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  roomtree completions bash > /etc/bash_completion.d/roomtree")]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(context: &Context, arguments: &Arguments) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut tree(), "roomtree", &mut script);
    context.terminal.result(&String::from_utf8_lossy(&script)).map_err(unwritten)?;
    Ok(Exit::Done)
}
