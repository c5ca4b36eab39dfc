//! `roomtree state unlock`: who holds a state, and is its lock file only left behind?

use clap::Args;

use crate::cli::command::state::Place;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::{CommandError, unwritten_after_changes};
use crate::render::style::plain;
use crate::state::{Unlocked, unlock};
use crate::tr;

/// Say who holds the lock of a state, and remove a lock file that was left behind
///
/// The lock is the operating system's: it ends with the process that holds it, so there is nothing to break. A file that a
/// killed run left behind locks nothing, and is removed. As long as a run holds the lock this refuses and names it.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  roomtree state unlock examples/acme.yaml --sandbox")]
pub(crate) struct UnlockArgs {
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(context: &Context, arguments: &UnlockArgs) -> Result<Exit, CommandError> {
    let path = arguments.place.path()?;
    let place = path.display();
    let said = match unlock(&path)? {
        Unlocked::Nothing => tr!(format: "`{place}` is not locked.", "`{place}` 没有上锁。"),
        Unlocked::Removed { holder: None } => {
            tr!(format: "Removed the lock file of `{place}`, which nobody held.", "`{place}` 的锁无人持有，已删除锁文件。")
        }
        Unlocked::Removed { holder: Some(holder) } => {
            tr!(format: "Removed the lock file of `{place}`, which nobody held; {holder} left it behind.", "`{place}` 的锁无人持有，已删除遗留的锁文件（{holder}）。")
        }
    };
    context.terminal.result(&plain(&said)).map_err(unwritten_after_changes)?;
    Ok(Exit::Done)
}
