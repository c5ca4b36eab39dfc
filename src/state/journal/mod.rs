//! Reads and writes the journal next to the state file.

pub(super) mod checksummed_line;
pub(super) mod reader;
pub(super) mod writer;
