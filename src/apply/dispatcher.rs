//! The one owner of a running apply: ready_queue, journal, counters.
//!
//! Workers take one call and give back one outcome; all else happens here, in one task, so nothing needs a lock. The life of a
//! step: *ready* (in the ready_queue) → *noted* (its intent goes to the journal) → *queued* (the intent is durable) → *in
//! flight* → an outcome. An outcome and the intents that build on it may share one sync, since the journal keeps their order.

use std::collections::{HashMap, HashSet};
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tracing::info;

use crate::apply::call::{Completion, Staged};
use crate::apply::circuit_breaker::{CircuitBreaker, RetryDecision};
use crate::apply::event::Event;
use crate::apply::journal_writer::JournalWriter;
use crate::apply::log;
use crate::apply::lost_call::LostCall;
use crate::apply::ready_queue::ReadyQueue;
use crate::apply::report::{GroupOutcome, Report, StopReason};
use crate::apply::resumed::Resumed;
use crate::apply::stop::stop_requested;
use crate::apply::suspension::Suspension;
use crate::apply::work_queue::WorkQueue;
use crate::apply::worker::Worker;
use crate::dingtalk::{Api, ApiError, Client};
use crate::group::{GroupId, GroupPath};
use crate::inventory::Inventory;
use crate::plan::{Action, Call, Checked, Order, Plan, RowId, StepId};
use crate::state::{Journal, Ledger, Record};

/// How an apply behaves.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The most calls that are in flight at once.
    pub concurrency: usize,
    /// How long a create whose answer was lost may take to show in the list before it is repeated.
    pub settle: Duration,
    /// How long bans of this address are waited out, all together.
    pub wait: Duration,
    /// The most calls that count for the monthly quota, those made before the apply included; `None` for no bound.
    pub max_calls: Option<u64>,
    /// Whether calls are paced. If not, some intents are made durable ahead, so that a slow disk does not leave calls unused.
    pub paced: bool,
}

/// Plans again, from the state and a list.
pub trait Replan: std::fmt::Debug {
    /// Returns the new plan; `None` if none can be made.
    fn plan(&self, ledger: &Ledger, live: &Inventory) -> Option<Plan>;
}

/// The plan to apply, and the means.
#[derive(Debug)]
pub struct ApplyInput<'a> {
    /// The plan.
    pub plan: &'a Checked,
    /// Its steps.
    pub order: &'a Order,
    /// The live groups that the plan was made from.
    pub before: &'a Inventory,
    /// When those were asked for.
    pub listed_at: Instant,
    /// What makes the calls.
    pub client: &'a Client,
    /// How far the calls are resolved that an interrupted run left open.
    pub resumed: Resumed,
    /// How to go about it.
    pub settings: Settings,
    /// Whether the process was suspended since the list.
    pub suspension: Suspension,
    /// The planner for a list after a suspension.
    pub replan: &'a dyn Replan,
}

/// What is left of an apply.
pub struct ApplyResult {
    /// What became of each step.
    pub report: Report,
    /// What is now remembered.
    pub ledger: Ledger,
    /// The journal, to be folded; `None` if its thread died.
    pub journal: Option<Journal>,
}

/// The owner of the run.
pub struct Dispatcher<'a> {
    pub(crate) job: ApplyInput<'a>,
    pub(crate) ledger: Ledger,
    pub(crate) journal_writer: JournalWriter,
    pub(crate) ready_queue: ReadyQueue<'a>,
    pub(crate) outcomes: Vec<Option<GroupOutcome>>,
    /// Intents that go into the next batch, in the batch being written, and durable ones that no worker has taken.
    pub(crate) noted: Vec<Staged>,
    pub(crate) writing: Vec<Staged>,
    pub(crate) queue: Arc<WorkQueue>,
    /// How many steps workers have, or can take, and have not replied to.
    pub(crate) handed: usize,
    /// Calls of steps that were begun and count for the monthly quota, as far as is known; and all other such calls.
    pub(crate) started: u64,
    pub(crate) made_before: u64,
    pub(crate) worker: Worker,
    pub(crate) workers: JoinSet<()>,
    replies: UnboundedReceiver<Completion>,
    /// Turns true when nothing is to be started any more.
    ends: watch::Sender<bool>,
    /// Steps other than deletions that are not done.
    pub(crate) changes_left: usize,
    pub(crate) lost: Vec<LostCall>,
    pub(crate) tries: HashMap<StepId, u32>,
    /// How often steps were attempted that are not done.
    pub(crate) attempts: HashMap<StepId, u32>,
    /// Ids that DingTalk has returned for two creates of this run: a list shows which of the two is right.
    pub(crate) contested: Vec<GroupId>,
    /// Groups that were recorded when this run began: none of them can be a new one.
    pub(crate) recorded_before: HashSet<GroupId>,
    pub(crate) swept: bool,
    /// Whether nothing may be started before a list, since the process was suspended.
    pub(crate) is_paused: bool,
    pub(crate) last_loss: Option<Instant>,
    pub(crate) report: Report,
    pub(crate) circuit_breaker: CircuitBreaker,
    tell: &'a mut dyn FnMut(Event),
}

impl<'a> Dispatcher<'a> {
    /// Prepares a run; nothing is called yet.
    pub fn new(job: ApplyInput<'a>, ledger: Ledger, journal: Journal, tell: &'a mut dyn FnMut(Event)) -> Self {
        let ready_queue = ReadyQueue::new(job.order);
        let circuit_breaker = CircuitBreaker::new(job.settings.wait);
        let outcomes = vec![None; job.order.steps().len()];
        let (ends, ended) = watch::channel(false);
        let (reply, replies) = unbounded_channel();
        let queue = Arc::new(WorkQueue::new());
        let (client, suspension) = (job.client.clone(), job.suspension.clone());
        let worker = Worker { queue: Arc::clone(&queue), client, ends: ended, suspension, replies: reply };
        let report = Report {
            outcomes: Vec::new(),
            adopted: Vec::new(),
            duplicates_removed: Vec::new(),
            duplicates_left: Vec::new(),
            delayed: 0,
            answers_lost: 0,
            resumed: None,
            ending: StopReason::Complete,
        };
        let recorded_before = ledger.snapshot().groups.values().copied().collect();
        Self {
            ledger,
            journal_writer: JournalWriter::new(journal),
            ready_queue,
            outcomes,
            noted: Vec::new(),
            writing: Vec::new(),
            queue,
            handed: 0,
            started: 0,
            made_before: job.client.calls().total().metered,
            worker,
            workers: JoinSet::new(),
            replies,
            ends,
            changes_left: job.order.steps().iter().filter(|step| step.call != Call::Delete).count(),
            lost: Vec::new(),
            tries: HashMap::new(),
            attempts: HashMap::new(),
            contested: Vec::new(),
            recorded_before,
            swept: false,
            is_paused: false,
            last_loss: None,
            report,
            circuit_breaker,
            tell,
            job,
        }
    }

    /// Carries the plan out, as far as it can be.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) -> ApplyResult {
        self.emit(Event::Began { steps: self.outcomes.len() });
        while self.job.suspension.check() && !self.is_stopping() {
            tokio::select! {
                () = stop_requested(&mut stop) => self.stop(StopReason::Interrupted),
                () = self.recheck() => {}
            }
        }
        if self.is_stopping() {
            return self.end();
        }
        self.record_changes_without_calls();
        self.adopt_open_intents();
        loop {
            self.keep_to_budget();
            if self.is_over() {
                return self.end();
            }
            if self.is_idle() {
                tokio::select! {
                    () = stop_requested(&mut stop) => self.stop(StopReason::Interrupted),
                    () = self.list_again() => self.made_before = self.metered().saturating_sub(self.started),
                }
            } else {
                self.next_event(&mut stop).await;
            }
        }
    }

    /// Lists for the calls with lost responses, or after a suspension.
    async fn list_again(&mut self) {
        if self.is_paused && self.is_any_ready() { self.recheck().await } else { self.reconcile().await }
    }

    /// Waits for the next thing to happen and handles it.
    async fn next_event(&mut self, stop: &mut watch::Receiver<bool>) {
        let hold = self.circuit_breaker.hold(Instant::now());
        let (client, suspension) = (self.job.client, self.job.suspension.clone());
        tokio::select! {
            biased;
            result = self.journal_writer.synced() => self.on_synced(result.err().map(|error| error.to_string())),
            Some(reply) = self.replies.recv() => self.on_reply(reply),
            Some(ended) = self.workers.join_next() => self.on_ended(ended.err().map(|error| error.to_string())),
            () = stop_requested(stop), if !self.is_stopping() => self.stop(StopReason::Interrupted),
            () = suspension.noticed(), if !self.is_paused => self.pause(),
            () = sleep_until(hold.unwrap_or_else(Instant::now)), if hold.is_some() => {}
            permit = client.permit(Api::Create), if self.may_start(Call::Create) => self.start(Call::Create, permit),
            permit = client.permit(Api::Rename), if self.may_start(Call::Rename) => self.start(Call::Rename, permit),
            permit = client.permit(Api::Delete), if self.may_start(Call::Delete) => self.start(Call::Delete, permit),
            () = ready(()), if self.journal_writer.can_begin() => self.write(),
        }
    }

    fn on_synced(&mut self, error: Option<String>) {
        match error {
            None => std::mem::take(&mut self.writing).into_iter().for_each(|staged| self.enqueue(staged)),
            Some(error) => self.stop(StopReason::Unrecorded(error)),
        }
    }

    /// Puts another worker in the place of one that has ended.
    ///
    /// One that panicked is a bug; its intent stays open, so the next run finds out what became of it.
    fn on_ended(&mut self, error: Option<String>) {
        if let Some(error) = error {
            self.handed -= 1;
            self.stop(StopReason::Unrecorded(error));
        }
        self.spawn_workers();
    }

    /// Applies a record to the ledger and notes it for the journal.
    pub(crate) fn record(&mut self, record: Record) {
        // What the dispatcher notes follows from the ledger itself, but for ids that come from outside: see `on_done`.
        if self.ledger.apply(&record).is_ok() {
            self.put_down(record);
        }
    }

    /// Notes a record for the journal that the ledger has accepted.
    pub(crate) fn put_down(&mut self, record: Record) {
        self.job.resumed.note(&record);
        self.journal_writer.record(record);
    }

    /// Records what needs no call: paths that change, groups that are gone, ids that were there already, protection. In this
    /// order, since the plan names groups by the paths that are handed on.
    fn record_changes_without_calls(&mut self) {
        let plan = self.plan();
        for handover in &plan.handovers {
            self.record(handover.record());
        }
        for deletion in plan.deletions.iter().filter(|deletion| deletion.gone) {
            self.record(Record::Drop { path: deletion.path.clone() });
        }
        self.adopt();
        self.protect();
    }

    /// Records the protection of the groups that exist; that of a new group is recorded with it.
    fn protect(&mut self) {
        let plan = self.plan();
        let exists = |row: &&RowId| !matches!(plan.row(**row).decision, Action::Create { .. });
        let protected: Vec<GroupPath> = plan.protections.iter().filter(exists).map(|row| plan.path(*row)).collect();
        let released = plan.releases.clone();
        if !protected.is_empty() || !released.is_empty() {
            self.record(Record::Protect { protected, released });
        }
    }

    fn adopt(&mut self) {
        let plan = self.plan();
        let adopted = plan.rows().filter_map(|(row, group)| match group.decision {
            Action::Adopt { id, .. } => Some((row, id)),
            _ => None,
        });
        for (row, id) in adopted.collect::<Vec<_>>() {
            let path: GroupPath = self.plan().path(row);
            self.record(Record::Put { path, id });
            self.report.adopted.push(row);
            self.emit(Event::Adopted { row, id });
        }
    }

    /// Ends the run as soon as what is in flight is answered; the first reason stays.
    pub(crate) fn stop(&mut self, ending: StopReason) {
        if !self.is_stopping() {
            self.report.ending = ending;
            self.ends.send_replace(true);
            self.cancel_queued();
            self.emit(Event::Stopping { in_flight: self.handed });
        }
    }

    /// Starts nothing before another list, since the process was suspended.
    fn pause(&mut self) {
        self.is_paused = true;
        info!("pause: process was suspended");
        self.cancel_queued();
    }

    /// Holds everything back while this address is banned, or ends the run when that would take too long.
    pub(crate) fn on_ban(&mut self, failure: &ApiError) -> RetryDecision {
        let advice = self.circuit_breaker.banned(Instant::now(), failure.wait.unwrap_or_default());
        match advice {
            RetryDecision::HoldUntil(until) => {
                self.cancel_queued();
                self.emit(Event::Banned { wait: until - Instant::now() });
            }
            RetryDecision::Repeat | RetryDecision::GiveUp => self.stop(StopReason::Stopped(failure.clone())),
        }
        advice
    }

    pub(crate) fn is_stopping(&self) -> bool {
        !matches!(self.report.ending, StopReason::Complete)
    }

    /// Says whether nothing is under way and nothing can be started.
    fn is_idle(&self) -> bool {
        let can_start = self.is_any_ready() && !self.is_paused;
        self.is_quiet() && (self.is_stopping() || !can_start && !self.is_held())
    }

    pub(crate) fn is_quiet(&self) -> bool {
        let cannot_write = matches!(self.report.ending, StopReason::Unrecorded(_));
        let staged = self.noted.len() + self.writing.len();
        self.handed == 0 && (cannot_write || staged == 0 && !self.journal_writer.is_busy())
    }

    fn is_over(&self) -> bool {
        let wants_list = self.wants_look() || self.is_paused && self.is_any_ready();
        self.is_quiet() && self.is_idle() && (self.is_stopping() || !wants_list)
    }

    fn end(mut self) -> ApplyResult {
        for call in std::mem::take(&mut self.lost) {
            if let Some(step) = call.step {
                self.outcomes[step.index()] = Some(GroupOutcome::Unknown(call.failure));
            }
        }
        self.report.resumed = self.job.resumed.counts();
        self.report.outcomes = self.outcomes.into_iter().map(|outcome| outcome.unwrap_or(GroupOutcome::Left)).collect();
        ApplyResult { report: self.report, ledger: self.ledger, journal: self.journal_writer.close() }
    }

    pub(crate) fn emit(&mut self, event: Event) {
        log::event(&event, self.job.plan.plan(), self.job.order);
        (self.tell)(event);
    }

    pub(crate) fn plan(&self) -> &'a Plan {
        self.job.plan.plan()
    }

    pub(crate) fn api(&self, step: StepId) -> Api {
        match self.job.order.step(step).call {
            Call::Create => Api::Create,
            Call::Rename => Api::Rename,
            Call::Delete => Api::Delete,
        }
    }
}
