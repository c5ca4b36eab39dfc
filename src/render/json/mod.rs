//! The same data for programs: JSON with a version in it, one file for each kind of document.
//!
//! `format` goes up when a reader of the former format could be misled; new members may come at any time. Nothing here is
//! translated. The types are the source of the JSON Schemas in `schema/`, and their comments the descriptions there.

mod doctor;
mod document;
mod events;
mod plan;
mod problems;
mod report;
mod schema;
mod state;

pub use doctor::doctor;
pub use events::{Stream, idle_line, report_line, unplanned_line};
pub use plan::plan;
pub use problems::problems;
pub use report::{ErrorDocument, ErrorWord, Idle, NoopRun, idle, report, unplanned};
pub use schema::Published;
pub use state::state;
