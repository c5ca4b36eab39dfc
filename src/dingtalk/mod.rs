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
mod answer;
mod api;
mod attempt;
mod backoff;
mod calls;
mod client;
mod codes;
mod credentials;
mod endpoint;
mod failure;
#[doc(hidden)]
pub mod fuzzing;
mod lenient;
mod limit;
mod live;
mod network;
mod notice;
mod outcome;
mod person;
mod proxy;
mod reader;
mod remedy;
mod retry;
mod roots;
mod schedule;
#[cfg(test)]
mod script;
mod scrub;
mod skew;
#[cfg(test)]
mod tests;
mod throttle;
mod tls;
mod token;
mod transport;
mod wire;
mod writer;

pub use administrators::Administrator;
pub use api::Api;
pub use calls::{CallCount, Calls};
pub use client::{Client, ClientError, Settings};
pub use codes::{CODES, ERRCODES};
pub use credentials::{Credentials, Grant, Operator};
pub use endpoint::{Endpoint, EndpointError};
pub use failure::{Failure, FailureKind};
pub use limit::{Pace, STANDARD_QPS};
pub use live::{ListedGroup, Live, Paths};
pub use network::{Access, NetworkError, NetworkVariables};
pub use outcome::Outcome;
pub use person::{Found, Person};
pub use proxy::{Proxy, Route};
pub use reader::{ABSENCE_CODES, Presence};
pub use roots::{RootSource, Roots};
pub use throttle::{Permit, Watch};
