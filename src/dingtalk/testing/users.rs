//! A userId becomes a unionId: what is asked, what every answer means, and that the token in the query stays hidden.

use secrecy::SecretString;

use crate::dingtalk::api::Api;
use crate::dingtalk::client::{Client, Settings};
use crate::dingtalk::credentials::{Credentials, Grant, Operator};
use crate::dingtalk::credentials::{Found, OperatorIdentity};
use crate::dingtalk::endpoint::Endpoint;
use crate::dingtalk::error::kind::{ApiError, ErrorKind};
use crate::dingtalk::http::network::NetworkVariables;
use crate::dingtalk::outcome::CallOutcome;
use crate::dingtalk::testing::mock_server::{Script, Step, answer, json};
use crate::dingtalk::testing::{app, client_of, client_with};
use crate::group::GroupId;

const ZHANG: &str = r#"{"errcode":0,"errmsg":"ok","result":{"userid":"zhang/三","unionid":"uN/i+on==","name":"张三","admin":true},"request_id":"R"}"#;
const TOKEN: &str = "t0k3n/+=";

fn ready() -> Grant {
    Grant::Token(SecretString::from(TOKEN))
}

fn client(url: &str, grant: Grant) -> Client {
    let directory = Endpoint::parse(url).expect("an endpoint");
    client_with(url, Credentials { grant, operator: Operator::UserId { user_id: "zhang/三".to_owned(), directory } })
}

async fn asked(step: Step) -> (Result<OperatorIdentity, ApiError>, usize) {
    let server = Script::start([step]).await;
    let person = client(&server.url, ready()).operator().await.cloned();
    (person, server.seen().len())
}

#[tokio::test]
async fn one_question_finds_the_operator_of_every_call() {
    let done = r#"{"result":true}"#;
    let server = Script::start([json(200, ZHANG), json(200, r#"{"result":[]}"#), json(200, done)]).await;
    let client = client(&server.url, ready());
    assert_eq!(client.known_operator(), None);
    client.list().await.expect("a list");
    let deleted = client.delete(client.permit(Api::Delete).await, GroupId::new(7)).await;
    assert_eq!(deleted, CallOutcome::Done(()));
    let seen = server.seen();
    assert_eq!(seen[0].line, "POST /topapi/v2/user/get?access_token=t0k3n%2F%2B%3D");
    assert_eq!(seen[0].body, r#"{"language":"zh_CN","userid":"zhang/三"}"#);
    assert!(
        seen[0].headers.iter().all(|(name, value)| name != "x-acs-dingtalk-access-token" && !value.contains("t0k3n"))
    );
    assert_eq!(seen[1].line, "GET /v1.0/rooms/groupLists?unionId=uN%2Fi%2Bon%3D%3D");
    assert_eq!(seen[2].line, "DELETE /v1.0/rooms/groups/7?unionId=uN%2Fi%2Bon%3D%3D");
    assert_eq!(seen.len(), 3);
    let found = Found { user_id: "zhang/三".to_owned(), name: Some("张三".to_owned()) };
    assert_eq!(
        client.known_operator(),
        Some(&OperatorIdentity { union_id: "uN/i+on==".to_owned(), found: Some(found) })
    );
    assert_eq!((client.calls().of(Api::User).sent, client.calls().of(Api::User).metered), (1, 0));
}

#[tokio::test]
async fn the_question_goes_to_its_own_address() {
    let (rooms, directory) =
        (Script::start([json(200, r#"{"result":[]}"#)]).await, Script::start([json(200, ZHANG)]).await);
    let at = Endpoint::parse(&directory.url).expect("an endpoint");
    let operator = Operator::UserId { user_id: "zhang".to_owned(), directory: at };
    client_with(&rooms.url, Credentials { grant: ready(), operator }).list().await.expect("a list");
    assert_eq!((rooms.seen().len(), directory.seen().len()), (1, 1));
    assert!(!rooms.lines()[0].contains("access_token"));
}

#[tokio::test]
async fn who_has_a_union_id_asks_nobody() {
    let server = Script::start([json(200, r#"{"result":[]}"#)]).await;
    let client = client_of(&server.url, ready());
    client.list().await.expect("a list");
    assert_eq!(client.calls().of(Api::User).sent, 0);
    assert_eq!(client.operator().await.map(|person| person.found.clone()), Ok(None));
}

#[tokio::test]
async fn every_number_has_its_meaning_and_is_asked_once() {
    use ErrorKind as Kind;
    for (body, kind) in [
        (r#"{"errcode":33012,"errmsg":"无效的userId","request_id":"R"}"#, Kind::NoSuchUser),
        (r#"{"errcode":"60121","errmsg":"找不到该用户"}"#, Kind::NoSuchUser),
        (r#"{"errcode":50002,"errmsg":"m"}"#, Kind::UserOutOfReach),
        (r#"{"errcode":400002,"errmsg":"m"}"#, Kind::Parameter),
        (r#"{"errcode":88,"sub_code":"60011","sub_msg":"m","errmsg":"e"}"#, Kind::Permission),
        (r#"{"errcode":60020,"errmsg":"m"}"#, Kind::AddressNotAllowed),
        (r#"{"errcode":90020,"errmsg":"m"}"#, Kind::Quota),
        (r#"{"errcode":88,"sub_code":"40014","sub_msg":"m","errmsg":"e"}"#, Kind::TokenExpired),
        (r#"{"errcode":88}"#, Kind::Other),
        (r#"{"errcode":99999,"errmsg":"m"}"#, Kind::Other),
        (r#"{"status":1111,"wait":5}"#, Kind::Banned),
        ("<!doctype html>", Kind::Banned),
    ] {
        let (person, calls) = asked(json(200, body)).await;
        assert_eq!((person.expect_err("nobody").kind, calls), (kind, 1), "{body}");
    }
}

#[tokio::test]
async fn what_is_no_answer_is_asked_again() {
    for (step, kind) in [
        (json(200, r#"{"errcode":-1,"errmsg":"系统繁忙"}"#), ErrorKind::Server),
        (json(502, "<html>"), ErrorKind::Server),
        (json(200, ""), ErrorKind::Unreadable),
        (json(200, r#"{"errcode":0,"errmsg":"ok"}"#), ErrorKind::Unreadable),
        (json(200, r#"{"errcode":0,"result":{"unionid":" "}}"#), ErrorKind::Unreadable),
        (json(200, r#"{"result":{"unionid":"u"}}"#), ErrorKind::Unreadable),
        (json(200, r#"{"errcode":0,"result":{"unionid":7}}"#), ErrorKind::Unreadable),
        (Step::Break(Vec::new()), ErrorKind::Interrupted),
        (answer(302, "location: https://elsewhere.example/\r\n", ""), ErrorKind::Redirect),
    ] {
        let (person, calls) = asked(step.clone()).await;
        assert_eq!((person.expect_err("nobody").kind, calls), (kind, 5), "{step:?}");
    }
}

#[tokio::test]
async fn a_rate_is_waited_out() {
    let server = Script::start([json(200, r#"{"errcode":90018,"errmsg":"slow"}"#), json(200, ZHANG)]).await;
    let start = std::time::Instant::now();
    assert!(client(&server.url, ready()).operator().await.is_ok());
    assert!(start.elapsed().as_millis() >= 900);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let token = |name: &str| json(200, &format!(r#"{{"accessToken":"{name}","expireIn":7200}}"#));
    let refused = json(200, r#"{"errcode":88,"sub_code":"40014","sub_msg":"m"}"#);
    let server = Script::start([token("first"), refused, token("second"), json(200, ZHANG)]).await;
    assert!(client(&server.url, app(None)).operator().await.is_ok());
    assert_eq!(server.lines()[3], "POST /topapi/v2/user/get?access_token=second");
}

#[tokio::test]
async fn no_failure_shows_the_token_of_the_query() {
    let echo = r#"{"errcode":60121,"errmsg":"bad /topapi/v2/user/get?access_token=t0k3n%2F%2B%3D and t0k3n/+=","request_id":"t0k3n/+="}"#;
    let steps = [
        json(200, echo),
        json(500, echo),
        json(200, "t0k3n/+="),
        Step::Break(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nt0k3n/+=".to_vec()),
        Step::Break(b"t0k3n/+= is no HTTP".to_vec()),
        answer(302, "location: /x?access_token=t0k3n%2F%2B%3D\r\n", ""),
    ];
    for step in steps {
        let server = Script::start([step]).await;
        let client = client(&server.url, ready());
        let failure = client.operator().await.expect_err("nobody");
        let shown = format!("{failure} {failure:?} {} {client:?}", failure.remedy());
        assert!(!shown.contains("t0k3n"), "{shown}");
    }
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let failure = client(&format!("http://{closed}"), ready()).operator().await.expect_err("nobody there");
    assert!(!format!("{failure} {failure:?}").contains("t0k3n"));
    assert_eq!(failure.kind, ErrorKind::Unreachable);
}

#[tokio::test]
async fn a_change_whose_operator_is_not_found_is_not_sent() {
    let server = Script::start([json(200, r#"{"errcode":60121,"errmsg":"nobody"}"#)]).await;
    let client = client(&server.url, ready());
    let outcome = client.create(client.permit(Api::Create).await, GroupId::ROOT, "A").await;
    assert!(matches!(&outcome, CallOutcome::Rejected(failure) if failure.kind == ErrorKind::NoSuchUser), "{outcome:?}");
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn an_empty_user_id_is_no_operator() {
    let endpoint = Endpoint::parse("http://127.0.0.1:1").expect("an endpoint");
    let operator = Operator::UserId { user_id: " ".to_owned(), directory: endpoint.clone() };
    assert!({
        let credentials = Credentials { grant: ready(), operator };
        Client::new(&endpoint, credentials, Settings::default(), &NetworkVariables::default()).is_err()
    });
}
