//! The examples go as the pages show.
//!
//! `...` stands for any lines, at the end of a line for the rest of it. Progress (`created …`) comes in the order of the answers, and
//! so do ids and the rows of a table that is sorted by them: of these only the paths are compared, in any order, and of other ids
//! and times only that there is one.

use std::collections::BTreeSet;
use std::fs;

use crate::page::{Page, Tongue, pages};
use crate::script::Act;
use crate::stage::Stage;

/// Lines, those whose order depends on the answers apart.
struct Said {
    unordered: BTreeSet<String>,
    lines: Vec<String>,
}

impl Said {
    fn of<'a>(lines: impl Iterator<Item = &'a str>) -> Self {
        let mut said = Self { unordered: BTreeSet::new(), lines: Vec::new() };
        for line in lines.filter(|line| !line.trim().is_empty()) {
            match progress(line).or_else(|| row(line)) {
                Some(unordered) => drop(said.unordered.insert(unordered.to_owned())),
                None => said.lines.push(without_time(&without_ids(line))),
            }
        }
        said
    }
}

/// Returns `created /北京` of `  created /北京  1001`.
pub(crate) fn progress(line: &str) -> Option<&str> {
    let (told, id) = line.strip_prefix("  ")?.rsplit_once("  ")?;
    let (word, path) = told.split_once(' ')?;
    (id.parse::<u64>().is_ok() && word.chars().all(char::is_alphabetic) && path.starts_with('/')).then_some(told)
}

/// Returns `北京,/北京` of a row `北京,/北京,1001`, or of `北京,/北京,...` on a page.
fn row(line: &str) -> Option<&str> {
    let (row, id) = line.rsplit_once(',')?;
    let (_, path) = row.rsplit_once(',')?;
    ((id == "..." || id.parse::<u64>().is_ok()) && path.starts_with('/')).then_some(row)
}

/// Replaces ids, which depend on which call came first: numbers of at least four digits.
fn without_ids(line: &str) -> String {
    let mut rest = line;
    let mut words = String::new();
    while let Some(start) = rest.find(|sign: char| sign.is_ascii_digit()) {
        let digits = rest[start..].find(|sign: char| !sign.is_ascii_digit()).unwrap_or(rest.len() - start);
        words += &rest[..start];
        words += if digits >= 4 { "some id" } else { &rest[start..start + digits] };
        rest = &rest[start + digits..];
    }
    words + rest
}

/// Replaces how long a run took, which no machine owes us, but not how long it takes at least.
fn without_time(line: &str) -> String {
    let is_least = ["at least", "至少"].iter().any(|word| line.contains(word));
    let time = [" s ", " 秒"].iter().filter(|_| !is_least).find_map(|unit| {
        let (start, end) = line.split_once(unit)?;
        let (start, number) = start.rsplit_once(' ')?;
        number.parse::<f64>().is_ok().then(|| format!("{start} some time{unit}{end}"))
    });
    time.unwrap_or_else(|| line.to_owned())
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

/// Says how a page and a command differ, if they do.
fn difference(act: &Act, said: &str) -> Option<String> {
    let Act::Run(step) = act else { return None };
    let (shown, seen) = (Said::of(step.says.iter().map(String::as_str)), Said::of(said.lines()));
    let agrees = shown.unordered.is_subset(&seen.unordered) && agree(&shown.lines, &seen.lines);
    (!agrees).then(|| format!("$ {}\n--- says\n{said}\n--- the page has\n{}", step.command, step.says.join("\n")))
}

/// Says how a page and its commands differ, if they do.
fn differences(page: &Page) -> Option<String> {
    let mut stage = Stage::new(page.tongue);
    let difference = page.acts().iter().find_map(|act| difference(act, &stage.play(act)));
    difference.map(|difference| format!("{}: {difference}", page.name()))
}

fn go_as_shown(tongue: Tongue) {
    let wrong: Vec<String> = pages(tongue).iter().filter_map(differences).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn the_examples_of_the_english_pages_go_as_they_show() {
    go_as_shown(Tongue::English);
}

#[test]
fn the_examples_of_the_chinese_pages_go_as_they_show() {
    go_as_shown(Tongue::Chinese);
}

#[test]
fn there_are_examples_to_be_run() {
    for tongue in Tongue::ALL {
        assert!(Page::readme(tongue).commands().len() >= 5, "{tongue:?}");
        assert!(Page::chapter(tongue, "tutorial.md").commands().len() >= 15, "{tongue:?}");
    }
}

#[test]
fn the_demonstration_changes_nothing_the_second_time() {
    for tongue in Tongue::ALL {
        let (page, mut stage) = (Page::readme(tongue), Stage::new(tongue));
        let state = stage.path().join(".roomtree/states/examples/acme.yaml.state.json");
        let (demo, nothing) = (&page.acts()[0], "28 ");
        stage.play(demo);
        let (before, again) = (fs::read(&state).unwrap(), stage.play(demo));
        assert!(again.lines().count() == 1 && again.contains(nothing) && page.text.contains(again.trim()), "{again}");
        assert_eq!(fs::read(&state).unwrap(), before);
    }
}
