//! A plan for those who decide: every format, from the binary, with names that others chose.

use crate::output::HOSTILE;
use crate::test_env::{MANIFEST, QUICK, Scene};
use crate::tree::Tree;

const FORMATS: [&str; 5] = ["markdown", "html", "svg", "dot", "mermaid"];

fn plan(format: &str, more: &str) -> String {
    format!("plan rooms.yaml --format {format} {more}")
}

#[test]
fn every_format_names_what_is_to_be_made_and_changes_nothing() {
    let scene = Scene::of_fifteen();
    for format in FORMATS {
        scene.run(&plan(format, "")).exits(0).says_nothing().shows(&["北京", "望京园区", "15"]);
        scene.run(&plan(format, "--lang zh")).exits(0).says_nothing().shows(&["15 个待创建"]);
        scene.run(&plan(format, "--detailed-exitcode")).exits(2);
    }
    scene.is_unchanged();
}

#[test]
fn every_format_says_that_there_is_nothing_to_do() {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    for format in FORMATS {
        scene.run(&plan(format, "")).exits(0).shows(&["Nothing to do: 15 groups as the manifest says"]);
        scene.run(&plan(format, "--offline")).exits(0).shows(&["15 groups recorded; DingTalk was not asked"]);
        scene.run(&plan(format, "--all --detailed-exitcode")).exits(0).shows(&["研发楼"]);
    }
}

#[test]
fn a_refused_plan_is_written_and_refused_in_every_format() {
    let scene = Scene::of_fifteen();
    scene.stranger_makes(0, "北京");
    scene.stranger_makes(0, "北京");
    for format in FORMATS {
        scene.run(&plan(format, "")).exits(4).shows(&["北京", "in conflict"]).says(&["refused:"]);
    }
}

#[test]
fn names_of_others_have_no_force_in_any_format() {
    let scene = Scene::of_fifteen();
    scene.stranger_makes(0, HOSTILE);
    scene.stranger_makes(0, "</script><script>alert(1)</script>");
    scene.stranger_makes(0, "`@team` </details> #1");
    for format in FORMATS {
        let ran = scene.run(&plan(format, ""));
        ran.exits(0).is_plain();
        // In Markdown it stands in code, where it is text; DOT and Mermaid have no tags.
        assert!(!["html", "svg"].contains(&format) || !ran.out.contains("<script>alert"), "{ran}");
    }
}

#[test]
fn what_is_left_out_can_be_seen_by_the_command_that_is_told() {
    let scene = Scene::new().wanting(Tree::flat(700));
    let ran = scene.run(&plan("svg", "--offline"));
    ran.exits(0).shows(&["300 to create", "roomtree plan rooms.yaml --offline --all"]);
    let whole = scene.run("plan rooms.yaml --offline --all");
    assert_eq!(whole.out.lines().filter(|line| line.contains("+ ")).count(), 700, "{whole}");
}

#[test]
fn a_plan_is_saved_beside_whatever_is_shown() {
    let scene = Scene::of_fifteen();
    scene.run(&plan("html", "--out saved.plan.json")).exits(0).shows(&["<!DOCTYPE html>"]).says(&["Saved to"]);
    scene.run(&format!("apply saved.plan.json --yes {QUICK}")).exits(0);
    scene.is_true();
}

#[test]
fn a_manifest_without_groups_is_drawn_too() {
    let scene = Scene::new();
    scene.write(MANIFEST, "version: 1\ngroups: []\n");
    for format in FORMATS {
        scene.run(&plan(format, "--offline")).exits(0).shows(&["0 groups"]);
    }
}
