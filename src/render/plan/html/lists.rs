//! What stands before and behind the tree: refusals, conflicts, and the groups beside it.

use maud::{Markup, html};

use crate::plan::{Plan, Refusal};
use crate::render::plan::conflict;
use crate::render::plan::html::parts::{cut, sign, words};
use crate::render::plan::html::tree::anchor;
use crate::render::plan::other_groups::{Item, Kind, Section};
use crate::render::style::{grouped, shown, told};
use crate::tr;

/// The most groups of one kind that are listed.
const MOST_LISTED: usize = 5_000;
/// The most conflicts that are explained one by one; each stands in the tree, too.
const MOST_EXPLAINED: usize = 200;

/// Returns the word that style and script know a kind by.
pub(crate) const fn key(kind: Kind) -> &'static str {
    match kind {
        Kind::Deletions => "delete",
        Kind::Renames => "possible-rename",
        Kind::Retained => "retained",
        Kind::Protected => "protected",
        Kind::Protections => "protect",
        Kind::Releases => "unprotect",
        Kind::Administrators => "administrators",
        Kind::Unsettled => "unsettled",
        Kind::Duplicates => "duplicate",
        Kind::Unmanaged => "unmanaged",
        Kind::StaleNames => "stale",
    }
}

/// Tells why the plan cannot be applied.
pub(crate) fn refusals(refusals: &[Refusal]) -> Markup {
    html! {
        @if !refusals.is_empty() {
            section.card.alarm {
                h2 { (tr!("This plan cannot be applied", "这份计划不能执行")) }
                ul.list.conflicts {
                    @for refusal in refusals {
                        li { (told(&refusal.to_string())) p { "→ " (words(refusal.remedy())) } }
                    }
                }
            }
        }
    }
}

/// Tells each conflict, with what to do about it and a way to its place in the tree.
pub(crate) fn conflicts(plan: &Plan) -> Markup {
    let all = plan.conflicts().count();
    html! {
        @if all > 0 {
            section.card.alarm {
                h2 { (tr!("Conflicts", "冲突")) (number(all)) }
                ul.list.conflicts {
                    @for (row, found) in plan.conflicts().take(MOST_EXPLAINED) {
                        li {
                            a href={ "#" (anchor(row)) } { (shown(plan.path(row).as_str())) }
                            p { (conflict::sentence(found)) }
                            p { "→ " (words(conflict::remedy(found))) }
                        }
                    }
                }
                @if all > MOST_EXPLAINED { p.rest { (more(all - MOST_EXPLAINED)) } }
            }
        }
    }
}

/// Lists the groups of one kind that stand beside the tree.
pub(crate) fn section(section: &Section<'_>, whole: &str) -> Markup {
    let Section { kind, entries, .. } = section;
    let left = entries.len().saturating_sub(MOST_LISTED);
    html! {
        section.card data-section=(key(*kind)) {
            h2 { (section.title()) (number(entries.len())) }
            p { (words(section.explanation())) }
            @if left > 0 { (cut(&more(left), whole)) }
            ul.list { @for entry in entries.iter().take(MOST_LISTED) { (item(*kind, entry.item())) } }
        }
    }
}

fn item(kind: Kind, item: Item) -> Markup {
    html! {
        li data-a=(key(kind)) {
            (sign(key(kind), kind.sign()))
            span.name { (item.path) }
            @if let Some(id) = item.id { span.id { (id) } }
            @if let Some(remark) = item.remark { span.note { (remark) } }
            @if let Some(alarm) = item.alarm { span.alarming { (words(&alarm)) } }
        }
    }
}

/// Tells how many there are, behind a heading.
fn number(all: usize) -> Markup {
    html! { (tr!(" ", "")) span.count { (tr!(format: "({})", "（{}）", grouped(all))) } }
}

fn more(number: usize) -> String {
    tr!(format: "{} more", "另有 {} 个", grouped(number))
}
