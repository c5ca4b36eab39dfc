//! What is not DingTalk's: looking into the sandbox and playing a stranger, under `/sandbox/`.
//!
//! No token is asked for, no rate applies, and nothing here is counted, logged or struck by faults.

use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use crate::i18n::Language;
use crate::sandbox::api::group::{SandboxGroup, SandboxMember};
use crate::sandbox::api::rooms::SandboxRoom;
use crate::sandbox::faults::fault::{Fault, FaultError};
use crate::sandbox::http::request_log::{Calls, SeenRequest};
use crate::sandbox::http::service::Service;

type Shared = State<Arc<Service>>;

/// The routes:
///
/// ```text
/// GET    /sandbox/groups          every group: [{"id","name","parent"}]
/// POST   /sandbox/groups          a stranger makes one: {"parentId","name"} → {"id"}
/// PUT    /sandbox/groups/{id}     a stranger renames it: {"name"}
/// DELETE /sandbox/groups/{id}     a stranger removes it, whatever is in it
/// PUT    /sandbox/groups/{id}/administrators  the console appoints them: [{"memberId","memberName"}]
/// GET    /sandbox/rooms           every room: [{"number","name","group"}]
/// POST   /sandbox/rooms           a stranger puts a room into a group: {"groupId","name"} → {"number"}
/// DELETE /sandbox/rooms/{number}  a stranger takes it away
/// GET    /sandbox/calls           counts by operation, and the last calls
/// DELETE /sandbox/calls           forgets calls and requests
/// GET    /sandbox/requests        the last requests whole, less tokens and secrets
/// GET    /sandbox/faults          what is installed
/// POST   /sandbox/faults          installs faults, one to a line, as text
/// DELETE /sandbox/faults          takes all away, bans too
/// POST   /sandbox/tokens/revoke   ends all tokens
/// PUT    /sandbox/rules           changes rules: {"admins","employees","mayRead","mayWrite","knownAddress"}; what is left out stays
/// ```
pub(crate) fn router() -> Router<Arc<Service>> {
    Router::new()
        .route("/sandbox/groups", get(groups).post(add_group))
        .route("/sandbox/groups/{id}", put(rename_group).delete(remove_group))
        .route("/sandbox/groups/{id}/administrators", put(appoint))
        .route("/sandbox/rooms", get(rooms).post(add_room))
        .route("/sandbox/rooms/{number}", delete(remove_room))
        .route("/sandbox/calls", get(calls).delete(forget_calls))
        .route("/sandbox/requests", get(requests))
        .route("/sandbox/faults", get(faults).post(add_faults).delete(clear_faults))
        .route("/sandbox/tokens/revoke", post(revoke))
        .route("/sandbox/rules", put(change_rules))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewGroup {
    parent_id: i64,
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewRoom {
    group_id: i64,
    name: String,
}

#[derive(Serialize)]
struct MadeRoom {
    number: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewName {
    name: String,
}

#[derive(Serialize)]
struct Made {
    id: i64,
}

/// A double option tells `null`, any operator, from left out.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Rules {
    #[serde(default, deserialize_with = "given")]
    admins: Option<Option<Vec<String>>>,
    #[serde(default, deserialize_with = "given")]
    employees: Option<Option<Vec<String>>>,
    may_read: Option<bool>,
    may_write: Option<bool>,
    known_address: Option<bool>,
}

fn given<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

async fn groups(State(service): Shared) -> Json<Vec<SandboxGroup>> {
    let groups = service.world().groups.all();
    Json(groups)
}

async fn add_group(State(service): Shared, Json(new): Json<NewGroup>) -> Result<Json<Made>, StatusCode> {
    let added = service.world().groups.add(new.parent_id, &new.name);
    added.map(|id| Json(Made { id })).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

async fn rename_group(State(service): Shared, Path(id): Path<i64>, Json(new): Json<NewName>) -> StatusCode {
    let renamed = service.world().groups.rename(id, &new.name);
    renamed.map_or_else(|refusal| status(refusal.status), |()| StatusCode::NO_CONTENT)
}

async fn remove_group(State(service): Shared, Path(id): Path<i64>) -> StatusCode {
    let removed = service.world().groups.take(id);
    removed.map_or(StatusCode::INTERNAL_SERVER_ERROR, |()| StatusCode::NO_CONTENT)
}

async fn appoint(State(service): Shared, Path(id): Path<i64>, Json(members): Json<Vec<SandboxMember>>) -> StatusCode {
    let appointed = service.world().groups.appoint(id, members);
    appointed.map_or_else(|refusal| status(refusal.status), |()| StatusCode::NO_CONTENT)
}

async fn rooms(State(service): Shared) -> Json<Vec<SandboxRoom>> {
    let rooms = service.world().groups.rooms().all().cloned().collect();
    Json(rooms)
}

async fn add_room(State(service): Shared, Json(new): Json<NewRoom>) -> Result<Json<MadeRoom>, StatusCode> {
    let added = service.world().groups.add_room(new.group_id, &new.name);
    added.map(|number| Json(MadeRoom { number })).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

async fn remove_room(State(service): Shared, Path(number): Path<u64>) -> StatusCode {
    let removed = service.world().groups.take_room(number);
    removed.map_or(StatusCode::INTERNAL_SERVER_ERROR, |()| StatusCode::NO_CONTENT)
}

fn status(code: u16) -> StatusCode {
    if code == 500 { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::NOT_FOUND }
}

async fn calls(State(service): Shared) -> Json<Calls> {
    let calls = service.world().log.calls();
    Json(calls)
}

async fn forget_calls(State(service): Shared) -> StatusCode {
    service.world().log.clear();
    StatusCode::NO_CONTENT
}

async fn requests(State(service): Shared) -> Json<Vec<SeenRequest>> {
    let requests = service.world().log.requests();
    Json(requests.iter().map(|call| SeenRequest::from(&**call)).collect())
}

async fn faults(State(service): Shared) -> Json<Vec<Arc<str>>> {
    let texts = service.world().faults.texts();
    Json(texts)
}

async fn add_faults(State(service): Shared, text: String) -> Result<StatusCode, (StatusCode, String)> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let parsed: Result<Vec<Fault>, FaultError> = lines.map(Fault::from_str).collect();
    let faults = parsed.map_err(|error| (StatusCode::BAD_REQUEST, Language::English.scope(|| error.to_string())))?;
    let mut world = service.world();
    faults.into_iter().for_each(|fault| world.faults.install(fault));
    Ok(StatusCode::NO_CONTENT)
}

async fn clear_faults(State(service): Shared) -> StatusCode {
    service.world().faults.clear();
    StatusCode::NO_CONTENT
}

async fn revoke(State(service): Shared) -> StatusCode {
    service.world().tokens.revoke();
    StatusCode::NO_CONTENT
}

async fn change_rules(State(service): Shared, Json(rules): Json<Rules>) -> StatusCode {
    let config = &mut service.world().config;
    config.admins = rules.admins.unwrap_or_else(|| config.admins.take());
    config.employees = rules.employees.unwrap_or_else(|| config.employees.take());
    config.may_read = rules.may_read.unwrap_or(config.may_read);
    config.may_write = rules.may_write.unwrap_or(config.may_write);
    config.known_address = rules.known_address.unwrap_or(config.known_address);
    StatusCode::NO_CONTENT
}

#[cfg(test)]
mod tests {
    use reqwest::Method;
    use serde_json::{Value, json};

    use crate::sandbox::Operation;
    use crate::sandbox::testing::{TestSandbox, refused};
    use crate::sandbox::{Config, SeenRequest};

    #[tokio::test]
    async fn a_stranger_can_make_rename_and_remove_groups() {
        let trial = TestSandbox::new(Config::default()).await;
        let new = json!({"parentId": 4711, "name": "orphan"});
        let made = trial.send(Method::POST, "/sandbox/groups", Some(new)).await.unwrap();
        assert_eq!(made, (200, json!({"id": 1001})));
        let renamed = trial.send(Method::PUT, "/sandbox/groups/1001", Some(json!({"name": "new"}))).await.unwrap();
        assert_eq!(renamed.0, 204);
        let (_, groups) = trial.send(Method::GET, "/sandbox/groups", None).await.unwrap();
        assert_eq!(groups, json!([{"id": 1001, "name": "new", "parent": 4711}]));
        assert_eq!(trial.send(Method::DELETE, "/sandbox/groups/1001", None).await.unwrap().0, 204);
        assert_eq!(trial.names(), [""; 0]);
        let new = json!({"groupId": 4711, "name": "望京"});
        assert_eq!(trial.send(Method::POST, "/sandbox/rooms", Some(new)).await.unwrap(), (200, json!({"number": 1})));
        let (_, rooms) = trial.send(Method::GET, "/sandbox/rooms", None).await.unwrap();
        assert_eq!(rooms, json!([{"number": 1, "name": "望京", "group": 4711}]));
        assert_eq!(trial.send(Method::DELETE, "/sandbox/rooms/1", None).await.unwrap().0, 204);
        assert_eq!(trial.sandbox.rooms(), []);
        assert_eq!(trial.send(Method::PUT, "/sandbox/groups/1", Some(json!({"name": "x"}))).await.unwrap().0, 404);
    }

    #[tokio::test]
    async fn faults_are_installed_all_or_none_and_taken_away() {
        let trial = TestSandbox::new(Config::default()).await;
        let install = |text: &'static str| trial.request(Method::POST, "/sandbox/faults", None).body(text).send();
        assert_eq!(install("create:qps\n*:nonsense").await.unwrap().status(), 400);
        assert_eq!(trial.create(0, "a").await.unwrap().0, 200);
        assert_eq!(install("create:qps\nlist:ip").await.unwrap().status(), 204);
        assert_eq!(trial.create(0, "b").await.unwrap().0, 403);
        let (_, texts) = trial.send(Method::GET, "/sandbox/faults", None).await.unwrap();
        assert_eq!(texts, json!(["create:qps", "list:ip"]));
        assert_eq!(trial.send(Method::DELETE, "/sandbox/faults", None).await.unwrap().0, 204);
        assert_eq!(trial.create(0, "b").await.unwrap().0, 200);
    }

    #[tokio::test]
    async fn revoked_tokens_are_refused() {
        let trial = TestSandbox::new(Config::default()).await;
        assert_eq!(trial.send(Method::POST, "/sandbox/tokens/revoke", None).await.unwrap().0, 204);
        assert_eq!(refused(trial.list().await), (400, "InvalidAuthentication".into()));
    }

    #[tokio::test]
    async fn rules_change_while_it_runs_and_what_is_left_out_stays() {
        let trial = TestSandbox::new(Config::default()).await;
        let change = |rules: Value| trial.send(Method::PUT, "/sandbox/rules", Some(rules));
        assert_eq!(change(json!({"admins": ["boss"]})).await.unwrap().0, 204);
        assert_eq!(refused(trial.create(0, "a").await), (400, "user.not.admin".into()));
        assert_eq!(change(json!({"mayWrite": false})).await.unwrap().0, 204);
        assert_eq!(trial.create(0, "a").await.unwrap().0, 403);
        assert_eq!(change(json!({"mayWrite": true})).await.unwrap().0, 204);
        assert_eq!(refused(trial.create(0, "a").await), (400, "user.not.admin".into()));
        assert_eq!(change(json!({"admins": null})).await.unwrap().0, 204);
        assert_eq!(trial.create(0, "a").await.unwrap().0, 200);
    }

    #[tokio::test]
    async fn calls_are_counted_with_what_became_of_them() {
        let trial = TestSandbox::with(&["create:reset-after@2"]).await;
        trial.create(0, "a").await.unwrap();
        trial.create(0, "b").await.unwrap_err();
        trial.create(7, "c").await.unwrap();
        let calls = trial.sandbox.calls();
        assert_eq!(calls.counts.into_iter().collect::<Vec<_>>(), [(Operation::Token, 1), (Operation::Create, 3)]);
        let (_, shown) = trial.send(Method::GET, "/sandbox/calls", None).await.unwrap();
        assert_eq!(shown["counts"], json!({"token": 1, "create": 3}));
        assert_eq!(shown["arrivals"][2]["fault"], "create:reset-after@2");
        assert_eq!(shown["arrivals"][3]["code"], "group.not.found");
        assert!(calls.arrivals.is_sorted_by_key(|arrival| arrival.at));
    }

    #[tokio::test]
    async fn requests_are_shown_as_they_came_less_tokens_and_secrets() {
        let trial = TestSandbox::new(Config { remembered_requests: 2, ..Config::default() }).await;
        let body = json!({"client_id": "sandbox", "client_secret": "sandbox", "grant_type": "client_credentials"});
        trial.send(Method::POST, "/v1.0/oauth2/dingsandbox/token", Some(body)).await.unwrap();
        trial.send(Method::GET, "/v1.0/rooms/groups/7?unionId=a%2Fb", None).await.unwrap();
        let (_, shown) = trial.send(Method::GET, "/sandbox/requests", None).await.unwrap();
        assert_eq!(shown.as_array().map(Vec::len), Some(2));
        assert_eq!(shown[0]["body"]["client_secret"], "***");
        assert_eq!(shown[0]["headers"], json!({"accept": "*/*", "content-type": "application/json"}));
        assert_eq!(shown[1]["query"], json!({"unionId": "a/b"}));
        assert_eq!(shown[1]["rawQuery"], "unionId=a%2Fb");
        assert_eq!((&shown[1]["token"], &shown[1]["body"]), (&json!(true), &Value::Null));
        assert!(!shown.to_string().contains(&trial.token));
        let handle: Vec<SeenRequest> = trial.sandbox.requests();
        assert_eq!(handle[1].path, "/v1.0/rooms/groups/7");
    }
}
