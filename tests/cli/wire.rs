//! What the binary sends is what the official SDKs send: the golden files pin both.

use std::fs;
use std::path::Path;

use roomtree::sandbox::{Config, SeenRequest};
use serde_json::Value;

use crate::test_env::Scene;
use crate::tree::Tree;

const OPERATOR: &str = "a+b/c=中";
const NAME: &str = "北京 \"A/座\" \\ 👩‍👩‍👧";
const BEYOND_FLOATS: i64 = (1 << 53) + 1;

fn golden(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/wire").join(name).with_extension("json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The request is the golden one: method, path, query, body, and each golden header.
#[track_caller]
pub(crate) fn is_golden(request: &SeenRequest, name: &str) {
    let golden = golden(name);
    let seen = serde_json::to_value(request).unwrap();
    for part in ["method", "path", "query", "body"] {
        assert_eq!(seen[part], golden[part], "{part} of {name}");
    }
    for (header, value) in golden["headers"].as_object().unwrap() {
        assert_eq!(&seen["headers"][header], value, "{header} of {name}");
    }
    let has_type = golden["headers"].get("content-type").is_some();
    assert_eq!(request.headers.contains_key("content-type"), has_type, "content-type of {name}");
    assert_eq!(request.token, !name.starts_with("token"), "token of {name}");
}

fn scene(tree: Tree) -> Scene {
    let config = Config { first_id: BEYOND_FLOATS, ..Config::default() };
    Scene::with(config).wanting(tree).variable("DINGTALK_UNION_ID", OPERATOR)
}

/// A group of the golden name, with or without another below it.
fn tree(is_nested: bool) -> Tree {
    let mut tree = Tree::default();
    let top = tree.child(NAME);
    if is_nested {
        top.child(NAME);
    }
    tree
}

#[test]
fn token_list_and_creates_are_golden() {
    let scene = scene(tree(true));
    scene.apply().exits(0);
    let seen = scene.sandbox.requests();
    let names = ["token-app", "list", "create", "create-under-parent"];
    assert_eq!(seen.len(), names.len());
    seen.iter().zip(names).for_each(|(request, name)| is_golden(request, name));
    assert_eq!(seen[1].raw_query.as_deref(), Some("unionId=a%2Bb%2Fc%3D%E4%B8%AD"));
    assert_eq!(scene.id(&scene.live()[0]), BEYOND_FLOATS);
    scene.is_true();
}

#[test]
fn the_token_of_an_organization_is_golden() {
    let scene = scene(tree(false)).variable("DINGTALK_CORP_ID", "dingsandbox");
    scene.apply().exits(0);
    is_golden(&scene.sandbox.requests()[0], "token-organization");
    assert!(scene.read(crate::test_env::STATE).contains("\"dingsandbox\""));
}

#[test]
fn a_rename_is_golden() {
    let scene = scene(tree(false));
    scene.apply().exits(0);
    let name = scene.live()[0].trim_start_matches('/').replace("~1", "/").replace("~0", "~");
    scene.sandbox.rename_group(BEYOND_FLOATS, "another");
    scene.declare_was(&name, "another");
    scene.sandbox.forget_calls();
    scene.apply().exits(0);
    is_golden(&scene.sandbox.requests()[2], "rename");
}

#[test]
fn a_delete_is_golden_but_for_its_id() {
    let scene = scene(tree(false)).faulty(&["create:late(1500ms)@1"]);
    scene.run("apply rooms.yaml --yes --qps off --settle 1s").exits(0);
    let mut delete = scene.sandbox.requests().into_iter().find(|request| request.method == "DELETE").unwrap();
    let duplicate: i64 = delete.path.rsplit('/').next().unwrap().parse().unwrap();
    assert!((BEYOND_FLOATS..BEYOND_FLOATS + 2).contains(&duplicate));
    delete.path = delete.path.replace(&duplicate.to_string(), &BEYOND_FLOATS.to_string());
    is_golden(&delete, "delete");
    scene.is_true();
}

#[test]
fn question_for_administrators_is_golden() {
    let mut scene = scene(Tree::of(&["A"]));
    scene.apply().exits(0);
    scene.want(Tree::of(&["A", "B"]));
    scene.apply().exits(0);
    scene.sandbox.remove_group(BEYOND_FLOATS);
    scene.sandbox.forget_calls();
    scene.run("plan rooms.yaml").exits(0);
    let asked = scene.sandbox.requests().into_iter().find(|request| request.path.contains("groupAdmin")).unwrap();
    is_golden(&asked, "administrators");
}

#[test]
fn the_client_says_who_it_is() {
    let scene = scene(tree(false));
    scene.apply().exits(0);
    let agent = concat!("roomtree/", env!("CARGO_PKG_VERSION"));
    assert!(scene.sandbox.requests().iter().all(|request| request.headers["user-agent"] == agent));
}
