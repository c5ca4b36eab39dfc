//! Describes failed calls: error kinds, documented codes, remedies.

pub(super) mod codes;
pub(super) mod error_body;
pub(super) mod kind;
pub(super) mod remedy;
pub(super) mod sanitize;
