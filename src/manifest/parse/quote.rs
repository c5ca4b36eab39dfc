//! Text of the user's within a message: in backticks, and never longer than a message can bear.

use std::fmt;

/// How many characters of a text a message repeats.
const LONGEST: usize = 60;

/// A text as messages repeat it.
pub(crate) struct Shown<'t>(pub(crate) &'t str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(LONGEST) {
            Some((end, _)) => write!(f, "`{}…`", &self.0[..end]),
            None => write!(f, "`{}`", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::manifest::parse::quote::Shown;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(Shown("北京").to_string(), "`北京`");
        assert_eq!(Shown(&"北".repeat(1000)).to_string(), format!("`{}…`", "北".repeat(60)));
    }
}
