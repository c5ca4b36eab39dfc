//! The JSON Schemas of the documents, made from the types that write them.
//!
//! Draft 2020-12. They say what is written, not what might be read: members that may be missing are not required.

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use crate::render::json::doctor::DoctorDocument;
use crate::render::json::events::LineDocument;
use crate::render::json::plan::PlanDocument;
use crate::render::json::problems::ProblemsDocument;
use crate::render::json::report::ReportDocument;
use crate::render::json::state::StateDocument;

/// A document that has a published schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// What an apply would do.
    Plan,
    /// What became of a run.
    Report,
    /// What happens during a run, line by line.
    Events,
    /// What is wrong with a manifest.
    Problems,
    /// What is remembered.
    State,
    /// What the doctor found.
    Doctor,
}

impl Published {
    /// Returns the JSON Schema as text, with a line break at its end.
    #[must_use]
    pub fn schema(self) -> String {
        match self {
            Self::Plan => of::<PlanDocument<'_>>(),
            Self::Report => of::<ReportDocument<'_>>(),
            Self::Events => of::<LineDocument<'_>>(),
            Self::Problems => of::<ProblemsDocument<'_>>(),
            Self::State => of::<StateDocument<'_>>(),
            Self::Doctor => of::<DoctorDocument<'_>>(),
        }
    }
}

fn of<T: JsonSchema>() -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize().with_transform(RecursiveTransform(unwrap));
    let schema = settings.into_generator().into_root_schema_for::<T>();
    format!("{:#}\n", schema.as_value())
}

/// Joins the lines of a paragraph: where they break in the source says nothing to a reader of the schema.
fn unwrap(schema: &mut Schema) {
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = text.split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).collect::<Vec<_>>().join("\n\n");
    }
}
