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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use crate::manifest::read::{GROUP, LIMITS, TOP};
    use crate::manifest::schema;

    fn properties(schema: &Value) -> BTreeSet<&str> {
        schema["properties"].as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn the_schema_has_the_keys_that_are_read() {
        let schema: Value = serde_json::from_str(&schema()).unwrap();
        let definition = |name: &str| properties(&schema["definitions"][name]);
        assert_eq!(properties(&schema), BTreeSet::from(TOP));
        assert_eq!(definition("LimitsSection"), BTreeSet::from(LIMITS));
        assert_eq!(definition("Group"), BTreeSet::from(GROUP));
    }
}
