//! Carries a checked plan out: top down, as fast as permitted, and exactly once.
//!
//! One [`Dispatcher`] owns everything; workers make one call each. [`settle`] tells what became of calls whose answers were lost.

mod absence;
mod dispatcher;
mod event;
mod frontier;
mod lost;
mod patience;
mod queue;
mod recheck;
mod reply;
mod report;
mod resumed;
mod scribe;
pub mod settle;
mod staging;
mod stop;
mod suspension;
mod task;
mod worker;

pub use absence::AbsenceProof;
pub use dispatcher::{Dispatcher, Ended, Job, Replan, Settings};
pub use event::{Aim, Event};
pub use report::{Counts, Ending, Outcome, Report};
pub use resumed::{Resumed, ResumedCounts};
pub(crate) use stop::stop_requested;
pub use suspension::{Clock, Suspension};
pub(crate) use task::Task;
