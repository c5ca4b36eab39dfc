//! Finds the conflict markers that git leaves in a file whose merge is not finished.
//!
//! A marker starts its line. Text that only contains one, such as a quoted name, is not a marker.

use std::ops::Range;

/// How many characters a marker has at least: the default of git.
const SHORTEST: usize = 7;

/// Returns the bytes of the first line that is a conflict marker, without its line break.
#[must_use]
pub fn conflict_marker(text: &[u8]) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split(|byte| matches!(byte, b'\n' | b'\r')) {
        if is_marker(line) {
            return Some(start..start + line.len());
        }
        start += line.len() + 1;
    }
    None
}

/// Returns the number of the first line that is a conflict marker, from 1.
#[must_use]
pub fn conflict_line(text: &[u8]) -> Option<usize> {
    let marker = conflict_marker(text)?;
    let before = &text[..marker.start];
    let breaks = before.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    let pairs = before.windows(2).filter(|pair| pair == b"\r\n").count();
    Some(breaks - pairs + 1)
}

/// Whether a line is `<<<<<<<`, `|||||||` or `>>>>>>>` with a label or alone, or `=======`. The attribute
/// `conflict-marker-size` of git makes markers longer.
fn is_marker(line: &[u8]) -> bool {
    let Some(first) = line.first() else { return false };
    let length = line.iter().take_while(|byte| *byte == first).count();
    let label = &line[length..];
    let is_labelled = label.is_empty() || label.starts_with(b" ");
    match first {
        b'<' | b'|' | b'>' => length >= SHORTEST && is_labelled,
        b'=' => length >= SHORTEST && label.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::text::conflict_line;

    #[test]
    fn marker_at_the_start_of_a_line_is_found() {
        let texts =
            ["a\n<<<<<<< HEAD\nb\n", "a\r\n|||||||\r\n", "a\n=======\n", "a\n>>>>>>> feature/x", "a\r\n=======\r\nb"];
        texts.into_iter().for_each(|text| assert_eq!(conflict_line(text.as_bytes()), Some(2), "{text:?}"));
    }

    #[test]
    fn long_marker_and_lines_that_end_in_cr_are_found() {
        let texts = [
            "a\r<<<<<<< HEAD\rb\r",
            "a\r=======\rb",
            "a\n<<<<<<<<<< HEAD\nb\n",
            "a\r\n==========\r\n",
            "a\n>>>>>>>> x",
        ];
        texts.into_iter().for_each(|text| assert_eq!(conflict_line(text.as_bytes()), Some(2), "{text:?}"));
    }

    #[test]
    fn text_that_contains_a_marker_is_no_marker() {
        for text in ["- '<<<<<<< x'", " <<<<<<< x", "# =======", "======= x", "<<<<<<", "<<<<<<<x", ""] {
            assert_eq!(conflict_line(text.as_bytes()), None, "{text:?}");
        }
    }
}
