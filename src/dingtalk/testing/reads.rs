//! What is harmless is asked again; what cannot get better is not.

use std::collections::BTreeMap;

use crate::dingtalk::api::Api;
use crate::dingtalk::error::kind::ErrorKind;
use crate::dingtalk::testing::client;
use crate::dingtalk::testing::mock_server::{Script, Step, answer, json};
use crate::group::GroupId;
use crate::inventory::ListedGroup;

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
    assert_eq!(failure.kind, ErrorKind::Server);
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
        (json(400, r#"{"code":"user.not.employee","message":"m"}"#), ErrorKind::NotEmployee),
        (json(200, r#"{"status":1111,"wait":5}"#), ErrorKind::Banned),
        (json(400, r#"{"code":"InvalidAuthentication","message":"m"}"#), ErrorKind::TokenExpired),
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
        r#"{"groupId":null,"groupName":"A","parentId":0}"#,
        r#"{"groupId":1,"groupName":"A","parentId":-1}"#,
        r#"{"groupId":1,"groupName":"A","parentId":"x"}"#,
        r#"{"groupId":1,"groupName":["A"],"parentId":0}"#,
        r#"{"groupId":0,"groupName":"A","parentId":0}"#,
        r#"{"groupId":1.5,"groupName":"A","parentId":0}"#,
        "null",
    ] {
        let server = Script::start([json(200, &format!(r#"{{"result":[{group}]}}"#))]).await;
        let failure = client(&server.url).list().await.expect_err("no list");
        assert_eq!(failure.kind, ErrorKind::Unreadable, "{group}");
    }
}

#[tokio::test]
async fn listed_group_is_read_in_every_exact_form() {
    for (group, parent) in [
        (r#"{"groupId":11,"groupName":"A","parentId":0,"more":[]}"#, 0),
        (r#"{"groupId":11,"groupName":"A","parentId":null}"#, 0),
        (r#"{"groupId":11,"groupName":"A"}"#, 0),
        (r#"{"groupId":11,"groupName":"A","parentId":""}"#, 0),
        (r#"{"groupId":11,"groupName":"A","parentId":"0"}"#, 0),
        (r#"{"groupId":"11","groupName":"A","parentId":"9007199254740993"}"#, 9_007_199_254_740_993),
    ] {
        let wanted = ListedGroup { id: GroupId::new(11), name: "A".to_owned(), parent: GroupId::new(parent) };
        for body in [
            format!(r#"{{"result":[{group}]}}"#),
            format!(r#"{{"result":{{"result":[{group}]}}}}"#),
            format!("[{group}]"),
        ] {
            let server = Script::start([json(200, &body)]).await;
            let live = client(&server.url).list().await.expect("a list");
            assert_eq!(live.groups().cloned().collect::<Vec<_>>(), std::slice::from_ref(&wanted), "{body}");
        }
        for body in [group.to_owned(), format!(r#"{{"result":{group}}}"#)] {
            let server = Script::start([json(200, &body)]).await;
            assert_eq!(client(&server.url).read(GroupId::new(11)).await, Ok(wanted.clone()), "{body}");
        }
    }
}

#[tokio::test]
async fn list_that_gives_one_id_to_two_groups_is_no_list() {
    let listed = |groups: &str| json(200, &format!(r#"{{"result":[{groups}]}}"#));
    let group = r#"{"groupId":1,"groupName":"A","parentId":0}"#;
    for other in [r#"{"groupId":1,"groupName":"B","parentId":0}"#, r#"{"groupId":"1","groupName":"A","parentId":2}"#] {
        let server = Script::start([listed(&format!("{group},{other}"))]).await;
        let failure = client(&server.url).list().await.expect_err("no list");
        assert_eq!(failure.kind, ErrorKind::Unreadable);
        assert!(failure.to_string().contains("`1` is listed twice"), "{failure}");
    }
    let server = Script::start([listed(&format!("{group},{group}"))]).await;
    assert!(client(&server.url).list().await.is_ok_and(|live| live.len() == 1));
}

#[tokio::test]
async fn organization_is_empty_only_in_the_documented_form() {
    let server = Script::start([json(200, r#"{"result":[]}"#)]).await;
    assert!(client(&server.url).list().await.is_ok_and(|live| live.is_empty()));
    for body in [
        "",
        "{}",
        "[]",
        "null",
        r#"{"result":null}"#,
        r#"{"result":{}}"#,
        r#"{"result":""}"#,
        r#"{"result":{"result":[]}}"#,
        r#"{"result":[],"code":"system.error"}"#,
        r#"{"result":[],"result":[]}"#,
        r#"{"status":1111,"wait":5,"result":[]}"#,
    ] {
        let server = Script::start([json(200, body)]).await;
        assert!(client(&server.url).list().await.is_err(), "{body}");
    }
}

#[tokio::test]
async fn a_group_that_was_not_asked_for_is_not_taken() {
    let server = Script::start([json(200, r#"{"groupId":8,"groupName":"A","parentId":3}"#)]).await;
    let failure = client(&server.url).read(GroupId::new(7)).await.expect_err("another group");
    assert_eq!(failure.kind, ErrorKind::Unreadable);
}

#[tokio::test]
async fn rooms_are_counted_over_all_pages_whatever_the_token_is() {
    let page = |token: &str, more: bool, group: &str| {
        let room = format!(r#"{{"roomId":"r","roomName":"n","roomGroup":{group}}}"#);
        json(200, &format!(r#"{{"hasMore":{more},"nextToken":{token},"result":[{room},{room}]}}"#))
    };
    let steps = [
        page("7", true, r#"{"groupId":9007199254740993,"groupName":"A","parentId":0}"#),
        page(r#""a/b=""#, true, r#"{"groupId":2,"groupName":"B","parentId":0}"#),
        json(500, ""),
        page("null", false, "null"),
    ];
    let server = Script::start(steps).await;
    let rooms = client(&server.url).rooms().await.expect("rooms");
    let counted: BTreeMap<i64, usize> = rooms.into_iter().map(|(group, rooms)| (group.get(), rooms)).collect();
    assert_eq!(counted, [(2, 2), (9_007_199_254_740_993, 2)].into());
    let asked = |rest: &str| format!("GET /v1.0/rooms/meetingRoomLists?unionId=aB%2Fc%2Bd%3D%3D&maxResults=100{rest}");
    let last = asked("&nextToken=a%2Fb%3D");
    assert_eq!(server.lines(), [asked(""), asked("&nextToken=7"), last.clone(), last]);
}

#[tokio::test]
async fn a_page_that_says_more_without_a_token_is_the_last() {
    for token in [r#""""#, "null"] {
        let server =
            Script::start([json(200, &format!(r#"{{"hasMore":true,"nextToken":{token},"result":[]}}"#))]).await;
        assert!(client(&server.url).rooms().await.is_ok_and(|rooms| rooms.is_empty()));
        assert_eq!(server.lines().len(), 1);
    }
}

#[tokio::test]
async fn room_pages_without_end_are_an_error() {
    let room = r#"{"roomId":"r","roomGroup":{"groupId":1}}"#;
    let server = Script::start([json(200, &format!(r#"{{"hasMore":true,"nextToken":"t","result":[{room}]}}"#))]).await;
    let failure = client(&server.url).rooms().await.expect_err("the same token for ever");
    assert_eq!((failure.kind, server.seen().len()), (ErrorKind::Unreadable, 2));
}

#[tokio::test]
async fn room_page_is_read_in_every_exact_form() {
    let page = |rest: &str| json(200, &format!(r#"{{{rest},"result":[{{"roomGroup":{{"groupId":"7"}}}}]}}"#));
    let rooms =
        r#"[{"roomGroup":{"groupId":null}},{"roomGroup":{}},{"roomGroup":null},{},{"roomGroup":{"groupId":""}}]"#;
    let steps = [
        page(r#""hasMore":"true","nextToken":"a""#),
        page(r#""hasMore":1,"nextToken":9007199254740993"#),
        page(r#""nextToken":"b""#),
        json(200, &format!(r#"{{"hasMore":"false","nextToken":"c","result":{rooms}}}"#)),
    ];
    let server = Script::start(steps).await;
    let rooms = client(&server.url).rooms().await.expect("rooms");
    assert_eq!(rooms, [(GroupId::new(7), 3)].into());
    assert_eq!(server.seen().len(), 4);
    assert!(server.lines()[2].ends_with("nextToken=9007199254740993"));
}

#[tokio::test]
async fn malformed_rooms_are_no_rooms() {
    for body in [
        r#"{"result":null}"#,
        "{}",
        r#"{"result":[null]}"#,
        r#"{"result":[{"roomGroup":{"groupId":"x"}}]}"#,
        r#"{"result":[{"roomGroup":{"groupId":-1}}]}"#,
        r#"{"result":[{"roomGroup":null}],"hasMore":true}"#,
        r#"{"result":[{"roomGroup":null}],"hasMore":"yes"}"#,
        r#"{"status":1111,"wait":5}"#,
    ] {
        let server = Script::start([json(200, body)]).await;
        assert!(client(&server.url).rooms().await.is_err(), "{body}");
    }
}
