//! Reads and writes untrusted text safely: control characters, shell quoting, merge conflict markers.

mod conflict_markers;
mod own_file;
mod sanitize;
mod shell_quote;

pub use conflict_markers::{conflict_line, conflict_marker};
pub use own_file::OwnFile;
pub use sanitize::{is_bidi_control, is_control, is_ignorable, is_unprinted, sanitize, unprinted};
pub use shell_quote::quoted;
