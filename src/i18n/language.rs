//! Which language is spoken: what `--lang` says, or else the locale.
//!
//! The choice is made once for the process. A scope in another language lasts for one function on one thread: JSON, which is
//! never translated, is made in one.

use std::cell::Cell;
use std::sync::OnceLock;

/// What the process speaks; English until it is said.
static SPOKEN: OnceLock<Language> = OnceLock::new();

thread_local! {
    static SCOPED: Cell<Option<Language>> = const { Cell::new(None) };
}

/// A language that every message is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// Returns the name that `--lang` takes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }

    /// Reads a language as `--lang` and locales write it: `zh`, `zh-CN`, `zh_CN.UTF-8`, `en`, `en_US`.
    ///
    /// `None` for one that roomtree does not speak.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.', '@']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::Chinese),
            "en" | "c" | "posix" => Some(Self::English),
            _ => None,
        }
    }

    /// Returns the language of a locale: of the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set (POSIX), and
    /// English if that is none of ours.
    #[must_use]
    pub fn of_locale(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &&str| variable(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set);
        locale.and_then(|locale| Self::parse(&locale)).unwrap_or_default()
    }

    /// Makes this the language of the process. Only the first call has an effect.
    pub fn speak(self) {
        let _ = SPOKEN.set(self);
    }

    /// Returns the language that is spoken here and now.
    #[must_use]
    pub fn current() -> Self {
        SCOPED.get().or_else(|| SPOKEN.get().copied()).unwrap_or_default()
    }

    /// Speaks this language on this thread while a function runs.
    pub fn scope<T>(self, function: impl FnOnce() -> T) -> T {
        let _restore = Restore(SCOPED.replace(Some(self)));
        function()
    }
}

/// Goes back to the language from before a scope, even if its function panics.
struct Restore(Option<Language>);

impl Drop for Restore {
    fn drop(&mut self) {
        SCOPED.set(self.0);
    }
}

#[cfg(test)]
mod tests {
    use crate::i18n::Language;

    fn of(variables: &[(&str, &str)]) -> Language {
        Language::of_locale(|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn tags_and_locales_name_a_language() {
        for chinese in ["zh", "zh-CN", "zh_CN.UTF-8", "ZH", "zh_TW", "zh-Hans"] {
            assert_eq!(Language::parse(chinese), Some(Language::Chinese), "{chinese}");
        }
        for english in ["en", "en_US.UTF-8", "C", "C.UTF-8", "POSIX"] {
            assert_eq!(Language::parse(english), Some(Language::English), "{english}");
        }
        assert_eq!(Language::parse("de_DE"), None);
        assert_eq!(Language::parse(""), None);
    }

    #[test]
    fn the_locale_is_read_as_posix_says() {
        assert_eq!(of(&[("LANG", "zh_CN.UTF-8")]), Language::Chinese);
        assert_eq!(of(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")]), Language::English);
        assert_eq!(of(&[("LANG", "en_US"), ("LC_MESSAGES", "zh_CN")]), Language::Chinese);
        assert_eq!(of(&[("LANG", "zh_CN"), ("LC_ALL", "")]), Language::Chinese);
        assert_eq!(of(&[("LANG", "de_DE")]), Language::English);
        assert_eq!(of(&[]), Language::English);
    }

    #[test]
    fn a_scope_ends_with_its_function() {
        Language::Chinese.scope(|| {
            assert_eq!(Language::current(), Language::Chinese);
            Language::English.scope(|| assert_eq!(Language::current(), Language::English));
            assert_eq!(Language::current(), Language::Chinese);
        });
        assert_eq!(Language::current(), Language::English);
    }
}
