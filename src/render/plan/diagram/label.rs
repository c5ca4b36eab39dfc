//! The label, colors and limits that all diagrams share.

use unicode_width::UnicodeWidthChar;

use crate::plan::{Action, Plan, RowId};
use crate::render::plan::action;
use crate::render::plan::action::ActionKind;
use crate::render::plan::conflict;
use crate::render::plan::other_groups::{Item, Section};
use crate::render::style::{grouped, shown};

/// The most groups in a diagram: more of them are not readable.
pub(super) const MOST_DRAWN: usize = 400;
/// The most groups of one kind outside the tree.
pub(super) const MOST_LISTED: usize = 20;
/// The columns that a name may take.
pub(super) const WIDEST: usize = 60;

/// What is said of a group, in the colours of an action.
pub(super) struct Label {
    pub(super) action: ActionKind,
    pub(super) name: String,
    pub(super) note: String,
}

impl Label {
    pub(super) fn of(plan: &Plan, id: RowId) -> Self {
        let row = plan.row(id);
        let note = match &row.decision {
            Action::Conflict { conflict } => conflict::sentence(conflict),
            _ => action::row_note(plan, id),
        };
        Self { action: ActionKind::of(&row.decision), name: cut(&row.name, WIDEST), note: cut(&note, 2 * WIDEST) }
    }

    pub(super) fn sign(&self) -> char {
        self.action.sign()
    }
}

/// Returns the colours of an action for a light background: fill and text.
pub(super) const fn colors(action: ActionKind) -> [&'static str; 2] {
    match action {
        ActionKind::Create => ["#e2f5e9", "#14713b"],
        ActionKind::Adopt => ["#def4f6", "#0b6a78"],
        ActionKind::Rename => ["#fdf0d5", "#875200"],
        ActionKind::Delete | ActionKind::Conflict | ActionKind::Blocked => ["#fce8e6", "#b3261e"],
        ActionKind::Keep => ["#eef0f3", "#4a515d"],
    }
}

/// Makes a text fit to be shown, and cuts it to some columns.
pub(super) fn cut(text: &str, columns: usize) -> String {
    let text = shown(text);
    let mut room = columns;
    let end = text.char_indices().find(|(_, c)| match room.checked_sub(c.width().unwrap_or(0)) {
        Some(left) => {
            room = left;
            false
        }
        None => true,
    });
    match end {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

/// Returns the path of an entry outside the tree.
pub(super) fn listed(item: &Item) -> String {
    cut(&item.path, WIDEST)
}

pub(super) fn remarks(item: Item) -> String {
    let id = item.id.map(|id| id.to_string());
    id.into_iter().chain(item.remark).chain(item.alarm).collect::<Vec<_>>().join("  ")
}

/// Counts the groups outside the tree: `Unmanaged: 3`.
pub(super) fn counted(section: &Section<'_>) -> String {
    crate::tr!(format: "{}: {}", "{}：{}", section.title(), grouped(section.entries.len()))
}
