//! What becomes of a step once its call is answered, or the answer is lost.

use tokio::time::Instant;

use crate::apply::call::Completion;
use crate::apply::circuit_breaker::RetryDecision;
use crate::apply::dispatcher::Dispatcher;
use crate::apply::event::Event;
use crate::apply::report::{GroupOutcome, StopReason};
use crate::dingtalk::{Api, ApiError, CallOutcome as Answer};
use crate::group::GroupId;
use crate::i18n::Message;
use crate::localized;
use crate::plan::{Call, Step, StepId, Subject};
use crate::state::{Record, Seq};

impl Dispatcher<'_> {
    /// Takes a worker's reply.
    pub(crate) fn on_reply(&mut self, Completion { step, seq, outcome }: Completion) {
        self.handed -= 1;
        match outcome {
            None => self.put_back(step, seq),
            Some(answer) => {
                if !matches!(answer, Answer::Done(_)) {
                    *self.attempts.entry(step).or_default() += 1;
                }
                self.on_answer(step, seq, answer);
            }
        }
    }

    fn on_answer(&mut self, step: StepId, seq: Seq, answer: Answer<GroupId>) {
        if !matches!(answer, Answer::Throttled(_) | Answer::Unreachable(_)) {
            self.circuit_breaker.answered();
        }
        match answer {
            Answer::Done(id) => match self.disproof(step, id) {
                Some(failure) => {
                    self.contested.extend(self.create_of(id).map(|_| id));
                    self.on_lost(step, seq, failure);
                }
                None => self.on_done(step, seq, id),
            },
            Answer::Rejected(failure) => {
                self.record(Record::Void { seq });
                self.fail(step, failure);
            }
            Answer::Throttled(failure) => {
                let advice = self.circuit_breaker.throttled(Instant::now());
                self.again(step, seq, failure, advice);
            }
            Answer::Unreachable(failure) => {
                let advice = self.circuit_breaker.unreachable(Instant::now());
                self.again(step, seq, failure, advice);
            }
            Answer::Unknown(failure) => self.on_lost(step, seq, failure),
        }
    }

    /// Explains why the id that a create returned cannot be that of a new group. Nothing is recorded then and nothing is built on
    /// it: a list shows which group the create has made, as for a lost response.
    fn disproof(&self, step: StepId, id: GroupId) -> Option<ApiError> {
        if self.job.order.step(step).call != Call::Create {
            return None;
        }
        let message = match self.ledger.path_of(id) {
            Some(path) => localized!(
                "DingTalk returned id {id} for a new group, but that is `{path}`",
                "钉钉为新分组返回 ID {id}，但它是 `{path}`"
            ),
            None if self.is_old(id) => localized!(
                "DingTalk returned id {id} for a new group, but that group existed before",
                "钉钉为新分组返回 ID {id}，但该分组此前已存在"
            ),
            None => return None,
        };
        Some(ApiError::implausible(Api::Create, message))
    }

    /// Returns whether an id was known before this run: as the root, from the list or from the state.
    fn is_old(&self, id: GroupId) -> bool {
        id == self.plan().basis.root || self.job.before.get(id).is_some() || self.recorded_before.contains(&id)
    }

    /// Puts back a step whose call was surely not made, or not counted.
    pub(crate) fn put_back(&mut self, step: StepId, seq: Seq) {
        self.started -= 1;
        self.record(Record::Void { seq });
        self.ready_queue.put(step);
    }

    /// Records a step as done, and makes ready what waited for it.
    pub(crate) fn on_done(&mut self, step: StepId, seq: Seq, id: GroupId) {
        self.protect_new(step);
        if let Err(contradiction) = self.ledger.apply(&Record::Done { seq, id }) {
            let failure = ApiError::implausible(self.api(step), Message::shown(&contradiction));
            self.give_up(step, failure);
            return;
        }
        self.put_down(Record::Done { seq, id });
        self.changes_left -= usize::from(self.job.order.step(step).call != Call::Delete);
        self.outcomes[step.index()] = Some(GroupOutcome::Done(id));
        self.ready_queue.done(step);
        self.emit(Event::Done { step, id });
    }

    /// Records the protection of a group that is created, before its id: a crash must not leave the group unprotected.
    fn protect_new(&mut self, step: StepId) {
        let Step { subject: Subject::Row(row), call: Call::Create, .. } = *self.job.order.step(step) else { return };
        if self.plan().protections.binary_search(&row).is_ok() {
            self.record(Record::Protect { protected: vec![self.plan().path(row)], released: Vec::new() });
        }
    }

    /// Puts a step back that surely did not happen.
    fn again(&mut self, step: StepId, seq: Seq, failure: ApiError, advice: RetryDecision) {
        self.put_back(step, seq);
        match advice {
            RetryDecision::GiveUp => self.stop(StopReason::Stopped(failure)),
            RetryDecision::Repeat | RetryDecision::HoldUntil(_) => {
                if advice != RetryDecision::Repeat {
                    self.cancel_queued();
                }
                self.report.delayed += 1;
                self.emit(Event::Delayed { step, failure });
            }
        }
    }

    /// Settles a step as failed for good, and skips what waits for it.
    pub(crate) fn fail(&mut self, step: StepId, failure: ApiError) {
        if failure.ends_run() {
            self.stop(StopReason::Stopped(failure.clone()));
        }
        let skipped = self.skip_waiting(step);
        self.outcomes[step.index()] = Some(GroupOutcome::Failed(failure.clone()));
        self.emit(Event::Failed { step, failure, skipped });
    }

    /// Leaves a step unknown: its intent stays open for the next run.
    pub(crate) fn give_up(&mut self, step: StepId, failure: ApiError) {
        let skipped = self.skip_waiting(step);
        self.outcomes[step.index()] = Some(GroupOutcome::Unknown(failure.clone()));
        self.emit(Event::Unknown { step, failure, skipped });
    }

    fn skip_waiting(&mut self, step: StepId) -> usize {
        let mut waiting = self.ready_queue.waiting_for(step);
        waiting.retain(|id| self.outcomes[id.index()].is_none());
        for id in &waiting {
            self.outcomes[id.index()] = Some(GroupOutcome::Skipped(step));
        }
        waiting.len()
    }
}
