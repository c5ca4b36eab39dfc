//! `roomtree` provisions DingTalk (钉钉) meeting-room groups from a YAML tree, exactly once.
//!
//! ```text
//! manifest text ─► manifest ─┐
//! state + journal ─► state ──┼─► plan ─► (confirm) ─► apply ─► outcomes ─► state
//! DingTalk ─► inventory ─────┘     └────────► render ◄── events ──┘
//! ```
//!
//! One folder per stage, one domain noun per file. A module imports only modules above it in this list;
//! `tests/architecture.rs` has the table of allowed imports.
//! The library exists for the binary and its tests: it promises no stable interface yet.

pub mod i18n;
pub mod text;
mod file_lock;
pub mod group;
pub mod inventory;
pub mod sheet;
pub mod manifest;
pub mod import;
pub mod state;
pub mod dingtalk;
pub mod plan;
pub mod pull;
pub mod doctor;
pub mod apply;
pub mod render;
pub mod sandbox;
pub mod cli;
#[doc(hidden)]
pub mod fuzzing;
