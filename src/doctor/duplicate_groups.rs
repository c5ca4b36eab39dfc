//! Groups with the same name under the same parent, as plain data.

use schemars::JsonSchema;
use serde::Serialize;

use crate::group::{GroupId, GroupPath};

/// Groups of one name under one parent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Duplicates {
    /// The name they share.
    pub name: String,
    /// The group they stand under.
    pub parent: GroupId,
    /// The path they share, if they hang from the top.
    pub path: Option<GroupPath>,
    /// All of them, by id.
    pub groups: Vec<Duplicate>,
    /// The protected path, that of the recorded group or one below it, that keeps all of them from being removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protected_by: Option<GroupPath>,
}

/// One of several groups of one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Duplicate {
    /// Its id.
    pub id: GroupId,
    /// The path it is recorded at, if it is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<GroupPath>,
    /// How many groups stand right below it.
    pub children: usize,
    /// Whether it can be removed safely: it has no children and is not recorded, unlike the group that stays.
    pub spare: bool,
}
