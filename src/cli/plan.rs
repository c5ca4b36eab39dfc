//! `roomtree plan`: what would be done. Changes nothing, and needs no credentials offline.

use clap::Args;

use crate::apply::settle::recover;
use crate::cli::args::{ConnectionArguments, Format, ManifestArguments, StateArguments};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::target::{self, Target};
use crate::cli::validate::unwritten;
use crate::cli::{runtime, source};
use crate::dingtalk::Live;
use crate::manifest::Manifest;
use crate::plan::{Evidence, Plan, Rate, Refusal, compare, guard};
use crate::render::style::{ERROR, HINT, Styled};
use crate::render::{json, plan as drawing};
use crate::state::{self, Identity, Ledger, Snapshot};

/// Show what apply would do
///
/// Compares the manifest with the state and with DingTalk, which costs one call. With --offline nothing is called and no
/// credentials are needed: what the state does not record then counts as missing.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  roomtree plan examples/acme.yaml --offline\n  roomtree plan examples/acme.yaml --sandbox --format json"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    manifest: ManifestArguments,
    #[command(flatten)]
    state: StateArguments,
    #[command(flatten)]
    connection: ConnectionArguments,

    /// Plan from manifest and state alone, without credentials
    #[arg(long)]
    offline: bool,

    /// Exit with 2 when changes are pending
    #[arg(long)]
    detailed_exitcode: bool,

    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(context: &Context, arguments: &Arguments) -> Result<Exit, Failure> {
    let manifest = source::manifest(context, &arguments.manifest)?;
    let (plan, refusals) = if arguments.offline {
        offline(context, arguments, &manifest)?
    } else {
        runtime::block_on(online(context, arguments, &manifest))??
    };
    let rate = Rate(arguments.connection.qps.0);
    let text = match arguments.format {
        Format::Json => json::plan(&plan, &refusals, rate),
        Format::Text => drawing::text(&plan, rate),
    };
    context.terminal.result(&text).map_err(unwritten)?;
    context.terminal.note(&told(&refusals));
    Ok(exit(arguments, &plan, &refusals))
}

fn exit(arguments: &Arguments, plan: &Plan, refusals: &[Refusal]) -> Exit {
    match (refusals.is_empty(), arguments.detailed_exitcode && !plan.is_settled()) {
        (false, _) => Exit::Refused,
        (true, true) => Exit::Pending,
        (true, false) => Exit::Done,
    }
}

/// Tells each refusal and what to do about it.
pub(crate) fn told(refusals: &[Refusal]) -> String {
    let told = |refusal: &Refusal| {
        format!("{} {refusal}\n  {} {}\n", Styled(ERROR, "refused:"), Styled(HINT, "→"), refusal.remedy())
    };
    refusals.iter().map(told).collect()
}

fn offline(context: &Context, arguments: &Arguments, manifest: &Manifest) -> Result<(Plan, Vec<Refusal>), Failure> {
    let endpoint = target::address(context, &arguments.connection)?;
    let identity = Identity { endpoint, organization: manifest.organization.clone(), root: manifest.root };
    let known = known(arguments)?;
    let has_state = known.is_some();
    let ledger = match known {
        Some(ledger) => ledger,
        None => empty(&identity)?,
    };
    Ok(decide(Evidence { manifest, ledger: &ledger, live: None, has_state }))
}

async fn online(
    context: &Context,
    arguments: &Arguments,
    manifest: &Manifest,
) -> Result<(Plan, Vec<Refusal>), Failure> {
    let known = known(arguments)?;
    let path = state_path(arguments).unwrap_or_default();
    let target = Target::open(context, &arguments.connection, manifest, &path).await?;
    let (mut ledger, has_state) = match known {
        Some(ledger) => (ledger, true),
        None => (empty(&target.identity)?, false),
    };
    target.identity.check(ledger.snapshot(), &path)?;
    let live = target.client.list().await;
    target.close().await;
    let live: Live = live?;
    // An apply would record what this finds; a plan only takes it into account.
    let _ = recover(&mut ledger, &live);
    Ok(decide(Evidence { manifest, ledger: &ledger, live: Some(&live), has_state }))
}

/// Makes the plan, and says what stands against it.
pub(crate) fn decide(evidence: Evidence<'_>) -> (Plan, Vec<Refusal>) {
    let plan = compare(evidence);
    let refusals = guard::refusals(&plan, evidence);
    (plan, refusals)
}

fn state_path(arguments: &Arguments) -> Result<std::path::PathBuf, Failure> {
    target::state_path(&arguments.manifest, &arguments.state, arguments.connection.sandbox)
}

/// Reads the state, if there is one. What has no place of its own and no --state has none.
fn known(arguments: &Arguments) -> Result<Option<Ledger>, Failure> {
    match state_path(arguments) {
        Ok(path) => Ok(state::read(&path)?),
        Err(_) => Ok(None),
    }
}

pub(crate) fn empty(identity: &Identity) -> Result<Ledger, Failure> {
    Ledger::new(Snapshot::new(identity)).map_err(|error| Failure::input("an empty state is refused").because(&error))
}
