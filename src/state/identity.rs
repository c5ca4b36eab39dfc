//! Whom a state belongs to: an API, an organization, and a group to build under.
//!
//! The organization may be unknown on either side: ready tokens do not tell it. Then it is not compared.

use std::path::Path;

use crate::group::GroupId;
use crate::state::{Snapshot, StateError};

/// Whom a run is about, and so whom a new state belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The normalized origin of the API.
    pub endpoint: String,
    /// The corpId, if it is known.
    pub organization: Option<String>,
    /// The group that the tree is built under.
    pub root: GroupId,
}

impl Identity {
    /// Refuses a state that belongs to something else.
    ///
    /// # Errors
    /// [`StateError::Foreign`] with both sides; `path` is the state file's.
    pub fn check(&self, snapshot: &Snapshot, path: &Path) -> Result<(), StateError> {
        let foreign = |what, recorded: &str, wanted: &str| {
            Err(StateError::Foreign { path: path.into(), what, recorded: recorded.into(), wanted: wanted.into() })
        };
        if self.endpoint != snapshot.endpoint {
            return foreign("endpoint", &snapshot.endpoint, &self.endpoint);
        }
        match (&snapshot.organization, &self.organization) {
            (Some(recorded), Some(wanted)) if recorded != wanted => foreign("organization", recorded, wanted),
            _ if self.root != snapshot.root => foreign("root", &snapshot.root.to_string(), &self.root.to_string()),
            _ => Ok(()),
        }
    }
}
