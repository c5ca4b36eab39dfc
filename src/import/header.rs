//! Finds the rows of headings, and the heading of each column.
//!
//! Headings may be below a title and may take two rows. A row with another table row above it is data: it is never taken for
//! headings, since the rows above it would be lost.

use crate::import::heading::{Heading, is_same};
use crate::import::options::{HeaderRow, ImportOptions, Wanted};
use crate::import::problem::Problem;
use crate::import::skipped_rows::is_note;
use crate::localized;
use crate::sheet::{Address, Cell, Merge, Row, Table, column_of};

/// How many rows that hold something headings are looked for in.
const WITHIN: usize = 20;
/// The most rows of headings below the main one.
const MOST_BELOW: u32 = 2;

/// The headings of a table.
#[derive(Clone, Debug)]
pub(super) struct Header<'t> {
    /// The row that has most of them.
    pub(super) row: &'t Row,
    /// The last row of headings.
    pub(super) last: u32,
    /// The heading of each column that has one, from the left.
    pub(super) cells: Vec<(Address, &'t str)>,
}

impl<'t> Header<'t> {
    /// Finds the headings: where the user says, or where known or named ones are.
    pub(super) fn find(table: &'t Table, choice: &ImportOptions) -> Result<Option<Self>, Problem> {
        let row = match choice.header {
            HeaderRow::Absent => None,
            HeaderRow::At(index) => Some(table.row(index).ok_or_else(|| empty(index))?),
            HeaderRow::Found => found(table, &named(choice, table.width())),
        };
        Ok(row.map(|row| Self::of(table, row)))
    }

    fn of(table: &'t Table, row: &'t Row) -> Self {
        let below: Vec<&Row> = below(table, row);
        let above = row.index.checked_sub(1).and_then(|index| table.row(index)).filter(|above| filled(above) > 1);
        let last = below.last().map_or(row.index, |row| row.index);
        let rows: Vec<&Row> = std::iter::once(row).chain(below).chain(above).collect();
        let cells = (0..table.width()).filter_map(|column| heading(&rows, column)).collect();
        Self { row, last, cells }
    }

    /// Returns the heading of a column.
    pub(super) fn text(&self, column: u32) -> Option<&'t str> {
        self.cells.iter().find(|(at, _)| at.column == column).map(|(_, text)| *text)
    }

    /// Walks the headings that are known, with their columns.
    pub(super) fn known(&self) -> impl Iterator<Item = (u32, Heading)> {
        self.cells.iter().filter_map(|(at, text)| Some((at.column, Heading::of(text)?)))
    }

    /// Returns the columns with a heading.
    pub(super) fn columns_of(&self, heading: &str) -> Vec<u32> {
        let same = self.cells.iter().filter(|(_, text)| is_same(text, heading));
        same.map(|(at, _)| at.column).collect()
    }
}

/// Returns the heading of a column: that of the main row, or else one below or above it.
fn heading<'t>(rows: &[&'t Row], column: u32) -> Option<(Address, &'t str)> {
    let cell = |row: &&'t Row| Some((row.at(column), row.get(column)?.text()?.trim()));
    let cells: Vec<_> = rows.iter().filter_map(cell).collect();
    cells.iter().find(|(_, text)| Heading::of(text).is_some()).or(cells.first()).copied()
}

/// Returns the rows below the main row that are headings, too: those it is merged into, and a second row of known headings.
fn below<'t>(table: &'t Table, row: &Row) -> Vec<&'t Row> {
    let is_in = |merge: &Merge| merge.first.row == row.index && row.get(merge.first.column).is_some();
    let merged = table.merges.iter().filter(|merge| is_in(merge)).map(|merge| merge.last.row).max().unwrap_or(0);
    let is_below = |next: &Row| next.index <= merged || is_all_headings(next) && is_translated(row, next);
    let next = |index: &u32| table.row(*index).filter(|next| is_below(next));
    let indices = row.index.saturating_add(1)..=row.index.saturating_add(MOST_BELOW);
    indices.map_while(|index| next(&index)).collect()
}

/// Whether a row below headings has no group: it has a heading that the upper row lacks, or means the same in each column.
fn is_translated(upper: &Row, lower: &Row) -> bool {
    let heading = |row: &Row, column: u32| Heading::of(row.get(column)?.text()?);
    let pairs = || lower.cells().map(|(column, _)| (heading(upper, column), heading(lower, column)));
    pairs().any(|(above, _)| above.is_none()) || pairs().all(|(above, below)| above == below)
}

/// Whether a row has nothing but known headings, several of them, and one of a level.
pub(super) fn is_all_headings(row: &Row) -> bool {
    let headings = row.cells().map(|(_, cell)| Heading::of(cell.text()?));
    let is_level = |heading: &Heading| matches!(heading, Heading::Numbered(_) | Heading::Named(_) | Heading::Place);
    let known: Vec<Heading> = headings.map_while(|heading| heading).collect();
    known.len() > 1 && known.len() == filled(row) && known.iter().any(is_level)
}

/// Whether a row has nothing but known headings of any kind, and several of them.
pub(super) fn has_only_headings(row: &Row) -> bool {
    filled(row) > 1 && row.cells().all(|(_, cell)| cell.text().is_some_and(|text| Heading::of(text).is_some()))
}

/// Returns the first row of a table that has nothing but known headings.
pub(super) fn first_of_headings(table: &Table) -> Option<&Row> {
    table.rows.iter().take(WITHIN).find(|row| is_all_headings(row))
}

/// Returns the headings among the names that were given: those that are no letters of a column.
fn named(choice: &ImportOptions, width: u32) -> Vec<&str> {
    let columns: &[String] = match &choice.columns {
        Wanted::Recognized => &[],
        Wanted::Levels(names) => names,
        Wanted::Path(name) => std::slice::from_ref(name),
    };
    let all = columns.iter().chain(&choice.id).map(String::as_str);
    all.filter(|name| column_of(name).is_none_or(|column| column >= width)).collect()
}

/// Finds the first row that has all these headings, or else the one that has most known ones and may be a row of headings.
fn found<'t>(table: &'t Table, named: &[&str]) -> Option<&'t Row> {
    let first = &table.rows[..table.rows.len().min(WITHIN)];
    let has =
        |row: &Row, heading: &str| row.cells().any(|(_, cell)| cell.text().is_some_and(|text| is_same(text, heading)));
    let has_all = |row: &&Row| !named.is_empty() && named.iter().all(|heading| has(row, heading));
    let likeliest = || first.iter().rev().max_by_key(|row| weight(row)).filter(|row| weight(row) > 0);
    first.iter().find(has_all).or_else(|| likeliest().filter(|row| has_only_titles_above(table, row)))
}

fn weight(row: &Row) -> u32 {
    row.cells().filter_map(|(_, cell)| Heading::of(cell.text()?)).map(Heading::weight).sum()
}

fn has_only_titles_above(table: &Table, row: &Row) -> bool {
    table.rows.iter().take_while(|above| above.index < row.index).all(|above| is_title(table, above, row))
}

/// Whether a row above another one is a title or a note, not a row of the same table.
fn is_title(table: &Table, above: &Row, row: &Row) -> bool {
    let is_wide = |at: Address| table.merges.iter().any(|merge| merge.first == at && merge.last.column > at.column);
    let is_cell = |column: u32| row.get(column).is_some() && !is_wide(above.at(column));
    let shared = above.cells().filter(|(column, _)| is_cell(*column)).count();
    let is_note = || above.cells().all(|(_, cell)| cell.text().is_some_and(is_note));
    filled(above) < 2 || shared * 2 < filled(row) || is_note() || is_upper(above, row)
}

/// Whether a row has headings above those of the next row: known ones, each over one or more columns of it.
fn is_upper(above: &Row, row: &Row) -> bool {
    let is_heading = |(column, cell): (u32, &Cell)| {
        row.get(column).is_some() && cell.text().is_some_and(|text| Heading::of(text).is_some())
    };
    above.index + 1 == row.index && is_all_headings(row) && filled(above) < filled(row) && above.cells().all(is_heading)
}

pub(super) fn filled(row: &Row) -> usize {
    row.cells().count()
}

fn empty(index: u32) -> Problem {
    let number = index + 1;
    Problem::error(
        "no-columns",
        None,
        localized!("Row {number} is empty, so it has no headings", "第 {number} 行是空的，没有表头"),
        localized!("Give the row of the headings, counted from 1", "请给出表头所在的行号，从 1 数起"),
    )
}
