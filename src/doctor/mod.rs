//! Says whether an apply could work, and what stands in its way: credentials, permissions, state, twins.
//!
//! ```text
//! Facts ─► examine ─► Report ─► render
//!            └ the table of checks: connection, recorded, twins, shape
//! ```
//!
//! Pure: what was asked and read is in [`Facts`]; nothing here calls, reads or prints.

mod connection;
mod examine;
mod facts;
mod finding;
mod operator;
mod recorded;
mod removal;
mod shape;
mod twins;
mod words;

pub use examine::{Report, examine};
pub use facts::{Contact, Environment, Facts, Memory, Probe, Trouble};
pub use finding::{Check, Evidence, Finding, Opened, Reason, Verdict};
pub use removal::{Fate, Removal};
pub use twins::{Spare, Twin, Twins, by_hand, sharing, spare};
