//! Every command: what goes to standard output, what to standard error, and how it ends.

use crate::test_env::{MANIFEST, QUICK, STATE, Scene};
use crate::tree::Tree;

const WRONG: &str = "version: 1\ngroups:\n  - name: 北京\n    colour: red\n";

#[test]
fn a_valid_manifest_is_told_in_one_line() {
    let scene = Scene::of_fifteen().without_credentials();
    let ran = scene.run("validate rooms.yaml");
    ran.exits(0).says_nothing();
    assert_eq!(ran.out, "Valid: 15 groups, 3 levels deep\n");
    let json = scene.run("validate rooms.yaml --format json").exits(0).says_nothing().json();
    assert_eq!((&json["kind"], &json["valid"], &json["groups"]), (&"problems".into(), &true.into(), &15.into()));
    assert_eq!(scene.calls(), "", "nothing is called");
}

#[test]
fn a_wrong_manifest_is_told_with_its_place() {
    let scene = Scene::new().without_credentials();
    scene.write("wrong.yaml", WRONG);
    scene.run("validate wrong.yaml").exits(1).shows_nothing().says(&["wrong.yaml:4:5", "colour"]);
    let json = scene.run("validate wrong.yaml --format json").exits(1).says_nothing().json();
    assert_eq!((&json["valid"], &json["problems"][0]["line"]), (&false.into(), &4.into()));
    for command in ["plan wrong.yaml --offline", "apply wrong.yaml --sandbox --yes"] {
        scene.run(command).exits(1).shows_nothing().says(&["wrong.yaml:4:5", "the manifest has 1 problem"]);
    }
    assert_eq!(scene.files(), ["wrong.yaml"]);
}

#[test]
fn several_files_and_folders_make_one_manifest() {
    let scene = Scene::new().without_credentials();
    scene.write("rooms/a.yaml", "version: 1\ngroups: [北京]");
    scene.write("rooms/b.yml", "version: 1\ngroups: [上海]");
    scene.run("validate rooms").exits(0).shows(&["2 groups"]);
    scene.run("validate rooms/a.yaml rooms/b.yml").exits(0).shows(&["2 groups"]);
    scene.run("plan rooms --offline").exits(0).shows(&["+ 北京", "+ 上海", "2 to create"]);
    scene.run("plan rooms/a.yaml rooms/a.yaml --offline").exits(1).shows_nothing();
}

#[test]
fn a_plan_offline_needs_no_credentials_and_makes_no_call() {
    let scene = Scene::of_fifteen().without_credentials();
    let ran = scene.run("plan rooms.yaml --offline");
    ran.exits(0).says_nothing().shows(&[
        "+ 北京",
        "├─ + 望京园区",
        "+ A 座",
        "Plan: 15 to create.",
        "at most 18 calls (3 list, 15 create)",
    ]);
    scene.run("plan rooms.yaml --offline --detailed-exitcode").exits(2);
    let json = scene.run("plan rooms.yaml --offline --format json").exits(0).says_nothing().json();
    assert_eq!((&json["counts"]["create"], &json["cost"]["calls"]), (&15.into(), &18.into()));
    assert_eq!(json["basis"]["online"], false);
    assert_eq!(scene.calls(), "");
    assert_eq!(scene.files(), [MANIFEST]);
}

#[test]
fn a_plan_costs_one_list_and_changes_nothing() {
    let scene = Scene::of_fifteen();
    let json = scene.run("plan rooms.yaml --format json").exits(0).says_nothing().json();
    assert_eq!((&json["counts"]["create"], &json["settled"]), (&15.into(), &false.into()));
    assert_eq!(scene.calls(), "token 1, list 1");
    assert_eq!((scene.live().len(), scene.files()), (0, vec![MANIFEST.to_owned()]));
    scene.run("plan rooms.yaml --detailed-exitcode").exits(2);
    scene.apply().exits(0);
    scene.run("plan rooms.yaml --detailed-exitcode").exits(0).shows(&["Nothing to do: 15 groups"]);
    scene.run("plan rooms.yaml --offline --detailed-exitcode").exits(0).shows(&["Nothing to do: 15 groups"]);
    let json = scene.run("plan rooms.yaml --format json").exits(0).json();
    assert_eq!((&json["counts"]["keep"], &json["settled"]), (&15.into(), &true.into()));
    scene.is_true();
}

#[test]
fn the_same_plan_has_the_same_fingerprint_and_another_another() {
    let mut scene = Scene::of_fifteen();
    let fingerprint = |scene: &Scene| scene.run("plan rooms.yaml --format json").json()["fingerprint"].clone();
    let first = fingerprint(&scene);
    assert_eq!(first, fingerprint(&scene));
    scene.want(Tree::of(&["北京"]));
    assert_ne!(first, fingerprint(&scene));
}

#[test]
fn an_apply_shows_plan_and_report_and_tells_its_progress_apart() {
    let ran = Scene::of_fifteen().apply();
    ran.exits(0).shows(&["+ 北京", "Plan: 15 to create.", "Applied: 15 done in ", " with 16 calls.\n"]);
    ran.says(&["created /北京/望京园区/A 座  10"]);
    assert!(!ran.out.contains("created "), "{ran}");
    assert!(!ran.err.contains("Applied"), "{ran}");
}

#[test]
fn an_apply_for_programs_writes_one_document() {
    let scene = Scene::of_fifteen();
    let line = format!("apply rooms.yaml --yes --format json {QUICK}");
    let json = scene.run(&line).exits(0).says(&["+ 北京", "created "]).json();
    assert_eq!((&json["kind"], &json["complete"], &json["calls"]), (&"report".into(), &true.into(), &16.into()));
    assert_eq!(json["groups"].as_array().map(Vec::len), Some(15));
    assert_eq!(json["groups"][0]["id"], scene.id(json["groups"][0]["path"].as_str().unwrap()));
    let json = scene.run(&line).exits(0).says_nothing().json();
    assert_eq!(
        (&json["kind"], &json["complete"], &json["ending"]),
        (&"report".into(), &true.into(), &"complete".into())
    );
    assert_eq!((&json["plan"]["settled"], &json["plan"]["counts"]["keep"]), (&true.into(), &15.into()));
    assert_eq!((&json["calls"], &json["groups"]), (&1.into(), &serde_json::json!([])));
}

#[test]
fn an_apply_for_programs_that_is_refused_is_a_report_too() {
    let scene = Scene::of_fifteen();
    let duplicates = [scene.stranger_makes(0, "北京"), scene.stranger_makes(0, "北京")];
    let line = format!("apply rooms.yaml --yes --format json {QUICK}");
    let json = scene.run(&line).exits(4).says(&["! 北京", "refused:"]).json();
    assert_eq!(
        (&json["kind"], &json["complete"], &json["ending"]),
        (&"report".into(), &false.into(), &"refused".into())
    );
    assert_eq!(json["plan"]["refusals"][0]["kind"], "conflicts");
    assert_eq!(json["plan"]["conflicts"][0]["ids"], serde_json::json!(duplicates));
    scene.sandbox.remove_group(duplicates[1]);
    let expected = scene.run(&format!("{line} --expect 0000000000000000")).exits(4).json();
    let plan = scene.run("plan rooms.yaml --format json").exits(0).json();
    assert_eq!((&expected["kind"], &expected["plan"]["fingerprint"]), (&"report".into(), &plan["fingerprint"]));
    let json = scene.run(&line).exits(0).json();
    let adopted = serde_json::json!({"path": "/北京", "outcome": "adopted", "id": duplicates[0]});
    assert_eq!((&json["adopted"], &json["groups"][0]), (&1.into(), &adopted));
    assert_eq!(json["groups"].as_array().map(Vec::len), Some(15));
    assert_eq!(json["plan"]["counts"]["create"], 14);
}

#[test]
fn a_former_name_that_has_done_its_work_is_noted_by_a_plan() {
    let scene = Scene::new();
    scene.write(MANIFEST, "version: 1\ngroups: [{name: 北京, was: 北平}]\n");
    scene.apply().exits(0);
    scene.run("plan rooms.yaml").exits(0).shows(&["Nothing to do", "note: `was` of /北京 has no effect"]);
    assert_eq!(scene.run("plan rooms.yaml --format json").json()["stale_was"], serde_json::json!(["/北京"]));
    assert!(!scene.apply().exits(0).out.contains("note:"));
}

#[test]
fn what_nobody_confirms_is_not_done() {
    let scene = Scene::of_fifteen();
    scene.run("apply rooms.yaml").exits(4).says(&["nobody is there to confirm; nothing was changed", "--yes"]);
    assert_eq!(scene.calls(), "token 1, list 1");
    assert_eq!(scene.files(), [MANIFEST]);
}

#[test]
fn the_state_is_listed_and_shown_without_network() {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    let id = scene.id("/北京/望京园区");
    let scene = scene.without_credentials();
    scene.sandbox.forget_calls();
    let ran = scene.run(&format!("state list {STATE}"));
    ran.exits(0).says_nothing().shows(&[&format!("/北京/望京园区  {id}\n")]);
    assert_eq!(ran.out.lines().count(), 15);
    let json = scene.run(&format!("state list {STATE} --format json")).exits(0).says_nothing().json();
    assert_eq!((&json["kind"], &json["groups"]["/北京/望京园区"]), (&"state".into(), &id.into()));
    scene.run(&format!("state show {STATE}")).exits(0).says_nothing().shows(&["lineage", "serial", "15 groups"]);
    let below = scene.run(&format!("state show {STATE} /北京/望京园区"));
    assert_eq!(below.exits(0).says_nothing().out.lines().count(), 2);
    let json = scene.run(&format!("state show {STATE} /北京 --format json")).exits(0).json();
    assert_eq!(json["groups"].as_object().map(serde_json::Map::len), Some(5));
    scene.run(&format!("state show {STATE} /广州")).exits(1).shows_nothing().says(&["`/广州` is not recorded"]);
    scene.run("state list nowhere.state.json").exits(1).shows_nothing().says(&["there is no state at"]);
    assert_eq!(scene.calls(), "");
}

#[test]
fn the_built_in_sandbox_keeps_its_groups_and_the_state_in_its_folder() {
    let scene = Scene::of_fifteen().without_credentials();
    scene.run("apply rooms.yaml --sandbox --yes --qps off").exits(0).shows(&["Applied: 15 done", "with 16 calls"]);
    let files = scene.files();
    let state = format!(".roomtree/states/{STATE}");
    assert_eq!(files, [".roomtree/.gitignore", ".roomtree/sandbox.jsonl", &state, MANIFEST]);
    let before = scene.read(&state);
    scene.run("plan rooms.yaml --sandbox").exits(0); // The file of changes becomes one of groups.
    let modified = || std::fs::metadata(scene.path(".roomtree/sandbox.jsonl")).unwrap().modified().unwrap();
    let once = modified();
    scene.run("apply rooms.yaml --sandbox --yes").exits(0).says_nothing().shows(&["Nothing to do: 15 groups"]);
    scene.run("plan rooms.yaml --sandbox --detailed-exitcode").exits(0);
    assert_eq!(scene.files(), files);
    assert_eq!(scene.read(&state), before);
    assert_eq!(modified(), once, "nothing is written when nothing changes");
    let listed = scene.run(&format!("state list {state}"));
    assert_eq!(listed.exits(0).out.lines().count(), 15);
}

#[cfg(unix)]
#[test]
fn a_served_sandbox_says_where_it_is_and_ends_when_it_is_told_to() {
    use std::io::{BufRead, BufReader};
    let scene = Scene::of_fifteen();
    let mut child = scene.command(env!("CARGO_BIN_EXE_roomtree"));
    let mut child = child.args(["sandbox", "--rate", "off", "--first-id", "5001"]).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut url = String::new();
    out.read_line(&mut url).unwrap();
    let scene = scene.variable("DINGTALK_CLIENT_SECRET", "sandbox").variable("DINGTALK_ENDPOINT", url.trim());
    scene.apply().exits(0);
    assert_eq!(scene.recorded().iter().map(|(_, id)| *id).min(), Some(5001));
    let running = crate::running::Running::new("sandbox".to_owned(), child);
    running.signal("TERM");
    let mut running = running;
    running.ended().exits(0).says(&["Serving DingTalk's room API"]);
}

#[test]
fn shells_and_the_manual_get_their_texts() {
    let scene = Scene::new().without_credentials();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        scene.run(&format!("completions {shell}")).exits(0).says_nothing().shows(&["roomtree", "detailed-exitcode"]);
    }
    scene.run("completions tcsh").exits(1).shows_nothing().says(&["bash"]);
    scene.run("man").exits(0).says_nothing().shows(&[
        ".TH roomtree",
        "Exit codes",
        "Environment:",
        "DINGTALK_UNION_ID",
    ]);
}

#[test]
fn every_command_has_a_page_of_its_own() {
    let scene = Scene::new().without_credentials();
    scene.run("man --all man/1").exits(0).shows_nothing();
    scene.run("man --all man/zh --lang zh").exits(0);
    let pages: Vec<String> =
        scene.files().into_iter().filter_map(|file| Some(file.strip_prefix("man/1/")?.to_owned())).collect();
    for name in ["roomtree.1", "roomtree-plan.1", "roomtree-apply.1", "roomtree-state.1", "roomtree-state-forget.1"] {
        assert!(pages.iter().any(|page| page == name), "{name} is not among {pages:?}");
    }
    assert!(pages.iter().all(|page| !page.contains("help")), "{pages:?}");
    assert!(scene.read("man/1/roomtree-plan.1").contains(".TH roomtree-plan 1"));
    assert!(scene.read("man/1/roomtree-plan.1").contains("Plan from manifest and state alone"));
    assert!(scene.read("man/zh/roomtree-plan.1").contains(".SH 选项"));
    scene.write("file", "");
    scene.run("man --all file/man").exits(1).says(&["cannot write the page `file/man/roomtree.1`"]);
}

#[test]
fn help_and_version_are_results_and_wrong_usage_is_not() {
    let scene = Scene::new().without_credentials();
    scene.run("--version").exits(0).says_nothing().shows(&[concat!("roomtree ", env!("CARGO_PKG_VERSION"))]);
    scene.run("--help").exits(0).says_nothing().shows(&["Exit codes:", "validate", "apply"]);
    scene.run("apply --help").exits(0).says_nothing().shows(&["--settle"]);
    for command in ["plan", "apply", "destroy", "doctor"] {
        let ran = scene.run(&format!("{command} --help"));
        ran.exits(0).shows(&["Environment:", "DINGTALK_CLIENT_SECRET_FILE", "Example"]);
    }
    scene.run("").exits(1).shows_nothing().says(&["Usage"]);
    scene.run("aply").exits(1).shows_nothing().says(&["apply"]);
    scene.run("apply").exits(1).shows_nothing().says(&["<MANIFEST>"]);
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    use roomtree::sandbox::Operation;
    let scene = Scene::of_fifteen();
    let line = format!("'{}' plan {MANIFEST} | true; echo ${{PIPESTATUS:-}}", env!("CARGO_BIN_EXE_roomtree"));
    let ran = scene.command("/bin/sh").args(["-c", &line]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&ran.stderr), "");
    assert_eq!(scene.count(Operation::List), 1);
}
