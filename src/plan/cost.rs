//! What a plan costs: calls by API, and the shortest time they can take.
//!
//! DingTalk counts calls by the month and limits them by the second (how-to-process-api-throttling-on-the-dingtalk-server),
//! so both are told before anything is done.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use crate::plan::action::Action;
use crate::plan::model::Plan;

/// How many calls a second each API permits; `None` when calls are not paced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate(pub Option<f64>);

impl Rate {
    fn time_for(self, calls: usize) -> Duration {
        let seconds = self.0.map_or(0.0, |rate| calls as f64 / rate);
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
    }
}

/// Counts the recorded groups whose absence has to be proven.
fn missing(plan: &Plan) -> usize {
    let rows = plan
        .rows
        .iter()
        .filter(|row| matches!(row.decision, Action::Create { gone: Some(_) } | Action::Adopt { gone: Some(_), .. }));
    rows.count() + plan.deletions.iter().filter(|deletion| deletion.gone).count()
}

/// Returns whether the groups are listed twice since the state records none. An empty list is not repeated; offline it is not known
/// whether the list is empty.
fn lists_twice(plan: &Plan) -> bool {
    let tally = plan.tally();
    plan.basis.recorded == 0 && tally.create > 0 && plan.may_list_groups
}

/// The calls a plan needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cost {
    /// Calls that list the groups: one, another one after a confirmation at a prompt, and another one where a stale list could
    /// create groups twice.
    pub list: usize,
    /// Calls that read one group, to prove that recorded groups no longer exist: two for each, and one of an existing group.
    pub read: usize,
    /// Calls that list the meeting rooms, since a group that holds one cannot be deleted: one for each hundred rooms, at least one;
    /// and as many after a confirmation at a prompt.
    pub rooms: usize,
    /// Calls that read the administrators of a group that is created again.
    pub administrators: usize,
    /// Calls that create a group.
    pub create: usize,
    /// Calls that rename a group.
    pub rename: usize,
    /// Calls that delete a group.
    pub delete: usize,
}

impl Cost {
    /// Counts the most calls that applying a plan takes without throttling, retries and lost responses.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let tally = plan.tally();
        let (delete, missing) = (plan.deletions.iter().filter(|deletion| !deletion.gone).count(), missing(plan));
        let list = 1 + usize::from(!plan.is_settled()) + usize::from(missing > 0 || lists_twice(plan));
        let read = if missing > 0 { 2 * missing + 1 } else { 0 };
        // Once before the plan is shown, and once after a confirmation at a prompt.
        let rooms = if delete > 0 { 2 * plan.room_calls.max(1) } else { 0 };
        let administrators = plan.recreated().len();
        Self { list, read, rooms, administrators, create: tally.create, rename: tally.rename, delete }
    }

    /// Returns whether more calls may be needed: outcomes that an interrupted run left open take further lists, and the number of room
    /// pages is unknown before the rooms are listed.
    #[must_use]
    pub fn is_least(plan: &Plan) -> bool {
        !plan.unsettled.is_empty() || plan.room_calls == 0 && Self::of(plan).rooms > 0
    }

    /// Returns the number of calls that count for the monthly quota.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.list + self.read + self.rooms + self.administrators + self.create + self.rename + self.delete
    }

    /// Returns the shortest time that the changes can take at a rate, whatever the network does. Each API has a rate of its
    /// own, and deletions come last.
    #[must_use]
    pub fn shortest(&self, rate: Rate) -> Duration {
        rate.time_for(self.create).max(rate.time_for(self.rename)) + rate.time_for(self.delete)
    }
}
