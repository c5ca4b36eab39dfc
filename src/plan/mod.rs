//! What would be done: manifest, state and live joined by path into one table, each row decided once.
//!
//! A plan is plain data. It is made without side effects, is shown as it is, and only once the guards have
//! [checked](guard::check) it can it be applied.

mod basis;
mod compare;
mod cost;
mod decision;
mod fingerprint;
pub mod guard;
mod order;
mod table;

pub use basis::Basis;
pub use compare::{Evidence, compare};
pub use cost::{Cost, Rate};
pub use decision::{Conflict, Decision, Tally};
pub use fingerprint::Fingerprint;
pub use guard::{Checked, Refusal};
pub use order::{Call, Order, Step, StepId};
pub use table::{Forgotten, Plan, Row, RowId, Unmanaged};
