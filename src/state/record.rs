//! What the journal says, line by line: changes that are about to be asked for, and what became of them.
//!
//! A [`Change`] is written down before its call is made, so that a crash between the call and its answer leaves a trace.
//! A second kind of thing (rooms) adds variants to [`Change`]; the records around it stay as they are.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::group::{GroupId, GroupPath};

/// The number of an intent: ascending within one journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(u64);

/// What a call would change. The name that goes to DingTalk is the last name of the path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Change {
    /// A group is made under `parent`, which is the root of the tree or a recorded group.
    Create {
        /// Where the group will stand.
        path: GroupPath,
        /// The group it is made under.
        parent: GroupId,
    },
    /// Nothing is asked for any more, but an earlier create may still land here as a duplicate: see [`Record::Lost`].
    Stray {
        /// Where the group would stand.
        path: GroupPath,
        /// The group it was to be made under.
        parent: GroupId,
    },
    /// A recorded group gets the last name of `to`; it keeps its parent, since DingTalk cannot move groups.
    Rename {
        /// The group.
        id: GroupId,
        /// Where it stands, for people who read the journal.
        from: GroupPath,
        /// Where it will stand.
        to: GroupPath,
    },
    /// A group is removed: a recorded one, or a duplicate of ours that was never recorded.
    Delete {
        /// Where it stands.
        path: GroupPath,
        /// The group.
        id: GroupId,
    },
}

/// One line of the journal: one step from a ledger to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Record {
    /// The call for this change may be made once this record is durable.
    Intent {
        /// The number that `Done` or `Void` will refer to.
        seq: Seq,
        /// What the call would change.
        change: Change,
    },
    /// The change took place.
    Done {
        /// Whose outcome this is.
        seq: Seq,
        /// The group concerned: the new one for a create.
        id: GroupId,
    },
    /// A create was not to be seen after its answer was lost, and may be asked for again. The intent stays open as a
    /// [`Change::Stray`], since the create may still land; once nothing is left of it, `Void` closes it.
    Lost {
        /// Whose outcome this is.
        seq: Seq,
    },
    /// The change surely did not take place, or nothing is left of it.
    Void {
        /// Whose outcome this is.
        seq: Seq,
    },
    /// A group is adopted, or a path bound to another group, without a call.
    Put {
        /// Where the group stands.
        path: GroupPath,
        /// The group.
        id: GroupId,
    },
    /// A path is forgotten without a call; the groups recorded below it and its protection stay.
    Drop {
        /// What to forget.
        path: GroupPath,
    },
    /// Paths and all below them are known by other paths from now on, without a call; all at once, so that names can be
    /// swapped.
    Move {
        /// The moves. No path stands within another.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        moves: Vec<Moved>,
        /// Former names that are dealt with by this, to be remembered: see [`Snapshot::former`](crate::state::Snapshot).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        honoured: Vec<FormerName>,
    },
    /// Paths become protected or lose their protection, without a call. A path need not be recorded: protection outlives
    /// the group, so that a group that is created again is protected too.
    Protect {
        /// The paths that become protected.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        protected: Vec<GroupPath>,
        /// The paths that lose their protection.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        released: Vec<GroupPath>,
    },
}

/// A former name that needs no more dealing with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormerName {
    /// Whose former name it is.
    pub path: GroupPath,
    /// The former name.
    pub name: String,
}

/// A path that becomes another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moved {
    /// The former path.
    pub from: GroupPath,
    /// The new path.
    pub to: GroupPath,
}

impl Moved {
    /// Returns what a path becomes that stands at the former path or below it; `None` for any other.
    #[must_use]
    pub fn of(&self, path: &GroupPath) -> Option<GroupPath> {
        let below = path.is_within(&self.from).then(|| path.names().skip(self.from.depth()))?;
        Some(below.fold(self.to.clone(), |above, name| above.join(&name)))
    }
}

impl Change {
    /// Returns what stays of a create that was lost; `None` for all else, which cannot be lost.
    #[must_use]
    pub fn stray(&self) -> Option<Self> {
        match self {
            Self::Create { path, parent } => Some(Self::Stray { path: path.clone(), parent: *parent }),
            Self::Stray { .. } | Self::Rename { .. } | Self::Delete { .. } => None,
        }
    }
}

impl Seq {
    /// Wraps the number of an intent.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Returns the number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
