//! The languages that roomtree speaks, and texts that are written in all of them at once.
//!
//! A message is written in both languages where it is made: [`say!`](crate::say) for what is shown at once,
//! [`text!`](crate::text) for what is kept and shown later. One that lacks a language does not compile, and what is put into it
//! is checked by the compiler in each. Which language is shown is decided once for the process, since `Display` takes no
//! parameters; what is meant for programs is made within [`Language::scope`], in English.

mod cause;
mod choice;
mod count;
mod json;
mod merge;
mod own_file;
mod sanitize;
mod shell;
mod system;
mod text;

pub use cause::cause;
pub use choice::Language;
pub use count::{Count, count};
pub use json::{flaw, misread};
pub use merge::{conflict_line, conflict_marker};
pub use own_file::OwnFile;
pub use sanitize::{is_bidi_control, is_control, is_ignorable, is_unprinted, sanitize, unprinted};
pub use shell::quoted;
pub use system::{is_out_of_files, said};
pub use text::Text;
