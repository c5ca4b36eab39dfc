//! What became of one attempt. One attempt is one outcome: who owns the plan decides what follows.
//!
//! The line that matters runs between `Unknown` and the rest: only an unknown change may have happened without our knowing.

use crate::dingtalk::error::kind::ApiError;

/// What became of one attempt of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallOutcome<T> {
    /// It happened.
    Done(T),
    /// DingTalk said no: it did not happen, and repeating it would not help.
    Rejected(ApiError),
    /// It surely did not happen; the pacer of the API is already paused, so that it may be repeated at the next permit.
    Throttled(ApiError),
    /// It surely was not sent: no name, no connection, no TLS, no token.
    Unreachable(ApiError),
    /// It may have happened.
    Unknown(ApiError),
}

impl<T> CallOutcome<T> {
    /// Returns the failure, or `None` when it is done.
    #[must_use]
    pub const fn failure(&self) -> Option<&ApiError> {
        match self {
            Self::Done(_) => None,
            Self::Rejected(failure)
            | Self::Throttled(failure)
            | Self::Unreachable(failure)
            | Self::Unknown(failure) => Some(failure),
        }
    }

    /// Returns the word for it in the log.
    pub(crate) const fn as_str(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::Rejected(_) => "rejected",
            Self::Throttled(_) => "throttled",
            Self::Unreachable(_) => "unreachable",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Applies a function to what was done.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> CallOutcome<U> {
        match self {
            Self::Done(value) => CallOutcome::Done(f(value)),
            Self::Rejected(failure) => CallOutcome::Rejected(failure),
            Self::Throttled(failure) => CallOutcome::Throttled(failure),
            Self::Unreachable(failure) => CallOutcome::Unreachable(failure),
            Self::Unknown(failure) => CallOutcome::Unknown(failure),
        }
    }
}
