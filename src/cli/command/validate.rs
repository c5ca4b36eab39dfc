//! `roomtree validate`: is the manifest right? Never touches the network.

use clap::Args;

use crate::cli::args::{Format, ManifestArgs};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::{CommandError, unwritten};
use crate::cli::run::load_manifest;
use crate::i18n::count;
use crate::manifest::{Loaded, Manifest};
use crate::render::json;
use crate::render::style::{GOOD, Grouped, Styled};
use crate::tr;

/// Check a manifest; every problem is told at once, with its place
///
/// Nothing but the given files is read: no network, no credentials, no state.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  roomtree validate examples/acme.yaml")]
pub(crate) struct ValidateArgs {
    #[command(flatten)]
    manifest: ManifestArgs,

    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(context: &Context, arguments: &ValidateArgs) -> Result<Exit, CommandError> {
    let loaded = load_manifest::read(&arguments.manifest);
    match arguments.format {
        Format::Json => context.terminal.result(&json::problems(&loaded)).map_err(unwritten)?,
        Format::Text => tell(context, &loaded)?,
    }
    Ok(if loaded.manifest().is_some() { Exit::Done } else { Exit::WrongInput })
}

fn tell(context: &Context, loaded: &Loaded) -> Result<(), CommandError> {
    if !loaded.problems.is_empty() {
        context.terminal.note(&load_manifest::drawn(context, loaded));
    }
    match loaded.manifest() {
        Some(manifest) => context.terminal.result(&summary(manifest)).map_err(unwritten),
        None => Ok(()),
    }
}

fn summary(manifest: &Manifest) -> String {
    let depth = manifest.tree.nodes().map(|(_, node)| node.depth as usize).max().unwrap_or(0);
    let heading = Styled(GOOD, tr!("Valid:", "有效："));
    let (groups, levels) =
        (count(Grouped(manifest.tree.len()), "group", "个分组"), count(Grouped(depth), "level", "级"));
    tr!(format: "{heading} {groups}, {levels} deep", "{heading}{groups}，共 {levels}")
}
