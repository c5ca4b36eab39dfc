//! Compares the columns of levels with a column of paths in the same table, and refuses the table if they differ.
//!
//! Otherwise one of the two would be dropped without a word. In a table that roomtree wrote, the path of a row is the one before an edit,
//! so that only a path with more levels than the table has columns is refused there.

use crate::group::GroupPath;
use crate::import::columns::{Search, Shape};
use crate::import::heading::Heading;
use crate::import::problem::{Problem, listed, shown};
use crate::import::separator;
use crate::import::suggestion::Suggestion;
use crate::localized;
use crate::sheet::Row;

/// Checks every column of paths next to levels.
pub(super) fn check(search: &Search<'_>, shape: &Shape, is_former: bool) -> Result<(), Problem> {
    let Shape::Levels(levels) = shape else { return Ok(()) };
    let columns = search.header.iter().flat_map(|header| header.known());
    let paths: Vec<u32> = columns.filter(|(_, heading)| *heading == Heading::Path).map(|(column, _)| column).collect();
    paths.into_iter().try_for_each(|path| check_column(search, levels, path, is_former))
}

fn check_column(search: &Search<'_>, levels: &[Vec<u32>], path: u32, is_former: bool) -> Result<(), Problem> {
    for (at, text) in search.values(path) {
        let own = search.table.row(at.row).and_then(|row| lowest(row, &levels.concat()));
        let is_deeper = depth(text) > levels.len();
        let is_other = !is_former && own.is_none_or(|name| !ends_with(text, name));
        if is_deeper || is_other {
            let (paths, path_command) = (search.label(path), Suggestion::of(search).path(path));
            let labels: Vec<String> = levels.concat().iter().map(|column| search.label(*column)).collect();
            let (labels, text) = (listed(&labels), shown(text.trim()));
            let level_command = Suggestion::of(search).levels(levels);
            return Err(Problem::error(
                "ambiguous-columns",
                Some(at),
                localized!(
                    "The path {text} in column {paths} differs from the levels in {labels}",
                    "{paths} 列的路径 {text} 与 {labels} 列的层级不一致"
                ),
                localized!(
                    "If the paths are right: `{path_command}`; if the levels are: `{level_command}`",
                    "如果以路径为准：`{path_command}`；如果以层级为准：`{level_command}`"
                ),
            ));
        }
    }
    Ok(())
}

/// Returns the name of the lowest level that a row has.
fn lowest<'r>(row: &'r Row, levels: &[u32]) -> Option<&'r str> {
    levels.iter().rev().find_map(|column| row.get(*column)?.text()).map(str::trim)
}

fn depth(path: &str) -> usize {
    let path = path.trim();
    match pointer(path) {
        Some(pointer) => pointer.names().count(),
        None => separator::parts(path),
    }
}

fn ends_with(path: &str, name: &str) -> bool {
    let path = path.trim();
    let last = pointer(path).and_then(|pointer| pointer.names().last().map(|last| last == name));
    last.unwrap_or(false) || path.trim_end_matches('/').trim_end().ends_with(name)
}

fn pointer(path: &str) -> Option<GroupPath> {
    GroupPath::parse(path).ok().filter(|_| path.starts_with('/'))
}
