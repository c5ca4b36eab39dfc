//! A help text in both languages, and where all of them are.
//!
//! There is one for each paragraph of a doc comment of the command line (its lines joined by blanks), for each value name, and
//! for each line of a table behind the help. A full stop at the end makes no difference to what is found, and is there in both
//! languages or in neither.

use crate::cli::chinese::word::Word;
use crate::cli::chinese::{arguments, commands, editors, frame, spreadsheets};

/// Returns the Chinese of a text.
pub(super) fn chinese(english: &str) -> Option<&'static str> {
    let bare = english.trim_end_matches('.');
    let found = all().find(|word| word.english.trim_end_matches('.') == bare)?;
    Some(if english == bare { found.chinese.trim_end_matches('。') } else { found.chinese })
}

/// Returns all of them.
pub(super) fn all() -> impl Iterator<Item = &'static Word> {
    [commands::WORDS, arguments::WORDS, editors::WORDS, frame::WORDS, spreadsheets::WORDS].into_iter().flatten()
}
