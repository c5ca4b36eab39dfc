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

mod answer;
mod call;
mod config;
mod control;
mod data;
mod effect;
mod error;
mod fault;
mod faults;
mod group;
mod groups;
mod latency;
mod log;
mod members;
mod operation;
mod past;
mod rate;
mod refusal;
mod reply;
mod rooms;
mod route;
mod server;
mod service;
mod span;
mod token;
#[cfg(test)]
mod trial;
mod wire;
mod world;

pub use config::Config;
pub use effect::{Damage, Effect, Form, Moment, Page};
pub use error::SandboxError;
pub use fault::{Fault, FaultError, Target, When};
pub use group::{SandboxGroup, SandboxMember};
pub use latency::{Latency, LatencyError};
pub use log::{Arrival, Calls, SeenRequest};
pub use members::{Member, MemberError};
pub use operation::Operation;
pub use rate::{Rate, RateError};
pub use refusal::Refusal;
pub use rooms::SandboxRoom;
pub use server::Sandbox;
