//! What a pull has to tell: what it left out or left as it is, and why.

use crate::group::{GroupId, GroupPath, NameError};
use crate::plan::Conflict;

/// Something that the new manifest does not say, or says against what DingTalk has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PullNote {
    /// A group whose name a manifest may not have; it is left out with what is below it.
    Unwritable {
        /// Its id.
        id: GroupId,
        /// The path that it has in DingTalk.
        path: GroupPath,
        /// What is wrong with the name.
        why: NameError,
    },
    /// Siblings of one name; all but the one that is recorded are left out.
    Duplicates {
        /// The path that they share.
        path: GroupPath,
        /// Those that are left out.
        ids: Vec<GroupId>,
        /// The one that the state records.
        kept: Option<GroupId>,
    },
    /// A group whose name is taken in the manifest by a group that DingTalk does not have there.
    Taken {
        /// Its id.
        id: GroupId,
        /// The path.
        path: GroupPath,
    },
    /// A group that stands deeper than a manifest is written.
    TooDeep {
        /// Its id.
        id: GroupId,
        /// The path that it has in DingTalk.
        path: GroupPath,
    },
    /// A group that does not hang from the top: a group above it is not listed.
    Unrooted {
        /// Its id.
        id: GroupId,
        /// Its name.
        name: String,
    },
    /// A group of the manifest that stays as it is, since the plan has a conflict there.
    Unclear {
        /// Its path in the manifest.
        path: GroupPath,
        /// The conflict.
        conflict: Conflict,
    },
    /// A group of the manifest, with all below it, that DingTalk does not have: it stays.
    Missing {
        /// Its path in the manifest.
        path: GroupPath,
        /// Whether it stays though removing was asked for.
        held: bool,
    },
    /// A group of the manifest, with all below it, that DingTalk does not have: it was removed.
    Removed {
        /// Its path in the former manifest.
        path: GroupPath,
    },
    /// A recorded group, with all recorded below it, that the list lacks: the records stay.
    Unlisted {
        /// Its recorded path.
        path: GroupPath,
        /// Its recorded id.
        id: GroupId,
    },
    /// A group that the manifest is about to rename: it keeps the manifest's name.
    Pending {
        /// Its path in the manifest.
        path: GroupPath,
        /// Its name in DingTalk.
        live: String,
    },
}

impl PullNote {
    /// Says whether something that DingTalk has is not in the new manifest.
    #[must_use]
    pub fn leaves_out(&self) -> bool {
        match self {
            Self::Unwritable { .. } | Self::Duplicates { .. } | Self::Taken { .. } | Self::TooDeep { .. } => true,
            Self::Unrooted { .. } | Self::Unclear { .. } => true,
            Self::Missing { .. } | Self::Removed { .. } | Self::Unlisted { .. } | Self::Pending { .. } => false,
        }
    }
}
