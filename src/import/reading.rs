//! From a table to a tree.

use crate::import::choice::Choice;
use crate::import::columns::{Columns, Shape};
use crate::import::entry::{Entry, Findings};
use crate::import::levels::Levels;
use crate::import::outline::Outline;
use crate::import::paths::{Paths, Writing};
use crate::import::problem::{Problem, listed, shown};
use crate::language::Text;
use crate::manifest::{Severity, Tree};
use crate::sheet::{Address, Row, Table, column_letters};
use crate::{say, text};

/// What a table says.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// The groups; of no use if a problem is an error.
    pub tree: Tree,
    /// The cell of each group, in manifest order.
    pub cells: Vec<Address>,
    /// How many rows name a group.
    pub rows: usize,
    /// Every problem, by cell.
    pub problems: Vec<Problem>,
    /// What was found out or set right without being asked.
    pub notes: Vec<Text>,
}

impl Imported {
    /// Says whether no problem is an error.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.problems.iter().all(|problem| problem.severity != Severity::Error)
    }
}

/// Reads a table.
#[must_use]
pub fn import(table: &Table, choice: &Choice) -> Imported {
    match Columns::find(table, choice) {
        Ok(columns) => Reading { table, choice, columns }.read(),
        Err(problem) => Imported { problems: vec![problem], ..Imported::default() },
    }
}

struct Reading<'t> {
    table: &'t Table,
    choice: &'t Choice,
    columns: Columns,
}

impl Reading<'_> {
    fn read(&self) -> Imported {
        let mut findings = Findings::default();
        let (entries, writing) = self.entries(&mut findings);
        let rows = entries.len();
        let mut outline = Outline::default();
        entries.into_iter().for_each(|entry| outline.add(entry, &mut findings.problems));
        outline.report_repeated(&mut findings.problems);
        outline.report_depth(self.choice.depth, &mut findings.problems);
        if rows == 0 && findings.problems.is_empty() {
            findings.problems.push(self.no_rows());
        }
        let notes = self.notes(&findings, writing.as_ref());
        let (tree, cells) = outline.into_tree();
        findings.problems.sort_by_key(|problem| problem.at);
        Imported { tree, cells, rows, problems: findings.problems, notes }
    }

    fn entries(&self, findings: &mut Findings) -> (Vec<Entry>, Option<Writing>) {
        let rows = self.rows();
        match &self.columns.shape {
            Shape::Levels(columns) => {
                let labelled =
                    columns.iter().map(|column| (*column, self.columns.label(self.table, *column))).collect();
                let levels = Levels::new(self.table, labelled, self.columns.id);
                (levels.entries(rows.into_iter(), findings), None)
            }
            Shape::Path(column) => {
                let paths = Paths::new(self.table, *column, self.columns.id);
                let (entries, writing) = paths.entries(&rows, self.choice.separator.as_deref(), findings);
                (entries, Some(writing))
            }
        }
    }

    /// Returns the rows below the headings; headings that are repeated, as on printed pages, are no data.
    fn rows(&self) -> Vec<&Row> {
        let header = self.columns.header.and_then(|index| self.table.row(index));
        let is_heading = |row: &Row| header.is_some_and(|header| header.cells().eq(row.cells()));
        let is_data = |row: &&Row| header.is_none_or(|header| row.index > header.index) && !is_heading(row);
        self.table.rows.iter().filter(is_data).filter(|row| row.cells().next().is_some()).collect()
    }

    fn no_rows(&self) -> Problem {
        let columns: Vec<_> = self.columns.used().iter().map(|column| column_letters(*column)).collect();
        let columns = listed(&columns);
        Problem::error(
            "no-rows",
            None,
            text!("There is no group in column {columns}", "{columns} 列中没有分组"),
            text!("Check which sheet and which columns are read", "检查读取的是哪个工作表、哪些列"),
        )
    }

    fn notes(&self, findings: &Findings, writing: Option<&Writing>) -> Vec<Text> {
        let mut notes = vec![self.columns_note()];
        notes.extend(self.unused_note());
        notes.extend(writing.and_then(writing_note));
        if !findings.trimmed.is_empty() {
            let cells = listed(&findings.trimmed);
            notes.push(text!("blanks at the ends were removed in {cells}", "已去掉首尾空白：{cells}"));
        }
        notes
    }

    fn columns_note(&self) -> Text {
        let called: Vec<_> = self.columns.used().iter().map(|column| self.called(*column)).collect();
        let (called, row) = (called.join(" › "), self.columns.header.map(|row| row + 1));
        Text::of(|| match (&self.columns.shape, row) {
            (Shape::Levels(_), Some(row)) => {
                say!(format: "levels: {called}; headings in row {row}", "层级：{called}；表头在第 {row} 行")
            }
            (Shape::Levels(_), None) => say!(format: "levels: {called}; no headings", "层级：{called}；没有表头"),
            (Shape::Path(_), Some(row)) => {
                say!(format: "paths: {called}; headings in row {row}", "路径：{called}；表头在第 {row} 行")
            }
            (Shape::Path(_), None) => say!(format: "paths: {called}; no headings", "路径：{called}；没有表头"),
        })
    }

    /// Tells the columns with a heading that are not read.
    fn unused_note(&self) -> Option<Text> {
        let header = self.table.row(self.columns.header?)?;
        let is_used = |column: &u32| self.columns.used().contains(column) || self.columns.id == Some(*column);
        let unused = header.cells().map(|(column, _)| column).filter(|column| !is_used(column));
        let unused: Vec<_> = unused.map(|column| self.called(column)).collect();
        let list = listed(&unused);
        (!unused.is_empty()).then(|| text!("not read: {list}", "未读取：{list}"))
    }

    fn called(&self, column: u32) -> String {
        let (letters, label) = (column_letters(column), self.columns.label(self.table, column));
        if letters == label { letters } else { format!("{letters} {}", shown(&label)) }
    }
}

fn writing_note(writing: &Writing) -> Option<Text> {
    match writing {
        Writing::Single => None,
        Writing::Parted(separator) => Some(text!("paths are parted at `{separator}`", "路径以 `{separator}` 分隔")),
        Writing::Pointer => Some(text!(
            "paths are read as roomtree writes them: `~1` is a `/` within a name",
            "按 roomtree 的写法读取路径：`~1` 表示名称中的 `/`"
        )),
    }
}
