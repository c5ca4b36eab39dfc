//! Rows with one or more columns for each level.
//!
//! An empty cell to the left of a row's first name repeats the cell above it, as long as nothing further left has changed; merged
//! cells do so by themselves. An empty cell between two names is a level that was skipped. Columns of one level are joined last.

use crate::group::{GroupName, GroupPath};
use crate::import::entry::{Entry, Findings, Step};
use crate::import::problem::{Problem, shown};
use crate::localized;
use crate::sheet::{Address, Cell, Merge, Row, Table};

/// The columns of the levels, with how they are called.
pub(super) struct Levels<'t> {
    columns: Vec<Level<'t>>,
    /// How many columns each level has.
    widths: Vec<usize>,
    /// The columns of ids and of former paths.
    ties: Ties,
}

/// The columns that tie a row to an existing group.
#[derive(Clone, Copy)]
pub(super) struct Ties {
    pub(super) id: Option<u32>,
    pub(super) former: Option<u32>,
}

impl Ties {
    /// Whether a row has the id or the former path of an existing group.
    fn holds(self, row: &Row) -> bool {
        let is_path =
            |column: u32| row.get(column).and_then(Cell::text).is_some_and(|text| text.trim().starts_with('/'));
        self.id.is_some_and(|column| row.get(column).is_some()) || self.former.is_some_and(is_path)
    }
}

/// One column.
struct Level<'t> {
    column: u32,
    label: String,
    /// Areas of merged cells that go down this column, in order, with what their first cells hold.
    merged: Vec<(Merge, &'t Cell)>,
}

/// What a row has at a level.
#[derive(Clone)]
enum Held {
    Blank,
    Step(Step),
}

impl<'t> Levels<'t> {
    pub(super) fn new(table: &'t Table, levels: Vec<Vec<(u32, String)>>, ties: Ties) -> Self {
        let widths = levels.iter().map(Vec::len).collect();
        let level = |(column, label)| Level { column, label, merged: merged(table, column) };
        Self { columns: levels.into_iter().flatten().map(level).collect(), widths, ties }
    }

    /// Reads rows from the top down.
    pub(super) fn entries<'r>(&self, rows: impl Iterator<Item = &'r Row>, findings: &mut Findings) -> Vec<Entry> {
        let mut above: Vec<Step> = Vec::new();
        let mut entries = Vec::new();
        for row in rows {
            let Some(steps) = self.steps(row, &above, findings) else { continue };
            let former = self.ties.former.and_then(|column| GroupPath::parse(row.get(column)?.text()?.trim()).ok());
            entries.push(Entry { steps: self.joined(&steps, findings), id: findings.id(row, self.ties.id), former });
            above = steps;
        }
        entries
    }

    /// Joins the names of columns that are one level.
    fn joined(&self, steps: &[Step], findings: &mut Findings) -> Vec<Step> {
        let (mut levels, mut rest) = (Vec::new(), steps);
        for width in &self.widths {
            let (level, below) = rest.split_at((*width).min(rest.len()));
            levels.extend(joined(level, findings));
            rest = below;
        }
        levels
    }

    /// Makes the chain of a row; `None` if it has no name of its own.
    fn steps(&self, row: &Row, above: &[Step], findings: &mut Findings) -> Option<Vec<Step>> {
        let first = self.columns.iter().position(|level| row.get(level.column).is_some())?;
        let is_tied = self.ties.holds(row);
        let mut held: Vec<Held> = self.columns.iter().map(|level| level.held(row, is_tied, findings)).collect();
        for (held, above) in held[..first].iter_mut().zip(above) {
            if matches!(held, Held::Blank) {
                *held = Held::Step(above.clone());
            }
        }
        let last = held.iter().rposition(|held| matches!(held, Held::Step(_)))?;
        held.truncate(last + 1);
        self.report_skipped(row, &held, findings);
        let at = |level: usize| row.at(self.columns[level].column);
        let step = |(level, held)| match held {
            Held::Step(step) => step,
            Held::Blank => Step { name: None, at: at(level) },
        };
        Some(held.into_iter().enumerate().map(step).collect())
    }

    /// Reports the first level that a row skips.
    fn report_skipped(&self, row: &Row, held: &[Held], findings: &mut Findings) {
        let Some(blank) = held.iter().position(|held| matches!(held, Held::Blank)) else { return };
        let level = &self.columns[blank];
        let next = held[blank..].iter().find_map(|held| match held {
            Held::Step(step) => step.name.as_deref(),
            Held::Blank => None,
        });
        findings.problems.push(skipped(row.at(level.column), &level.label, next.unwrap_or_default()));
    }
}

/// Joins names with a space; `None` if there are none.
fn joined(level: &[Step], findings: &mut Findings) -> Option<Step> {
    let last = level.last()?;
    if level.len() == 1 {
        return Some(last.clone());
    }
    let names: Option<Vec<&str>> = level.iter().map(|step| step.name.as_ref().map(GroupName::as_str)).collect();
    Some(Step { name: names.and_then(|names| findings.name(&names.join(" "), last.at)), at: last.at })
}

impl Level<'_> {
    /// Reads the cell of a row; a tied row may have a placeholder as a name.
    fn held(&self, row: &Row, is_tied: bool, findings: &mut Findings) -> Held {
        let own = row.get(self.column).map(|cell| (cell, row.at(self.column)));
        let Some((cell, at)) = own.or_else(|| self.merged_into(row.index)) else { return Held::Blank };
        // A cell that many rows share is reported once: where it stands.
        let is_own = at.row == row.index;
        let mut unheard = Findings::default();
        let findings = if is_own { findings } else { &mut unheard };
        let name = findings.text(cell, at).and_then(|text| match is_tied {
            true => findings.name(text, at),
            false => findings.typed_name(text, at),
        });
        Held::Step(Step { name, at })
    }

    /// Returns the cell whose area a row of this column is merged into.
    fn merged_into(&self, row: u32) -> Option<(&Cell, Address)> {
        let before = self.merged.partition_point(|(merge, _)| merge.first.row <= row);
        let (merge, cell) = self.merged[..before].last()?;
        (row <= merge.last.row).then_some((*cell, merge.first))
    }
}

/// Returns the areas that begin in a column and go down more than one row.
fn merged(table: &Table, column: u32) -> Vec<(Merge, &Cell)> {
    let goes_down = |merge: &&Merge| merge.first.column == column && merge.last.row > merge.first.row;
    let cell = |merge: &Merge| Some((*merge, table.row(merge.first.row)?.get(column)?));
    let mut merged: Vec<_> = table.merges.iter().filter(goes_down).filter_map(cell).collect();
    merged.sort_by_key(|(merge, _)| merge.first);
    merged
}

fn skipped(at: Address, label: &str, next: &str) -> Problem {
    let (label, next) = (shown(label), shown(next));
    Problem::error(
        "skipped-level",
        Some(at),
        localized!(
            "{label} is empty, but {next} to the right of it needs one",
            "{label} 为空，但它右边的 {next} 需要上级"
        ),
        localized!(
            "Fill the cell in: an empty cell repeats the one above only while all levels to its left stay the same",
            "请填写该单元格：只有左边各级都与上一行相同时，空单元格才沿用上一行的内容"
        ),
    )
}
