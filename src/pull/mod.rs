//! From what DingTalk says to a manifest: what the manifest would have to be, and what cannot be said in one.
//!
//! ```text
//! manifest (maybe empty) ─┐
//! state ──────────────────┼─► plan (the rows) ─► merge ─► the new manifest + findings
//! live ───────────────────┘
//! ```
//!
//! Which live group a group of the manifest is, the plan has decided already; nothing is decided twice.

mod merge;
mod note;
mod records;
mod rows;
mod unlisted;

pub use merge::{MergeInput, Pulled, merge};
pub use note::PullNote;
pub use records::{protection, recording};
pub use rows::table;
