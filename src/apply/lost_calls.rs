//! Calls whose answers were lost: looking for what they did, and cleaning up after those that were repeated.
//!
//! Nothing is looked up while anything else can be done: then one list serves every call that is lost by that time, and late
//! commits have had time to land. A create that is not to be seen is repeated only after the settle time has passed on a list
//! that shows everything this run is known to have made.

use std::collections::{BTreeMap, HashMap, HashSet};

use tokio::time::{Instant, sleep_until};

use crate::apply::circuit_breaker::RetryDecision;
use crate::apply::dispatcher::Dispatcher;
use crate::apply::event::{Event, ListPurpose};
use crate::apply::lost_call::LostCall;
use crate::apply::reconcile::{DuplicateSet, LookupResult, LostCreate, duplicates, look_up};
use crate::apply::report::{GroupOutcome, StopReason};
use crate::dingtalk::{Api, ApiError, CallOutcome as Answer, ErrorKind};
use crate::group::{GroupId, GroupPath};
use crate::inventory::Inventory;
use crate::localized;
use crate::plan::{Action, Call, RecordMatch, Step, StepId, Subject};
use crate::state::{Change, Record, Seq};

/// How many times a step is tried whose answers keep getting lost.
const MOST_TRIES: u32 = 4;
/// How many times a stale list is asked for again.
const MOST_STALE_LISTS: u32 = 4;
/// How many times the removal of one duplicate is tried.
const MOST_REMOVALS: u32 = 3;

impl Dispatcher<'_> {
    /// Takes over the creates that an interrupted run left open and that were not found when the plan was made.
    pub(crate) fn adopt_open_intents(&mut self) {
        let open: Vec<_> = self.ledger.open().map(|(seq, change)| (seq, change.clone())).collect();
        let mut steps = if open.is_empty() { HashMap::new() } else { self.creates_by_place() };
        for (seq, change) in open {
            let Change::Create { path, parent } = change else { continue };
            let step = path.name().and_then(|name| steps.remove(&(parent, name.into())));
            if let Some(step) = step {
                self.ready_queue.hold(step);
            }
            let failure = ApiError::left_open(Api::Create);
            let since = self.job.listed_at;
            self.lost.push(LostCall { step, seq, path, parent, since, looked: true, failure });
        }
    }

    /// Returns the creates that are ready from the start, by parent and name: a path may have changed since the intent.
    fn creates_by_place(&self) -> HashMap<(GroupId, Box<str>), StepId> {
        let ready = self.job.order.iter().filter(|(_, step)| step.call == Call::Create && step.above.is_none());
        let name = |step: &Step| self.plan().subject(step.subject).name().unwrap_or_default().into();
        ready.map(|(id, step)| ((self.parent_id(id), name(step)), id)).collect()
    }

    /// Takes note of a call whose answer was lost.
    pub(crate) fn on_lost(&mut self, step: StepId, seq: Seq, failure: ApiError) {
        if failure.kind == ErrorKind::Banned {
            self.on_ban(&failure);
        } else if failure.ends_run() {
            self.stop(StopReason::Stopped(failure.clone()));
        }
        self.last_loss = Some(Instant::now());
        self.report.answers_lost += 1;
        self.emit(Event::Lost { step, failure: failure.clone() });
        match self.job.order.step(step).call {
            Call::Create => {
                let path = self.plan().subject(self.job.order.step(step).subject);
                let (parent, since) = (self.parent_id(step), Instant::now());
                self.lost.push(LostCall { step: Some(step), seq, path, parent, since, looked: false, failure });
            }
            // To give a group the same name twice does no harm, nor to delete it twice.
            Call::Rename | Call::Delete => self.repeat(step, Record::Void { seq }, failure),
        }
    }

    /// Says whether a list is needed before the run can end.
    pub(crate) fn wants_look(&self) -> bool {
        !self.lost.is_empty() || !self.swept && !self.strays().is_empty()
    }

    /// Returns the creates that may still land and that the last look of this run can close. A place where a step of this run
    /// was to make a group and did not is left out: the next run asks again, and has to know that earlier creates may land, too.
    fn strays(&self) -> Vec<(Seq, GroupPath, GroupId)> {
        let strays = self.ledger.open().filter_map(|(seq, change)| match change {
            Change::Stray { path, parent } => Some((seq, path.clone(), *parent)),
            Change::Create { .. } | Change::Rename { .. } | Change::Delete { .. } => None,
        });
        let strays: Vec<_> = strays.collect();
        let unmade = if strays.is_empty() { HashSet::new() } else { self.unmade() };
        let is_unmade =
            |path: &GroupPath, parent| path.name().is_some_and(|name| unmade.contains(&(parent, name.into())));
        strays.into_iter().filter(|(_, path, parent)| !is_unmade(path, *parent)).collect()
    }

    /// Returns the places where a step of this run was to make a group and did not.
    fn unmade(&self) -> HashSet<(GroupId, Box<str>)> {
        let open = self.job.order.iter().filter(|(id, step)| {
            let is_open = matches!(self.outcomes[id.index()], Some(GroupOutcome::Failed(_) | GroupOutcome::Unknown(_)));
            is_open && step.call == Call::Create
        });
        let name = |step: &Step| self.plan().subject(step.subject).name().unwrap_or_default().into();
        open.map(|(id, step)| (self.parent_id(id), name(step))).collect()
    }

    /// Lists the live groups and settles what it shows.
    pub(crate) async fn reconcile(&mut self) {
        if self.lost.is_empty() {
            self.final_check().await;
            return;
        }
        if let Some((now, asked_at)) = self.list_for_lost().await {
            // The list may be as old as its request: what was lost since then has not had the settle time.
            let settled_before = asked_at - self.job.settings.settle;
            self.take_back(&now);
            self.doubt(&now);
            for call in std::mem::take(&mut self.lost) {
                self.settle(call, &now, settled_before);
            }
        }
    }

    /// Takes back the record of each id that DingTalk has returned for two creates, unless the list shows it at its place.
    fn take_back(&mut self, now: &Inventory) {
        for id in std::mem::take(&mut self.contested) {
            let is_same = RecordMatch::of(id, &self.ledger, now).is_same();
            let Some(path) = self.ledger.path_of(id).filter(|_| !is_same).cloned() else { continue };
            let failure = ApiError::implausible(
                Api::Create,
                localized!(
                    "DingTalk returned id {id} for `{path}` and for another group, and does not list it as `{path}`",
                    "钉钉为 `{path}` 和另一个分组都返回了 ID {id}，而列表中它并不是 `{path}`"
                ),
            );
            self.record(Record::Drop { path });
            if let Some(step) = self.create_of(id) {
                self.changes_left += 1;
                self.give_up(step, failure);
            }
        }
    }

    /// Returns the create of this run that has returned an id.
    pub(crate) fn create_of(&self, id: GroupId) -> Option<StepId> {
        self.done()
            .find(|(step, done)| *done == id && self.job.order.step(*step).call == Call::Create)
            .map(|(step, _)| step)
    }

    /// Returns the steps that are done, with their groups.
    fn done(&self) -> impl Iterator<Item = (StepId, GroupId)> {
        self.job.order.iter().filter_map(|(step, _)| match self.outcomes[step.index()] {
            Some(GroupOutcome::Done(id)) => Some((step, id)),
            _ => None,
        })
    }

    /// Returns the finished steps that a list does not show: it is stale, or DingTalk has confirmed a change without making it.
    fn not_shown(&self, now: &Inventory) -> Vec<StepId> {
        self.done().filter(|(step, id)| !self.shows(now, *step, *id)).map(|(step, _)| step).collect()
    }

    fn shows(&self, now: &Inventory, step: StepId, id: GroupId) -> bool {
        let Step { call, subject, .. } = self.job.order.step(step);
        match (call, subject) {
            (Call::Create, _) => now.get(id).is_some(),
            (Call::Delete, _) => now.get(id).is_none(),
            (Call::Rename, Subject::Row(row)) => match &self.plan().row(*row).decision {
                Action::Rename { from, .. } => now.get(id).is_none_or(|group| group.name != *from),
                _ => true,
            },
            (Call::Rename, Subject::Deletion(_)) => true,
        }
    }

    /// Takes back the success of each rename and delete that the last list of this run refutes.
    fn doubt(&mut self, now: &Inventory) {
        for step in self.not_shown(now) {
            let api = self.api(step);
            if api != Api::Create {
                self.changes_left += usize::from(api == Api::Rename);
                let message = localized!(
                    "DingTalk confirmed the change, but still lists the group as before",
                    "钉钉确认了改动，但列表中的分组仍与之前相同"
                );
                self.give_up(step, ApiError::implausible(api, message));
            }
        }
    }

    /// Asks for a list that can settle something, and says when; leaves everything unknown if there is none to be had.
    async fn list_for_lost(&mut self) -> Option<(Inventory, Instant)> {
        let youngest = self.lost.iter().map(|call| call.since).max().unwrap_or_else(Instant::now);
        let is_first = self.lost.iter().any(|call| !call.looked);
        let due = if is_first { Instant::now() } else { youngest + self.job.settings.settle };
        match self.fresh_list(due, ListPurpose::Settle(self.lost.len())).await {
            Ok(listed) => Some(listed),
            Err(failure) if failure.kind == ErrorKind::Banned && self.on_ban(&failure) != RetryDecision::GiveUp => None,
            Err(failure) => {
                self.abandon(&failure);
                None
            }
        }
    }

    /// Leaves every lost call unknown.
    fn abandon(&mut self, failure: &ApiError) {
        if failure.ends_run() {
            self.stop(StopReason::Stopped(failure.clone()));
        }
        for call in std::mem::take(&mut self.lost) {
            self.leave_open(call.step, call.failure);
        }
        self.swept = true;
    }

    /// Leaves one lost call to the next run. Without a step for it, the run itself is what is not settled.
    fn leave_open(&mut self, step: Option<StepId>, failure: ApiError) {
        match step {
            Some(step) => self.give_up(step, failure),
            None => self.stop(StopReason::Unsettled(failure)),
        }
    }

    /// Lists the live groups at an instant, and again as long as the list does not show the changes of this run; returns when the
    /// list was requested.
    pub(crate) async fn fresh_list(
        &mut self,
        mut due: Instant,
        aim: ListPurpose,
    ) -> Result<(Inventory, Instant), ApiError> {
        for _ in 1..MOST_STALE_LISTS {
            let (live, asked_at) = self.list_at(due, aim).await?;
            if self.not_shown(&live).is_empty() {
                return Ok((live, asked_at));
            }
            due = Instant::now() + self.job.settings.settle;
        }
        // By now it is not staleness: someone else has changed a group, or DingTalk has not done what it confirmed.
        self.list_at(due, aim).await
    }

    async fn list_at(&mut self, due: Instant, aim: ListPurpose) -> Result<(Inventory, Instant), ApiError> {
        let after = due.saturating_duration_since(Instant::now());
        self.emit(Event::Looking { aim, after });
        sleep_until(due).await;
        let asked_at = Instant::now();
        Ok((self.job.client.list().await?, asked_at))
    }

    fn settle(&mut self, call: LostCall, now: &Inventory, settled_before: Instant) {
        if self.ledger.id_of(&call.path).is_some_and(|id| now.get(id).is_some()) {
            self.record(Record::Lost { seq: call.seq });
            return;
        }
        let lost = LostCreate {
            path: &call.path,
            parent: call.parent,
            calls: self.ledger.creates_out(&call.path, call.parent),
        };
        match look_up(lost, &self.ledger, Some(self.job.before), now) {
            LookupResult::Found(id) => self.found(&call, id),
            LookupResult::Ambiguous(ids) => self.ambiguous(call, &ids),
            LookupResult::Absent if call.since <= settled_before => self.absent(call),
            LookupResult::Absent => self.lost.push(LostCall { looked: true, ..call }),
        }
    }

    fn found(&mut self, call: &LostCall, id: GroupId) {
        match call.step {
            Some(step) => {
                self.emit(Event::Found { step, id });
                self.on_done(step, call.seq, id);
            }
            None => self.record(Record::Done { seq: call.seq, id }),
        }
    }

    fn ambiguous(&mut self, call: LostCall, ids: &[GroupId]) {
        self.report.duplicates_left.extend(ids);
        self.leave_open(call.step, call.failure);
    }

    fn absent(&mut self, call: LostCall) {
        match call.step {
            Some(step) => {
                // The last look comes a settle time after the repetition: right after it nothing new could be seen.
                self.last_loss = Some(Instant::now());
                self.emit(Event::Absent { step });
                self.repeat(step, Record::Lost { seq: call.seq }, call.failure);
            }
            None => self.record(Record::Void { seq: call.seq }),
        }
    }

    /// Tries a step once more, or leaves it unknown when it was tried often enough.
    fn repeat(&mut self, step: StepId, record: Record, failure: ApiError) {
        let tries = self.tries.entry(step).or_insert(1);
        *tries += 1;
        if *tries > MOST_TRIES {
            self.give_up(step, failure);
            return;
        }
        self.record(record);
        self.ready_queue.put(step);
    }

    /// Takes a last look for what repeated creates may have made twice, and removes what is provably ours and empty.
    async fn final_check(&mut self) {
        self.swept = true;
        let due = self.last_loss.unwrap_or_else(Instant::now) + self.job.settings.settle;
        let strays = self.strays();
        let now = match self.fresh_list(due, ListPurpose::LateDuplicates).await {
            Ok((now, _)) => now,
            // The strays stay in the journal, for the next run to look for.
            Err(failure) if failure.ends_run() => return self.stop(StopReason::Stopped(failure)),
            Err(failure) => return self.stop(StopReason::Unsettled(failure)),
        };
        self.doubt(&now);
        let places: BTreeMap<_, _> = strays.iter().map(|(_, path, parent)| ((*parent, path.name()), path)).collect();
        for ((parent, _), path) in places {
            let found = duplicates(path, parent, &self.ledger, self.job.before, &now);
            self.clear(found.unwrap_or_default()).await;
        }
        for (seq, ..) in &strays {
            self.record(Record::Void { seq: *seq });
        }
    }

    /// Removes the duplicates of one group that are ours.
    async fn clear(&mut self, duplicates: DuplicateSet) {
        self.report.duplicates_left.extend(duplicates.left);
        for duplicate in duplicates.ours {
            // After a suspension the duplicate may be in use.
            if !self.job.suspension.check() && self.remove(duplicate).await {
                self.report.duplicates_removed.push(duplicate);
                self.emit(Event::DuplicateRemoved { id: duplicate });
            } else {
                self.report.duplicates_left.push(duplicate);
            }
        }
    }

    async fn remove(&mut self, duplicate: GroupId) -> bool {
        for _ in 0..MOST_REMOVALS {
            let permit = self.job.client.permit(Api::Delete).await;
            match self.job.client.delete(permit, duplicate).await {
                Answer::Done(()) => return true,
                Answer::Rejected(failure) => return failure.kind == ErrorKind::GroupNotFound,
                Answer::Throttled(_) | Answer::Unreachable(_) | Answer::Unknown(_) => {}
            }
        }
        false
    }
}
