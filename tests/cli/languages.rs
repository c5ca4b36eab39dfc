//! Which language is spoken is for people alone: what programs read is the same whatever it is.

use crate::ran::Ran;
use crate::test_env::{MANIFEST, QUICK, STATE, Scene};
use crate::tree::Tree;

const MISTAKES: &str =
    "version: 1\nroot: x\ngroups: [{nmae: a}, &b [*b], {name: \" c\", id: 0, protect: yes}, d, d, D]\n";

/// A scene of six groups where a language is spoken.
fn scene(language: &str) -> Scene {
    let locale = if language == "zh" { "zh_CN.UTF-8" } else { "C" };
    Scene::new().variable("LANG", locale).wanting(Tree::of(&["a", "a/b", "a/c", "d", "d/e", "f"]))
}

/// Runs a line that ends with this code.
#[track_caller]
fn run(scene: &Scene, line: &str, code: i32) -> Ran {
    let ran = scene.run(line);
    ran.exits(code);
    ran
}

/// Puts a sign in place of what differs from run to run: ids, times, ports, lineages.
fn masked(text: &str) -> String {
    let mask = |word: &str| if is_random(word) { "#".to_owned() } else { word.to_owned() };
    text.split_inclusive(|c: char| !c.is_ascii_alphanumeric())
        .map(|part| {
            let word = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            mask(word) + &part[word.len()..]
        })
        .collect()
}

fn is_random(word: &str) -> bool {
    let is_hex = word.len() > 3 && word.chars().all(|c| c.is_ascii_hexdigit());
    is_hex || word.contains(|c: char| c.is_ascii_digit())
}

fn has_chinese(text: &str) -> bool {
    text.contains(|c| matches!(c, '\u{4E00}'..='\u{9FFF}'))
}

/// The same is done in each language. What is for programs is the same in both; what is for people is Chinese in one.
#[track_caller]
fn is_told_alike(told: impl Fn(&str) -> (String, String)) {
    let ((english, said), (chinese, read)) = (told("en"), told("zh"));
    assert_eq!(masked(&english), masked(&chinese));
    assert_ne!(masked(&said), masked(&read));
    assert!(has_chinese(&read), "{read}");
}

#[test]
fn problems_are_the_same_for_programs() {
    is_told_alike(|language| {
        let scene = scene(language);
        scene.write(MANIFEST, MISTAKES);
        let json = run(&scene, "validate rooms.yaml --format json", 1);
        (json.out, run(&scene, "validate rooms.yaml", 1).err)
    });
}

#[test]
fn conflicts_and_refusals_are_the_same_for_programs() {
    is_told_alike(|language| {
        let scene = scene(language);
        for name in ["a", "a"] {
            scene.stranger_makes(0, name);
        }
        (run(&scene, "plan rooms.yaml --format json", 4).out, run(&scene, "plan rooms.yaml", 4).err)
    });
}

#[test]
fn saved_plans_are_the_same_for_programs() {
    is_told_alike(|language| {
        let scene = scene(language);
        let said = run(&scene, "plan rooms.yaml --out saved.plan.json", 0).out;
        (scene.read("saved.plan.json"), said)
    });
}

#[test]
fn reports_and_states_are_the_same_for_programs() {
    let told = |language: &str, faults: &[&str]| {
        let line = format!("apply rooms.yaml --yes --concurrency 1 {QUICK}");
        let people = scene(language).faulty(faults);
        let programs = scene(language).faulty(faults);
        let json = run(&programs, &format!("{line} --format json"), 3);
        (json.out + &programs.read(STATE), run(&people, &line, 3).err)
    };
    for faults in [
        ["create:error(400,depth.over.limit)@1", "create:garbage-after@3"],
        ["create:permission@2", "list:500-before@3.."],
    ] {
        is_told_alike(|language| told(language, &faults));
    }
}

#[test]
fn what_the_doctor_finds_is_the_same_for_programs() {
    let told = |language: &str, root: &str, faults: &[&str], code: i32| {
        let scene = scene(language);
        scene.apply().exits(0);
        scene.write(STATE, scene.read(STATE).replacen("\"/a\"", root, 1));
        let scene = scene.faulty(faults);
        let json = run(&scene, "doctor rooms.yaml --format json", code);
        (json.out, run(&scene, "doctor rooms.yaml", code).out)
    };
    is_told_alike(|language| told(language, "\"a\"", &[], 1));
    is_told_alike(|language| told(language, "\"/a\"", &["list:empty-after"], 5));
    is_told_alike(|language| told(language, "\"/x\"", &["rename:garbage-after"], 0));
}

#[test]
fn a_state_of_someone_else_is_refused_in_chinese() {
    let scene = scene("zh");
    scene.apply().exits(0);
    scene.write(STATE, scene.read(STATE).replace("\"root\": 0", "\"root\": 7"));
    let ran = run(&scene, "plan rooms.yaml", 4);
    ran.says(&["`rooms.yaml.state.json` 属于根分组 `7`，而本次运行针对的是 `0`", "使用创建该状态文件时的凭证和清单"]);
}
