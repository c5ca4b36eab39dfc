//! Turns data into text: for people and, as JSON, for programs.
//!
//! Renderers are pure; [`Terminal`] alone writes.

mod bar;
pub mod conflict;
pub mod doctor;
pub mod json;
pub mod plan;
mod problem;
pub mod progress;
pub mod pull;
pub mod rebuild;
pub mod report;
pub mod state;
pub mod style;
mod terminal;

pub use problem::{Page, Paint, problems};
pub use terminal::{Facts, Terminal};
