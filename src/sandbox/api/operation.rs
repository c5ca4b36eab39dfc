//! The operations of DingTalk's API that the sandbox serves; limits, faults and counters go by them.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// One operation of the API. Both token calls are one operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// Either token call.
    Token,
    /// `POST /v1.0/rooms/groups`
    Create,
    /// `PUT /v1.0/rooms/groups`
    Rename,
    /// `DELETE /v1.0/rooms/groups/{groupId}`
    Delete,
    /// `GET /v1.0/rooms/groupLists`
    List,
    /// `GET /v1.0/rooms/groups/{groupId}`
    Read,
    /// `GET /v1.0/rooms/meetingRoomLists`
    Rooms,
    /// `GET /v1.0/rooms/groupAdmin/{groupId}`
    Administrators,
    /// `POST /topapi/v2/user/get`
    User,
}

impl Operation {
    /// Every operation, in the order of their variants.
    pub const ALL: [Self; 9] = [
        Self::Token,
        Self::Create,
        Self::Rename,
        Self::Delete,
        Self::List,
        Self::Read,
        Self::Rooms,
        Self::Administrators,
        Self::User,
    ];

    /// Returns the word for it in faults and logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Create => "create",
            Self::Rename => "rename",
            Self::Delete => "delete",
            Self::List => "list",
            Self::Read => "read",
            Self::Rooms => "rooms",
            Self::Administrators => "administrators",
            Self::User => "user",
        }
    }

    /// Says whether it changes groups.
    #[must_use]
    pub const fn is_change(self) -> bool {
        matches!(self, Self::Create | Self::Rename | Self::Delete)
    }
}

impl FromStr for Operation {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|operation| operation.name() == text).ok_or(())
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
