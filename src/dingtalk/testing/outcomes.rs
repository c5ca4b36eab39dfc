//! What comes of a change, for every way in which it can end. One change is one request, whatever happens.

use std::time::Duration;

use tokio::net::TcpListener;

use crate::dingtalk::api::Api;
use crate::dingtalk::client::Client;
use crate::dingtalk::error::kind::ErrorKind;
use crate::dingtalk::outcome::CallOutcome;
use crate::dingtalk::testing::mock_server::{Script, Step, answer, json};
use crate::dingtalk::testing::{app, client, client_of, impatient};
use crate::group::GroupId;

async fn create(client: &Client) -> CallOutcome<GroupId> {
    client.create(client.permit(Api::Create).await, GroupId::ROOT, "A").await
}

fn verdict(outcome: &CallOutcome<GroupId>) -> (&'static str, Option<ErrorKind>) {
    let word = match outcome {
        CallOutcome::Done(_) => "done",
        CallOutcome::Rejected(_) => "rejected",
        CallOutcome::Throttled(_) => "throttled",
        CallOutcome::Unreachable(_) => "unreachable",
        CallOutcome::Unknown(_) => "unknown",
    };
    (word, outcome.failure().map(|failure| failure.kind))
}

/// Makes one create against a server that takes this step, and checks that it saw exactly one request.
async fn becomes(step: Step, word: &str, kind: ErrorKind) {
    let server = Script::start([step.clone()]).await;
    let client = client(&server.url);
    let outcome = create(&client).await;
    assert_eq!(verdict(&outcome), (word, Some(kind)), "{step:?}");
    assert_eq!(server.seen().len(), 1, "{step:?}");
}

#[tokio::test]
async fn documented_refusals_are_rejected() {
    use ErrorKind as Kind;
    for (status, code, kind) in [
        (400, "param.error", Kind::Parameter),
        (400, "user.not.admin", Kind::NotAdmin),
        (400, "user.not.employee", Kind::NotEmployee),
        (400, "org.not.found", Kind::OrganizationNotFound),
        (400, "group.not.found", Kind::GroupNotFound),
        (400, "group.too.much", Kind::TooManyGroups),
        (400, "depth.over.limit", Kind::TooDeep),
        (400, "InvalidAuthentication", Kind::TokenExpired),
        (403, "Forbidden.AccessDenied.ApiCountLimitForOrg", Kind::Quota),
        (403, "Forbidden.AccessDenied.AccessTokenPermissionDenied", Kind::Permission),
        (403, "Forbidden.AccessDenied.IpNotInWhiteList", Kind::AddressNotAllowed),
        (404, "some.new.code", Kind::Other),
    ] {
        let body = format!(r#"{{"code":"{code}","message":"so it is","requestid":"R-1"}}"#);
        becomes(json(status, &body), "rejected", kind).await;
    }
}

#[tokio::test]
async fn a_refusal_keeps_what_dingtalk_said() {
    let body = r#"{"code":"depth.over.limit","message":"太深\u001b[31m了","requestId":"R-1","requestid":"R-2"}"#;
    let server = Script::start([json(400, body)]).await;
    let outcome = create(&client(&server.url)).await;
    let failure = outcome.failure().expect("a failure");
    assert_eq!(failure.to_string(), "create: 太深了 (code `depth.over.limit`, HTTP 400, request id `R-2`)");
}

#[tokio::test]
async fn rates_are_throttled() {
    use ErrorKind as Kind;
    for (code, kind) in [
        ("QpsLimitForAppkeyAndApi", Kind::RateOfApp),
        ("QpsLimitForSuitekeyAndOrgAndApi", Kind::RateOfApp),
        ("QpsLimitForApi", Kind::RateOfApi),
        ("QpmLimitForAppkeyAndApi", Kind::RateOfMinute),
    ] {
        let body = format!(r#"{{"code":"Forbidden.AccessDenied.{code}","message":"slow","requestid":"R"}}"#);
        becomes(json(403, &body), "throttled", kind).await;
    }
    becomes(answer(429, "", ""), "throttled", Kind::RateOfApp).await;
}

#[tokio::test]
async fn a_throttle_pauses_the_api_and_is_not_paid_for() {
    let server = Script::start([answer(429, "retry-after: 3600\r\n", "{}")]).await;
    let client = client(&server.url);
    let outcome = create(&client).await;
    assert_eq!(outcome.failure().and_then(|failure| failure.wait), Some(Duration::from_secs(60)));
    let count = client.calls().of(Api::Create);
    assert_eq!((count.sent, count.metered), (1, 0));
    let paused = tokio::time::timeout(Duration::from_millis(50), client.permit(Api::Create)).await;
    assert!(paused.is_err());
    let other = tokio::time::timeout(Duration::from_secs(10), client.permit(Api::Delete)).await;
    assert!(other.is_ok());
}

#[tokio::test]
async fn what_may_have_happened_is_unknown() {
    use ErrorKind as Kind;
    let error = |code: &str| format!(r#"{{"code":"{code}","message":"m","requestid":"R"}}"#);
    for (step, kind) in [
        (json(500, &error("system.error")), Kind::Server),
        (json(400, &error("system.error")), Kind::Server),
        (json(503, &error("ServiceUnavailable")), Kind::Server),
        (json(408, &error("timeout")), Kind::Server),
        (answer(502, "", "bad gateway"), Kind::Server),
        (answer(400, "", "bad request"), Kind::Unreadable),
        (answer(404, "", ""), Kind::Unreadable),
        (json(400, r#"{"message":"no code"}"#), Kind::Unreadable),
        (json(200, &error("user.not.admin")), Kind::NotAdmin),
        (json(200, &error("whatever")), Kind::Unreadable),
        (json(200, ""), Kind::Unreadable),
        (json(204, ""), Kind::Unreadable),
        (json(200, "{}"), Kind::Unreadable),
        (json(200, "\u{1}garbage"), Kind::Unreadable),
        (json(200, r#"{"result":null}"#), Kind::Unreadable),
        (json(200, r#"{"result":true}"#), Kind::Unreadable),
        (json(200, r#"{"result":"0"}"#), Kind::Unreadable),
        (json(200, r#"{"result":"101.0"}"#), Kind::Unreadable),
        (json(200, r#"{"result":{"result":null}}"#), Kind::Unreadable),
        (json(200, r#"{"result":101,"code":"user.not.admin"}"#), Kind::NotAdmin),
        (json(200, r#"{"result":101.0}"#), Kind::Unreadable),
        (json(200, r#"{"result":1e3}"#), Kind::Unreadable),
        (json(200, r#"{"result":0}"#), Kind::Unreadable),
        (json(200, r#"{"result":-1}"#), Kind::Unreadable),
        (json(200, r#"{"result":9223372036854775808}"#), Kind::Unreadable),
        (json(200, r#"{"result":1,"result":2}"#), Kind::Unreadable),
        (json(200, r#"{"result":101} x"#), Kind::Unreadable),
        (json(200, &format!(r#"{{"result":101,"x":"{}"}}"#, "x".repeat(70_000))), Kind::Unreadable),
        (answer(302, "location: /elsewhere\r\n", "<html>moved</html>"), Kind::Redirect),
        (answer(307, "location: http://127.0.0.1:1/\r\n", ""), Kind::Redirect),
    ] {
        becomes(step, "unknown", kind).await;
    }
}

#[tokio::test]
async fn created_id_is_read_in_every_exact_form() {
    for (body, id) in [
        (r#"{"result":101}"#, 101),
        (r#"{"result":"101"}"#, 101),
        (r#"{"result":"9007199254740993","requestId":"R","more":{}}"#, 9_007_199_254_740_993),
        (r#"{"result":{"result":9007199254740993}}"#, 9_007_199_254_740_993),
    ] {
        let server = Script::start([json(200, body)]).await;
        assert_eq!(create(&client(&server.url)).await, CallOutcome::Done(GroupId::new(id)), "{body}");
    }
}

#[tokio::test]
async fn rename_and_delete_are_done_only_if_result_is_true() {
    for (body, is_done) in [
        (r#"{"result":true}"#, true),
        (r#"{"result":"true"}"#, true),
        (r#"{"result":1}"#, true),
        (r#"{"result":{"result":true}}"#, true),
        (r#"{"result":false}"#, false),
        (r#"{"result":"false"}"#, false),
        (r#"{"result":null}"#, false),
        (r#"{"result":{}}"#, false),
        (r#"{"result":"ok"}"#, false),
        ("{}", false),
        ("true", false),
    ] {
        let server = Script::start([json(200, body)]).await;
        let client = client(&server.url);
        let renamed = client.rename(client.permit(Api::Rename).await, GroupId::new(7), "A").await;
        let deleted = client.delete(client.permit(Api::Delete).await, GroupId::new(7)).await;
        for outcome in [renamed, deleted] {
            assert_eq!(matches!(outcome, CallOutcome::Done(())), is_done, "{body}: {outcome:?}");
            assert!(is_done || matches!(outcome, CallOutcome::Unknown(_)), "{body}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn a_ban_is_unknown_and_ends_the_run() {
    let ban = r#"{"status":1111,"wait":7,"source":"x5","punish":"deny","uuid":"x"}"#;
    let page = "<!DOCTYPE html><html>banned</html>";
    let html = "content-type: text/html; charset=utf-8\r\n";
    for (step, minutes) in [
        (json(200, ban), 7),
        (json(403, ban), 7),
        (json(200, r#"{"status":1111,"result":101}"#), 5),
        (json(200, &ban.replace('7', "999999999999")), 24 * 60),
        (answer(200, "", page), 5),
        (answer(403, html, "\n  banned"), 5),
        (answer(404, html, page), 5),
    ] {
        let server = Script::start([step]).await;
        let outcome = create(&client(&server.url)).await;
        assert_eq!(verdict(&outcome), ("unknown", Some(ErrorKind::Banned)));
        let failure = outcome.failure().expect("a failure");
        assert_eq!(failure.wait, Some(Duration::from_secs(minutes * 60)));
        assert!(failure.ends_run());
    }
}

#[tokio::test]
async fn a_broken_connection_is_unknown() {
    let truncated = b"HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n{\"result\":1".to_vec();
    becomes(Step::Break(Vec::new()), "unknown", ErrorKind::Interrupted).await;
    becomes(Step::Break(b"HTTP/1.1 200 O".to_vec()), "unknown", ErrorKind::Interrupted).await;
    becomes(Step::Break(b"SSH-2.0-OpenSSH\r\n".to_vec()), "unknown", ErrorKind::Interrupted).await;
    becomes(Step::Break(truncated), "unknown", ErrorKind::Interrupted).await;
    let not_gzip = answer(200, "content-encoding: gzip\r\n", "this is not gzip");
    becomes(not_gzip, "unknown", ErrorKind::Interrupted).await;
}

#[tokio::test]
async fn a_connection_that_dies_under_the_second_call_brings_no_third_request() {
    let steps = [json(200, r#"{"result":1}"#), Step::Break(Vec::new()), json(200, r#"{"result":3}"#)];
    let server = Script::start(steps).await;
    let client = client(&server.url);
    assert_eq!(verdict(&create(&client).await).0, "done");
    assert_eq!(verdict(&create(&client).await), ("unknown", Some(ErrorKind::Interrupted)));
    assert_eq!(server.seen().len(), 2);
    assert_eq!(client.calls().of(Api::Create).metered, 2);
}

#[tokio::test]
async fn no_answer_in_time_is_unknown() {
    let server = Script::start([Step::Hang]).await;
    let outcome = create(&impatient(&server.url)).await;
    assert_eq!(verdict(&outcome), ("unknown", Some(ErrorKind::Timeout)));
    assert_eq!(server.seen().len(), 1);
}

/// Responses that never end, each with the failure that ends the call.
fn endless() -> Vec<(Step, ErrorKind)> {
    let head = |rest: &str| format!("HTTP/1.1 200 OK\r\n{rest}").into_bytes();
    let (slow, fast) = (Duration::from_millis(100), Duration::ZERO);
    let chunk = [b"10000\r\n".to_vec(), vec![b' '; 0x10000], b"\r\n".to_vec()].concat();
    vec![
        (Step::Pour(head("content-length: 100000\r\n\r\n"), b" ".to_vec(), slow), ErrorKind::Timeout),
        (Step::Pour(head("transfer-encoding: chunked\r\n\r\n"), b"1\r\n \r\n".to_vec(), slow), ErrorKind::Timeout),
        (Step::Pour(head("transfer-encoding: chunked\r\n\r\n"), chunk, fast), ErrorKind::Unreadable),
        (Step::Pour(head("\r\n"), vec![b' '; 4096], fast), ErrorKind::Unreadable),
        (Step::Pour(head(""), b"x: y\r\n".to_vec(), slow), ErrorKind::Timeout),
        (Step::Pour(head(""), b"x: y\r\n".repeat(10_000), fast), ErrorKind::Interrupted),
        (Step::Pour(Vec::new(), b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(), slow), ErrorKind::Timeout),
        (Step::Pour(Vec::new(), b"HTTP/1.1 100 Continue\r\n\r\n".repeat(1000), fast), ErrorKind::Timeout),
        (Step::Pour(b"H".to_vec(), Vec::new(), slow), ErrorKind::Timeout),
    ]
}

#[tokio::test]
async fn response_without_end_ends_with_the_timeout_or_the_size() {
    for (step, kind) in endless() {
        let server = Script::start([step.clone()]).await;
        // A busy machine may take long to reach the size.
        let client = if kind == ErrorKind::Timeout { impatient(&server.url) } else { client(&server.url) };
        let outcome = tokio::time::timeout(Duration::from_secs(60), create(&client)).await.expect("an outcome");
        let Step::Pour(first, again, _) = &step else { unreachable!("every step pours") };
        let shown = [first.as_slice(), &again[..again.len().min(40)]].map(String::from_utf8_lossy);
        assert_eq!(verdict(&outcome), ("unknown", Some(kind)), "{shown:?}");
    }
}

#[tokio::test]
async fn list_without_end_ends_with_the_timeout() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n".to_vec();
    let server = Script::start([Step::Pour(head, b" ".to_vec(), Duration::from_millis(100))]).await;
    let client = impatient(&server.url);
    let listed = tokio::time::timeout(Duration::from_secs(120), client.list()).await.expect("an outcome");
    assert_eq!(listed.map_err(|failure| failure.kind).err(), Some(ErrorKind::Timeout));
}

#[tokio::test]
async fn ban_of_no_time_lasts_as_long_as_any() {
    for wait in ["0", "-1", "null", r#""soon""#] {
        let server = Script::start([json(200, &format!(r#"{{"status":1111,"wait":{wait}}}"#))]).await;
        let outcome = create(&client(&server.url)).await;
        assert_eq!(outcome.failure().and_then(|failure| failure.wait), Some(Duration::from_secs(300)), "{wait}");
    }
}

#[tokio::test]
async fn a_refused_connection_is_unreachable_and_no_call() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let client = client(&url);
    let outcome = create(&client).await;
    assert_eq!(verdict(&outcome), ("unreachable", Some(ErrorKind::Unreachable)));
    assert_eq!(client.calls().total().sent, 0);
}

#[tokio::test]
async fn no_tls_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    let close = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(stream);
        }
    });
    assert_eq!(verdict(&create(&client(&url)).await).0, "unreachable");
    close.abort();
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_for_all() {
    let token = |token: &str| json(200, &format!(r#"{{"accessToken":"{token}","expireIn":7200}}"#));
    let expired = json(400, r#"{"code":"InvalidAuthentication","message":"expired","requestid":"R"}"#);
    let steps = [token("t1"), expired, token("t2"), json(200, r#"{"result":5}"#)];
    let server = Script::start(steps).await;
    let client = client_of(&server.url, app(None));
    assert_eq!(create(&client).await, CallOutcome::Done(GroupId::new(5)));
    assert_eq!(create(&client).await, CallOutcome::Done(GroupId::new(5)));
    assert_eq!(server.lines().iter().filter(|line| line.contains("oauth2")).count(), 2);
    assert_eq!(server.seen().len(), 5);
}

#[tokio::test]
async fn token_is_read_in_every_form() {
    for body in [
        r#"{"accessToken":"t","expireIn":7200}"#,
        r#"{"accessToken":"t","expireIn":"7200"}"#,
        r#"{"access_token":"t","expires_in":7200}"#,
        r#"{"accessToken":"t","access_token":"t","expireIn":7200,"expires_in":"7200","corpId":null}"#,
        r#"{"accessToken":"t","expireIn":null}"#,
        r#"{"accessToken":"t","expireIn":0}"#,
        r#"{"accessToken":"t"}"#,
    ] {
        let created = json(200, r#"{"result":5}"#);
        let server = Script::start([json(200, body), created.clone(), created]).await;
        let client = client_of(&server.url, app(None));
        for _ in 0..2 {
            assert_eq!(create(&client).await, CallOutcome::Done(GroupId::new(5)), "{body}");
        }
        assert_eq!(server.lines().iter().filter(|line| line.contains("oauth2")).count(), 1, "{body}");
    }
}

#[tokio::test]
async fn a_token_that_is_refused_again_is_rejected() {
    let expired = json(400, r#"{"code":"InvalidAuthentication","message":"expired","requestid":"R"}"#);
    let token = json(200, r#"{"accessToken":"t","expireIn":7200}"#);
    let server = Script::start([token.clone(), expired.clone(), token, expired]).await;
    let outcome = create(&client_of(&server.url, app(None))).await;
    assert_eq!(verdict(&outcome), ("rejected", Some(ErrorKind::Authentication)));
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test]
async fn without_a_token_no_change_is_sent() {
    for (step, word) in [
        (json(400, r#"{"code":"invalidClientIdOrSecret","message":"m","requestid":"R"}"#), "rejected"),
        (json(500, r#"{"code":"system.error","message":"m","requestid":"R"}"#), "unreachable"),
    ] {
        let server = Script::start([step]).await;
        let client = client_of(&server.url, app(Some("ding1")));
        assert_eq!(verdict(&create(&client).await).0, word);
        assert!(server.lines().iter().all(|line| line.contains("oauth2")));
        assert_eq!(client.calls().total().metered, 0);
    }
}
