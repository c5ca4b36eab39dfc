//! Logs the events of an apply: phases, retries, pauses.
//!
//! Steps that are simply done are not logged: the request and the journal batch are.

use tracing::info;

use crate::apply::event::{Event, ListPurpose};
use crate::dingtalk::ApiError;
use crate::plan::{Order, Plan, StepId};

/// Logs one event.
pub(crate) fn event(event: &Event, plan: &Plan, order: &Order) {
    match event {
        Event::Began { steps } => info!(steps, "apply"),
        Event::Adopted { .. } | Event::Done { .. } => {}
        Event::Found { step, id } => info!(path = path(*step, plan, order), %id, "lost call found"),
        Event::Absent { step } => info!(path = path(*step, plan, order), "retry: lost call was not carried out"),
        Event::Unknown { step, failure, skipped } => trouble("outcome unknown", *step, failure, *skipped, plan, order),
        Event::Failed { step, failure, skipped } => trouble("failed", *step, failure, *skipped, plan, order),
        Event::Delayed { step, failure } => trouble("retry: not carried out", *step, failure, 0, plan, order),
        Event::Lost { step, failure } => trouble("response lost", *step, failure, 0, plan, order),
        Event::Banned { wait } => info!(pause_ms = wait.as_millis(), "pause: address banned"),
        Event::Looking { aim, after } => info!(purpose = purpose(*aim), pause_ms = after.as_millis(), "list again"),
        Event::DuplicateRemoved { id } => info!(%id, "duplicate removed"),
        Event::Stopping { in_flight } => info!(in_flight, "stopping"),
    }
}

fn trouble(event: &'static str, step: StepId, failure: &ApiError, skipped: usize, plan: &Plan, order: &Order) {
    let (api, kind, code) = (failure.api.as_str(), failure.kind.as_str(), failure.code.as_deref());
    info!(path = path(step, plan, order), api, kind, code, skipped, "{event}");
}

/// Called only while the log is on: a field is not computed otherwise.
fn path(step: StepId, plan: &Plan, order: &Order) -> String {
    plan.subject(order.step(step).subject).as_str().to_owned()
}

fn purpose(aim: ListPurpose) -> &'static str {
    match aim {
        ListPurpose::Settle(_) => "lost calls",
        ListPurpose::Recheck => "suspension",
        ListPurpose::LateDuplicates => "late duplicates",
    }
}
