//! From a table of cells to a tree of groups, with every problem on the way and the cell that it is in.
//!
//! ```text
//! Table ─► columns (which?) ─► entries (a chain of names for each row) ─► outline (the tree)
//!              └──────────────────── problems, notes ─────────────────────┘
//! ```
//! Pure: what a row means depends on the table and on what was asked for. What is not sure is asked back, not guessed.

mod column_kinds;
mod columns;
mod convert;
mod entry;
mod header;
mod heading;
mod hidden;
mod levels;
mod options;
mod outline;
mod parents;
mod path_check;
mod paths;
mod placeholder;
mod problem;
mod renames;
mod separator;
mod shape_checks;
mod skipped_rows;
mod suggestion;
#[cfg(test)]
mod tests;
mod unused_columns;
mod validate;

pub use convert::{Imported, import};
pub use heading::{id_heading, level_heading, path_heading};
pub use options::{HeaderRow, ImportOptions, Wanted};
pub use problem::{Problem, listed};
pub use validate::judged;
