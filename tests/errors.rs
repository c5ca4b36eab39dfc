//! Is `docs/errors.md` complete and true? Its tables are held against the code.
//!
//! Each table has a row for each error that there is, in the order of the code: the first column is what the code calls it or
//! says, the last is what the code says to do. The column between them, what it means, is the page's own. Where a row is missing
//! or other than the code says, the test shows the table as it should be.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene is to fail")]

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::iter::successors;
use std::path::Path;

use roomtree::dingtalk::{CODES, ERRCODES, EndpointError, FailureKind};
use roomtree::group::{GroupId, GroupPath};
use roomtree::manifest::Rule;
use roomtree::plan::{Conflict, Refusal};
use roomtree::render::conflict;
use roomtree::sheet::SheetError;
use roomtree::state::{LedgerError, Seq, StateError, Step};

const PAGE: &str = include_str!("../docs/errors.md");
const README: &str = include_str!("../README.md");

/// The cells of each row of the table below a heading, without its head.
fn rows(heading: &str) -> Vec<Vec<&'static str>> {
    let section = PAGE.split("\n## ").find(|section| section.lines().next() == Some(heading)).expect(heading);
    let rows = section.lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

/// Holds the table below a heading against what the code has: the first cell of each row, and the last if it is told.
fn hold(heading: &str, errors: &[(String, Option<&str>)]) {
    let rows = rows(heading);
    let meaning = |key: &str| rows.iter().find(|row| row[0] == key).and_then(|row| row.get(1)).copied();
    let row = |(key, remedy): &(String, Option<&str>)| {
        let told = remedy.map(|remedy| format!(" {remedy} |")).unwrap_or_default();
        format!("| {key} | {} |{told}", meaning(key).unwrap_or_default())
    };
    let table: Vec<String> = errors.iter().map(row).collect();
    let written: Vec<String> = rows.iter().map(|cells| format!("| {} |", cells.join(" | "))).collect();
    assert!(table == written, "`{heading}` is to have these rows:\n{}\n", table.join("\n"));
    assert!(
        rows.iter().all(|row| row.len() > 1 && row.iter().all(|cell| !cell.is_empty())),
        "`{heading}` explains each"
    );
}

fn code(word: &str) -> String {
    format!("`{word}`")
}

#[test]
fn the_exit_codes_are_those_of_the_readme() {
    let table: String =
        README.lines().skip_while(|line| *line != "| code | meaning |").take_while(|line| !line.is_empty()).collect();
    let ours: String =
        PAGE.lines().skip_while(|line| *line != "| code | meaning |").take_while(|line| !line.is_empty()).collect();
    assert_eq!(ours, table);
    assert!(!table.is_empty());
}

#[test]
fn every_code_of_dingtalk_is_explained() {
    let known = CODES.iter().chain(&ERRCODES);
    let table: Vec<String> = known.map(|(code, kind)| format!("| `{code}` | [{0}](#kinds) |", kind.as_str())).collect();
    let written: Vec<String> =
        rows("DingTalk's codes").iter().map(|cells| format!("| {} |", cells.join(" | "))).collect();
    assert!(table == written, "the rows are:\n{}\n", table.join("\n"));
}

#[test]
fn every_kind_of_failure_is_explained() {
    let kinds: Vec<_> = FailureKind::ALL.iter().map(|kind| (code(kind.as_str()), Some(kind.remedy()))).collect();
    hold("Kinds", &kinds);
}

#[test]
fn every_problem_of_a_manifest_is_explained() {
    let rows = rows("Problems of a manifest");
    let written: Vec<_> = rows.iter().map(|row| row[0].trim_matches('`')).collect();
    assert_eq!(written, Rule::ALL.iter().map(|rule| rule.code()).collect::<Vec<_>>());
    assert!(rows.iter().all(|row| row.len() == 3 && row.iter().all(|cell| !cell.is_empty())));
}

/// Codes of problems in spreadsheets stand in the sources alone: words with a hyphen, or what a problem is made with.
#[test]
fn every_problem_of_a_spreadsheet_is_explained() {
    let written: BTreeSet<_> =
        rows("Problems of a spreadsheet").iter().map(|row| row[0].trim_matches('`').to_owned()).collect();
    assert_eq!(written, codes_of_import());
    assert!(rows("Problems of a spreadsheet").iter().all(|row| row.len() == 3));
}

fn codes_of_import() -> BTreeSet<String> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/import");
    let sources = fs::read_dir(sources).unwrap().map(|entry| entry.unwrap().path());
    sources
        .filter(|path| !path.ends_with("tests.rs"))
        .flat_map(|path| codes_in(&fs::read_to_string(path).unwrap()))
        .collect()
}

fn codes_in(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let made = ["Problem::error(", "Problem::warning("].into_iter().flat_map(|call| code.split(call).skip(1));
    let first = made.filter_map(|after| after.trim_start().strip_prefix('"')?.split('"').next());
    let hyphenated = code.split('"').filter(|text| text.contains('-'));
    let is_code = |text: &&str| !text.starts_with('-') && text.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    first.chain(hyphenated).filter(is_code).map(str::to_owned).collect()
}

/// Each variant leads to the next, so that none can be forgotten.
fn after_refusal(refusal: &Refusal) -> Option<Refusal> {
    match refusal {
        Refusal::Conflicts { .. } => Some(Refusal::NothingLives { recorded: 28 }),
        Refusal::NothingLives { .. } => Some(Refusal::RootGone { root: GroupId::new(7) }),
        Refusal::RootGone { .. } => {
            let first = GroupPath::parse("/A").unwrap();
            Some(Refusal::Occupied { groups: 1, first, held: 1, rooms: 2 })
        }
        Refusal::Occupied { .. } => Some(Refusal::TooManyDeletes { deletes: 5, permitted: 1 }),
        Refusal::TooManyDeletes { .. } => Some(Refusal::TooDeep { root_depth: 1, depth: 4, limit: 3 }),
        Refusal::TooDeep { .. } => None,
    }
}

#[test]
fn every_refusal_is_explained() {
    let kind = |refusal: &Refusal| serde_json::to_value(refusal).unwrap()["kind"].as_str().unwrap().to_owned();
    let refusals = successors(Some(Refusal::Conflicts { groups: 1 }), after_refusal);
    let refusals: Vec<_> = refusals.map(|refusal| (code(&kind(&refusal)), Some(refusal.remedy()))).collect();
    hold("Refused plans", &refusals);
}

fn after_conflict(conflict: &Conflict) -> Option<Conflict> {
    let (id, path) = (GroupId::new(11), || GroupPath::parse("/B").unwrap());
    match conflict {
        Conflict::Twins { .. } => Some(Conflict::Moved { id, stands: Some(path()) }),
        Conflict::Moved { stands: Some(_), .. } => Some(Conflict::Moved { id, stands: None }),
        Conflict::Moved { stands: None, .. } => Some(Conflict::Taken { id, by: Some(path()) }),
        Conflict::Taken { by: Some(_), .. } => Some(Conflict::Taken { id, by: None }),
        Conflict::Taken { by: None, .. } => Some(Conflict::Gone { id }),
        Conflict::Gone { .. } => None,
    }
}

#[test]
fn every_conflict_is_explained() {
    let first = Conflict::Twins { ids: vec![GroupId::new(11), GroupId::new(12)] };
    let conflicts = successors(Some(first), after_conflict);
    let told = |conflict: Conflict| (conflict::sentence(&conflict), Some(conflict::remedy(&conflict)));
    hold("Conflicts", &conflicts.map(told).collect::<Vec<_>>());
}

const FILE: &str = "FILE";

fn after_state_error(error: &StateError) -> Option<StateError> {
    let path = || FILE.into();
    match error {
        StateError::Locked { .. } => Some(StateError::Newer { path: path(), format: 3, known: 2 }),
        StateError::Newer { .. } => Some(StateError::Damaged { path: path(), line: 3, column: 9, flaw: "…".into() }),
        StateError::Damaged { .. } => {
            let source = LedgerError::SeqUsed(Seq::new(1));
            Some(StateError::Contradicted { path: path(), line: 3, source })
        }
        StateError::Contradicted { .. } => {
            let (recorded, wanted) = ("A".to_owned(), "B".to_owned());
            Some(StateError::Foreign { path: path(), what: "organization", recorded, wanted })
        }
        StateError::Foreign { .. } => Some(StateError::Apart { path: path(), extends: "A".into(), found: "B".into() }),
        StateError::Apart { .. } => Some(StateError::Exchanged { path: path() }),
        StateError::Exchanged { .. } => Some(StateError::NotAFile { path: path() }),
        StateError::NotAFile { .. } => {
            Some(StateError::Disk { step: Step::Write, path: path(), source: io::ErrorKind::StorageFull.into() })
        }
        StateError::Disk { .. } => Some(StateError::Poisoned { path: path() }),
        StateError::Poisoned { .. } => None,
    }
}

#[test]
fn every_error_of_the_state_is_explained() {
    let first = StateError::Locked { path: FILE.into(), holder: None };
    let errors: Vec<_> = successors(Some(first), after_state_error).collect();
    let told: Vec<_> = errors.iter().map(|error| (error.to_string(), Some(error.remedy()))).collect();
    hold("The state", &told);
}

fn after_endpoint_error(error: &EndpointError) -> Option<EndpointError> {
    match error {
        EndpointError::NoScheme(_) => Some(EndpointError::NotAUrl { text: "…".to_owned(), reason: "…".into() }),
        EndpointError::NotAUrl { .. } => Some(EndpointError::Scheme("ftp".to_owned())),
        EndpointError::Scheme(_) => Some(EndpointError::Plain("api.dingtalk.com".to_owned())),
        EndpointError::Plain(_) => Some(EndpointError::UserInfo),
        EndpointError::UserInfo => Some(EndpointError::Path("/v1.0".to_owned())),
        EndpointError::Path(_) => None,
    }
}

#[test]
fn every_error_of_an_endpoint_is_explained() {
    let first = EndpointError::NoScheme("api.dingtalk.com".to_owned());
    let errors = successors(Some(first), after_endpoint_error);
    hold("Endpoints", &errors.map(|error| (error.to_string(), None)).collect::<Vec<_>>());
}

fn after_sheet_error(error: &SheetError) -> Option<SheetError> {
    match error {
        SheetError::TooLarge(_) => Some(SheetError::TooLargeUnpacked(64 << 20)),
        SheetError::TooLargeUnpacked(_) => Some(SheetError::TooManyCells(1000)),
        SheetError::TooManyCells(_) => Some(SheetError::Damaged("…".into())),
        SheetError::Damaged(_) => Some(SheetError::Locked),
        SheetError::Locked => Some(SheetError::Old),
        SheetError::Old => Some(SheetError::NotWorkbook),
        SheetError::NotWorkbook => Some(SheetError::Markup),
        SheetError::Markup => Some(SheetError::NotText),
        SheetError::NotText => Some(SheetError::NoSheet { wanted: "A".to_owned(), present: "`B`".to_owned() }),
        SheetError::NoSheet { .. } => Some(SheetError::Unwritable("…".to_owned())),
        SheetError::Unwritable(_) => None,
    }
}

#[test]
fn every_unreadable_spreadsheet_is_explained() {
    let errors: Vec<_> = successors(Some(SheetError::TooLarge(32 << 20)), after_sheet_error).collect();
    let told: Vec<_> = errors.iter().map(|error| (error.to_string(), Some(error.remedy()))).collect();
    hold("Spreadsheets that cannot be read", &told);
}
