//! Internals that the fuzz targets call; no part of any interface.

pub use crate::cli::fuzzing::saved_plan;
pub use crate::dingtalk::fuzzing::{Readings, read as read_answer};
