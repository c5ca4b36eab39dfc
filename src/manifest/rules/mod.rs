//! The rules about the manifest as a whole, as a table of named functions.
//!
//! Each looks at the same draft and adds its problems; none depends on another, and none repeats one that reading reported.

pub(super) mod bindings;
pub(super) mod damage;
pub(super) mod full_width;

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use crate::group::skeleton;
use crate::i18n::Message;
use crate::localized;
use crate::manifest::model::draft::{Draft, Header, Row, Stated};
use crate::manifest::model::limits::Limits;
use crate::manifest::parse::quote::Shown;
use crate::manifest::rules::bindings::first_here;
use crate::manifest::{Diagnostic, Rule};

/// A rule: looks at everything, adds what it finds.
type Check = fn(&Draft, &mut Vec<Diagnostic>);

/// Every rule. Problems are sorted by place afterwards, so that the order here means nothing.
const CHECKS: [Check; 9] = [
    there_are_groups,
    headers_agree,
    siblings_differ,
    depth_is_within_limit,
    number_is_within_limit,
    bindings::ids_differ,
    bindings::no_id_is_the_root,
    bindings::former_names_are_former,
    bindings::former_names_are_of_one_group,
];

/// Applies every rule.
pub(super) fn check(draft: &Draft, problems: &mut Vec<Diagnostic>) {
    for rule in CHECKS {
        rule(draft, problems);
    }
}

fn headers_agree(draft: &Draft, problems: &mut Vec<Diagnostic>) {
    agree("organization", |header| header.organization.as_ref(), draft, problems);
    agree("root", |header| header.root.as_ref(), draft, problems);
    agree("limits.depth", |header| header.depth.as_ref(), draft, problems);
    agree("limits.groups", |header| header.groups.as_ref(), draft, problems);
}

fn agree<T: PartialEq>(
    key: &str,
    field: fn(&Header) -> Option<&Stated<T>>,
    draft: &Draft,
    problems: &mut Vec<Diagnostic>,
) {
    let Some(first) = draft.stated(field) else { return };
    let others = draft.headers.iter().filter_map(field).filter(|other| other.value != first.value);
    problems.extend(others.map(|other| {
        Diagnostic::error(
            Rule::HeaderConflict,
            localized!("Two files disagree about `{key}`", "两个文件的 `{key}` 不一致"),
        )
        .at(other.place, localized!("another value here", "这里是另一个值"))
        .related(first.place, localized!("first stated here", "首次在这里写明"))
        .help(localized!(
            "State it in one of the files, or alike in all: together they make one manifest",
            "只在一个文件中写明，或在所有文件中写成一样：它们合成一个清单"
        ))
    }));
}

/// An empty manifest can be meant, to have everything deleted; more often its groups were lost on the way.
fn there_are_groups(draft: &Draft, problems: &mut Vec<Diagnostic>) {
    let Some(header) = draft.headers.first().filter(|_| draft.rows.is_empty() && problems.is_empty()) else { return };
    let problem = Diagnostic::warning(Rule::NoGroups, localized!("The manifest has no groups", "清单中没有分组"));
    problems.push(problem.about(header.source).help(localized!(
        "Write them as a list under `groups:`; if none is meant, all recorded groups count as no longer wanted",
        "把分组作为列表写在 `groups:` 之下；如果本就不要分组，则所有已记录的分组都视为不再需要"
    )));
}

fn depth_is_within_limit(draft: &Draft, problems: &mut Vec<Diagnostic>) {
    let stated = draft.stated(|header| header.depth.as_ref());
    let limit = stated.map_or(Limits::default().depth, |stated| stated.value);
    let offenders = draft.rows.iter().filter(|row| row.depth.checked_sub(1) == Some(limit));
    problems.extend(offenders.map(|row| too_deep(draft, row, limit, stated)));
}

fn too_deep(draft: &Draft, row: &Row, limit: u32, stated: Option<&Stated<u32>>) -> Diagnostic {
    let message = localized!(
        "A group{} stands at depth {}, but the limit is {limit}",
        "{}有一个分组位于第 {} 级，而上限是 {limit} 级",
        draft.location(row),
        row.depth
    );
    let label = localized!("depth {}", "第 {} 级", row.depth);
    let problem = Diagnostic::error(Rule::DepthLimit, message).at(row.place, label).help(localized!(
        "Move the group and what is in it further up; DingTalk documents three levels, and `limits.depth` raises this check",
        "把该分组及其下级上移；钉钉文档规定最多三级，`limits.depth` 可以放宽这项检查"
    ));
    match stated {
        Some(stated) => problem.related(stated.place, limit_is_set()),
        None => problem,
    }
}

fn limit_is_set() -> Message {
    localized!("the limit is set here", "上限在这里设定")
}

fn number_is_within_limit(draft: &Draft, problems: &mut Vec<Diagnostic>) {
    let Some(limit) = draft.stated(|header| header.groups.as_ref()) else { return };
    let number = draft.rows.len() as u64;
    if number > limit.value {
        let message = localized!(
            "The manifest has {number} groups, but `limits.groups` allows {}",
            "清单中有 {number} 个分组，而 `limits.groups` 只允许 {} 个",
            limit.value
        );
        let help = localized!(
            "Remove {} groups, or raise `limits.groups`",
            "删去 {} 个分组，或调高 `limits.groups`",
            number - limit.value
        );
        problems.push(Diagnostic::error(Rule::GroupLimit, message).at(limit.place, limit_is_set()).help(help));
    }
}

/// Finds siblings of the same or of a lookalike name: the same name is a lookalike of itself, so one pass finds both.
fn siblings_differ(draft: &Draft, problems: &mut Vec<Diagnostic>) {
    for alike in lookalikes(draft) {
        duplicates(draft, &alike, problems);
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
fn duplicates(draft: &Draft, alike: &[u32], problems: &mut Vec<Diagnostic>) {
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

fn duplicate(draft: &Draft, row: &Row, first: &Row) -> Diagnostic {
    let name = row.name.as_deref().unwrap_or_default();
    let message =
        localized!("Two groups{} have the same name {}", "{}有两个分组同名：{}", draft.location(row), Shown(name));
    let help = match row.place.source == first.place.source {
        true => localized!(
            "Give one of them another name, or put the children of both under one",
            "给其中一个换个名称，或把两者的下级合到一个之下"
        ),
        false => {
            localized!(
                "Define a group in one file alone, with all its children",
                "一个分组连同其全部下级只在一个文件中定义"
            )
        }
    };
    Diagnostic::error(Rule::DuplicateSibling, message)
        .at(row.place, localized!("the same name again", "同样的名称又出现了"))
        .related(first.place, first_here())
        .help(help)
}

fn lookalike(draft: &Draft, row: &Row, first: &Row) -> Diagnostic {
    let names = [row, first].map(|row| row.name.as_deref().unwrap_or_default());
    let message = localized!(
        "{0} looks like {1}{2}",
        "{2}有两个看起来一样的名称：{0} 和 {1}",
        Shown(names[0]),
        Shown(names[1]),
        draft.location(row)
    );
    Diagnostic::warning(Rule::LookalikeSibling, message)
        .at(
            row.place,
            localized!(
                "differs only in spaces, case, width, normalization, dashes or invisible characters",
                "只在空格、大小写、全半角、规范化、连字符或不可见字符上有差别"
            ),
        )
        .related(first.place, localized!("from this one", "与这一个相比"))
        .help(localized!(
            "If they are one group, remove one; otherwise give them names that can be told apart",
            "如果是同一个分组，删去一个；否则请取能区分的名称"
        ))
}
