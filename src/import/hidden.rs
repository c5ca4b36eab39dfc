//! Reports rows, columns and areas of a sheet that are hidden: they are read, though Excel does not show them.

use crate::i18n::Message;
use crate::import::problem::{Problem, listed};
use crate::localized;
use crate::sheet::{Row, Table, column_letters};

/// Warns of hidden rows among those that are read.
pub(super) fn rows(table: &Table, rows: &[&Row]) -> Option<Problem> {
    let is_hidden = |row: &&&Row| table.hidden.rows.binary_search(&row.index).is_ok();
    let hidden: Vec<&Row> = rows.iter().filter(is_hidden).copied().collect();
    let first = hidden.first()?;
    let numbers: Vec<u64> = hidden.iter().map(|row| u64::from(row.index) + 1).collect();
    let numbers = listed(&numbers);
    let message = match table.hidden.is_filtered {
        true => localized!(
            "Hidden rows are read, too; a filter hides rows of this sheet: {numbers}",
            "隐藏的行也已读取（工作表设有筛选）：{numbers}"
        ),
        false => localized!("Hidden rows are read, too: {numbers}", "隐藏的行也已读取：{numbers}"),
    };
    Some(Problem::warning(
        "hidden-rows",
        first.cells().next().map(|(column, _)| first.at(column)),
        message,
        localized!(
            "Delete the rows if their groups are not meant; otherwise show them or clear the filter",
            "如果不需要其中的分组，请删除这些行；否则取消隐藏或清除筛选"
        ),
    ))
}

/// Returns a note on hidden columns that hold something.
pub(super) fn columns(table: &Table) -> Option<Message> {
    let holds = |column: &&u32| table.rows.iter().any(|row| row.get(**column).is_some());
    let hidden: Vec<String> = table.hidden.columns.iter().filter(holds).map(|column| column_letters(*column)).collect();
    let list = listed(&hidden);
    (!hidden.is_empty()).then(|| localized!("hidden columns: {list}", "隐藏的列：{list}"))
}
