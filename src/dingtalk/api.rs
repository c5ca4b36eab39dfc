//! The operations of DingTalk that roomtree calls.
//!
//! DingTalk counts its rates per app and API, so pacing, counters and failures all speak of these.

use std::fmt;

use crate::tr;

/// One operation of DingTalk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Api {
    /// Asks for an access token (`obtain-the-access-token-of-an-internal-app`, `api-gettoken`).
    Token,
    /// Creates a room group (`create-meeting-room-groups`).
    Create,
    /// Renames a room group (`update-meeting-room-groups`).
    Rename,
    /// Deletes a room group (`delete-a-conference-room-group`).
    Delete,
    /// Lists every room group of the organization (`query-meeting-rooms-groups`).
    List,
    /// Reads one room group (`query-meeting-room-groups`).
    Read,
    /// Lists the meeting rooms, page by page (`check-the-meeting-room-list`).
    Rooms,
    /// Reads the administrators of one room group (`api-querymeetingroomgroupadmin`).
    Administrators,
    /// Reads one user of the address book (`query-user-details`).
    User,
}

impl Api {
    /// Every operation, in the order of the variants.
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

    /// Returns the word that people read for the operation.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Token => tr!("token", "获取令牌"),
            Self::Create => tr!("create", "创建"),
            Self::Rename => tr!("rename", "改名"),
            Self::Delete => tr!("delete", "删除"),
            Self::List => tr!("list", "列出分组"),
            Self::Read => tr!("read", "读取分组"),
            Self::Rooms => tr!("rooms", "列出会议室"),
            Self::Administrators => tr!("administrators", "读取分组管理员"),
            Self::User => tr!("user", "查询用户"),
        }
    }

    /// Returns the word that programs read for the operation.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
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

    /// Says whether a call counts for the organization's monthly quota: all do but those for tokens and the address book
    /// (`basic-interfaces-such-as-log-off-and-address-book`).
    #[must_use]
    pub const fn is_metered(self) -> bool {
        !matches!(self, Self::Token | Self::User)
    }

    /// Says whether it belongs to the older half of the API, which has a host, a place for the token and errors of its own.
    #[must_use]
    pub const fn is_older(self) -> bool {
        matches!(self, Self::User)
    }

    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
