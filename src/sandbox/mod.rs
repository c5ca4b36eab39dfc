//! A DingTalk for one's own: its room-group API, and as much of its rooms and its address book as that needs, on loopback, with its rules, its limits, and faults on demand.
//!
//! ```text
//! socket ─► wire ─► service ─► world ─► answer ─► service ─► wire ─► socket
//!                     │          ├ token · rate · faults · groups ─► data · past
//!                 control        └ log
//! ```
//!
//! It shares nothing with the client, so that the two cannot be wrong together. Where DingTalk's documentation is silent the
//! choice is a setting, or is said to be the sandbox's own. All randomness comes from one seed.

mod api;
mod config;
mod error;
mod faults;
mod history;
mod http;
mod persistence;
mod state;
#[cfg(test)]
mod testing;

pub use api::api_error::ApiRefusal;
pub use api::group::{SandboxGroup, SandboxMember};
pub use api::operation::Operation;
pub use api::rate::{Rate, RateError};
pub use api::rooms::SandboxRoom;
pub use api::users::{Member, MemberError};
pub use config::Config;
pub use error::SandboxError;
pub use faults::fault::{Fault, FaultError, Target, When};
pub use faults::fault_effect::{Damage, FaultEffect, Form, Moment, Page};
pub use faults::latency::{Latency, LatencyError};
pub use http::request_log::{Arrival, Calls, SeenRequest};
pub use http::server::Sandbox;
