//! `roomtree apply`: plan, ask, carry out, report.

use clap::Args;

use crate::cli::args::{ConnectionArgs, ManifestArgs, RunFormat, ScopeArgs, StateFileArgs};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::CommandError;
use crate::cli::help;
use crate::cli::run::execute;
use crate::cli::run::execute::{Question, RunArgs, RunRequest};
use crate::cli::run::saved_plan::Saved;
use crate::cli::run::{connection, load_manifest};
use crate::localized;

const EXAMPLES: &str = "\
Examples:
  roomtree apply examples/acme.yaml --sandbox --yes
  roomtree plan examples/acme.yaml --sandbox --out plan.json
  roomtree apply plan.json --sandbox --yes";

/// Make DingTalk what the manifest says
///
/// Lists the groups, shows the plan, asks, and creates what is missing from the top down. What was done is recorded beside the
/// manifest at every step: however a run ends, the next one goes on where it stopped, and nothing is made twice.
///
/// In place of a manifest it takes a plan that was saved by `plan --out`, and then does exactly that or nothing.
#[derive(Debug, Args)]
#[command(
    after_help = EXAMPLES,
    after_long_help = help::with_environment(EXAMPLES)
)]
pub(crate) struct ApplyArgs {
    #[command(flatten)]
    manifest: ManifestArgs,
    #[command(flatten)]
    state: StateFileArgs,
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(flatten)]
    scope: ScopeArgs,
    #[command(flatten)]
    carry: RunArgs,

    /// Apply only if the plan has this fingerprint, as `plan --format json` tells it
    #[arg(long, value_name = "FINGERPRINT")]
    expect: Option<String>,
}

impl ApplyArgs {
    /// Returns how the run is reported.
    pub(crate) fn format(&self) -> RunFormat {
        self.carry.format
    }
}

pub(crate) fn run(context: &Context, arguments: &ApplyArgs) -> Result<Exit, CommandError> {
    match Saved::read(&arguments.manifest)? {
        Some(saved) => apply_saved(context, arguments, saved),
        None => apply(context, arguments, context.rest()),
    }
}

/// What a saved plan leaves undone is another plan than the saved one: the command that finishes the job names the manifest.
fn apply_saved(context: &Context, arguments: &ApplyArgs, mut saved: Saved) -> Result<Exit, CommandError> {
    if arguments.scope != ScopeArgs::default() {
        return Err(CommandError::input(localized!(
            "a saved plan says itself what it takes in",
            "已保存的计划自带处理范围"
        ))
        .hint(localized!(
            "leave --prune, --max-deletes and --only out, or plan anew with them",
            "请去掉 `--prune`、`--max-deletes` 和 `--only`，或加上它们重新生成计划"
        )));
    }
    let given = arguments.state.state.clone();
    saved.state = saved.state.filter(|_| given.is_none());
    let again = context.rest_of(&arguments.manifest.manifest[0], saved.words());
    let arguments = &ApplyArgs {
        manifest: ManifestArgs { manifest: saved.manifest },
        state: StateFileArgs { state: given.or(saved.state) },
        connection: arguments.connection.clone(),
        scope: saved.scope,
        carry: arguments.carry.clone(),
        expect: Some(saved.fingerprint),
    };
    apply(context, arguments, again)
}

fn apply(context: &Context, arguments: &ApplyArgs, again: String) -> Result<Exit, CommandError> {
    let manifest = load_manifest::manifest(context, &arguments.manifest)?;
    let path = connection::state_path(&arguments.manifest, &arguments.state, arguments.connection.sandbox)?;
    execute::run(RunRequest {
        context,
        manifest: &manifest,
        state: &path,
        connection: &arguments.connection,
        scope: &arguments.scope,
        declared: &manifest,
        carry: &arguments.carry,
        expect: arguments.expect.as_deref(),
        question: Question::Yes,
        again,
    })
}
