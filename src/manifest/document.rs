//! The manifest as it is written, for the JSON Schema and for writing one.
//!
//! Reading goes another way (`read`), since serde stops at the first problem and forgets places; a test keeps the two alike.
//! The comments here are the schema's descriptions: editors show them.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

/// A tree of DingTalk meeting-room groups.
///
/// Several files, or a folder of them, make one manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "roomtree manifest")]
pub struct Document {
    /// The version of the manifest's format.
    #[schemars(extend("const" = 1))]
    pub version: u32,
    /// The corpId of the organization the manifest is meant for. Credentials for another organization are refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Text", example = &"ding0123456789abcdef")]
    pub organization: Option<Text>,
    /// The id of an existing group to build under; 0 is the top of the tree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0), example = 4711)]
    pub root: Option<i64>,
    /// How large the tree may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "LimitsSection")]
    pub limits: Option<LimitsSection>,
    /// The topmost groups, in order.
    pub groups: Vec<Item>,
}

/// How large the tree may be. Checked before anything is sent to DingTalk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "limits", example = serde_json::json!({"depth": 3, "groups": 2000}))]
pub struct LimitsSection {
    /// The deepest level at which a group may stand. DingTalk documents three levels, such as city, campus, building.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32", range(min = 1, max = 1_000_000), extend("default" = 3))]
    pub depth: Option<u32>,
    /// The most groups there may be. DingTalk has a limit and does not document it, so there is none unless it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 0))]
    pub groups: Option<i64>,
}

/// A group: a name, or a mapping with `name` and more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(title = "group")]
pub enum Item {
    /// A group without children, as its bare name.
    Name(Text),
    /// A group with more to say about it.
    Group(Group),
}

/// A group with more to say about it than its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "group", example = serde_json::json!({"name": "望京园区", "children": ["A 座", "B 座"]}))]
pub struct Group {
    /// The name of the group. Siblings have different names.
    pub name: Text,
    /// What the group was called before: the group of that name is renamed, instead of making a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "FormerNames")]
    pub was: Option<FormerNames>,
    /// The id of the existing group that this is, whatever it is called now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i64", range(min = 1), example = 4711)]
    pub id: Option<i64>,
    /// Never delete this group or anything above it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub protect: bool,
    /// The groups within this one, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Item>,
}

/// What a group was called before: a name, or a list of names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(title = "former names", example = &"大兴园区")]
pub enum FormerNames {
    /// The only former name.
    One(Text),
    /// Every former name that may still be found, in any order.
    Several(Vec<Text>),
}

/// A text, exactly as it is typed: `NO`, `007`, `3.10`, `1e3` and `null` are those very texts, and need no quotes.
///
/// Editors take some of these for numbers, truth values or nothing, so the schema allows all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text(pub String);

impl JsonSchema for Text {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "text",
            "description": "A text, exactly as it is typed: NO, 007, 3.10, 1e3 and null are those very texts and need no quotes. \
                            Editors take some of them for numbers, truth values or nothing, so all of these are allowed.",
            "type": ["string", "number", "boolean", "null"],
            "minLength": 1,
            "examples": ["北京", "A 座", "NO", "007"],
        })
    }
}
