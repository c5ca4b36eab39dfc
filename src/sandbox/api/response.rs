//! What a call is answered, before it is turned into bytes.
//!
//! Long lists are collected under the lock and written out here, after it.

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, Response, StatusCode};
use serde::Serialize;
use serde_json::Value;

use crate::sandbox::api::api_error::ApiRefusal;
use crate::sandbox::api::group::{SandboxGroup, SandboxMember};
use crate::sandbox::api::rooms::{RoomPage, SandboxRoom};
use crate::sandbox::api::users;
use crate::sandbox::faults::fault_effect::{Form, Page};

/// An answer: a status and what it carries.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content: Content,
}

/// What an answer carries.
#[derive(Debug)]
pub(crate) enum Content {
    /// JSON, or what passes for it.
    Json(Bytes),
    /// A page for people.
    Html(&'static str),
    /// Every group.
    Listing(Vec<SandboxGroup>),
    /// An error of DingTalk.
    Refused(ApiRefusal),
    /// The same in the manner of the older half of the API.
    RefusedByNumber(ApiRefusal),
    /// Another place to look at.
    Elsewhere(&'static str),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    group_id: i64,
    group_name: &'a str,
    parent_id: i64,
}

#[derive(Serialize)]
struct Listing<'a> {
    result: Vec<Row<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RoomListing<'a> {
    has_more: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    result: Vec<RoomRow<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RoomRow<'a> {
    room_id: String,
    room_name: &'a str,
    corp_id: &'a str,
    room_status: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    room_group: Option<Row<'a>>,
}

#[derive(Serialize)]
struct AdministratorAnswer<'a> {
    result: AdministratorRow<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AdministratorRow<'a> {
    group_id: i64,
    group_name: &'a str,
    group_admins: &'a [SandboxMember],
}

#[derive(Serialize)]
struct Failure<'a> {
    code: &'a str,
    message: &'a str,
    requestid: String,
}

const GATEWAY: &str = "<html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>";
const BANNED: &str =
    "<!doctype html><html><head><title>Access denied</title></head><body>Your address is blocked.</body></html>";
const DENIED: &[u8] = br#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"x"}"#;

impl Reply {
    /// A success.
    pub(crate) fn json(body: impl Into<Bytes>) -> Self {
        Self { status: 200, content: Content::Json(body.into()) }
    }

    /// `{"result": …}`
    pub(crate) fn result(value: impl std::fmt::Display) -> Self {
        Self::json(format!("{{\"result\":{value}}}"))
    }

    /// One group, bare.
    pub(crate) fn group(group: &SandboxGroup) -> Self {
        Self::json(encode(&Row::of(group)))
    }

    /// The administrators of a group.
    pub(crate) fn administrators(group: &SandboxGroup, members: &[SandboxMember]) -> Self {
        let result = AdministratorRow { group_id: group.id, group_name: &group.name, group_admins: members };
        Self::json(encode(&AdministratorAnswer { result }))
    }

    /// Every group.
    pub(crate) fn listing(groups: Vec<SandboxGroup>) -> Self {
        Self { status: 200, content: Content::Listing(groups) }
    }

    /// A page of the rooms; `group` finds the group that a room is in.
    pub(crate) fn rooms<'a>(
        corp_id: &'a str,
        page: &'a RoomPage,
        group: impl Fn(i64) -> Option<&'a SandboxGroup>,
    ) -> Self {
        let row = |room: &'a SandboxRoom| RoomRow {
            room_id: room.id(),
            room_name: &room.name,
            corp_id,
            room_status: 0,
            room_group: group(room.group).map(Row::of),
        };
        let next_token = page.next.map(|next| next.to_string());
        Self::json(encode(&RoomListing {
            has_more: next_token.is_some(),
            next_token,
            result: page.rooms.iter().map(row).collect(),
        }))
    }

    /// The page of a gateway that got no answer.
    pub(crate) fn gateway(status: u16) -> Self {
        Self { status, content: Content::Html(GATEWAY) }
    }

    /// What a banned caller gets.
    pub(crate) fn banned(page: Page) -> Self {
        let content = match page {
            Page::Html => Content::Html(BANNED),
            Page::Deny => Content::Json(Bytes::from_static(DENIED)),
        };
        Self { status: 200, content }
    }

    /// 302.
    pub(crate) fn redirect() -> Self {
        Self { status: 302, content: Content::Elsewhere("/redirected") }
    }

    /// Returns the error, if this is one.
    pub(crate) fn refusal(&self) -> Option<&ApiRefusal> {
        match &self.content {
            Content::Refused(refusal) | Content::RefusedByNumber(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Gives the ids of a success another form.
    pub(crate) fn reshaped(self, form: Form) -> Self {
        match (&self.content, serde_json::from_slice(&self.encode(0))) {
            (Content::Json(_) | Content::Listing(_), Ok(value)) => Self::json(encode(&reshape(value, form))),
            _ => self,
        }
    }

    /// Makes an error one of the older half of the API.
    pub(crate) fn older(self) -> Self {
        match self.content {
            Content::Refused(refusal) => Self { status: 200, content: Content::RefusedByNumber(refusal) },
            content => Self { content, ..self },
        }
    }

    /// Turns the answer to the call of this number into bytes.
    pub(crate) fn encode(&self, number: u64) -> Bytes {
        match &self.content {
            Content::Json(body) => body.clone(),
            Content::Html(page) => Bytes::from_static(page.as_bytes()),
            Content::Listing(groups) => encode(&Listing { result: groups.iter().map(Row::of).collect() }),
            Content::Refused(refusal) => encode(&Failure::of(refusal, number)),
            Content::RefusedByNumber(refusal) => users::refused(refusal, request_id(number)).into(),
            Content::Elsewhere(_) => Bytes::new(),
        }
    }

    /// Wraps a body, which may be another than the reply's own, into its status and headers.
    pub(crate) fn dress(&self, body: Body) -> Response<Body> {
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = match self.content {
            Content::Html(_) => "text/html; charset=utf-8",
            _ => "application/json; charset=utf-8",
        };
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Content::Elsewhere(place) = self.content {
            response.headers_mut().insert(LOCATION, HeaderValue::from_static(place));
        }
        response
    }
}

impl From<ApiRefusal> for Reply {
    fn from(refusal: ApiRefusal) -> Self {
        Self { status: refusal.status, content: Content::Refused(refusal) }
    }
}

impl<'a> Row<'a> {
    fn of(group: &'a SandboxGroup) -> Self {
        Self { group_id: group.id, group_name: &group.name, parent_id: group.parent }
    }
}

impl<'a> Failure<'a> {
    fn of(refusal: &'a ApiRefusal, number: u64) -> Self {
        Self { code: &refusal.code, message: refusal.shown(), requestid: request_id(number) }
    }
}

/// Gives every id in a document another form.
fn reshape(value: Value, form: Form) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(|item| reshape(item, form)).collect(),
        Value::Object(members) => {
            let member = |(key, value): (String, Value)| Some((key.clone(), reshape_member(&key, value, form)?));
            Value::Object(members.into_iter().filter_map(member).collect())
        }
        other => other,
    }
}

/// Returns `None` for a member that the form leaves out.
fn reshape_member(key: &str, value: Value, form: Form) -> Option<Value> {
    let is_top = key == "parentId" && value == 0;
    match (form, &value) {
        (Form::TextIds, Value::Number(id)) if ["groupId", "parentId", "result"].contains(&key) => {
            Some(Value::from(id.to_string()))
        }
        (Form::NullParent, _) if is_top => Some(Value::Null),
        (Form::NoParent, _) if is_top => None,
        (Form::EmptyParent, _) if is_top => Some(Value::from("")),
        _ => Some(reshape(value, form)),
    }
}

fn request_id(number: u64) -> String {
    format!("5A4DB0C5-0000-4000-8000-{number:012X}")
}

fn encode(value: &impl Serialize) -> Bytes {
    serde_json::to_vec(value).expect("text and integers always make JSON").into()
}
