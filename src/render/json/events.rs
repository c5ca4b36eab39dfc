//! What happens during a run, for programs that follow along: one line for each event, and the report as the last one.

use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::Serialize;

use crate::apply::{Event, ListPurpose};
use crate::dingtalk;
use crate::dingtalk::ErrorKind;
use crate::group::{GroupId, GroupPath};
use crate::plan::{Call, Order, Plan, StepId};
use crate::render::json::document::{FORMAT, write_line};
use crate::render::json::report::{
    ErrorDocument, FailureDocument, NoopRun, ReportDocument, failure, idled, ran, seconds, without_plan,
};
use crate::render::report::text::ReportInput;

/// A line of `roomtree apply --format jsonl`: something that happened or, as the last line, the report.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(title = "roomtree events")]
#[expect(dead_code, reason = "the lines are written one kind at a time; here is what they have in common")]
pub(super) enum LineDocument<'a> {
    /// Something that happened.
    Event(EventDocument<'a>),
    /// What became of the run: always the last line.
    Report(Box<ReportDocument<'a>>),
}

/// Something that happened during a run.
///
/// New members and new events may come at any time; `format` goes up when a reader of the former one could be misled.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "event")]
pub(super) struct EventDocument<'a> {
    /// The version of this format.
    #[schemars(extend("const" = FORMAT))]
    format: u32,
    /// The kind of document.
    #[schemars(extend("const" = "event"))]
    kind: &'static str,
    #[serde(flatten)]
    happened: Happened<'a>,
    /// When, in seconds since the changes began.
    seconds: f64,
}

/// What happened.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Happened<'a> {
    /// The changes begin.
    Began {
        /// How many steps lie ahead; a step is one call that changes something.
        steps: usize,
    },
    /// A group that was there already is recorded.
    Adopted {
        /// Its path.
        path: GroupPath,
        /// Its id.
        id: GroupId,
    },
    /// A group was created, and that is recorded durably.
    Created {
        /// Its path.
        path: GroupPath,
        /// Its id.
        id: GroupId,
    },
    /// A group was renamed, and that is recorded durably.
    Renamed {
        /// Its path, with the new name.
        path: GroupPath,
        /// Its id.
        id: GroupId,
    },
    /// A group was deleted, and that is recorded durably.
    Deleted {
        /// Where it stood.
        path: GroupPath,
        /// Its id.
        id: GroupId,
    },
    /// DingTalk refused a step; it is not tried again.
    Failed(Trouble<'a>),
    /// Whether a step happened could not be found out; the next run looks again.
    Unknown(Trouble<'a>),
    /// DingTalk asks for fewer calls: the step will be repeated.
    Throttled(Trouble<'a>),
    /// DingTalk cannot be reached: the step will be repeated.
    Unreachable(Trouble<'a>),
    /// The answer to a step is lost: whether it happened will be looked up.
    AnswerLost(Trouble<'a>),
    /// This address is banned: nothing is called for a while.
    Banned {
        /// How long, in seconds.
        wait_seconds: f64,
    },
    /// The live groups are listed once more.
    Looking {
        /// What for.
        aim: AimWord,
        /// How many lost answers are to be settled.
        #[serde(skip_serializing_if = "Option::is_none")]
        unknown: Option<usize>,
        /// How long is waited first, in seconds.
        after_seconds: f64,
    },
    /// What became of a lost answer is found out.
    Settled {
        /// The group.
        path: GroupPath,
        /// Whether the call had done its work; if not, it is made again.
        found: bool,
        /// The id of the group, if it is there.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<GroupId>,
    },
    /// A second group, made by a call of this run whose answer was lost, was removed.
    DuplicateRemoved {
        /// Its id.
        id: GroupId,
    },
    /// Nothing new is started any more.
    Stopping {
        /// How many answers are still awaited.
        in_flight: usize,
    },
}

/// What stands against a step.
#[derive(Serialize, JsonSchema)]
struct Trouble<'a> {
    /// The group.
    path: GroupPath,
    /// What was to be done.
    action: ActionWord,
    /// What DingTalk or the network said.
    failure: FailureDocument<'a>,
    /// How many steps are skipped, since they wait for this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<usize>,
}

/// What a step does.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(title = "action")]
enum ActionWord {
    /// It makes a group.
    Create,
    /// It gives a group its name.
    Rename,
    /// It removes a group.
    Delete,
}

/// What the groups are listed for.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(title = "aim")]
enum AimWord {
    /// To see the changes during a suspension of the process.
    Recheck,
    /// To find out what became of lost answers.
    Settle,
    /// To see whether repeated calls have landed twice after all.
    LateDuplicates,
}

/// Writes the events of one run.
#[derive(Clone, Copy, Debug)]
pub struct Stream<'a> {
    plan: &'a Plan,
    order: &'a Order,
    began: Instant,
}

impl<'a> Stream<'a> {
    /// Prepares to write what happens from now on.
    #[must_use]
    pub fn new(plan: &'a Plan, order: &'a Order) -> Self {
        Self { plan, order, began: Instant::now() }
    }

    /// Writes an event on a line.
    #[must_use]
    pub fn line(&self, event: &Event) -> String {
        let seconds = seconds(self.began.elapsed());
        write_line(|| EventDocument { format: FORMAT, kind: "event", happened: self.happened(event), seconds })
    }

    fn happened<'e>(&self, event: &'e Event) -> Happened<'e> {
        match event {
            Event::Began { steps } => Happened::Began { steps: *steps },
            Event::Adopted { row, id } => Happened::Adopted { path: self.plan.path(*row), id: *id },
            Event::Done { step, id } => self.done(*step, *id),
            Event::Found { step, id } => Happened::Settled { path: self.path(*step), found: true, id: Some(*id) },
            Event::Absent { step } => Happened::Settled { path: self.path(*step), found: false, id: None },
            Event::Failed { step, failure, skipped } => Happened::Failed(self.trouble(*step, failure, Some(*skipped))),
            Event::Unknown { step, failure, skipped } => {
                Happened::Unknown(self.trouble(*step, failure, Some(*skipped)))
            }
            Event::Delayed { step, failure } => delayed(self.trouble(*step, failure, None), failure.kind),
            Event::Lost { step, failure } => Happened::AnswerLost(self.trouble(*step, failure, None)),
            Event::Banned { wait } => Happened::Banned { wait_seconds: seconds(*wait) },
            Event::Looking { aim, after } => looking(*aim, *after),
            Event::DuplicateRemoved { id } => Happened::DuplicateRemoved { id: *id },
            Event::Stopping { in_flight } => Happened::Stopping { in_flight: *in_flight },
        }
    }

    fn done(&self, step: StepId, id: GroupId) -> Happened<'static> {
        let path = self.path(step);
        match self.order.step(step).call {
            Call::Create => Happened::Created { path, id },
            Call::Rename => Happened::Renamed { path, id },
            Call::Delete => Happened::Deleted { path, id },
        }
    }

    fn trouble<'e>(&self, step: StepId, cause: &'e dingtalk::ApiError, skipped: Option<usize>) -> Trouble<'e> {
        let action = match self.order.step(step).call {
            Call::Create => ActionWord::Create,
            Call::Rename => ActionWord::Rename,
            Call::Delete => ActionWord::Delete,
        };
        Trouble { path: self.path(step), action, failure: failure(cause), skipped }
    }

    fn path(&self, step: StepId) -> GroupPath {
        self.plan.subject(self.order.step(step).subject)
    }
}

/// Only an answer asks for fewer calls; what else puts a step off is that none came.
fn delayed(trouble: Trouble<'_>, kind: ErrorKind) -> Happened<'_> {
    match kind {
        ErrorKind::RateOfApp | ErrorKind::RateOfApi | ErrorKind::RateOfMinute | ErrorKind::Banned => {
            Happened::Throttled(trouble)
        }
        _ => Happened::Unreachable(trouble),
    }
}

fn looking(aim: ListPurpose, after: Duration) -> Happened<'static> {
    let (aim, unknown) = match aim {
        ListPurpose::Settle(unknown) => (AimWord::Settle, Some(unknown)),
        ListPurpose::Recheck => (AimWord::Recheck, None),
        ListPurpose::LateDuplicates => (AimWord::LateDuplicates, None),
    };
    Happened::Looking { aim, unknown, after_seconds: seconds(after) }
}

/// Writes the report of a run on a line: the last one.
#[must_use]
pub fn report_line(told: ReportInput<'_>, error: Option<ErrorDocument<'_>>) -> String {
    write_line(|| ran(told, error))
}

/// Writes the report of a run without a plan on a line: the only one.
#[must_use]
pub fn unplanned_line(error: Option<ErrorDocument<'_>>) -> String {
    write_line(|| without_plan(error))
}

/// Writes the report of a run that carried nothing out on a line: the only one.
#[must_use]
pub fn idle_line(plan: &Plan, run: NoopRun<'_>) -> String {
    write_line(|| idled(plan, run))
}
