//! Colours, and the length of untrusted text.
//!
//! Renderers always write the escapes; the terminal strips them where they are not wanted. No meaning rests on colour alone.

use std::borrow::Cow;
use std::fmt;

use anstyle::{AnsiColor, Style};
use indicatif::HumanCount;
use unicode_width::UnicodeWidthStr;

use crate::tr;

/// Something new.
pub const CREATE: Style = AnsiColor::Green.on_default();
/// Something that gets another name.
pub const RENAME: Style = AnsiColor::Yellow.on_default();
/// Something that is there already and gets recorded.
pub const ADOPT: Style = AnsiColor::Cyan.on_default();
/// Something that goes.
pub const DELETE: Style = AnsiColor::Red.on_default();
/// Something wrong.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// Something to look at.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// Something that went well.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// What to do next.
pub const HINT: Style = AnsiColor::Cyan.on_default().bold();
/// A heading.
pub const BOLD: Style = Style::new().bold();
/// What matters less.
pub const DIM: Style = Style::new().dimmed();

/// A text in a style.
#[derive(Clone, Copy, Debug)]
pub struct Styled<T>(pub Style, pub T);

impl<T: fmt::Display> fmt::Display for Styled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.0.render(), self.1, self.0.render_reset())
    }
}

pub use crate::text::sanitize as plain;

/// How many characters a message begins with, and four times as many as it ends with, if it is too long.
const LONGEST_TOLD: usize = 4000;

/// How many characters of a name or a path are shown.
const LONGEST_SHOWN: usize = 500;

/// Sanitizes a name or a path, and cuts it where it is too long to read.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}…", plain(&text[..end])).into(),
        None => plain(text),
    }
}

/// Sanitizes a message, and cuts its middle where it is too long to read.
#[must_use]
pub fn told(text: &str) -> Cow<'_, str> {
    let Some((start, _)) = text.char_indices().nth(LONGEST_TOLD) else { return plain(text) };
    let end = text.char_indices().nth_back(LONGEST_TOLD / 4).map_or(start, |(at, _)| at);
    if end <= start { plain(text) } else { format!("{} … {}", plain(&text[..start]), plain(&text[end..])).into() }
}

/// Pads a text with spaces to a number of columns.
#[must_use]
pub fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

/// A number that is shown with commas between the thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grouped(pub usize);

impl From<u8> for Grouped {
    fn from(number: u8) -> Self {
        Self(number.into())
    }
}

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&grouped(self.0))
    }
}

/// Writes a number with commas between the thousands.
#[must_use]
pub fn grouped(number: usize) -> String {
    HumanCount(number as u64).to_string()
}

/// Writes a time as people say it: `0.3 s`, `4 min 10 s`, `2 h 3 min`.
#[must_use]
pub fn duration(time: std::time::Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => tr!(format: "{:.1} s", "{:.1} 秒", time.as_secs_f64()),
        60..3600 => tr!(format: "{} min {} s", "{} 分 {} 秒", seconds / 60, seconds % 60),
        _ => tr!(format: "{} h {} min", "{} 小时 {} 分", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::i18n::count;
    use crate::render::style::{Grouped, duration, grouped, padded, shown, told};

    #[test]
    fn a_name_that_nobody_reads_is_cut() {
        assert_eq!(shown(&"北".repeat(1_000_000)), format!("{}…", "北".repeat(500)));
        assert_eq!(shown("A\u{1b}座"), "A\u{FFFD}座");
    }

    #[test]
    fn a_message_without_end_keeps_its_beginning_and_its_end() {
        let long = told(&format!("not `{}` at line 7", "北".repeat(1_000_000))).into_owned();
        assert!(long.starts_with("not `北") && long.ends_with("北` at line 7"), "{long}");
        assert_eq!(long.chars().count(), 5004);
        assert_eq!(told(&"x".repeat(4100)).len(), 4100);
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(count(Grouped(1), "call", "次调用").to_string(), "1 call");
        assert_eq!(count(Grouped(2000), "call", "次调用").to_string(), "2,000 calls");
    }

    #[test]
    fn texts_are_padded_by_columns() {
        assert_eq!(padded("ok", 4), "ok  ");
        assert_eq!(padded("正常", 6), "正常  ");
        assert_eq!(padded("正常", 2), "正常");
    }

    #[test]
    fn times_read_well() {
        assert_eq!(duration(Duration::from_millis(250)), "0.2 s");
        assert_eq!(duration(Duration::from_secs(250)), "4 min 10 s");
        assert_eq!(duration(Duration::from_secs(7380)), "2 h 3 min");
    }
}
