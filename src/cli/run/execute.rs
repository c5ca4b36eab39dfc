//! What `apply` and `destroy` have in common: list, plan, guard, ask, carry out, fold, report.

use std::cell::RefCell;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Instant, SystemTime};

use clap::Args;
use tokio::sync::watch;

use crate::apply::{
    ApplyInput, ApplyResult, Dispatcher, Event, Report, Resumed, Settings, StopReason, Suspension, stop_requested,
};
use crate::cli::args::{ConnectionArgs, RunFormat, ScopeArgs, Span};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::{CommandError, unwritten, unwritten_after_changes};
use crate::cli::run::ban_budget::BanBudget;
use crate::cli::run::connection::Target;
use crate::cli::run::interrupt;
use crate::cli::run::planning;
use crate::cli::run::preflight::{Limits, Listed, Preflight, Request};
use crate::cli::run::reporter::{Asking, Telling};
use crate::cli::{clock, runtime};
use crate::dingtalk::{Api, Pace};
use crate::i18n::count;
use crate::manifest::Manifest;
use crate::plan::{Checked, Fingerprint, Order, Plan, Rate, Refusal, Refused};
use crate::render::difference;
use crate::render::json::{Idle, NoopRun};
use crate::render::report::text::ReportInput;
use crate::render::style::Grouped;
use crate::state::{Holder, Journal, Ledger, Record, StateError, Store};
use crate::{localized, tr};

/// How changes are carried out.
#[derive(Clone, Debug, Args)]
pub(crate) struct RunArgs {
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,

    /// How long a group whose answer was lost may take to show in the list before it is asked for again
    #[arg(long, value_name = "TIME", default_value = "3s")]
    settle: Span,

    /// Wait out a ban of this address, which DingTalk imposes for some minutes, for at most so long in all
    #[arg(long, value_name = "TIME", default_value = "0s")]
    wait: Span,

    /// Make at most so many calls that count for the monthly quota, the list included
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_calls: Option<u64>,

    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: RunFormat,
}

/// What has to be typed before anything is changed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Question {
    /// `yes`.
    Yes,
    /// How many groups are deleted.
    Number,
}

/// What is to be done.
pub(crate) struct RunRequest<'a> {
    pub(crate) context: &'a Context,
    pub(crate) manifest: &'a Manifest,
    pub(crate) state: &'a Path,
    pub(crate) connection: &'a ConnectionArgs,
    pub(crate) scope: &'a ScopeArgs,
    /// The whole manifest, whose `protect` counts in any case.
    pub(crate) declared: &'a Manifest,
    pub(crate) carry: &'a RunArgs,
    /// The fingerprint that the plan must have.
    pub(crate) expect: Option<&'a str>,
    pub(crate) question: Question,
    /// The command that finishes the job, should something be left.
    pub(crate) again: String,
}

/// Does an errand from the first list to the report.
pub(crate) fn run(errand: RunRequest<'_>) -> Result<Exit, CommandError> {
    runtime::block_on(async {
        let stop = interrupt::watch()?;
        let target = Target::open(errand.context, errand.connection, errand.manifest, errand.state).await?;
        let suspension = Suspension::watch(Box::new(clock::since_boot));
        let run = Run {
            errand: &errand,
            target: &target,
            suspension,
            bans: BanBudget::new(errand.carry.wait.0),
            began: Instant::now(),
            resumed: RefCell::default(),
        };
        let result = run.apply(stop).await;
        target.close().await;
        result
    })?
}

struct Run<'a> {
    errand: &'a RunRequest<'a>,
    target: &'a Target,
    suspension: Suspension,
    bans: BanBudget,
    began: Instant,
    /// How the calls were resolved that an interrupted run left open.
    resumed: RefCell<Resumed>,
}

impl Run<'_> {
    async fn apply(&self, mut stop: watch::Receiver<bool>) -> Result<Exit, CommandError> {
        let has_state = planning::has_state(self.errand.state);
        let (mut store, ledger) =
            Store::open(self.errand.state, self.target.identity.clone(), holder(self.errand.context))?;
        let mut preflight = self.preflight(has_state);
        let mut shown: Option<Checked> = None;
        let (known, checked) = loop {
            let known = tokio::select! {
                known = preflight.look(&ledger) => known?,
                () = stop_requested(&mut stop) => return Ok(self.interrupted()),
            };
            self.resume(&ledger, &known.recovered);
            let checked = match &known.plan {
                Ok(checked) => checked.clone(),
                Err(refused) => return self.refuse(refused),
            };
            if shown.as_ref().is_some_and(|shown| shown.plan().acts_as(checked.plan())) {
                break (known, checked);
            }
            self.expected(checked.plan())?;
            if checked.plan().is_settled() && known.recovered.is_empty() {
                // The journal of a killed run is checkpointed, if there is one; otherwise no byte is written.
                store.checkpoint(None, &known.ledger)?;
                self.idle(checked.plan(), &[], Idle::Settled, None)?;
                return Ok(Exit::Done);
            }
            self.report_change(shown.as_ref(), &checked);
            if let Some(exit) = self.confirm(checked.plan(), &mut stop).await? {
                return Ok(exit);
            }
            if self.errand.carry.yes {
                break (known, checked);
            }
            // Others may have changed DingTalk while the prompt was open.
            shown = Some(checked);
        };
        let journal = journal(&mut store, &known.recovered)?;
        let began = Instant::now();
        let (order, ended) = self.carry_out(&checked, &known.listed, known.ledger, journal, has_state, stop);
        self.conclude(store, &checked, &order, ended, began)
    }

    /// Counts how the calls were resolved that an interrupted run left open in this ledger.
    fn resume(&self, ledger: &Ledger, recovered: &[Record]) {
        let mut resumed = Resumed::of(ledger);
        recovered.iter().for_each(|record| resumed.note(record));
        self.resumed.replace(resumed);
    }

    fn preflight(&self, has_state: bool) -> Preflight<'_> {
        let RunArgs { settle, max_calls, .. } = self.errand.carry;
        let limits = Limits {
            settle: settle.0,
            concurrency: usize::from(self.errand.connection.concurrency),
            max_calls: *max_calls,
        };
        Preflight::new(self.errand.context, self.target, &self.suspension, &self.bans, self.request(has_state), limits)
    }

    fn request(&self, has_state: bool) -> Request<'_> {
        let RunRequest { manifest, scope, declared, .. } = *self.errand;
        Request { manifest, scope, declared, has_state }
    }

    /// Reports that the confirmed plan is outdated; the new plan follows.
    fn report_change(&self, confirmed: Option<&Checked>, now: &Checked) {
        let Some(confirmed) = confirmed else { return };
        let changes = difference(confirmed.plan(), now.plan());
        self.errand.context.terminal.note(&tr!(
            format: "DingTalk changed while the prompt was open; the confirmed plan is outdated:\n{changes}",
            "在等待确认期间钉钉中发生了变化，已确认的计划不再适用：\n{changes}"
        ));
    }

    /// Refuses a plan that is not the one that was looked at before.
    fn expected(&self, plan: &Plan) -> Result<(), CommandError> {
        let found = Fingerprint::of(plan);
        match self.errand.expect {
            Some(expected) if !found.matches(expected) => {
                let failure = CommandError::refused(localized!(
                    "the plan is not the one that was expected: it has fingerprint {found}",
                    "计划与预期的不同：它的指纹是 {found}"
                ))
                .hint(localized!(
                    "manifest, state or DingTalk moved on since; look at the plan above and plan anew",
                    "清单、状态或钉钉其间有了变化；请查看上面的计划，然后重新生成计划"
                ));
                self.idle(plan, &[], Idle::Refused, Some(&failure))?;
                Err(failure.reported())
            }
            _ => Ok(()),
        }
    }

    fn rate(&self) -> Rate {
        self.errand.connection.qps.rate()
    }

    fn refuse(&self, refused: &Refused) -> Result<Exit, CommandError> {
        self.idle(&refused.plan, &refused.refusals, Idle::Refused, None)?;
        self.errand.context.terminal.note(&planning::told(&refused.refusals));
        Ok(Exit::Refused)
    }

    /// Writes the result of a run that carries nothing out.
    fn idle(
        &self,
        plan: &Plan,
        refusals: &[Refusal],
        idle: Idle,
        failure: Option<&CommandError>,
    ) -> Result<(), CommandError> {
        let (took, calls) = (self.began.elapsed(), self.calls());
        let resumed = self.resumed.borrow().counts();
        let error = failure.map(CommandError::document);
        self.telling().idle(plan, NoopRun { refusals, idle, resumed, took, calls, error }).map_err(unwritten)
    }

    fn telling(&self) -> Telling {
        Telling { terminal: self.errand.context.terminal, format: self.errand.carry.format, rate: self.rate() }
    }

    /// Shows the plan and asks; returns the exit code if the run ends here.
    async fn confirm(&self, plan: &Plan, stop: &mut watch::Receiver<bool>) -> Result<Option<Exit>, CommandError> {
        let terminal = self.errand.context.terminal;
        let asking = if self.errand.carry.yes { Asking::No } else { Asking::Yes };
        self.telling().plan(plan, asking).map_err(unwritten)?;
        if self.errand.carry.yes {
            return Ok(None);
        }
        let (question, wanted) = question(self.errand.question, plan);
        let asking = tokio::task::spawn_blocking(move || terminal.ask(&question));
        let answer = tokio::select! {
            answer = asking => answer.ok().flatten(),
            () = stop_requested(stop) => return Ok(Some(self.interrupted())),
        };
        match answer {
            Some(answer) if answer == wanted => Ok(None),
            Some(_) => {
                Err(CommandError::refused(localized!("not confirmed; nothing was changed", "未经确认；没有任何改动")))
            }
            None => Err(CommandError::refused(localized!(
                "nobody is there to confirm; nothing was changed",
                "无人确认；没有任何改动"
            ))
            .hint(localized!("add --yes to go on without being asked", "加上 `--yes` 则不经询问直接执行"))),
        }
    }

    fn interrupted(&self) -> Exit {
        self.errand.context.terminal.note(tr!("Interrupted before anything was changed.", "已中断，没有任何改动。"));
        if let Err(error) = self.telling().interrupted() {
            self.errand.context.terminal.note(&unwritten(error).to_text());
        }
        Exit::Interrupted
    }

    fn carry_out(
        &self,
        plan: &Checked,
        listed: &Listed,
        ledger: Ledger,
        journal: Journal,
        has_state: bool,
        stop: watch::Receiver<bool>,
    ) -> (Order, ApplyResult) {
        let order = Order::of(plan.plan());
        let (tell, events) = mpsc::channel::<Event>();
        let ended = std::thread::scope(|scope| {
            let (telling, order) = (self.telling(), &order);
            let shower = scope.spawn(move || telling.follow(plan.plan(), order, &events));
            let job = ApplyInput {
                plan,
                order,
                before: &listed.live,
                listed_at: listed.at,
                client: &self.target.client,
                resumed: self.resumed.borrow().clone(),
                settings: self.settings(),
                suspension: self.suspension.clone(),
                replan: &self.request(has_state),
            };
            // Nobody listening any more is no reason to stop.
            let mut tell = move |event| drop(tell.send(event));
            let dispatcher = Dispatcher::new(job, ledger, journal, &mut tell);
            let ended =
                tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(dispatcher.run(stop)));
            drop(tell);
            shower.thread().unpark();
            ended
        });
        (order, ended)
    }

    fn settings(&self) -> Settings {
        let ConnectionArgs { concurrency, qps, .. } = self.errand.connection;
        let RunArgs { settle, max_calls, .. } = self.errand.carry;
        Settings {
            concurrency: usize::from(*concurrency),
            settle: settle.0,
            wait: self.bans.left(),
            max_calls: *max_calls,
            paced: qps.0 != Pace::Off,
        }
    }

    /// Makes what is remembered the state, and tells what became of the run.
    fn conclude(
        &self,
        store: Store,
        plan: &Checked,
        order: &Order,
        ended: ApplyResult,
        began: Instant,
    ) -> Result<Exit, CommandError> {
        let checkpoint_failure = store.checkpoint(ended.journal, &ended.ledger).err().map(checkpoint_failure);
        let told = ReportInput {
            plan: plan.plan(),
            order,
            report: &ended.report,
            took: began.elapsed(),
            calls: self.calls(),
            again: &self.errand.again,
        };
        let unwritten = if ended.report.changed_anything() { unwritten_after_changes } else { unwritten };
        let written = self.telling().report(told, checkpoint_failure.as_ref()).map_err(unwritten);
        self.tell_rate();
        match checkpoint_failure {
            None => written.map(|()| exit(&ended.report)),
            Some(failure) => {
                written.unwrap_or_else(|lost| self.errand.context.terminal.note(&lost.to_text()));
                Err(failure.reported())
            }
        }
    }

    /// Says what rate DingTalk turned out to permit, if it was not the one that was said.
    fn tell_rate(&self) {
        let changes = [Api::Create, Api::Rename, Api::Delete];
        let Some(qps) = changes.iter().find_map(|api| self.target.client.found_rate(*api)) else { return };
        self.errand.context.terminal.note(&tr!(
            format: "note: DingTalk permits about {qps:.0} calls a second here; `--qps {qps:.0}` saves finding out",
            "提示：钉钉在此处每秒约允许 {qps:.0} 次调用；使用 `--qps {qps:.0}` 可免去探测"
        ));
    }

    /// Returns the number of calls, without those for tokens and the operator's id: they do not count for the monthly quota.
    fn calls(&self) -> u64 {
        let calls = self.target.client.calls();
        calls.total().sent - calls.of(Api::Token).sent - calls.of(Api::User).sent
    }
}

/// Says who takes the lock.
pub(crate) fn holder(context: &Context) -> Holder {
    Holder {
        pid: std::process::id(),
        host: context.host.clone(),
        command: context.command(),
        since: Some(clock::rfc3339(SystemTime::now())),
    }
}

fn question(question: Question, plan: &Plan) -> (String, String) {
    match question {
        Question::Yes => (
            tr!("\nApply this? Only `yes` is taken: ", "\n要执行吗？输入 `yes` 才会执行：").to_owned(),
            "yes".to_owned(),
        ),
        Question::Number => {
            let deletes = plan.deletions.len().to_string();
            let groups = count(Grouped(plan.deletions.len()), "group", "个分组");
            let question = tr!(format: "\nThis deletes {groups}. Type {deletes} to go on: ", "\n这将删除 {groups}。输入 {deletes} 以继续：");
            (question, deletes)
        }
    }
}

fn checkpoint_failure(error: StateError) -> CommandError {
    let is_written = matches!(error, StateError::JournalReplaced { .. });
    let failure = CommandError::from(error).after_changes();
    if is_written {
        return failure;
    }
    failure.hint(localized!(
        "what was done is in the journal beside the state; the next run takes it up from there",
        "已完成的操作都在状态旁的日志中；下次运行会从那里继续"
    ))
}

/// Opens the journal and records what was found out about an interrupted run.
fn journal(store: &mut Store, recovered: &[Record]) -> Result<Journal, CommandError> {
    let mut journal = store.journal()?;
    if !recovered.is_empty() {
        journal.append(recovered)?;
        journal.sync()?;
    }
    Ok(journal)
}

fn exit(report: &Report) -> Exit {
    match &report.ending {
        StopReason::Interrupted => Exit::Interrupted,
        StopReason::Outdated { .. } if !report.changed_anything() => Exit::Refused,
        StopReason::Stopped(_) if !report.changed_anything() => Exit::Unavailable,
        _ if report.is_complete() => Exit::Done,
        _ => Exit::Partial,
    }
}
