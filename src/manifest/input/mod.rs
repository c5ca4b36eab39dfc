//! Finds and reads the files of a manifest.

pub(super) mod ignored;
pub(super) mod inputs;
pub(super) mod recognize;
pub(super) mod separate;
pub(super) mod source;
