//! Workbooks (.xlsx): their sheets, read cell by cell.
//!
//! calamine reads the parts. It is asked for one cell after the other, never for a whole range, whose size the file would
//! decide; what it does with a hostile file ends here, a panic included.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use crate::i18n::Message;
use crate::localized;
use crate::sheet::hidden::hidden;
use crate::sheet::limits::{MOST_CELLS, MOST_TEXT};
use crate::sheet::number::shown;
use crate::sheet::{Address, Cell, Doubt, Merge, SheetError, Table, zip_guard};

/// A workbook that was opened.
pub struct Workbook<'b> {
    bytes: &'b [u8],
    xlsx: Xlsx<Cursor<&'b [u8]>>,
    /// Whether results of formulas are placeholders.
    is_stale: bool,
}

/// A sheet of a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetName {
    /// What it is called.
    pub name: String,
    /// Whether it is hidden from who opens the workbook.
    pub is_hidden: bool,
}

impl<'b> Workbook<'b> {
    /// Opens a workbook.
    ///
    /// # Errors
    /// [`SheetError`] if it is damaged, locked, or larger than what can be meant.
    pub fn open(bytes: &'b [u8]) -> Result<Self, SheetError> {
        zip_guard::check(bytes)?;
        let xlsx = unharmed(|| Xlsx::new(Cursor::new(bytes)))?;
        Ok(Self { bytes, xlsx, is_stale: zip_guard::is_stale(bytes) })
    }

    /// Returns the sheets that have cells, in the order of their tabs.
    #[must_use]
    pub fn sheets(&self) -> Vec<SheetName> {
        let sheets = self.xlsx.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        let name = |sheet: &calamine::Sheet| SheetName {
            name: sheet.name.clone(),
            is_hidden: sheet.visible != SheetVisible::Visible,
        };
        sheets.map(name).collect()
    }

    /// Reads a sheet.
    ///
    /// # Errors
    /// [`SheetError`] if it is not there, is damaged, or has too many cells.
    pub fn table(&mut self, name: &str) -> Result<Table, SheetError> {
        let mut taken = Taken::default();
        unharmed(|| read(&mut self.xlsx, name, &mut taken))?;
        let mut cells = taken.within(MOST_CELLS, MOST_TEXT)?;
        let uncomputed = unharmed(|| uncomputed(&mut self.xlsx, name, self.is_stale))?;
        cells.extend(uncomputed.into_iter().map(|address| (address, Cell::Doubtful(Doubt::Uncomputed))));
        let merges = unharmed(|| self.xlsx.merge_cells_by_sheet_name(name))?;
        let position = self.xlsx.sheets_metadata().iter().position(|sheet| sheet.name == name);
        let hidden = position.map(|position| hidden(self.bytes, position)).unwrap_or_default();
        Ok(Table { hidden, ..Table::new(cells, merges.iter().map(merge).collect()) })
    }
}

thread_local! {
    /// Whether a panic in this thread is expected, so that no message is printed for it.
    static IS_QUIET: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Keeps the messages of expected panics away from the terminal.
fn quiet() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = take_hook();
        set_hook(Box::new(move |panic| {
            if !IS_QUIET.get() {
                previous(panic);
            }
        }));
    });
    IS_QUIET.set(true);
}

/// Calls calamine. A panic in it means that the file is damaged.
fn unharmed<T>(read: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, SheetError> {
    quiet();
    let result = catch_unwind(AssertUnwindSafe(read));
    IS_QUIET.set(false);
    match result {
        Ok(result) => result.map_err(|error| refused(&error)),
        Err(_) => Err(SheetError::Damaged(localized!("it cannot be read at all", "完全无法读取"))),
    }
}

fn refused(error: &XlsxError) -> SheetError {
    match error {
        XlsxError::Password => SheetError::Locked,
        error => SheetError::Damaged(Message::shown(error)),
    }
}

/// The cells that hold something, and the bytes of their texts.
#[derive(Default)]
struct Taken {
    cells: Vec<(Address, Cell)>,
    text: usize,
}

impl Taken {
    fn put(&mut self, address: Address, cell: Cell) {
        self.text += cell.text().map_or(0, str::len);
        self.cells.push((address, cell));
    }

    fn within(self, cells: usize, text: usize) -> Result<Vec<(Address, Cell)>, SheetError> {
        match self {
            taken if taken.cells.len() > cells => Err(SheetError::TooManyCells(cells)),
            taken if taken.text > text => Err(SheetError::TooMuchText(text)),
            taken => Ok(taken.cells),
        }
    }
}

/// Reads the cells that hold something, and stops behind the first that is too much.
fn read(xlsx: &mut Xlsx<Cursor<&[u8]>>, name: &str, taken: &mut Taken) -> Result<(), XlsxError> {
    let mut reader = xlsx.worksheet_cells_reader(name)?;
    while let Some((cell, style)) = reader.next_cell_with_style_id()? {
        let format = reader.styles().get(style).and_then(|style| style.number_format.as_ref());
        let format = format.map_or("General", |format| format.format_code.as_str());
        let (row, column) = cell.get_position();
        if let Some(cell) = held(cell.get_value(), format) {
            taken.put(Address { row, column }, cell);
        }
        if taken.cells.len() > MOST_CELLS || taken.text > MOST_TEXT {
            break;
        }
    }
    Ok(())
}

fn held(value: &DataRef<'_>, format: &str) -> Option<Cell> {
    let cell = match value {
        DataRef::Empty => return None,
        DataRef::String(text) => Cell::Text(text.as_str().into()),
        DataRef::SharedString(text) => Cell::Text((*text).into()),
        DataRef::Int(number) => number_cell(*number as f64, format),
        DataRef::Float(number) => number_cell(*number, format),
        DataRef::Bool(truth) => Cell::Text(if *truth { "TRUE" } else { "FALSE" }.into()),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => Cell::Doubtful(Doubt::Date),
        DataRef::Error(fault) => Cell::Doubtful(Doubt::Fault(fault.to_string().into())),
    };
    Some(cell)
}

fn number_cell(value: f64, format: &str) -> Cell {
    match shown(value, format) {
        Some(text) => Cell::Text(text.into()),
        None => Cell::Doubtful(Doubt::Number { value, format: format.into() }),
    }
}

/// Returns the cells that have a formula and no value, or a placeholder: whatever made the file did not calculate.
fn uncomputed(xlsx: &mut Xlsx<Cursor<&[u8]>>, name: &str, is_stale: bool) -> Result<Vec<Address>, XlsxError> {
    let mut reader = xlsx.worksheet_cells_reader(name)?;
    let mut found = Vec::new();
    while let Some(cell) = reader.next_cell_with_formula_metadata()? {
        let is_placeholder = match cell.value {
            DataRef::Empty => true,
            DataRef::Int(0) => is_stale,
            DataRef::Float(value) => is_stale && value == 0.0,
            _ => false,
        };
        if cell.formula.is_some() && is_placeholder && found.len() < MOST_CELLS {
            found.push(Address { row: cell.pos.0, column: cell.pos.1 });
        }
    }
    Ok(found)
}

fn merge(area: &Dimensions) -> Merge {
    let address = |(row, column): (u32, u32)| Address { row, column };
    Merge { first: address(area.start), last: address(area.end) }
}

#[cfg(test)]
mod tests {
    use crate::sheet::workbook::Taken;
    use crate::sheet::{Address, Cell, SheetError};

    #[test]
    fn a_text_counts_in_every_cell_that_has_it() {
        let taken = || {
            let mut taken = Taken::default();
            (0..3).for_each(|row| taken.put(Address { row, column: 0 }, Cell::Text("北京".into())));
            taken
        };
        assert_eq!(taken().within(3, 18).map(|cells| cells.len()), Ok(3));
        assert_eq!(taken().within(3, 17), Err(SheetError::TooMuchText(17)));
        assert_eq!(taken().within(2, 18), Err(SheetError::TooManyCells(2)));
    }
}
