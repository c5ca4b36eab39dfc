//! The languages that roomtree speaks, and texts that are written in all of them at once.
//!
//! A message is written in both languages where it is made: [`tr!`](crate::tr) for what is shown at once,
//! [`localized!`](crate::localized) for what is kept and shown later. One that lacks a language does not compile, and what is put into it
//! is checked by the compiler in each. Which language is shown is decided once for the process, since `Display` takes no
//! parameters; what is meant for programs is made within [`Language::scope`], in English.

mod cause;
mod count;
mod json_errors;
mod language;
mod message;
mod os_errors;

pub use cause::cause;
pub use count::{Count, count};
pub use json_errors::{flaw, misread};
pub use language::Language;
pub use message::Message;
pub use os_errors::{is_out_of_files, said};
