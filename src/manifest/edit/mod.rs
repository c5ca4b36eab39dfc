//! Writes manifests: layout, edits of existing text, new files.

pub(super) mod comments;
pub(super) mod cst;
pub(super) mod emit;
pub(super) mod format;
pub(super) mod layout;
pub(super) mod printer;
pub(super) mod roundtrip;
pub(super) mod serialize;
pub(super) mod template;
#[cfg(test)]
pub(super) mod tests;
pub(super) mod text_edit;
