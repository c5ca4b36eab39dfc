//! `roomtree plan`: what would be done. Changes nothing, and needs no credentials offline.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::apply::reconcile::recover;
use crate::cli::args::{ConnectionArgs, ManifestArgs, PlanFormat, ScopeArgs, StateFileArgs};
use crate::cli::context::{Context, typed};
use crate::cli::exit::Exit;
use crate::cli::failure::{CommandError, unwritten};
use crate::cli::run::connection;
use crate::cli::run::connection::Target;
use crate::cli::run::load_manifest;
use crate::cli::run::planning::{Planning, administrators, log_plan, told};
use crate::cli::run::saved_plan::Saved;
use crate::cli::{help, runtime};
use crate::manifest::Manifest;
use crate::plan::{Fingerprint, Plan, Rate, Refusal, Rooms};
use crate::render::Extent;
use crate::render::plan::{diagram, html, markdown, text as drawing};
use crate::render::report::running::note;
use crate::render::{PlanView, json};
use crate::state;
use crate::state::{Identity, Ledger, Running, Snapshot};
use crate::{localized, tr};

const EXAMPLES: &str = "\
Examples:
  roomtree plan examples/acme.yaml --offline
  roomtree plan examples/acme.yaml --sandbox --format json
  roomtree plan examples/acme.yaml --offline --format html > plan.html";

/// Show what apply would do
///
/// Compares the manifest with the state and with DingTalk, which costs one call. With --offline nothing is called and no
/// credentials are needed: what the state does not record then counts as missing.
#[derive(Debug, Args)]
#[command(
    after_help = EXAMPLES,
    after_long_help = help::with_environment(EXAMPLES)
)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    manifest: ManifestArgs,
    #[command(flatten)]
    state: StateFileArgs,
    #[command(flatten)]
    connection: ConnectionArgs,

    #[command(flatten)]
    scope: ScopeArgs,

    /// Plan from manifest and state alone, without credentials
    #[arg(long)]
    offline: bool,

    /// Whether DingTalk is asked; `--refresh=false` is the same as --offline
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set)]
    refresh: bool,

    /// Save the plan for `apply`, to a new file or over a saved plan
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Exit with 2 when changes are pending
    #[arg(long)]
    detailed_exitcode: bool,

    /// Name every group: those that are unchanged, and all of those that stand beside the tree
    #[arg(long)]
    all: bool,

    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    format: PlanFormat,
}

impl PlanArgs {
    fn extent(&self) -> Extent {
        if self.all { Extent::Everything } else { Extent::Surroundings }
    }
}

pub(crate) fn run(context: &Context, arguments: &PlanArgs) -> Result<Exit, CommandError> {
    arguments.out.as_deref().map_or(Ok(()), Saved::check_place)?;
    let manifest = load_manifest::manifest(context, &arguments.manifest)?;
    let (plan, refusals) = if arguments.offline || !arguments.refresh {
        offline(context, arguments, &manifest)?
    } else {
        runtime::block_on(online(context, arguments, &manifest))??
    };
    log_plan(&plan, !refusals.is_empty());
    let running = state_path(arguments).ok().and_then(|path| state::running(&path));
    let rate = arguments.connection.qps.rate();
    let whole = context.command_for_all();
    let exhibit = PlanView { plan: &plan, refusals: &refusals, rate, extent: arguments.extent(), whole: &whole };
    context.terminal.result(&drawn(exhibit, arguments.format, running.as_ref())).map_err(unwritten)?;
    context.terminal.note(&told(&refusals));
    context.terminal.note(&note(running.as_ref()));
    if refusals.is_empty() {
        save(context, arguments, &plan, rate)?;
    }
    Ok(exit(arguments, &plan, &refusals))
}

fn drawn(exhibit: PlanView<'_>, format: PlanFormat, running: Option<&Running>) -> String {
    let PlanView { plan, refusals, rate, extent, .. } = exhibit;
    match format {
        PlanFormat::Text => drawing::text(plan, rate, extent),
        PlanFormat::Json => json::plan(plan, refusals, rate, running),
        PlanFormat::Markdown => markdown::markdown(exhibit),
        PlanFormat::Html => html::html(exhibit),
        PlanFormat::Svg => diagram::svg(exhibit),
        PlanFormat::Dot => diagram::dot(exhibit),
        PlanFormat::Mermaid => diagram::mermaid(exhibit),
    }
}

fn exit(arguments: &PlanArgs, plan: &Plan, refusals: &[Refusal]) -> Exit {
    match (refusals.is_empty(), arguments.detailed_exitcode && !plan.is_settled()) {
        (false, _) => Exit::Refused,
        (true, true) => Exit::Pending,
        (true, false) => Exit::Done,
    }
}

fn save(context: &Context, arguments: &PlanArgs, plan: &Plan, rate: Rate) -> Result<(), CommandError> {
    let Some(out) = &arguments.out else { return Ok(()) };
    let saved = Saved {
        manifest: arguments.manifest.manifest.clone(),
        state: arguments.state.state.clone(),
        scope: arguments.scope.clone(),
        fingerprint: Fingerprint::of(plan).to_string(),
    };
    if saved.write(context, out, &json::plan(plan, &[], rate, None))?.is_file() {
        let (out, command) = (out.display(), apply_command(out, arguments));
        context.terminal.note(
            &tr!(format: "Saved to {out}: `{command}` applies exactly this", "已保存到 {out}：`{command}` 会原样执行"),
        );
    }
    Ok(())
}

/// Returns the command that applies a saved plan, with the flags that lead to the same DingTalk. The state is in the plan.
fn apply_command(out: &Path, arguments: &PlanArgs) -> String {
    let out = out.to_string_lossy();
    let out = if out.starts_with('-') { format!("./{out}") } else { out.into_owned() };
    typed(["apply".to_owned(), out].into_iter().chain(arguments.connection.words()))
}

fn offline(context: &Context, arguments: &PlanArgs, manifest: &Manifest) -> Result<(Plan, Vec<Refusal>), CommandError> {
    let mut identity = connection::identity(context, &arguments.connection, manifest)?;
    let (ledger, has_state) = known(arguments, &identity)?;
    if !connection::names_endpoint(context, &arguments.connection) {
        // Nobody is called: where the state's groups are is then not this run's business.
        identity.endpoint.clone_from(&ledger.snapshot().endpoint);
    }
    identity.check(&ledger.snapshot().identity(), &state_path(arguments).unwrap_or_default())?;
    let survey = Planning::new(manifest, &arguments.scope, manifest, &ledger, has_state)?;
    Ok(survey.plan(None, &Rooms::default()))
}

async fn online(
    context: &Context,
    arguments: &PlanArgs,
    manifest: &Manifest,
) -> Result<(Plan, Vec<Refusal>), CommandError> {
    let path = state_path(arguments).unwrap_or_default();
    let target = Target::open(context, &arguments.connection, manifest, &path).await?;
    let planned = online_with(context, &target, arguments, manifest).await;
    target.close().await;
    planned
}

async fn online_with(
    context: &Context,
    target: &Target,
    arguments: &PlanArgs,
    manifest: &Manifest,
) -> Result<(Plan, Vec<Refusal>), CommandError> {
    let (mut ledger, has_state) = known(arguments, &target.identity)?;
    target.identity.check(&ledger.snapshot().identity(), &state_path(arguments).unwrap_or_default())?;
    let live = target.client.list().await.map_err(|failure| target.failure(&failure))?;
    // An apply would record what this finds; a plan only takes it into account.
    let _ = recover(&mut ledger, &live);
    let survey = Planning::new(manifest, &arguments.scope, manifest, &ledger, has_state)?;
    let rooms = survey.rooms(&target.client, &live, context.terminal).await?;
    let (mut plan, refusals) = survey.plan(Some(&live), &rooms);
    if refusals.is_empty() {
        plan.administrators = administrators(&target.client, &plan, None).await;
    }
    Ok((plan, refusals))
}

fn state_path(arguments: &PlanArgs) -> Result<PathBuf, CommandError> {
    connection::state_path(&arguments.manifest, &arguments.state, arguments.connection.sandbox)
}

/// Reads the state, or begins with an empty one. What has no place of its own and no --state has none.
fn known(arguments: &PlanArgs, identity: &Identity) -> Result<(Ledger, bool), CommandError> {
    let known = match state_path(arguments) {
        Ok(path) => state::read(&path)?,
        Err(_) => None,
    };
    match known {
        Some(ledger) => Ok((ledger, true)),
        None => Ok((empty(identity)?, false)),
    }
}

/// Makes the state of a tree of which nothing is recorded yet.
pub(crate) fn empty(identity: &Identity) -> Result<Ledger, CommandError> {
    Ledger::new(Snapshot::new(identity)).map_err(|error| {
        CommandError::input(localized!("an empty state is refused", "空的状态未被接受")).because(&error)
    })
}
