//! `examples/gitops`, taken apart and run: every script of its pipelines, for GitHub and for GitLab, in a repository made from it,
//! against the sandbox and a forge on loopback.
//!
//! The runners here do what the platforms document, and fail at what they do not know. What only the platforms can show (that
//! they start the pipelines, and keep what they promise) is not shown here.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its scene is to fail")]

#[path = "../tools/interruptible.rs"]
mod interruptible;
#[path = "../tools/mod.rs"]
mod tools;
mod shell;
mod origin;
mod forge;
mod github;
mod gitlab;
mod world;

mod review;
mod trouble;
mod drift_job;
mod files;
mod comments;
