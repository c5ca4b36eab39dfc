//! Texts that a spreadsheet takes for formulas, made harmless in a CSV file, and made as they were again.
//!
//! A CSV file has no types: Excel, WPS and others calculate what begins with `=`, `+`, `-` or `@` (OWASP, "CSV Injection"). An
//! apostrophe before it makes it text. A text that has such apostrophes already gets one more, so that taking one away always
//! gives back the very text.

use std::borrow::Cow;

/// What makes a formula of a text that begins with it; also in full width, which some spreadsheets take for the same.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// Says whether a text, perhaps behind apostrophes, begins like a formula.
fn is_like_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// Makes a text harmless.
#[must_use]
pub fn guarded(text: &str) -> Cow<'_, str> {
    if is_like_formula(text) { format!("'{text}").into() } else { text.into() }
}

/// Takes away what [`guarded`] has added; `None` if it would have added nothing.
#[must_use]
pub fn unguarded(text: &str) -> Option<&str> {
    text.strip_prefix('\'').filter(|text| is_like_formula(text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::sheet::{guarded, unguarded};

    #[test]
    fn what_would_be_calculated_gets_an_apostrophe() {
        for text in ["=1+1", "+1", "-1", "@x", "＝x", "'=1"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["北京", "1-1", "'quoted'", "", "'", "a=b"] {
            assert_eq!((guarded(text).as_ref(), unguarded(text)), (text, None));
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "['=+@a-]{0,6}|\\PC{0,6}") {
            let guarded = guarded(&text);
            prop_assert_eq!(unguarded(&guarded).unwrap_or(&guarded), &text);
        }
    }
}
