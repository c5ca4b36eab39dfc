//! Where something stands in a source: a byte range, and the line and column that people count.
//!
//! Places are kept as bytes, since that is cheap for a million groups; lines and columns are worked out for the few places
//! that are shown.

use std::ops::Range;

use serde::Serialize;

/// Which of the sources, counted from 0 in the order of reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct SourceId(u32);

impl SourceId {
    /// Names the source with this index.
    #[must_use]
    pub const fn new(index: u32) -> Self {
        Self(index)
    }

    /// Returns the index into [`crate::manifest::Loaded::sources`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// How many bytes of one line may lie between two marks: bounds the characters counted for one position.
const STRIDE: usize = 1024;

/// A range of bytes in the text of a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The source it is in.
    pub source: SourceId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one; equal to `start` where something is missing.
    pub end: u32,
}

impl Span {
    /// Returns the range for slicing the text of the source.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A line and a column, both counted from 1; the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// The lines of one text: made once, then asked for many positions.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    marks: Vec<Mark>,
}

/// A byte whose position is known: the start of each line, and points within long lines.
#[derive(Clone, Copy, Debug)]
struct Mark {
    at: u32,
    line: u32,
    column: u32,
}

impl<'t> Lines<'t> {
    /// Finds the lines of a text; `\n`, `\r\n` and a lone `\r` end a line, as in YAML.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let mut marks = vec![Mark { at: 0, line: 1, column: 1 }];
        let mut rest = Line::first(text);
        while let Some(line) = rest {
            mark_line(&line, text, &mut marks);
            rest = line.following(text);
        }
        Self { text, marks }
    }

    /// Returns the position of a byte; bytes past the end or within a character count as the character before.
    #[must_use]
    pub fn position(&self, at: u32) -> Position {
        let mark = self.marks[self.marks.partition_point(|mark| mark.at <= at).saturating_sub(1)];
        let before = &self.text.as_bytes()[mark.at as usize..(at as usize).min(self.text.len())];
        Position { line: mark.line, column: mark.column + characters(before) }
    }

    /// Returns the range of the line that holds a byte, without its line break.
    #[must_use]
    pub fn line_around(&self, at: u32) -> Range<usize> {
        let after = self.marks.partition_point(|mark| mark.at <= at);
        let line = self.marks[after.saturating_sub(1)].line;
        let first = self.marks.partition_point(|mark| mark.line < line);
        let start = self.marks[first].at as usize;
        start..start + line_length(&self.text.as_bytes()[start..])
    }
}

/// One line of a text while its marks are made.
struct Line {
    number: u32,
    range: Range<usize>,
}

impl Line {
    fn first(text: &str) -> Option<Self> {
        Some(Self { number: 1, range: 0..line_length(text.as_bytes()) })
    }

    fn following(&self, text: &str) -> Option<Self> {
        let rest = &text.as_bytes()[self.range.end..];
        let start = self.range.end + line_break(rest)?;
        Some(Self { number: self.number + 1, range: start..start + line_length(&text.as_bytes()[start..]) })
    }
}

fn mark_line(line: &Line, text: &str, marks: &mut Vec<Mark>) {
    let mut mark = Mark { at: offset(line.range.start), line: line.number, column: 1 };
    if line.number > 1 {
        marks.push(mark);
    }
    for piece in text.as_bytes()[line.range.clone()].chunks(STRIDE).filter(|piece| piece.len() == STRIDE) {
        mark = Mark { at: mark.at + offset(STRIDE), column: mark.column + characters(piece), ..mark };
        marks.push(mark);
    }
}

/// Narrows an offset: sources are far smaller than 4 GiB (`source` refuses larger ones).
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn line_length(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len())
}

fn line_break(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'\r', b'\n', ..] => Some(2),
        [_, ..] => Some(1),
        [] => None,
    }
}

/// Counts the characters that start in these bytes.
fn characters(bytes: &[u8]) -> u32 {
    offset(bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::manifest::{Lines, Position};

    fn counted(text: &str, at: usize) -> Position {
        let (mut line, mut column, mut previous) = (1, 1, ' ');
        for c in text[..at].chars() {
            match c {
                '\n' if previous == '\r' => {}
                '\n' | '\r' => (line, column) = (line + 1, 1),
                _ => column += 1,
            }
            previous = c;
        }
        Position { line, column }
    }

    #[test]
    fn columns_count_characters_not_bytes() {
        let lines = Lines::new("a\r\n北京: x\r\n");
        assert_eq!(lines.position(9), Position { line: 2, column: 3 });
        assert_eq!(lines.line_around(9), 3..12);
    }

    #[test]
    fn the_end_of_the_text_has_a_position() {
        assert_eq!(Lines::new("").position(0), Position { line: 1, column: 1 });
        assert_eq!(Lines::new("a\n").position(2), Position { line: 2, column: 1 });
        assert_eq!(Lines::new("a\n").line_around(2), 2..2);
    }

    proptest! {
        #[test]
        fn positions_agree_with_counting(text in "[a北\u{1F600}]{0,9}(\n|\r\n|\r|[a北]{1000,1500}){0,6}", share in 0.0..1.0) {
            let near = (text.len() as f64 * share) as usize;
            let at = (near..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap();
            prop_assume!(!(text[..at].ends_with('\r') && text[at..].starts_with('\n')));
            prop_assert_eq!(Lines::new(&text).position(at as u32), counted(&text, at));
        }
    }
}
