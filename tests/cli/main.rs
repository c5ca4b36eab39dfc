//! The `roomtree` binary from outside: every command, every exit code, every fault, over real HTTP against a sandbox in this
//! process.
//!
//! A test sets a [`scene::Scene`], runs commands in it, and says what has to be true afterwards. Every run of every test is
//! searched for secrets and for characters that steer a terminal, on its streams and in its files.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its scene is to fail")]

#[path = "../tools/interruptible.rs"]
mod interruptible;
#[path = "../tools/mod.rs"]
mod tools;
mod test_env;
mod ran;
mod running;
mod tree;
mod post;
mod schemas;
mod terminal;
mod scripted;

mod manifest;
mod chinese;
mod commands;
mod exactly_once;
mod live;
mod partial;
mod faults;
mod kills;
mod signals;
mod secrets;
mod logging;
mod wire;
mod operator;
mod init;
mod input;
mod newcomer;
mod examples;
mod output;
mod formats;
mod jsonl;
mod languages;
mod usage;
mod renames;
mod bindings;
mod prune;
mod protection;
mod administrators;
mod resumed;
mod edges;
mod environment;
mod files;
mod destroy;
mod plans;
mod drift;
mod state_commands;
mod spreadsheets;
mod fmt;
mod hooks;
mod deep_lists;
mod rebuild;
mod remove_duplicates;
mod prompts;
mod returned_ids;
mod seeds;
mod meeting_rooms;
