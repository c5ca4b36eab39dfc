//! What happens during an apply, told as it happens.
//!
//! Events are for showing: nothing in the apply depends on whether anybody listens.

use std::time::Duration;

use crate::dingtalk::ApiError;
use crate::group::GroupId;
use crate::plan::{RowId, StepId};

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The changes begin; so many steps lie ahead.
    Began {
        /// The number of steps.
        steps: usize,
    },
    /// The id of a group that was there already has been recorded.
    Adopted {
        /// The row of the group.
        row: RowId,
        /// Its id.
        id: GroupId,
    },
    /// A step is done; nothing is built on it before that is durable.
    Done {
        /// The step.
        step: StepId,
        /// The id of its group.
        id: GroupId,
    },
    /// A lost call has been found to have done its work; that the step is done follows.
    Found {
        /// The step.
        step: StepId,
        /// The id of its group.
        id: GroupId,
    },
    /// A lost call has surely not done its work: it is asked for again.
    Absent {
        /// The step.
        step: StepId,
    },
    /// Whether a step happened cannot be found out, and so many others wait for it; the next run looks again.
    Unknown {
        /// The step.
        step: StepId,
        /// What stood against it.
        failure: ApiError,
        /// How many steps are skipped.
        skipped: usize,
    },
    /// A step failed for good, and so many others with it, since they wait for it.
    Failed {
        /// The step.
        step: StepId,
        /// What stood against it.
        failure: ApiError,
        /// How many steps are skipped.
        skipped: usize,
    },
    /// DingTalk asks for fewer calls, or cannot be reached: the step will be repeated.
    Delayed {
        /// The step.
        step: StepId,
        /// What it met.
        failure: ApiError,
    },
    /// The answer to a step is lost: whether it happened will be looked up.
    Lost {
        /// The step.
        step: StepId,
        /// What became of the answer.
        failure: ApiError,
    },
    /// DingTalk bans this address; nothing is called for this long.
    Banned {
        /// The time until the next call.
        wait: Duration,
    },
    /// The live groups are listed once more, after this pause.
    Looking {
        /// What for.
        aim: ListPurpose,
        /// How long is waited first.
        after: Duration,
    },
    /// A second group, made by a call of this run whose answer was lost, was removed.
    DuplicateRemoved {
        /// Its id.
        id: GroupId,
    },
    /// Nothing new is started any more.
    Stopping {
        /// Calls whose answers are still awaited.
        in_flight: usize,
    },
}

/// What the live groups are listed for during an apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListPurpose {
    /// To settle so many unknown outcomes.
    Settle(usize),
    /// To see the changes during a suspension of the process.
    Recheck,
    /// To see whether calls that were repeated have landed twice after all.
    LateDuplicates,
}
