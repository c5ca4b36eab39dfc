//! Lists that no organization has: every command answers, in time linear in the list.

use crate::scripted::Scripted;
use crate::test_env::Scene;
use crate::tree::Tree;

/// So long that paths written out in full would take minutes.
const LEVELS: usize = 8_000;

/// A scene whose DingTalk lists these groups, each given as its id, name and parent.
fn listing(groups: impl Iterator<Item = (usize, String, usize)>) -> Scene {
    let group = |(id, name, parent)| format!(r#"{{"groupId":{id},"groupName":"{name}","parentId":{parent}}}"#);
    let list: Vec<String> = groups.map(group).collect();
    let server = Scripted::new(vec![
        ("oauth2", 200, r#"{"accessToken":"a-token","expireIn":7200}"#.to_owned()),
        ("groupLists", 200, format!(r#"{{"result":[{}]}}"#, list.join(","))),
        ("meetingRoomLists", 200, r#"{"hasMore":false,"result":[]}"#.to_owned()),
    ]);
    Scene::new().wanting(Tree::of(&["n1", "北京"])).variable("DINGTALK_ENDPOINT", &server.url)
}

#[test]
fn deep_chain_in_the_list_holds_no_command_up() {
    let scene = listing((1..=LEVELS).map(|id| (id, format!("n{id}"), id - 1)));
    for format in ["text", "json", "html"] {
        scene.run(&format!("plan rooms.yaml --format {format}")).exits(0);
    }
    let rebuilt = scene.run("state rebuild rooms.yaml --settle 1ms");
    rebuilt.exits(3).shows(&["Rebuilt in part: 1 group recorded"]);
    scene.run("plan rooms.yaml --offline").exits(0);
    scene.run("doctor rooms.yaml").shows(&["Deeper than the 3 levels allowed"]);
    scene.run("pull --out pulled.yaml").exits(3);
}
