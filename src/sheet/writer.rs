//! Rows of texts written as CSV and as xlsx, so that a spreadsheet shows the very texts.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use crate::sheet::{SheetError, guarded};

/// The narrowest and the widest that a column is made, in characters.
const WIDTHS: (usize, usize) = (8, 60);

/// Writes rows as CSV, with commas and line feeds; what would be calculated is made harmless.
#[must_use]
pub fn csv(rows: &[Vec<String>]) -> String {
    rows.iter().map(|row| row.iter().map(|text| field(&guarded(text))).collect::<Vec<_>>().join(",") + "\n").collect()
}

/// Quotes a text where that is needed (RFC 4180).
fn field(text: &str) -> String {
    let is_plain = !text.contains(['"', ',', ';', '\t', '\n', '\r']) && text.trim() == text;
    if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

/// Writes rows as a workbook of one sheet: the first row as a heading that stays in sight, every cell as text.
///
/// # Errors
/// [`SheetError::Unwritable`] for more rows, or longer texts, than a sheet can hold.
pub fn xlsx(name: &str, rows: &[Vec<String>]) -> Result<Vec<u8>, SheetError> {
    written(name, rows).map_err(|error| SheetError::Unwritable(error.to_string()))
}

fn written(name: &str, rows: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // A fixed time: one tree makes one file, byte for byte.
    let made = DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
    workbook.set_properties(&made);
    let sheet = workbook.add_worksheet().set_name(name)?;
    let text = Format::new().set_num_format("@");
    for (column, width) in (0..).zip(widths(rows)) {
        sheet.set_column_width(column, width as f64)?.set_column_format(column, &text)?;
    }
    let heading = text.clone().set_bold();
    for (index, row) in (0..).zip(rows) {
        fill(sheet, index, row, if index == 0 { &heading } else { &text })?;
    }
    sheet.set_freeze_panes(1, 0)?;
    workbook.save_to_buffer()
}

fn fill(sheet: &mut Worksheet, index: u32, row: &[String], format: &Format) -> Result<(), XlsxError> {
    let cells = (0..).zip(row).filter(|(_, text)| !text.is_empty());
    cells
        .into_iter()
        .try_for_each(|(column, text)| sheet.write_string_with_format(index, column, text, format).map(drop))
}

/// Returns the width of each column: that of its widest text, within bounds.
fn widths(rows: &[Vec<String>]) -> Vec<usize> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|text| text.width() + 2).max();
    (0..columns).map(|column| width(column).unwrap_or(0).clamp(WIDTHS.0, WIDTHS.1)).collect()
}

#[cfg(test)]
mod tests {
    use crate::sheet::{Kind, Workbook, csv, delimited, xlsx};

    fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(|text| (*text).to_owned()).collect()).collect()
    }

    const TEXTS: [&str; 8] = ["007", "=1+1", "A, \"座\"", "1e3", "'=x", "2026-01-01", "_x0041_", "  gap"];

    #[test]
    fn csv_keeps_what_it_is_given() {
        let text = csv(&rows(&[&TEXTS]));
        assert!(text.contains("'=1+1") && text.contains("''=x"), "{text}");
        let read = delimited(text.as_bytes(), None).unwrap().table;
        let cells: Vec<&str> = read.rows[0].cells().filter_map(|(_, cell)| cell.text()).collect();
        assert_eq!(cells, TEXTS);
    }

    #[test]
    fn a_workbook_keeps_what_it_is_given_and_is_the_same_every_time() {
        let bytes = xlsx("分组", &rows(&[&["一级"], &TEXTS])).unwrap();
        assert_eq!(Kind::of(&bytes), Ok(Kind::Workbook));
        let mut workbook = Workbook::open(&bytes).unwrap();
        assert_eq!((workbook.sheets().len(), &*workbook.sheets()[0].name), (1, "分组"));
        let table = workbook.table("分组").unwrap();
        let cells: Vec<&str> = table.rows[1].cells().filter_map(|(_, cell)| cell.text()).collect();
        assert_eq!(cells, TEXTS);
        assert_eq!(bytes, xlsx("分组", &rows(&[&["一级"], &TEXTS])).unwrap());
    }

    #[test]
    fn what_a_sheet_cannot_hold_is_told() {
        assert!(xlsx("x", &rows(&[&[&"北".repeat(40_000)]])).is_err());
        assert!(xlsx("[]", &[]).is_err());
    }
}
