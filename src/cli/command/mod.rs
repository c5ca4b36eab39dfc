//! The commands, one file each.

pub(super) mod apply;
pub(super) mod completions;
pub(super) mod destroy;
pub(super) mod doctor;
pub(super) mod fmt;
pub(super) mod import;
pub(super) mod init;
pub(super) mod man;
pub(super) mod plan;
pub(super) mod prompts;
pub(super) mod pull;
pub(super) mod remove_duplicates;
pub(super) mod sandbox;
pub(super) mod schema;
pub(super) mod state;
pub(super) mod validate;
