//! The hooks of `.pre-commit-hooks.yaml`, run as pre-commit runs them: the entry, the arguments of whoever uses it, the files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_yaml::Value;

use crate::ran::Ran;
use crate::running::Running;
use crate::test_env::Scene;

const GOOD: &str = "version: 1\ngroups:\n  - 北京\n";
const ODD: &str = "version: 1\ngroups:\n- 北京\n";
const WRONG: &str = "version: 1\ngroups:\n  - 北京\n  - 北京\n";

fn hooks() -> BTreeMap<String, Value> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml")).unwrap();
    let hooks: Vec<Value> = serde_yaml::from_str(&text).unwrap();
    hooks.into_iter().map(|hook| (hook["id"].as_str().unwrap().to_owned(), hook)).collect()
}

/// Runs a hook with arguments, and with files if it takes them.
fn run(scene: &Scene, id: &str, arguments: &[&str], files: &[&str]) -> Ran {
    let hook = &hooks()[id];
    let mut entry = hook["entry"].as_str().unwrap().split(' ');
    assert_eq!(entry.next(), Some("roomtree"), "the program that this package installs");
    let takes_files = hook["pass_filenames"].as_bool().unwrap_or(true);
    let words: Vec<&str> =
        entry.chain(arguments.iter().copied()).chain(files.iter().copied().filter(|_| takes_files)).collect();
    let child = scene.command(env!("CARGO_BIN_EXE_roomtree")).args(&words).spawn().unwrap();
    scene.look_at(Running::new(words.join(" "), child).ended())
}

#[test]
fn every_hook_says_what_pre_commit_wants_to_know() {
    assert_eq!(hooks().into_keys().collect::<Vec<_>>(), ["roomtree-fmt", "roomtree-validate"]);
    for (id, hook) in hooks() {
        for key in ["name", "description", "entry", "files"] {
            assert!(hook[key].as_str().is_some_and(|text| !text.is_empty()), "{id}: {key}");
        }
        assert_eq!(hook["language"].as_str(), Some("rust"), "{id}");
    }
}

#[test]
fn the_hook_for_the_layout_changes_the_files_that_it_gets() {
    let scene = Scene::new().without_credentials();
    scene.write("rooms/a.yaml", ODD);
    scene.write("rooms/b.yaml", GOOD);
    run(&scene, "roomtree-fmt", &[], &["rooms/a.yaml", "rooms/b.yaml"]).exits(0);
    assert_eq!(scene.read("rooms/a.yaml"), GOOD);
    run(&scene, "roomtree-fmt", &["--check"], &["rooms/a.yaml", "rooms/b.yaml"]).exits(0).shows_nothing();
    scene.write("rooms/a.yaml", ODD);
    run(&scene, "roomtree-fmt", &["--check"], &["rooms/a.yaml"]).exits(2);
}

#[test]
fn the_hook_for_validation_looks_at_the_whole_manifest() {
    let scene = Scene::new().without_credentials();
    scene.write("rooms/a.yaml", GOOD);
    scene.write("rooms/b.yaml", "version: 1\ngroups:\n  - 上海\n");
    run(&scene, "roomtree-validate", &["rooms"], &["rooms/b.yaml"]).exits(0).shows(&["2 groups"]);
    scene.write("rooms/b.yaml", WRONG);
    run(&scene, "roomtree-validate", &["rooms"], &["rooms/a.yaml"]).exits(1).says(&["duplicate-sibling"]);
    run(&scene, "roomtree-validate", &[], &["rooms/a.yaml"]).exits(1).says(&["<MANIFEST>"]);
}
