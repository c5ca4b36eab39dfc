//! `apply --format jsonl`: what happens, line by line, and the report as the last line.

use std::io::{BufRead, BufReader};

use serde_json::Value;

use crate::ran::Ran;
use crate::test_env::{QUICK, Scene};
use crate::tree::Tree;

fn apply(scene: &Scene) -> Ran {
    scene.run(&format!("apply rooms.yaml --yes --format jsonl {QUICK}"))
}

fn words(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["event"].as_str().unwrap_or("report")).collect()
}

fn count(lines: &[Value], word: &str) -> usize {
    words(lines).iter().filter(|found| **found == word).count()
}

#[test]
fn each_event_is_a_line_and_the_report_is_the_last() {
    let scene = Scene::of_fifteen();
    let ran = apply(&scene);
    let lines = ran.exits(0).says_nothing().json_lines();
    assert_eq!((words(&lines)[0], lines[0]["steps"].as_u64()), ("began", Some(15)));
    assert_eq!((lines.len(), count(&lines, "created")), (17, 15));
    let report = lines.last().unwrap();
    assert_eq!((report["kind"].as_str(), report["counts"]["done"].as_u64()), (Some("report"), Some(15)));
    let told =
        lines[1..16].iter().map(|line| (line["path"].as_str().unwrap().to_owned(), line["id"].as_i64().unwrap()));
    let mut told: Vec<_> = told.collect();
    told.sort();
    assert_eq!(told, scene.recorded());
    scene.is_true();
}

#[test]
fn a_run_with_nothing_to_do_is_one_line() {
    let scene = Scene::of_fifteen();
    apply(&scene).exits(0);
    let lines = apply(&scene).exits(0).says_nothing().json_lines();
    assert_eq!(words(&lines), ["report"]);
    assert_eq!(lines[0]["complete"], true);
}

#[test]
fn a_refused_run_is_one_line_and_says_why() {
    let scene = Scene::of_fifteen();
    scene.stranger_makes(0, "北京");
    scene.stranger_makes(0, "北京");
    let lines = apply(&scene).exits(4).says(&["refused:"]).json_lines();
    assert_eq!(words(&lines), ["report"]);
    assert_eq!(lines[0]["plan"]["refusals"][0]["kind"], "conflicts");
}

#[test]
fn renames_deletions_and_adoptions_are_told_as_such() {
    let mut scene = Scene::new().wanting(Tree::of(&["A", "A/B", "C"]));
    apply(&scene).exits(0);
    scene.want_by(&["D", "E", "D/B"], "[{name: D, was: A, children: [B]}, E]");
    scene.stranger_makes(0, "E");
    let ran = scene.run(&format!("apply rooms.yaml --yes --prune --format jsonl {QUICK}"));
    let lines = ran.exits(0).json_lines();
    for word in ["adopted", "renamed", "deleted"] {
        assert_eq!(count(&lines, word), 1, "{word} in {ran}");
    }
}

#[test]
fn lost_answers_are_told_and_settled() {
    let scene = Scene::of_fifteen().faulty(&["create:reset-after@3", "create:reset-before@5"]);
    let ran = apply(&scene);
    let lines = ran.exits(0).json_lines();
    assert_eq!(count(&lines, "answer_lost"), 2, "{ran}");
    let settled: Vec<bool> =
        lines.iter().filter(|line| line["event"] == "settled").map(|line| line["found"].as_bool().unwrap()).collect();
    assert!(settled.contains(&true) && settled.contains(&false), "{ran}");
    assert!(count(&lines, "looking") >= 1 && count(&lines, "created") == 15, "{ran}");
    scene.is_true();
}

#[test]
fn throttling_and_refusals_are_told() {
    let scene = Scene::of_fifteen().faulty(&["create:qps@2"]);
    assert!(count(&apply(&scene).exits(0).json_lines(), "throttled") >= 1);
    let scene = Scene::of_fifteen().faulty(&["create:error(400,param.error)@1"]);
    let ran = apply(&scene);
    let lines = ran.exits(3).json_lines();
    assert_eq!(count(&lines, "failed"), 1, "{ran}");
    let failed = lines.iter().find(|line| line["event"] == "failed").unwrap();
    assert!(failed["skipped"].is_u64() && failed["failure"]["remedy"].is_string(), "{ran}");
}

#[test]
fn events_come_as_they_happen() {
    let scene = Scene::of_fifteen();
    let words = "apply rooms.yaml --yes --format jsonl --qps 0.2".split_whitespace();
    let mut child = scene.command(env!("CARGO_BIN_EXE_roomtree")).args(words).spawn().unwrap();
    let mut first = [const { String::new() }; 2];
    let mut out = BufReader::new(child.stdout.take().unwrap());
    for line in &mut first {
        out.read_line(line).unwrap();
    }
    // At this pace the run takes more than a minute.
    assert!(first[1].contains(r#""event":"created""#), "{first:?}");
    assert!(child.try_wait().unwrap().is_none());
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_reader_that_goes_away_does_not_stop_the_run() {
    let scene = Scene::of_fifteen();
    let words = format!("apply rooms.yaml --yes --format jsonl {QUICK}");
    let mut child = scene.command(env!("CARGO_BIN_EXE_roomtree")).args(words.split_whitespace()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    scene.is_true();
}
