//! Finds the columns of a table that have the groups.
//!
//! More than one reading is a problem, not a guess.

use crate::i18n::Message;
use crate::import::column_kinds::Known;
use crate::import::header::{Header, first_of_headings};
use crate::import::heading::Heading;
use crate::import::options::{HeaderRow, ImportOptions, Wanted};
use crate::import::parents::{self, Parents};
use crate::import::problem::{Problem, listed, shown};
use crate::import::shape_checks::{check_hierarchy, check_second_row, check_turned};
use crate::import::suggestion::Suggestion;
use crate::import::{path_check, separator, unused_columns};
use crate::localized;
use crate::sheet::{Cell, Row, Table, column_letters, column_of};

/// The columns of a table.
#[derive(Clone, Debug)]
pub(super) struct Columns<'t> {
    pub(super) header: Option<Header<'t>>,
    pub(super) shape: Shape,
    /// The ids of existing groups.
    pub(super) id: Option<u32>,
    /// The paths that the groups had when roomtree wrote the table.
    pub(super) former: Option<u32>,
    /// Whether each row is a room, so that a group is in several rows.
    pub(super) lists_rooms: bool,
}

/// How the groups are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One or more columns for each level, from the top.
    Levels(Vec<Vec<u32>>),
    /// One column of whole paths.
    Path(u32),
    /// One column of names, and one of the parents.
    Parents(Parents),
}

/// A table while its columns are looked for.
pub(super) struct Search<'t> {
    pub(super) table: &'t Table,
    pub(super) header: Option<Header<'t>>,
    pub(super) choice: &'t ImportOptions,
}

impl<'t> Columns<'t> {
    /// Finds the columns that the user names, or those with known headings.
    pub(super) fn find(table: &'t Table, choice: &'t ImportOptions) -> Result<Self, Problem> {
        if table.rows.iter().all(|row| row.cells().next().is_none()) {
            return Err(nothing());
        }
        let search = Search { table, header: Header::find(table, choice)?, choice };
        check_second_row(&search)?;
        let shape = match &choice.columns {
            Wanted::Recognized => search.recognized()?,
            Wanted::Levels(names) => Shape::Levels(search.levels(names)?),
            Wanted::Path(name) => Shape::Path(search.column(name)?),
        };
        search.check_header(&shape)?;
        let id = match &choice.id {
            Some(name) => Some(search.column(name)?),
            None => search.own_ids(&shape),
        };
        let former = id.and_then(|_| search.former(&shape));
        if choice.columns == Wanted::Recognized {
            path_check::check(&search, &shape, former.is_some())?;
        }
        let lists_rooms = search.header.iter().flat_map(Header::known).any(|(_, heading)| heading == Heading::Room);
        Ok(Self { header: search.header, shape, id, former, lists_rooms })
    }

    /// Returns how a column is called: its heading, or its letters.
    pub(super) fn label(&self, column: u32) -> String {
        let heading = self.header.as_ref().and_then(|header| header.text(column));
        heading.map_or_else(|| column_letters(column), str::to_owned)
    }

    /// Returns the columns that have groups, or the parents of groups.
    pub(super) fn used(&self) -> Vec<u32> {
        match &self.shape {
            Shape::Levels(levels) => levels.concat(),
            Shape::Path(column) => vec![*column],
            Shape::Parents(parents) => vec![parents.name, parents.parent],
        }
    }

    /// Whether a row has the id or the path of an existing group, as roomtree writes them.
    pub(super) fn is_tied(&self, row: &Row) -> bool {
        let path = match self.shape {
            Shape::Path(column) => Some(column),
            Shape::Levels(_) | Shape::Parents(_) => self.former,
        };
        let is_id = |text: &str| text.trim().bytes().all(|byte| byte.is_ascii_digit());
        let is_path = |text: &str| text.trim().starts_with('/');
        self.id.and_then(|id| row.get(id)).is_some_and(|cell| cell.text().is_none_or(is_id))
            || path.and_then(|path| row.get(path)?.text()).is_some_and(is_path)
    }
}

fn nothing() -> Problem {
    Problem::error(
        "no-rows",
        None,
        localized!("The sheet is empty", "工作表是空的"),
        localized!("Check which file and which sheet are read", "检查读取的是哪个文件、哪个工作表"),
    )
}

impl Search<'_> {
    /// Finds a column by its letters or its heading.
    fn column(&self, name: &str) -> Result<u32, Problem> {
        self.found(name)?.ok_or_else(|| self.no_column(name))
    }

    fn found(&self, name: &str) -> Result<Option<u32>, Problem> {
        if let Some(column) = column_of(name).filter(|column| *column < self.table.width()) {
            return Ok(Some(column));
        }
        match self.header.as_ref().map(|header| header.columns_of(name)).unwrap_or_default()[..] {
            [] => Ok(None),
            [one] => Ok(Some(one)),
            [first, second, ..] => Err(self.same_heading(first, second)),
        }
    }

    /// Finds the columns of each level; `A+B` names two columns whose texts become one name.
    fn levels(&self, names: &[String]) -> Result<Vec<Vec<u32>>, Problem> {
        let levels = names.iter().map(|name| self.level(name)).collect::<Result<Vec<_>, _>>()?;
        let columns = levels.concat();
        let again = columns.iter().enumerate().find(|(at, column)| columns[..*at].contains(column));
        match again {
            Some((_, column)) => Err(repeated(&self.label(*column))),
            None => Ok(levels),
        }
    }

    fn level(&self, name: &str) -> Result<Vec<u32>, Problem> {
        match self.found(name)? {
            Some(column) => Ok(vec![column]),
            None => name.split(['+', '＋']).map(|part| self.column(part.trim())).collect(),
        }
    }

    /// Takes the columns with known headings, if they can be read in one way alone.
    fn recognized(&self) -> Result<Shape, Problem> {
        check_turned(self.table)?;
        let known = Known::of(self)?;
        if let Some(shape) = parents::find(self, &known) {
            return Ok(shape);
        }
        check_hierarchy(self, &known)?;
        let levels = known.levels();
        let is_vague_last = known.vague.len() < 2 && levels.is_sorted();
        let shape = match (&known.numbered[..], &known.named[..], &known.vague[..], &known.paths[..]) {
            ([], [], [], []) => return Err(self.unknown(&known)),
            ([_, ..], [], [], _) => Shape::Levels(single(self.in_order(known.numbered.clone())?)),
            ([], [_, ..], _, _) if is_vague_last => Shape::Levels(single(levels)),
            ([], [], [one], []) => self.vague(*one)?,
            ([], [], [], [one]) => Shape::Path(*one),
            _ => return Err(self.ambiguous()),
        };
        if let Shape::Levels(levels) = &shape {
            unused_columns::check(self, &levels.concat())?;
        }
        Ok(shape)
    }

    /// Puts numbered levels in order, from 1 without a gap.
    fn in_order(&self, mut numbered: Vec<(u32, u32)>) -> Result<Vec<u32>, Problem> {
        numbered.sort_unstable();
        match (1..).zip(&numbered).find(|(wanted, (number, _))| wanted != number) {
            Some((wanted, (number, column))) => Err(self.out_of_order(wanted, *number, *column)),
            None => Ok(numbered.into_iter().map(|(_, column)| column).collect()),
        }
    }

    /// Takes a column that may have names or paths for one of names, if no cell of it looks like a path.
    fn vague(&self, column: u32) -> Result<Shape, Problem> {
        let values = self.values(column);
        match values.into_iter().find(|(_, text)| separator::is_in(text)) {
            Some((at, text)) => {
                let letters = column_letters(column);
                Err(Problem::error(
                    "ambiguous-columns",
                    Some(at),
                    localized!("{} may be a name or a path", "{} 可能是名称，也可能是路径", shown(text)),
                    localized!(
                        "Give --path-column {letters} if the column has paths, or --columns {letters} if it has names",
                        "如果该列是路径，请加 `--path-column {letters}`；如果是名称，请加 `--columns {letters}`"
                    ),
                ))
            }
            None => Ok(Shape::Levels(vec![vec![column]])),
        }
    }

    /// Refuses to take the first row for data or for headings if the user names columns by letters and no heading is known.
    fn check_header(&self, shape: &Shape) -> Result<(), Problem> {
        if self.header.is_some() || self.choice.header == HeaderRow::Absent {
            return Ok(());
        }
        let Some(row) = self.table.rows.iter().find(|row| row.cells().next().is_some()) else { return Ok(()) };
        let (number, there_is) = (row.index + 1, self.there_is());
        let command = match shape {
            Shape::Levels(levels) => Suggestion::of(self).levels(levels),
            Shape::Path(column) => Suggestion::of(self).path(*column),
            Shape::Parents(_) => return Ok(()),
        };
        Err(Problem::error(
            "no-headings",
            row.cells().next().map(|(column, _)| row.at(column)),
            localized!(
                "Row {number} has no known heading; it may be headings or data: {there_is}",
                "第 {number} 行没有能识别的表头，可能是表头，也可能是数据：{there_is}"
            ),
            localized!(
                "If it has headings: `{command} --header-row {number}`; if it is data: `{command} --header-row none`",
                "如果是表头：`{command} --header-row {number}`；如果是数据：`{command} --header-row none`"
            ),
        ))
    }

    /// Finds the ids that roomtree wrote: headed 分组 ID, or `id` in a table of its own.
    fn own_ids(&self, shape: &Shape) -> Option<u32> {
        let header = self.header.as_ref()?;
        let is_joined = matches!(shape, Shape::Levels(levels) if levels.iter().any(|columns| columns.len() > 1));
        let one = |wanted: Heading| {
            let mut columns = header.known().filter(|(_, heading)| *heading == wanted).map(|(column, _)| column);
            columns.next().filter(|_| columns.next().is_none() && !is_joined)
        };
        one(Heading::GroupId).or_else(|| one(Heading::Id).filter(|column| self.is_own(shape, *column)))
    }

    /// Whether a column headed `id` is in a table like roomtree's and does not just number the rows.
    fn is_own(&self, shape: &Shape, column: u32) -> bool {
        let known = |wanted: &dyn Fn(Heading) -> bool| {
            self.header.iter().flat_map(Header::known).any(|(_, heading)| wanted(heading))
        };
        let is_numbered = known(&|heading| matches!(heading, Heading::Numbered(_)));
        let has_path = known(&|heading| heading == Heading::Path);
        let values = self.values(column);
        let is_count = (1..).zip(&values).all(|(number, (_, text))| text.trim() == number.to_string());
        is_numbered && has_path || (is_numbered || matches!(shape, Shape::Path(_))) && !is_count
    }

    /// Finds the paths that roomtree wrote next to the levels.
    fn former(&self, shape: &Shape) -> Option<u32> {
        let is_levels = matches!(shape, Shape::Levels(levels) if levels.iter().all(|columns| columns.len() == 1));
        let mut known = self.header.as_ref()?.known();
        known.find(|(_, heading)| is_levels && *heading == Heading::Path).map(|(column, _)| column)
    }

    /// Returns the texts of a column below the headings.
    pub(super) fn values(&self, column: u32) -> Vec<(crate::sheet::Address, &str)> {
        let last = self.header.as_ref().map(|header| header.last);
        let rows = self.table.rows.iter().filter(|row| last.is_none_or(|last| row.index > last));
        rows.filter_map(|row| Some((row.at(column), row.get(column)?.text()?))).collect()
    }

    /// Returns the heading of a column.
    pub(super) fn heading(&self, column: u32) -> Option<&str> {
        self.header.as_ref()?.text(column)
    }

    /// Returns how a column is called in a message: its letters and its heading.
    pub(super) fn label(&self, column: u32) -> String {
        let letters = column_letters(column);
        self.heading(column).map_or_else(|| letters.clone(), |heading| format!("{letters} {}", shown(heading)))
    }

    /// Returns the cell of a column's heading.
    pub(super) fn heading_at(&self, column: u32) -> Option<crate::sheet::Address> {
        let header = self.header.as_ref()?;
        let at = header.cells.iter().find(|(at, _)| at.column == column).map(|(at, _)| *at);
        Some(at.unwrap_or_else(|| header.row.at(column)))
    }

    /// Lists the headings, or else the cells of the first row.
    fn there_is(&self) -> Message {
        let first = || self.table.rows.iter().find(|row| row.cells().next().is_some());
        let Some(row) = self.header.as_ref().map(|header| header.row).or_else(first) else {
            return Message::verbatim("");
        };
        if self.header.is_none() && is_foreign(row) {
            let places = row.cells().map(|(column, _)| row.at(column).to_string()).collect::<Vec<_>>();
            let places = listed(&places);
            return localized!("{places} (the text is not shown)", "{places}（不显示内容）");
        }
        listed(&cells(row))
    }

    fn unknown(&self, known: &Known) -> Problem {
        if known.has_rooms {
            return self.only_rooms();
        }
        let first = self.table.rows.iter().find(|row| row.cells().next().is_some()).map_or(0, |row| row.index) + 1;
        if let Some(second) = first_of_headings(self.table).filter(|_| self.header.is_none()) {
            return self.below_others(first, second);
        }
        let there_is = self.there_is();
        Problem::error(
            "no-columns",
            None,
            localized!(
                "No heading of a level or of paths is known here; row {first} has {there_is}",
                "没有能识别的层级或路径表头；第 {first} 行是：{there_is}"
            ),
            localized!(
                "Name the row of the headings, or none, and the columns from the top level down, as in --header-row {first} --columns A,B,C or \
                 --header-row none --columns A,B,C, or the column with whole paths: --path-column A; known headings are 一级, 二级, 三级, level 1, 城市, 园区, 楼栋, city, campus, \
                 building, 路径, path and the like",
                "指定表头所在的行（没有表头时为 `none`），并从顶层起指定各列，如 `--header-row {first} --columns A,B,C` 或 `--header-row none --columns A,B,C`；或指定写有完整路径的一列：`--path-column A`。\
                 能识别的表头有：一级、二级、三级、`level 1`、城市、园区、楼栋、`city`、`campus`、`building`、路径、`path` 等"
            ),
        )
    }

    /// The problem of headings that have another row of the table above them.
    fn below_others(&self, first: u32, second: &Row) -> Problem {
        let (number, headings) = (second.index + 1, listed(&cells(second)));
        let command = &self.choice.command;
        Problem::error(
            "second-header",
            second.cells().next().map(|(column, _)| second.at(column)),
            localized!(
                "Row {number} has headings ({headings}), but row {first} above it is neither a title nor known headings",
                "第 {number} 行是表头（{headings}），但它上面的第 {first} 行既不是标题，也不是能识别的表头"
            ),
            localized!(
                "If the groups begin below row {number}: `{command} --header-row {number}`; otherwise delete row {number}",
                "如果分组从第 {number} 行以下开始：`{command} --header-row {number}`；否则删去第 {number} 行"
            ),
        )
    }

    /// The problem of a list of rooms that names no groups.
    fn only_rooms(&self) -> Problem {
        let there_is = self.there_is();
        Problem::error(
            "no-columns",
            None,
            localized!(
                "The table lists rooms, and no column of it is known as a level of groups: {there_is}",
                "这是会议室列表，其中没有能识别的分组层级列：{there_is}"
            ),
            localized!(
                "`import` makes groups only; name the columns that have groups from the top level down, as in --columns A,B,C",
                "`import` 只创建分组；请从顶层起指定分组所在的列，如 `--columns A,B,C`"
            ),
        )
    }

    pub(super) fn ambiguous(&self) -> Problem {
        let there_is = self.there_is();
        let at = self.header.as_ref().and_then(|header| header.cells.first().map(|(at, _)| *at));
        Problem::error(
            "ambiguous-columns",
            at,
            localized!("The columns of the groups are not clear: {there_is}", "无法确定哪些列是分组：{there_is}"),
            localized!(
                "Name them from the top level down, as in --columns A,B,C, or the one with whole paths: --path-column A",
                "从顶层起指定各列，如 `--columns A,B,C`；或指定写有完整路径的一列：`--path-column A`"
            ),
        )
    }

    /// The problem of two columns for one level.
    pub(super) fn same_heading(&self, first: u32, second: u32) -> Problem {
        let (one, other) = (self.label(first), self.label(second));
        Problem::error(
            "ambiguous-columns",
            self.heading_at(second),
            localized!("Two columns have the same heading: {one} and {other}", "两列的表头相同：{one} 和 {other}"),
            localized!(
                "Name the columns by their letters from the top level down, as in --columns A,B,C",
                "用列字母从顶层起指定各列，如 `--columns A,B,C`"
            ),
        )
    }

    fn out_of_order(&self, wanted: u32, found: u32, column: u32) -> Problem {
        let message = match found < wanted {
            true if found == 0 => {
                localized!("The levels are numbered from 1, not from 0", "层级从 1 开始编号，而不是 0")
            }
            true => localized!("Level {found} has two columns", "第 {found} 级有两列"),
            false => localized!("There is no column for level {wanted}", "缺少第 {wanted} 级的列"),
        };
        let help = localized!(
            "Number the levels 1, 2, 3, or name the columns from the top level down, as in --columns A,B,C",
            "把各级依次编号为 1、2、3，或从顶层起指定各列，如 `--columns A,B,C`"
        );
        Problem::error("level-order", self.heading_at(column), message, help)
    }

    fn no_column(&self, name: &str) -> Problem {
        let (name, there_is) = (shown(name), self.there_is());
        Problem::error(
            "no-columns",
            None,
            localized!("There is no column {name}, only {there_is}", "没有列 {name}，只有 {there_is}"),
            localized!(
                "Name a column by its letters, such as B, or by its heading; --header-row gives the row of the headings",
                "用列的字母（如 B）或表头文字指定一列；`--header-row` 指定表头所在的行"
            ),
        )
    }
}

/// Whether a row may be of a file that is no table, such as one of secrets: a lone cell, `KEY=VALUE`, or JSON.
fn is_foreign(row: &Row) -> bool {
    let is_setting = |text: &str| text.contains(['=', '{']) || text.contains(": ") || text.trim().starts_with('[');
    row.cells().count() == 1 || row.cells().any(|(_, cell)| cell.text().is_some_and(is_setting))
}

fn cells(row: &Row) -> Vec<String> {
    let cell = |(column, cell): (u32, &Cell)| {
        format!("{} {}", column_letters(column), shown(cell.text().unwrap_or("?").trim()))
    };
    row.cells().map(cell).collect()
}

fn single(columns: Vec<u32>) -> Vec<Vec<u32>> {
    columns.into_iter().map(|column| vec![column]).collect()
}

fn repeated(name: &str) -> Problem {
    Problem::error(
        "no-columns",
        None,
        localized!("The column {name} is named twice", "列 {name} 指定了两次"),
        localized!("Name one column for each level", "每一级指定一列"),
    )
}
