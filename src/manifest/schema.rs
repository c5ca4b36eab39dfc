//! The JSON Schema of the manifest, for editors and other tools.
//!
//! Descriptions are in English; `markdownDescription`, which YAML and JSON language servers prefer where it is, has the Chinese below.
//! Draft 7, since that is what YAML language servers know best. `schema/manifest.json` is this text; a test says when it is not.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::Value;

use crate::manifest::Document;

/// What the types keep the Chinese of a description under.
const CHINESE: &str = "zh";

/// Returns the JSON Schema of the manifest as text, with a line break at its end.
#[must_use]
pub fn schema() -> String {
    let settings = SchemaSettings::draft07().with_transform(RecursiveTransform(describe));
    let schema = settings.into_generator().into_root_schema_for::<Document>();
    format!("{:#}\n", schema.as_value())
}

/// Puts the description in both languages where language servers look for it.
fn describe(schema: &mut Schema) {
    let Some(Value::String(chinese)) = schema.remove(CHINESE) else { return };
    let english = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    schema.insert("markdownDescription".to_owned(), format!("{english}\n\n{chinese}").into());
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use crate::manifest::parse::keys::{GROUP, LIMITS, TOP};
    use crate::manifest::schema;

    fn properties(schema: &Value) -> BTreeSet<&str> {
        schema["properties"].as_object().unwrap().keys().map(String::as_str).collect()
    }

    /// Every property, and every schema that stands for a part of one.
    fn parts<'s>(schema: &'s Value, place: &str, parts: &mut Vec<(String, &'s Value)>) {
        let properties = ["properties", "definitions"].into_iter().filter_map(|key| schema[key].as_object()).flatten();
        let branches = schema["anyOf"].as_array().into_iter().flatten();
        let named = properties.map(|(name, part)| (format!("{place}/{name}"), part));
        let numbered = branches.enumerate().map(|(at, part)| (format!("{place}/{at}"), part));
        for (place, part) in named.chain(numbered) {
            self::parts(part, &place, parts);
            parts.push((place, part));
        }
    }

    #[test]
    fn everything_has_a_title_an_example_and_a_description_in_both_languages() {
        let schema: Value = serde_json::from_str(&schema()).unwrap();
        let mut all = vec![(String::new(), &schema)];
        parts(&schema, "", &mut all);
        assert!(all.len() > 15, "{}", all.len());
        for (place, part) in all {
            let text = |key: &str| part[key].as_str().unwrap_or_default().to_owned();
            let (english, both) = (text("description"), text("markdownDescription"));
            let chinese = both.strip_prefix(&format!("{english}\n\n")).unwrap_or_default();
            assert!(!english.is_empty() && chinese.contains(|c| c > '\u{4E00}'), "{place}: {part}");
            assert!(text("title").contains(" · ") && part["examples"].is_array(), "{place}: {part}");
            assert!(part.get("zh").is_none());
        }
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
