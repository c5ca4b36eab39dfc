//! Exit codes: a documented interface, for scripts to rely on.

use std::process::{ExitCode, Termination};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done, or nothing to do.
    Done = 0,
    /// Wrong input: manifest, flags, files.
    WrongInput = 1,
    /// Changes are pending (`plan --detailed-exitcode`, `fmt --check`).
    Pending = 2,
    /// Applied in part: some actions failed, or an outcome is unknown.
    Partial = 3,
    /// Refused: guard, conflict, lock held, another organization's state, not confirmed.
    Refused = 4,
    /// DingTalk said no or could not be reached before anything changed.
    Unavailable = 5,
    /// Interrupted; the state is good.
    Interrupted = 130,
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}
