//! What would be done: manifest, state and live joined by path into one table, each row decided once.
//!
//! A plan is plain data. It is made without side effects, is shown as it is, and only once the guards have
//! [checked](guard::check) it can it be applied.

mod basis;
mod compare;
mod confusable;
mod cost;
mod decision;
mod deletion;
mod fingerprint;
mod former;
pub mod guard;
mod leftover;
mod order;
mod possible_renames;
mod record_match;
mod recreated;
mod similar;
mod spare;
mod table;
mod unmatched_was;

pub use basis::Basis;
pub use compare::{Evidence, Rooms, Scope, compare};
pub use confusable::Confusable;
pub use cost::{Cost, Rate};
pub use decision::{Conflict, Decision, Tally};
pub use deletion::{Deletion, Holds, Relocation};
pub use fingerprint::Fingerprint;
pub use guard::{Checked, Refusal, Refused};
pub use order::{Call, Order, Step, StepId, Subject};
pub use possible_renames::PossibleRename;
pub use record_match::RecordMatch;
pub use recreated::{LostAdministrators, Recreated};
pub use table::{Plan, Retained, Row, RowId, Unmanaged};
