//! The list of rooms, as far as it is needed to tell which groups can be deleted.

use crate::scripted::Scripted;
use crate::test_env::{STATE, Scene};
use crate::tree::Tree;

const PRUNE: &str = "plan rooms.yaml --prune --max-deletes 9";

#[test]
fn a_token_that_is_a_number_leads_to_the_next_page() {
    let mut scene = Scene::new().wanting(Tree::of(&["a", "b"]));
    scene.apply().exits(0);
    let (a, b) = (scene.id("/a"), scene.id("/b"));
    scene.want(Tree::of(&["a"]));
    let groups = format!(
        r#"{{"result":[{{"groupId":{a},"groupName":"a","parentId":0}},{{"groupId":{b},"groupName":"b","parentId":0}}]}}"#
    );
    let room = |group| format!(r#"{{"roomId":"x","roomGroup":{{"groupId":{group},"groupName":"?","parentId":0}}}}"#);
    let server = Scripted::new(vec![
        ("POST /v1.0/oauth2", 200, r#"{"accessToken":"t0k3n","expireIn":7200}"#.to_owned()),
        ("GET /v1.0/rooms/groupLists", 200, groups),
        ("nextToken=42", 200, format!(r#"{{"hasMore":false,"nextToken":null,"result":[{}]}}"#, room(b))),
        (
            "GET /v1.0/rooms/meetingRoomLists",
            200,
            format!(r#"{{"hasMore":true,"nextToken":42,"result":[{}]}}"#, room(b)),
        ),
    ]);
    scene.write(STATE, scene.read(STATE).replace(&scene.sandbox.url(), &server.url));
    let scene = scene.variable("DINGTALK_ENDPOINT", &server.url);
    scene.run(PRUNE).exits(4).says(&["`/b`", "0 unmanaged groups and 2 rooms"]);
}

#[test]
fn rooms_are_asked_for_only_when_groups_are_to_be_deleted() {
    let mut scene = Scene::new().wanting(Tree::of(&["a", "b"]));
    scene.run(PRUNE).exits(0);
    scene.apply().exits(0);
    scene.run(PRUNE).exits(0);
    assert_eq!(scene.calls(), "token 3, create 2, list 3");
    scene.want(Tree::of(&["a"]));
    scene.run("plan rooms.yaml").exits(0);
    scene.run(&format!("{PRUNE} --offline")).exits(0);
    assert!(!scene.calls().contains("rooms"), "{}", scene.calls());
    scene.run(PRUNE).exits(0);
    assert!(scene.calls().ends_with("rooms 1"), "{}", scene.calls());
}
