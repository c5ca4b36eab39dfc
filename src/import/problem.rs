//! Something wrong in a spreadsheet: which rule, in which cell, and what to do.
//!
//! Like a problem of a manifest, but its place is a cell. Plain data, in both languages.

use crate::i18n::Message;
use crate::manifest::Severity;
use crate::sheet::Address;

/// Something wrong in a spreadsheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The stable code of the rule, as in `error[skipped-level]`.
    pub code: &'static str,
    /// The cell, unless it is about the whole sheet.
    pub at: Option<Address>,
    /// What is wrong, in one sentence without a full stop.
    pub message: Message,
    /// What to do about it.
    pub help: Message,
}

impl Problem {
    pub(super) fn error(code: &'static str, at: Option<Address>, message: Message, help: Message) -> Self {
        Self { severity: Severity::Error, code, at, message, help }
    }

    pub(super) fn warning(code: &'static str, at: Option<Address>, message: Message, help: Message) -> Self {
        Self { severity: Severity::Warning, code, at, message, help }
    }
}

/// How many characters of a text a message repeats.
const LONGEST_SHOWN: usize = 60;

/// Returns a text in backticks, no longer than a message can bear.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

/// How many places a message lists.
const MOST_LISTED: usize = 5;

/// Lists places or names, and counts those beyond the first few.
#[must_use]
pub fn listed<T: ToString>(places: &[T]) -> Message {
    let first = places.iter().take(MOST_LISTED).map(ToString::to_string).collect::<Vec<_>>();
    match places.len().saturating_sub(MOST_LISTED) {
        0 => Message::new(first.join(", "), first.join("、")),
        more => Message::new(
            format!("{} and {more} more", first.join(", ")),
            format!("{} 等 {} 处", first.join("、"), places.len()),
        ),
    }
}
