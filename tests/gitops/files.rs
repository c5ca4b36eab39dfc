//! The example's files as they are shipped.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::github::parsed;
use crate::world::{STATE, World, example, platforms};

/// Returns a state without what differs from place to place.
fn comparable(text: &str) -> Value {
    let mut state: Value = serde_json::from_str(text).unwrap();
    state["endpoint"].take();
    state["lineage"].take();
    state
}

#[test]
fn the_state_is_what_a_first_apply_writes() {
    let shipped = fs::read_to_string(example().join(STATE)).unwrap();
    assert!(shipped.contains("https://api.dingtalk.com"));
    for platform in platforms() {
        let written = World::new(platform).origin.read(STATE).unwrap();
        assert_eq!(comparable(&shipped), comparable(&written));
        assert_eq!(shipped.lines().count(), written.lines().count());
    }
}

#[test]
fn the_state_and_the_manifest_agree() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roomtree"));
    let ran = command.args(["plan", "rooms.yaml", "--offline"]).current_dir(example()).env_clear().output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(said.contains("Nothing to do: 12 groups"), "{said}");
}

#[test]
fn no_job_has_a_right_by_default() {
    for entry in fs::read_dir(example().join(".github/workflows")).unwrap().flatten() {
        let workflow = parsed(&fs::read_to_string(entry.path()).unwrap());
        let default = workflow["permissions"].as_mapping().expect("permissions");
        assert!(default.is_empty(), "{}", entry.path().display());
    }
}

#[test]
fn only_one_run_at_a_time_has_the_state() {
    let read = |name: &str| parsed(&fs::read_to_string(example().join(name)).unwrap());
    for workflow in ["apply", "drift"] {
        let workflow = read(&format!(".github/workflows/{workflow}.yml"));
        assert_eq!(workflow["concurrency"]["group"].as_str(), Some("dingtalk"));
        assert_eq!(workflow["concurrency"]["queue"].as_str(), Some("max"));
        assert!(workflow["concurrency"]["cancel-in-progress"].is_null());
    }
    let pipeline = read(".gitlab-ci.yml");
    for job in ["apply", "drift"] {
        assert_eq!(pipeline[job]["resource_group"].as_str(), Some("dingtalk"));
    }
    assert_eq!(pipeline["apply"]["interruptible"].as_bool(), Some(false));
}
