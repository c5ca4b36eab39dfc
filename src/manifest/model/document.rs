//! The manifest as it is written, for the JSON Schema and for writing one.
//!
//! Reading goes another way (`read`), since serde stops at the first problem and forgets places; a test keeps the two alike.
//! The comments here are the schema's descriptions, with their Chinese beside them (`zh`): editors show both.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

/// A tree of DingTalk meeting-room groups.
///
/// Several files, or a folder of them, make one manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    title = "roomtree manifest · 清单",
    extend("zh" = "钉钉会议室分组的树。\n\n多个文件，或一个文件夹中的全部文件，合为一份清单。"),
    example = serde_json::json!({"version": 1, "groups": [{"name": "北京", "children": ["望京园区"]}, "上海"]})
)]
pub struct Document {
    /// The version of the manifest's format.
    #[schemars(title = "version · 版本", extend("const" = 1, "zh" = "清单格式的版本。"), example = 1)]
    pub version: u32,
    /// The corpId of the organization the manifest is meant for. Credentials for another organization are refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "organization · 企业",
        with = "Text",
        extend("zh" = "清单所属企业的 corpId。其他企业的凭证会被拒绝。"),
        example = &"ding0123456789abcdef"
    )]
    pub organization: Option<Text>,
    /// The id of an existing group to build under; 0 is the top of the tree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "root · 根分组",
        with = "i64",
        range(min = 0),
        extend("zh" = "在哪个已有分组之下创建，填它的 ID；0 表示顶层。"),
        example = 4711
    )]
    pub root: Option<i64>,
    /// How large the tree may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "limits · 上限",
        with = "LimitsSection",
        extend("zh" = "分组树的规模上限。"),
        example = serde_json::json!({"depth": 3, "groups": 2000})
    )]
    pub limits: Option<LimitsSection>,
    /// The topmost groups, in order.
    #[schemars(
        title = "groups · 分组",
        extend("zh" = "顶层分组，按书写顺序。"),
        example = serde_json::json!([{"name": "北京", "children": ["望京园区"]}, "上海"])
    )]
    pub groups: Vec<Item>,
}

/// How large the tree may be. Checked before anything is sent to DingTalk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    title = "limits · 上限",
    extend("zh" = "分组树的规模上限。在调用钉钉之前检查。"),
    example = serde_json::json!({"depth": 4})
)]
pub struct LimitsSection {
    /// The deepest level at which a group may stand. DingTalk documents three levels, such as city, campus, building.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "depth · 级数",
        with = "u32",
        range(min = 1, max = 1_000_000),
        extend("default" = 3, "zh" = "分组最深可以到第几级。钉钉文档说明最多三级，例如城市、园区、楼宇。"),
        example = 3
    )]
    pub depth: Option<u32>,
    /// The most groups there may be. DingTalk has a limit and does not document it, so there is none unless it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "groups · 总数",
        with = "i64",
        range(min = 0),
        extend("zh" = "分组总数的上限。钉钉有上限，但文档没有说明是多少，所以不填就不限制。"),
        example = 2000
    )]
    pub groups: Option<i64>,
}

/// A group: a name, or a mapping with `name` and more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(
    title = "group · 分组",
    extend("zh" = "一个分组：只写名称，或写成带有 `name` 等键的映射。"),
    example = &"上海",
    example = serde_json::json!({"name": "望京园区", "children": ["A 座", "B 座"]})
)]
pub enum Item {
    /// A group without children, as its bare name.
    #[schemars(title = "name · 名称", extend("zh" = "没有下级的分组，只写名称。"), example = &"A 座")]
    Name(Text),
    /// A group with more to say about it.
    #[schemars(
        title = "group · 分组",
        extend("zh" = "除名称外还有内容的分组。"),
        example = serde_json::json!({"name": "望京园区", "children": ["A 座", "B 座"]})
    )]
    Group(Group),
}

/// A group with more to say about it than its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    title = "group · 分组",
    extend("zh" = "除名称外还有内容的分组。"),
    example = serde_json::json!({"name": "望京园区", "children": ["A 座", "B 座"]})
)]
pub struct Group {
    /// The name of the group. Siblings have different names.
    #[schemars(title = "name · 名称", extend("zh" = "分组名称。同级分组不能重名。"), example = &"望京园区")]
    pub name: Text,
    /// What the group was called before: the group of that name is renamed, instead of making a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "was · 曾用名",
        with = "FormerNames",
        extend("zh" = "分组的曾用名：叫这个名称的分组会被改名，而不是另建一个。"),
        example = &"大兴园区",
        example = serde_json::json!(["A 座", "一号楼"])
    )]
    pub was: Option<FormerNames>,
    /// The id of the existing group that this is, whatever it is called now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "id · 分组 ID",
        with = "i64",
        range(min = 1),
        extend("zh" = "对应的已有分组的 ID，不论它现在叫什么。"),
        example = 4711
    )]
    pub id: Option<i64>,
    /// Never delete this group or any group above it. The state records it: it remains in force when the group leaves the manifest, until `protect: false`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "protect · 保护",
        with = "bool",
        extend("zh" = "永不删除此分组及其所有上级。状态会记录这一点：分组移出清单后仍然有效，直到写明 `protect: false`。"),
        example = true
    )]
    pub protect: Option<bool>,
    /// The groups within this one, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(
        title = "children · 下级分组",
        extend("zh" = "下级分组，按书写顺序。"),
        example = serde_json::json!(["A 座", "B 座"])
    )]
    pub children: Vec<Item>,
}

/// What a group was called before: a name, or a list of names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(
    inline,
    title = "former names · 曾用名",
    extend("zh" = "分组以前的名称：一个名称，或名称的列表。"),
    example = &"大兴园区"
)]
pub enum FormerNames {
    /// What the group was called before: the group of that name is renamed, instead of making a new one.
    #[schemars(title = "former name · 曾用名", extend("zh" = "分组的曾用名：叫这个名称的分组会被改名，而不是另建一个。"), example = &"大兴园区")]
    One(Text),
    /// Every former name that may still be found, in any order.
    #[schemars(
        title = "former names · 曾用名",
        extend("zh" = "仍可能找到的每个曾用名，顺序不限。"),
        example = serde_json::json!(["A 座", "一号楼"])
    )]
    Several(Vec<Text>),
}

/// A text, exactly as it is typed: `NO`, `007`, `3.10`, `1e3` and `null` are those very texts, and need no quotes.
///
/// Editors take some of these for numbers, truth values or nothing, so the schema allows all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text(pub String);

/// Part of the schema of each key: language servers show what is said of a shared part, not what is said of the key.
impl JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "text · 文本",
            "description": "A text, exactly as it is typed: NO, 007, 3.10, 1e3 and null are those very texts and need no quotes. \
                            Editors take some of them for numbers, truth values or nothing, so all of these are allowed.",
            "zh": "文本，写什么就是什么：NO、007、3.10、1e3 和 null 就是这些字，不必加引号。编辑器会把其中一些当作数字、布尔值或空值，\
                   因此这里都允许。",
            "type": ["string", "number", "boolean", "null"],
            "minLength": 1,
            "examples": ["北京", "A 座", "NO", "007"],
        })
    }
}
