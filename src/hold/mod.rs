//! A file that one process holds and nobody else: what the state and the sandbox's data are locked with.
//!
//! Here alone the systems differ, so that whoever locks something need not know on which one it is.

mod held;

pub(crate) use held::{Held, is_held};
