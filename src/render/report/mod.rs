//! Renders a run: progress while it lasts, and the report after it.

pub(super) mod bar;
pub mod progress;
pub mod running;
pub mod text;
