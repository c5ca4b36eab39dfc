//! The rules about what ties groups to existing ones: an id and a former name belong to one group each.

use std::collections::HashMap;

use crate::group::{GroupId, GroupName};
use crate::manifest::draft::{Claims, Draft, Row, Stated};
use crate::manifest::shown::Shown;
use crate::manifest::{Problem, Rule};

/// A former name and whose it is.
#[derive(Clone, Copy)]
struct Former<'d> {
    row: &'d Row,
    was: &'d Stated<GroupName>,
}

pub(super) fn ids_differ(draft: &Draft, problems: &mut Vec<Problem>) {
    let mut first: HashMap<GroupId, &Stated<GroupId>> = HashMap::new();
    for (_, claims) in draft.claims() {
        let Some(id) = &claims.id else { continue };
        let earlier = *first.entry(id.value).or_insert(id);
        if !std::ptr::eq(earlier, id) {
            problems.push(duplicate_id(claims, id, earlier));
        }
    }
}

/// An alias states an id again without writing it again: the other place is the alias.
fn duplicate_id(claims: &Claims, id: &Stated<GroupId>, first: &Stated<GroupId>) -> Problem {
    let problem = Problem::error(Rule::DuplicateId, format!("Two groups have the id {}", id.value));
    match claims.alias {
        Some(alias) if id.place == first.place => problem
            .at(id.place, "given to two groups")
            .related(alias, "by this alias")
            .help("An id is that of one group: remove it here, or write the second group out instead of the alias"),
        _ => problem
            .at(id.place, "the same id again")
            .related(first.place, "first here")
            .help("An id is that of one group: remove it from the other"),
    }
}

pub(super) fn no_id_is_the_root(draft: &Draft, problems: &mut Vec<Problem>) {
    let Some(root) = draft.stated(|header| header.root.as_ref()) else { return };
    let ids = draft.claims().filter_map(|(_, claims)| claims.id.as_ref()).filter(|id| id.value == root.value);
    problems.extend(ids.map(|id| {
        Problem::error(Rule::RootAsGroup, format!("A group has the id {} of `root`", id.value))
            .at(id.place, "the group that all others stand in")
            .related(root.place, "`root` is set here")
            .help("Remove this `id`, or build under another `root`: a group cannot stand in itself")
    }));
}

pub(super) fn former_names_are_former(draft: &Draft, problems: &mut Vec<Problem>) {
    let own = former_names(draft).filter(|former| former.row.name.as_ref() == Some(&former.was.value));
    problems.extend(own.map(|Former { row, was }| {
        Problem::error(Rule::WasOwnName, format!("`was` is the group's own name {}", Shown(&was.value)))
            .at(was.place, "what it is called now")
            .related(row.place, "its name")
            .help("Write the name that it had before, or remove this one")
    }));
}

pub(super) fn former_names_are_of_one_group(draft: &Draft, problems: &mut Vec<Problem>) {
    let mut first: HashMap<(Option<u32>, &GroupName), Former<'_>> = HashMap::new();
    for former in former_names(draft) {
        let earlier = *first.entry((former.row.parent, &former.was.value)).or_insert(former);
        if !std::ptr::eq(earlier.was, former.was) {
            problems.extend(again(draft, former, earlier));
        }
    }
}

fn former_names(draft: &Draft) -> impl Iterator<Item = Former<'_>> {
    draft.claims().flat_map(|(row, claims)| claims.was.iter().map(move |was| Former { row, was }))
}

/// Siblings of the same name are a problem already: what they were is no other.
fn again(draft: &Draft, former: Former<'_>, first: Former<'_>) -> Option<Problem> {
    if std::ptr::eq(former.row, first.row) {
        return Some(repeated(former.was, first.was));
    }
    let is_twin = former.row.name.is_some() && former.row.name == first.row.name;
    (!is_twin).then(|| disputed(draft, former, first))
}

fn repeated(was: &Stated<GroupName>, first: &Stated<GroupName>) -> Problem {
    Problem::error(Rule::RepeatedWas, format!("The former name {} is given twice", Shown(&was.value)))
        .at(was.place, "the same name again")
        .related(first.place, "first here")
        .help("Remove one of them, or write the name that was meant")
}

fn disputed(draft: &Draft, former: Former<'_>, first: Former<'_>) -> Problem {
    let message = format!("Two groups{} have the former name {}", draft.location(former.row), Shown(&former.was.value));
    Problem::error(Rule::DuplicateWas, message)
        .at(former.was.place, "the same former name again")
        .related(first.was.place, "first here")
        .help("Only one of them can be that group, renamed: remove the name from the other, which is made anew")
}
