//! Renders a plan: text, Markdown, HTML, diagrams.

pub(super) mod action;
pub mod conflict;
pub(super) mod cost;
pub mod diagram;
pub(super) mod difference;
pub mod html;
pub mod markdown;
pub(super) mod other_groups;
pub(super) mod outline;
pub mod text;
pub(super) mod tree_lines;
pub(super) mod truncate;
pub(super) mod view;
