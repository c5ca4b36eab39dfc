//! Data of a manifest: the tree, its bindings to existing groups, source locations, diagnostics.

pub(super) mod bindings;
pub(super) mod diagnostic;
pub(super) mod document;
pub(super) mod draft;
pub(super) mod selection;
pub(super) mod limits;
pub(super) mod span;
pub(super) mod tree;
