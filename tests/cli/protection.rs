//! `protect` is recorded: it holds after the group has left the manifest, until `protect: false` or `state forget`.

use serde_json::{Value, json};

use crate::test_env::{QUICK, STATE, Scene};

/// 北京 with the protected 望京园区, and London; applied.
fn protecting() -> Scene {
    let mut scene = Scene::new();
    let paths = ["London", "北京/望京园区/A 座", "北京/望京园区/B 座"];
    scene
        .want_by(&paths, "[London, {name: 北京, children: [{name: 望京园区, protect: true, children: [A 座, B 座]}]}]");
    scene.apply().exits(0);
    scene.sandbox.forget_calls();
    scene
}

fn prune() -> String {
    format!("apply rooms.yaml --yes --prune --max-deletes 10 {QUICK}")
}

fn protected(scene: &Scene) -> Value {
    serde_json::from_str::<Value>(&scene.read(STATE)).unwrap()["protected"].clone()
}

#[test]
fn prune_keeps_a_protected_group_that_left_the_manifest() {
    let mut scene = protecting();
    assert_eq!(protected(&scene), json!(["/北京/望京园区"]));
    scene.want_by(&[], "[London]");
    let ran = scene.run("plan rooms.yaml --prune --max-deletes 10");
    ran.exits(0).shows(&["2 to delete", "Protected: ", "`roomtree state forget`", "  /北京/望京园区  "]);
    ran.shows(&["contains the protected /北京/望京园区"]);
    scene.run(&prune()).exits(0);
    assert_eq!(scene.live(), ["/London", "/北京", "/北京/望京园区"]);
    let json = scene.run("plan rooms.yaml --prune --offline --format json").exits(0).json();
    assert_eq!(json["settled"], true, "{json}");
    assert_eq!(json["retained"][0]["protected_by"], "/北京/望京园区");
}

#[test]
fn destroy_keeps_groups_that_the_state_protects() {
    let mut scene = protecting();
    scene.want_by(&[], "[London]");
    scene.run(&format!("destroy rooms.yaml --yes {QUICK}")).exits(0).shows(&["3 to delete"]);
    assert_eq!(scene.live(), ["/北京", "/北京/望京园区"]);
    scene.want_by(&[], "[{name: 北京, children: [{name: 望京园区, protect: false}]}]");
    scene.run(&format!("destroy rooms.yaml --yes {QUICK}")).exits(0).shows(&["2 to delete", "1 to unprotect"]);
    assert_eq!((scene.live(), scene.recorded()), (vec![], vec![]));
    assert_eq!(protected(&scene), Value::Null);
}

#[test]
fn destroy_keeps_a_group_renamed_and_protected_in_the_manifest() {
    let mut scene = Scene::new();
    scene.want_by(&["Old/A", "B"], "[{name: Old, children: [A]}, B]");
    scene.apply().exits(0);
    scene.want_by(&[], "[{name: New, was: Old, protect: true, children: [A]}, B]");
    scene.run(&format!("destroy rooms.yaml --yes {QUICK}")).exits(0);
    assert_eq!(scene.live(), ["/Old"]);
}

#[test]
fn new_protection_is_a_pending_change_and_then_settled() {
    let mut scene = Scene::new();
    scene.want_by(&["北京"], "[北京]");
    scene.apply().exits(0);
    scene.sandbox.forget_calls();
    scene.want_by(&["北京"], "[{name: 北京, protect: true}]");
    let check = "plan rooms.yaml --detailed-exitcode";
    scene.run(check).exits(2).shows(&["Protect: ", "  /北京\n", "1 to protect"]);
    let json = scene.run(&format!("{check} --offline --format json")).exits(2).json();
    assert_eq!((&json["protect"], &json["counts"]["protect"]), (&json!(["/北京"]), &json!(1)));
    scene.apply().exits(0).shows(&["Applied: 1 protected"]);
    scene.is_unchanged();
    let bytes = scene.read(STATE);
    scene.run(check).exits(0).shows(&["Nothing to do"]);
    scene.apply().exits(0);
    assert_eq!(scene.read(STATE), bytes);
    scene.want_by(&["北京"], "[北京]");
    scene.run(check).exits(0);
    scene.want_by(&["北京"], "[{name: 北京, protect: false}]");
    scene.run(check).exits(2).shows(&["Unprotect: ", "1 to unprotect"]);
    scene.apply().exits(0).shows(&["Applied: 1 unprotected"]);
    assert_eq!(protected(&scene), Value::Null);
    scene.run(check).exits(0);
}

#[test]
fn fingerprint_covers_protection() {
    let mut scene = Scene::new();
    scene.want_by(&["A"], "[A]");
    scene.apply().exits(0);
    let fingerprint = |scene: &Scene| scene.run("plan rooms.yaml --format json").json()["fingerprint"].clone();
    let before = fingerprint(&scene);
    scene.want_by(&["A"], "[{name: A, protect: true}]");
    assert_ne!(fingerprint(&scene), before);
}

#[test]
fn saved_plan_is_refused_when_protection_changed_meanwhile() {
    let mut scene = protecting();
    scene.want_by(&[], "[London, {name: 北京, children: [{name: 望京园区, protect: false}]}]");
    scene.run("plan rooms.yaml --prune --max-deletes 10 --out p.plan.json").exits(0);
    scene.want_by(&[], "[London, {name: 北京, children: [望京园区]}]");
    scene.run(&format!("apply p.plan.json --yes {QUICK}")).exits(4);
    scene.is_unchanged();
}

#[test]
fn rename_carries_protection_along() {
    let mut scene = protecting();
    scene.want_by(
        &["London", "首都/望京/A 座", "首都/望京/B 座"],
        "[London, {name: 首都, was: 北京, children: [{name: 望京, was: 望京园区, children: [A 座, B 座]}]}]",
    );
    scene.apply().exits(0);
    assert_eq!(protected(&scene), json!(["/首都/望京"]));
    scene.is_true();
}

#[test]
fn group_created_again_is_still_protected() {
    let mut scene = protecting();
    for path in ["/北京/望京园区/A 座", "/北京/望京园区/B 座", "/北京/望京园区"] {
        scene.sandbox.remove_group(scene.id(path));
    }
    scene.want_by(&["London", "北京/望京园区"], "[London, {name: 北京, children: [望京园区]}]");
    scene.run(&prune()).exits(0);
    assert_eq!(protected(&scene), json!(["/北京/望京园区"]));
    scene.is_true();
}

#[test]
fn record_of_a_protected_group_that_someone_deleted_stays() {
    let mut scene = protecting();
    for path in ["/北京/望京园区/A 座", "/北京/望京园区/B 座", "/北京/望京园区"] {
        scene.sandbox.remove_group(scene.id(path));
    }
    scene.want_by(&[], "[London]");
    scene.run(&prune()).exits(0);
    let recorded: Vec<String> = scene.recorded().into_iter().map(|(path, _)| path).collect();
    assert_eq!(recorded, ["/London", "/北京", "/北京/望京园区"]);
}

#[test]
fn protection_of_a_failed_create_is_not_recorded() {
    let mut scene = Scene::new();
    scene.want_by(&["A", "B"], "[{name: A, protect: true}, {name: B, protect: true}]");
    let scene = scene.faulty(&["create:error(400,param.error)@1"]);
    scene.run(&format!("apply rooms.yaml --yes --concurrency 1 {QUICK}")).exits(3);
    assert_eq!(protected(&scene), json!(["/B"]));
    scene.apply().exits(0);
    assert_eq!(protected(&scene), json!(["/A", "/B"]));
    scene.is_true();
}

#[test]
fn state_commands_show_protection_and_forget_ends_it() {
    let mut scene = protecting();
    scene.run("state list rooms.yaml").exits(0).shows(&["/北京/望京园区  ", "  protected\n"]);
    scene.run("state show rooms.yaml").exits(0).shows(&["protected", "1 group"]);
    let json = scene.run("state show rooms.yaml /北京 --format json").exits(0).json();
    assert_eq!(json["protected"], json!(["/北京/望京园区"]));
    scene.run("state forget rooms.yaml /北京/望京园区").exits(0);
    assert_eq!(protected(&scene), Value::Null);
    scene.want_by(&["London", "北京"], "[London, 北京]");
    let ran = scene.run("plan rooms.yaml --prune --max-deletes 10");
    assert!(!ran.exits(0).shows(&["2 to delete"]).out.contains("Protected"), "{ran}");
}

#[test]
fn state_rebuild_records_protection() {
    let mut scene = protecting();
    scene.want_by(
        &["London", "北京/望京园区/A 座", "北京/望京园区/B 座"],
        "[{name: London, protect: true}, {name: 北京, children: [{name: 望京园区, children: [A 座, B 座]}]}]",
    );
    scene.run("state rebuild rooms.yaml --yes").exits(0);
    assert_eq!(protected(&scene), json!(["/London", "/北京/望京园区"]));
    std::fs::remove_file(scene.path(STATE)).unwrap();
    scene.run("state rebuild rooms.yaml --yes").exits(0);
    assert_eq!(protected(&scene), json!(["/London"]));
    scene.run("plan rooms.yaml --detailed-exitcode").exits(0);
}

#[test]
fn late_duplicate_of_a_protected_group_is_left() {
    let mut scene = Scene::new();
    scene.want_by(&["A"], "[{name: A, protect: true}]");
    let scene = scene.faulty(&["create:late(900ms)@1"]);
    let line = "apply rooms.yaml --yes --settle 400ms --timeout 1s --qps off";
    let ran = scene.run(line);
    // The duplicate may appear before the last list of the run, or after it.
    ran.exits_with_one_of(&[0, 3]);
    if ran.code == Some(3) {
        ran.shows(&["second groups of the same name"]);
    }
    assert_eq!(scene.count(roomtree::sandbox::Operation::Delete), 0, "{ran}");
}

#[test]
fn doctor_keeps_duplicates_of_a_protected_group_or_ancestor() {
    let scene = protecting();
    scene.stranger_makes(0, "北京");
    scene.stranger_makes(scene.sandbox.groups()[0].parent, "London");
    let beijing = scene.recorded().into_iter().find(|(path, _)| path == "/北京").unwrap().1;
    scene.stranger_makes(beijing, "望京园区");
    let ran = scene.run("doctor rooms.yaml --remove-duplicates --yes");
    ran.shows(&["/北京/望京园区 is protected, so none is removed", "`protect: false`"]);
    let deleted = scene.deleted();
    assert_eq!(deleted.len(), 1, "only that of London: {ran}");
}

#[test]
fn protection_declared_in_the_manifest_alone_counts_for_doctor() {
    let mut scene = Scene::new();
    scene.want_by(&["A"], "[A]");
    scene.apply().exits(0);
    scene.stranger_makes(0, "A");
    scene.want_by(&["A"], "[{name: A, protect: true}]");
    scene.run("doctor rooms.yaml --remove-duplicates --yes");
    assert_eq!(scene.deleted(), [0; 0]);
}

#[test]
fn pull_with_record_settles_protection() {
    let mut scene = protecting();
    scene.sandbox.rename_group(scene.id("/北京"), "首都");
    scene.want_by(
        &[],
        "[{name: London, protect: true}, {name: 北京, children: [{name: 望京园区, children: [A 座, B 座]}]}]",
    );
    scene.run("pull rooms.yaml --record").exits(0);
    assert_eq!(protected(&scene), json!(["/London", "/首都/望京园区"]));
    scene.run("plan rooms.yaml --detailed-exitcode").exits(0);
}
