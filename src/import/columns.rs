//! Which columns of a table have the groups, and where its headings are.
//!
//! Headings are looked for in the first rows, since a title may stand above them. More than one reading is a problem, not a guess.

use crate::import::choice::{Choice, HeaderRow, Wanted};
use crate::import::heading::Heading;
use crate::import::problem::{Problem, listed, shown};
use crate::import::separator;
use crate::language::Text;
use crate::sheet::{Cell, Row, Table, column_letters, column_of};
use crate::text;

/// How many rows that hold something headings are looked for in.
const HEADER_WITHIN: usize = 20;

/// Where everything is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    /// The row of the headings.
    pub(super) header: Option<u32>,
    pub(super) shape: Shape,
    pub(super) id: Option<u32>,
}

/// How the groups are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One column for each level, from the top.
    Levels(Vec<u32>),
    /// One column of whole paths.
    Path(u32),
}

/// Columns by what their headings say, from the left.
#[derive(Default)]
struct Recognized {
    numbered: Vec<(u32, u32)>,
    named: Vec<u32>,
    vague: Vec<u32>,
    paths: Vec<u32>,
}

/// A table while its columns are looked for.
struct Search<'t> {
    table: &'t Table,
    header: Option<&'t Row>,
}

impl Columns {
    /// Finds the columns that were asked for, or that are known by their headings.
    pub(super) fn find(table: &Table, choice: &Choice) -> Result<Self, Problem> {
        if table.rows.iter().all(|row| row.cells().next().is_none()) {
            return Err(nothing());
        }
        let search = Search { table, header: header(table, choice)? };
        let id = choice.id.as_deref().map(|name| search.column(name)).transpose()?;
        let shape = match &choice.columns {
            Wanted::Recognized => search.recognized()?,
            Wanted::Levels(names) => Shape::Levels(search.levels(names)?),
            Wanted::Path(name) => Shape::Path(search.column(name)?),
        };
        Ok(Self { header: search.header.map(|row| row.index), shape, id })
    }

    /// Returns how a column is called: its heading, or its letters.
    pub(super) fn label(&self, table: &Table, column: u32) -> String {
        let heading = self.header.and_then(|row| table.row(row)?.get(column)?.text());
        heading.map_or_else(|| column_letters(column), |text| text.trim().to_owned())
    }

    /// Returns the columns that have groups.
    pub(super) fn used(&self) -> &[u32] {
        match &self.shape {
            Shape::Levels(columns) => columns,
            Shape::Path(column) => std::slice::from_ref(column),
        }
    }
}

/// Finds the row of the headings.
fn header<'t>(table: &'t Table, choice: &Choice) -> Result<Option<&'t Row>, Problem> {
    match choice.header {
        HeaderRow::Absent => Ok(None),
        HeaderRow::At(index) => table.row(index).map(Some).ok_or_else(|| empty_header(index)),
        HeaderRow::Found => Ok(found(table, &headings(choice, table.width()))),
    }
}

/// Returns the headings among the names that were given: those that are no letters of a column.
fn headings(choice: &Choice, width: u32) -> Vec<&str> {
    let columns: &[String] = match &choice.columns {
        Wanted::Recognized => &[],
        Wanted::Levels(names) => names,
        Wanted::Path(name) => std::slice::from_ref(name),
    };
    let all = columns.iter().chain(&choice.id).map(String::as_str);
    all.filter(|name| column_of(name).is_none_or(|column| column >= width)).collect()
}

/// Finds the first row that has all these headings, or else the one that has most known ones.
fn found<'t>(table: &'t Table, headings: &[&str]) -> Option<&'t Row> {
    let first = &table.rows[..table.rows.len().min(HEADER_WITHIN)];
    let has_all = |row: &&Row| headings.iter().all(|heading| in_row(row, heading).is_some());
    if !headings.is_empty() {
        return first.iter().find(has_all).or_else(|| first.iter().rev().max_by_key(|row| weight(row)));
    }
    first.iter().rev().max_by_key(|row| weight(row)).filter(|row| weight(row) > 0)
}

fn weight(row: &Row) -> u32 {
    row.cells().filter_map(|(_, cell)| Heading::of(cell.text()?)).map(Heading::weight).sum()
}

fn in_row(row: &Row, heading: &str) -> Option<u32> {
    let is_it = |text: &str| text.trim().to_lowercase() == heading.trim().to_lowercase();
    row.cells().find(|(_, cell)| cell.text().is_some_and(is_it)).map(|(column, _)| column)
}

fn nothing() -> Problem {
    Problem::error(
        "no-rows",
        None,
        text!("There is nothing in it", "里面没有内容"),
        text!("Check which file and which sheet are read", "检查读取的是哪个文件、哪个工作表"),
    )
}

impl Search<'_> {
    /// Finds a column by its letters or its heading.
    fn column(&self, name: &str) -> Result<u32, Problem> {
        let by_letters = column_of(name).filter(|column| *column < self.table.width());
        let by_heading = || self.header.and_then(|row| in_row(row, name));
        by_letters.or_else(by_heading).ok_or_else(|| self.no_column(name))
    }

    fn levels(&self, names: &[String]) -> Result<Vec<u32>, Problem> {
        let columns = names.iter().map(|name| self.column(name)).collect::<Result<Vec<_>, _>>()?;
        let again = columns.iter().enumerate().find(|(at, column)| columns[..*at].contains(column));
        match again {
            Some((at, _)) => Err(repeated(&names[at])),
            None => Ok(columns),
        }
    }

    /// Takes the columns whose headings are known, if they can be read in one way alone.
    fn recognized(&self) -> Result<Shape, Problem> {
        let known = self.header.map(known).unwrap_or_default();
        let levels = [&known.named[..], &known.vague[..]].concat();
        let is_vague_last = known.vague.len() < 2 && levels.is_sorted();
        match (&known.numbered[..], &known.named[..], &known.vague[..], &known.paths[..]) {
            ([], [], [], []) => Err(self.unknown()),
            ([_, ..], [], [], _) => self.in_order(known.numbered).map(Shape::Levels),
            ([], [_, ..], _, _) if is_vague_last => Ok(Shape::Levels(levels)),
            ([], [], [one], []) => self.vague(*one),
            ([], [], [], [one]) => Ok(Shape::Path(*one)),
            _ => Err(self.ambiguous()),
        }
    }

    /// Puts numbered levels in order, from 1 without a gap.
    fn in_order(&self, mut numbered: Vec<(u32, u32)>) -> Result<Vec<u32>, Problem> {
        numbered.sort_unstable();
        match (1..).zip(&numbered).find(|(wanted, (number, _))| wanted != number) {
            Some((wanted, (number, column))) => Err(self.out_of_order(wanted, *number, *column)),
            None => Ok(numbered.into_iter().map(|(_, column)| column).collect()),
        }
    }

    /// Takes a column that may have names or paths for one of names, if nothing in it looks like a path.
    fn vague(&self, column: u32) -> Result<Shape, Problem> {
        let rows = self.table.rows.iter().filter(|row| self.header.is_none_or(|header| row.index > header.index));
        let values = rows.filter_map(|row| Some((row.at(column), row.get(column)?.text()?)));
        match values.into_iter().find(|(_, text)| separator::is_in(text)) {
            Some((at, text)) => {
                let letters = column_letters(column);
                Err(Problem::error(
                    "ambiguous-columns",
                    Some(at),
                    text!("{} may be a name or a path", "{} 可能是名称，也可能是路径", shown(text)),
                    text!(
                        "Give --path-column {letters} if the column has paths, or --columns {letters} if it has names",
                        "如果该列是路径，请加 `--path-column {letters}`；如果是名称，请加 `--columns {letters}`"
                    ),
                ))
            }
            None => Ok(Shape::Levels(vec![column])),
        }
    }

    /// Lists the headings, or else what is in the first row.
    fn there_is(&self) -> Text {
        let Some(row) = self.header.or(self.table.rows.first()) else { return Text::verbatim("") };
        let cell = |(column, cell): (u32, &Cell)| {
            format!("{} {}", column_letters(column), shown(cell.text().unwrap_or("?").trim()))
        };
        listed(&row.cells().map(cell).collect::<Vec<_>>())
    }

    fn unknown(&self) -> Problem {
        let first = self.table.rows.first().map_or(0, |row| row.index) + 1;
        let there_is = self.there_is();
        Problem::error(
            "no-columns",
            None,
            text!(
                "No heading of a level or of paths is known here; row {first} has {there_is}",
                "没有能识别的层级或路径表头；第 {first} 行是：{there_is}"
            ),
            text!(
                "Name the columns from the top level down, as in --columns A,B,C, or the one with whole paths: --path-column A; \
                 known headings are 一级, 二级, 三级, level 1, 城市, 园区, 楼栋, city, campus, building, 路径, path and the like",
                "从顶层起指定各列，如 `--columns A,B,C`；或指定写有完整路径的一列：`--path-column A`。\
                 能识别的表头有：一级、二级、三级、`level 1`、城市、园区、楼栋、`city`、`campus`、`building`、路径、`path` 等"
            ),
        )
    }

    fn ambiguous(&self) -> Problem {
        let there_is = self.there_is();
        let at = self.header.and_then(|row| row.cells().next().map(|(column, _)| row.at(column)));
        Problem::error(
            "ambiguous-columns",
            at,
            text!("Which columns have the groups is not clear: {there_is}", "无法确定哪些列是分组：{there_is}"),
            text!(
                "Name them from the top level down, as in --columns A,B,C, or the one with whole paths: --path-column A",
                "从顶层起指定各列，如 `--columns A,B,C`；或指定写有完整路径的一列：`--path-column A`"
            ),
        )
    }

    fn out_of_order(&self, wanted: u32, found: u32, column: u32) -> Problem {
        let at = self.header.map(|row| row.at(column));
        let message = match found < wanted {
            true => text!("Level {found} has two columns", "第 {found} 级有两列"),
            false => text!("There is no column for level {wanted}", "缺少第 {wanted} 级的列"),
        };
        let help = text!(
            "Number the levels 1, 2, 3, or name the columns from the top level down, as in --columns A,B,C",
            "把各级依次编号为 1、2、3，或从顶层起指定各列，如 `--columns A,B,C`"
        );
        Problem::error("level-order", at, message, help)
    }

    fn no_column(&self, name: &str) -> Problem {
        let (name, there_is) = (shown(name), self.there_is());
        Problem::error(
            "no-columns",
            None,
            text!("There is no column {name}, only {there_is}", "没有列 {name}，只有 {there_is}"),
            text!(
                "Name a column by its letters, such as B, or by its heading; --header-row says where the headings are",
                "用列的字母（如 B）或表头文字指定一列；`--header-row` 说明表头在第几行"
            ),
        )
    }
}

fn known(header: &Row) -> Recognized {
    let mut known = Recognized::default();
    for (column, cell) in header.cells() {
        match cell.text().and_then(Heading::of) {
            Some(Heading::Numbered(number)) => known.numbered.push((number, column)),
            Some(Heading::Named) => known.named.push(column),
            Some(Heading::Vague) => known.vague.push(column),
            Some(Heading::Path) => known.paths.push(column),
            None => {}
        }
    }
    known
}

fn empty_header(index: u32) -> Problem {
    let number = index + 1;
    Problem::error(
        "no-columns",
        None,
        text!("Row {number} holds nothing, so it has no headings", "第 {number} 行是空的，没有表头"),
        text!("Give the row of the headings, counted from 1", "请给出表头所在的行号，从 1 数起"),
    )
}

fn repeated(name: &str) -> Problem {
    Problem::error(
        "no-columns",
        None,
        text!("The column {} is named twice", "列 {} 指定了两次", shown(name)),
        text!("Name one column for each level", "每一级指定一列"),
    )
}
