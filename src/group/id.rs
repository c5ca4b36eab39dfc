//! The id that DingTalk gives a room group: a 64-bit integer ("Long"), 0 for the top of the tree.
//!
//! Ids may exceed 2^53, so they never pass through a floating-point number.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The id of a room group, as DingTalk gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct GroupId(i64);

impl GroupId {
    /// The parent of the topmost groups: not a group itself.
    pub const ROOT: Self = Self(0);

    /// Wraps an id as DingTalk sent it.
    #[must_use]
    pub const fn new(id: i64) -> Self {
        Self(id)
    }

    /// Returns the number that DingTalk knows the group by.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
