//! What pruning would delete, and what stands against it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::group::{GroupId, GroupPath};
use crate::plan::action::Conflict;

/// A recorded group that the manifest no longer has and that is to be removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Deletion {
    /// The recorded path.
    pub path: GroupPath,
    /// The recorded id.
    pub id: GroupId,
    /// Whether live has it no longer, so that only the record goes.
    pub gone: bool,
    /// Live groups in it that are not to be removed, or rooms: DingTalk deletes empty groups only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<Holds>,
    /// Why it may not be the recorded group, although it has the recorded id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflict: Option<Conflict>,
    /// The group of the manifest that takes its place elsewhere, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved: Option<Relocation>,
}

/// What keeps a group from being deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Holds {
    /// Groups in it that stay.
    pub groups: usize,
    /// Meeting rooms in it.
    pub rooms: usize,
}

/// The place where the manifest has a group that it no longer has where the state recorded it.
///
/// DingTalk cannot move groups: a new group is created there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Relocation {
    /// The path of the group to create.
    pub to: GroupPath,
    /// How many groups get another id, itself included.
    pub groups: usize,
}
