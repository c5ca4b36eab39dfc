//! What is harmless is asked again; what cannot get better is not.

use crate::dingtalk::api::Api;
use crate::dingtalk::failure::FailureKind;
use crate::dingtalk::script::{Script, Step, answer, json};
use crate::dingtalk::tests::client;
use crate::group::GroupId;

const GROUPS: &str = r#"{"result":[{"groupId":1,"groupName":"A","parentId":0,"more":[]}]}"#;

#[tokio::test]
async fn a_list_comes_through_all_kinds_of_trouble() {
    let steps = [json(500, ""), Step::Break(Vec::new()), json(200, "garbage"), json(200, r#"{"result":null}"#)];
    let server = Script::start(steps.into_iter().chain([json(200, GROUPS)])).await;
    let client = client(&server.url);
    assert_eq!(client.list().await.map(|live| live.len()), Ok(1));
    assert_eq!(client.calls().of(Api::List).metered, 5);
}

#[tokio::test]
async fn a_list_gives_up_after_five_attempts() {
    let server = Script::start([json(500, "")]).await;
    let failure = client(&server.url).list().await.expect_err("no list");
    assert_eq!(failure.kind, FailureKind::Server);
    assert_eq!(server.seen().len(), 5);
}

#[tokio::test]
async fn a_throttled_list_waits_for_the_pause_to_end() {
    let server = Script::start([answer(429, "", ""), json(200, GROUPS)]).await;
    let start = std::time::Instant::now();
    assert!(client(&server.url).list().await.is_ok());
    assert!(start.elapsed().as_millis() >= 1000);
}

#[tokio::test]
async fn what_cannot_get_better_is_not_asked_again() {
    for (step, kind) in [
        (json(400, r#"{"code":"user.not.employee","message":"m"}"#), FailureKind::NotEmployee),
        (json(200, r#"{"status":1111,"wait":5}"#), FailureKind::Banned),
        (json(400, r#"{"code":"InvalidAuthentication","message":"m"}"#), FailureKind::TokenExpired),
    ] {
        let server = Script::start([step]).await;
        assert_eq!(client(&server.url).list().await.expect_err("no list").kind, kind);
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_list_with_a_malformed_group_is_no_list() {
    for group in [
        r#"{"groupName":"A","parentId":0}"#,
        r#"{"groupId":"1","groupName":"A","parentId":0}"#,
        r#"{"groupId":1,"groupName":"A"}"#,
        r#"{"groupId":0,"groupName":"A","parentId":0}"#,
        r#"{"groupId":1.5,"groupName":"A","parentId":0}"#,
        "null",
    ] {
        let server = Script::start([json(200, &format!(r#"{{"result":[{group}]}}"#))]).await;
        let failure = client(&server.url).list().await.expect_err("no list");
        assert_eq!(failure.kind, FailureKind::Unreadable, "{group}");
    }
}

#[tokio::test]
async fn a_group_that_was_not_asked_for_is_not_taken() {
    let server = Script::start([json(200, r#"{"groupId":8,"groupName":"A","parentId":3}"#)]).await;
    let failure = client(&server.url).read(GroupId::new(7)).await.expect_err("another group");
    assert_eq!(failure.kind, FailureKind::Unreadable);
}
