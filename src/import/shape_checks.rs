//! Refuses tables of other shapes: turned tables, lists with a parent for each row, levels from the bottom up.

use std::collections::BTreeSet;

use crate::import::column_kinds::Known;
use crate::import::columns::Search;
use crate::import::header::{filled, has_only_headings, is_all_headings};
use crate::import::heading::{Heading, folded};
use crate::import::options::HeaderRow;
use crate::import::problem::{Problem, listed};
use crate::import::suggestion::Suggestion;
use crate::localized;
use crate::sheet::{Address, Row, Table, column_letters};

/// How many rows a turned table is looked for in.
const WITHIN: usize = 20;

/// Refuses a table with its headings down its first column.
pub(super) fn check_turned(table: &Table) -> Result<(), Problem> {
    let rows = table.rows.iter().take(WITHIN).filter(|row| filled(row) > 1);
    let firsts: Vec<_> = rows
        .clone()
        .filter_map(|row| row.cells().next().map(|(column, cell)| (row.at(column), cell.text().unwrap_or_default())))
        .collect();
    let Some((at, _)) = firsts.first() else { return Ok(()) };
    let known = |text: &str| Heading::of(text).filter(|heading| *heading != Heading::Aside).map(|_| folded(text));
    let headings: BTreeSet<String> = firsts.iter().filter_map(|(_, text)| known(text)).collect();
    let is_column = firsts.iter().all(|(first, _)| first.column == at.column);
    let is_row = rows.clone().any(is_all_headings);
    let others = rows.take(1).flat_map(|row| row.cells().skip(1)).filter_map(|(_, cell)| Heading::of(cell.text()?));
    if headings.len() < 2 || headings.len() * 2 < firsts.len() || !is_column || is_row || others.count() > 0 {
        return Ok(());
    }
    let column = column_letters(at.column);
    Err(Problem::error(
        "turned-table",
        Some(*at),
        localized!(
            "The headings run down column {column} instead of along a row",
            "表头沿 {column} 列向下排列，而不是在同一行"
        ),
        localized!(
            "Turn the table: copy it in Excel or WPS, then Paste Special, Transpose; then each row is one group",
            "请转置表格：在 Excel 或 WPS 中复制，再选择“选择性粘贴”中的“转置”，使每行对应一个分组"
        ),
    ))
}

/// Refuses to take a row of headings below the headings for data, unless another row repeats a cell of it or the user names the row of the
/// headings.
pub(super) fn check_second_row(search: &Search<'_>) -> Result<(), Problem> {
    let Some(header) = search.header.as_ref().filter(|_| search.choice.header == HeaderRow::Found) else {
        return Ok(());
    };
    let mut below = search.table.rows.iter().filter(|row| row.index > header.last);
    let Some(second) = below.next().filter(|row| has_only_headings(row)) else { return Ok(()) };
    let is_cell_of = |other: &Row| second.cells().any(|(column, cell)| other.get(column) == Some(cell));
    if header.row.cells().eq(second.cells()) || below.any(is_cell_of) {
        return Ok(());
    }
    let (first, number) = (header.row.index + 1, second.index + 1);
    Err(Problem::error(
        "second-header",
        second.cells().next().map(|(column, _)| second.at(column)),
        localized!(
            "Row {number} has headings, too, below those of row {first}",
            "第 {first} 行是表头，它下面的第 {number} 行也像是表头"
        ),
        localized!(
            "If row {number} has headings, write the headings of both rows into one; if it has groups, add --header-row {first}",
            "如果第 {number} 行也是表头，请把两行表头合并为一行；如果它是分组，请加 `--header-row {first}`"
        ),
    ))
}

/// Refuses a table whose columns are no levels from the top down.
pub(super) fn check_hierarchy(search: &Search<'_>, known: &Known) -> Result<(), Problem> {
    check_parents(search, known)?;
    check_ranks(search, known)?;
    match (&known.named[..], &known.numbered[..], &known.vague[..]) {
        ([], [], [name]) => check_outline(search, known, *name),
        _ => Ok(()),
    }
}

fn check_parents(search: &Search<'_>, known: &Known) -> Result<(), Problem> {
    let Some(column) = known.parents.first().filter(|_| known.numbered.is_empty()) else { return Ok(()) };
    let parent = search.label(*column);
    let help = known.kinds.first().map_or_else(path_help, |kind| {
        let kind = search.label(*kind);
        localized!(
            "delete column {kind}, which names levels, if the parents alone give the tree; or add a column for each level",
            "如果仅凭上级就能得到树，请删除写明级别的 {kind} 列；或者为每一级各加一列"
        )
    });
    Err(Problem::error(
        "parent-list",
        search.heading_at(*column),
        localized!("Each row names the parent of its group, in column {parent}", "每一行用 {parent} 列指明上级分组"),
        help,
    ))
}

/// Refuses a list of names with another column that gives their levels.
fn check_outline(search: &Search<'_>, known: &Known, name: u32) -> Result<(), Problem> {
    let is_level = |column: &&u32| {
        search.values(**column).iter().any(|(_, text)| matches!(Heading::of(text), Some(Heading::Named(_))))
    };
    let has_numbers = |column: &&u32| !search.values(**column).is_empty();
    let outlined = |column: &u32| *column != name && is_outlined(search, *column);
    let width = search.table.width();
    let level = known.depths.iter().find(has_numbers).or_else(|| known.kinds.iter().find(is_level)).copied();
    match level.or_else(|| (0..width).find(outlined)).or_else(|| is_indented(search, name).then_some(name)) {
        Some(column) => Err(outline(search, column, name)),
        None => Ok(()),
    }
}

/// Whether a column has numbers such as 1, 1.1, 1.1.1.
fn is_outlined(search: &Search<'_>, column: u32) -> bool {
    let values = search.values(column);
    let is_number =
        |text: &str| text.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    values.len() > 1
        && values.iter().all(|(_, text)| is_number(text.trim()))
        && values.iter().any(|(_, text)| text.contains('.'))
}

/// Whether some cells of a column begin with two or more spaces and others with none.
fn is_indented(search: &Search<'_>, column: u32) -> bool {
    let values = search.values(column);
    let indent =
        |text: &str| text.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\u{3000}' { 2 } else { 1 }).sum();
    let indents: Vec<usize> = values.iter().map(|(_, text)| indent(text)).collect();
    indents.first() == Some(&0) && indents.iter().any(|indent| *indent > 1)
}

fn outline(search: &Search<'_>, column: u32, name: u32) -> Problem {
    let (by, names) = (search.label(column), search.label(name));
    Problem::error(
        "parent-list",
        search.heading_at(column),
        localized!(
            "All groups are in column {names}, and column {by} gives their levels",
            "所有分组都在 {names} 列，层级由 {by} 列表示"
        ),
        path_help(),
    )
}

fn path_help() -> crate::i18n::Message {
    localized!(
        "`import` reads a column for each level, or whole paths such as `北京/望京/A座` in one column; add such a column and name it with --path-column",
        "`import` 读取每级一列的表格，或一列完整路径，如 `北京/望京/A座`；请添加这样的一列，并用 `--path-column` 指定"
    )
}

/// Refuses named levels that practice has the other way round, such as a floor above its building.
fn check_ranks(search: &Search<'_>, known: &Known) -> Result<(), Problem> {
    let Some((above, below)) = reversed(&known.ranks) else { return Ok(()) };
    let (upper, lower) = (search.label(above), search.label(below));
    let sorted = sorted(known);
    let all: Vec<String> = sorted.iter().map(|column| search.label(*column)).collect();
    let all = listed(&all);
    let columns = sorted.into_iter().map(|column| vec![column]).collect::<Vec<_>>();
    let command = Suggestion::of(search).within_depth(&columns);
    let at: Option<Address> = search.heading_at(below);
    let message = localized!(
        "{upper} is to the left of {lower}, as if it were above it",
        "{upper} 在 {lower} 左边，像是它的上级"
    );
    let help = localized!(
        "Name the levels from the top down ({all}): `{command}`",
        "请从顶层起指定各级（{all}）：`{command}`"
    );
    Err(Problem::error("level-order", at, message, help))
}

/// Returns the columns of the levels with those of each kind sorted by rank; a column without a rank stays in its place.
fn sorted(known: &Known) -> Vec<u32> {
    let mut ranks = known.ranks.clone();
    ranks.sort_by_key(|(column, rank)| (*rank, *column));
    let kind = |column: u32| known.ranks.iter().find(|(ranked, _)| *ranked == column).map(|(_, rank)| rank / 10);
    let mut take = |column: u32| {
        let wanted = kind(column)?;
        let at = ranks.iter().position(|(_, rank)| rank / 10 == wanted)?;
        Some(ranks.remove(at).0)
    };
    known.levels().into_iter().map(|column| take(column).unwrap_or(column)).collect()
}

/// Returns the first two columns of one kind whose ranks are reversed.
fn reversed(ranks: &[(u32, u8)]) -> Option<(u32, u32)> {
    let is_reversed = |above: u8, below: u8| above / 10 == below / 10 && above > below;
    let below = |at: usize, rank: u8| ranks[at + 1..].iter().find(|(_, below)| is_reversed(rank, *below));
    ranks.iter().enumerate().find_map(|(at, (column, rank))| Some((*column, below(at, *rank)?.0)))
}
