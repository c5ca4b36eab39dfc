//! The reader of saved plans, for the fuzz targets.

use std::path::Path;

use crate::cli::run::saved_plan::Saved;

/// Reads a text as a saved plan: its fingerprint, or what people would be told.
///
/// # Errors
/// The text that goes to standard error.
pub fn saved_plan(text: &str) -> Result<String, String> {
    Saved::parse(Path::new("plan.json"), text).map(|saved| saved.fingerprint).map_err(|failure| failure.to_text())
}
