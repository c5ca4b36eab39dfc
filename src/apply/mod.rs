//! Carries a checked plan out: top down, as fast as permitted, and exactly once.
//!
//! One [`Dispatcher`] owns everything; workers make one call each. [`settle`] tells what became of calls whose answers were lost.

mod dispatcher;
mod event;
mod frontier;
mod lost;
mod patience;
mod queue;
mod reply;
mod report;
mod scribe;
pub mod settle;
mod staging;
mod task;
mod worker;

pub use dispatcher::{Dispatcher, Ended, Job, Settings};
pub use event::{Aim, Event};
pub use report::{Counts, Ending, Outcome, Report};
