//! What happens to a step before its call is made: ready, noted, queued.
//!
//! A step is taken from the ready_queue when its permit is there, so that the best of those ready by then goes. No call is
//! launched whose intent is not durable.

use tokio::time::Instant;

use crate::apply::call::{ApiCall, Staged};
use crate::apply::dispatcher::{Dispatcher, Settings};
use crate::apply::report::{GroupOutcome, StopReason};
use crate::dingtalk::{ApiError, Permit};
use crate::group::{GroupId, GroupPath};
use crate::i18n::Message;
use crate::plan::{Action, Call, StepId, Subject};
use crate::state::{Change, Record};

impl Dispatcher<'_> {
    /// Begins to make durable what was noted.
    ///
    /// This comes after all else that can be done at once, so that one sync covers as much as possible.
    pub(crate) fn write(&mut self) {
        if self.journal_writer.begin() {
            self.writing = std::mem::take(&mut self.noted);
        }
    }

    /// Gives a step whose intent is durable to the workers.
    pub(crate) fn enqueue(&mut self, staged: Staged) {
        if self.is_stopping() || self.is_held() || self.is_paused {
            self.put_back(staged.step, staged.seq);
            return;
        }
        self.handed += 1;
        self.queue.push(staged);
        self.spawn_workers();
    }

    /// Sees to it that there are as many workers as there is work for.
    pub(crate) fn spawn_workers(&mut self) {
        while self.workers.len() < self.handed.min(self.job.settings.concurrency) {
            self.workers.spawn(self.worker.clone().work());
        }
    }

    /// Takes back what no worker has begun.
    pub(crate) fn cancel_queued(&mut self) {
        for staged in self.queue.take_back() {
            self.handed -= 1;
            self.put_back(staged.step, staged.seq);
        }
    }

    pub(crate) fn is_held(&self) -> bool {
        self.circuit_breaker.hold(Instant::now()).is_some()
    }

    pub(crate) fn may_start(&self, call: Call) -> bool {
        let Settings { concurrency, paced, .. } = self.job.settings;
        let spare = if paced { 0 } else { concurrency };
        let started = self.noted.len() + self.writing.len() + self.handed;
        !self.is_stopping()
            && !self.is_held()
            && !self.is_paused
            && !self.is_budget_spent()
            && started < concurrency + spare
            && self.is_ready(call)
    }

    /// Says whether a step of this kind is ready; deletions come when all else is done, and not at all if it is not.
    fn is_ready(&self, call: Call) -> bool {
        self.ready_queue.has(call) && (call != Call::Delete || self.changes_left == 0)
    }

    pub(crate) fn is_any_ready(&self) -> bool {
        [Call::Create, Call::Rename, Call::Delete].into_iter().any(|call| self.is_ready(call))
    }

    /// Returns the calls that are started or made already. The client counts what was made, a token that was refused twice
    /// included, but not what a worker is only about to make.
    fn calls(&self) -> u64 {
        self.made_before.saturating_add(self.started).max(self.metered())
    }

    /// Returns the calls that were made and count for the monthly quota.
    pub(crate) fn metered(&self) -> u64 {
        self.job.client.calls().total().metered
    }

    /// Says whether another call would be more than was allowed.
    pub(crate) fn is_budget_spent(&self) -> bool {
        self.job.settings.max_calls.is_some_and(|most| self.calls() >= most)
    }

    /// Ends the run once calls are wanted that are not allowed, and all that are allowed have been made.
    pub(crate) fn keep_to_budget(&mut self) {
        let Some(most) = self.job.settings.max_calls else { return };
        let wants_more = || self.is_any_ready() || self.wants_look();
        if self.is_budget_spent() && self.is_quiet() && wants_more() {
            self.stop(StopReason::Spent(most));
        }
    }

    /// Takes the best ready step and notes its intent.
    pub(crate) fn start(&mut self, call: Call, permit: Permit) {
        let Some(step) = self.ready_queue.take(call) else { return };
        let path = self.plan().subject(self.job.order.step(step).subject);
        self.prepare(step, &path);
        let (change, task) = self.task(step, path);
        let seq = self.ledger.next_seq();
        let intent = Record::Intent { seq, change };
        if let Err(contradiction) = self.ledger.apply(&intent) {
            // Without an intent there is no call: it could create a duplicate without any record.
            self.give_up(step, ApiError::implausible(self.api(step), Message::shown(&contradiction)));
            return;
        }
        self.journal_writer.record(intent);
        self.started += 1;
        let permit = permit.after(self.attempts.get(&step).copied().unwrap_or_default());
        self.noted.push(Staged { step, rank: self.ready_queue.rank(step), seq, permit, task });
    }

    /// Records what a change builds on: a recorded id that is gone makes way, and what gets a name is recorded under it.
    fn prepare(&mut self, step: StepId, path: &GroupPath) {
        let Subject::Row(row) = self.job.order.step(step).subject else { return };
        match &self.plan().row(row).decision {
            Action::Create { gone: Some(gone) } if self.ledger.id_of(path) == Some(*gone) => {
                self.record(Record::Drop { path: path.clone() });
            }
            Action::Rename { id, .. } if self.ledger.path_of(*id).is_none() => {
                self.record(Record::Put { path: path.clone(), id: *id });
            }
            _ => {}
        }
    }

    fn task(&self, step: StepId, path: GroupPath) -> (Change, ApiCall) {
        let plan = self.plan();
        let row = match self.job.order.step(step).subject {
            Subject::Row(row) => row,
            Subject::Deletion(index) => {
                let id = plan.deletions[index].id;
                return (Change::Delete { path, id }, ApiCall::Delete { id });
            }
        };
        let name = plan.row(row).name.clone();
        match &plan.row(row).decision {
            Action::Rename { id, from } => {
                let from = path.parent().unwrap_or_else(GroupPath::top).join(from);
                (Change::Rename { id: *id, from, to: path }, ApiCall::Rename { id: *id, name })
            }
            _ => {
                let parent = self.parent_id(step);
                (Change::Create { path, parent }, ApiCall::Create { parent, name })
            }
        }
    }

    /// Returns the group that a step builds under; its own step, if there is one, is done.
    pub(crate) fn parent_id(&self, step: StepId) -> GroupId {
        let step = self.job.order.step(step);
        let id = match (step.after(), step.subject) {
            (Some(after), _) => match self.outcomes[after.index()] {
                Some(GroupOutcome::Done(id)) => Some(id),
                _ => None,
            },
            (None, Subject::Row(row)) => self.plan().parent_id(row),
            (None, Subject::Deletion(_)) => None,
        };
        id.expect("a create is ready only when its parent has an id")
    }
}
