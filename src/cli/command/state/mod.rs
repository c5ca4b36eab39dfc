//! `roomtree state`: what is remembered. List and show only read; no network.

pub(super) mod forget;
pub(super) mod rebuild;
pub(super) mod unlock;

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::args::{Format, ManifestArgs, StateFileArgs};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::{CommandError, unwritten};
use crate::cli::run::connection;
use crate::group::GroupPath;
use crate::localized;
use crate::render::json;
use crate::render::report::running::note;
use crate::render::state as drawing;
use crate::state::{Ledger, Running, read, running};

/// Look at what is remembered, and mend it
#[derive(Debug, Args)]
pub(crate) struct StateArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(StateListArgs),
    Show(StateShowArgs),
    Forget(forget::ForgetArgs),
    Rebuild(rebuild::RebuildArgs),
    Unlock(unlock::UnlockArgs),
}

/// Which state is meant.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The state file, or the manifest that it belongs to
    #[arg(value_name = "STATE")]
    state: PathBuf,

    /// Of a manifest, the state that it has in the sandbox
    #[arg(long)]
    sandbox: bool,
}

impl Place {
    /// Returns the state file; that of a manifest, which is a folder or ends in `.yaml` or `.yml`, is beside it.
    pub(crate) fn path(&self) -> Result<PathBuf, CommandError> {
        let is_yaml = [Some(OsStr::new("yaml")), Some(OsStr::new("yml"))].contains(&self.state.extension());
        if !is_yaml && !self.state.is_dir() {
            return Ok(self.state.clone());
        }
        let manifest = ManifestArgs { manifest: vec![self.state.clone().into_os_string()] };
        connection::state_path(&manifest, &StateFileArgs { state: None }, self.sandbox)
    }

    /// Reads the state, which has to be there.
    pub(crate) fn ledger(&self) -> Result<Ledger, CommandError> {
        let path = self.path()?;
        read(&path)?.ok_or_else(|| {
            CommandError::input(localized!("there is no state at `{}`", "`{}` 处没有状态", path.display())).hint(localized!(
                "name a state file, or a manifest to mean the state beside it; with --sandbox the one below .roomtree/states/",
                "请给出状态文件，或给出清单以指它旁边的状态；加上 `--sandbox` 则指 `.roomtree/states/` 下的状态"
            ))
        })
    }

    /// Says that a path is not recorded.
    pub(crate) fn lacks(&self, path: &GroupPath) -> CommandError {
        let (place, sandbox) = (self.state.display(), if self.sandbox { " --sandbox" } else { "" });
        CommandError::input(localized!(
            "`{path}` is not recorded in the state of `{place}`",
            "`{place}` 的状态中没有记录 `{path}`"
        ))
        .hint(localized!(
            "see what is: roomtree state list {place}{sandbox}",
            "查看已有的记录：`roomtree state list {place}{sandbox}`"
        ))
    }
}

/// List every recorded group with its id
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  roomtree state list examples/acme.yaml --sandbox")]
struct StateListArgs {
    #[command(flatten)]
    place: Place,

    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Show whom the state belongs to, or one recorded group and what is below it
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  roomtree state show examples/acme.yaml --sandbox /北京")]
struct StateShowArgs {
    #[command(flatten)]
    place: Place,

    /// The path of a group: /北京/望京园区, with ~1 for a slash and ~0 for a tilde within a name
    #[arg(value_name = "PATH", value_parser = GroupPath::parse)]
    path: Option<GroupPath>,

    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(context: &Context, arguments: &StateArgs) -> Result<Exit, CommandError> {
    match &arguments.command {
        Command::List(list) => result(context, &list.place, |running| listed(list, running)),
        Command::Show(show) => result(context, &show.place, |running| shown(show, running)),
        Command::Forget(forgotten) => forget::run(context, forgotten),
        Command::Rebuild(rebuilt) => rebuild::run(context, rebuilt),
        Command::Unlock(unlocked) => unlock::run(context, unlocked),
    }
}

fn result(
    context: &Context,
    place: &Place,
    text: impl FnOnce(Option<&Running>) -> Result<String, CommandError>,
) -> Result<Exit, CommandError> {
    let running = running(&place.path()?);
    context.terminal.result(&text(running.as_ref())?).map_err(unwritten)?;
    context.terminal.note(&note(running.as_ref()));
    Ok(Exit::Done)
}

fn listed(arguments: &StateListArgs, running: Option<&Running>) -> Result<String, CommandError> {
    let ledger = arguments.place.ledger()?;
    Ok(match arguments.format {
        Format::Text => drawing::list(&ledger, &GroupPath::top()),
        Format::Json => json::state(&ledger, &GroupPath::top(), running),
    })
}

fn shown(arguments: &StateShowArgs, running: Option<&Running>) -> Result<String, CommandError> {
    let ledger = arguments.place.ledger()?;
    let path = arguments.path.clone().unwrap_or_else(GroupPath::top);
    if path != GroupPath::top() && ledger.id_of(&path).is_none() && !ledger.snapshot().protected.contains(&path) {
        return Err(arguments.place.lacks(&path));
    }
    Ok(match (arguments.format, &arguments.path) {
        (Format::Json, _) => json::state(&ledger, &path, running),
        (Format::Text, None) => drawing::summary(&ledger),
        (Format::Text, Some(_)) => drawing::list(&ledger, &path),
    })
}
