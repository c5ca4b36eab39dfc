//! `doctor --remove-duplicates` while others change DingTalk.
#![cfg(unix)]

use std::thread::sleep;
use std::time::Duration;

use roomtree::sandbox::{Config, Operation};

use crate::test_env::{MANIFEST, Scene};
use crate::tree::Tree;

/// Longer than the longest gap that is not a suspension.
const SUSPENDED: Duration = Duration::from_millis(2_600);

/// A recorded group with two duplicates, and slow responses.
fn duplicated() -> (Scene, [i64; 2]) {
    let config = Config { latency: "400ms".parse().unwrap(), ..Config::default() };
    let scene = Scene::with(config).wanting(Tree::of(&["上海"]));
    scene.apply().exits(0);
    let duplicates = [scene.stranger_makes(0, "上海"), scene.stranger_makes(0, "上海")];
    scene.sandbox.forget_calls();
    (scene, duplicates)
}

#[test]
fn duplicate_renamed_meanwhile_is_not_deleted() {
    let (scene, [first, second]) = duplicated();
    let mut running = scene.start(&format!("doctor {MANIFEST} --remove-duplicates --yes"));
    scene.until_calls(Operation::Delete, 1);
    scene.sandbox.rename_group(second, "浦东");
    let ran = scene.look_at(running.ended());
    ran.exits(3).shows(&[&second.to_string(), "it was renamed or moved meanwhile"]);
    assert_eq!(scene.deleted(), [first]);
    assert_eq!(scene.id("/浦东"), second);
}

#[test]
fn suspended_removal_lists_again() {
    let (scene, [first, second]) = duplicated();
    let mut running = scene.start(&format!("doctor {MANIFEST} --remove-duplicates --yes"));
    scene.until_calls(Operation::Delete, 1);
    running.signal("STOP");
    sleep(SUSPENDED);
    scene.stranger_makes(second, "A 座");
    running.signal("CONT");
    let ran = scene.look_at(running.ended());
    ran.exits(3).shows(&["it can no longer be removed safely"]);
    assert_eq!(scene.deleted(), [first]);
    assert_eq!(scene.count(Operation::List), 4, "{}", scene.calls());
}

#[test]
fn unchanged_duplicates_are_read_once_and_deleted() {
    let (scene, duplicates) = duplicated();
    scene.run(&format!("doctor {MANIFEST} --remove-duplicates --yes")).exits(0);
    assert_eq!(scene.deleted(), duplicates);
    assert_eq!((scene.count(Operation::List), scene.count(Operation::Read)), (3, 4), "{}", scene.calls());
}

#[cfg(target_os = "linux")]
#[test]
fn duplicate_changed_during_the_prompt_is_kept() {
    let (scene, [first, second]) = duplicated();
    let line = format!("doctor {MANIFEST} --remove-duplicates");
    let change = || {
        scene.stranger_makes(second, "A 座");
    };
    let Some((code, said)) = crate::terminal::typed_after(&scene, &line, &[(b"yes\n", &change)]) else { return };
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(scene.deleted(), [first], "{said}");
}
