//! Finds the conflict markers that git leaves in a file whose merge is not finished.
//!
//! A marker starts its line. Text that only contains one, such as a quoted name, is not a marker.

use std::ops::Range;

/// Returns the bytes of the first line that is a conflict marker, without its line break.
#[must_use]
pub fn conflict_marker(text: &[u8]) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split(|byte| *byte == b'\n') {
        let marker = line.strip_suffix(b"\r").unwrap_or(line);
        if is_marker(marker) {
            return Some(start..start + marker.len());
        }
        start += line.len() + 1;
    }
    None
}

/// Returns the number of the first line that is a conflict marker, from 1.
#[must_use]
pub fn conflict_line(text: &[u8]) -> Option<usize> {
    let marker = conflict_marker(text)?;
    Some(text[..marker.start].iter().filter(|byte| **byte == b'\n').count() + 1)
}

/// Whether a line is `<<<<<<<`, `|||||||` or `>>>>>>>` with a label or alone, or `=======`.
fn is_marker(line: &[u8]) -> bool {
    let Some((mark, label)) = line.split_at_checked(7) else { return false };
    let is_labelled = label.is_empty() || label.starts_with(b" ");
    match mark {
        b"<<<<<<<" | b"|||||||" | b">>>>>>>" => is_labelled,
        b"=======" => label.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::language::conflict_line;

    #[test]
    fn marker_at_the_start_of_a_line_is_found() {
        let texts =
            ["a\n<<<<<<< HEAD\nb\n", "a\r\n|||||||\r\n", "a\n=======\n", "a\n>>>>>>> feature/x", "a\r\n=======\r\nb"];
        texts.into_iter().for_each(|text| assert_eq!(conflict_line(text.as_bytes()), Some(2), "{text:?}"));
    }

    #[test]
    fn text_that_contains_a_marker_is_no_marker() {
        for text in [
            "- '<<<<<<< x'",
            " <<<<<<< x",
            "# =======",
            "<<<<<<<< x",
            "======= x",
            "========",
            "<<<<<<",
            "<<<<<<<x",
            "",
        ] {
            assert_eq!(conflict_line(text.as_bytes()), None, "{text:?}");
        }
    }
}
