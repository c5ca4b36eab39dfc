//! Carries a checked plan out: top down, as fast as permitted, and exactly once.
//!
//! One [`Dispatcher`] owns the state of a run; workers make one call each. [`reconcile`] finds the outcomes of calls with lost responses.

mod absence;
mod call;
mod circuit_breaker;
mod completion;
mod dispatch;
mod dispatcher;
mod event;
mod journal_writer;
mod lost_call;
mod log;
mod lost_calls;
mod ready_queue;
mod recheck;
pub mod reconcile;
mod report;
mod resumed;
mod stop;
mod suspension;
mod work_queue;
mod worker;

pub use absence::AbsenceProof;
pub(crate) use call::ApiCall;
pub use dispatcher::{ApplyInput, ApplyResult, Dispatcher, Replan, Settings};
pub use event::{Event, ListPurpose};
pub use report::{Counts, GroupOutcome, Report, StopReason};
pub use resumed::{Resumed, ResumedCounts};
pub(crate) use stop::stop_requested;
pub use suspension::{Clock, Suspension};
