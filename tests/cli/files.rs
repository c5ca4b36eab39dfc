//! Files next to a state, files that a user names, and what is reported when standard output cannot be written.

use std::fs;
use std::process::Stdio;

use roomtree::sandbox::{Config, Operation};
use serde_json::Value;

use crate::ran::Ran;
use crate::test_env::{MANIFEST, QUICK, STATE, Scene};
use crate::tree::Tree;

const LOCK: &str = "rooms.yaml.state.json.lock";
const JOURNAL: &str = "rooms.yaml.state.json.journal";

/// Runs a command whose standard output is a full disk.
#[cfg(target_os = "linux")]
fn run_full(scene: &Scene, line: &str) -> Ran {
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = scene.command(env!("CARGO_BIN_EXE_roomtree"));
    let output = command.args(line.split_whitespace()).stdout(Stdio::from(full)).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    Ran::new(line.to_owned(), output.status.code(), String::new(), err)
}

#[cfg(unix)]
#[test]
fn removed_lock_or_journal_lets_no_second_run_create() {
    for removed in [vec![LOCK], vec![JOURNAL], vec![LOCK, JOURNAL]] {
        let config = Config { latency: "50ms".parse().unwrap(), ..Config::default() };
        let scene = Scene::with(config).wanting(Tree::fifteen());
        let mut first = scene.start(&format!("apply {MANIFEST} --yes --concurrency 1 {QUICK}"));
        scene.until_calls(Operation::Create, 2);
        removed.iter().for_each(|name| fs::remove_file(scene.path(name)).unwrap());
        let second = scene.apply();
        second.exits_with_one_of(&[0, 4]);
        first.ended().exits(3).shows(&["was removed or replaced"]);
        scene.apply().exits(0);
        scene.is_true();
    }
}

#[cfg(unix)]
#[test]
fn replaced_journal_is_left_alone_and_the_state_written() {
    let config = Config { latency: "50ms".parse().unwrap(), ..Config::default() };
    let scene = Scene::with(config).wanting(Tree::fifteen());
    let mut first = scene.start(&format!("apply {MANIFEST} --yes --concurrency 1 {QUICK}"));
    scene.until_calls(Operation::Create, 2);
    fs::remove_file(scene.path(JOURNAL)).unwrap();
    scene.write(JOURNAL, "another's");
    let ran = first.ended();
    ran.exits(3).says(&[&format!("{JOURNAL}` was replaced while this run lasted"), "the state was written"]);
    assert_eq!(scene.read(JOURNAL), "another's");
    assert_eq!(scene.recorded().len(), scene.live().len());
    scene.apply().exits(1).says(&[JOURNAL]);
    fs::remove_file(scene.path(JOURNAL)).unwrap();
    scene.apply().exits(0);
    scene.is_true();
}

#[cfg(unix)]
#[test]
fn files_that_are_not_regular_are_refused_at_once() {
    let scene = Scene::of_fifteen();
    let manifest = scene.read(MANIFEST);
    for name in [STATE, JOURNAL, LOCK] {
        for target in ["/dev/zero", MANIFEST, "nothing"] {
            std::os::unix::fs::symlink(target, scene.path(name)).unwrap();
            let ran = scene.apply();
            ran.exits(1);
            let says = ["is not a file", "is damaged", "is a manifest, not a state file"];
            assert!(says.iter().any(|says| ran.err.contains(says)), "{ran}");
            fs::remove_file(scene.path(name)).unwrap();
        }
        assert!(std::process::Command::new("mkfifo").arg(scene.path(name)).status().unwrap().success());
        scene.apply().exits(1).says(&["is not a file"]);
        fs::remove_file(scene.path(name)).unwrap();
    }
    assert!(!scene.path("nothing").exists());
    assert_eq!(scene.read(MANIFEST), manifest);
    scene.is_unchanged();
}

#[test]
fn lock_file_of_another_program_stays() {
    let scene = Scene::of_fifteen();
    scene.write("Cargo.lock", "version = 4\n");
    let ran = scene.run(&format!("apply {MANIFEST} --state Cargo --yes {QUICK}"));
    ran.exits(1).says(&["`Cargo.lock` is not a lock file of roomtree", "move that file away"]);
    assert_eq!(scene.read("Cargo.lock"), "version = 4\n");
}

#[test]
fn plan_is_saved_only_to_new_files_and_over_saved_plans() {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    scene.write("notes", "notes\n");
    scene.write("plan-document.json", scene.run(&format!("plan {MANIFEST} --format json")).out);
    for taken in [MANIFEST, STATE, "notes", "plan-document.json", "."] {
        let before = fs::read(scene.path(taken)).ok();
        scene.run(&format!("plan {MANIFEST} --out {taken}")).exits(1).says(&["already exists", "name another file"]);
        assert_eq!(fs::read(scene.path(taken)).ok(), before, "{taken}");
    }
    for _ in 0..2 {
        scene.run(&format!("plan {MANIFEST} --out saved")).exits(0).says(&["roomtree apply saved"]);
    }
}

#[cfg(unix)]
#[test]
fn plan_is_not_saved_through_links_but_to_streams() {
    use std::os::unix::fs::symlink;
    let scene = Scene::of_fifteen();
    scene.run(&format!("plan {MANIFEST} --out saved")).exits(0);
    for (link, target) in [("a", MANIFEST), ("b", "saved"), ("c", "nothing")] {
        symlink(target, scene.path(link)).unwrap();
        scene.run(&format!("plan {MANIFEST} --out {link}")).exits(1).says(&["already exists"]);
    }
    assert!(!scene.path("nothing").exists());
    scene.run(&format!("plan {MANIFEST} --out /dev/null")).exits(0).says_nothing();
    scene.run(&format!("plan {MANIFEST} --out /dev/stdout")).exits(0).says_nothing().shows(&["saved-plan"]);
}

#[test]
fn command_of_a_saved_plan_names_the_endpoint() {
    let scene = Scene::of_fifteen();
    let endpoint = scene.sandbox.url();
    let scene = scene.without("DINGTALK_ENDPOINT");
    let ran = scene.run(&format!("plan {MANIFEST} --endpoint {endpoint} --state s.json --out saved"));
    let command = ran.exits(0).err.split('`').nth(1).unwrap().to_owned();
    assert_eq!(command, format!("roomtree apply saved --endpoint {endpoint}"));
    scene.run(&format!("{} --yes {QUICK}", command.strip_prefix("roomtree ").unwrap())).exits(0);
    assert!(scene.path("s.json").exists());
    assert_eq!(scene.live().len(), 15);
}

#[test]
fn saved_plan_is_recognized_without_its_ending() {
    let scene = Scene::of_fifteen();
    scene.run(&format!("plan {MANIFEST} --out saved")).exits(0);
    scene.write("torn", &scene.read("saved")[..200]);
    scene.run("apply torn --yes").exits(1).says(&["`torn` is not a plan saved by roomtree"]);
    scene.run("plan saved").exits(1).says(&["`saved` is a saved plan, not a manifest", "roomtree apply"]);
    scene.write("manifest.json", r#"{"version": 1, "groups": ["A"]}"#);
    scene.run("apply manifest.json --yes --only /A").exits(0);
    scene.run(&format!("apply saved --yes {QUICK}")).exits(0).shows(&["15 done"]);
}

#[test]
fn manual_pages_replace_only_their_own_kind() {
    let scene = Scene::new();
    scene.write("man/roomtree-plan.1", "notes\n");
    scene.run("man --all man").exits(1).says(&["already exists"]);
    assert_eq!(scene.read("man/roomtree-plan.1"), "notes\n");
    fs::remove_file(scene.path("man/roomtree-plan.1")).unwrap();
    scene.run("man --all man").exits(0);
    scene.run("man --all man").exits(0);
}

#[cfg(unix)]
#[test]
fn forced_import_keeps_a_link_and_the_permissions() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let scene = Scene::new();
    scene.write("a.csv", "一级,二级\n北京,望京\n");
    scene.write("target.yaml", "old\n");
    fs::set_permissions(scene.path("target.yaml"), fs::Permissions::from_mode(0o600)).unwrap();
    symlink("target.yaml", scene.path("link.yaml")).unwrap();
    scene.run("import a.csv --out link.yaml").exits(1).says(&["exists already"]);
    scene.run("import a.csv --out link.yaml --force").exits(0);
    assert!(scene.path("link.yaml").is_symlink() && scene.read("target.yaml").contains("望京"));
    assert_eq!(fs::metadata(scene.path("target.yaml")).unwrap().permissions().mode() & 0o777, 0o600);
    scene.run("import a.csv --out /dev/stdout").exits(0).shows(&["望京"]);
}

#[cfg(target_os = "linux")]
#[test]
fn full_output_after_changes_is_partial() {
    for format in ["json", "jsonl"] {
        let scene = Scene::of_fifteen();
        let line = format!("apply {MANIFEST} --yes --format {format} {QUICK}");
        run_full(&scene, &line).exits(3).says(&["cannot be written to standard output", "the changes are recorded"]);
        scene.is_true();
        run_full(&scene, &line).exits(1).says(&["cannot be written to standard output"]);
        let destroy = format!("destroy {MANIFEST} --yes --format {format} {QUICK}");
        run_full(&scene, &destroy).exits(3).says(&["the changes are recorded"]);
        assert_eq!(scene.live(), [""; 0]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn full_output_before_changes_is_wrong_input() {
    let scene = Scene::of_fifteen();
    for line in ["--help", "schema plan", "man", "validate rooms.yaml", "plan rooms.yaml", "apply rooms.yaml --yes"] {
        run_full(&scene, line).exits(1).says(&["cannot be written to standard output"]);
    }
    scene.is_unchanged();
    scene.apply().exits(0);
    run_full(&scene, &format!("state forget {STATE} /北京 --below")).exits(3).says(&["the changes are recorded"]);
}

/// Runs a command that fails, and returns its report in both formats, which are the same.
#[track_caller]
fn report(scene: &Scene, line: &str, code: i32) -> Value {
    let mut lines = scene.run(&format!("{line} --format jsonl")).exits(code).json_lines();
    let report = scene.run(&format!("{line} --format json")).exits(code).json();
    assert_eq!((lines.len(), lines.pop().unwrap()["ending"].clone()), (1, report["ending"].clone()));
    assert_eq!((report["kind"].as_str(), report["complete"].as_bool()), (Some("report"), Some(false)));
    assert_eq!(report["error"]["exit_code"], code);
    report
}

#[test]
fn every_failure_of_a_run_is_a_report() {
    let scene = Scene::of_fifteen();
    scene.write("wrong.yaml", "version: 1\ngroups: [A, A]\n");
    scene.write("damaged.json", "nonsense");
    for (line, code, ending, kind) in [
        ("apply rooms.yaml", 4, "refused", "refused"),
        ("apply wrong.yaml --yes", 1, "failed", "input"),
        ("apply nowhere.yaml --yes", 1, "failed", "input"),
        ("destroy wrong.yaml --yes", 1, "failed", "input"),
        ("apply nowhere.json --yes", 1, "failed", "input"),
        ("apply rooms.yaml --state damaged.json --yes", 1, "failed", "input"),
        ("apply rooms.yaml --yes --expect 000000000000", 4, "refused", "refused"),
        ("apply rooms.yaml --yes --endpoint http://127.0.0.1:1", 5, "failed", "unavailable"),
    ] {
        let report = report(&scene, line, code);
        assert_eq!((report["ending"].as_str(), report["error"]["kind"].as_str()), (Some(ending), Some(kind)), "{line}");
    }
    let plan = report(&scene, "apply rooms.yaml --yes --expect 000000000000", 4)["plan"]["fingerprint"].clone();
    assert!(plan.is_string());
    scene.is_unchanged();
    let scene = scene.without_credentials();
    assert_eq!(report(&scene, "apply rooms.yaml --yes", 1)["error"]["kind"], "input");
    let hints = report(&scene, "apply rooms.yaml --yes --lang zh", 1)["error"]["hints"].clone();
    assert!(hints[0].as_str().unwrap().starts_with("Client ID"), "documents are in English");
}

#[test]
fn run_that_finds_the_state_locked_is_a_report() {
    let config = Config { latency: "50ms".parse().unwrap(), ..Config::default() };
    let scene = Scene::with(config).wanting(Tree::fifteen());
    let mut first = scene.start(&format!("apply {MANIFEST} --yes --concurrency 1 {QUICK}"));
    scene.until_calls(Operation::Create, 1);
    let report = scene.run(&format!("apply {MANIFEST} --yes --format json")).exits(4).json();
    assert!(report["error"]["message"].as_str().unwrap().contains("another run holds the lock"), "{report}");
    first.ended().exits(0);
}

#[cfg(unix)]
#[test]
fn run_interrupted_before_its_first_change_is_a_report() {
    let config = Config { latency: "2s".parse().unwrap(), ..Config::default() };
    let scene = Scene::with(config).wanting(Tree::fifteen());
    for format in ["json", "jsonl"] {
        scene.sandbox.forget_calls();
        let mut run = scene.start(&format!("apply {MANIFEST} --yes --format {format} --timeout 15s"));
        scene.until_calls(Operation::List, 1);
        run.signal("INT");
        let ran = run.ended();
        let report = ran.exits(130).says(&["Interrupted before anything was changed"]).json();
        assert_eq!((report["ending"].as_str(), report.get("error")), (Some("interrupted"), None));
    }
    scene.is_unchanged();
}

#[cfg(unix)]
#[test]
fn fifo_in_a_manifest_folder_is_a_problem() {
    let scene = Scene::new();
    scene.write("folder/a.yaml", "version: 1\ngroups: [A]\n");
    assert!(std::process::Command::new("mkfifo").arg(scene.path("folder/b.yaml")).status().unwrap().success());
    scene.run("validate folder").exits(1).says(&["`folder/b.yaml` cannot be read: it is not a regular file"]);
}

#[test]
fn names_of_a_state_are_not_taken_by_other_results() {
    let scene = Scene::of_fifteen();
    for name in [STATE, JOURNAL, LOCK] {
        scene.run(&format!("plan {MANIFEST} --offline --out {name}")).exits(1).says(&["is a name for the state"]);
        assert!(!scene.path(name).exists());
    }
    scene.apply().exits(0);
    scene.is_true();
}

#[test]
fn file_of_another_kind_is_named_with_its_command() {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    scene.run(&format!("plan {MANIFEST} --offline --out saved.plan")).exits(0);
    fs::copy(scene.path("saved.plan"), scene.path("saved.json")).unwrap();
    for command in ["validate", "fmt", "plan --offline", "apply --yes", "destroy --yes"] {
        let ran = scene.run(&format!("{command} {STATE}"));
        ran.exits(1).says(&["is a state file, not a manifest", "`roomtree state list FILE`"]);
    }
    for command in ["validate", "fmt"] {
        let ran = scene.run(&format!("{command} saved.json"));
        ran.exits(1).says(&["is a saved plan, not a manifest", "`roomtree apply FILE`"]);
    }
    for line in [&format!("plan {MANIFEST} --offline --state saved.plan"), "state list saved.plan"] {
        scene.run(line).exits(1).says(&["`saved.plan` is a saved plan, not a state file", "`roomtree apply FILE`"]);
    }
    let ran = scene.run(&format!("plan {MANIFEST} --offline --state {MANIFEST}"));
    ran.exits(1).says(&["is a manifest, not a state file", "`roomtree plan FILE`"]);
    scene.run("import saved.plan").exits(1).says(&["`saved.plan` is a saved plan, not a spreadsheet"]);
    scene.run(&format!("import {STATE}")).exits(1).says(&["is a state file, not a spreadsheet"]);
    scene.run(&format!("--lang zh validate {STATE}")).exits(1).says(&["该文件是状态文件，不是清单"]);
}

#[test]
fn rebuild_replaces_no_file_that_is_not_a_state() {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    let manifest = scene.read(MANIFEST);
    scene.write("notes.txt", "notes\n");
    for file in [MANIFEST, "notes.txt"] {
        let ran = scene.run(&format!("state rebuild {MANIFEST} --state {file} --yes"));
        ran.exits(1).says(&["is not a state of roomtree"]);
    }
    assert_eq!((scene.read(MANIFEST), scene.read("notes.txt")), (manifest, "notes\n".to_owned()));
}
