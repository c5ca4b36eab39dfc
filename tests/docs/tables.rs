//! The tables of the pages say what the binary says.

use std::collections::BTreeSet;
use std::fs;

use crate::page::{Page, Tongue, house, pages};
use crate::stage::Stage;

impl Page {
    /// Returns the rows of the first table behind a text, cell by cell, without the head.
    fn table(&self, behind: &str) -> Vec<Vec<String>> {
        let (_, section) = self.text.split_once(behind).unwrap_or_else(|| panic!("{}: no {behind}", self.name()));
        let lines = section.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
        let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "")).collect();
        lines.skip(2).map(cells).collect()
    }
}

fn said(tongue: Tongue, arguments: &str) -> String {
    String::from_utf8(Stage::new(tongue).roomtree(arguments).stdout).unwrap()
}

/// Returns the lines of a help behind a heading, up to the next empty one, parted at their first blank.
fn listed(help: &str, headings: [&str; 2]) -> Vec<(String, String)> {
    let behind = headings.iter().find_map(|heading| help.split_once(&format!("\n{heading}\n")));
    let lines = behind.expect("the help has the heading").1.lines().take_while(|line| !line.is_empty());
    let parted = |line: &str| line.trim().split_once(' ').map(|(word, rest)| (word.to_owned(), rest.trim().to_owned()));
    lines.filter_map(parted).collect()
}

#[test]
fn the_exit_codes_are_those_of_the_help() {
    for tongue in Tongue::ALL {
        let told: Vec<(String, String)> = listed(&said(tongue, "--help"), ["Exit codes:", "退出码："]);
        let plain = told.into_iter().map(|(code, meaning)| (code, meaning.replace('`', ""))).collect::<Vec<_>>();
        let rows = Page::readme(tongue).table("<!-- test: exit codes -->");
        assert_eq!(rows.into_iter().map(|r| (r[0].clone(), r[1].clone())).collect::<Vec<_>>(), plain);
    }
}

/// Returns the commands that the binary has, those of `state` by both words.
fn commands() -> BTreeSet<String> {
    let names = |arguments| -> BTreeSet<String> {
        let listed = listed(&said(Tongue::English, arguments), ["Commands:"; 2]);
        listed.into_iter().map(|(name, _)| name).filter(|name| name != "help").collect()
    };
    let mut commands = names("--help");
    commands.remove("state");
    commands.extend(names("state --help").iter().map(|name| format!("state {name}")));
    commands
}

#[test]
fn the_commands_are_those_of_the_binary() {
    for tongue in Tongue::ALL {
        let rows = Page::readme(tongue).table("<!-- test: commands -->");
        assert_eq!(rows.iter().map(|row| row[0].clone()).collect::<BTreeSet<_>>(), commands());
    }
}

#[test]
fn every_command_has_an_example_on_its_page() {
    for page in Tongue::ALL.map(|tongue| Page::chapter(tongue, "commands.md")) {
        let headings = page.headings().into_iter().filter(|(level, _)| *level == 2).map(|(_, name)| name.to_owned());
        assert_eq!(headings.collect::<BTreeSet<_>>(), commands());
        for heading in commands() {
            let (_, section) = page.text.split_once(&format!("\n## {heading}\n")).unwrap();
            let section = section.split("\n## ").next().unwrap_or_default();
            assert!(
                section.contains("```console\n$ ") && section.contains(&format!("roomtree {heading}")),
                "{heading}"
            );
        }
    }
}

#[test]
fn the_flags_are_those_of_the_binary() {
    let of = |command: &String| said(Tongue::English, &format!("{command} --help"));
    let helps: String = commands().iter().map(of).collect();
    let flags_of = |page: &Page| -> BTreeSet<String> {
        let code = page.prose().join("\n").split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
        let words = code.iter().flat_map(|code| code.split([' ', '=']).filter(|word| word.starts_with("--")));
        words.map(|word| word.trim_end_matches(['.', ',', ';']).to_owned()).collect()
    };
    for page in Tongue::ALL.into_iter().flat_map(pages) {
        let unknown = |flag: &String| !helps.contains(flag.as_str()) && !OF_OTHERS.contains(&flag.as_str());
        let unknown: Vec<String> = flags_of(&page).into_iter().filter(unknown).collect();
        assert!(unknown.is_empty(), "{}: no command has {unknown:?}", page.name());
    }
    assert!(flags_of(&Page::chapter(Tongue::English, "exactly-once.md")).contains("--settle"));
}

/// Flags of other programs that the pages name, and a mark of YAML's.
const OF_OTHERS: [&str; 7] = ["--", "---", "--release", "--test", "--nocapture", "--ours", "--theirs"];

#[test]
fn the_variables_are_those_that_are_read() {
    let read = |file| fs::read_to_string(house(file)).unwrap();
    let source = ["src/cli/credentials.rs", "src/cli/run/connection.rs"].map(read).concat();
    for page in Tongue::ALL.map(|tongue| Page::chapter(tongue, "dingtalk.md")) {
        let rows = page.table("<!-- test: variables -->");
        assert!(rows.len() >= 10, "the variables were not found");
        for variable in rows.iter().map(|row| &row[0]) {
            assert!(source.contains(&format!("\"{}\"", variable.trim_end_matches("_FILE"))), "{variable} is not read");
        }
    }
}
