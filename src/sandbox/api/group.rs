//! A room group as the sandbox keeps and shows it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A room group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxGroup {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: Arc<str>,
    /// The id of the group it is in; 0 at the top.
    pub parent: i64,
}

/// An administrator of a group. In JSON, members are named as the API names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SandboxMember {
    /// The member's id.
    pub member_id: String,
    /// The member's name.
    pub member_name: String,
}
