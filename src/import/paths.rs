//! Rows with whole paths in one column.

use std::borrow::Cow;

use crate::group::GroupPath;
use crate::import::entry::{Entry, Findings, Step};
use crate::import::placeholder;
use crate::import::problem::{Problem, listed, shown};
use crate::import::separator;
use crate::localized;
use crate::sheet::{Address, Merge, Row, Table};

/// The most names of one path: as many levels as a manifest may nest.
const DEEPEST: usize = 1000;

/// How paths are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    /// One name each.
    Single,
    /// Names with this between them.
    Parted(String),
    /// As roomtree writes paths: JSON Pointers, in which `~1` is a `/` within a name.
    Pointer,
}

/// The column of the paths.
pub(super) struct Paths<'t> {
    table: &'t Table,
    column: u32,
    id: Option<u32>,
}

impl<'t> Paths<'t> {
    pub(super) fn new(table: &'t Table, column: u32, id: Option<u32>) -> Self {
        Self { table, column, id }
    }

    /// Reads rows, and says how their paths are written.
    pub(super) fn entries(
        &self,
        rows: &[&Row],
        separator: Option<&str>,
        findings: &mut Findings,
    ) -> (Vec<Entry>, Writing) {
        let cells: Vec<_> =
            rows.iter().filter_map(|row| Some((*row, row.at(self.column), row.get(self.column)?))).collect();
        let texts: Vec<_> =
            cells.iter().filter_map(|(row, at, cell)| Some((*row, *at, findings.text(cell, *at)?))).collect();
        let paths: Vec<(Address, &str)> = texts.iter().map(|(_, at, text)| (*at, *text)).collect();
        findings.problems.extend(self.without_path(rows));
        let writing = match separator {
            Some(separator) => Writing::Parted(separator.to_owned()),
            None => writing(&paths).unwrap_or_else(|problem| {
                findings.problems.push(problem);
                Writing::Single
            }),
        };
        let mut entries = Vec::new();
        for (row, at, text) in texts {
            let is_tied = self.id.is_some_and(|id| row.get(id).is_some()) || writing == Writing::Pointer;
            let steps = steps(text, at, &writing, is_tied, findings);
            entries.push(Entry { steps, id: findings.id(row, self.id), former: None });
        }
        (entries, writing)
    }

    /// Tells the rows that hold something and have no path, unless their cell is part of a merged one.
    fn without_path(&self, rows: &[&Row]) -> Option<Problem> {
        let is_merged = |merge: &Merge, row: u32| {
            (merge.first.column..=merge.last.column).contains(&self.column)
                && (merge.first.row..=merge.last.row).contains(&row)
        };
        let is_bare = |row: &&&Row| {
            row.get(self.column).is_none() && !self.table.merges.iter().any(|merge| is_merged(merge, row.index))
        };
        let bare: Vec<_> = rows.iter().filter(is_bare).map(|row| row.at(self.column)).collect();
        let (at, places) = (bare.first().copied(), listed(&bare));
        at.map(|at| {
            Problem::warning(
                "no-path",
                Some(at),
                localized!("Rows without a path are left out: {places}", "没有路径的行已略过：{places}"),
                localized!("Fill the path in if a group is meant", "如果要建分组，请填写路径"),
            )
        })
    }
}

/// Finds out how paths are written.
fn writing(paths: &[(Address, &str)]) -> Result<Writing, Problem> {
    let is_pointer = |path: &str| path.starts_with('/') && GroupPath::parse(path).is_ok();
    let is_escaped = |path: &str| path.contains("~0") || path.contains("~1");
    if paths.iter().all(|(_, path)| is_pointer(path)) && paths.iter().any(|(_, path)| is_escaped(path)) {
        return Ok(Writing::Pointer);
    }
    let separator = separator::find(paths)?;
    Ok(separator.map_or(Writing::Single, |separator| Writing::Parted(separator.to_owned())))
}

fn steps(path: &str, at: Address, writing: &Writing, is_tied: bool, findings: &mut Findings) -> Vec<Step> {
    if !is_tied && let Some(problem) = placeholder::check(path, at) {
        findings.problems.push(problem);
        return vec![Step { name: None, at }];
    }
    let names = names(path, writing);
    if names.len() > DEEPEST {
        findings.problems.push(too_deep(at));
        return vec![Step { name: None, at }];
    }
    if names.iter().any(|name| name.is_empty()) {
        findings.problems.push(gap(path, at));
        return vec![Step { name: None, at }];
    }
    let mut name = |name: &str| if is_tied { findings.name(name, at) } else { findings.typed_name(name, at) };
    names.iter().map(|text| Step { name: name(text), at }).collect()
}

/// Parts a path; one separator before and one behind it are no gaps.
fn names<'p>(path: &'p str, writing: &Writing) -> Vec<Cow<'p, str>> {
    match writing {
        Writing::Single => vec![path.into()],
        Writing::Pointer => GroupPath::parse(path).map_or_else(
            |_| vec![Cow::from(path)],
            |path| path.names().map(|name| Cow::from(name.into_owned())).collect(),
        ),
        Writing::Parted(separator) => {
            let path = path.strip_prefix(separator.as_str()).unwrap_or(path);
            let path = path.strip_suffix(separator.as_str()).unwrap_or(path);
            path.split(separator.as_str()).map(|name| name.trim().into()).collect()
        }
    }
}

fn gap(path: &str, at: Address) -> Problem {
    let path = shown(path);
    Problem::error(
        "skipped-level",
        Some(at),
        localized!("The path {path} has a level without a name", "路径 {path} 中有一级没有名称"),
        localized!(
            "Write a name between the separators, or remove one of them",
            "在两个分隔符之间填写名称，或删去多余的分隔符"
        ),
    )
}

fn too_deep(at: Address) -> Problem {
    Problem::error(
        "depth-limit",
        Some(at),
        localized!("The path has more than {DEEPEST} levels", "路径超过 {DEEPEST} 级"),
        localized!(
            "Check the separator: DingTalk documents three levels of groups",
            "检查分隔符：钉钉文档中的分组为三级"
        ),
    )
}
