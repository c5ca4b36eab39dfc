//! What would be done: manifest, state and live joined by path into one table, each row decided once.
//!
//! A plan is plain data. It is made without side effects, is shown as it is, and only once the guards have
//! [checked](guard::check) it can it be applied.

mod action;
mod basis;
mod confusable;
mod cost;
mod deletion;
mod diff;
mod diff_input;
mod fingerprint;
pub mod guard;
mod model;
mod possible_renames;
mod record_match;
mod recreated;
mod renames;
mod similarity;
mod steps;
mod unclaimed;
mod unmatched;
mod unmatched_was;

pub use action::{Action, Conflict, Tally};
pub use basis::Basis;
pub use cost::{Cost, Rate};
pub use deletion::{Deletion, Holds, Relocation};
pub use diff::compare;
pub use diff_input::{PlanInput, Rooms, Scope};
pub use fingerprint::Fingerprint;
pub use guard::{Checked, Refusal, Refused};
pub use model::{Confusable, LostAdministrators, Plan, PossibleRename, Retained, Row, RowId, Subject, Unmanaged};
pub use record_match::RecordMatch;
pub use recreated::Recreated;
pub use steps::{Call, Order, Step, StepId};
