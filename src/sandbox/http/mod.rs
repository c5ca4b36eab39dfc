//! Serves the API over HTTP on loopback.

pub(super) mod admin_api;
pub(super) mod delivery;
pub(super) mod request_log;
pub(super) mod server;
pub(super) mod service;
pub(super) mod socket;
