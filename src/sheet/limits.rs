//! How large a spreadsheet may be. No sheet of groups comes near; the limits keep a hostile file from using up memory.

/// The most bytes of a file.
pub const LARGEST: u64 = 64 << 20;
/// The most bytes of a text with a delimiter.
pub const LARGEST_TEXT: u64 = 32 << 20;
/// The most bytes of a workbook once it is unpacked: a full sheet of a million rows has about half of them.
pub const LARGEST_UNPACKED: u64 = 512 << 20;
/// The most cells that hold something: four for each row of a full sheet.
pub const MOST_CELLS: usize = 4_200_000;
/// The most bytes of text in all cells: thirty for each. A long text counts in each cell that has it.
pub const MOST_TEXT: usize = 128 << 20;
