//! A help text in both languages.

/// A text in both languages.
#[derive(Clone, Copy)]
pub(super) struct Word {
    pub(super) english: &'static str,
    pub(super) chinese: &'static str,
}

/// Writes a text in both languages.
pub(super) const fn word(english: &'static str, chinese: &'static str) -> Word {
    Word { english, chinese }
}
