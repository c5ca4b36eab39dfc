//! One HTTP request to the API, whole, as it arrived.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::extract::Query;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri};
use serde::Deserialize;

use crate::sandbox::api::api_error::ApiRefusal;
use crate::sandbox::api::route::Route;

/// The header that carries the access token.
pub(crate) const TOKEN_HEADER: &str = "x-acs-dingtalk-access-token";

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What a create asks for. Ids are JSON integers; anything else is refused.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Create<'a> {
    #[serde(borrow)]
    pub(crate) union_id: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) group_name: Cow<'a, str>,
    pub(crate) parent_group_id: i64,
}

/// What a rename asks for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rename<'a> {
    #[serde(borrow)]
    pub(crate) union_id: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) group_name: Cow<'a, str>,
    pub(crate) group_id: i64,
}

/// What the token call of an app asks for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppToken<'a> {
    #[serde(borrow)]
    pub(crate) app_key: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) app_secret: Cow<'a, str>,
}

/// What the token call of an organization asks for.
#[derive(Debug, Deserialize)]
pub(crate) struct OrganizationToken<'a> {
    #[serde(borrow)]
    pub(crate) client_id: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) client_secret: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) grant_type: Cow<'a, str>,
}

/// What a question about a user asks for.
#[derive(Debug, Deserialize)]
pub(crate) struct User<'a> {
    #[serde(borrow)]
    pub(crate) userid: Cow<'a, str>,
}

#[derive(Deserialize)]
struct TokenQuery {
    access_token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OperatorQuery {
    union_id: String,
}

impl Call {
    pub(crate) fn new(parts: Parts, body: Bytes) -> Self {
        Self { method: parts.method, uri: parts.uri, headers: parts.headers, body }
    }

    pub(crate) fn route(&self) -> Option<Route<'_>> {
        Route::find(self.method.as_str(), self.uri.path())
    }

    /// Returns the token it carries; nothing if it carries none.
    pub(crate) fn token(&self) -> &[u8] {
        self.headers.get(TOKEN_HEADER).map(|value| value.as_bytes()).unwrap_or_default()
    }

    /// Returns the token that its query carries; nothing if it carries none.
    pub(crate) fn query_token(&self) -> String {
        Query::<TokenQuery>::try_from_uri(&self.uri).map(|Query(query)| query.access_token).unwrap_or_default()
    }

    /// Reads the body as what the operation asks for.
    pub(crate) fn asks<'a, T: Deserialize<'a>>(&'a self) -> Result<T, ApiRefusal> {
        serde_json::from_slice(&self.body).map_err(|error| ApiRefusal::malformed(error.to_string()))
    }

    /// Returns the `unionId` of the query.
    pub(crate) fn operator(&self) -> Result<String, ApiRefusal> {
        let query = Query::<OperatorQuery>::try_from_uri(&self.uri);
        query.map(|Query(query)| query.union_id).map_err(|_| ApiRefusal::malformed("the query has no unionId"))
    }

    /// Returns which page of a list the query asks for.
    pub(crate) fn paging(&self) -> Result<Paging, ApiRefusal> {
        let query = Query::<Paging>::try_from_uri(&self.uri);
        query.map(|Query(paging)| paging).map_err(|_| ApiRefusal::malformed("the query is malformed"))
    }
}

/// Which page of the rooms a call asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Paging {
    next_token: Option<String>,
    max_results: Option<String>,
}

impl Paging {
    /// Returns the number of the first room and how many there may be: 20 unless the call says otherwise, 100 at most.
    pub(crate) fn range(&self) -> Result<(u64, usize), ApiRefusal> {
        let from = match self.next_token.as_deref() {
            None | Some("") => 0,
            Some(token) => token.parse().map_err(|_| ApiRefusal::malformed("the nextToken is not one of mine"))?,
        };
        match self.max_results.as_deref().map_or(Ok(20), str::parse) {
            Ok(most @ 1..=100) => Ok((from, most)),
            _ => Err(ApiRefusal::malformed("maxResults is not a number from 1 to 100")),
        }
    }
}

/// Reads the id of a group from a path.
pub(crate) fn group_id(text: &str) -> Result<i64, ApiRefusal> {
    text.parse().map_err(|_| ApiRefusal::malformed("the groupId is not a 64-bit integer"))
}

/// Takes a name as DingTalk does: any text but none.
pub(crate) fn group_name(text: &str) -> Result<&str, ApiRefusal> {
    if text.is_empty() { Err(ApiRefusal::malformed("the groupName is empty")) } else { Ok(text) }
}
