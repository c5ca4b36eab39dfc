//! Are the README and the book true? Their examples are run, their links followed, their tables held against the binary.
//!
//! Every page is there in English and in Chinese, with the same outline and the same commands, so that neither falls behind.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its scene is to fail")]

#[path = "../tools/interruptible.rs"]
mod interruptible;

mod book;
mod errors;
mod exits;
mod languages;
mod links;
mod page;
mod reference;
mod say;
mod script;
mod shell;
mod stage;
mod tables;
