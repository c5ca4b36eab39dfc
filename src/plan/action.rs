//! What is to become of one group of the manifest.

use schemars::JsonSchema;
use serde::Serialize;

use crate::group::{GroupId, GroupPath};

/// The decision on one row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Manifest, state and live agree (or, offline, manifest and state do).
    Keep {
        /// The recorded id.
        id: GroupId,
    },
    /// Nowhere but in the manifest: one call makes it.
    Create {
        /// The recorded id that is gone from live, when there was one.
        #[serde(skip_serializing_if = "Option::is_none")]
        gone: Option<GroupId>,
    },
    /// Live has exactly one such group and the state does not know it: its id is recorded, no call is made.
    Adopt {
        /// The id in live.
        id: GroupId,
        /// The recorded id that is gone from live, when there was one.
        #[serde(skip_serializing_if = "Option::is_none")]
        gone: Option<GroupId>,
    },
    /// The recorded group has another name in live: one call gives it the manifest's.
    Rename {
        /// The recorded id.
        id: GroupId,
        /// The name that live has.
        from: String,
    },
    /// People must decide first; the plan cannot be applied.
    Conflict {
        /// What stands against it.
        conflict: Conflict,
    },
    /// A group above it has a conflict, so nothing can be said of this one.
    Blocked,
}

/// Why a row cannot be decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Conflict {
    /// Live has several groups of this name under this parent, and the state knows none of them.
    Duplicates {
        /// Their ids, in rising order.
        ids: Vec<GroupId>,
    },
    /// The group with the recorded id has another parent, or another name, than the record. DingTalk cannot move groups, so the
    /// record may be wrong, or someone renamed the group in DingTalk.
    Mismatch {
        /// The recorded id.
        id: GroupId,
        /// The recorded path.
        recorded: GroupPath,
        /// Its path in DingTalk; `None` if a group above it is not listed.
        found: Option<GroupPath>,
    },
    /// The name belongs to a group that is recorded for another path, or that nobody here knows.
    Taken {
        /// Its id.
        id: GroupId,
        /// The path that it is recorded for; `None` for an unmanaged group.
        #[serde(skip_serializing_if = "Option::is_none")]
        by: Option<GroupPath>,
    },
    /// The manifest binds the row to a group that does not exist.
    Gone {
        /// The `id` in the manifest.
        id: GroupId,
    },
    /// The manifest binds the row to another group than the recorded one, which may still exist.
    Rebound {
        /// The `id` in the manifest.
        id: GroupId,
        /// The recorded id.
        recorded: GroupId,
    },
    /// A former name of the row belongs to a group that the manifest declares next to it, so two entries claim one group.
    WasDeclared {
        /// The former name.
        was: String,
        /// The id of the group that has it.
        id: GroupId,
    },
    /// No group has any of the row's former names, but the name of one that no row claims is similar.
    UnmatchedWas {
        /// The former name.
        was: String,
        /// The similar name.
        similar: String,
        /// The id of the group that has it.
        id: GroupId,
    },
}

/// How many rows got which decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tally {
    /// Groups to create.
    pub create: usize,
    /// Groups whose id is to be recorded.
    pub adopt: usize,
    /// Groups to rename.
    pub rename: usize,
    /// Groups that stay as they are.
    pub keep: usize,
    /// Groups to delete.
    pub delete: usize,
    /// Groups in conflict.
    pub conflict: usize,
    /// Groups below one in conflict.
    pub blocked: usize,
    /// Recorded groups that are not in the manifest and are kept.
    pub retained: usize,
    /// Live groups that neither manifest nor state knows.
    pub unmanaged: usize,
    /// Groups whose protection the state is going to record.
    pub protect: usize,
    /// Groups that lose their recorded protection.
    pub unprotect: usize,
}

impl Tally {
    /// Counts one decision.
    pub fn count(&mut self, decision: &Action) {
        let counter = match decision {
            Action::Keep { .. } => &mut self.keep,
            Action::Create { .. } => &mut self.create,
            Action::Adopt { .. } => &mut self.adopt,
            Action::Rename { .. } => &mut self.rename,
            Action::Conflict { .. } => &mut self.conflict,
            Action::Blocked => &mut self.blocked,
        };
        *counter += 1;
    }

    /// Returns how many changes an apply would make, in DingTalk or in the state.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.create + self.adopt + self.rename + self.delete + self.protect + self.unprotect
    }
}
