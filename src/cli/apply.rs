//! `roomtree apply`: plan, ask, carry out, report.

use std::path::Path;
use std::sync::mpsc;
use std::time::Instant;

use clap::Args;
use tokio::sync::watch;

use crate::apply::settle::recover;
use crate::apply::{Dispatcher, Ended, Ending, Event, Job, Report, Settings};
use crate::cli::args::{ConnectionArguments, Format, ManifestArguments, Span, StateArguments};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::target::{self, Target};
use crate::cli::validate::unwritten;
use crate::cli::{interrupt, plan, runtime, source};
use crate::dingtalk::{Api, Live};
use crate::group::{GroupId, GroupPath};
use crate::manifest::Manifest;
use crate::plan::{Checked, Evidence, Order, Plan, Rate, Refusal, compare, guard};
use crate::render::progress::Progress;
use crate::render::report::Told;
use crate::render::{json, plan as drawing, report};
use crate::state::{Holder, Journal, Ledger, Record, Store};

/// Make DingTalk what the manifest says
///
/// Lists the groups, shows the plan, asks, and creates what is missing from the top down. What was done is recorded beside the
/// manifest at every step: however a run ends, the next one goes on where it stopped, and nothing is made twice.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  roomtree apply examples/acme.yaml --sandbox --yes")]
pub(crate) struct Arguments {
    #[command(flatten)]
    manifest: ManifestArguments,
    #[command(flatten)]
    state: StateArguments,
    #[command(flatten)]
    connection: ConnectionArguments,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,

    /// How long a group whose answer was lost may take to show in the list before it is asked for again
    #[arg(long, value_name = "TIME", default_value = "3s")]
    settle: Span,

    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(context: &Context, arguments: &Arguments) -> Result<Exit, Failure> {
    let manifest = source::manifest(context, &arguments.manifest)?;
    let path = target::state_path(&arguments.manifest, &arguments.state, arguments.connection.sandbox)?;
    runtime::block_on(async {
        let stop = interrupt::watch();
        let target = Target::open(context, &arguments.connection, &manifest, &path).await?;
        let run = Run { context, arguments, manifest: &manifest, target: &target, began: Instant::now() };
        let result = run.apply(&path, stop).await;
        target.close().await;
        result
    })?
}

/// One apply, from the first list to the report.
struct Run<'a> {
    context: &'a Context,
    arguments: &'a Arguments,
    manifest: &'a Manifest,
    target: &'a Target,
    began: Instant,
}

/// The live groups, and when they were asked for.
struct Listed {
    live: Live,
    at: tokio::time::Instant,
}

impl Run<'_> {
    async fn apply(&self, path: &Path, mut stop: watch::Receiver<bool>) -> Result<Exit, Failure> {
        let (mut store, mut ledger) = Store::open(path, self.target.identity.clone(), holder(self.context))?;
        let listed = tokio::select! {
            listed = self.list(&ledger) => listed?,
            () = interrupt::asked(&mut stop) => return Ok(self.interrupted()),
        };
        let recovered = recover(&mut ledger, &listed.live);
        let evidence = Evidence { manifest: self.manifest, ledger: &ledger, live: Some(&listed.live), has_state: true };
        let checked = match guard::check(compare(evidence), evidence) {
            Ok(checked) => checked,
            Err(refusals) => return self.refuse(&evidence, &refusals),
        };
        if checked.plan().is_settled() && recovered.is_empty() {
            return self.nothing_to_do(checked.plan(), store, &ledger);
        }
        if let Some(exit) = self.confirm(checked.plan(), &mut stop).await? {
            return Ok(exit);
        }
        let journal = journal(&mut store, &recovered)?;
        let (order, ended) = self.carry_out(&checked, &listed, ledger, journal, stop).await;
        self.conclude(store, &checked, &order, ended)
    }

    /// Lists the live groups, and once more if recorded ones seem to be gone: the list may be behind.
    async fn list(&self, ledger: &Ledger) -> Result<Listed, Failure> {
        let listed = self.list_once().await?;
        if !self.lacks_recorded(&listed.live, ledger) {
            return Ok(listed);
        }
        tokio::time::sleep(self.arguments.settle.0).await;
        self.list_once().await
    }

    /// A recorded group that is not asked for may be gone for good: that is worth a second look only if all are.
    fn lacks_recorded(&self, live: &Live, ledger: &Ledger) -> bool {
        let recorded = &ledger.snapshot().groups;
        let is_gone = |id: GroupId| live.get(id).is_none();
        let is_asked = |path: &GroupPath| self.manifest.tree.find(path).is_some();
        let lacks_one = recorded.iter().any(|(path, id)| is_gone(*id) && is_asked(path));
        lacks_one || !recorded.is_empty() && recorded.values().all(|id| is_gone(*id))
    }

    async fn list_once(&self) -> Result<Listed, Failure> {
        let at = tokio::time::Instant::now();
        Ok(Listed { live: self.target.client.list().await?, at })
    }

    fn rate(&self) -> Rate {
        Rate(self.arguments.connection.qps.0)
    }

    fn refuse(&self, evidence: &Evidence<'_>, refusals: &[Refusal]) -> Result<Exit, Failure> {
        self.result(&compare(*evidence), refusals)?;
        self.context.terminal.note(&plan::told(refusals));
        Ok(Exit::Refused)
    }

    /// A run that was killed after its last call has left nothing to do but to fold its journal.
    fn nothing_to_do(&self, plan: &Plan, store: Store, ledger: &Ledger) -> Result<Exit, Failure> {
        store.fold(None, ledger)?;
        self.result(plan, &[])?;
        Ok(Exit::Done)
    }

    /// Writes a plan that is itself the result, since nothing is applied.
    fn result(&self, plan: &Plan, refusals: &[Refusal]) -> Result<(), Failure> {
        let text = match self.arguments.format {
            Format::Text => drawing::text(plan, self.rate()),
            Format::Json => json::plan(plan, refusals, self.rate()),
        };
        self.context.terminal.result(&text).map_err(unwritten)
    }

    /// Shows the plan and asks; returns the exit code if the run ends here.
    async fn confirm(&self, plan: &Plan, stop: &mut watch::Receiver<bool>) -> Result<Option<Exit>, Failure> {
        let drawn = drawing::text(plan, self.rate());
        match self.arguments.format {
            Format::Text => self.context.terminal.result(&drawn).map_err(unwritten)?,
            Format::Json => self.context.terminal.note(&drawn),
        }
        if self.arguments.yes {
            return Ok(None);
        }
        let terminal = self.context.terminal;
        let asking = tokio::task::spawn_blocking(move || terminal.ask("\nApply this? Only `yes` is taken: "));
        let answer = tokio::select! {
            answer = asking => answer.ok().flatten(),
            () = interrupt::asked(stop) => return Ok(Some(self.interrupted())),
        };
        match answer.as_deref() {
            Some("yes") => Ok(None),
            Some(_) => Err(Failure::refused("not confirmed; nothing was changed")),
            None => Err(Failure::refused("nobody is there to confirm; nothing was changed")
                .hint("add --yes to apply without being asked")),
        }
    }

    fn interrupted(&self) -> Exit {
        self.context.terminal.note("Interrupted before anything was changed.");
        Exit::Interrupted
    }

    async fn carry_out(
        &self,
        plan: &Checked,
        listed: &Listed,
        ledger: Ledger,
        journal: Journal,
        stop: watch::Receiver<bool>,
    ) -> (Order, Ended) {
        let order = Order::of(plan.plan());
        let (tell, events) = mpsc::channel::<Event>();
        let ended = std::thread::scope(|scope| {
            let progress = Progress::new(plan.plan(), &order, self.context.terminal);
            scope.spawn(move || progress.show(&events));
            let job = Job {
                plan,
                order: &order,
                before: &listed.live,
                listed_at: listed.at,
                client: &self.target.client,
                settings: self.settings(),
            };
            // Nobody listening any more is no reason to stop.
            let mut tell = move |event| drop(tell.send(event));
            let dispatcher = Dispatcher::new(job, ledger, journal, &mut tell);
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(dispatcher.run(stop)))
        });
        (order, ended)
    }

    fn settings(&self) -> Settings {
        let ConnectionArguments { concurrency, qps, .. } = &self.arguments.connection;
        Settings { concurrency: usize::from(*concurrency), settle: self.arguments.settle.0, paced: qps.0.is_some() }
    }

    /// Makes what is remembered the state, and tells what became of the run.
    fn conclude(&self, store: Store, plan: &Checked, order: &Order, ended: Ended) -> Result<Exit, Failure> {
        let folded = store.fold(ended.journal, &ended.ledger);
        let again = self.context.command();
        let told = Told {
            plan: plan.plan(),
            order,
            report: &ended.report,
            took: self.began.elapsed(),
            calls: self.calls(),
            again: &again,
        };
        let text = match self.arguments.format {
            Format::Text => report::text(told),
            Format::Json => json::report(told),
        };
        self.context.terminal.result(&text).map_err(unwritten)?;
        match folded {
            Ok(_) => Ok(exit(&ended.report)),
            Err(error) => Err(unfolded(error.into())),
        }
    }

    /// Returns how many calls were made, those for tokens left out.
    fn calls(&self) -> u64 {
        let calls = self.target.client.calls();
        calls.total().sent - calls.of(Api::Token).sent
    }
}

fn unfolded(failure: Failure) -> Failure {
    failure
        .after_changes()
        .hint("what was done is in the journal beside the state; the next run takes it up from there")
}

/// Opens the journal and records what was found out about an interrupted run.
fn journal(store: &mut Store, recovered: &[Record]) -> Result<Journal, Failure> {
    let mut journal = store.journal()?;
    if !recovered.is_empty() {
        journal.append(recovered)?;
        journal.sync()?;
    }
    Ok(journal)
}

fn exit(report: &Report) -> Exit {
    match &report.ending {
        Ending::Interrupted => Exit::Interrupted,
        Ending::Stopped(_) if !report.changed_anything() => Exit::Unavailable,
        _ if report.is_complete() => Exit::Done,
        _ => Exit::Partial,
    }
}

fn holder(context: &Context) -> Holder {
    Holder {
        pid: std::process::id(),
        host: context.variable("HOSTNAME").unwrap_or("this machine").to_owned(),
        command: context.command(),
        since: None,
    }
}
