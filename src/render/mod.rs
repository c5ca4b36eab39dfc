//! Turns data into text: for people and, as JSON, for programs.
//!
//! Renderers are pure; [`Terminal`] alone writes.

mod bar;
mod beside;
mod change;
pub mod conflict;
mod cost;
mod decision;
mod excerpt;
mod exhibit;
pub mod doctor;
mod import;
pub mod init;
pub mod html;
pub mod json;
pub mod markdown;
mod outline;
pub mod picture;
pub mod plan;
mod problem;
pub mod progress;
pub mod pull;
mod rails;
pub mod rebuild;
pub mod report;
pub mod running;
#[cfg(test)]
mod sample;
pub mod state;
pub mod style;
mod terminal;

pub(crate) use change::difference;
pub use exhibit::Exhibit;
pub use import::{sheet_notes, sheet_problems};
pub use problem::{Page, Paint, problems};
pub use terminal::{Facts, Terminal};
