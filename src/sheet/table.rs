//! A table of cells. Only cells that hold something are kept, so that a cell far away costs no more than one nearby.

use crate::sheet::{Address, Cell, Hidden};

/// One sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The rows that hold something, from the top down.
    pub rows: Vec<Row>,
    /// Areas that are shown as one cell; their first cell has what they hold.
    pub merges: Vec<Merge>,
    /// Rows and columns that are not shown.
    pub hidden: Hidden,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number, from 0.
    pub index: u32,
    /// The cells that hold something with their columns, from the left.
    cells: Vec<(u32, Cell)>,
}

/// An area of merged cells, both corners within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    /// The upper left cell.
    pub first: Address,
    /// The lower right cell.
    pub last: Address,
}

impl Table {
    /// Makes a table of cells in any order; of two cells in one place, the later one counts.
    #[must_use]
    pub fn new(mut cells: Vec<(Address, Cell)>, merges: Vec<Merge>) -> Self {
        cells.sort_by_key(|(address, _)| *address);
        let mut table = Self { rows: Vec::new(), merges, hidden: Hidden::default() };
        for (address, cell) in cells {
            table.put(address, cell);
        }
        table
    }

    fn put(&mut self, address: Address, cell: Cell) {
        if self.rows.last().is_none_or(|row| row.index != address.row) {
            self.rows.push(Row { index: address.row, cells: Vec::new() });
        }
        let Some(row) = self.rows.last_mut() else { return };
        match row.cells.last_mut() {
            Some((column, last)) if *column == address.column => *last = cell,
            _ => row.cells.push((address.column, cell)),
        }
    }

    /// Returns a row by its number.
    #[must_use]
    pub fn row(&self, index: u32) -> Option<&Row> {
        self.rows.binary_search_by_key(&index, |row| row.index).ok().map(|at| &self.rows[at])
    }

    /// Returns how many columns there are up to the last one that holds something.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.rows.iter().filter_map(|row| row.cells.last()).map(|(column, _)| column + 1).max().unwrap_or(0)
    }
}

impl Row {
    /// Returns the cell in a column; `None` if there is nothing but blanks.
    #[must_use]
    pub fn get(&self, column: u32) -> Option<&Cell> {
        let at = self.cells.binary_search_by_key(&column, |(column, _)| *column).ok()?;
        Some(&self.cells[at].1).filter(|cell| !cell.is_blank())
    }

    /// Walks the cells that hold more than blanks, with their columns, from the left.
    pub fn cells(&self) -> impl Iterator<Item = (u32, &Cell)> {
        self.cells.iter().filter(|(_, cell)| !cell.is_blank()).map(|(column, cell)| (*column, cell))
    }

    /// Returns the place of one of its cells.
    #[must_use]
    pub fn at(&self, column: u32) -> Address {
        Address { row: self.index, column }
    }
}
