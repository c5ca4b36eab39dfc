//! Changes in DingTalk while a confirmation prompt is open.
#![cfg(target_os = "linux")]

use roomtree::sandbox::Operation;

use crate::terminal::{Answer, typed_after};
use crate::test_env::Scene;
use crate::tree::Tree;

const APPLY: &str = "apply rooms.yaml --qps off --settle 300ms";
const PRUNE: &str = "apply rooms.yaml --prune --max-deletes 9 --qps off --settle 300ms";
const DESTROY: &str = "destroy rooms.yaml --qps off --settle 300ms";
const CHANGED: &str = "DingTalk changed while the prompt was open";

/// Two groups are applied; from now on the manifest has these.
fn applied(wanted: &[&str]) -> Scene {
    let mut scene = Scene::new().wanting(Tree::of(&["A", "B"]));
    scene.apply().exits(0);
    scene.sandbox.forget_calls();
    scene.want(Tree::of(wanted));
    scene
}

/// Runs a command whose plan is confirmed as often as it is shown; the change happens at the first prompt.
#[track_caller]
fn confirmed(scene: &Scene, line: &str, keys: &str, change: &dyn Fn(), code: i32, prompts: usize) -> bool {
    let answers: [Answer<'_>; 2] = [(keys.as_bytes(), change), (keys.as_bytes(), &|| {})];
    let Some((found, said)) = typed_after(scene, line, &answers) else { return false };
    assert_eq!(found, Some(code), "{said}");
    let asked = said.matches("Only `yes` is taken").count() + said.matches("to go on:").count();
    assert_eq!(asked, prompts, "{said}");
    assert_eq!(said.contains(CHANGED), prompts > 1, "{said}");
    true
}

#[test]
fn unchanged_groups_take_one_more_list_after_a_prompt() {
    for (line, keys, wanted) in
        [(APPLY, "yes\n", &["A", "B", "C"][..]), (PRUNE, "yes\n", &["A"]), (DESTROY, "2\n", &[])]
    {
        let scene = applied(wanted);
        if confirmed(&scene, line, keys, &|| {}, 0, 1) {
            assert_eq!(scene.count(Operation::List), 2, "{line}: {}", scene.calls());
            assert_eq!(scene.live().len(), wanted.len(), "{line}");
        }
    }
}

#[test]
fn group_added_during_the_prompt_is_adopted_after_another_prompt() {
    let scene = applied(&["A", "B", "C"]);
    let add = || {
        scene.stranger_makes(0, "C");
    };
    if confirmed(&scene, APPLY, "yes\n", &add, 0, 2) {
        assert_eq!(scene.count(Operation::Create), 0);
        scene.is_true();
    }
}

#[test]
fn group_renamed_during_the_prompt_is_a_conflict() {
    for (line, keys, wanted) in
        [(APPLY, "yes\n", &["A", "B", "C"][..]), (PRUNE, "yes\n", &["A"]), (DESTROY, "2\n", &[])]
    {
        let scene = applied(wanted);
        let rename = || scene.sandbox.rename_group(scene.id("/B"), "Z");
        confirmed(&scene, line, keys, &rename, 4, 1);
        scene.is_unchanged();
    }
}

#[test]
fn group_deleted_during_the_prompt_is_created_after_another_prompt() {
    let scene = applied(&["A", "B", "C"]);
    let delete = || scene.sandbox.remove_group(scene.id("/B"));
    if confirmed(&scene, APPLY, "yes\n", &delete, 0, 2) {
        assert_eq!(scene.count(Operation::Create), 2);
        scene.is_true();
    }
}

#[test]
fn group_deleted_during_the_prompt_is_not_deleted_again() {
    for (line, keys, wanted) in [(PRUNE, "yes\n", &["A"][..]), (DESTROY, "2\n", &[])] {
        let scene = applied(wanted);
        let id = scene.id("/B");
        if confirmed(&scene, line, keys, &|| scene.sandbox.remove_group(id), 0, 2) {
            assert!(!scene.deleted().contains(&id), "{line}");
            assert_eq!(scene.live().len(), wanted.len(), "{line}");
        }
    }
}

#[test]
fn group_added_below_a_deletion_during_the_prompt_blocks_it() {
    for (line, keys, wanted) in [(PRUNE, "yes\n", &["A"][..]), (DESTROY, "2\n", &[])] {
        let scene = applied(wanted);
        let add = || {
            scene.stranger_makes(scene.id("/B"), "Room floor");
        };
        confirmed(&scene, line, keys, &add, 4, 1);
        scene.is_unchanged();
    }
}

/// A list with a group whose parent it lacks may lack groups below the root, too.
#[test]
fn plan_below_a_root_bounds_the_lists_of_a_first_run() {
    let scene = Scene::new();
    let root = scene.stranger_makes(0, "Asia");
    scene.stranger_makes(4711, "Orphan");
    scene.write("rooms.yaml", format!("version: 1\nroot: {root}\ngroups: [A]\n"));
    let cost = scene.run("plan rooms.yaml --format json").exits(0).json();
    assert_eq!(cost["cost"]["by_api"]["list"], 3);
    scene.sandbox.forget_calls();
    if confirmed(&scene, APPLY, "yes\n", &|| {}, 0, 1) {
        assert_eq!(scene.count(Operation::List), 3, "{}", scene.calls());
    }
}
