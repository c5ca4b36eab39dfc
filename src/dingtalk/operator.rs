//! The operator as a person: the unionId that every call names, looked up where only the userId is known.
//!
//! `POST /topapi/v2/user/get?access_token=` with `{"language","userid"}` answers `{"errcode":0,"result":{"unionid","name",…}}`
//! (`query-user-details`). It needs the permission `qyapi_get_member`, and does not count for the monthly quota
//! (`basic-interfaces-such-as-log-off-and-address-book`). The call is made once, and what it says is not stored anywhere.

use serde::Deserialize;

use crate::dingtalk::api::Api;
use crate::dingtalk::client::Client;
use crate::dingtalk::credentials::{Found, Operator, OperatorIdentity};
use crate::dingtalk::error::error_body::Word;
use crate::dingtalk::error::kind::ApiError;
use crate::dingtalk::http::requests::Request;
use crate::i18n::{Message, misread};
use crate::localized;

impl Client {
    /// Returns on whose behalf calls are made. Where only the userId is known, this asks for the unionId, once.
    ///
    /// # Errors
    /// [`ApiError`] when the address book refuses, does not know that userId, or cannot be reached.
    pub async fn operator(&self) -> Result<&OperatorIdentity, ApiError> {
        self.0.operator.get_or_try_init(|| self.look_up()).await
    }

    /// Returns on whose behalf calls are made, if that is known by now.
    #[must_use]
    pub fn known_operator(&self) -> Option<&OperatorIdentity> {
        self.0.operator.get()
    }

    async fn look_up(&self) -> Result<OperatorIdentity, ApiError> {
        match &self.0.credentials.operator {
            Operator::UnionId(union_id) => Ok(OperatorIdentity { union_id: union_id.clone(), found: None }),
            Operator::UserId { user_id, .. } => {
                let request = Request::user(user_id);
                let Entry { union_id, name } = self.repeat(Api::User, || self.ask(&request, entry)).await?;
                Ok(OperatorIdentity { union_id, found: Some(Found { user_id: user_id.clone(), name }) })
            }
        }
    }
}

/// What an answer says of a user.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) union_id: String,
    pub(crate) name: Option<String>,
}

#[derive(Deserialize)]
struct WireAnswer {
    errcode: Word,
    result: Option<WireUser>,
}

#[derive(Deserialize)]
struct WireUser {
    unionid: String,
    #[serde(default)]
    name: Word,
}

/// Reads `{"errcode":0,"result":{"unionid","name"}}`. The examples of the documentation have the number as a text.
pub(crate) fn entry(body: &[u8]) -> Result<Entry, Message> {
    let WireAnswer { errcode, result } = serde_json::from_slice(body).map_err(|error| misread(&error))?;
    match (errcode.as_str(), result) {
        (Some("0"), Some(user)) if !user.unionid.trim().is_empty() => {
            Ok(Entry { union_id: user.unionid, name: user.name.as_str().map(str::to_owned) })
        }
        (Some("0"), _) => Err(localized!("it has no unionid", "其中没有 `unionid`")),
        _ => Err(localized!("it has no errcode 0", "其中没有 `errcode` 0")),
    }
}
