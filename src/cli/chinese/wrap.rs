//! Breaks Chinese into lines by the columns it takes.
//!
//! A line can end at a blank and beside any wide character, but closing signs stand at no beginning and opening ones at no
//! end. What has neither, such as an address, is not broken.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Breaks each line of a text into lines of at most so many columns, if it can be broken there.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    text.split('\n').flat_map(|line| wrap_line(line, columns)).collect()
}

fn wrap_line(line: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in pieces(line) {
        let last = lines.last().map_or(0, |line| line.width());
        if last > 0 && last + piece.trim_end().width() > columns {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(piece);
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// Cuts a line wherever it can be broken; blanks stay with what is before them.
fn pieces(line: &str) -> Vec<&str> {
    let (mut pieces, mut from, mut before, mut in_brackets) = (Vec::new(), 0, ' ', false);
    for (at, c) in line.char_indices() {
        if at > from && is_break(before, c, in_brackets) {
            pieces.push(&line[from..at]);
            from = at;
        }
        in_brackets = c == '[' || (in_brackets && c != ']');
        before = c;
    }
    pieces.push(&line[from..]);
    pieces
}

/// Says whether a line can end between two characters; within brackets only behind a sign, so that short ones stay whole.
fn is_break(before: char, c: char, in_brackets: bool) -> bool {
    match (before, c) {
        (_, ' ') => false,
        (' ', _) => true,
        _ if in_brackets => CLOSING.contains(before) && is_wide(before),
        _ => (is_wide(before) || is_wide(c)) && !CLOSING.contains(c) && !OPENING.contains(before),
    }
}

fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

/// What must not begin a line.
const CLOSING: &str = "，。、；：？！）”’」』】》…—,.;:?!)]";
/// What must not end one.
const OPENING: &str = "（“‘「『【《([";

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use crate::cli::chinese::wrap::wrap;

    #[test]
    fn lines_end_beside_wide_characters_and_at_blanks() {
        assert_eq!(wrap("清单文件在这里", 8), ["清单文件", "在这里"]);
        assert_eq!(wrap("用 roomtree plan 查看", 12), ["用 roomtree", "plan 查看"]);
        assert_eq!(wrap("", 8), [""]);
        assert_eq!(wrap("一\n二", 8), ["一", "二"]);
    }

    #[test]
    fn signs_stay_with_what_they_belong_to() {
        assert_eq!(wrap("清单文件，在（这里）", 8), ["清单文", "件，在", "（这里）"]);
        assert_eq!(wrap("如此 [可选值：是、否]", 13), ["如此", "[可选值：是、", "否]"]);
        assert_eq!(wrap("https://api.dingtalk.com", 8), ["https://api.dingtalk.com"]);
    }

    #[test]
    fn nothing_is_lost_and_no_line_is_too_long() {
        let text = "比较清单、状态和线上，需要一次调用。加上 `--offline` 则不调用任何接口，也不需要凭证。";
        for columns in 12..90 {
            let lines = wrap(text, columns);
            assert!(lines.iter().all(|line| line.width() <= columns), "{columns}: {lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
    }
}
