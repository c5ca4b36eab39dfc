//! `plan --detailed-exitcode` as a watch over what others did, and states that belong to something else.

use crate::test_env::{STATE, Scene};
use crate::tree::Tree;

fn applied() -> Scene {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    scene.sandbox.forget_calls();
    scene
}

const CHECK: &str = "plan rooms.yaml --detailed-exitcode";

#[test]
fn all_as_it_should_be_is_zero() {
    let scene = applied();
    scene.run(CHECK).exits(0).shows(&["Nothing to do: 15 groups as the manifest says"]);
    scene.stranger_makes(0, "Stranger");
    scene.run(CHECK).exits(0).shows(&["Unmanaged"]);
    scene.is_unchanged();
}

#[test]
fn a_group_that_is_gone_is_told_with_its_id() {
    let scene = applied();
    let id = scene.id("/London/Soho/Floor 1");
    scene.sandbox.remove_group(id);
    scene.run(CHECK).exits(2).shows(&["+ Floor 1", &format!("anew: {id} is gone from DingTalk")]);
    let json = scene.run(&format!("{CHECK} --format json")).exits(2).json();
    assert!(json["groups"].as_array().unwrap().iter().any(|group| group["gone"] == id), "{json}");
    scene.is_unchanged();
}

#[test]
fn a_group_that_was_renamed_is_told_with_both_names() {
    let scene = applied();
    let id = scene.id("/London");
    scene.sandbox.rename_group(id, "Londres");
    scene.run(CHECK).exits(4).shows(&[&format!("recorded as {id} at /London, but {id} is /Londres in DingTalk")]);
    scene.is_unchanged();
}

#[test]
fn a_group_that_moved_is_told_with_both_places() {
    let scene = applied();
    let (recorded, elsewhere) =
        (scene.id("/London/Soho/Floor 1"), scene.stranger_makes(scene.id("/London/City"), "Floor 1"));
    scene.sandbox.remove_group(recorded);
    scene.write(STATE, scene.read(STATE).replace(&format!(": {recorded}"), &format!(": {elsewhere}")));
    let ran = scene.run(CHECK);
    ran.exits(4).shows(&[
        "! Floor 1",
        &format!(
            "recorded as {elsewhere} at /London/Soho/Floor 1, but {elsewhere} is /London/City/Floor 1 in DingTalk"
        ),
    ]);
    ran.says(&["1 group in conflict"]);
    scene.is_unchanged();
}

#[test]
fn a_state_of_another_organization_is_refused_before_any_call() {
    let scene = Scene::of_fifteen().variable("DINGTALK_CORP_ID", "dingsandbox");
    scene.apply().exits(0);
    scene.write(STATE, scene.read(STATE).replace("dingsandbox", "dingother"));
    scene.sandbox.forget_calls();
    for command in
        [CHECK, "apply rooms.yaml --yes", "destroy rooms.yaml --yes", "state rebuild rooms.yaml --settle 50ms --yes"]
    {
        let ran = scene.run(command);
        ran.exits(4).says(&["belongs to organization `dingother`, this run is about `dingsandbox`", "→"]);
    }
    assert_eq!(scene.calls(), "");
}

#[test]
fn a_state_of_another_endpoint_is_refused_before_any_call() {
    let scene = applied();
    scene.write(STATE, scene.read(STATE).replace(&scene.sandbox.url(), "https://api.dingtalk.com"));
    for command in
        [CHECK, "apply rooms.yaml --yes", "destroy rooms.yaml --yes", "state rebuild rooms.yaml --settle 50ms --yes"]
    {
        scene.run(command).exits(4).says(&["belongs to endpoint `https://api.dingtalk.com`", "→"]);
    }
    assert_eq!(scene.calls(), "");
}

#[test]
fn credentials_of_another_organization_are_refused_before_any_change() {
    let scene = Scene::of_fifteen().variable("DINGTALK_CORP_ID", "dingother");
    for command in [CHECK, "apply rooms.yaml --yes", "destroy rooms.yaml --yes"] {
        scene.run(command).exits(5).says(&["invalid.client"]);
    }
    scene.is_unchanged();
}

#[test]
fn a_state_whose_ids_live_nowhere_is_refused_before_any_change() {
    let mut scene = applied();
    scene.sandbox.groups().iter().for_each(|group| scene.sandbox.remove_group(group.id));
    scene.stranger_makes(0, "Stranger");
    for command in [CHECK, "apply rooms.yaml --yes --settle 0s", "destroy rooms.yaml --yes --settle 0s"] {
        scene
            .run(command)
            .exits(4)
            .says(&["none of the 15 recorded groups exists in DingTalk", "check the credentials"]);
    }
    scene.want(Tree::of(&["Oslo"]));
    scene.run("apply rooms.yaml --yes --prune --settle 0s").exits(4).says(&["none of the 15 recorded"]);
    scene.is_unchanged();
}
