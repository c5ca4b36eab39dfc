//! Spreadsheets: tables of cells, read from and written to CSV and xlsx.
//!
//! ```text
//! bytes ─► archive (bounds) ─► workbook ─┐
//! bytes ─► encoding ─► delimited ────────┴─► Table of cells       texts ─► CSV or xlsx
//! ```
//! Knows nothing of groups, and guesses nothing: a cell either has the text that Excel shows, or says why it has none.

mod address;
mod archive;
mod cell;
mod delimited;
mod encoding;
mod error;
mod guard;
mod hidden;
mod kind;
mod limits;
mod number;
mod table;
mod workbook;
mod written;

pub use address::{Address, column_letters, column_of};
pub use cell::{Cell, Doubt};
pub use delimited::{Delimited, delimited};
pub use encoding::Encoding;
pub use error::SheetError;
pub use guard::{guarded, unguarded};
pub use hidden::Hidden;
pub use kind::Kind;
pub use limits::{LARGEST, LARGEST_TEXT, LARGEST_UNPACKED, MOST_CELLS, MOST_TEXT};
pub use table::{Merge, Row, Table};
pub use workbook::{SheetName, Workbook};
pub use written::{csv, xlsx};
