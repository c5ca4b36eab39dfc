//! Reads a table to a tree.

use crate::i18n::Message;
use crate::import::columns::{Columns, Shape};
use crate::import::entry::{Entry, Findings};
use crate::import::hidden;
use crate::import::levels::{Levels, Ties};
use crate::import::options::ImportOptions;
use crate::import::outline::Outline;
use crate::import::parents::Parents;
use crate::import::paths::{Paths, Writing};
use crate::import::problem::{Problem, listed, shown};
use crate::import::renames;
use crate::import::skipped_rows::{LeftOut, parted};
use crate::import::suggestion::Suggestion;
use crate::manifest::{Severity, Tree};
use crate::sheet::{Address, Row, Table, column_letters};
use crate::{localized, tr};

/// The result of reading a table.
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
    /// What was found out or corrected without being asked.
    pub notes: Vec<Message>,
}

impl Imported {
    /// Whether no problem is an error.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.problems.iter().all(|problem| problem.severity != Severity::Error)
    }
}

/// Reads a table.
#[must_use]
pub fn import(table: &Table, choice: &ImportOptions) -> Imported {
    match Columns::find(table, choice) {
        Ok(columns) => Reading { table, choice, columns }.read(),
        Err(problem) => Imported { problems: vec![problem], ..Imported::default() },
    }
}

struct Reading<'t> {
    table: &'t Table,
    choice: &'t ImportOptions,
    columns: Columns<'t>,
}

impl Reading<'_> {
    fn read(&self) -> Imported {
        let mut findings = Findings::default();
        let (rows, mut left_out) = parted(self.below(), &self.columns, self.table);
        findings.problems.append(&mut left_out.problems);
        findings.problems.extend(hidden::rows(self.table, &rows));
        let (mut entries, writing) = self.entries(&rows, &mut findings);
        let count = entries.len();
        let renamed = renames::follow(&mut entries);
        let mut outline = Outline::default();
        entries.into_iter().for_each(|entry| outline.add(entry, &mut findings.problems));
        if !self.columns.lists_rooms {
            outline.report_repeated(&mut findings.problems);
        }
        outline.report_depth(self.choice.depth, self.joined().as_deref(), &mut findings.problems);
        if count == 0 && findings.problems.is_empty() {
            findings.problems.push(self.no_rows());
        }
        let notes = self.notes(&findings, writing.as_ref(), &left_out, renamed);
        let (tree, cells) = outline.into_tree();
        findings.problems.sort_by_key(|problem| problem.at);
        Imported { tree, cells, rows: count, problems: findings.problems, notes }
    }

    fn entries(&self, rows: &[&Row], findings: &mut Findings) -> (Vec<Entry>, Option<Writing>) {
        match &self.columns.shape {
            Shape::Levels(levels) => {
                let label = |column: &u32| (*column, self.columns.label(*column));
                let labelled = levels.iter().map(|columns| columns.iter().map(label).collect()).collect();
                let ties = Ties { id: self.columns.id, former: self.columns.former };
                (Levels::new(self.table, labelled, ties).entries(rows.iter().copied(), findings), None)
            }
            Shape::Path(column) => {
                let paths = Paths::new(self.table, *column, self.columns.id);
                let (entries, writing) = paths.entries(rows, self.choice.separator.as_deref(), findings);
                (entries, Some(writing))
            }
            Shape::Parents(parents) => (parents.entries(rows, self.columns.id, findings), None),
        }
    }

    /// Returns the rows below the headings.
    fn below(&self) -> Vec<&Row> {
        let last = self.columns.header.as_ref().map(|header| header.last);
        let is_data = |row: &&Row| last.is_none_or(|last| row.index > last);
        self.table.rows.iter().filter(is_data).filter(|row| row.cells().next().is_some()).collect()
    }

    /// Returns the command that joins the lowest levels of a table that has too many.
    fn joined(&self) -> Option<String> {
        let Shape::Levels(levels) = &self.columns.shape else { return None };
        let suggestion = Suggestion::new(&self.choice.command, self.columns.header.as_ref(), self.choice.depth);
        Some(suggestion.within_depth(levels))
    }

    fn no_rows(&self) -> Problem {
        let columns: Vec<_> = self.columns.used().iter().map(|column| column_letters(*column)).collect();
        let columns = listed(&columns);
        Problem::error(
            "no-rows",
            None,
            localized!("There is no group in column {columns}", "{columns} 列中没有分组"),
            localized!("Check which sheet and which columns are read", "检查读取的是哪个工作表、哪些列"),
        )
    }

    fn notes(
        &self,
        findings: &Findings,
        writing: Option<&Writing>,
        left_out: &LeftOut,
        renamed: Option<Message>,
    ) -> Vec<Message> {
        let mut notes = vec![self.columns_note()];
        notes.extend(self.id_note());
        notes.extend(self.unused_note());
        notes.extend(
            self.columns
                .lists_rooms
                .then(|| localized!("rooms are not imported, only their groups", "不导入会议室，只导入其所在分组")),
        );
        notes.extend(hidden::columns(self.table));
        notes.extend(writing.and_then(writing_note));
        notes.extend(left_out.notes());
        notes.extend(renamed);
        if !findings.trimmed.is_empty() {
            let cells = listed(&findings.trimmed);
            notes.push(localized!("spaces at the ends were removed in {cells}", "已去掉首尾空格：{cells}"));
        }
        notes
    }

    fn columns_note(&self) -> Message {
        if let Shape::Parents(parents) = &self.columns.shape {
            return self.parents_note(*parents);
        }
        let (called, rows) = (self.levels(), self.header_rows());
        Message::of(|| match (&self.columns.shape, &rows) {
            (Shape::Levels(_), Some(rows)) => {
                tr!(format: "levels: {called}; headings in row {rows}", "层级：{called}；表头在第 {rows} 行")
            }
            (Shape::Levels(_), None) => tr!(format: "levels: {called}; no headings", "层级：{called}；没有表头"),
            (Shape::Path(_) | Shape::Parents(_), Some(rows)) => {
                tr!(format: "paths: {called}; headings in row {rows}", "路径：{called}；表头在第 {rows} 行")
            }
            (Shape::Path(_) | Shape::Parents(_), None) => {
                tr!(format: "paths: {called}; no headings", "路径：{called}；没有表头")
            }
        })
    }

    fn levels(&self) -> String {
        let call = |columns: &[u32]| columns.iter().map(|column| self.called(*column)).collect::<Vec<_>>().join(" + ");
        match &self.columns.shape {
            Shape::Levels(levels) => levels.iter().map(|columns| call(columns)).collect::<Vec<_>>().join(" › "),
            Shape::Path(column) => call(&[*column]),
            Shape::Parents(parents) => call(&[parents.name]),
        }
    }

    fn parents_note(&self, parents: Parents) -> Message {
        let (name, parent) = (self.called(parents.name), self.called(parents.parent));
        let (key, rows) = (self.called(parents.key), self.header_rows().unwrap_or_default());
        localized!(
            "groups: {name}; parents: {parent}, found in {key}; headings in row {rows}",
            "分组：{name}；上级：{parent}，对应 {key}；表头在第 {rows} 行"
        )
    }

    fn header_rows(&self) -> Option<String> {
        let header = self.columns.header.as_ref()?;
        let (first, last) = (u64::from(header.row.index) + 1, u64::from(header.last) + 1);
        Some(if first == last { first.to_string() } else { format!("{first}–{last}") })
    }

    fn id_note(&self) -> Option<Message> {
        let called = self.called(self.columns.id.filter(|_| self.choice.id.is_none())?);
        Some(localized!("ids of existing groups: {called}", "已有分组的 ID：{called}"))
    }

    /// Lists the columns that are not read.
    fn unused_note(&self) -> Option<Message> {
        let used = self.columns.used();
        let tied = match &self.columns.shape {
            Shape::Parents(parents) => vec![parents.key],
            _ => Vec::new(),
        };
        let is_used = |column: &u32| {
            used.contains(column)
                || tied.contains(column)
                || self.columns.id == Some(*column)
                || self.columns.former == Some(*column)
        };
        let header = self.columns.header.as_ref()?;
        let below = self.below();
        let is_filled =
            |column: &u32| header.text(*column).is_some() || below.iter().any(|row| row.get(*column).is_some());
        let unused = (0..self.table.width()).filter(|column| !is_used(column)).filter(is_filled);
        let unused: Vec<_> = unused.map(|column| self.called(column)).collect();
        let list = listed(&unused);
        (!unused.is_empty()).then(|| localized!("not read: {list}", "未读取：{list}"))
    }

    fn called(&self, column: u32) -> String {
        let (letters, label) = (column_letters(column), self.columns.label(column));
        if letters == label { letters } else { format!("{letters} {}", shown(&label)) }
    }
}

fn writing_note(writing: &Writing) -> Option<Message> {
    match writing {
        Writing::Single => None,
        Writing::Parted(separator) => {
            Some(localized!("paths are separated at `{separator}`", "路径以 `{separator}` 分隔"))
        }
        Writing::Pointer => Some(localized!(
            "paths are read as roomtree writes them: `~1` is a `/` within a name",
            "按 roomtree 的写法读取路径：`~1` 表示名称中的 `/`"
        )),
    }
}
