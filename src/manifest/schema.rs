//! The JSON Schema of the manifest, for editors and other tools.
//!
//! Draft 7, since that is what YAML language servers know best. `schema/manifest.json` is this text; a test says when it is not.

use schemars::generate::SchemaSettings;

use crate::manifest::Document;

/// Returns the JSON Schema of the manifest as text, with a line break at its end.
#[must_use]
pub fn schema() -> String {
    let schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<Document>();
    format!("{:#}\n", schema.as_value())
}
