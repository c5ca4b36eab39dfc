//! Refuses to drop a column of texts that may be a level: one left of, between, or right of the columns of the levels.
//!
//! Columns that ledgers have for people, or that only rooms have, are no levels; nor are columns of numbers, dates or ticks. A column
//! right of the first one about rooms describes rooms.

use crate::import::columns::Search;
use crate::import::heading::Heading;
use crate::import::problem::{Problem, listed, shown};
use crate::import::skipped_rows::{is_note, is_total};
use crate::import::suggestion::Suggestion;
use crate::localized;
use crate::sheet::Address;

/// Cells of yes-or-no columns, folded.
const TICKS: &[&str] =
    &["是", "否", "有", "无", "对", "错", "y", "n", "yes", "no", "true", "false", "x", "na", "n/a", "可"];

/// Checks the columns around those of the levels.
pub(super) fn check(search: &Search<'_>, levels: &[u32]) -> Result<(), Problem> {
    let unused = around(search, levels);
    match unused.first().and_then(|column| Some((*column, text_of(search, *column)?))) {
        Some((column, (at, text))) => {
            let at = search.heading_at(column).unwrap_or(at);
            Err(problem(search, levels, &unused, at, text))
        }
        None => Ok(()),
    }
}

/// Returns the columns of texts left of the last level, and those right of it up to the columns of rooms.
fn around(search: &Search<'_>, levels: &[u32]) -> Vec<u32> {
    let last = levels.iter().max().copied().unwrap_or(0);
    let is_of_room = |column: &u32| search.heading(*column).and_then(Heading::of).is_some_and(Heading::is_of_room);
    let is_text = |column: &u32| text_of(search, *column).is_some();
    let before = (0..last).filter(|column| !levels.contains(column)).filter(is_text);
    let after = (last + 1..search.table.width()).take_while(|column| !is_of_room(column)).filter(is_text);
    before.chain(after).collect()
}

/// Returns the first text of a column that may be a level; `None` for other columns.
fn text_of<'s>(search: &'s Search<'_>, column: u32) -> Option<(Address, &'s str)> {
    match search.heading(column).and_then(Heading::of) {
        None => {}
        Some(Heading::Whereabouts | Heading::Place) if !has_rooms(search) => {}
        Some(_) => return None,
    }
    search.values(column).into_iter().find(|(_, text)| is_text(text))
}

fn has_rooms(search: &Search<'_>) -> bool {
    search.header.iter().flat_map(|header| header.known()).any(|(_, heading)| heading.is_of_room())
}

fn is_text(text: &str) -> bool {
    let text = text.trim();
    text.contains(char::is_alphabetic)
        && !TICKS.contains(&text.to_lowercase().as_str())
        && !is_note(text)
        && !is_total(text)
}

fn problem(search: &Search<'_>, levels: &[u32], unused: &[u32], at: Address, text: &str) -> Problem {
    let labels: Vec<String> = unused.iter().map(|column| search.label(*column)).collect();
    let (labels, text) = (listed(&labels), shown(text.trim()));
    let single = |columns: &[u32]| columns.iter().map(|column| vec![*column]).collect::<Vec<_>>();
    let mut all = levels.to_vec();
    for column in unused {
        let place = all.iter().position(|level| level > column).unwrap_or(all.len());
        all.insert(place, *column);
    }
    let suggestion = Suggestion::of(search);
    let (with, without) = (suggestion.within_depth(&single(&all)), suggestion.within_depth(&single(levels)));
    Problem::error(
        "unused-column",
        Some(at),
        localized!(
            "Next to the levels are texts such as {text} under unknown headings: {labels}",
            "紧邻各级分组的列表头无法识别，其中有 {text} 等文本：{labels}"
        ),
        localized!(
            "If they are levels: `{with}`; if not: `{without}`",
            "如果它们也是分组层级：`{with}`；如果不是：`{without}`"
        ),
    )
}
