//! The name of a room group, checked once where it enters.
//!
//! DingTalk documents neither a length nor an alphabet for names, so none is invented here. Only names that cannot be intended
//! are rejected: empty ones, spaces at the ends, control characters, bidi controls, and names without a visible character.
//! This is the one rule for every name that roomtree accepts.

use std::fmt;
use std::ops::Deref;

use serde::Serialize;
use thiserror::Error;

use crate::text::{is_bidi_control, is_control, is_ignorable};
use crate::tr;

/// A name that a manifest may give to a room group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct GroupName(Box<str>);

/// Why a text cannot be the name of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NameError {
    /// No text, or only white space.
    #[error("{}", tr!("the name is empty", "名称为空"))]
    Empty,
    /// White space before the first or after the last visible character.
    #[error("{}", tr!("the name has blanks before or after it", "名称前后有空白"))]
    Blanks,
    /// A control character, a line or paragraph separator included.
    #[error("{}", tr!(format: "the name has the control character U+{:04X}", "名称中有控制字符 U+{:04X}", *.0 as u32))]
    Control(char),
    /// A character that changes the direction of the text around it.
    #[error("{}", tr!(
        format: "the name has the bidi control U+{:04X}, which can make it read as another name",
        "名称中有双向控制符 U+{:04X}，可能让它看起来像另一个名称", *.0 as u32
    ))]
    Bidi(char),
    /// Only characters that have no glyph.
    #[error("{}", tr!("the name has no visible character", "名称没有可见字符"))]
    Invisible,
}

impl GroupName {
    /// Takes a text as a name.
    ///
    /// # Errors
    /// [`NameError`] says which rule the text breaks; the first in the order of its variants.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let trimmed = text.trim();
        if let Some(control) = text.chars().find(|c| is_control(*c)) {
            return Err(NameError::Control(control));
        }
        if trimmed.is_empty() {
            return Err(NameError::Empty);
        }
        if trimmed.len() != text.len() {
            return Err(NameError::Blanks);
        }
        match text.chars().find(|c| is_bidi_control(*c)) {
            Some(bidi) => Err(NameError::Bidi(bidi)),
            None if text.chars().all(has_no_glyph) => Err(NameError::Invisible),
            None => Ok(Self(text.into())),
        }
    }

    /// Returns the name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// U+2800 is the Braille pattern without a dot.
fn has_no_glyph(c: char) -> bool {
    is_ignorable(c) || c.is_whitespace() || c == '\u{2800}'
}

impl Deref for GroupName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for GroupName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use crate::group::{GroupName, NameError};
    use crate::i18n::Language;

    #[test]
    fn what_is_wrong_is_said_in_chinese() {
        let said = |error: NameError| Language::Chinese.scope(|| error.to_string());
        assert_eq!(said(NameError::Empty), "名称为空");
        assert_eq!(said(NameError::Control('\t')), "名称中有控制字符 U+0009");
    }

    #[test]
    fn any_visible_text_is_a_name() {
        for text in ["北京", "A 座", "a/b", "~", "NO", "007", "null", "\"quoted\"", "会议室: 1", "👩‍👩‍👧"]
        {
            assert_eq!(GroupName::parse(text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        assert_eq!(GroupName::parse(""), Err(NameError::Empty));
        assert_eq!(GroupName::parse("  "), Err(NameError::Empty));
        assert_eq!(GroupName::parse("\u{3000}北京"), Err(NameError::Blanks));
        assert_eq!(GroupName::parse("a\tb"), Err(NameError::Control('\t')));
        assert_eq!(GroupName::parse("a\u{2028}b"), Err(NameError::Control('\u{2028}')));
        assert_eq!(GroupName::parse("a\u{202E}b"), Err(NameError::Bidi('\u{202E}')));
        for text in ["\u{E0100}", "\u{200B}", "\u{FEFF}\u{3164}", "\u{2800}", "\u{200B} \u{200B}"] {
            assert_eq!(GroupName::parse(text), Err(NameError::Invisible), "{text:?}");
        }
    }
}
