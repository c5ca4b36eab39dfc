//! Runs a plan: connection, manifest, preflight, confirmation, apply, report.

pub(super) mod ban_budget;
pub(super) mod connection;
pub(super) mod endpoint;
pub(crate) mod execute;
pub(super) mod interrupt;
pub(super) mod load_manifest;
pub(super) mod planning;
pub(super) mod preflight;
pub(super) mod reporter;
pub(super) mod saved_plan;
