//! A number with the noun that belongs to it: English nouns have a plural, Chinese ones a measure word instead.

use std::fmt;

use crate::i18n::Language;

/// A number with its noun, shown in the language that is spoken.
#[derive(Clone, Copy, Debug)]
pub struct Count<N> {
    number: N,
    noun: &'static str,
    measured: &'static str,
}

/// Counts things: the English noun in the singular, and the Chinese with its measure word.
///
/// ```
/// use roomtree::i18n::{Language, count};
/// assert_eq!(count(1, "group", "个分组").to_string(), "1 group");
/// assert_eq!(count(2, "group", "个分组").to_string(), "2 groups");
/// Language::Chinese.scope(|| assert_eq!(count(2, "group", "个分组").to_string(), "2 个分组"));
/// ```
#[must_use]
pub const fn count<N>(number: N, noun: &'static str, measured: &'static str) -> Count<N> {
    Count { number, noun, measured }
}

impl<N: fmt::Display + PartialEq + From<u8>> fmt::Display for Count<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.number == N::from(1) { "" } else { "s" };
        match Language::current() {
            Language::English => write!(f, "{} {}{plural}", self.number, self.noun),
            Language::Chinese => write!(f, "{} {}", self.number, self.measured),
        }
    }
}
