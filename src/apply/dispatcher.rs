//! The one owner of a running apply: frontier, journal, counters.
//!
//! Workers take one call and give back one outcome; all else happens here, in one task, so nothing needs a lock. The life of a
//! step: *ready* (in the frontier) → *noted* (its intent goes to the journal) → *queued* (the intent is durable) → *in
//! flight* → an outcome. An outcome and the intents that build on it may share one sync, since the journal keeps their order.

use std::collections::{HashMap, HashSet};
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::apply::call::{Reply, Staged};
use crate::apply::circuit_breaker::{Advice, Patience};
use crate::apply::event::Event;
use crate::apply::journal_writer::Scribe;
use crate::apply::lost_call::LostCall;
use crate::apply::ready_queue::Frontier;
use crate::apply::report::{Ending, Outcome, Report};
use crate::apply::resumed::Resumed;
use crate::apply::stop::stop_requested;
use crate::apply::suspension::Suspension;
use crate::apply::work_queue::Queue;
use crate::apply::worker::Worker;
use crate::dingtalk::{Api, Client, Failure};
use crate::group::{GroupId, GroupPath};
use crate::inventory::Live;
use crate::plan::{Call, Checked, Decision, Order, Plan, RowId, StepId};
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
    fn plan(&self, ledger: &Ledger, live: &Live) -> Option<Plan>;
}

/// The plan to apply, and the means.
#[derive(Debug)]
pub struct Job<'a> {
    /// The plan.
    pub plan: &'a Checked,
    /// Its steps.
    pub order: &'a Order,
    /// The live groups that the plan was made from.
    pub before: &'a Live,
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
pub struct Ended {
    /// What became of each step.
    pub report: Report,
    /// What is now remembered.
    pub ledger: Ledger,
    /// The journal, to be folded; `None` if its thread died.
    pub journal: Option<Journal>,
}

/// The owner of the run.
pub struct Dispatcher<'a> {
    pub(crate) job: Job<'a>,
    pub(crate) ledger: Ledger,
    pub(crate) scribe: Scribe,
    pub(crate) frontier: Frontier<'a>,
    pub(crate) outcomes: Vec<Option<Outcome>>,
    /// Intents that go into the next batch, in the batch being written, and durable ones that no worker has taken.
    pub(crate) noted: Vec<Staged>,
    pub(crate) writing: Vec<Staged>,
    pub(crate) queue: Arc<Queue>,
    /// How many steps workers have, or can take, and have not replied to.
    pub(crate) handed: usize,
    /// Calls of steps that were begun and count for the monthly quota, as far as is known; and all other such calls.
    pub(crate) started: u64,
    pub(crate) made_before: u64,
    pub(crate) worker: Worker,
    pub(crate) workers: JoinSet<()>,
    replies: UnboundedReceiver<Reply>,
    /// Turns true when nothing is to be started any more.
    ends: watch::Sender<bool>,
    /// Steps other than deletions that are not done.
    pub(crate) changes_left: usize,
    pub(crate) lost: Vec<LostCall>,
    pub(crate) tries: HashMap<StepId, u32>,
    /// Ids that DingTalk has returned for two creates of this run: a list shows which of the two is right.
    pub(crate) contested: Vec<GroupId>,
    /// Groups that were recorded when this run began: none of them can be a new one.
    pub(crate) recorded_before: HashSet<GroupId>,
    pub(crate) swept: bool,
    /// Whether nothing may be started before a list, since the process was suspended.
    pub(crate) is_paused: bool,
    pub(crate) last_loss: Option<Instant>,
    pub(crate) report: Report,
    pub(crate) patience: Patience,
    tell: &'a mut dyn FnMut(Event),
}

impl<'a> Dispatcher<'a> {
    /// Prepares a run; nothing is called yet.
    pub fn new(job: Job<'a>, ledger: Ledger, journal: Journal, tell: &'a mut dyn FnMut(Event)) -> Self {
        let frontier = Frontier::new(job.order);
        let patience = Patience::new(job.settings.wait);
        let outcomes = vec![None; job.order.steps().len()];
        let (ends, ended) = watch::channel(false);
        let (reply, replies) = unbounded_channel();
        let queue = Arc::new(Queue::new());
        let (client, suspension) = (job.client.clone(), job.suspension.clone());
        let worker = Worker { queue: Arc::clone(&queue), client, ends: ended, suspension, replies: reply };
        let report = Report {
            outcomes: Vec::new(),
            adopted: Vec::new(),
            twins_removed: Vec::new(),
            twins_left: Vec::new(),
            delayed: 0,
            answers_lost: 0,
            resumed: None,
            ending: Ending::Complete,
        };
        let recorded_before = ledger.snapshot().groups.values().copied().collect();
        Self {
            ledger,
            scribe: Scribe::new(journal),
            frontier,
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
            contested: Vec::new(),
            recorded_before,
            swept: false,
            is_paused: false,
            last_loss: None,
            report,
            patience,
            tell,
            job,
        }
    }

    /// Carries the plan out, as far as it can be.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) -> Ended {
        self.tell(Event::Began { steps: self.outcomes.len() });
        while self.job.suspension.check() && !self.is_stopping() {
            tokio::select! {
                () = stop_requested(&mut stop) => self.stop(Ending::Interrupted),
                () = self.recheck() => {}
            }
        }
        if self.is_stopping() {
            return self.end();
        }
        self.record();
        self.inherit();
        loop {
            self.keep_to_budget();
            if self.is_over() {
                return self.end();
            }
            if self.is_idle() {
                tokio::select! {
                    () = stop_requested(&mut stop) => self.stop(Ending::Interrupted),
                    () = self.list_again() => self.made_before = self.metered().saturating_sub(self.started),
                }
            } else {
                self.turn(&mut stop).await;
            }
        }
    }

    /// Lists for the calls with lost responses, or after a suspension.
    async fn list_again(&mut self) {
        if self.is_paused && self.is_any_ready() { self.recheck().await } else { self.look().await }
    }

    /// Waits for the next thing to happen and handles it.
    async fn turn(&mut self, stop: &mut watch::Receiver<bool>) {
        let hold = self.patience.hold(Instant::now());
        let (client, suspension) = (self.job.client, self.job.suspension.clone());
        tokio::select! {
            biased;
            result = self.scribe.synced() => self.on_synced(result.err().map(|error| error.to_string())),
            Some(reply) = self.replies.recv() => self.on_reply(reply),
            Some(ended) = self.workers.join_next() => self.on_ended(ended.err().map(|error| error.to_string())),
            () = stop_requested(stop), if !self.is_stopping() => self.stop(Ending::Interrupted),
            () = suspension.noticed(), if !self.is_paused => self.pause(),
            () = sleep_until(hold.unwrap_or_else(Instant::now)), if hold.is_some() => {}
            permit = client.permit(Api::Create), if self.may_start(Call::Create) => self.start(Call::Create, permit),
            permit = client.permit(Api::Rename), if self.may_start(Call::Rename) => self.start(Call::Rename, permit),
            permit = client.permit(Api::Delete), if self.may_start(Call::Delete) => self.start(Call::Delete, permit),
            () = ready(()), if self.scribe.can_begin() => self.write(),
        }
    }

    fn on_synced(&mut self, error: Option<String>) {
        match error {
            None => std::mem::take(&mut self.writing).into_iter().for_each(|staged| self.hand_over(staged)),
            Some(error) => self.stop(Ending::Unrecorded(error)),
        }
    }

    /// Puts another worker in the place of one that has ended.
    ///
    /// One that panicked is a bug; its intent stays open, so the next run finds out what became of it.
    fn on_ended(&mut self, error: Option<String>) {
        if let Some(error) = error {
            self.handed -= 1;
            self.stop(Ending::Unrecorded(error));
        }
        self.staff();
    }

    /// Applies a record to the ledger and notes it for the journal.
    pub(crate) fn note(&mut self, record: Record) {
        // What the dispatcher notes follows from the ledger itself, but for ids that come from outside: see `on_done`.
        if self.ledger.apply(&record).is_ok() {
            self.put_down(record);
        }
    }

    /// Notes a record for the journal that the ledger has accepted.
    pub(crate) fn put_down(&mut self, record: Record) {
        self.job.resumed.note(&record);
        self.scribe.note(record);
    }

    /// Records what needs no call: paths that change, groups that are gone, ids that were there already, protection. In this
    /// order, since the plan names groups by the paths that are handed on.
    fn record(&mut self) {
        let plan = self.plan();
        for handover in &plan.handovers {
            self.note(handover.record());
        }
        for deletion in plan.deletions.iter().filter(|deletion| deletion.gone) {
            self.note(Record::Drop { path: deletion.path.clone() });
        }
        self.adopt();
        self.protect();
    }

    /// Records the protection of the groups that exist; that of a new group is recorded with it.
    fn protect(&mut self) {
        let plan = self.plan();
        let exists = |row: &&RowId| !matches!(plan.row(**row).decision, Decision::Create { .. });
        let protected: Vec<GroupPath> = plan.protections.iter().filter(exists).map(|row| plan.path(*row)).collect();
        let released = plan.releases.clone();
        if !protected.is_empty() || !released.is_empty() {
            self.note(Record::Protect { protected, released });
        }
    }

    fn adopt(&mut self) {
        let plan = self.plan();
        let adopted = plan.rows().filter_map(|(row, group)| match group.decision {
            Decision::Adopt { id, .. } => Some((row, id)),
            _ => None,
        });
        for (row, id) in adopted.collect::<Vec<_>>() {
            let path: GroupPath = self.plan().path(row);
            self.note(Record::Put { path, id });
            self.report.adopted.push(row);
            self.tell(Event::Adopted { row, id });
        }
    }

    /// Ends the run as soon as what is in flight is answered; the first reason stays.
    pub(crate) fn stop(&mut self, ending: Ending) {
        if !self.is_stopping() {
            self.report.ending = ending;
            self.ends.send_replace(true);
            self.call_off();
            self.tell(Event::Stopping { in_flight: self.handed });
        }
    }

    /// Starts nothing before another list, since the process was suspended.
    fn pause(&mut self) {
        self.is_paused = true;
        self.call_off();
    }

    /// Holds everything back while this address is banned, or ends the run when that would take too long.
    pub(crate) fn on_ban(&mut self, failure: &Failure) -> Advice {
        let advice = self.patience.banned(Instant::now(), failure.wait.unwrap_or_default());
        match advice {
            Advice::HoldUntil(until) => {
                self.call_off();
                self.tell(Event::Banned { wait: until - Instant::now() });
            }
            Advice::Repeat | Advice::GiveUp => self.stop(Ending::Stopped(failure.clone())),
        }
        advice
    }

    pub(crate) fn is_stopping(&self) -> bool {
        !matches!(self.report.ending, Ending::Complete)
    }

    /// Says whether nothing is under way and nothing can be started.
    fn is_idle(&self) -> bool {
        let can_start = self.is_any_ready() && !self.is_paused;
        self.is_quiet() && (self.is_stopping() || !can_start && !self.is_held())
    }

    pub(crate) fn is_quiet(&self) -> bool {
        let cannot_write = matches!(self.report.ending, Ending::Unrecorded(_));
        let staged = self.noted.len() + self.writing.len();
        self.handed == 0 && (cannot_write || staged == 0 && !self.scribe.is_busy())
    }

    fn is_over(&self) -> bool {
        let wants_list = self.wants_look() || self.is_paused && self.is_any_ready();
        self.is_quiet() && self.is_idle() && (self.is_stopping() || !wants_list)
    }

    fn end(mut self) -> Ended {
        for call in std::mem::take(&mut self.lost) {
            if let Some(step) = call.step {
                self.outcomes[step.index()] = Some(Outcome::Unknown(call.failure));
            }
        }
        self.report.resumed = self.job.resumed.counts();
        self.report.outcomes = self.outcomes.into_iter().map(|outcome| outcome.unwrap_or(Outcome::Left)).collect();
        Ended { report: self.report, ledger: self.ledger, journal: self.scribe.close() }
    }

    pub(crate) fn tell(&mut self, event: Event) {
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
