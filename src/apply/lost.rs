//! Calls whose answers were lost: looking for what they did, and cleaning up after those that were repeated.
//!
//! Nothing is looked up while anything else can be done: then one list serves every call that is lost by that time, and late
//! commits have had time to land. A create that is not to be seen is repeated only after the settle time has passed on a list
//! that shows everything this run is known to have made.

use std::collections::{BTreeSet, HashMap};

use tokio::time::{Instant, sleep_until};

use crate::apply::dispatcher::Dispatcher;
use crate::apply::event::Event;
use crate::apply::report::Ending;
use crate::apply::settle::{Lost, Sighting, calls, newcomers, sight};
use crate::dingtalk::{Api, Failure, FailureKind, Live, Outcome};
use crate::group::{GroupId, GroupPath};
use crate::plan::{Call, StepId};
use crate::state::{Change, Record, Seq};

/// How many times a step is tried whose answers keep getting lost.
const MOST_TRIES: u32 = 4;
/// How many times a stale list is asked for again.
const MOST_STALE_LISTS: u32 = 4;
/// How many times the removal of one twin is tried.
const MOST_REMOVALS: u32 = 3;

/// A create whose answer was lost, in this run or in one before it.
#[derive(Clone, Debug)]
pub(crate) struct LostCall {
    /// The step that waits for it; `None` if the manifest no longer asks for it.
    pub(crate) step: Option<StepId>,
    pub(crate) seq: Seq,
    pub(crate) path: GroupPath,
    pub(crate) parent: GroupId,
    pub(crate) since: Instant,
    pub(crate) looked: bool,
    pub(crate) failure: Failure,
}

impl Dispatcher<'_> {
    /// Takes over the creates that an interrupted run left open and that were not found when the plan was made.
    pub(crate) fn inherit(&mut self) {
        let open: Vec<_> = self.ledger.open().map(|(seq, change)| (seq, change.clone())).collect();
        let mut steps = if open.is_empty() { HashMap::new() } else { self.creates_by_path() };
        for (seq, change) in open {
            let Change::Create { path, parent } = change else { continue };
            let step = steps.remove(&path).filter(|step| self.parent_id(*step) == parent);
            if let Some(step) = step {
                self.frontier.hold(step);
            }
            let failure = Failure::left_open(Api::Create);
            let since = self.job.listed_at;
            self.lost.push(LostCall { step, seq, path, parent, since, looked: true, failure });
        }
    }

    /// Returns the creates that are ready from the start, by path.
    fn creates_by_path(&self) -> HashMap<GroupPath, StepId> {
        let ready = self.job.order.iter().filter(|(_, step)| step.call == Call::Create && step.after.is_none());
        ready.map(|(id, step)| (self.plan().path(step.row), id)).collect()
    }

    /// Takes note of a call whose answer was lost.
    pub(crate) fn on_lost(&mut self, step: StepId, seq: Seq, failure: Failure) {
        if failure.ends_run() {
            self.stop(Ending::Stopped(failure.clone()));
        }
        self.tell(Event::Lost { step, failure: failure.clone() });
        match self.job.order.step(step).call {
            Call::Create => {
                let path = self.plan().path(self.job.order.step(step).row);
                let (parent, since) = (self.parent_id(step), Instant::now());
                // Even if the look finds a group, it may be that of an earlier call, and this one's may come later.
                self.last_loss = Some(since);
                self.lost.push(LostCall { step: Some(step), seq, path, parent, since, looked: false, failure });
            }
            // To give a group the same name twice does no harm.
            Call::Rename => self.repeat(step, Record::Void { seq }, failure),
        }
    }

    /// Says whether a list is needed before the run can end.
    pub(crate) fn wants_look(&self) -> bool {
        !self.lost.is_empty() || !self.swept && self.strays().next().is_some()
    }

    /// Returns the creates that were asked for again and may still land.
    fn strays(&self) -> impl Iterator<Item = (Seq, &GroupPath)> {
        self.ledger.open().filter_map(|(seq, change)| match change {
            Change::Stray { path, .. } => Some((seq, path)),
            Change::Create { .. } | Change::Rename { .. } | Change::Delete { .. } => None,
        })
    }

    /// Lists the live groups and settles what it shows.
    pub(crate) async fn look(&mut self) {
        if self.lost.is_empty() {
            self.sweep().await;
            return;
        }
        if let Some(now) = self.list_for_lost().await {
            let settled_before = Instant::now() - self.job.settings.settle;
            for call in std::mem::take(&mut self.lost) {
                self.settle(call, &now, settled_before);
            }
        }
    }

    /// Asks for a list that can settle something; leaves everything unknown if there is none to be had.
    async fn list_for_lost(&mut self) -> Option<Live> {
        let youngest = self.lost.iter().map(|call| call.since).max().unwrap_or_else(Instant::now);
        let is_first = self.lost.iter().any(|call| !call.looked);
        let due = if is_first { Instant::now() } else { youngest + self.job.settings.settle };
        match self.fresh_list(due, self.lost.len()).await {
            Ok(live) => Some(live),
            Err(failure) => {
                self.abandon(&failure);
                None
            }
        }
    }

    /// Leaves every lost call unknown.
    fn abandon(&mut self, failure: &Failure) {
        if failure.ends_run() {
            self.stop(Ending::Stopped(failure.clone()));
        }
        for call in std::mem::take(&mut self.lost) {
            self.leave_open(call.step, call.failure);
        }
        self.swept = true;
    }

    /// Leaves one lost call to the next run. Without a step for it, the run itself is what is not settled.
    fn leave_open(&mut self, step: Option<StepId>, failure: Failure) {
        match step {
            Some(step) => self.give_up(step, failure),
            None => self.stop(Ending::Unsettled(failure)),
        }
    }

    /// Lists the live groups at an instant, and again as long as the list lacks groups that this run has made.
    async fn fresh_list(&mut self, mut due: Instant, unknown: usize) -> Result<Live, Failure> {
        for _ in 1..MOST_STALE_LISTS {
            let live = self.list_at(due, unknown).await?;
            if self.made.iter().all(|id| live.get(*id).is_some()) {
                return Ok(live);
            }
            due = Instant::now() + self.job.settings.settle;
        }
        // By now it is not staleness: somebody else has deleted a group.
        self.list_at(due, unknown).await
    }

    async fn list_at(&mut self, due: Instant, unknown: usize) -> Result<Live, Failure> {
        let after = due.saturating_duration_since(Instant::now());
        self.tell(Event::Looking { unknown, after });
        sleep_until(due).await;
        self.job.client.list().await
    }

    fn settle(&mut self, call: LostCall, now: &Live, settled_before: Instant) {
        if self.ledger.id_of(&call.path).is_some_and(|id| now.get(id).is_some()) {
            self.note(Record::Lost { seq: call.seq });
            return;
        }
        let lost = Lost { path: &call.path, parent: call.parent, calls: calls(&self.ledger, &call.path) };
        match sight(lost, &self.ledger, Some(self.job.before), now) {
            Sighting::Found(id) => self.found(&call, id),
            Sighting::Ambiguous(ids) => self.ambiguous(call, &ids),
            Sighting::Absent if call.since <= settled_before => self.absent(call),
            Sighting::Absent => self.lost.push(LostCall { looked: true, ..call }),
        }
    }

    fn found(&mut self, call: &LostCall, id: GroupId) {
        match call.step {
            Some(step) => self.on_done(step, call.seq, id),
            None => self.note(Record::Done { seq: call.seq, id }),
        }
    }

    fn ambiguous(&mut self, call: LostCall, ids: &[GroupId]) {
        self.report.twins_left.extend(ids);
        self.leave_open(call.step, call.failure);
    }

    fn absent(&mut self, call: LostCall) {
        match call.step {
            Some(step) => self.repeat(step, Record::Lost { seq: call.seq }, call.failure),
            None => self.note(Record::Void { seq: call.seq }),
        }
    }

    /// Tries a step once more, or leaves it unknown when it was tried often enough.
    fn repeat(&mut self, step: StepId, record: Record, failure: Failure) {
        let tries = self.tries.entry(step).or_insert(1);
        *tries += 1;
        if *tries > MOST_TRIES {
            self.give_up(step, failure);
            return;
        }
        self.last_loss = Some(Instant::now());
        self.note(record);
        self.frontier.put(step);
    }

    /// Takes a last look for what repeated creates may have made twice, and removes what is provably ours and empty.
    async fn sweep(&mut self) {
        self.swept = true;
        let due = self.last_loss.unwrap_or_else(Instant::now) + self.job.settings.settle;
        let strays: Vec<(Seq, GroupPath)> = self.strays().map(|(seq, path)| (seq, path.clone())).collect();
        let now = match self.fresh_list(due, strays.len()).await {
            Ok(now) => now,
            Err(failure) if failure.ends_run() => return self.stop(Ending::Stopped(failure)),
            Err(failure) => return self.stop(Ending::Unsettled(failure)),
        };
        let paths: BTreeSet<&GroupPath> = strays.iter().map(|(_, path)| path).collect();
        for path in paths {
            self.sweep_path(path, &now).await;
        }
        for (seq, _) in &strays {
            self.note(Record::Void { seq: *seq });
        }
    }

    /// Removes the twins of one group.
    async fn sweep_path(&mut self, path: &GroupPath, now: &Live) {
        let Some(group) = self.ledger.id_of(path).and_then(|id| now.get(id)) else { return };
        let twins = newcomers(path, group.parent, &self.ledger, Some(self.job.before), now);
        let are_ours = twins.len() <= calls(&self.ledger, path);
        for twin in twins {
            if are_ours && now.children(twin).next().is_none() && self.remove(twin).await {
                self.report.twins_removed.push(twin);
                self.tell(Event::TwinRemoved { id: twin });
            } else {
                self.report.twins_left.push(twin);
            }
        }
    }

    async fn remove(&mut self, twin: GroupId) -> bool {
        for _ in 0..MOST_REMOVALS {
            let permit = self.job.client.permit(Api::Delete).await;
            match self.job.client.delete(permit, twin).await {
                Outcome::Done(()) => return true,
                Outcome::Rejected(failure) => return failure.kind == FailureKind::GroupNotFound,
                Outcome::Throttled(_) | Outcome::Unreachable(_) | Outcome::Unknown(_) => {}
            }
        }
        false
    }
}
