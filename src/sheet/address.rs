//! The place of a cell as spreadsheets call it: `C7`.

use std::fmt;

/// The letters of the alphabet, the digits of a column's name.
const LETTERS: u32 = 26;

/// A cell's row and column, both from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The row, from 0; shown from 1.
    pub row: u32,
    /// The column, from 0; shown as letters.
    pub column: u32,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_letters(self.column), u64::from(self.row) + 1)
    }
}

/// Returns the name of a column: `A` for 0, `AA` for 26.
#[must_use]
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        let digit = (rest - 1) % u64::from(LETTERS);
        letters.push(char::from(b'A' + u8::try_from(digit).unwrap_or_default()));
        rest = (rest - 1) / u64::from(LETTERS);
    }
    letters.iter().rev().collect()
}

/// Returns the column with a name of one to three capital letters; `None` for any other text.
#[must_use]
pub fn column_of(letters: &str) -> Option<u32> {
    let is_name = (1..=3).contains(&letters.len()) && letters.bytes().all(|byte| byte.is_ascii_uppercase());
    let number = |sum: u32, byte: u8| sum * LETTERS + u32::from(byte - b'A') + 1;
    is_name.then(|| letters.bytes().fold(0, number) - 1)
}

#[cfg(test)]
mod tests {
    use crate::sheet::{Address, column_letters, column_of};

    #[test]
    fn columns_are_called_as_in_excel() {
        for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")] {
            assert_eq!((column_letters(column).as_str(), column_of(letters)), (letters, Some(column)));
        }
        assert_eq!(Address { row: 6, column: 2 }.to_string(), "C7");
        for other in ["", "a", "ABCD", "A1", "城"] {
            assert_eq!(column_of(other), None, "{other}");
        }
    }
}
