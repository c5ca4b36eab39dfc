//! `roomtree state`: what is remembered. Reads only; no network.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::validate::unwritten;
use crate::group::GroupPath;
use crate::render::json;
use crate::render::state as drawing;
use crate::state::{Ledger, read};

/// Look at what is remembered
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(ListArguments),
    Show(ShowArguments),
}

/// List every recorded group with its id
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  roomtree state list examples/acme.yaml.state.json")]
struct ListArguments {
    /// The state file
    #[arg(value_name = "STATE")]
    state: PathBuf,

    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Show whom the state belongs to, or one recorded group and what is below it
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  roomtree state show examples/acme.yaml.state.json /北京")]
struct ShowArguments {
    /// The state file
    #[arg(value_name = "STATE")]
    state: PathBuf,

    /// The path of a group: /北京/望京园区, with ~1 for a slash and ~0 for a tilde within a name
    #[arg(value_name = "PATH", value_parser = GroupPath::parse)]
    path: Option<GroupPath>,

    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(context: &Context, arguments: &Arguments) -> Result<Exit, Failure> {
    let text = match &arguments.command {
        Command::List(list) => listed(list)?,
        Command::Show(show) => shown(show)?,
    };
    context.terminal.result(&text).map_err(unwritten)?;
    Ok(Exit::Done)
}

fn listed(arguments: &ListArguments) -> Result<String, Failure> {
    let ledger = known(&arguments.state)?;
    Ok(match arguments.format {
        Format::Text => drawing::list(&ledger, &GroupPath::top()),
        Format::Json => json::state(&ledger, &GroupPath::top()),
    })
}

fn shown(arguments: &ShowArguments) -> Result<String, Failure> {
    let ledger = known(&arguments.state)?;
    let path = arguments.path.clone().unwrap_or_else(GroupPath::top);
    if path != GroupPath::top() && ledger.id_of(&path).is_none() {
        return Err(Failure::input(format!("`{path}` is not recorded in `{}`", arguments.state.display()))
            .hint(format!("see what is: roomtree state list {}", arguments.state.display())));
    }
    Ok(match (arguments.format, &arguments.path) {
        (Format::Json, _) => json::state(&ledger, &path),
        (Format::Text, None) => drawing::summary(&ledger),
        (Format::Text, Some(_)) => drawing::list(&ledger, &path),
    })
}

/// Reads a state file; a manifest that was named in its stead leads to the state beside it.
fn known(path: &Path) -> Result<Ledger, Failure> {
    read(path)?.ok_or_else(|| {
        Failure::input(format!("there is no state at `{}`", path.display()))
            .hint("the state of a manifest is beside it, MANIFEST.state.json; the sandbox's is below .roomtree/states/")
    })
}
