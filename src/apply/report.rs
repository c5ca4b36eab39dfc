//! What became of a run, group by group.

use schemars::JsonSchema;
use serde::Serialize;

use crate::apply::resumed::ResumedCounts;
use crate::dingtalk::ApiError;
use crate::group::{GroupId, GroupPath};
use crate::plan::{RowId, StepId};

/// What became of one step.
#[derive(Clone, Debug)]
pub enum GroupOutcome {
    /// It is done and recorded.
    Done(GroupId),
    /// DingTalk refused it.
    Failed(ApiError),
    /// Whether it happened could not be found out; the journal remembers, and the next run looks again.
    Unknown(ApiError),
    /// A step that it waits for was not done.
    Skipped(StepId),
    /// The run ended before its turn came.
    Left,
}

/// Why a run ended before all was tried.
#[derive(Clone, Debug)]
pub enum StopReason {
    /// Every step was tried.
    Complete,
    /// Somebody asked for it.
    Interrupted,
    /// No other call could have succeeded either.
    Stopped(ApiError),
    /// DingTalk changed during a suspension of the process, so that the rest of the plan is outdated.
    Outdated {
        /// How many groups have another action now.
        groups: usize,
        /// The path of the first of them.
        first: GroupPath,
    },
    /// So many calls were allowed, and are made.
    Spent(u64),
    /// Everything was tried, but what lost calls may still have made could not be looked up; the next run looks again.
    Unsettled(ApiError),
    /// The journal could not be written: no further call may be made.
    Unrecorded(String),
}

/// What became of a run.
#[derive(Clone, Debug)]
pub struct Report {
    /// The outcome of each step of the order.
    pub outcomes: Vec<GroupOutcome>,
    /// Rows whose ids were recorded without a call.
    pub adopted: Vec<RowId>,
    /// Duplicates of this run's own making that were removed.
    pub duplicates_removed: Vec<GroupId>,
    /// Duplicates that were seen in the end and left standing, because they are not provably ours or not empty.
    pub duplicates_left: Vec<GroupId>,
    /// How often a step was put off, since DingTalk asked for fewer calls or could not be reached.
    pub delayed: usize,
    /// How many answers were lost, whatever was then found out.
    pub answers_lost: usize,
    /// How the calls were resolved that an interrupted run left open; `None` if there were none.
    pub resumed: Option<ResumedCounts>,
    /// How it ended.
    pub ending: StopReason,
}

/// How many steps ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// Done and recorded.
    pub done: usize,
    /// Refused by DingTalk.
    pub failed: usize,
    /// Not to be told.
    pub unknown: usize,
    /// Waiting for one that was not done.
    pub skipped: usize,
    /// Not tried.
    pub left: usize,
}

impl Report {
    /// Counts the outcomes.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for outcome in &self.outcomes {
            let counter = match outcome {
                GroupOutcome::Done(_) => &mut counts.done,
                GroupOutcome::Failed(_) => &mut counts.failed,
                GroupOutcome::Unknown(_) => &mut counts.unknown,
                GroupOutcome::Skipped(_) => &mut counts.skipped,
                GroupOutcome::Left => &mut counts.left,
            };
            *counter += 1;
        }
        counts
    }

    /// Says whether everything that was planned is done, and nothing stands twice as far as this run has seen.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let all_done = self.outcomes.iter().all(|outcome| matches!(outcome, GroupOutcome::Done(_)));
        all_done && self.duplicates_left.is_empty() && matches!(self.ending, StopReason::Complete)
    }

    /// Says whether the run changed anything, in DingTalk or in the state.
    #[must_use]
    pub fn changed_anything(&self) -> bool {
        let counts = self.counts();
        counts.done + counts.unknown + self.adopted.len() + self.duplicates_removed.len() > 0
    }
}
