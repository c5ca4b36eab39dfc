//! `roomtree man`: the manual page.

use clap::{Args, CommandFactory};

use crate::cli::Cli;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::validate::unwritten;

/// Write the manual page
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  roomtree man > roomtree.1")]
pub(crate) struct Arguments {}

pub(crate) fn run(context: &Context, _: &Arguments) -> Result<Exit, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page).map_err(unwritten)?;
    context.terminal.result(&String::from_utf8_lossy(&page)).map_err(unwritten)?;
    Ok(Exit::Done)
}
