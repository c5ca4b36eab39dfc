//! Draws a plan as a tree that a person likes to read.
//!
//! A subtree in which nothing changes is one line, so that what changes stands out.

use std::fmt::Write;

use anstyle::Style;

use crate::plan::{Cost, Decision, Deletion, Forgotten, Holds, Plan, Rate, Relocation, Row, RowId, Unmanaged};
use crate::render::conflict;
use crate::render::style::{
    ADOPT, BOLD, CREATE, DELETE, DIM, ERROR, RENAME, Styled, WARNING, count, duration, grouped, shown,
};

/// How many groups of one kind are named below the tree before the rest is counted.
const MOST_NAMED: usize = 20;

/// Draws the tree, what stands beside it, and the totals. Twins have a section of their own: many strangers must not hide them.
#[must_use]
pub fn text(plan: &Plan, rate: Rate) -> String {
    let mut text = String::new();
    if plan.is_settled() {
        text.push_str(&settled(plan));
    } else {
        Drawing::new(plan).draw(&mut text);
    }
    section(&mut text, "To delete: recorded, but no longer in the manifest", &plan.deletions, deletion);
    section(
        &mut text,
        "Moved in the manifest, which DingTalk cannot do: made anew, with new ids",
        &plan.relocations,
        relocation,
    );
    section(&mut text, "Forgotten: recorded, but no longer in the manifest; kept", &plan.forgotten, forgotten);
    let (twins, strangers): (Vec<&Unmanaged>, Vec<_>) =
        plan.unmanaged.iter().partition(|group| group.twin_of.is_some());
    section(
        &mut text,
        "Twins: a second group of the same name; delete in DingTalk the one that nobody uses",
        &twins,
        unmanaged,
    );
    section(&mut text, "Unmanaged: in DingTalk alone; never touched", &strangers, unmanaged);
    section(
        &mut text,
        "Unsettled: an interrupted run may have made these; apply finds out first",
        &plan.unsettled,
        |path| shown(path.as_str()).into_owned(),
    );
    if !plan.is_settled() {
        totals(&mut text, plan, rate);
    }
    text
}

fn settled(plan: &Plan) -> String {
    let groups = count(plan.rows.len(), "group");
    let agree = if plan.basis.online { "as the manifest says" } else { "recorded; DingTalk was not asked" };
    format!("{} {groups} {agree}.\n", Styled(BOLD, "Nothing to do:"))
}

fn section<T>(text: &mut String, heading: &str, items: &[T], line: fn(&T) -> String) {
    if items.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{} ({})", Styled(BOLD, heading), grouped(items.len()));
    for item in items.iter().take(MOST_NAMED) {
        let _ = writeln!(text, "  {}", line(item));
    }
    if items.len() > MOST_NAMED {
        let _ = writeln!(text, "  {}", Styled(DIM, format!("and {} more", grouped(items.len() - MOST_NAMED))));
    }
}

fn deletion(group: &Deletion) -> String {
    let gone = if group.gone { "  gone from DingTalk already: only the record goes" } else { "" };
    let line = format!(
        "{}  {}",
        Styled(DELETE, format!("- {}", shown(group.path.as_str()))),
        Styled(DIM, format!("{}{gone}", group.id))
    );
    match group.holds {
        None => line,
        Some(Holds { groups, rooms }) => {
            let held = format!("holds {} that stay and {}", count(groups, "group"), count(rooms, "room"));
            format!("{line}  {}", Styled(ERROR, held))
        }
    }
}

fn relocation(group: &Relocation) -> String {
    let (from, to) = (shown(group.from.as_str()), shown(group.to.as_str()));
    let id = Styled(DIM, format!("{} stays in the old place; {} get new ids", group.id, count(group.groups, "group")));
    format!("{from} → {to}  {id}")
}

fn forgotten(group: &Forgotten) -> String {
    let gone = if group.lives == Some(false) { "  gone from DingTalk" } else { "" };
    format!("{}  {}", shown(group.path.as_str()), Styled(DIM, format!("{}{gone}", group.id)))
}

fn unmanaged(group: &&Unmanaged) -> String {
    let line = format!("{}  {}", shown(group.path.as_str()), Styled(DIM, group.id));
    match group.twin_of {
        None => line,
        Some(ours) => format!("{line}  {}", Styled(WARNING, format!("twin of {ours}"))),
    }
}

fn totals(text: &mut String, plan: &Plan, rate: Rate) {
    let tally = plan.tally();
    let parts = [
        (tally.create, "to create"),
        (tally.adopt, "to adopt"),
        (tally.rename, "to rename"),
        (tally.delete, "to delete"),
        (tally.conflict, "in conflict"),
        (tally.keep, "unchanged"),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", grouped(*n))).collect();
    let _ = writeln!(text, "\n{} {}.", Styled(BOLD, "Plan:"), said.join(", "));
    if tally.conflict == 0 {
        let _ = writeln!(text, "{}", cost(plan, rate));
    }
}

fn cost(plan: &Plan, rate: Rate) -> String {
    let cost = Cost::of(plan);
    let parts = [(cost.list, "list"), (cost.create, "create"), (cost.rename, "rename"), (cost.delete, "delete")];
    let said: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", grouped(*n))).collect();
    let pace = rate.0.map_or_else(String::new, |rate| {
        format!("; at least {} at {rate} calls a second", duration(cost.shortest(Rate(Some(rate)))))
    });
    format!("{} {} ({}){pace}.", Styled(BOLD, "Cost:"), count(cost.calls(), "call"), said.join(", "))
}

/// The tree, while it is being drawn.
struct Drawing<'a> {
    plan: &'a Plan,
    first_child: Vec<Option<RowId>>,
    next_sibling: Vec<Option<RowId>>,
    /// Per row: how many rows stand below it, and whether any of them, or itself, changes.
    below: Vec<usize>,
    changes: Vec<bool>,
}

impl<'a> Drawing<'a> {
    fn new(plan: &'a Plan) -> Self {
        let rows = plan.rows.len();
        let mut drawing = Self {
            plan,
            first_child: vec![None; rows],
            next_sibling: vec![None; rows],
            below: vec![0; rows],
            changes: plan.rows.iter().map(|row| !matches!(row.decision, Decision::Keep { .. })).collect(),
        };
        drawing.link();
        drawing
    }

    /// Goes from the last row to the first, so that children are complete before their parents.
    fn link(&mut self) {
        for index in (0..self.plan.rows.len()).rev() {
            if let Some(parent) = self.plan.rows[index].parent.map(RowId::index) {
                self.next_sibling[index] = self.first_child[parent].replace(RowId::new(index));
                self.below[parent] += self.below[index] + 1;
                self.changes[parent] |= self.changes[index];
            }
        }
    }

    fn draw(&self, text: &mut String) {
        let mut is_last = Vec::new();
        let mut folded_until = 0;
        for (id, row) in self.plan.rows() {
            if id.index() < folded_until {
                continue;
            }
            is_last.truncate(row.depth as usize - 1);
            is_last.push(self.next_sibling[id.index()].is_none());
            let is_folded = !self.changes[id.index()];
            self.line(text, &is_last, id, row, is_folded);
            if is_folded {
                folded_until = id.index() + 1 + self.below[id.index()];
            }
        }
    }

    fn line(&self, text: &mut String, is_last: &[bool], id: RowId, row: &Row, is_folded: bool) {
        let (style, sign) = sign(&row.decision);
        let rails = rails(is_last);
        let name = shown(&row.name);
        let note = if is_folded { self.folded(id) } else { note(&row.decision) };
        let gap = if note.is_empty() { "" } else { "  " };
        let line =
            format!("  {}{}{gap}{}", Styled(DIM, rails), Styled(style, format!("{sign} {name}")), Styled(DIM, note));
        let _ = writeln!(text, "{line}");
        if let Decision::Conflict { conflict } = &row.decision {
            let _ = writeln!(
                text,
                "  {}  {}",
                Styled(DIM, rails_below(is_last)),
                Styled(ERROR, conflict::sentence(conflict))
            );
            let _ = writeln!(text, "  {}  → {}", Styled(DIM, rails_below(is_last)), conflict::remedy(conflict));
        }
    }

    fn folded(&self, id: RowId) -> String {
        match self.below[id.index()] {
            0 => "unchanged".to_owned(),
            below => format!("unchanged, with {} below", count(below, "group")),
        }
    }
}

fn sign(decision: &Decision) -> (Style, char) {
    match decision {
        Decision::Keep { .. } => (Style::new(), '='),
        Decision::Create { .. } => (CREATE, '+'),
        Decision::Adopt { .. } => (ADOPT, '&'),
        Decision::Rename { .. } => (RENAME, '~'),
        Decision::Conflict { .. } => (ERROR, '!'),
        Decision::Blocked => (DIM, '?'),
    }
}

fn note(decision: &Decision) -> String {
    match decision {
        Decision::Keep { .. } | Decision::Create { gone: None } | Decision::Conflict { .. } => String::new(),
        Decision::Create { gone: Some(id) } => format!("anew: {id} is gone from DingTalk"),
        Decision::Adopt { id, gone: None } => format!("adopt {id}, which is there already"),
        Decision::Adopt { id, gone: Some(gone) } => format!("adopt {id}: {gone} is gone from DingTalk"),
        Decision::Rename { id, from } => format!("rename {id} from `{}`", shown(from)),
        Decision::Blocked => "waits for the conflict above".to_owned(),
    }
}

fn rails(is_last: &[bool]) -> String {
    let Some((own, above)) = is_last.split_last() else { return String::new() };
    let mut rails = rails_of(above);
    if !above.is_empty() {
        rails.push_str(if *own { "└─ " } else { "├─ " });
    }
    rails
}

fn rails_below(is_last: &[bool]) -> String {
    rails_of(is_last)
}

/// Draws the rails of the groups above; the topmost has none.
fn rails_of(above: &[bool]) -> String {
    above.iter().skip(1).map(|last| if *last { "   " } else { "│  " }).collect()
}

#[cfg(test)]
mod tests {
    use crate::group::{GroupId, GroupPath};
    use crate::plan::{Basis, Plan, Rate, Unmanaged};
    use crate::render::plan::{MOST_NAMED, text};

    fn stranger(id: usize, twin_of: Option<GroupId>) -> Unmanaged {
        let id = i64::try_from(id).unwrap();
        Unmanaged { path: GroupPath::parse(&format!("/{id}")).unwrap(), id: GroupId::new(id), twin_of }
    }

    #[test]
    fn many_strangers_do_not_hide_a_twin() {
        let basis = Basis {
            endpoint: String::new(),
            organization: None,
            root: GroupId::ROOT,
            lineage: None,
            serial: 0,
            online: true,
        };
        let mut unmanaged: Vec<Unmanaged> = (1..=MOST_NAMED + 1).map(|id| stranger(id, None)).collect();
        unmanaged.push(stranger(4711, Some(GroupId::new(1))));
        let plan = Plan {
            basis,
            rows: Vec::new(),
            handovers: Vec::new(),
            stale_was: Vec::new(),
            forgotten: Vec::new(),
            deletions: Vec::new(),
            relocations: Vec::new(),
            unmanaged,
            unsettled: Vec::new(),
        };
        let drawn = anstream::adapter::strip_str(&text(&plan, Rate(None))).to_string();
        assert!(drawn.contains("/4711  4711  twin of 1\n"), "{drawn}");
        assert!(drawn.contains("and 1 more\n"), "{drawn}");
    }
}
