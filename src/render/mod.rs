//! Turns data into text: for people and, as JSON, for programs.
//!
//! Renderers are pure; [`Terminal`] alone writes.

pub mod doctor;
mod import;
pub mod init;
pub mod json;
pub mod plan;
mod problem;
pub mod pull;
pub mod rebuild;
pub mod report;
pub mod state;
pub mod style;
mod terminal;
#[cfg(test)]
mod testing;

pub use import::{sheet_notes, sheet_problems};
pub(crate) use plan::difference::difference;
pub use plan::view::{Extent, PlanView};
pub use problem::{Page, Paint, problems};
pub use terminal::{Facts, Terminal};
