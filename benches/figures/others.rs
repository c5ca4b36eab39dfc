//! What else a person could do the job with: Terraform, and a script that makes one call after the other.
//!
//! Neither is the same thing as roomtree. docs/performance.md says what is compared and what is not.

use std::process::{Command, Stdio};

use crate::Result;
use crate::arguments::Extent;
use crate::report::Row;
use crate::spread::Spread;
use crate::{script, terraform};

pub(crate) fn rows(extent: Extent) -> Result<Vec<Row>> {
    let mut rows = terraform::rows(extent)?;
    rows.extend(script::rows()?);
    Ok(rows)
}

/// Says whether a program can be run here.
pub(crate) fn is_there(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Adds how many times as long the other took, for each figure that both have.
pub(crate) fn times_as_long(mut row: Row, other: &Row, ours: &Row) -> Row {
    for figure in &other.figures {
        if let Some(our) = ours.figure(&figure.name) {
            row = row.with(&figure.name, Spread::exact(figure.spread.median / our.median));
        }
    }
    row
}
