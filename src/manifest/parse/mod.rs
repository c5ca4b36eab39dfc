//! Parses YAML text into rows of groups; every error has a location.

pub(super) mod ast;
pub(super) mod decode;
pub(super) mod keys;
pub(super) mod messages;
pub(super) mod parser;
pub(super) mod quote;
pub(super) mod yaml_errors;
