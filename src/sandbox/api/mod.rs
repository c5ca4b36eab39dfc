//! Implements the operations of DingTalk's API with its documented rules.

pub(super) mod api_error;
pub(super) mod group;
pub(super) mod groups;
pub(super) mod operation;
pub(super) mod rate;
pub(super) mod request;
pub(super) mod response;
pub(super) mod rooms;
pub(super) mod route;
pub(super) mod token;
pub(super) mod users;
