//! What a plan costs: calls by API, and the shortest time they can take.
//!
//! DingTalk counts calls by the month and limits them by the second (how-to-process-api-throttling-on-the-dingtalk-server),
//! so both are told before anything is done.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use crate::plan::table::Plan;

/// How many calls a second each API permits; `None` when calls are not paced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate(pub Option<f64>);

impl Rate {
    fn time_for(self, calls: usize) -> Duration {
        let seconds = self.0.map_or(0.0, |rate| calls as f64 / rate);
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
    }
}

/// The calls a plan needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cost {
    /// Calls that list the live groups.
    pub list: usize,
    /// Calls that list the meeting rooms, since a group that holds one cannot be deleted: one for each hundred rooms, at least one.
    pub rooms: usize,
    /// Calls that create a group.
    pub create: usize,
    /// Calls that rename a group.
    pub rename: usize,
    /// Calls that delete a group.
    pub delete: usize,
}

impl Cost {
    /// Counts the calls that applying a plan takes, the list call before it included.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let tally = plan.tally();
        let delete = plan.deletions.iter().filter(|deletion| !deletion.gone).count();
        Self { list: 1, rooms: usize::from(delete > 0), create: tally.create, rename: tally.rename, delete }
    }

    /// Says whether more calls may be needed: to find out what became of what an interrupted run left open, lists are made until
    /// it is told; and how many pages the rooms have is not known before they are listed.
    #[must_use]
    pub fn is_least(plan: &Plan) -> bool {
        !plan.unsettled.is_empty() || Self::of(plan).rooms > 0
    }

    /// Returns the number of calls that count for the monthly quota.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.list + self.rooms + self.create + self.rename + self.delete
    }

    /// Returns the shortest time that the changes can take at a rate, whatever the network does. Each API has a rate of its
    /// own, and deletions come last.
    #[must_use]
    pub fn shortest(&self, rate: Rate) -> Duration {
        rate.time_for(self.create).max(rate.time_for(self.rename)) + rate.time_for(self.delete)
    }
}
