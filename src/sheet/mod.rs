//! Spreadsheets: tables of cells, read from and written to CSV and xlsx.
//!
//! ```text
//! bytes ─► archive (bounds) ─► workbook ─┐
//! bytes ─► encoding ─► delimited ────────┴─► Table of cells       texts ─► CSV or xlsx
//! ```
//! Knows nothing of groups, and guesses nothing: a cell either has the text that Excel shows, or says why it has none.

mod address;
mod cell;
mod delimited;
mod detect;
mod encoding;
mod error;
mod formula_injection;
mod hidden;
mod limits;
mod number;
mod table;
mod workbook;
mod writer;
mod xml;
mod zip_guard;

pub use address::{Address, column_letters, column_of};
pub use cell::{Cell, Doubt};
pub use delimited::{Delimited, delimited};
pub use detect::Kind;
pub use encoding::Encoding;
pub use error::SheetError;
pub use formula_injection::{guarded, unguarded};
pub use hidden::Hidden;
pub use limits::{LARGEST, LARGEST_TEXT, LARGEST_UNPACKED, MOST_CELLS, MOST_TEXT};
pub use table::{Merge, Row, Table};
pub use workbook::{SheetName, Workbook};
pub use writer::{csv, xlsx};
