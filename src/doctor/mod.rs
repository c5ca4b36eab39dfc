//! Checks whether an apply could work: credentials, permissions, state, duplicates.
//!
//! ```text
//! Facts ─► examine ─► Report ─► render
//!            └ the table of checks: connection, recorded, duplicates, shape
//! ```
//!
//! Pure: what was asked and read is in [`Facts`]; nothing here calls, reads or prints.

mod checks;
mod connection_checks;
mod duplicate_groups;
mod duplicates;
mod facts;
mod finding;
mod format;
mod operator;
mod removal;
mod state_checks;
#[cfg(test)]
mod tests;
mod tree_checks;

pub use checks::{Report, examine};
pub use duplicate_groups::{Duplicate, Duplicates};
pub use duplicates::{RemovableDuplicate, by_hand, sharing, spare};
pub use facts::{Contact, Environment, Facts, Memory, Probe, Trouble};
pub use finding::{Check, CheckResult, Detail, Opened, Reason, Verdict};
pub use removal::{Fate, Removal};
