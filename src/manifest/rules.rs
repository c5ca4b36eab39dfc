//! The rules about the manifest as a whole, as a table of named functions.
//!
//! Each looks at the same draft and adds its problems; none depends on another, and none repeats one that reading reported.

mod ties;

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use crate::manifest::draft::{Draft, Header, Row, Stated};
use crate::manifest::load::Limits;
use crate::manifest::lookalike::skeleton;
use crate::manifest::shown::Shown;
use crate::manifest::{Problem, Rule};

/// A rule: looks at everything, adds what it finds.
type Check = fn(&Draft, &mut Vec<Problem>);

/// Every rule. Problems are sorted by place afterwards, so that the order here means nothing.
const CHECKS: [Check; 9] = [
    there_are_groups,
    headers_agree,
    siblings_differ,
    depth_is_within_limit,
    number_is_within_limit,
    ties::ids_differ,
    ties::no_id_is_the_root,
    ties::former_names_are_former,
    ties::former_names_are_of_one_group,
];

/// Applies every rule.
pub(super) fn check(draft: &Draft, problems: &mut Vec<Problem>) {
    for rule in CHECKS {
        rule(draft, problems);
    }
}

fn headers_agree(draft: &Draft, problems: &mut Vec<Problem>) {
    agree("organization", |header| header.organization.as_ref(), draft, problems);
    agree("root", |header| header.root.as_ref(), draft, problems);
    agree("limits.depth", |header| header.depth.as_ref(), draft, problems);
    agree("limits.groups", |header| header.groups.as_ref(), draft, problems);
}

fn agree<T: PartialEq>(
    key: &str,
    field: fn(&Header) -> Option<&Stated<T>>,
    draft: &Draft,
    problems: &mut Vec<Problem>,
) {
    let Some(first) = draft.stated(field) else { return };
    let others = draft.headers.iter().filter_map(field).filter(|other| other.value != first.value);
    problems.extend(others.map(|other| {
        Problem::error(Rule::HeaderConflict, format!("Two files disagree about `{key}`"))
            .at(other.place, "another value here")
            .related(first.place, "first stated here")
            .help("State it in one of the files, or alike in all: together they make one manifest")
    }));
}

/// An empty manifest can be meant, to have everything deleted; more often its groups were lost on the way.
fn there_are_groups(draft: &Draft, problems: &mut Vec<Problem>) {
    let Some(header) = draft.headers.first().filter(|_| draft.rows.is_empty() && problems.is_empty()) else { return };
    problems.push(
        Problem::warning(Rule::NoGroups, "The manifest has no groups").about(header.source).help(
            "Write them as a list under `groups:`; if none is meant, all recorded groups count as no longer wanted",
        ),
    );
}

fn depth_is_within_limit(draft: &Draft, problems: &mut Vec<Problem>) {
    let stated = draft.stated(|header| header.depth.as_ref());
    let limit = stated.map_or(Limits::default().depth, |stated| stated.value);
    let offenders = draft.rows.iter().filter(|row| row.depth.checked_sub(1) == Some(limit));
    problems.extend(offenders.map(|row| too_deep(draft, row, limit, stated)));
}

fn too_deep(draft: &Draft, row: &Row, limit: u32, stated: Option<&Stated<u32>>) -> Problem {
    let message = format!("A group{} stands at depth {}, but the limit is {limit}", draft.location(row), row.depth);
    let problem = Problem::error(Rule::DepthLimit, message).at(row.place, format!("depth {}", row.depth)).help(
        "Move the group and what is in it further up; DingTalk documents three levels, and `limits.depth` raises this check",
    );
    match stated {
        Some(stated) => problem.related(stated.place, "the limit is set here"),
        None => problem,
    }
}

fn number_is_within_limit(draft: &Draft, problems: &mut Vec<Problem>) {
    let Some(limit) = draft.stated(|header| header.groups.as_ref()) else { return };
    let number = draft.rows.len() as u64;
    if number > limit.value {
        let message = format!("The manifest has {number} groups, but `limits.groups` allows {}", limit.value);
        problems.push(
            Problem::error(Rule::GroupLimit, message)
                .at(limit.place, "the limit is set here")
                .help(format!("Remove {} groups, or raise `limits.groups`", number - limit.value)),
        );
    }
}

/// Finds siblings of the same or of a lookalike name: the same name is a lookalike of itself, so one pass finds both.
fn siblings_differ(draft: &Draft, problems: &mut Vec<Problem>) {
    for alike in lookalikes(draft) {
        twins(draft, &alike, problems);
    }
}

/// Returns the rows that share parent and skeleton with another, in manifest order.
///
/// Sorting 12 bytes for each row takes a fraction of the memory of a map from names.
fn lookalikes(draft: &Draft) -> Vec<Vec<u32>> {
    let keys = keys(draft);
    let runs = keys.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1);
    let mut found: Vec<_> = runs.flat_map(|run| exact(draft, run)).collect();
    found.sort_unstable();
    found
}

fn keys(draft: &Draft) -> Vec<(u64, u32)> {
    let hasher = RandomState::new();
    let mut folded = String::new();
    let mut keys = Vec::with_capacity(draft.rows.len());
    for (index, row) in (0..).zip(&draft.rows) {
        if let Some(name) = &row.name {
            skeleton(name, &mut folded);
            keys.push((hasher.hash_one((row.parent, &folded)), index));
        }
    }
    keys.sort_unstable();
    keys
}

/// Parts a run of equal hashes by what was hashed, which is nearly always one part.
fn exact(draft: &Draft, run: &[(u64, u32)]) -> Vec<Vec<u32>> {
    let mut parts: HashMap<(Option<u32>, String), Vec<u32>> = HashMap::new();
    for (_, index) in run {
        let row = &draft.rows[*index as usize];
        let mut folded = String::new();
        skeleton(row.name.as_deref().unwrap_or_default(), &mut folded);
        parts.entry((row.parent, folded)).or_default().push(*index);
    }
    parts.into_values().filter(|part| part.len() > 1).collect()
}

/// Compares each row of a part with the first of its name, or else with the first of all.
fn twins(draft: &Draft, alike: &[u32], problems: &mut Vec<Problem>) {
    let mut first_of_name: HashMap<&str, &Row> = HashMap::new();
    let rows = alike.iter().map(|index| &draft.rows[*index as usize]);
    let mut first_of_all = None;
    for row in rows {
        let earliest = *first_of_all.get_or_insert(row);
        match first_of_name.insert(row.name.as_deref().unwrap_or_default(), row) {
            Some(first) => {
                problems.push(duplicate(draft, row, first));
                first_of_name.insert(row.name.as_deref().unwrap_or_default(), first);
            }
            None if !std::ptr::eq(earliest, row) => problems.push(lookalike(draft, row, earliest)),
            None => {}
        }
    }
}

fn duplicate(draft: &Draft, row: &Row, first: &Row) -> Problem {
    let name = row.name.as_deref().unwrap_or_default();
    let message = format!("Two groups{} have the same name {}", draft.location(row), Shown(name));
    let help = match row.place.source == first.place.source {
        true => "Give one of them another name, or put the children of both under one",
        false => "Define a group in one file alone, with all its children",
    };
    Problem::error(Rule::DuplicateSibling, message)
        .at(row.place, "the same name again")
        .related(first.place, "first here")
        .help(help)
}

fn lookalike(draft: &Draft, row: &Row, first: &Row) -> Problem {
    let names = [row, first].map(|row| row.name.as_deref().unwrap_or_default());
    let message = format!("{} looks like {}{}", Shown(names[0]), Shown(names[1]), draft.location(row));
    Problem::warning(Rule::LookalikeSibling, message)
        .at(row.place, "differs only in case, width, normalization or invisible characters")
        .related(first.place, "from this one")
        .help("If they are one group, remove one; otherwise give them names that can be told apart")
}
