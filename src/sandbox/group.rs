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
