//! Whom a state belongs to: an API, an organization, and a group to build under.
//!
//! The organization may be unknown on either side: ready tokens do not tell it. Then it is not compared.

use std::path::Path;

use crate::group::GroupId;
use crate::state::StateError;

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
    pub fn check(&self, recorded: &Self, path: &Path) -> Result<(), StateError> {
        let foreign = |what, recorded: &str, wanted: &str| {
            Err(StateError::Foreign { path: path.into(), what, recorded: recorded.into(), wanted: wanted.into() })
        };
        if self.endpoint != recorded.endpoint {
            return foreign("endpoint", &recorded.endpoint, &self.endpoint);
        }
        match (&recorded.organization, &self.organization) {
            (Some(recorded), Some(wanted)) if recorded != wanted => foreign("organization", recorded, wanted),
            _ if self.root != recorded.root => foreign("root", &recorded.root.to_string(), &self.root.to_string()),
            _ => Ok(()),
        }
    }
}
