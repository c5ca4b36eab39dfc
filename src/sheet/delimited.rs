//! Text with a delimiter (CSV): its encoding, its delimiter, its cells.

use crate::sheet::encoding::{Encoding, decode};
use crate::sheet::limits::{LARGEST_TEXT, MOST_CELLS};
use crate::sheet::{Address, Cell, SheetError, Table, unguarded};
use crate::text::conflict_line;

/// What is looked for, the most telling first.
const DELIMITERS: [u8; 3] = [b'\t', b';', b','];
/// How many lines the delimiter is looked for in.
const SAMPLE: usize = 50;

/// A text that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Delimited {
    /// Its cells.
    pub table: Table,
    /// How it was encoded.
    pub encoding: Encoding,
    /// What stands between its cells.
    pub delimiter: u8,
    /// Cells that lost the apostrophe which had kept them from being calculated.
    pub unguarded: Vec<Address>,
}

/// Reads a text; the delimiter is found if none is given.
///
/// # Errors
/// [`SheetError`] if it is no text, or larger than what can be meant.
pub fn delimited(bytes: &[u8], delimiter: Option<u8>) -> Result<Delimited, SheetError> {
    if bytes.len() as u64 > LARGEST_TEXT {
        return Err(SheetError::TooLarge(LARGEST_TEXT));
    }
    let (text, encoding) = decode(bytes)?;
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if let Some(line) = conflict_line(text.as_bytes()) {
        return Err(SheetError::Unmerged(line));
    }
    let (declared, text) = declared(&text);
    let first_row = u32::from(declared.is_some());
    let delimiter = delimiter.or(declared).unwrap_or_else(|| likeliest(text));
    if let Some(line) = unclosed(text, delimiter) {
        return Err(SheetError::Unclosed(line + usize::try_from(first_row).unwrap_or_default()));
    }
    let (table, unguarded) = table(text, Rules { delimiter, first_row, most: MOST_CELLS })?;
    Ok(Delimited { table, encoding, delimiter, unguarded })
}

/// Takes off a first line `sep=;`, by which Excel is told the delimiter.
fn declared(text: &str) -> (Option<u8>, &str) {
    let Some((line, rest)) = text.split_once('\n') else { return (None, text) };
    match line.trim_matches('"').strip_prefix("sep=").map(str::as_bytes) {
        Some([delimiter]) if delimiter.is_ascii() => (Some(*delimiter), rest),
        _ => (None, text),
    }
}

/// Finds the delimiter that most lines have alike; a comma if there is none.
fn likeliest(text: &str) -> u8 {
    let score = |delimiter: &u8| agreement(text, *delimiter);
    let best = DELIMITERS.iter().rev().max_by_key(|delimiter| score(delimiter)).copied();
    best.filter(|best| score(best).0 > 0).unwrap_or(b',')
}

/// Returns how many of the first lines have a delimiter equally often, and how often that is.
fn agreement(text: &str, delimiter: u8) -> (usize, usize) {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).take(SAMPLE);
    let counts: Vec<usize> = lines.map(|line| outside_quotes(line, delimiter)).filter(|count| *count > 0).collect();
    let alike = |count: usize| counts.iter().filter(|other| **other == count).count();
    counts.iter().map(|count| (alike(*count), *count)).max().unwrap_or_default()
}

fn outside_quotes(line: &str, delimiter: u8) -> usize {
    let mut is_quoted = false;
    let mut counts = |byte: &u8| {
        is_quoted ^= *byte == b'"';
        !is_quoted && *byte == delimiter
    };
    line.bytes().filter(|byte| counts(byte)).count()
}

/// Returns the line, from 1, of a quote that opens a cell and is never closed.
fn unclosed(text: &str, delimiter: u8) -> Option<usize> {
    let (mut opened, mut is_start, mut line) = (None, true, 1);
    for byte in text.bytes() {
        match (opened, byte) {
            (None, b'"') if is_start => opened = Some((line, true)),
            (Some((at, is_inside)), b'"') => opened = Some((at, !is_inside)),
            (Some((_, false)) | None, _) => opened = None,
            _ => {}
        }
        is_start = opened.is_none() && (byte == delimiter || byte == b'\n');
        line += usize::from(byte == b'\n');
    }
    opened.filter(|(_, is_inside)| *is_inside).map(|(at, _)| at)
}

/// How a text is read.
#[derive(Clone, Copy)]
struct Rules {
    delimiter: u8,
    /// The row of its first line.
    first_row: u32,
    /// The most cells that may hold something.
    most: usize,
}

fn table(text: &str, rules: Rules) -> Result<(Table, Vec<Address>), SheetError> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(rules.delimiter)
        .from_reader(text.as_bytes());
    let (mut record, mut cells, mut row) = (csv::StringRecord::new(), Vec::new(), rules.first_row);
    let mut freed = Vec::new();
    while reader.read_record(&mut record).map_err(|_| SheetError::NotText)? {
        row = row.saturating_add(blank_lines(text, &record));
        for (column, text) in (0..).zip(record.iter()).filter(|(_, text)| !text.is_empty()) {
            let (at, free) = (Address { row, column }, unguarded(text));
            freed.extend(free.map(|_| at));
            cells.push((at, Cell::Text(free.unwrap_or(text).into())));
        }
        if cells.len() > rules.most {
            return Err(SheetError::TooManyCells(rules.most));
        }
        row = row.saturating_add(1);
    }
    Ok((Table::new(cells, Vec::new()), freed))
}

/// Counts the lines without anything before a record: a spreadsheet counts them, the reader passes over them.
fn blank_lines(text: &str, record: &csv::StringRecord) -> u32 {
    let start = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX));
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    u32::try_from(rest.iter().take_while(|byte| **byte == b'\n').count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use crate::sheet::SheetError;
    use crate::sheet::delimited::{Delimited, Rules, delimited, table};

    /// Reads a text, and lists its cells as `A1=text`.
    fn cells(text: &str) -> Vec<String> {
        let Delimited { table, .. } = delimited(text.as_bytes(), None).unwrap();
        let row = |row: &crate::sheet::Row| {
            let shown =
                |(column, cell): (u32, &crate::sheet::Cell)| format!("{}={}", row.at(column), cell.text().unwrap());
            row.cells().map(shown).collect::<Vec<_>>()
        };
        table.rows.iter().flat_map(row).collect()
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_counts_them() {
        assert_eq!(cells("a,b\r\n\r\n\r\nc\r\n"), ["A1=a", "B1=b", "A4=c"]);
        assert_eq!(cells("\n\na,\"b\nc\"\nd"), ["A3=a", "B3=b\nc", "A4=d"]);
        assert_eq!(cells("a\rb\r"), ["A1=a", "A2=b"]);
        assert_eq!(cells("a\n,,\n\"\",x"), ["A1=a", "B3=x"]);
        assert_eq!(cells(""), Vec::<String>::new());
    }

    #[test]
    fn the_delimiter_is_the_one_that_lines_agree_on() {
        let delimiter = |text: &str| char::from(delimited(text.as_bytes(), None).unwrap().delimiter);
        assert_eq!(delimiter("a,b\nc,d\n"), ',');
        assert_eq!(delimiter("a;b\nc, d;e\n"), ';');
        assert_eq!(delimiter("a\tb,c\nd\te\n"), '\t');
        assert_eq!(delimiter("\"a;b;c\",d\n\"e\",f\n"), ',');
        assert_eq!(delimiter("alone\n"), ',');
        assert_eq!(cells("sep=;\na;b,c\n"), ["A2=a", "B2=b,c"]);
    }

    #[test]
    fn cells_that_hold_something_are_counted() {
        let rules = |most| Rules { delimiter: b',', first_row: 0, most };
        assert!(table("a,b\n,c\n,,,\n", rules(3)).is_ok());
        assert_eq!(table("a,b\n,c\n", rules(2)), Err(SheetError::TooManyCells(2)));
    }

    #[test]
    fn quotes_and_commas_within_a_cell_are_its_text() {
        assert_eq!(cells("\"A, 座\",\"say \"\"hi\"\"\"\n"), ["A1=A, 座", "B1=say \"hi\""]);
    }

    #[test]
    fn a_quote_that_is_not_closed_is_an_error() {
        let read = |text: &str| delimited(text.as_bytes(), None).map(drop);
        assert_eq!(read("城市,园区\n\"北京,望京\n"), Err(SheetError::Unclosed(2)));
        assert_eq!(read("a,b\nc,\"d\"\"\n\n"), Err(SheetError::Unclosed(2)));
        for text in ["a\n\"b\"\n", "a,5\" TV\n", "\"a\"\"\",\"\"\n\"b\"", "\"a\nb\",c", "\"a\"b,c\n"] {
            assert_eq!(read(text), Ok(()), "{text}");
        }
    }
}
