//! Are the README and the pages in `docs` true? Their examples are run, and their tables are held against the binary.
//!
//! In a `console` block `$ ` begins a command, what follows is what it says. All blocks share one folder that has the
//! examples in it, in the order of the page. `...` stands for any lines. Progress (`created …`) and ids come in the order of the
//! answers, so of progress only the paths are compared, and of ids and times only that there is one. ` ...` at the end of a line
//! stands for the rest of it.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene is to fail")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

const README: &str = include_str!("../README.md");
const COMMANDS: &str = include_str!("../docs/commands.md");
const SPREADSHEETS: &str = include_str!("../docs/spreadsheets.md");
const ROOMTREE: &str = env!("CARGO_BIN_EXE_roomtree");

/// A folder with the examples in it.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"), &folder.path().join("examples"));
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// A command in a folder, with nothing of this process's environment but the way to the shell's tools and to roomtree.
fn command(program: &str, folder: &Path) -> Command {
    let here = Path::new(ROOMTREE).parent().unwrap().display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(program);
    command.current_dir(folder).env_clear().env("PATH", format!("{here}:{path}")).stdin(Stdio::null());
    command
}

fn roomtree(folder: &Path, arguments: &str) -> Output {
    command(ROOMTREE, folder).args(arguments.split(' ')).output().unwrap()
}

/// Returns the lines of every fenced block of a language on a page.
fn blocks(page: &'static str, language: &str) -> Vec<Vec<&'static str>> {
    let fence = format!("```{language}");
    let mut lines = page.lines();
    let mut blocks = Vec::new();
    while lines.by_ref().any(|line| line == fence) {
        blocks.push(lines.by_ref().take_while(|line| *line != "```").collect());
    }
    blocks
}

/// One command and what the page has it say.
struct Step {
    command: String,
    says: Vec<String>,
}

fn steps(block: &[&str]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in block {
        match line.strip_prefix("$ ") {
            Some(command) => {
                let command = command.replace("cargo run --release --", "roomtree");
                steps.push(Step { command, says: Vec::new() });
            }
            None => steps.last_mut().expect("a block begins with a command").says.push((*line).to_owned()),
        }
    }
    steps
}

impl Step {
    fn check(&self, folder: &Path) {
        let shell = command("sh", folder).args(["-c", &format!("exec 2>&1; {}", self.command)]).output().unwrap();
        let said = String::from_utf8(shell.stdout).unwrap();
        let (said_made, said) = parted(said.lines().map(str::to_owned));
        let (made, says) = parted(self.says.iter().cloned());
        assert!(made.is_subset(&said_made), "`{}` made {said_made:?}, the page has {made:?}", self.command);
        assert!(agree(&says, &said), "`{}` says\n{}\nthe page has\n{}", self.command, said.join("\n"), says.join("\n"));
    }
}

/// Takes the paths of the progress lines out, and the times out of the others.
fn parted(lines: impl Iterator<Item = String>) -> (BTreeSet<String>, Vec<String>) {
    let mut made = BTreeSet::new();
    let mut rest = Vec::new();
    for line in lines.filter(|line| !line.is_empty()) {
        match line.strip_prefix("  created ").and_then(|line| line.rsplit_once("  ")) {
            Some((path, _)) => drop(made.insert(path.to_owned())),
            None => rest.push(without_time(&without_id(&line))),
        }
    }
    (made, rest)
}

/// Replaces an id at the end of a line, which depends on which call came first.
fn without_id(line: &str) -> String {
    match line.rsplit_once("  ") {
        Some((path, id)) if id.parse::<u64>().is_ok() => format!("{path}  some id"),
        _ => line.to_owned(),
    }
}

/// Replaces the `1.4 s` of `in 1.4 s with`, which no machine owes us.
fn without_time(line: &str) -> String {
    match (line.split_once(" in "), line.split_once(" with ")) {
        (Some((before, time)), Some((_, after))) if time.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("{before} in some time with {after}")
        }
        _ => line.to_owned(),
    }
}

/// Compares line by line; `...` stands for any number of lines.
fn agree(expected: &[String], seen: &[String]) -> bool {
    match expected.split_first() {
        None => seen.is_empty(),
        Some((first, rest)) if first == "..." => (0..=seen.len()).any(|skipped| agree(rest, &seen[skipped..])),
        Some((first, rest)) => seen.split_first().is_some_and(|(line, seen)| is_line(first, line) && agree(rest, seen)),
    }
}

fn is_line(expected: &str, seen: &str) -> bool {
    match expected.strip_suffix("...") {
        Some(start) => seen.starts_with(start),
        None => seen == expected,
    }
}

#[test]
fn the_examples_go_as_the_readme_shows() {
    let folder = folder();
    let steps: Vec<Step> = blocks(README, "console").iter().flat_map(|block| steps(block)).collect();
    assert!(steps.len() >= 5, "the examples of the README were not found");
    for step in steps {
        step.check(folder.path());
    }
}

#[test]
fn the_examples_of_the_commands_go_as_their_page_shows() {
    let folder = folder();
    for step in blocks(COMMANDS, "console").iter().flat_map(|block| steps(block)) {
        step.check(folder.path());
    }
}

#[test]
fn the_examples_of_spreadsheets_go_as_their_page_shows() {
    let folder = folder();
    for step in blocks(SPREADSHEETS, "console").iter().flat_map(|block| steps(block)) {
        step.check(folder.path());
    }
}

#[test]
fn every_command_has_an_example_on_its_page() {
    let headings = COMMANDS.lines().filter_map(|line| line.strip_prefix("## "));
    assert_eq!(headings.map(str::to_owned).collect::<BTreeSet<_>>(), commands());
    for heading in commands() {
        let (_, section) = COMMANDS.split_once(&format!("\n## {heading}\n")).unwrap();
        let section = section.split("\n## ").next().unwrap_or_default();
        assert!(section.contains("```console\n$ ") && section.contains(&format!("roomtree {heading}")), "{heading}");
    }
}

#[test]
fn the_demonstration_changes_nothing_the_second_time() {
    let folder = folder();
    let demo = steps(&blocks(README, "console")[0]).remove(0).command;
    let run = || command("sh", folder.path()).args(["-c", &demo]).output().unwrap();
    let state = folder.path().join(".roomtree/states/examples/acme.yaml.state.json");
    assert!(run().status.success());
    let (before, again) = (fs::read(&state).unwrap(), run());
    let says = "Nothing to do: 28 groups as the manifest says.";
    assert_eq!(String::from_utf8(again.stdout).unwrap().trim_end(), says);
    assert!(README.contains(says));
    assert_eq!(fs::read(&state).unwrap(), before);
}

/// Returns the rows of the table under a heading, cell by cell, without the head.
fn table(heading: &str) -> Vec<Vec<String>> {
    let (_, section) = README.split_once(heading).expect("the heading is in the README");
    let lines = section.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "")).collect();
    lines.skip(2).map(cells).collect()
}

fn said(arguments: &str) -> String {
    String::from_utf8(roomtree(Path::new("."), arguments).stdout).unwrap()
}

#[test]
fn the_exit_codes_are_those_of_the_help() {
    let help = said("--help");
    let (_, codes) = help.split_once("Exit codes:\n").unwrap();
    let told: Vec<(String, String)> = codes
        .lines()
        .filter_map(|line| line.trim().split_once(' '))
        .map(|(code, meaning)| (code.to_owned(), meaning.trim().to_owned()))
        .collect();
    let rows: Vec<(String, String)> = table("## Exit codes").iter().map(|r| (r[0].clone(), r[1].clone())).collect();
    assert_eq!(rows, told);
}

/// Returns the commands that the binary has, those of `state` by both words.
fn commands() -> BTreeSet<String> {
    let names = |help: String| -> BTreeSet<String> {
        let (_, list) = help.split_once("Commands:\n").unwrap();
        let lines = list.lines().take_while(|line| !line.is_empty());
        lines.filter_map(|line| line.split_whitespace().next()).filter(|n| *n != "help").map(str::to_owned).collect()
    };
    let mut commands = names(said("--help"));
    commands.remove("state");
    commands.extend(names(said("state --help")).iter().map(|name| format!("state {name}")));
    commands
}

#[test]
fn the_commands_are_those_of_the_binary() {
    let rows: BTreeSet<String> = table("## Commands").iter().map(|row| row[0].clone()).collect();
    assert_eq!(rows, commands());
}

#[test]
fn the_flags_are_those_of_the_binary() {
    let helps: String = table("## Commands").iter().map(|row| said(&format!("{} --help", row[0]))).collect();
    let is_roomtree = |text: &&str| text.starts_with("--") && !text.starts_with("--release");
    let flags: BTreeSet<&str> =
        README.split('`').filter(is_roomtree).filter_map(|text| text.split(' ').next()).collect();
    assert!(flags.contains("--settle"), "the flags of the README were not found");
    for flag in flags {
        assert!(helps.contains(flag), "no command has {flag}");
    }
}

#[test]
fn the_variables_are_those_that_are_read() {
    let source = [include_str!("../src/cli/credentials.rs"), include_str!("../src/cli/target.rs")].concat();
    let rows = table("| variable |").into_iter().map(|row| row[0].clone()).collect::<Vec<_>>();
    assert!(!rows.is_empty(), "the variables of the README were not found");
    for variable in rows {
        let name = variable.trim_end_matches("_FILE");
        assert!(source.contains(&format!("\"{name}\"")), "{variable} is not read");
    }
}

/// A sandbox of its own process, ended with the test.
struct Serving {
    process: Child,
    url: String,
}

impl Serving {
    fn with(folder: &Path, arguments: &[&str]) -> Self {
        let mut process = command(ROOMTREE, folder)
            .arg("sandbox")
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { process, url: url.trim().to_owned() }
    }

    fn apply(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut apply = command(ROOMTREE, folder);
        apply.env("DINGTALK_CLIENT_ID", "sandbox").env("DINGTALK_CLIENT_SECRET", "sandbox");
        apply.env("DINGTALK_UNION_ID", "me").args(["apply", "examples/acme.yaml", "--yes", "--endpoint", &self.url]);
        apply.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        apply
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn exit_codes_before_anything_is_changed() {
    let folder = folder();
    let code = |arguments| roomtree(folder.path(), arguments).status.code();
    assert_eq!(code("validate examples/acme.yaml"), Some(0));
    assert_eq!(code("validate examples/none.yaml"), Some(1));
    assert_eq!(code("plan examples/acme.yaml"), Some(1), "without credentials");
    assert_eq!(code("plan examples/acme.yaml --no-such-flag"), Some(1));
    assert_eq!(code("plan examples/acme.yaml --offline --detailed-exitcode"), Some(2));
    assert_eq!(code("apply examples/acme.yaml --sandbox"), Some(4), "nobody confirms");
}

#[test]
fn exit_codes_of_an_apply() {
    let folder = folder();
    let refusing = Serving::with(folder.path(), &["--fault", "list:permission"]);
    assert_eq!(refusing.apply(folder.path(), &[]).status().unwrap().code(), Some(5));
    let failing = Serving::with(folder.path(), &["--fault", "create:error(400,group.too.much)@28"]);
    assert_eq!(failing.apply(folder.path(), &[]).status().unwrap().code(), Some(3));
    assert_eq!(failing.apply(folder.path(), &[]).status().unwrap().code(), Some(0));
}

#[test]
fn an_interrupted_apply_says_130() {
    let folder = folder();
    let sandbox = Serving::with(folder.path(), &[]);
    // Two calls a second make 28 groups take so long that no signal comes too late.
    let mut apply = sandbox.apply(folder.path(), &["--qps", "2"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut progress = BufReader::new(apply.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("created") {
        line.clear();
        assert!(progress.read_line(&mut line).unwrap() > 0, "ended before anything was created");
    }
    assert!(Command::new("kill").args(["-INT", &apply.id().to_string()]).status().unwrap().success());
    std::io::copy(&mut progress.take(1 << 20), &mut std::io::sink()).unwrap();
    assert_eq!(apply.wait().unwrap().code(), Some(130));
}
