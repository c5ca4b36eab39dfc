//! What became of a state that was made anew, as text.

use std::fmt::Write;
use std::path::PathBuf;

use crate::group::GroupPath;
use crate::plan::{Conflict, Decision, Plan};
use crate::render::conflict;
use crate::render::style::{BOLD, DIM, GOOD, HINT, Styled, WARNING, count, plain};
use crate::state::{Ledger, Remains};

/// How many groups of one kind are named before the rest is counted.
const MOST_NAMED: usize = 20;

/// Says what is there and what would be put in its place.
#[must_use]
pub fn outlook(remains: &Remains, found: &Ledger, unread: usize) -> String {
    let mut text = String::new();
    let records = count(found.snapshot().groups.len(), "group");
    let _ = match remains {
        Remains::Nothing => writeln!(text, "There is no state; one with {records} can be made."),
        Remains::Damaged(error) => {
            writeln!(text, "{}\nA state with {records} can be put in its place.", plain(&error.to_string()))
        }
        Remains::Sound(former) => {
            let has = count(former.snapshot().groups.len(), "group");
            let lost = former.snapshot().groups.values().filter(|id| found.path_of(**id).is_none()).count();
            let without = if lost > 0 { format!(", without {} of those", count(lost, "group")) } else { String::new() };
            writeln!(text, "The state is sound: it records {has}. Made anew it would record {records}{without}.")
        }
    };
    if unread > 0 {
        let lines = count(unread, "line");
        let _ = writeln!(
            text,
            "{} {lines} of the journal cannot be read. If one of them announced a create whose answer is still out, that group \
             may yet appear as a twin: look for twins with `roomtree doctor`.",
            Styled(WARNING, "Note:")
        );
    }
    text
}

/// Says what is recorded now, what is not and why, and what was kept.
#[must_use]
pub fn text(plan: &Plan, ledger: &Ledger, aside: &[PathBuf]) -> String {
    let mut text = String::new();
    let groups = count(ledger.snapshot().groups.len(), "group");
    let _ = writeln!(text, "{} {groups} recorded; nothing was changed in DingTalk.", Styled(GOOD, "Rebuilt:"));
    for path in aside {
        let _ = writeln!(text, "  kept aside: {}", plain(&path.display().to_string()));
    }
    let open = ledger.open().count();
    if open > 0 {
        let open = count(open, "call");
        let _ = writeln!(text, "  taken over: {open} whose outcome is not known yet; the next apply finds out");
    }
    section(&mut text, "Missing: in the manifest, not in DingTalk; apply makes them", &missing(plan));
    section(&mut text, "Not recorded: you must decide", &conflicts(plan));
    let _ = writeln!(text, "\n{} look at what is left with `roomtree plan`", Styled(HINT, "→"));
    text
}

fn missing(plan: &Plan) -> Vec<String> {
    let rows = plan.rows().filter(|(_, row)| matches!(row.decision, Decision::Create { .. }));
    rows.map(|(id, _)| shown(&plan.path(id))).collect()
}

fn conflicts(plan: &Plan) -> Vec<String> {
    let rows = plan.rows().filter_map(|(id, row)| match &row.decision {
        Decision::Conflict { conflict } => Some(told(&plan.path(id), conflict)),
        Decision::Blocked => Some(format!("{}  below one that is not clear", shown(&plan.path(id)))),
        Decision::Keep { .. } | Decision::Create { .. } | Decision::Adopt { .. } | Decision::Rename { .. } => None,
    });
    rows.collect()
}

fn told(path: &GroupPath, conflict: &Conflict) -> String {
    format!("{}  {}\n    → {}", shown(path), conflict::sentence(conflict), conflict::remedy(conflict))
}

fn shown(path: &GroupPath) -> String {
    plain(path.as_str()).into_owned()
}

fn section(text: &mut String, heading: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{} ({})", Styled(BOLD, heading), lines.len());
    for line in lines.iter().take(MOST_NAMED) {
        let _ = writeln!(text, "  {line}");
    }
    if lines.len() > MOST_NAMED {
        let _ = writeln!(text, "  {}", Styled(DIM, format!("and {} more", lines.len() - MOST_NAMED)));
    }
}
