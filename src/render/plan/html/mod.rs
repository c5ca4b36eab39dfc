//! A plan as one HTML file that needs nothing else: no server, no network, no fonts from elsewhere.
//!
//! Whatever is put in is escaped by the template's language; the policy in the head permits this style and this script alone, by
//! their hashes. The file is whole without its script, which only folds, filters and searches.

pub(super) mod lists;
pub(super) mod page;
pub(super) mod parts;
#[cfg(test)]
pub(super) mod tests;
pub(super) mod tree;

pub use page::html;
