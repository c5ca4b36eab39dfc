//! A plan that was looked at is the plan that is applied, or nothing is: saved plans, fingerprints, parts of a manifest.

use crate::test_env::{QUICK, STATE, Scene};
use crate::tree::Tree;

const SAVED: &str = "saved.plan.json";

fn save(scene: &Scene, flags: &str) {
    scene.run(&format!("plan rooms.yaml --out {SAVED} {flags}")).exits(0).says(&["Saved to saved.plan.json"]);
    scene.sandbox.forget_calls();
}

fn apply_saved() -> String {
    format!("apply {SAVED} --yes {QUICK}")
}

fn fingerprint(scene: &Scene, flags: &str) -> String {
    let json = scene.run(&format!("plan rooms.yaml --format json {flags}")).json();
    json["fingerprint"].as_str().unwrap().to_owned()
}

/// The saved plan is refused with its reason, and nothing is changed.
#[track_caller]
fn is_refused(scene: &Scene) {
    scene.sandbox.forget_calls();
    let ran = scene.run(&apply_saved());
    ran.exits(4).says(&["refused: the plan is not the one that was expected", "moved on", "plan anew"]);
    scene.is_unchanged();
}

#[test]
fn a_saved_plan_is_applied_exactly_and_only_once() {
    let scene = Scene::of_fifteen();
    save(&scene, "");
    scene.run(&apply_saved()).exits(0).shows(&["Plan: 15 to create.", "Applied: 15 done"]);
    assert_eq!(scene.calls(), "token 1, create 15, list 1");
    scene.is_true();
    is_refused(&scene);
}

#[test]
fn a_saved_plan_is_refused_once_the_manifest_moved_on() {
    let mut scene = Scene::of_fifteen();
    save(&scene, "");
    scene.want(Tree::of(&["北京"]));
    is_refused(&scene);
    assert_eq!(scene.live(), [""; 0]);
}

#[test]
fn a_saved_plan_is_refused_once_the_state_moved_on() {
    let mut scene = Scene::new().wanting(Tree::of(&["a"]));
    scene.apply().exits(0);
    scene.want(Tree::of(&["a", "b"]));
    save(&scene, "");
    scene.run(&format!("state forget {STATE} /a")).exits(0);
    is_refused(&scene);
}

#[test]
fn a_saved_plan_is_refused_once_dingtalk_moved_on() {
    let mut scene = Scene::new().wanting(Tree::of(&["a"]));
    scene.apply().exits(0);
    scene.want(Tree::of(&["a", "b"]));
    save(&scene, "");
    scene.sandbox.rename_group(scene.id("/a"), "by hand");
    scene.run(&apply_saved()).exits(4).says(&["1 group in conflict"]);
    scene.is_unchanged();
    scene.sandbox.rename_group(scene.id("/by hand"), "a");
    scene.stranger_makes(0, "c");
    scene.run(&apply_saved()).exits(0).shows(&["1 done"]);
    assert_eq!(scene.live(), ["/a", "/b", "/c"], "a stranger elsewhere changes nothing of the plan");
}

#[test]
fn a_saved_plan_keeps_its_scope_and_takes_no_other() {
    let mut scene = Scene::of_fifteen();
    scene.apply().exits(0);
    scene.want(Tree::of(&["London"]));
    save(&scene, "--prune --max-deletes 14");
    for flag in ["--prune", "--only /London", "--max-deletes 3"] {
        scene.run(&format!("{} {flag}", apply_saved())).exits(1).says(&["a saved plan says itself what it takes in"]);
    }
    scene.run(&apply_saved()).exits(0).shows(&["14 to delete", "14 done"]);
    scene.is_true();
}

#[test]
fn what_a_saved_plan_leaves_undone_is_finished_by_the_command_that_is_told() {
    let mut scene = Scene::of_fifteen();
    scene.run(&format!("apply rooms.yaml --state other.json --yes {QUICK}")).exits(0);
    scene.want(Tree::of(&["London", "London/a b", "Paris"]));
    save(&scene, "--state other.json --prune --max-deletes 14 --only /London --only /上海");
    let ran = scene.run(&format!("{} --format json --max-calls 4", apply_saved()));
    ran.exits(3);
    let again = ran.json()["again"].as_str().unwrap().to_owned();
    let expected =
        "roomtree apply rooms.yaml --state other.json --prune --max-deletes 14 --only /London --only /上海 --yes";
    assert!(again.starts_with(expected), "{again}");
    assert_ne!(scene.live().len(), 7, "there was nothing left to finish");
    let finish = again.strip_prefix("roomtree ").unwrap().replace("--max-calls 4", "");
    scene.run(&finish).exits(0);
    let left = [
        "/London",
        "/London/a b",
        "/北京",
        "/北京/亦庄园区",
        "/北京/亦庄园区/研发楼",
        "/北京/望京园区",
        "/北京/望京园区/A 座",
    ];
    assert_eq!(scene.live(), left);
}

#[test]
fn a_plan_of_one_place_is_not_applied_to_another() {
    let scene = Scene::of_fifteen();
    scene.run(&format!("plan rooms.yaml --sandbox --out {SAVED}")).exits(0);
    is_refused(&scene);
    assert_eq!(scene.live(), [""; 0]);
}

#[test]
fn what_is_no_saved_plan_is_told() {
    let scene = Scene::of_fifteen();
    scene.run("plan - --out x.plan.json --offline").exits(1);
    scene.write("other.plan.json", "{\"format\": 1}");
    scene.run("apply other.plan.json --yes").exits(1).says(&["is not a plan saved by roomtree", "plan … --out FILE"]);
    scene.run("apply nowhere.plan.json --yes").exits(1).says(&["cannot read the plan"]);
    save(&scene, "");
    let newer = scene.read(SAVED).replacen("\"format\": 1", "\"format\": 2", 1);
    scene.write(SAVED, newer);
    scene.run(&apply_saved()).exits(4).says(&["was saved by a newer roomtree", "upgrade"]);
    scene.is_unchanged();
}

#[test]
fn a_refused_plan_is_not_saved() {
    let scene = Scene::of_fifteen();
    scene.stranger_makes(0, "北京");
    scene.stranger_makes(0, "北京");
    scene.run(&format!("plan rooms.yaml --out {SAVED}")).exits(4);
    assert!(!scene.path(SAVED).exists());
}

#[test]
fn an_expected_fingerprint_is_applied_and_another_is_not() {
    let mut scene = Scene::of_fifteen();
    let whole = fingerprint(&scene, "");
    scene.sandbox.forget_calls();
    for wrong in ["000000000000", &whole[..11], &whole[1..], "", &format!("{whole}0")] {
        let ran = scene.run_words(&["apply", "rooms.yaml", "--yes", "--expect", wrong]);
        ran.exits(4).says(&["the plan is not the one that was expected", &whole]);
    }
    scene.is_unchanged();
    scene.run(&format!("apply rooms.yaml --yes --expect {} {QUICK}", &whole[..12])).exits(0);
    scene.is_true();
    let mut tree = Tree::fifteen();
    tree.child("Oslo");
    scene.want(tree);
    let next = fingerprint(&scene, "");
    assert_ne!(next, whole);
    scene.run(&format!("apply rooms.yaml --yes --expect {whole} {QUICK}")).exits(4);
    scene.run(&format!("apply rooms.yaml --yes --expect {next} {QUICK}")).exits(0);
    scene.is_true();
}

#[test]
fn a_plan_made_offline_has_the_fingerprint_of_one_made_online() {
    let mut scene = Scene::of_fifteen();
    let same = |scene: &Scene, flags: &str| {
        let online = fingerprint(scene, flags);
        for offline in ["--offline", "--refresh=false"] {
            assert_eq!(fingerprint(scene, &format!("{offline} {flags}")), online, "{offline} {flags}");
        }
        online
    };
    same(&scene, "");
    scene.apply().exits(0);
    same(&scene, "");
    scene.want_by(&["Londres", "Oslo"], "[{name: Londres, was: London}, Oslo]");
    same(&scene, "");
    let offline = same(&scene, "--prune --max-deletes 14");
    scene.run(&format!("apply rooms.yaml --yes --prune --max-deletes 14 --expect {offline} {QUICK}")).exits(0);
    scene.is_true();
    scene.sandbox.remove_group(scene.id("/Oslo"));
    assert_ne!(fingerprint(&scene, ""), fingerprint(&scene, "--offline"), "DingTalk no longer agrees with the state");
}

#[test]
fn a_plan_without_refresh_calls_nobody() {
    let scene = Scene::of_fifteen().without_credentials();
    let ran = scene.run("plan rooms.yaml --refresh=false --detailed-exitcode");
    ran.exits(2).says_nothing().shows(&["15 to create"]);
    assert_eq!(ran.out, scene.run("plan rooms.yaml --offline").out);
    assert_eq!(scene.calls(), "");
}

#[test]
fn only_a_part_is_planned_and_applied() {
    let scene = Scene::of_fifteen();
    let part = "--only /北京/望京园区 --only /London/City";
    scene.run(&format!("plan rooms.yaml {part}")).exits(0).shows(&["6 to create"]);
    scene.run(&format!("apply rooms.yaml --yes {part} {QUICK}")).exits(0).shows(&["6 done"]);
    assert_eq!(
        scene.live(),
        ["/London", "/London/City", "/London/City/Floor 2", "/北京", "/北京/望京园区", "/北京/望京园区/A 座"]
    );
    scene.run(&format!("plan rooms.yaml {part} --detailed-exitcode")).exits(0).shows(&["Nothing to do: 6 groups"]);
    scene.apply().exits(0).shows(&["9 done"]);
    scene.is_true();
}

#[test]
fn only_a_part_is_pruned() {
    let mut scene = Scene::of_fifteen();
    scene.apply().exits(0);
    scene.want(Tree::of(&["London", "北京"]));
    scene.run(&format!("apply rooms.yaml --yes --prune --max-deletes 9 --only /London {QUICK}")).exits(0);
    assert!(scene.live().iter().all(|path| !path.starts_with("/London/")), "{:?}", scene.live());
    assert_eq!(scene.live().len(), 11);
}

#[test]
fn a_part_that_nobody_knows_is_told() {
    let scene = Scene::of_fifteen();
    for command in ["plan rooms.yaml", "plan rooms.yaml --offline", "apply rooms.yaml --yes"] {
        let ran = scene.run(&format!("{command} --only /广州"));
        ran.exits(1).shows_nothing().says(&["--only /广州: neither the manifest nor the state has this group", "~1"]);
        scene.run(&format!("{command} --only 广州")).exits(1).says(&["a path starts with `/`"]);
    }
    scene.is_unchanged();
}
