//! Refuses cells that hold a sign for "nothing" or for "same as above" instead of a name.
//!
//! Ledgers fill empty cells with such signs. A row that has the id or the path of an existing group is not checked: the group has that
//! name already.

use unicode_normalization::UnicodeNormalization;

use crate::import::problem::{Problem, shown};
use crate::localized;
use crate::sheet::Address;

/// Texts for "nothing", folded.
const NOTHING: &[&str] =
    &["无", "暂无", "没有", "空", "空白", "待定", "待补充", "不详", "未知", "不适用", "n/a", "#n/a", "n.a.", "tbd"];
/// Texts for "same as above", folded.
const SAME: &[&str] = &["同上", "同上行", "同前", "〃", "\"", "''", "″", "ditto"];

/// Returns the problem of a text that is no name but a sign.
pub(super) fn check(text: &str, at: Address) -> Option<Problem> {
    let folded: String = text.trim().nfkc().flat_map(char::to_lowercase).collect();
    let bare = folded.trim_matches(['(', ')', '[', ']', '<', '>', '【', '】']);
    if SAME.contains(&bare) {
        return Some(same(text, at));
    }
    (NOTHING.contains(&bare) || is_stroke(bare)).then(|| nothing(text, at))
}

/// Whether a text has nothing but strokes: `-`, `——`, `/`, `\`.
fn is_stroke(text: &str) -> bool {
    let is_dash = |c: char| matches!(c, '-' | '/' | '\\' | '~' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}');
    !text.is_empty() && text.chars().all(is_dash)
}

fn nothing(text: &str, at: Address) -> Problem {
    let text = shown(text.trim());
    Problem::error(
        "placeholder",
        Some(at),
        localized!("{text} is a placeholder for an empty cell, not a name", "{text} 是表示空的占位符，不是名称"),
        localized!(
            "Empty the cell if the row has no group at this level; otherwise write the name of the group",
            "如果该行在这一级没有分组，请清空该单元格；否则请填写分组名称"
        ),
    )
}

fn same(text: &str, at: Address) -> Problem {
    let text = shown(text.trim());
    Problem::error(
        "placeholder",
        Some(at),
        localized!("{text} refers to the cell above instead of naming a group", "{text} 表示与上一行相同，不是名称"),
        localized!("Write the name that the cell above has", "请填写上一行该列的名称"),
    )
}

#[cfg(test)]
mod tests {
    use crate::import::placeholder::check;
    use crate::sheet::Address;

    #[test]
    fn signs_for_nothing_are_no_names() {
        let is_sign = |text: &str| check(text, Address { row: 0, column: 0 }).is_some();
        for text in ["/", "／", "-", "—", "--", "无", "N/A", "（空）", "同上", "〃", "\"", "#N/A", "\\"] {
            assert!(is_sign(text), "{text}");
        }
        for text in ["无锡", "A/B", "-1", "B-1", "NA", "空港", "同上楼", "未知路", "NO", "0", "无名楼", "null"]
        {
            assert!(!is_sign(text), "{text}");
        }
    }
}
