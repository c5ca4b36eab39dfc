//! Writes a JSON document, always in English and without characters that are not printed.

use std::borrow::Cow;

use serde::Serialize;

use crate::i18n::Language;
use crate::text::unprinted;

/// The version of every JSON document.
pub(super) const FORMAT: u32 = 1;

/// Writes a document over several lines.
pub(super) fn write<T: Serialize>(document: impl FnOnce() -> T) -> String {
    let text = Language::English.scope(|| serde_json::to_string_pretty(&document()));
    let text = text.expect("documents have text keys and finite numbers only");
    let mut text: String = text.split('\n').map(escaped).collect::<Vec<_>>().join("\n");
    text.push('\n');
    text
}

/// Writes a document on one line.
pub(super) fn write_line<T: Serialize>(document: impl FnOnce() -> T) -> String {
    let text = Language::English.scope(|| serde_json::to_string(&document()));
    let text = text.expect("documents have text keys and finite numbers only");
    format!("{}\n", escaped(&text))
}

/// Escapes the characters that are not printed: JSON itself escapes only the controls of ASCII.
///
/// Outside its strings a line of JSON has no such characters, so all of them may be escaped.
fn escaped(line: &str) -> Cow<'_, str> {
    let mut hidden = unprinted(line).peekable();
    if hidden.peek().is_none() {
        return line.into();
    }
    let (mut escaped, mut from) = (String::with_capacity(line.len()), 0);
    for (at, c) in hidden {
        escaped.push_str(&line[from..at]);
        escaped.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        from = at + c.len_utf8();
    }
    escaped.push_str(&line[from..]);
    escaped.into()
}
