//! What others did in DingTalk: groups that are there already, duplicates, strangers, groups renamed, moved and deleted by hand.

use roomtree::sandbox::Operation;

use crate::test_env::{MANIFEST, STATE, Scene};
use crate::tree::Tree;

#[test]
fn groups_that_are_there_already_are_recorded_without_a_change() {
    let scene = Scene::new().wanting(Tree::of(&["北京/望京"]));
    let city = scene.stranger_makes(0, "北京");
    scene.stranger_makes(city, "望京");
    scene.apply().exits(0).shows(&["& 北京  adopt 1001, which is there already", "2 to adopt", "Applied: 2 adopted"]);
    assert_eq!(scene.calls(), "token 1, list 1");
    scene.is_true();
}

#[test]
fn what_is_missing_below_adopted_groups_is_made() {
    let scene = Scene::of_fifteen();
    scene.stranger_makes(0, "北京");
    scene.apply().exits(0).shows(&["14 to create, 1 to adopt"]);
    assert_eq!(scene.calls(), "token 1, create 14, list 2", "a first run next to existing groups lists twice");
    scene.is_true();
}

#[test]
fn duplicates_are_refused_by_their_ids_and_nothing_is_changed() {
    let scene = Scene::of_fifteen();
    let duplicates = [scene.stranger_makes(0, "北京"), scene.stranger_makes(0, "北京")];
    let named = format!("{}, {}", duplicates[0], duplicates[1]);
    for command in ["plan rooms.yaml", "apply rooms.yaml --yes"] {
        let ran = scene.run(command);
        ran.exits(4).shows(&["! 北京", &named, "delete or rename all but one"]).says(&["refused:", "in conflict"]);
    }
    let json = scene.run("plan rooms.yaml --format json").exits(4).json();
    assert_eq!(json["groups"][0]["conflict"]["ids"], serde_json::json!(duplicates));
    assert_eq!(json["refusals"][0]["kind"], "conflicts");
    assert_eq!(scene.live(), ["/北京", "/北京"]);
    assert_eq!(scene.files(), [MANIFEST]);
    scene.sandbox.remove_group(duplicates[1]);
    scene.apply().exits(0);
    scene.is_true();
}

#[test]
fn a_duplicate_of_a_recorded_group_is_told_and_left_standing() {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    let ours = scene.id("/北京");
    scene.stranger_makes(0, "北京");
    scene.apply().exits(0).shows(&["Duplicates: ", &format!("duplicate of {ours}")]);
    assert_eq!(scene.live().len(), 16);
}

#[test]
fn strangers_are_reported_and_never_touched() {
    let scene = Scene::of_fifteen();
    let stranger = scene.stranger_makes(0, "Stranger");
    scene.stranger_makes(stranger, "below");
    scene.run("plan rooms.yaml").exits(0).shows(&["Unmanaged: in DingTalk alone; never touched", "/Stranger/below"]);
    let counted = "Unmanaged: 2 groups in DingTalk alone";
    assert!(!scene.apply().exits(0).shows(&[counted]).out.contains("/Stranger/below"));
    assert_eq!(scene.live().len(), 17);
    assert_eq!(scene.recorded().len(), 15);
    scene.sandbox.forget_calls();
    scene.apply().exits(0).shows(&["Nothing to do", counted]);
    assert_eq!(scene.calls(), "token 1, list 1");
    scene.run("plan rooms.yaml --all").exits(0).shows(&["│  └─ = A 座", "/Stranger/below", "Nothing to do"]);
}

#[test]
fn what_the_manifest_no_longer_has_is_reported_and_kept() {
    let mut scene = Scene::of_fifteen();
    scene.apply().exits(0);
    let before = scene.read(STATE);
    scene.want(Tree::of(&["北京/望京园区/A 座"]));
    scene.sandbox.forget_calls();
    let ran = scene.apply();
    ran.exits(0).shows(&[
        "Nothing to do: 3 groups",
        "Not in the manifest (kept): recorded; deleted only with `--prune`",
        "/上海",
    ]);
    assert_eq!(scene.calls(), "token 1, list 1");
    assert_eq!((scene.live().len(), scene.read(STATE)), (15, before));
}

#[test]
fn a_group_renamed_in_dingtalk_is_a_conflict_until_was_names_it() {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    let id = scene.id("/北京");
    scene.sandbox.rename_group(id, "Peking");
    let told = format!("recorded as {id} at /北京, but {id} is /Peking in DingTalk");
    scene.apply().exits(4).shows(&["! 北京", &told, "rename it back in DingTalk"]).says(&["refused:"]);
    scene.declare_was("北京", "Peking");
    scene.sandbox.forget_calls();
    scene.apply().exits(0).shows(&["~ 北京  rename 1", "from `Peking`", "Applied: 1 done"]).says(&["renamed /北京"]);
    assert_eq!(scene.calls(), "token 1, rename 1, list 1");
    scene.is_true();
}

#[test]
fn a_group_that_stands_elsewhere_is_a_conflict() {
    let scene = Scene::new().wanting(Tree::of(&["北京", "上海/A 座"]));
    scene.apply().exits(0);
    let recorded = scene.id("/上海/A 座");
    let elsewhere = scene.stranger_makes(scene.id("/北京"), "A 座");
    scene.sandbox.remove_group(recorded);
    let state = scene.read(STATE).replace(&recorded.to_string(), &elsewhere.to_string());
    scene.write(STATE, &state);
    let told = format!("recorded as {elsewhere} at /上海/A 座, but {elsewhere} is /北京/A 座 in DingTalk");
    scene.apply().exits(4).shows(&["! A 座", &told, "DingTalk cannot move groups"]).says(&["refused:"]);
    assert_eq!((scene.live().len(), scene.read(STATE)), (3, state));
}

#[test]
fn a_group_deleted_by_hand_is_made_anew_with_all_below_it() {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    let gone = scene.id("/北京");
    for path in ["/北京/望京园区/A 座", "/北京/望京园区", "/北京/亦庄园区/研发楼", "/北京/亦庄园区", "/北京"]
    {
        scene.sandbox.remove_group(scene.id(path));
    }
    scene.sandbox.forget_calls();
    scene.apply().exits(0).shows(&[&format!("+ 北京  anew: {gone} is gone from DingTalk"), "5 to create"]);
    assert_eq!(
        scene.calls(),
        "token 1, create 5, list 2, read 11, administrators 5",
        "each absence is proven by two reads"
    );
    scene.is_true();
}

/// A read that fails says nothing about the group.
#[test]
fn failed_read_of_a_missing_group_stops_the_run() {
    for fault in
        ["read:permission", "read:html", "read:500-before", "read:error(404,not.known)", "read:reset-before@2.."]
    {
        let scene = Scene::of_fifteen();
        scene.apply().exits(0);
        scene.sandbox.remove_group(scene.id("/北京/望京园区/A 座"));
        let scene = scene.faulty(&[fault]);
        scene.sandbox.forget_calls();
        scene.apply().exits(5).says(&["only this read can show whether they still exist"]);
        scene.is_unchanged();
    }
}

#[test]
fn a_group_deleted_and_made_again_by_hand_is_adopted() {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    let parent = scene.id("/北京/望京园区");
    scene.sandbox.remove_group(scene.id("/北京/望京园区/A 座"));
    let again = scene.stranger_makes(parent, "A 座");
    scene.apply().exits(0).shows(&[&format!("adopt {again}")]);
    scene.is_true();
}

#[test]
fn another_organization_is_refused() {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    let other = Scene::of_fifteen().variable("DINGTALK_ENDPOINT", &scene.sandbox.url());
    other.write(STATE, scene.read(STATE));
    scene.sandbox.groups().iter().for_each(|group| scene.sandbox.remove_group(group.id));
    other.apply().exits(4).says(&["none of the 15 recorded groups exists in DingTalk", "check the credentials"]);
    assert_eq!(scene.live(), [""; 0]);
    let state = scene.read(STATE).replace("127.0.0.1", "127.0.0.2");
    scene.write(STATE, &state);
    let remedies =
        ["belongs to endpoint `http://127.0.0.2", "`--endpoint http://127.0.0.2", "`--sandbox`", "`--state FILE`"];
    for command in ["apply rooms.yaml --yes", "plan rooms.yaml", "plan rooms.yaml --offline"] {
        scene.run(command).exits(4).says(&remedies);
    }
    let local = format!("--sandbox --state {STATE}");
    scene
        .run(&format!("plan rooms.yaml {local}"))
        .exits(4)
        .says(&["leave `--sandbox` out", "`--endpoint http://127.0.0.2"]);
    assert_eq!(scene.read(STATE), state);
}

#[test]
fn refused_plan_reads_at_most_three_missing_groups() {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    scene.sandbox.groups().iter().for_each(|group| scene.sandbox.remove_group(group.id));
    scene.stranger_makes(0, "Stranger");
    scene.sandbox.forget_calls();
    scene.apply().exits(4).says(&["none of the 15 recorded groups exists in DingTalk"]);
    // Two reads of each, and two of a listed group at most.
    assert!((1..=8).contains(&scene.count(Operation::Read)), "{}", scene.calls());
}

#[test]
fn a_state_of_something_else_is_refused_offline_as_well() {
    let scene = Scene::new().wanting(Tree::of(&["北京"])).variable("DINGTALK_CORP_ID", "dingsandbox");
    scene.apply().exits(0);
    let scene = scene.without("DINGTALK_ENDPOINT");
    scene.run("plan rooms.yaml --offline").exits(0).says_nothing().shows(&["Nothing to do"]);
    scene.run("plan rooms.yaml --offline --endpoint https://api.dingtalk.io").exits(4).says(&["belongs to endpoint"]);
    let scene = scene.variable("DINGTALK_CORP_ID", "dingother");
    scene.run("plan rooms.yaml --offline").exits(4).says(&["belongs to organization `dingsandbox`", "`dingother`"]);
    let scene = scene.variable("DINGTALK_CORP_ID", "dingsandbox");
    scene.write(MANIFEST, "version: 1\nroot: 7\ngroups: [北京]\n");
    scene.run("plan rooms.yaml --offline").exits(4).says(&["belongs to root `0`", "`7`"]);
}

#[test]
fn a_run_that_only_deletes_deletes() {
    let mut scene = Scene::new().wanting(Tree::of(&["北京", "上海"]));
    scene.apply().exits(0);
    scene.want(Tree::of(&["北京"]));
    scene
        .run("plan rooms.yaml --prune --detailed-exitcode")
        .exits(2)
        .shows(&["- /上海", "Plan: 1 to delete, 1 unchanged."]);
    scene.run("apply rooms.yaml --prune --yes --qps off").exits(0).shows(&["Applied: 1 done"]);
    scene.is_true();
    scene.run("destroy rooms.yaml --yes --qps off").exits(0).shows(&["Applied: 1 done"]);
    assert_eq!((scene.live().len(), scene.recorded().len()), (0, 0));
}

#[test]
fn a_list_that_is_behind_and_has_none_of_the_groups_is_not_believed() {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    scene.sandbox.add_fault("list:stale(400ms)".parse().unwrap());
    scene.run("apply rooms.yaml --yes --qps off --settle 600ms").exits(0).shows(&["Nothing to do"]);
    scene.is_true();
}

#[test]
fn a_list_that_stays_behind_makes_no_group_anew() {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    scene.sandbox.add_fault("list:stale(10m)".parse().unwrap());
    let ran = scene.run("apply rooms.yaml --yes --qps off --settle 50ms");
    ran.exits(4).says(&["the list lacks `/", "but DingTalk still has it", "wait and run again"]);
    scene.sandbox.clear_faults();
    scene.is_true();
}
