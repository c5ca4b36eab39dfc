//! Why a command could not do its work: kind, message, causes, and what to do.
//!
//! One kind is one heading and one exit code. A group that DingTalk refuses is no failure of the command but an outcome.

use std::error::Error;
use std::fmt::Write;

use crate::cli::args::SANDBOX;
use crate::cli::exit::Exit;
use crate::dingtalk;
use crate::doctor::{Reason, Trouble};
use crate::i18n::{Message, cause, is_out_of_files};
use crate::render::json::{ErrorDocument, ErrorWord};
use crate::render::style::{ERROR, HINT, Styled, plain, told};
use crate::state::{StateError, StateErrorKind};
use crate::{localized, tr};

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
            Self::Input => tr!("error: ", "错误："),
            Self::Refused => tr!("refused: ", "已拒绝："),
            Self::Unavailable => tr!("DingTalk: ", "钉钉："),
            Self::Partial => tr!("in part: ", "部分完成："),
        }
    }
}

/// A failure, ready to be told.
#[derive(Debug)]
pub(crate) struct CommandError {
    pub(crate) kind: Kind,
    message: Message,
    causes: Vec<Message>,
    hints: Vec<Message>,
    is_reported: bool,
}

impl CommandError {
    pub(crate) fn new(kind: Kind, message: impl Into<Message>) -> Self {
        Self { kind, message: message.into(), causes: Vec::new(), hints: Vec::new(), is_reported: false }
    }

    pub(crate) fn input(message: impl Into<Message>) -> Self {
        Self::new(Kind::Input, message)
    }

    pub(crate) fn refused(message: impl Into<Message>) -> Self {
        Self::new(Kind::Refused, message)
    }

    pub(crate) fn unavailable(message: impl Into<Message>) -> Self {
        Self::new(Kind::Unavailable, message)
    }

    /// Says that something was changed before it failed.
    pub(crate) fn after_changes(mut self) -> Self {
        self.kind = Kind::Partial;
        self
    }

    /// Notes that standard output has a JSON document about it, or cannot be written.
    pub(crate) fn reported(mut self) -> Self {
        self.is_reported = true;
        self
    }

    /// Says whether standard output has a JSON document about it, or cannot be written.
    pub(crate) fn is_reported(&self) -> bool {
        self.is_reported
    }

    /// Returns it for programs.
    pub(crate) fn document(&self) -> ErrorDocument<'_> {
        let Self { kind, message, causes, hints, .. } = self;
        let word = match kind {
            Kind::Input => ErrorWord::Input,
            Kind::Refused => ErrorWord::Refused,
            Kind::Unavailable => ErrorWord::Unavailable,
            Kind::Partial => ErrorWord::Partial,
        };
        ErrorDocument { kind: word, message, causes, hints, exit_code: kind.exit() as u8 }
    }

    /// Adds what to do about it.
    pub(crate) fn hint(mut self, hint: impl Into<Message>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds the errors that led to it, and what to do if the process has too many open files.
    pub(crate) fn because(mut self, error: &(dyn Error + 'static)) -> Self {
        self.causes.extend(std::iter::successors(Some(error), source).map(cause));
        let is_hinted = self.hints.iter().any(|hint| hint.as_str().contains("ulimit -n"));
        if is_out_of_files(error) && !is_hinted {
            return self.hint(localized!(
                "raise the limit of open files (`ulimit -n`)",
                "请提高可打开文件数的上限（`ulimit -n`）"
            ));
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
        let causes = self.causes.iter().cloned();
        let message = causes.fold(self.message.clone(), |said, cause| localized!("{said}: {cause}", "{said}：{cause}"));
        let hints = self.hints.iter().cloned();
        let remedy = hints.reduce(|before, hint| localized!("{before}; {hint}", "{before}；{hint}"));
        Trouble {
            reason,
            message,
            remedy: remedy.unwrap_or_else(|| localized!("correct it and run again", "改正后重新运行")),
        }
    }

    /// Writes it for people.
    pub(crate) fn to_text(&self) -> String {
        let mut text = format!("{}{}\n", Styled(ERROR, self.kind.heading()), told(self.message.as_str()));
        for cause in &self.causes {
            let _ = writeln!(text, "  {}{}", tr!("because: ", "原因："), told(cause.as_str()));
        }
        for hint in &self.hints {
            let _ = writeln!(text, "  {} {}", Styled(HINT, "→"), plain(hint.as_str()));
        }
        text
    }
}

fn source<'e>(error: &&'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    (*error).source()
}

impl From<StateError> for CommandError {
    fn from(error: StateError) -> Self {
        let kind = match error.kind() {
            StateErrorKind::Refused => Kind::Refused,
            StateErrorKind::Input | StateErrorKind::Disk => Kind::Input,
        };
        // The state was written, so the command had its effect.
        let kind = if matches!(error, StateError::JournalReplaced { .. }) { Kind::Partial } else { kind };
        let failure = Self::new(kind, Message::shown(&error)).hint(remedy(&error));
        match error.source() {
            Some(source) => failure.because(source),
            None => failure,
        }
    }
}

/// Says what to do about the state: for another endpoint, with the flags that lead back to its own.
fn remedy(error: &StateError) -> Message {
    let StateError::Foreign { what: "endpoint", recorded, wanted, .. } = error else {
        return Message::of(|| error.remedy());
    };
    let back = match (recorded.as_str(), wanted.as_str()) {
        (SANDBOX, _) => localized!("add `--sandbox`, which it was made with", "加上创建它时所用的 `--sandbox`"),
        (_, SANDBOX) => localized!(
            "leave `--sandbox` out, and give `--endpoint {recorded}`, where it was made",
            "去掉 `--sandbox`，并用 `--endpoint {recorded}` 指向创建它的地址"
        ),
        _ => localized!(
            "give `--endpoint {recorded}`, where it was made, or `--sandbox` to try things out",
            "用 `--endpoint {recorded}` 指向创建它的地址；若只是试用，加上 `--sandbox`"
        ),
    };
    localized!(
        "{back}; or name another state with `--state FILE`",
        "{back}；或者用 `--state <文件>` 指定另一个状态文件"
    )
}

impl From<dingtalk::ApiError> for CommandError {
    fn from(failure: dingtalk::ApiError) -> Self {
        Self::new(Kind::Unavailable, Message::shown(&failure)).hint(Message::of(|| failure.remedy()))
    }
}

/// The failure of a result that standard output does not take. Nothing was changed, unless the caller adds that.
pub(crate) fn unwritten(error: std::io::Error) -> CommandError {
    CommandError::input(localized!("the result cannot be written to standard output", "无法把结果写到标准输出"))
        .because(&error)
        .reported()
}

/// The same after changes were made and recorded.
pub(crate) fn unwritten_after_changes(error: std::io::Error) -> CommandError {
    unwritten(error)
        .after_changes()
        .hint(localized!("the changes are recorded; only the result is lost", "改动已记录，只是结果没有写出"))
}
