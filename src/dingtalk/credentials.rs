//! Who calls, and by what right. Secrets are held so that they cannot be printed by accident.

use secrecy::SecretString;

use crate::dingtalk::endpoint::Endpoint;

/// What a client needs to call DingTalk.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// How the client gets its access token.
    pub grant: Grant,
    /// The admin on whose behalf calls are made.
    pub operator: Operator,
}

/// On whose behalf calls are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operator {
    /// The person with this unionId.
    UnionId(String),
    /// The person with this userId; their unionId is looked up in the address book.
    UserId {
        /// The id within the organization.
        user_id: String,
        /// Where the address book is.
        directory: Endpoint,
    },
}

impl Operator {
    pub(crate) fn is_empty(&self) -> bool {
        let (Self::UnionId(id) | Self::UserId { user_id: id, .. }) = self;
        id.trim().is_empty()
    }
}

/// How the client gets its access token.
#[derive(Clone, Debug)]
pub enum Grant {
    /// From DingTalk, for an app; renewed whenever it is needed.
    App {
        /// The app's client id, formerly AppKey.
        client_id: String,
        /// The app's client secret, formerly AppSecret.
        client_secret: SecretString,
        /// The organization, for apps that serve several.
        corp_id: Option<String>,
    },
    /// Made elsewhere; it cannot be renewed.
    Token(SecretString),
}

/// On whose behalf calls are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorIdentity {
    /// The id that calls name.
    pub union_id: String,
    /// What the address book said, if it was asked.
    pub found: Option<Found>,
}

/// What the address book said of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The id within the organization that was asked for.
    pub user_id: String,
    /// The person's name, if DingTalk returned it.
    pub name: Option<String>,
}
