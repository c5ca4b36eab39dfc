//! Every request as it goes over the wire, pinned to what the official SDKs send.

use crate::dingtalk::api::Api;
use crate::dingtalk::error::kind::ErrorKind;
use crate::dingtalk::outcome::CallOutcome;
use crate::dingtalk::testing::mock_server::{Script, Seen, json};
use crate::dingtalk::testing::{app, client, client_of};
use crate::group::GroupId;

const AGENT: (&str, &str) = ("user-agent", concat!("roomtree/", env!("CARGO_PKG_VERSION")));
const ACCEPT: (&str, &str) = ("accept", "application/json");
const GZIP: (&str, &str) = ("accept-encoding", "gzip");
const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");
const TOKEN: (&str, &str) = ("x-acs-dingtalk-access-token", "ready-token");

fn with_body(line: &str, body: &str) -> Seen {
    let length = body.len().to_string();
    seen(line, &[ACCEPT, GZIP, ("content-length", &length), JSON, AGENT, TOKEN], body)
}

fn without_body(line: &str) -> Seen {
    seen(line, &[ACCEPT, GZIP, AGENT, TOKEN], "")
}

fn seen(line: &str, headers: &[(&str, &str)], body: &str) -> Seen {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Seen { line: line.to_owned(), headers, body: body.to_owned() }
}

#[tokio::test]
async fn create() {
    let server = Script::start([json(200, r#"{"result":9007199254740993}"#)]).await;
    let client = client(&server.url);
    let outcome = client.create(client.permit(Api::Create).await, GroupId::new(4711), "A \"座\"/b").await;
    assert_eq!(outcome, CallOutcome::Done(GroupId::new(9_007_199_254_740_993)));
    let body = r#"{"unionId":"aB/c+d==","groupName":"A \"座\"/b","parentGroupId":4711}"#;
    assert_eq!(server.seen(), [with_body("POST /v1.0/rooms/groups", body)]);
}

#[tokio::test]
async fn rename() {
    let server = Script::start([json(200, r#"{"result":true}"#)]).await;
    let client = client(&server.url);
    let outcome = client.rename(client.permit(Api::Rename).await, GroupId::new(4711), "上海").await;
    assert_eq!(outcome, CallOutcome::Done(()));
    let body = r#"{"unionId":"aB/c+d==","groupName":"上海","groupId":4711}"#;
    assert_eq!(server.seen(), [with_body("PUT /v1.0/rooms/groups", body)]);
}

#[tokio::test]
async fn delete() {
    let server = Script::start([json(200, r#"{"result":true}"#)]).await;
    let client = client(&server.url);
    let outcome = client.delete(client.permit(Api::Delete).await, GroupId::new(4711)).await;
    assert_eq!(outcome, CallOutcome::Done(()));
    assert_eq!(server.seen(), [without_body("DELETE /v1.0/rooms/groups/4711?unionId=aB%2Fc%2Bd%3D%3D")]);
}

#[tokio::test]
async fn list() {
    let groups = r#"{"result":[{"groupId":9007199254740993,"groupName":null,"parentId":0}]}"#;
    let server = Script::start([json(200, groups)]).await;
    let live = client(&server.url).list().await.expect("a list");
    assert_eq!(live.groups().map(|group| group.id.get()).collect::<Vec<_>>(), [9_007_199_254_740_993]);
    assert_eq!(server.seen(), [without_body("GET /v1.0/rooms/groupLists?unionId=aB%2Fc%2Bd%3D%3D")]);
}

#[tokio::test]
async fn administrators() {
    let answer = r#"{"result":{"groupId":7,"groupName":"A","groupAdmins":[{"memberId":"m1","memberName":"张三"}]}}"#;
    let other = r#"{"result":{"groupId":8,"groupAdmins":[]}}"#;
    let server = Script::start([json(200, answer), json(200, other)]).await;
    let client = client(&server.url);
    let members = client.administrators(GroupId::new(7)).await.expect("administrators");
    assert_eq!(members.iter().map(|member| (&*member.id, &*member.name)).collect::<Vec<_>>(), [("m1", "张三")]);
    let failure = client.administrators(GroupId::new(7)).await.expect_err("another group");
    assert_eq!(failure.kind, ErrorKind::Unreadable);
    let line = "GET /v1.0/rooms/groupAdmin/7?unionId=aB%2Fc%2Bd%3D%3D";
    assert_eq!(server.seen(), [without_body(line), without_body(line)]);
}

#[tokio::test]
async fn read() {
    let server = Script::start([json(200, r#"{"groupId":7,"groupName":"A","parentId":3}"#)]).await;
    let group = client(&server.url).read(GroupId::new(7)).await.expect("a group");
    assert_eq!((group.name.as_str(), group.parent), ("A", GroupId::new(3)));
    assert_eq!(server.seen(), [without_body("GET /v1.0/rooms/groups/7?unionId=aB%2Fc%2Bd%3D%3D")]);
}

#[tokio::test]
async fn tokens_of_an_app_and_of_an_organization() {
    for (corp_id, line, body, answer) in [
        (
            None,
            "POST /v1.0/oauth2/accessToken",
            r#"{"appKey":"ding-client","appSecret":"cl13nt-s3cr3t"}"#,
            r#"{"accessToken":"ready-token","expireIn":7200}"#,
        ),
        (
            Some("ding/1"),
            "POST /v1.0/oauth2/ding%2F1/token",
            r#"{"client_id":"ding-client","client_secret":"cl13nt-s3cr3t","grant_type":"client_credentials"}"#,
            r#"{"access_token":"ready-token","expires_in":7200}"#,
        ),
    ] {
        let server = Script::start([json(200, answer), json(200, r#"{"result":[]}"#)]).await;
        client_of(&server.url, app(corp_id)).list().await.expect("a list");
        let length = body.len().to_string();
        let token = seen(line, &[ACCEPT, GZIP, ("content-length", &length), JSON, AGENT], body);
        let list = without_body("GET /v1.0/rooms/groupLists?unionId=aB%2Fc%2Bd%3D%3D");
        assert_eq!(server.seen(), [token, list]);
    }
}
