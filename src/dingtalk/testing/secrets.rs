//! No secret is ever shown, whatever is printed and whatever DingTalk repeats.

use crate::dingtalk::api::Api;
use crate::dingtalk::testing::mock_server::{Script, json};
use crate::dingtalk::testing::{app, client_of};
use crate::group::GroupId;

const SECRETS: [&str; 3] = ["cl13nt-s3cr3t", "t0k3n/+=", "t0k3n%2F%2B%3D"];

fn assert_clean(text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn nothing_shows_a_secret() {
    let token = r#"{"accessToken":"t0k3n/+=","expireIn":7200}"#;
    let echo =
        r#"{"code":"x t0k3n/+=","message":"t0k3n%2F%2B%3D t0k3n\/+= cl13nt-s3cr3t","requestid":"cl13nt-s3cr3t"}"#;
    let server = Script::start([json(200, token), json(400, echo)]).await;
    let client = client_of(&server.url, app(None));
    let permit = client.permit(Api::Create).await;
    assert_clean(&format!("{permit:?}"));
    let outcome = client.create(permit, GroupId::ROOT, "A").await;
    assert!(server.seen().iter().any(|seen| seen.headers.iter().any(|(_, value)| value == "t0k3n/+=")));
    let failure = outcome.failure().expect("a failure");
    assert_eq!(failure.message.as_str(), "[redacted] [redacted] [redacted]");
    assert_clean(&format!("{outcome:?} {failure} {failure:?} {client:?} {client:#?}"));
}

#[tokio::test]
async fn a_refused_secret_is_not_repeated() {
    let echo = r#"{"code":"invalid.client","message":"wrong secret cl13nt-s3cr3t","requestid":"R"}"#;
    let server = Script::start([json(400, echo)]).await;
    let client = client_of(&server.url, app(Some("ding1")));
    let failure = client.list().await.expect_err("no token");
    assert_clean(&format!("{failure} {failure:?} {}", failure.remedy()));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn an_unreadable_token_is_not_repeated() {
    let server = Script::start([json(200, r#"{"accessToken":"cl13nt-s3cr3t\n","expireIn":7200}"#)]).await;
    let failure = client_of(&server.url, app(None)).list().await.expect_err("no token");
    assert_clean(&format!("{failure} {failure:?}"));
}
