//! `state rebuild`: a lost or damaged state is made anew, and what was there is kept.

use roomtree::sandbox::Operation;

use crate::test_env::{STATE, Scene};
use crate::tree::Tree;

const JOURNAL: &str = "rooms.yaml.state.json.journal";

fn applied() -> Scene {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    scene.sandbox.forget_calls();
    scene
}

fn lineage(scene: &Scene) -> String {
    let state: serde_json::Value = serde_json::from_str(&scene.read(STATE)).unwrap();
    state["lineage"].as_str().unwrap().to_owned()
}

/// All is as the manifest says, with nothing but one list.
#[track_caller]
fn is_settled(scene: &Scene) {
    scene.sandbox.forget_calls();
    scene.apply().exits(0).shows(&["Nothing to do"]);
    assert_eq!(scene.calls(), "token 1, list 1");
    scene.is_true();
}

#[test]
fn a_lost_state_is_rebuilt_with_two_lists() {
    let scene = applied();
    let before = (scene.recorded(), lineage(&scene));
    std::fs::remove_file(scene.path(STATE)).unwrap();
    let ran = scene.run("state rebuild rooms.yaml --settle 50ms");
    ran.exits(0).shows(&["Rebuilt: 15 groups recorded"]).says(&["There is no state"]);
    assert_eq!(scene.calls(), "token 1, list 2");
    assert_eq!(scene.recorded(), before.0);
    assert_ne!(lineage(&scene), before.1);
    is_settled(&scene);
}

#[test]
fn a_damaged_state_is_kept_aside() {
    let scene = applied();
    let damaged = scene.read(STATE).replace("\"serial\"", "\"serail\"");
    scene.write(STATE, &damaged);
    scene.apply().exits(1).says(&["is damaged", "roomtree state rebuild MANIFEST"]);
    let ran = scene.run("state rebuild rooms.yaml --settle 50ms");
    ran.exits(0).says(&["is damaged at line"]).shows(&["kept aside: rooms.yaml.state.json.damaged-1"]);
    assert_eq!(scene.read(&format!("{STATE}.damaged-1")), damaged);
    is_settled(&scene);
    scene.write(STATE, "nonsense");
    scene.run("state rebuild rooms.yaml --settle 50ms").exits(0).shows(&["damaged-2"]);
    is_settled(&scene);
}

#[test]
fn a_sound_state_is_replaced_only_when_that_is_confirmed() {
    let scene = applied();
    let before = scene.read(STATE);
    let ran = scene.run("state rebuild rooms.yaml --settle 50ms");
    ran.exits(4).shows_nothing().says(&[
        "The state is sound: it records 15 groups",
        "nobody is there to confirm",
        "--yes",
    ]);
    assert_eq!(scene.read(STATE), before);
    scene.is_tidy();
    scene
        .run("state rebuild rooms.yaml --settle 50ms --yes")
        .exits(0)
        .shows(&["kept aside: rooms.yaml.state.json.former-1"]);
    assert_eq!(scene.read(&format!("{STATE}.former-1")), before);
    is_settled(&scene);
}

#[test]
fn what_is_missing_or_there_twice_is_told_and_not_recorded() {
    let scene = applied();
    std::fs::remove_file(scene.path(STATE)).unwrap();
    scene.sandbox.remove_group(scene.id("/London/Soho/Floor 1"));
    let duplicate = scene.stranger_makes(0, "北京");
    let ran = scene.run("state rebuild rooms.yaml --settle 50ms");
    ran.exits(3).shows(&["Rebuilt in part: 9 groups recorded", "Not in DingTalk's list", "/London/Soho/Floor 1"]);
    ran.shows(&["cannot tell missing groups from groups that the list does not show yet", "Not recorded", "/北京"]);
    ran.shows(&[&duplicate.to_string(), "/北京/望京园区/A 座  below one that is not clear"]);
    assert_eq!(scene.recorded().len(), 9);
    scene.is_unchanged();
    scene.sandbox.remove_group(duplicate);
    scene.apply().exits(0).shows(&["1 to create, 5 to adopt"]);
    scene.is_true();
}

#[test]
fn groups_under_a_former_name_are_recorded_as_they_stand_and_renamed_by_the_next_apply() {
    let mut scene = applied();
    let id = scene.id("/London/Soho");
    std::fs::remove_file(scene.path(STATE)).unwrap();
    scene.want_by(
        &["Londres/Soho/Floor 1"],
        "[{name: Londres, was: London, children: [{name: Soho, children: [Floor 1]}]}]",
    );
    scene.run("state rebuild rooms.yaml --settle 50ms").exits(0).shows(&["3 groups recorded"]);
    assert!(scene.recorded().contains(&("/London/Soho".to_owned(), id)));
    scene.apply().exits(0).shows(&["1 to rename"]);
    assert_eq!(scene.id("/Londres/Soho"), id);
    assert_eq!(scene.recorded().len(), 3);
}

#[test]
fn nothing_to_rebuild_from_is_refused() {
    let scene = applied();
    scene.sandbox.groups().iter().for_each(|group| scene.sandbox.remove_group(group.id));
    scene.write(STATE, "nonsense");
    let ran = scene.run("state rebuild rooms.yaml --settle 50ms --yes");
    ran.exits(4).shows_nothing().says(&["DingTalk has none of the groups of the manifest", "check the credentials"]);
    assert_eq!(scene.read(STATE), "nonsense");
    scene.write(STATE, "{\"format\": 99}");
    scene.run("state rebuild rooms.yaml --settle 50ms --yes").exits(4).says(&["has format 99", "upgrade roomtree"]);
    assert_eq!(scene.read(STATE), "{\"format\": 99}");
}

/// A run that was killed with its creates under way, of which some have landed.
fn killed() -> Scene {
    let scene = Scene::new().wanting(Tree::of(&["a", "b", "c", "d"])).faulty(&["create:stall-after(10m)@3.."]);
    let running = scene.start("apply rooms.yaml --yes --qps off --timeout 10m");
    scene.until_calls(Operation::Create, 4);
    scene.look_at(running.kill());
    scene.sandbox.clear_faults();
    scene
}

#[test]
fn open_calls_of_a_damaged_state_are_taken_over() {
    let scene = killed();
    scene.write(STATE, "nonsense");
    scene
        .run("state rebuild rooms.yaml --settle 50ms")
        .exits(0)
        .shows(&["Rebuilt: 4 groups recorded", "journal.damaged-1"]);
    scene.apply().exits(0);
    scene.is_true();
    assert_eq!(scene.count(Operation::Create), 4);
}

#[test]
fn a_create_that_is_still_out_is_remembered_over_a_rebuild() {
    let scene = Scene::new().wanting(Tree::of(&["a", "b"])).faulty(&["create:late-stall(2500ms,10m)@2"]);
    let running = scene.start("apply rooms.yaml --yes --qps off --timeout 10m --concurrency 1");
    scene.until_calls(Operation::Create, 2);
    scene.look_at(running.kill());
    scene.write(STATE, "nonsense");
    let ran = scene.run("state rebuild rooms.yaml --settle 50ms");
    ran.exits(3).shows(&["Rebuilt in part: 1 group recorded", "taken over: ", "Not in DingTalk's list"]);
    scene.run("apply rooms.yaml --yes --qps off --settle 4s").exits(0);
    scene.is_true();
    assert_eq!(scene.count(Operation::Create), 2, "the first create landed late and was waited for");
}

#[test]
fn lines_of_a_journal_that_cannot_be_read_are_owned_up_to() {
    let scene = killed();
    let text = scene.read(JOURNAL);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let intent = lines.iter().position(|line| line.contains("intent")).unwrap();
    lines[intent] = lines[intent].replace("create", "croate");
    scene.write(JOURNAL, lines.join("\n") + "\n");
    scene.apply().exits(1).says(&["is damaged at line", "state rebuild"]);
    let ran = scene.run("state rebuild rooms.yaml --settle 50ms");
    ran.exits(0).says(&["1 line of the journal cannot be read", "may yet appear as a duplicate"]);
    scene.apply().exits(0);
    scene.is_true();
}

#[test]
fn the_sandbox_has_a_state_to_rebuild_too() {
    let scene = Scene::of_fifteen().without_credentials();
    scene.run("apply rooms.yaml --sandbox --yes --qps off").exits(0);
    let state = format!(".roomtree/states/{STATE}");
    std::fs::remove_file(scene.path(&state)).unwrap();
    scene.run("state rebuild rooms.yaml --settle 50ms --sandbox").exits(0).shows(&["Rebuilt: 15 groups"]);
    scene.run("apply rooms.yaml --sandbox --yes").exits(0).shows(&["Nothing to do"]);
    scene.run("state rebuild rooms.yaml --settle 50ms").exits(1).says(&["not set", "add --sandbox"]);
}

#[test]
fn list_that_is_behind_at_first_is_refused() {
    let scene = applied();
    std::fs::remove_file(scene.path(STATE)).unwrap();
    scene.sandbox.add_fault("list:stale(10m)@1".parse().unwrap());
    let ran = scene.run("state rebuild rooms.yaml --settle 50ms");
    ran.exits(4).shows_nothing().says(&["two lists, 0.1 s apart, differ", "run again later"]);
    assert!(!scene.path(STATE).exists());
}

#[test]
fn list_that_lacks_a_living_recorded_group_is_refused() {
    let scene = applied();
    let state = scene.read(STATE);
    scene.sandbox.add_fault("list:stale(10m)".parse().unwrap());
    let ran = scene.run("state rebuild rooms.yaml --settle 50ms --yes");
    ran.exits(4).shows_nothing().says(&["the list lacks `/", "but DingTalk still has it", "run again later"]);
    assert_eq!(scene.read(STATE), state);
}
