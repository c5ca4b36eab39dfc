//! The requests, exactly as DingTalk's official SDKs send them.
//!
//! Bodies are compact raw UTF-8 with ids as JSON numbers; the operator stands in the query of what has no body, strictly
//! percent-encoded. Nothing here knows of tokens, time or the network.

use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::dingtalk::api::Api;
use crate::group::GroupId;

/// The media type of every body.
pub(crate) const JSON: &str = "application/json; charset=utf-8";

/// The header that carries the access token.
pub(crate) const TOKEN_HEADER: &str = "x-acs-dingtalk-access-token";

const GROUPS: &str = "/v1.0/rooms/groups";

/// One request, ready to be sent any number of times. It has no `Debug`, since the bodies of token calls hold the secret.
pub(crate) struct Request {
    pub(crate) api: Api,
    pub(crate) method: Method,
    /// The path with its query, if it has one.
    pub(crate) target: String,
    pub(crate) body: Option<Vec<u8>>,
    /// How often it was sent.
    attempts: AtomicU32,
}

#[derive(Serialize)]
struct UserBody<'a> {
    language: &'a str,
    userid: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CreateBody<'a> {
    union_id: &'a str,
    group_name: &'a str,
    parent_group_id: GroupId,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RenameBody<'a> {
    union_id: &'a str,
    group_name: &'a str,
    group_id: GroupId,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AppTokenBody<'a> {
    app_key: &'a str,
    app_secret: &'a str,
}

#[derive(Serialize)]
struct OrganizationTokenBody<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    grant_type: &'a str,
}

impl Request {
    /// `POST /v1.0/rooms/groups` (`create-meeting-room-groups`).
    pub(crate) fn create(operator: &str, parent: GroupId, name: &str) -> Self {
        let body = CreateBody { union_id: operator, group_name: name, parent_group_id: parent };
        Self::with_body(Api::Create, Method::POST, GROUPS.to_owned(), &body)
    }

    /// `PUT /v1.0/rooms/groups` (`update-meeting-room-groups`).
    pub(crate) fn rename(operator: &str, id: GroupId, name: &str) -> Self {
        let body = RenameBody { union_id: operator, group_name: name, group_id: id };
        Self::with_body(Api::Rename, Method::PUT, GROUPS.to_owned(), &body)
    }

    /// `DELETE /v1.0/rooms/groups/{groupId}` (`delete-a-conference-room-group`).
    pub(crate) fn delete(operator: &str, id: GroupId) -> Self {
        Self::without_body(Api::Delete, Method::DELETE, format!("{GROUPS}/{id}"), operator)
    }

    /// `GET /v1.0/rooms/groupLists` (`query-meeting-rooms-groups`).
    pub(crate) fn list(operator: &str) -> Self {
        Self::without_body(Api::List, Method::GET, "/v1.0/rooms/groupLists".to_owned(), operator)
    }

    /// `GET /v1.0/rooms/groups/{groupId}` (`query-meeting-room-groups`).
    pub(crate) fn read(operator: &str, id: GroupId) -> Self {
        Self::without_body(Api::Read, Method::GET, format!("{GROUPS}/{id}"), operator)
    }

    /// `GET /v1.0/rooms/groupAdmin/{groupId}` (`api-querymeetingroomgroupadmin`).
    pub(crate) fn administrators(operator: &str, id: GroupId) -> Self {
        Self::without_body(Api::Administrators, Method::GET, format!("/v1.0/rooms/groupAdmin/{id}"), operator)
    }

    /// `GET /v1.0/rooms/meetingRoomLists` (`check-the-meeting-room-list`): 100 rooms a page at the most.
    pub(crate) fn rooms(operator: &str, next: Option<&str>) -> Self {
        let mut request =
            Self::without_body(Api::Rooms, Method::GET, "/v1.0/rooms/meetingRoomLists".to_owned(), operator);
        request.target.push_str("&maxResults=100");
        if let Some(next) = next {
            request.target.push_str(&format!("&nextToken={}", percent_encode(next)));
        }
        request
    }

    /// `POST /v1.0/oauth2/accessToken` (`obtain-the-access-token-of-an-internal-app`).
    pub(crate) fn app_token(client_id: &str, client_secret: &SecretString) -> Self {
        let body = AppTokenBody { app_key: client_id, app_secret: client_secret.expose_secret() };
        Self::with_body(Api::Token, Method::POST, "/v1.0/oauth2/accessToken".to_owned(), &body)
    }

    /// `POST /v1.0/oauth2/{corpId}/token` (`api-gettoken`).
    pub(crate) fn organization_token(corp_id: &str, client_id: &str, client_secret: &SecretString) -> Self {
        let client_secret = client_secret.expose_secret();
        let body = OrganizationTokenBody { client_id, client_secret, grant_type: "client_credentials" };
        let target = format!("/v1.0/oauth2/{}/token", percent_encode(corp_id));
        Self::with_body(Api::Token, Method::POST, target, &body)
    }

    /// `POST /topapi/v2/user/get` (`query-user-details`). The token is to stand in its query, as `access_token`.
    pub(crate) fn user(user_id: &str) -> Self {
        let body = UserBody { language: "zh_CN", userid: user_id };
        Self::with_body(Api::User, Method::POST, "/topapi/v2/user/get".to_owned(), &body)
    }

    /// Continues the count of attempts after earlier requests for the same step.
    pub(crate) fn after(self, attempts: u32) -> Self {
        Self { attempts: AtomicU32::new(attempts), ..self }
    }

    /// Counts another attempt and returns its number, from 1.
    pub(crate) fn next_attempt(&self) -> u32 {
        self.attempts.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Returns the path for a log line: without its query, which can hold a token, and with nothing of a token call.
    pub(crate) fn logged_path(&self) -> &str {
        match self.api {
            Api::Token => "/v1.0/oauth2/[redacted]",
            _ => self.target.split('?').next().unwrap_or_default(),
        }
    }

    fn with_body(api: Api, method: Method, target: String, body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).expect("strings and numbers are always JSON");
        Self { api, method, target, body: Some(body), attempts: AtomicU32::new(0) }
    }

    fn without_body(api: Api, method: Method, path: String, operator: &str) -> Self {
        let target = format!("{path}?unionId={}", percent_encode(operator));
        Self { api, method, target, body: None, attempts: AtomicU32::new(0) }
    }
}

/// Encodes every byte that RFC 3986 does not call unreserved, as the official SDKs do.
pub(crate) fn percent_encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use crate::dingtalk::http::requests::{Request, percent_encode};
    use crate::group::GroupId;

    #[test]
    fn everything_but_the_unreserved_is_percent_encoded() {
        assert_eq!(percent_encode("aZ09-._~"), "aZ09-._~");
        assert_eq!(percent_encode("a/b+c= &'(北"), "a%2Fb%2Bc%3D%20%26%27%28%E5%8C%97");
    }

    #[test]
    fn logged_path_has_no_query_and_nothing_of_a_token_call() {
        assert_eq!(Request::rooms("me", Some("next")).logged_path(), "/v1.0/rooms/meetingRoomLists");
        let secret = "secret".into();
        for request in [Request::app_token("app", &secret), Request::organization_token("corp", "app", &secret)] {
            assert_eq!(request.logged_path(), "/v1.0/oauth2/[redacted]");
        }
    }

    #[test]
    fn ids_beyond_two_to_the_53_keep_every_digit() {
        let id = GroupId::new(9_007_199_254_740_993);
        let body = Request::create("u", id, "北\"京").body.expect("a create has a body");
        let text = r#"{"unionId":"u","groupName":"北\"京","parentGroupId":9007199254740993}"#;
        assert_eq!(String::from_utf8_lossy(&body), text);
    }
}
