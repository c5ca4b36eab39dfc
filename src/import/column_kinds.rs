//! Sorts the columns of a table by what their headings are known as.

use std::collections::BTreeMap;

use crate::import::columns::Search;
use crate::import::heading::{Heading, folded, is_code, stem};
use crate::import::problem::Problem;

/// Columns by the meaning of their headings, from the left.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Level numbers and columns.
    pub(super) numbered: Vec<(u32, u32)>,
    pub(super) named: Vec<u32>,
    pub(super) vague: Vec<u32>,
    pub(super) paths: Vec<u32>,
    /// The ranks of named levels, by column.
    pub(super) ranks: Vec<(u32, u8)>,
    pub(super) parents: Vec<u32>,
    pub(super) depths: Vec<u32>,
    pub(super) kinds: Vec<u32>,
    /// Whether the table lists rooms.
    pub(super) has_rooms: bool,
}

impl Known {
    /// Sorts the columns; two columns for one level are a problem.
    pub(super) fn of(search: &Search<'_>) -> Result<Self, Problem> {
        let headings: Vec<(u32, Heading)> = search.header.iter().flat_map(|header| header.known()).collect();
        let has_rooms = headings.iter().any(|(_, heading)| heading.is_of_room());
        let has_facts = headings.iter().any(|(_, heading)| *heading == Heading::RoomFact);
        let has_levels = headings.iter().any(|(_, heading)| matches!(heading, Heading::Named(_)));
        let mut known = Self { has_rooms, ..Self::default() };
        for (column, heading) in headings {
            match heading {
                Heading::Numbered(number) => known.numbered.push((number, column)),
                Heading::Named(rank) => known.name(column, rank),
                Heading::Place if !has_rooms => known.named.push(column),
                Heading::Vague if has_facts && is_name(search, column) => {}
                Heading::Vague => known.vague.push(column),
                Heading::Path => known.paths.push(column),
                Heading::Parent => known.parents.push(column),
                Heading::Depth => known.depths.push(column),
                Heading::Kind => known.kinds.push(column),
                Heading::Place if !has_levels => return Err(search.ambiguous()),
                _ => {}
            }
        }
        known.without_codes(search)?;
        Ok(known)
    }

    fn name(&mut self, column: u32, rank: Option<u8>) {
        self.named.push(column);
        self.ranks.extend(rank.map(|rank| (column, rank)));
    }

    /// Returns the columns of named levels and vague ones, in that order.
    pub(super) fn levels(&self) -> Vec<u32> {
        [&self.named[..], &self.vague[..]].concat()
    }

    /// Leaves out a column of codes next to one of names for the same level.
    fn without_codes(&mut self, search: &Search<'_>) -> Result<(), Problem> {
        let heading = |column: u32| search.heading(column).unwrap_or_default();
        let mut by_stem: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for column in &self.named {
            by_stem.entry(stem(heading(*column))).or_default().push(*column);
        }
        for columns in by_stem.into_values().filter(|columns| columns.len() > 1) {
            let is_number = |column: u32| {
                search.values(column).iter().all(|(_, text)| text.trim().bytes().all(|byte| byte.is_ascii_digit()))
            };
            let is_dropped = |column: &u32| is_code(heading(*column)) || is_number(*column);
            let (dropped, kept): (Vec<u32>, Vec<u32>) = columns.into_iter().partition(is_dropped);
            match kept[..] {
                [_] => self.named.retain(|column| !dropped.contains(column)),
                [first, second, ..] => return Err(search.same_heading(first, second)),
                [] => return Err(search.ambiguous()),
            }
        }
        self.ranks.retain(|(column, _)| self.named.contains(column));
        Ok(())
    }
}

/// Whether a vague heading is `name`, which is a room's next to a capacity.
fn is_name(search: &Search<'_>, column: u32) -> bool {
    let folded = folded(search.heading(column).unwrap_or_default());
    folded.starts_with("名称") || folded.starts_with("name")
}
