//! Lists again after a suspension and compares the rest of the plan with a new one.
//!
//! Only the rest counts: groups that this run has created are expected to exist, and calls with lost responses may have taken effect.

use std::collections::{BTreeSet, HashMap, HashSet};

use tokio::time::Instant;

use crate::apply::circuit_breaker::RetryDecision;
use crate::apply::dispatcher::Dispatcher;
use crate::apply::event::ListPurpose;
use crate::apply::report::{GroupOutcome, StopReason};
use crate::dingtalk::ErrorKind;
use crate::group::{GroupId, GroupPath};
use crate::plan::{Action, Deletion, Plan, RowId, StepId, Subject};

impl Dispatcher<'_> {
    /// Lists, plans again, and ends the run if the rest of the plan is another one now.
    pub(crate) async fn recheck(&mut self) {
        self.is_paused = true;
        self.job.suspension.acknowledge();
        match self.fresh_list(Instant::now(), ListPurpose::Recheck).await {
            Ok((live, _)) => match self.job.replan.plan(&self.ledger, &live) {
                Some(now) => self.compare(&now),
                None => self.stop(StopReason::Outdated { groups: self.plan().rows.len(), first: GroupPath::top() }),
            },
            Err(failure) if failure.kind == ErrorKind::Banned && self.on_ban(&failure) != RetryDecision::GiveUp => {}
            Err(failure) => self.stop(StopReason::Stopped(failure)),
        }
    }

    fn compare(&mut self, now: &Plan) {
        let changed = self.changed(now);
        match changed.first() {
            None => self.is_paused = false,
            Some(first) => self.stop(StopReason::Outdated { groups: changed.len(), first: first.clone() }),
        }
    }

    /// Returns the paths for which the new plan has another action than the rest of this one.
    fn changed(&self, now: &Plan) -> Vec<GroupPath> {
        let lost: HashSet<StepId> = self.lost.iter().filter_map(|call| call.step).collect();
        let steps: HashMap<RowId, StepId> = self
            .job
            .order
            .iter()
            .filter_map(|(id, step)| match step.subject {
                Subject::Row(row) => Some((row, id)),
                Subject::Deletion(_) => None,
            })
            .collect();
        let holds = |row: RowId, before: &Action, now: &Action| {
            let step = steps.get(&row);
            let outcome = step.and_then(|step| self.outcomes[step.index()].as_ref());
            let may_be_done = step.is_some_and(|step| lost.contains(step));
            is_as_planned(before, outcome, may_be_done, now)
        };
        let rows = self.plan().rows().zip(&now.rows);
        let rows = rows.filter(|((id, before), now)| !holds(*id, &before.decision, &now.decision));
        rows.map(|((id, _), _)| self.plan().path(id)).chain(self.changed_deletions(now)).collect()
    }

    fn changed_deletions(&self, now: &Plan) -> Vec<GroupPath> {
        let done: HashSet<usize> = self
            .job
            .order
            .iter()
            .filter(|(id, _)| matches!(self.outcomes[id.index()], Some(GroupOutcome::Done(_))))
            .filter_map(|(_, step)| match step.subject {
                Subject::Deletion(index) => Some(index),
                Subject::Row(_) => None,
            })
            .collect();
        let planned = self.plan().deletions.iter().enumerate().filter(|(index, _)| !done.contains(index));
        let planned: BTreeSet<_> = planned.filter_map(|(_, deletion)| call_for(deletion)).collect();
        let now: BTreeSet<_> = now.deletions.iter().filter_map(call_for).collect();
        planned.symmetric_difference(&now).map(|(path, _, _)| path.clone()).collect()
    }
}

/// Returns a deletion that takes a call, and whether anything blocks it.
fn call_for(deletion: &Deletion) -> Option<(GroupPath, GroupId, bool)> {
    let is_blocked = deletion.holds.is_some() || deletion.conflict.is_some();
    (!deletion.gone).then(|| (deletion.path.clone(), deletion.id, is_blocked))
}

/// Returns whether the new decision on a group fits the outcome of the planned one.
fn is_as_planned(before: &Action, outcome: Option<&GroupOutcome>, may_be_done: bool, now: &Action) -> bool {
    let may_be_done = may_be_done || matches!(outcome, Some(GroupOutcome::Unknown(_)));
    match (before, outcome, now) {
        (_, Some(GroupOutcome::Done(done)), Action::Keep { id }) => done == id,
        // A stale list can still show the former name.
        (Action::Rename { .. }, Some(GroupOutcome::Done(_)), now) => before == now,
        (_, Some(GroupOutcome::Done(_)), _) => false,
        (Action::Create { .. }, _, Action::Create { .. }) => true,
        (Action::Create { .. }, _, Action::Adopt { .. }) => may_be_done,
        (Action::Adopt { id, .. }, _, Action::Keep { id: now }) => id == now,
        (Action::Rename { id, .. }, _, Action::Keep { id: now }) => may_be_done && id == now,
        (before, _, now) => before == now,
    }
}

#[cfg(test)]
mod tests {
    use crate::apply::GroupOutcome;
    use crate::apply::recheck::is_as_planned;
    use crate::group::GroupId;
    use crate::plan::Action;

    const ID: GroupId = GroupId::new(7);
    const OTHER: GroupId = GroupId::new(8);

    #[test]
    fn a_finished_create_is_expected_to_exist() {
        let (create, done) = (Action::Create { gone: None }, GroupOutcome::Done(ID));
        assert!(is_as_planned(&create, Some(&done), false, &Action::Keep { id: ID }));
        assert!(!is_as_planned(&create, Some(&done), false, &Action::Keep { id: OTHER }));
        assert!(!is_as_planned(&create, Some(&done), false, &Action::Create { gone: Some(ID) }));
    }

    #[test]
    fn a_group_that_appeared_is_expected_only_after_a_lost_response() {
        let (create, adopt) = (Action::Create { gone: None }, Action::Adopt { id: OTHER, gone: None });
        assert!(!is_as_planned(&create, None, false, &adopt));
        assert!(is_as_planned(&create, None, true, &adopt));
        assert!(is_as_planned(&create, None, false, &Action::Create { gone: None }));
    }

    #[test]
    fn a_kept_group_has_to_stay_as_it_is() {
        let keep = Action::Keep { id: ID };
        assert!(is_as_planned(&keep, None, false, &keep));
        let rename = Action::Rename { id: ID, from: "B".to_owned() };
        assert!(!is_as_planned(&keep, None, false, &rename));
        assert!(!is_as_planned(&rename, None, false, &Action::Rename { id: ID, from: "C".to_owned() }));
    }
}
