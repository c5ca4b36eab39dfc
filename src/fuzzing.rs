//! What the fuzz targets see of the inside; only with the feature `fuzzing`, and no part of any interface.

pub use crate::cli::fuzzing::saved_plan;
pub use crate::dingtalk::fuzzing::{Readings, read as read_answer};
