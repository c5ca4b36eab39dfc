//! The rules about what ties groups to existing ones: an id and a former name belong to one group each.

use std::collections::HashMap;

use crate::group::{GroupId, GroupName};
use crate::i18n::Message;
use crate::localized;
use crate::manifest::model::draft::{Draft, DraftBindings, Row, Stated};
use crate::manifest::parse::quote::Shown;
use crate::manifest::{Diagnostic, Rule};

/// A former name and whose it is.
#[derive(Clone, Copy)]
struct Former<'d> {
    row: &'d Row,
    was: &'d Stated<GroupName>,
}

pub(crate) fn ids_differ(draft: &Draft, problems: &mut Vec<Diagnostic>) {
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
fn duplicate_id(claims: &DraftBindings, id: &Stated<GroupId>, first: &Stated<GroupId>) -> Diagnostic {
    let message = localized!("Two groups have the id {}", "两个分组的 ID 都是 {}", id.value);
    let problem = Diagnostic::error(Rule::DuplicateId, message);
    match claims.alias {
        Some(alias) if id.place == first.place => problem
            .at(id.place, localized!("given to two groups", "给了两个分组"))
            .related(alias, localized!("by this alias", "由这个别名造成"))
            .help(localized!(
                "An id is that of one group: remove it here, or write the second group out instead of the alias",
                "一个 ID 只属于一个分组：在这里删去它，或不用别名而直接写出第二个分组"
            )),
        _ => problem
            .at(id.place, localized!("the same id again", "同样的 ID 又出现了"))
            .related(first.place, first_here())
            .help(localized!(
                "An id is that of one group: remove it from the other",
                "一个 ID 只属于一个分组：从另一个中删去"
            )),
    }
}

pub(crate) fn no_id_is_the_root(draft: &Draft, problems: &mut Vec<Diagnostic>) {
    let Some(root) = draft.stated(|header| header.root.as_ref()) else { return };
    let ids = draft.claims().filter_map(|(_, claims)| claims.id.as_ref()).filter(|id| id.value == root.value);
    problems.extend(ids.map(|id| {
        let message = localized!("A group has the id {} of `root`", "有分组的 ID 与 `root` 相同：{}", id.value);
        Diagnostic::error(Rule::RootAsGroup, message)
            .at(id.place, localized!("the group that all others stand in", "其他分组都在这个分组之下"))
            .related(root.place, localized!("`root` is set here", "`root` 在这里设定"))
            .help(localized!(
                "Remove this `id`, or build under another `root`: a group cannot stand in itself",
                "删去这个 `id`，或换一个 `root`：分组不能在自身之下"
            ))
    }));
}

pub(crate) fn former_names_are_former(draft: &Draft, problems: &mut Vec<Diagnostic>) {
    let own = former_names(draft).filter(|former| former.row.name.as_ref() == Some(&former.was.value));
    problems.extend(own.map(|Former { row, was }| {
        let message = localized!("`was` is the group's own name {}", "`was` 就是分组现在的名称 {}", Shown(&was.value));
        Diagnostic::error(Rule::WasOwnName, message)
            .at(was.place, localized!("what it is called now", "现在的名称"))
            .related(row.place, localized!("its name", "它的名称"))
            .help(localized!("Write the name that it had before, or remove this one", "写上以前的名称，或删去这一项"))
    }));
}

pub(crate) fn former_names_are_of_one_group(draft: &Draft, problems: &mut Vec<Diagnostic>) {
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
fn again(draft: &Draft, former: Former<'_>, first: Former<'_>) -> Option<Diagnostic> {
    if std::ptr::eq(former.row, first.row) {
        return Some(repeated(former.was, first.was));
    }
    let is_duplicate = former.row.name.is_some() && former.row.name == first.row.name;
    (!is_duplicate).then(|| disputed(draft, former, first))
}

fn repeated(was: &Stated<GroupName>, first: &Stated<GroupName>) -> Diagnostic {
    let message = localized!("The former name {} is given twice", "曾用名 {} 给出了两次", Shown(&was.value));
    Diagnostic::error(Rule::RepeatedWas, message)
        .at(was.place, localized!("the same name again", "同样的名称又出现了"))
        .related(first.place, first_here())
        .help(localized!("Remove one of them, or write the name that was meant", "删去其中一个，或改成本来想写的名称"))
}

fn disputed(draft: &Draft, former: Former<'_>, first: Former<'_>) -> Diagnostic {
    let message = localized!(
        "Two groups{} have the former name {}",
        "{}有两个分组的曾用名都是 {}",
        draft.location(former.row),
        Shown(&former.was.value)
    );
    Diagnostic::error(Rule::DuplicateWas, message)
        .at(former.was.place, localized!("the same former name again", "同样的曾用名又出现了"))
        .related(first.was.place, first_here())
        .help(localized!(
            "Only one of them can be that group, renamed: remove the name from the other, which is made anew",
            "只有一个能是改名而来的那个分组：从另一个中删去该曾用名，它会新建"
        ))
}

/// The label of the earlier of two places with the same content.
pub(super) fn first_here() -> Message {
    localized!("first here", "首次出现在这里")
}
