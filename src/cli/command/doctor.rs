//! `roomtree doctor`: could an apply work, and what stands in its way? Asks, reads, and leaves judging to the checks.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::apply::Suspension;
use crate::apply::reconcile::recover;
use crate::cli::args::{ConnectionArgs, Format, ManifestArgs, StateFileArgs};
use crate::cli::command::plan;
use crate::cli::command::remove_duplicates::Removing;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::{CommandError, unwritten, unwritten_after_changes};
use crate::cli::run::connection;
use crate::cli::run::connection::{About, Target};
use crate::cli::run::load_manifest;
use crate::cli::{clock, credentials, help, runtime};
use crate::dingtalk::{self, Api, Client};
use crate::doctor::{Check, Contact, Environment, Facts, Memory, Probe, Reason, Removal, Report, Trouble, examine};
use crate::group::GroupId;
use crate::i18n::Message;
use crate::inventory::Inventory;
use crate::manifest::Manifest;
use crate::plan::{Conflict, PlanInput, Scope, compare};
use crate::render::doctor as drawing;
use crate::render::json;
use crate::render::report::running::note;
use crate::state;
use crate::state::{Identity, Ledger, Record, Running, StateError};
use crate::{localized, tr};

const EXAMPLES: &str = "\
Examples:
  roomtree doctor
  roomtree doctor examples/acme.yaml --sandbox
  roomtree doctor examples/acme.yaml --sandbox --remove-duplicates --yes";

/// Check credentials, permissions, operator, state and duplicates
///
/// Makes two calls besides that for a token. One lists the groups. The other asks DingTalk to rename a group with an id that
/// no group has: it changes nothing, and DingTalk's refusal tells whether the app may write and the operator is an admin of
/// the meeting-room app. In which order DingTalk checks these is not documented, so an `ok` is strong evidence, not proof.
/// --read-only leaves this call out.
///
/// With a manifest or a state, what is recorded is compared with DingTalk too.
///
/// --remove-duplicates removes groups of which nobody misses one: unrecorded, without groups below, and of the same name and
/// parent as a recorded group that stands where it is recorded. It lists them and asks first. DingTalk refuses to delete
/// groups with rooms in them. Where none of the duplicates is recorded, none is touched.
///
/// The exit code is that of the first check that failed; warnings alone exit with 0.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, after_long_help = help::with_environment(EXAMPLES))]
pub(crate) struct DoctorArgs {
    /// The manifest: files, a folder of *.yaml and *.yml, or - for standard input
    #[arg(value_name = "MANIFEST")]
    manifest: Vec<OsString>,
    #[command(flatten)]
    state: StateFileArgs,
    #[command(flatten)]
    connection: ConnectionArgs,

    /// Leave out the call that finds out whether groups can be changed
    #[arg(long)]
    read_only: bool,

    /// Remove duplicates that are surely nobody's loss; needs a state
    #[arg(long, conflicts_with = "read_only")]
    remove_duplicates: bool,

    /// Do not ask before removing duplicates
    #[arg(long, short, requires = "remove_duplicates")]
    yes: bool,

    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(context: &Context, arguments: &DoctorArgs) -> Result<Exit, CommandError> {
    let manifest = ManifestArgs { manifest: arguments.manifest.clone() };
    let loaded = match arguments.manifest.is_empty() {
        true => None,
        false => Some(load_manifest::manifest(context, &manifest)?),
    };
    let path = state_path(arguments, &manifest)?;
    let memory = Remembered::read(path.as_deref()).declared(&declared(loaded.as_ref()));
    if let (None, Some(path), Remembered::Empty) = (&loaded, &path, &memory) {
        return Err(CommandError::input(localized!("there is no state at `{}`", "`{}` 处没有状态", path.display())));
    }
    let running = path.as_deref().and_then(state::running);
    if memory.ledger().is_none() {
        // Otherwise the check of the state names it.
        context.terminal.note(&note(running.as_ref()));
    }
    let examination = Examination { context, arguments, manifest: loaded.as_ref(), path: path.as_deref(), running };
    runtime::block_on(examination.run(memory))?
}

/// Returns the protection that the manifest declares.
fn declared(manifest: Option<&Manifest>) -> Record {
    let paths = |protect| {
        let nodes = manifest.into_iter().flat_map(|manifest| manifest.tree.nodes().map(move |node| (manifest, node)));
        let declared = nodes.filter(move |(_, (_, node))| node.protect() == Some(protect));
        declared.map(|(manifest, (id, _))| manifest.tree.path(id)).collect()
    };
    Record::Protect { protected: paths(true), released: paths(false) }
}

/// Returns the state that is meant, if any is. Several files without --state have none.
fn state_path(arguments: &DoctorArgs, manifest: &ManifestArgs) -> Result<Option<PathBuf>, CommandError> {
    if arguments.manifest.is_empty() && arguments.state.state.is_none() {
        return match arguments.remove_duplicates {
            true => Err(CommandError::input(localized!(
                "which duplicate is meant cannot be told without a state",
                "没有状态就无法判断该删哪个重名分组"
            ))
            .hint(localized!(
                "name the manifest, or its state with --state FILE",
                "请给出清单，或用 `--state <文件>` 给出它的状态"
            ))),
            false => Ok(None),
        };
    }
    match connection::state_path(manifest, &arguments.state, arguments.connection.sandbox) {
        Err(failure) if arguments.remove_duplicates => Err(failure),
        path => Ok(path.ok()),
    }
}

/// What the state's files say.
enum Remembered {
    NotNamed,
    Empty,
    Unusable(StateError),
    Known { ledger: Box<Ledger>, run: Option<StateError> },
}

impl Remembered {
    fn read(path: Option<&Path>) -> Self {
        let Some(path) = path else { return Self::NotNamed };
        // Who looks for the run first cannot miss one that ends while the files are read.
        let run = state::look_for_run(path).err().filter(|error| matches!(error, StateError::Locked { .. }));
        match state::read(path) {
            Ok(None) => Self::Empty,
            Ok(Some(ledger)) => Self::Known { ledger: Box::new(ledger), run },
            Err(error) => Self::Unusable(error),
        }
    }

    fn ledger(&self) -> Option<&Ledger> {
        match self {
            Self::Known { ledger, .. } => Some(ledger),
            Self::NotNamed | Self::Empty | Self::Unusable(_) => None,
        }
    }

    /// Takes the protection that the manifest declares into account; nothing is written.
    fn declared(mut self, protection: &Record) -> Self {
        if let Self::Known { ledger, .. } = &mut self {
            // Paths of a manifest are never empty, so the ledger accepts them.
            let _ = ledger.apply(protection);
        }
        self
    }

    /// Refuses what belongs to something else.
    fn checked(self, identity: &Identity, path: Option<&Path>) -> Self {
        let checked =
            self.ledger().map(|ledger| identity.check(&ledger.snapshot().identity(), path.unwrap_or(Path::new(""))));
        match checked {
            Some(Err(foreign)) => Self::Unusable(foreign),
            Some(Ok(())) | None => self,
        }
    }
}

/// One examination, from the first call to the report.
struct Examination<'a> {
    context: &'a Context,
    arguments: &'a DoctorArgs,
    manifest: Option<&'a Manifest>,
    path: Option<&'a Path>,
    /// The run that has the state just now.
    running: Option<Running>,
}

/// What became of the list call.
type Listing = Option<Result<Inventory, dingtalk::ApiError>>;

impl Examination<'_> {
    async fn run(&self, memory: Remembered) -> Result<Exit, CommandError> {
        let about = self.about(&memory);
        let endpoint = connection::address(self.context, &self.arguments.connection);
        let credentials = self.credentials(&about);
        let mut environment = self.environment(credentials.as_ref().err());
        let target = match (&endpoint, &credentials) {
            (Ok(_), Ok(())) => match self.open(&about).await {
                Ok(target) => Some(target),
                Err(failure) if self.arguments.connection.sandbox => return Err(failure),
                Err(failure) => {
                    environment = self.environment(Some(&failure));
                    None
                }
            },
            _ => None,
        };
        let memory = match &endpoint {
            Ok(address) => memory.checked(&self.identity(&about, address), self.path),
            Err(_) => memory,
        };
        let endpoint = endpoint.map_err(|failure| failure.trouble());
        let result = self.examine(target.as_ref(), environment, endpoint, memory, &about).await;
        if let Some(target) = target {
            target.close().await;
        }
        result
    }

    /// Says what the run is about: what the manifest says, or else the state.
    fn about(&self, memory: &Remembered) -> About {
        let recorded = memory.ledger().map(|ledger| ledger.snapshot().root);
        match self.manifest {
            Some(manifest) => About::of(manifest),
            None => About { root: recorded.unwrap_or(GroupId::ROOT), ..About::default() },
        }
    }

    fn credentials(&self, about: &About) -> Result<(), CommandError> {
        if self.arguments.connection.sandbox {
            return Ok(());
        }
        let organization = about.organization.as_deref();
        credentials::organization(self.context, organization)?;
        credentials::read(self.context, &self.arguments.connection, organization).map(drop)
    }

    fn environment(&self, failure: Option<&CommandError>) -> Environment {
        if self.arguments.connection.sandbox {
            return Environment::Sandbox;
        }
        let set = credentials::set(self.context);
        Environment::Variables {
            idle: credentials::idle(&set, &self.arguments.connection),
            set,
            trouble: failure.map(CommandError::trouble),
        }
    }

    async fn open(&self, about: &About) -> Result<Target, CommandError> {
        let state = self.path.unwrap_or(Path::new(""));
        Target::open_for(self.context, &self.arguments.connection, about, state).await
    }

    fn identity(&self, about: &About, address: &str) -> Identity {
        let organization = match self.arguments.connection.sandbox {
            true => Ok(about.organization.clone()),
            false => credentials::organization(self.context, about.organization.as_deref()),
        };
        // Organizations that contradict each other are told with the environment.
        let organization = organization.ok().flatten();
        Identity { endpoint: address.to_owned(), organization, root: about.root }
    }

    async fn examine(
        &self,
        target: Option<&Target>,
        environment: Environment,
        endpoint: Result<String, Trouble>,
        memory: Remembered,
        about: &About,
    ) -> Result<Exit, CommandError> {
        let client = target.map(|target| &target.client);
        let listing = list(client).await;
        let live = listing.as_ref().and_then(|listed| listed.as_ref().ok());
        let facts = Facts {
            environment,
            endpoint,
            access: connection::access(self.context, &self.arguments.connection),
            contact: contact(&listing, client),
            operator: client.and_then(Client::known_operator),
            probe: self.probe(client, live).await,
            skew: client.and_then(Client::skew),
            contested: self.contested(&memory, live, target),
            bound: self.bound(),
            memory: remembered(&memory),
            root: about.root,
            depth: about.depth,
        };
        let report = examine(&facts);
        match target {
            Some(target) if self.arguments.remove_duplicates => self.remove_duplicates(target, &report, &memory).await,
            _ => self.conclude(&report),
        }
    }

    /// Asks for a change of a group that is not there.
    async fn probe(&self, client: Option<&Client>, live: Option<&Inventory>) -> Probe {
        match (client, live) {
            _ if self.arguments.read_only => Probe::LeftOut,
            (Some(client), Some(live)) => {
                let permit = client.permit(Api::Rename).await;
                Probe::Made(client.rename(permit, unused(live), "roomtree doctor").await)
            }
            _ => Probe::NotMade,
        }
    }

    /// Returns the groups that the manifest binds by their ids.
    fn bound(&self) -> HashSet<GroupId> {
        let nodes = self.manifest.into_iter().flat_map(|manifest| manifest.tree.nodes());
        nodes.filter_map(|(_, node)| node.id()).collect()
    }

    /// Returns the duplicates that the manifest asks for one of, as a plan sees them.
    fn contested(&self, memory: &Remembered, live: Option<&Inventory>, target: Option<&Target>) -> HashSet<GroupId> {
        let (Some(manifest), Some(live), Some(target)) = (self.manifest, live, target) else { return HashSet::new() };
        let known = memory.ledger().cloned();
        let has_state = known.is_some();
        let Some(mut ledger) = known.or_else(|| plan::empty(&target.identity).ok()) else { return HashSet::new() };
        // An apply would record what this finds; here it is only taken into account.
        let _ = recover(&mut ledger, live);
        let plan =
            compare(PlanInput { manifest, ledger: &ledger, live: Some(live), has_state, scope: Scope::default() });
        let duplicates = plan.conflicts().filter_map(|(_, conflict)| match conflict {
            Conflict::Duplicates { ids } => Some(ids.clone()),
            _ => None,
        });
        duplicates.flatten().collect()
    }

    fn conclude(&self, report: &Report) -> Result<Exit, CommandError> {
        let text = match self.arguments.format {
            Format::Text => drawing::text(report),
            Format::Json => json::doctor(report, None, self.running.as_ref()),
        };
        self.context.terminal.result(&text).map_err(unwritten)?;
        Ok(exit(report))
    }

    async fn remove_duplicates(
        &self,
        target: &Target,
        report: &Report,
        memory: &Remembered,
    ) -> Result<Exit, CommandError> {
        let (Some(path), Some(_)) = (self.path, memory.ledger()) else {
            return self.keep_duplicates(report, Check::State);
        };
        if let Some(failed) = report.failed_besides(Check::Duplicates) {
            return self.keep_duplicates(report, failed.check);
        }
        if self.arguments.format == Format::Text {
            self.context.terminal.result(&drawing::text(report)).map_err(unwritten)?;
        }
        let (bound, declared) = (self.bound(), declared(self.manifest));
        let (context, asks) = (self.context, !self.arguments.yes);
        let suspension = Suspension::watch(Box::new(clock::since_boot));
        let removing = Removing { context, target, path, bound, declared, asks, suspension };
        let removal = removing.run().await;
        let text = match (self.arguments.format, &removal) {
            (Format::Text, Ok(removal)) => drawing::removal(removal),
            (Format::Text, Err(_)) => String::new(),
            (Format::Json, removal) => json::doctor(report, removal.as_ref().ok(), self.running.as_ref()),
        };
        let written = if text.is_empty() { Ok(()) } else { self.context.terminal.result(&text) };
        let is_changed = removal.as_ref().is_ok_and(Removal::changed_anything);
        written.map_err(if is_changed { unwritten_after_changes } else { unwritten })?;
        let removal = removal?;
        Ok(removing.exit(&removal).unwrap_or_else(|| exit(report)))
    }

    /// Reports, and says why no duplicate is removed.
    fn keep_duplicates(&self, report: &Report, check: Check) -> Result<Exit, CommandError> {
        let exit = self.conclude(report)?;
        let why = Message::of(|| {
            tr!(
                format: "no duplicate is removed before `{}` is well and a group is recorded",
                "“{}”这项检查正常且有分组记录之前，不删除任何重名分组",
                check.word()
            )
        });
        self.context.terminal.note(&CommandError::refused(why).to_text());
        Ok(if exit == Exit::Done { Exit::Refused } else { exit })
    }
}

async fn list(client: Option<&Client>) -> Listing {
    match client {
        Some(client) => Some(client.list().await),
        None => None,
    }
}

fn contact<'a>(listing: &'a Listing, client: Option<&Client>) -> Contact<'a> {
    match listing {
        None => Contact::None,
        Some(Ok(live)) => Contact::Listed(live),
        Some(Err(failure)) => {
            let ready_token = client.is_some_and(|client| client.calls().of(Api::Token).sent == 0);
            Contact::Failed { failure, ready_token: ready_token && failure.api != Api::Token }
        }
    }
}

fn remembered(memory: &Remembered) -> Memory<'_> {
    match memory {
        Remembered::NotNamed => Memory::NotNamed,
        Remembered::Empty => Memory::Empty,
        Remembered::Unusable(error) => Memory::Unusable(error),
        Remembered::Known { ledger, run } => Memory::Known { ledger, run: run.as_ref() },
    }
}

/// Returns the largest id that no live group has.
fn unused(live: &Inventory) -> GroupId {
    let mut ids = (1..=i64::MAX).rev().map(GroupId::new);
    ids.find(|id| live.get(*id).is_none()).unwrap_or(GroupId::new(i64::MAX))
}

fn exit(report: &Report) -> Exit {
    match report.reason() {
        None => Exit::Done,
        Some(Reason::Input) => Exit::WrongInput,
        Some(Reason::Refused) => Exit::Refused,
        Some(Reason::Unavailable) => Exit::Unavailable,
    }
}
