//! The rules about what ties groups to existing ones: an id and a former name belong to one group each.

use std::collections::HashMap;

use crate::group::{GroupId, GroupName};
use crate::i18n::Text;
use crate::manifest::model::draft::{Claims, Draft, Row, Stated};
use crate::manifest::parse::quote::Shown;
use crate::manifest::{Problem, Rule};
use crate::text;

/// A former name and whose it is.
#[derive(Clone, Copy)]
struct Former<'d> {
    row: &'d Row,
    was: &'d Stated<GroupName>,
}

pub(crate) fn ids_differ(draft: &Draft, problems: &mut Vec<Problem>) {
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
    let message = text!("Two groups have the id {}", "两个分组的 ID 都是 {}", id.value);
    let problem = Problem::error(Rule::DuplicateId, message);
    match claims.alias {
        Some(alias) if id.place == first.place => problem
            .at(id.place, text!("given to two groups", "给了两个分组"))
            .related(alias, text!("by this alias", "由这个别名造成"))
            .help(text!(
                "An id is that of one group: remove it here, or write the second group out instead of the alias",
                "一个 ID 只属于一个分组：在这里删去它，或不用别名而直接写出第二个分组"
            )),
        _ => problem
            .at(id.place, text!("the same id again", "同样的 ID 又出现了"))
            .related(first.place, first_here())
            .help(text!(
                "An id is that of one group: remove it from the other",
                "一个 ID 只属于一个分组：从另一个中删去"
            )),
    }
}

pub(crate) fn no_id_is_the_root(draft: &Draft, problems: &mut Vec<Problem>) {
    let Some(root) = draft.stated(|header| header.root.as_ref()) else { return };
    let ids = draft.claims().filter_map(|(_, claims)| claims.id.as_ref()).filter(|id| id.value == root.value);
    problems.extend(ids.map(|id| {
        let message = text!("A group has the id {} of `root`", "有分组的 ID 与 `root` 相同：{}", id.value);
        Problem::error(Rule::RootAsGroup, message)
            .at(id.place, text!("the group that all others stand in", "其他分组都在这个分组之下"))
            .related(root.place, text!("`root` is set here", "`root` 在这里设定"))
            .help(text!(
                "Remove this `id`, or build under another `root`: a group cannot stand in itself",
                "删去这个 `id`，或换一个 `root`：分组不能在自身之下"
            ))
    }));
}

pub(crate) fn former_names_are_former(draft: &Draft, problems: &mut Vec<Problem>) {
    let own = former_names(draft).filter(|former| former.row.name.as_ref() == Some(&former.was.value));
    problems.extend(own.map(|Former { row, was }| {
        let message = text!("`was` is the group's own name {}", "`was` 就是分组现在的名称 {}", Shown(&was.value));
        Problem::error(Rule::WasOwnName, message)
            .at(was.place, text!("what it is called now", "现在的名称"))
            .related(row.place, text!("its name", "它的名称"))
            .help(text!("Write the name that it had before, or remove this one", "写上以前的名称，或删去这一项"))
    }));
}

pub(crate) fn former_names_are_of_one_group(draft: &Draft, problems: &mut Vec<Problem>) {
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
    let message = text!("The former name {} is given twice", "曾用名 {} 给出了两次", Shown(&was.value));
    Problem::error(Rule::RepeatedWas, message)
        .at(was.place, text!("the same name again", "同样的名称又出现了"))
        .related(first.place, first_here())
        .help(text!("Remove one of them, or write the name that was meant", "删去其中一个，或改成本来想写的名称"))
}

fn disputed(draft: &Draft, former: Former<'_>, first: Former<'_>) -> Problem {
    let message = text!(
        "Two groups{} have the former name {}",
        "{}有两个分组的曾用名都是 {}",
        draft.location(former.row),
        Shown(&former.was.value)
    );
    Problem::error(Rule::DuplicateWas, message)
        .at(former.was.place, text!("the same former name again", "同样的曾用名又出现了"))
        .related(first.was.place, first_here())
        .help(text!(
            "Only one of them can be that group, renamed: remove the name from the other, which is made anew",
            "只有一个能是改名而来的那个分组：从另一个中删去该曾用名，它会新建"
        ))
}

/// The label of the earlier of two places with the same content.
pub(super) fn first_here() -> Text {
    text!("first here", "首次出现在这里")
}
