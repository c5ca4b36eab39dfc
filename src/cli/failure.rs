//! Why a command could not do its work: kind, message, causes, and what to do.
//!
//! One kind is one heading and one exit code. A group that DingTalk refuses is no failure of the command but an outcome.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::Write;

use crate::cli::exit::Exit;
use crate::cli::target::SANDBOX;
use crate::dingtalk;
use crate::doctor::{Reason, Trouble};
use crate::render::style::{ERROR, HINT, Styled, plain, told};
use crate::state::{StateError, StateErrorKind};

/// What a failure means to whoever called the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The manifest, a flag or a file is wrong.
    Input,
    /// A guard stands against it.
    Refused,
    /// DingTalk said no or could not be reached, and nothing was changed.
    Unavailable,
    /// Something was changed, but not all could be written down.
    Partial,
}

impl Kind {
    pub(crate) fn exit(self) -> Exit {
        match self {
            Self::Input => Exit::WrongInput,
            Self::Refused => Exit::Refused,
            Self::Unavailable => Exit::Unavailable,
            Self::Partial => Exit::Partial,
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::Input => "error:",
            Self::Refused => "refused:",
            Self::Unavailable => "DingTalk:",
            Self::Partial => "in part:",
        }
    }
}

/// A failure, ready to be told.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    message: String,
    causes: Vec<String>,
    hints: Vec<String>,
}

impl Failure {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), causes: Vec::new(), hints: Vec::new() }
    }

    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::new(Kind::Input, message)
    }

    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, message)
    }

    /// Says that something was changed before it failed.
    pub(crate) fn after_changes(mut self) -> Self {
        self.kind = Kind::Partial;
        self
    }

    /// Adds what to do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds the errors that led to it.
    pub(crate) fn because(mut self, error: &dyn Error) -> Self {
        let mut next = Some(error);
        while let Some(cause) = next {
            self.causes.push(cause.to_string());
            next = cause.source();
        }
        self
    }

    /// Tells it to the doctor, who tells it among other things.
    pub(crate) fn trouble(&self) -> Trouble {
        let reason = match self.kind {
            Kind::Input | Kind::Partial => Reason::Input,
            Kind::Refused => Reason::Refused,
            Kind::Unavailable => Reason::Unavailable,
        };
        let said: Vec<&str> = std::iter::once(&self.message).chain(&self.causes).map(String::as_str).collect();
        let remedy = if self.hints.is_empty() { "correct it and run again".to_owned() } else { self.hints.join("; ") };
        Trouble { reason, message: said.join(": "), remedy }
    }

    /// Writes it for people.
    pub(crate) fn to_text(&self) -> String {
        let mut text = format!("{} {}\n", Styled(ERROR, self.kind.heading()), told(&self.message));
        for cause in &self.causes {
            let _ = writeln!(text, "  because: {}", told(cause));
        }
        for hint in &self.hints {
            let _ = writeln!(text, "  {} {}", Styled(HINT, "→"), plain(hint));
        }
        text
    }
}

impl From<StateError> for Failure {
    fn from(error: StateError) -> Self {
        let kind = match error.kind() {
            StateErrorKind::Refused => Kind::Refused,
            StateErrorKind::Input | StateErrorKind::Disk => Kind::Input,
        };
        let failure = Self::new(kind, error.to_string()).hint(remedy(&error));
        match error.source() {
            Some(source) => failure.because(source),
            None => failure,
        }
    }
}

/// Says what to do about the state: for another endpoint, with the flags that lead back to its own.
fn remedy(error: &StateError) -> Cow<'static, str> {
    let StateError::Foreign { what: "endpoint", recorded, wanted, .. } = error else { return error.remedy().into() };
    let back = match (recorded.as_str(), wanted.as_str()) {
        (SANDBOX, _) => "add `--sandbox`, which it was made with".to_owned(),
        (_, SANDBOX) => format!("leave `--sandbox` out, and give `--endpoint {recorded}`, where it was made"),
        _ => format!("give `--endpoint {recorded}`, where it was made, or `--sandbox` to try things out"),
    };
    format!("{back}; or name another state with `--state FILE`").into()
}

impl From<dingtalk::Failure> for Failure {
    fn from(failure: dingtalk::Failure) -> Self {
        Self::new(Kind::Unavailable, failure.to_string()).hint(failure.remedy())
    }
}
