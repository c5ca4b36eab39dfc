//! A text in every language, of which the one that is spoken is shown.
//!
//! Both languages stand side by side in the source: whoever changes one sees the other.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use crate::i18n::Language;

/// A text that was written in every language when it was made. It shows the one that is spoken when it is shown, and is
/// serialized in English.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Message {
    english: Box<str>,
    chinese: Box<str>,
}

impl Message {
    /// Makes a text. [`localized!`](crate::localized) writes it shorter.
    #[must_use]
    pub fn new(english: impl Into<Box<str>>, chinese: impl Into<Box<str>>) -> Self {
        Self { english: english.into(), chinese: chinese.into() }
    }

    /// Makes a text of words that are the same in every language: what DingTalk or the operating system said.
    #[must_use]
    pub fn verbatim(words: impl Into<Box<str>>) -> Self {
        let words = words.into();
        Self { english: words.clone(), chinese: words }
    }

    /// Makes a text of what a function gives in each language.
    #[must_use]
    pub fn of<T: Into<Box<str>>>(words: impl Fn() -> T) -> Self {
        Self::new(Language::English.scope(&words), Language::Chinese.scope(&words))
    }

    /// Makes a text of what shows itself in the language that is spoken: an error, for example.
    #[must_use]
    pub fn shown(value: impl fmt::Display) -> Self {
        Self::of(|| value.to_string())
    }

    /// Changes the text alike in every language.
    #[must_use]
    pub fn map(&self, change: impl Fn(&str) -> String) -> Self {
        Self::new(change(&self.english), change(&self.chinese))
    }

    /// Says whether there is nothing to be shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.english.is_empty()
    }

    /// Returns the text in a language.
    #[must_use]
    pub fn within(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::Chinese => &self.chinese,
        }
    }

    /// Returns the text in the language that is spoken here and now.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.within(Language::current())
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl From<String> for Message {
    fn from(words: String) -> Self {
        Self::verbatim(words)
    }
}

impl From<&str> for Message {
    fn from(words: &str) -> Self {
        Self::verbatim(words)
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.english)
    }
}

/// In JSON a text is its English words.
impl JsonSchema for Message {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

/// Writes a text in each language, English first, and gives the one that is spoken.
///
/// With literals alone it gives a `&'static str`; with `format:` before them a `String`, formatted as by `format!`. What both
/// use can be named in the text or follow it.
///
/// ```
/// use roomtree::{i18n::Language, tr};
/// let (path, calls) = ("/北京", 3);
/// assert_eq!(tr!("created", "已创建"), "created");
/// assert_eq!(tr!(format: "created {path} with {} calls", "用 {} 次调用创建了 {path}", calls), "created /北京 with 3 calls");
/// Language::Chinese.scope(|| assert_eq!(tr!("created", "已创建"), "已创建"));
/// ```
#[macro_export]
macro_rules! tr {
    (format: $english:literal, $chinese:literal $(, $($argument:tt)*)?) => {
        match $crate::i18n::Language::current() {
            $crate::i18n::Language::English => ::std::format!($english $(, $($argument)*)?),
            $crate::i18n::Language::Chinese => ::std::format!($chinese $(, $($argument)*)?),
        }
    };
    ($english:expr, $chinese:expr $(,)?) => {
        match $crate::i18n::Language::current() {
            $crate::i18n::Language::English => $english,
            $crate::i18n::Language::Chinese => $chinese,
        }
    };
}

/// Writes a [`Message`](crate::i18n::Message) in each language, English first, formatted as by `format!`.
///
/// What is put into it shows itself in the language of the text, whichever is spoken: texts and errors may be put into texts.
///
/// ```
/// use roomtree::{i18n::Language, localized};
/// let name = "北京";
/// let text = localized!("the name `{name}` is empty", "名称 `{name}` 为空");
/// assert_eq!(text.to_string(), "the name `北京` is empty");
/// assert_eq!(text.within(Language::Chinese), "名称 `北京` 为空");
/// ```
#[macro_export]
macro_rules! localized {
    ($english:literal, $chinese:literal $(, $($argument:tt)*)?) => {
        $crate::i18n::Message::new(
            $crate::i18n::Language::English.scope(|| ::std::format!($english $(, $($argument)*)?)),
            $crate::i18n::Language::Chinese.scope(|| ::std::format!($chinese $(, $($argument)*)?)),
        )
    };
}

#[cfg(test)]
mod tests {
    use crate::i18n::{Language, Message};

    #[test]
    fn a_text_is_shown_in_the_language_that_is_spoken_when_it_is_shown() {
        let text = localized!("{} groups", "{} 个分组", 2);
        assert_eq!(text.to_string(), "2 groups");
        Language::Chinese.scope(|| assert_eq!(text.to_string(), "2 个分组"));
    }

    #[test]
    fn a_text_within_a_text_is_of_the_same_language() {
        let groups = localized!("{} groups", "{} 个分组", 2);
        let text = Language::Chinese.scope(|| localized!("created {groups}", "已创建 {groups}"));
        assert_eq!(text, Message::new("created 2 groups", "已创建 2 个分组"));
        assert_eq!(Language::Chinese.scope(|| Message::shown(&text)), text);
    }

    #[test]
    fn a_text_is_serialized_in_english() {
        let text = localized!("one", "一");
        let json = Language::Chinese.scope(|| serde_json::to_string(&text));
        assert_eq!(json.expect("a string"), r#""one""#);
    }

    #[test]
    fn words_from_outside_are_the_same_in_both() {
        let text = Message::verbatim("No space left on device");
        Language::ALL.iter().for_each(|language| assert_eq!(text.within(*language), "No space left on device"));
    }
}
