//! A plan as a picture: drawn by ourselves (SVG), or described for Graphviz (DOT) and for Mermaid.
//!
//! Colours help; signs and words carry the meaning. Of a large tree the top is drawn, with the number of omitted groups in place.

pub(super) mod dot;
mod label;
pub(super) mod mermaid;
pub(super) mod svg;
#[cfg(test)]
pub(super) mod tests;

pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;
