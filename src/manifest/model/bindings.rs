//! What ties a group of the manifest to one that DingTalk has already: former names, its id, and that it is not to be deleted.
//!
//! Few groups have any, so that a node keeps them behind a pointer and pays eight bytes if it has none.

use crate::group::{GroupId, GroupName};

/// What ties a group to one that exists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bindings {
    /// The names it had before, in the order of the manifest: it is renamed, not made anew.
    pub was: Vec<GroupName>,
    /// The id of the group it is, whatever that is called now.
    pub id: Option<GroupId>,
    /// Whether deleting it and the groups above it is forbidden; `None` if the manifest does not say, so that the recorded
    /// protection remains.
    pub protect: Option<bool>,
}

impl Bindings {
    /// Says whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.was.is_empty() && self.id.is_none() && self.protect.is_none()
    }

    /// Puts them behind a pointer, if there are any.
    pub(crate) fn boxed(self) -> Option<Box<Self>> {
        (!self.is_empty()).then(|| Box::new(self))
    }
}
