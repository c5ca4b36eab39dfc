//! Lists again after a suspension and compares the rest of the plan with a new one.
//!
//! Only the rest counts: groups that this run has created are expected to exist, and calls with lost responses may have taken effect.

use std::collections::{BTreeSet, HashMap, HashSet};

use tokio::time::Instant;

use crate::apply::circuit_breaker::Advice;
use crate::apply::dispatcher::Dispatcher;
use crate::apply::event::Aim;
use crate::apply::report::{Ending, Outcome};
use crate::dingtalk::FailureKind;
use crate::group::{GroupId, GroupPath};
use crate::plan::{Decision, Deletion, Plan, RowId, StepId, Subject};

impl Dispatcher<'_> {
    /// Lists, plans again, and ends the run if the rest of the plan is another one now.
    pub(crate) async fn recheck(&mut self) {
        self.is_paused = true;
        self.job.suspension.acknowledge();
        match self.fresh_list(Instant::now(), Aim::Recheck).await {
            Ok((live, _)) => match self.job.replan.plan(&self.ledger, &live) {
                Some(now) => self.compare(&now),
                None => self.stop(Ending::Outdated { groups: self.plan().rows.len(), first: GroupPath::top() }),
            },
            Err(failure) if failure.kind == FailureKind::Banned && self.on_ban(&failure) != Advice::GiveUp => {}
            Err(failure) => self.stop(Ending::Stopped(failure)),
        }
    }

    fn compare(&mut self, now: &Plan) {
        let changed = self.changed(now);
        match changed.first() {
            None => self.is_paused = false,
            Some(first) => self.stop(Ending::Outdated { groups: changed.len(), first: first.clone() }),
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
        let holds = |row: RowId, before: &Decision, now: &Decision| {
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
            .filter(|(id, _)| matches!(self.outcomes[id.index()], Some(Outcome::Done(_))))
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
fn is_as_planned(before: &Decision, outcome: Option<&Outcome>, may_be_done: bool, now: &Decision) -> bool {
    let may_be_done = may_be_done || matches!(outcome, Some(Outcome::Unknown(_)));
    match (before, outcome, now) {
        (_, Some(Outcome::Done(done)), Decision::Keep { id }) => done == id,
        // A stale list can still show the former name.
        (Decision::Rename { .. }, Some(Outcome::Done(_)), now) => before == now,
        (_, Some(Outcome::Done(_)), _) => false,
        (Decision::Create { .. }, _, Decision::Create { .. }) => true,
        (Decision::Create { .. }, _, Decision::Adopt { .. }) => may_be_done,
        (Decision::Adopt { id, .. }, _, Decision::Keep { id: now }) => id == now,
        (Decision::Rename { id, .. }, _, Decision::Keep { id: now }) => may_be_done && id == now,
        (before, _, now) => before == now,
    }
}

#[cfg(test)]
mod tests {
    use crate::apply::Outcome;
    use crate::apply::recheck::is_as_planned;
    use crate::group::GroupId;
    use crate::plan::Decision;

    const ID: GroupId = GroupId::new(7);
    const OTHER: GroupId = GroupId::new(8);

    #[test]
    fn a_finished_create_is_expected_to_exist() {
        let (create, done) = (Decision::Create { gone: None }, Outcome::Done(ID));
        assert!(is_as_planned(&create, Some(&done), false, &Decision::Keep { id: ID }));
        assert!(!is_as_planned(&create, Some(&done), false, &Decision::Keep { id: OTHER }));
        assert!(!is_as_planned(&create, Some(&done), false, &Decision::Create { gone: Some(ID) }));
    }

    #[test]
    fn a_group_that_appeared_is_expected_only_after_a_lost_response() {
        let (create, adopt) = (Decision::Create { gone: None }, Decision::Adopt { id: OTHER, gone: None });
        assert!(!is_as_planned(&create, None, false, &adopt));
        assert!(is_as_planned(&create, None, true, &adopt));
        assert!(is_as_planned(&create, None, false, &Decision::Create { gone: None }));
    }

    #[test]
    fn a_kept_group_has_to_stay_as_it_is() {
        let keep = Decision::Keep { id: ID };
        assert!(is_as_planned(&keep, None, false, &keep));
        let rename = Decision::Rename { id: ID, from: "B".to_owned() };
        assert!(!is_as_planned(&keep, None, false, &rename));
        assert!(!is_as_planned(&rename, None, false, &Decision::Rename { id: ID, from: "C".to_owned() }));
    }
}
