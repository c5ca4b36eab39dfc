//! The tree: a flat list in which each group says how deep it stands, so that trees of any depth are drawn alike.

use maud::{Markup, html};

use crate::plan::{Action, RowId};
use crate::render::plan::action;
use crate::render::plan::action::{ActionKind, totals};
use crate::render::plan::conflict;
use crate::render::plan::html::parts::{cut, sign, words};
use crate::render::plan::outline::Outline;
use crate::render::plan::truncate::{Line, Ranking, Truncated, What};
use crate::render::plan::view::Extent;
use crate::render::plan::view::{PlanView, left_out};
use crate::render::style::shown;
use crate::tr;

/// The most groups that are drawn: a browser stays quick with them.
const MOST_DRAWN: usize = 10_000;
/// The deepest level that has an indent of its own.
const DEEPEST: usize = 12;

/// Returns the word that style and script know an action by.
pub(crate) const fn key(action: ActionKind) -> &'static str {
    match action {
        ActionKind::Create => "create",
        ActionKind::Adopt => "adopt",
        ActionKind::Rename => "rename",
        ActionKind::Delete => "delete",
        ActionKind::Conflict => "conflict",
        ActionKind::Blocked => "blocked",
        ActionKind::Keep => "keep",
    }
}

/// Returns the place of a row in the page.
pub(crate) fn anchor(row: RowId) -> String {
    format!("g{}", row.index())
}

/// Draws the tree.
pub(crate) fn card(exhibit: PlanView<'_>) -> Markup {
    let outline = Outline::of(exhibit.plan);
    let excerpt = Truncated::of(&outline, &Ranking::of(&outline, Extent::Everything), MOST_DRAWN);
    let lines = excerpt.lines();
    html! {
        @if !lines.is_empty() {
            section.card data-section="tree" {
                h2 { (tr!("The tree", "分组树")) }
                @if let Some(left) = left_out(&excerpt.left_out()) { (cut(&left, exhibit.whole)) }
                ul.tree data-label=(tr!("The tree of the manifest", "清单的分组树")) {
                    @for line in &lines { (row(&outline, *line)) }
                }
            }
        }
    }
}

fn row(outline: &Outline<'_>, line: Line) -> Markup {
    let level = line.depth + 1;
    let class = format!("l{}", level.min(DEEPEST));
    match line.what {
        What::Group(id) => group(outline, id, level, &class),
        What::Rest(tally) => html! {
            li.rest class=(class) data-l=(level) { "… " (totals(&tally)) }
        },
    }
}

fn group(outline: &Outline<'_>, id: RowId, level: usize, class: &str) -> Markup {
    let row = outline.plan.row(id);
    let action = ActionKind::of(&row.decision);
    let note = action::row_note(outline.plan, id);
    let found = match &row.decision {
        Action::Conflict { conflict } => Some(conflict),
        _ => None,
    };
    html! {
        li class=(class) data-l=(level) data-a=(key(action)) id=[found.map(|_| anchor(id))] {
            (sign(key(action), action.sign()))
            span.name { (shown(&row.name)) }
            @if note.is_empty() { span.hidden { (action.word()) } } @else { span.note { (words(&note)) } }
            @if let Some(found) = found { span.alarming { (words(&conflict::sentence(found))) } }
        }
    }
}
