//! DingTalk's room API as a client: what may be called, how fast, and what became of it.
//!
//! ```text
//! reader ─┐                ┌─ token
//! writer ─┴─► attempt ─────┼─ throttle ─ schedule      when it goes
//!               │          └─ transport ─ tls, wire     what goes
//!               │                        └ network ─ proxy, roots     which way
//!               └─► answer ─► Outcome                   what it means
//! ```

mod administrators;
mod api;
mod client;
mod clock_skew;
mod credentials;
mod endpoint;
mod error;
#[doc(hidden)]
pub mod fuzzing;
mod http;
mod mutations;
mod operator;
mod outcome;
mod pacing;
mod queries;
#[cfg(test)]
mod testing;
mod token;
mod usage;

pub use crate::inventory::{Inventory, ListedGroup, Paths};
pub use administrators::Administrator;
pub use api::Api;
pub use client::{Client, ClientError, Settings};
pub use credentials::{Credentials, Found, Grant, Operator, OperatorIdentity};
pub use endpoint::{Endpoint, EndpointError};
pub use error::codes::{CODES, ERRCODES};
pub use error::kind::{ApiError, ErrorKind};
pub use http::access::Access;
pub use http::network::{NetworkError, NetworkVariables};
pub use http::proxy::{Proxy, Route};
pub use http::root_certificates::{RootSource, Roots};
pub use outcome::CallOutcome;
pub use pacing::limit::{Pace, STANDARD_QPS};
pub use pacing::throttle::{Permit, Watch};
pub use queries::{ABSENCE_CODES, Presence};
pub use usage::{CallCount, Calls};
