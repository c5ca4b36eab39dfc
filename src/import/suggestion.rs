//! Writes command lines that a message suggests: the command as given, with options that name the columns.

use crate::import::columns::Search;
use crate::import::header::Header;
use crate::sheet::{column_letters, column_of};

/// A command line to complete.
pub(super) struct Suggestion<'s> {
    command: &'s str,
    header: Option<&'s Header<'s>>,
    depth: usize,
}

impl<'s> Suggestion<'s> {
    pub(super) fn of(search: &'s Search<'_>) -> Self {
        Self::new(&search.choice.command, search.header.as_ref(), search.choice.depth)
    }

    pub(super) fn new(command: &'s str, header: Option<&'s Header<'s>>, depth: u32) -> Self {
        Self { command, header, depth: usize::try_from(depth).unwrap_or(usize::MAX).max(1) }
    }

    /// Names the columns of each level.
    pub(super) fn levels(&self, levels: &[Vec<u32>]) -> String {
        levels
            .iter()
            .fold(self.command.to_owned(), |command, columns| format!("{command} --level {}", self.level(columns)))
    }

    /// Names the columns, and joins the lowest ones if there are more levels than a group may be deep.
    pub(super) fn within_depth(&self, levels: &[Vec<u32>]) -> String {
        let kept = self.depth.min(levels.len()) - 1;
        let (upper, lower) = levels.split_at(kept);
        self.levels(&[upper, &[lower.concat()]].concat())
    }

    pub(super) fn path(&self, column: u32) -> String {
        format!("{} --path-column {}", self.command, column_letters(column))
    }

    fn level(&self, columns: &[u32]) -> String {
        let names: Vec<String> = columns.iter().map(|column| self.name(*column)).collect();
        match names.as_slice() {
            [one] => one.clone(),
            names => format!("'{}'", names.join("+")),
        }
    }

    /// Returns the heading of a column if it names that column alone and needs no quotes; its letters otherwise.
    fn name(&self, column: u32) -> String {
        let is_plain = |heading: &&str| heading.chars().all(char::is_alphanumeric) && column_of(heading).is_none();
        let is_alone = |heading: &&str| self.header.is_some_and(|header| header.columns_of(heading).len() == 1);
        let heading = self.header.and_then(|header| header.text(column));
        heading.filter(is_plain).filter(is_alone).map_or_else(|| column_letters(column), str::to_owned)
    }
}
