//! Is `docs/errors.md` complete and true, in English and Chinese? Its tables are held against the code.
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

use roomtree::dingtalk::{CODES, ERRCODES, EndpointError, ErrorKind};
use roomtree::group::{GroupId, GroupPath};
use roomtree::i18n::Language;
use roomtree::manifest::Rule;
use roomtree::plan::{Conflict, Refusal};
use roomtree::render::plan::conflict;
use roomtree::sheet::{LARGEST, LARGEST_TEXT, LARGEST_UNPACKED, MOST_CELLS, MOST_TEXT, SheetError};
use roomtree::state::{LedgerError, Seq, StateError, Step};
use roomtree::text::OwnFile;

/// The page in each language, and the README that goes with it.
const PAGES: [(Language, &str, &str); 2] = [
    (Language::English, include_str!("../../docs/errors.md"), include_str!("../../README.md")),
    (Language::Chinese, include_str!("../../docs/zh/errors.md"), include_str!("../../README.zh-CN.md")),
];

/// The heading above a table, in each language.
type Heading = [&'static str; 2];

const KINDS: Heading = ["Kinds", "失败的种类"];
const CODES_OF_DINGTALK: Heading = ["DingTalk's codes", "钉钉的错误码"];
const MANIFEST: Heading = ["Problems of a manifest", "清单的问题"];
const SPREADSHEET: Heading = ["Problems of a spreadsheet", "电子表格的问题"];

/// The cells of each row of the table below a heading, without its head.
fn rows(page: &'static str, heading: &str) -> Vec<Vec<&'static str>> {
    let section = page.split("\n## ").find(|section| section.lines().next() == Some(heading)).expect(heading);
    let rows = section.lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

/// The rows of the tables below a heading, in every language.
fn in_each(heading: Heading) -> impl Iterator<Item = (Language, &'static str, Vec<Vec<&'static str>>)> {
    PAGES.into_iter().zip(heading).map(|((language, page, _), heading)| (language, heading, rows(page, heading)))
}

/// What an error is called or says, and what to do about it if that is told.
type Told = (String, Option<&'static str>);

/// Holds the table below a heading against what the code has: the first cell of each row, and the last if it is told.
fn hold(heading: Heading, errors: impl Fn() -> Vec<Told>) {
    for (language, heading, rows) in in_each(heading) {
        let meaning = |key: &str| rows.iter().find(|row| row[0] == key).and_then(|row| row.get(1)).copied();
        let row = |(key, remedy): &Told| {
            let told = remedy.map(|remedy| format!(" {remedy} |")).unwrap_or_default();
            format!("| {key} | {} |{told}", meaning(key).unwrap_or_default())
        };
        let table: Vec<String> = language.scope(&errors).iter().map(row).collect();
        assert!(table == whole(&rows), "`{heading}` is to have these rows:\n{}\n", table.join("\n"));
        let is_full = |row: &Vec<&str>| row.len() > 1 && row.iter().all(|cell| !cell.is_empty());
        assert!(rows.iter().all(is_full), "`{heading}` explains each");
    }
}

fn whole(rows: &[Vec<&str>]) -> Vec<String> {
    rows.iter().map(|cells| format!("| {} |", cells.join(" | "))).collect()
}

fn code(word: &str) -> String {
    format!("`{word}`")
}

#[test]
fn the_exit_codes_are_those_of_the_readme() {
    let is_exit = |line: &&str| line.starts_with("| ") && line[2..].starts_with(|c: char| c.is_ascii_digit());
    for ((_, heading, rows), (_, _, readme)) in in_each(["Exit codes", "退出码"]).zip(PAGES) {
        assert_eq!(whole(&rows), readme.lines().filter(is_exit).collect::<Vec<_>>(), "{heading}");
        assert!(!rows.is_empty(), "{heading}");
    }
}

#[test]
fn every_code_of_dingtalk_is_explained() {
    for ((_, _, rows), anchor) in in_each(CODES_OF_DINGTALK).zip(["kinds", "失败的种类"]) {
        let row = |(code, kind): &(&str, ErrorKind)| format!("| `{code}` | [{}](#{anchor}) |", kind.as_str());
        let table: Vec<String> = CODES.iter().chain(&ERRCODES).map(row).collect();
        assert!(table == whole(&rows), "the rows are:\n{}\n", table.join("\n"));
    }
}

#[test]
fn every_kind_of_failure_is_explained() {
    hold(KINDS, || ErrorKind::ALL.iter().map(|kind| (code(kind.as_str()), Some(kind.remedy()))).collect());
}

#[test]
fn every_problem_of_a_manifest_is_explained() {
    for (_, heading, rows) in in_each(MANIFEST) {
        let written: Vec<_> = rows.iter().map(|row| row[0].trim_matches('`')).collect();
        assert_eq!(written, Rule::ALL.iter().map(|rule| rule.code()).collect::<Vec<_>>(), "{heading}");
        assert!(rows.iter().all(|row| row.len() == 3 && row.iter().all(|cell| !cell.is_empty())), "{heading}");
    }
}

/// Codes of problems in spreadsheets stand in the sources alone: words with a hyphen, or what a problem is made with.
#[test]
fn every_problem_of_a_spreadsheet_is_explained() {
    for (_, heading, rows) in in_each(SPREADSHEET) {
        let written: BTreeSet<_> = rows.iter().map(|row| row[0].trim_matches('`').to_owned()).collect();
        assert_eq!(written, codes_of_import(), "{heading}");
        assert!(rows.iter().all(|row| row.len() == 3), "{heading}");
    }
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
            Some(Refusal::Mismatch { groups: 1, first, id: GroupId::new(7), found: None })
        }
        Refusal::Mismatch { .. } => {
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
    hold(["Refused plans", "被拒绝的计划"], || {
        let refusals = successors(Some(Refusal::Conflicts { groups: 1 }), after_refusal);
        refusals.map(|refusal| (code(&kind(&refusal)), Some(refusal.remedy()))).collect()
    });
}

fn after_conflict(conflict: &Conflict) -> Option<Conflict> {
    let (id, path) = (GroupId::new(11), || GroupPath::parse("/B").unwrap());
    let mismatch = |found| Conflict::Mismatch { id, recorded: path(), found: Some(GroupPath::parse(found).unwrap()) };
    match conflict {
        Conflict::Duplicates { .. } => Some(mismatch("/C")),
        Conflict::Mismatch { found: Some(found), .. } if found.depth() == 1 => Some(mismatch("/C/B")),
        Conflict::Mismatch { found: Some(_), .. } => Some(Conflict::Mismatch { id, recorded: path(), found: None }),
        Conflict::Mismatch { found: None, .. } => Some(Conflict::Taken { id, by: Some(path()) }),
        Conflict::Taken { by: Some(_), .. } => Some(Conflict::Taken { id, by: None }),
        Conflict::Taken { by: None, .. } => Some(Conflict::Gone { id }),
        Conflict::Gone { .. } => Some(Conflict::Rebound { id, recorded: GroupId::new(12) }),
        Conflict::Rebound { .. } => Some(Conflict::WasDeclared { was: "B".to_owned(), id }),
        Conflict::WasDeclared { .. } => {
            Some(Conflict::UnmatchedWas { was: "B".to_owned(), similar: "C".to_owned(), id })
        }
        Conflict::UnmatchedWas { .. } => None,
    }
}

#[test]
fn every_conflict_is_explained() {
    hold(["Conflicts", "冲突"], || {
        let first = Conflict::Duplicates { ids: vec![GroupId::new(11), GroupId::new(12)] };
        let told = |conflict: Conflict| (conflict::sentence(&conflict), Some(conflict::remedy(&conflict)));
        successors(Some(first), after_conflict).map(told).collect()
    });
}

const FILE: &str = "FILE";

fn after_state_error(error: &StateError) -> Option<StateError> {
    let path = || FILE.into();
    match error {
        StateError::Locked { .. } => Some(StateError::Newer { path: path(), format: 3, known: 2 }),
        StateError::Newer { .. } => Some(StateError::Damaged { path: path(), line: 3, column: 9, flaw: "…".into() }),
        StateError::Damaged { .. } => Some(StateError::OtherFile { path: path(), file: OwnFile::SavedPlan }),
        StateError::OtherFile { .. } => Some(StateError::Unmerged { path: path(), line: 3 }),
        StateError::Unmerged { .. } => {
            let source = LedgerError::SeqUsed(Seq::new(1));
            Some(StateError::Contradicted { path: path(), line: 3, source })
        }
        StateError::Contradicted { .. } => {
            let (recorded, wanted) = ("A".to_owned(), "B".to_owned());
            Some(StateError::Foreign { path: path(), what: "organization", recorded, wanted })
        }
        StateError::Foreign { .. } => Some(StateError::Apart { path: path(), extends: "A".into(), found: "B".into() }),
        StateError::Apart { .. } => Some(StateError::Exchanged { path: path() }),
        StateError::Exchanged { .. } => Some(StateError::Removed { path: path() }),
        StateError::Removed { .. } => Some(StateError::JournalReplaced { path: path(), open: 0 }),
        StateError::JournalReplaced { .. } => Some(StateError::NotAFile { path: path() }),
        StateError::NotAFile { .. } => Some(StateError::TooLarge { path: path(), limit: 1 << 30 }),
        StateError::TooLarge { .. } => Some(StateError::ForeignLock { path: path() }),
        StateError::ForeignLock { .. } => {
            Some(StateError::Disk { step: Step::Write, path: path(), source: io::ErrorKind::StorageFull.into() })
        }
        StateError::Disk { .. } => Some(StateError::Poisoned { path: path() }),
        StateError::Poisoned { .. } => None,
    }
}

#[test]
fn every_error_of_the_state_is_explained() {
    hold(["The state", "状态"], || {
        let first = StateError::Locked { path: FILE.into(), holder: None };
        let errors = successors(Some(first), after_state_error);
        errors.map(|error| (error.to_string(), Some(error.remedy()))).collect()
    });
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
    hold(["Endpoints", "接口地址"], || {
        let first = EndpointError::NoScheme("api.dingtalk.com".to_owned());
        successors(Some(first), after_endpoint_error).map(|error| (error.to_string(), None)).collect()
    });
}

fn after_sheet_error(error: &SheetError) -> Option<SheetError> {
    match error {
        SheetError::TooLarge(LARGEST) => Some(SheetError::TooLarge(LARGEST_TEXT)),
        SheetError::TooLarge(_) => Some(SheetError::TooLargeUnpacked(LARGEST_UNPACKED)),
        SheetError::TooLargeUnpacked(_) => Some(SheetError::TooManyCells(MOST_CELLS)),
        SheetError::TooManyCells(_) => Some(SheetError::TooMuchText(MOST_TEXT)),
        SheetError::TooMuchText(_) => Some(SheetError::Damaged("…".into())),
        SheetError::Damaged(_) => Some(SheetError::Locked),
        SheetError::Locked => Some(SheetError::Old),
        SheetError::Old => Some(SheetError::Binary),
        SheetError::Binary => Some(SheetError::OpenDocument),
        SheetError::OpenDocument => Some(SheetError::Manifest),
        SheetError::Manifest => Some(SheetError::Json),
        SheetError::Json => Some(SheetError::NotWorkbook),
        SheetError::NotWorkbook => Some(SheetError::Markup),
        SheetError::Markup => Some(SheetError::NotText),
        SheetError::NotText => Some(SheetError::Unmerged(3)),
        SheetError::Unmerged(_) => Some(SheetError::Unclosed(3)),
        SheetError::Unclosed(_) => Some(SheetError::NoSheets),
        SheetError::NoSheets => Some(SheetError::NoSheet { wanted: "A".to_owned(), present: "`B`".to_owned() }),
        SheetError::NoSheet { .. } => Some(SheetError::Unwritable("…".to_owned())),
        SheetError::Unwritable(_) => None,
    }
}

#[test]
fn every_unreadable_spreadsheet_is_explained() {
    hold(["Spreadsheets that cannot be read", "无法读取的电子表格"], || {
        let errors = successors(Some(SheetError::TooLarge(LARGEST)), after_sheet_error);
        errors.map(|error| (error.to_string(), Some(error.remedy()))).collect()
    });
}

/// The page about spreadsheets gives the same limits as the errors.
#[test]
fn limits_of_spreadsheets_are_those_of_the_code() {
    let pages = [include_str!("../../docs/spreadsheets.md"), include_str!("../../docs/zh/spreadsheets.md")];
    let (millions, tens) = (MOST_CELLS as f64 / 1e6, MOST_CELLS / 10_000);
    for (page, cells) in pages.into_iter().zip([format!("{millions} million cells"), format!("{tens} 万个")]) {
        let line = page.lines().find(|line| line.contains(&cells)).unwrap_or_else(|| panic!("no line has {cells}"));
        let bytes = [LARGEST, LARGEST_UNPACKED, LARGEST_TEXT, MOST_TEXT as u64];
        assert!(bytes.iter().all(|bytes| line.contains(&format!("{} MiB", bytes >> 20))), "{line}");
    }
}
