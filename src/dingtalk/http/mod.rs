//! Builds requests, sends them, and interprets the responses.

pub(super) mod access;
pub(super) mod execute;
pub(super) mod lenient;
pub(super) mod network;
pub(super) mod proxy;
pub(super) mod requests;
pub(super) mod response;
pub(super) mod root_certificates;
pub(super) mod tls;
pub(super) mod transport;
