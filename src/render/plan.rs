//! Draws a plan as a tree that a person likes to read.
//!
//! A subtree in which nothing changes is one line, so that what changes stands out.

use std::fmt::Write;
use std::time::Duration;

use anstyle::Style;

use crate::group::GroupPath;
use crate::plan::{Cost, Decision, Deletion, Forgotten, Holds, Plan, Rate, Relocation, Row, RowId, Unmanaged};
use crate::render::conflict;
use crate::render::style::{
    ADOPT, BOLD, CREATE, DELETE, DIM, ERROR, RENAME, Styled, WARNING, count, duration, grouped, shown,
};

/// How many groups of one kind are named below the tree before the rest is counted.
const MOST_NAMED: usize = 20;
/// How many former names that mean nothing any more are named before the rest is counted.
const MOST_NOTED: usize = 5;

/// How much of a plan is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What changes; what is not managed is counted.
    Changes,
    /// What stands beside it as well, the first few of a kind by name.
    Surroundings,
    /// Everything by name, unchanged subtrees too.
    Everything,
}

impl Extent {
    fn most(self, most: usize) -> usize {
        if self == Self::Everything { usize::MAX } else { most }
    }
}

/// Draws the tree, what stands beside it, and the totals. Twins have a section of their own: many strangers must not hide them.
#[must_use]
pub fn text(plan: &Plan, rate: Rate, extent: Extent) -> String {
    let mut text = String::new();
    if plan.is_settled() && extent != Extent::Everything {
        text.push_str(&settled(plan));
    } else {
        Drawing::new(plan, extent).draw(&mut text);
    }
    beside(&mut text, plan, extent.most(MOST_NAMED));
    strangers(&mut text, plan, extent);
    if !plan.is_settled() || extent != Extent::Changes {
        stale_names(&mut text, &plan.stale_was, extent.most(MOST_NOTED));
    }
    if !plan.is_settled() {
        totals(&mut text, plan, rate);
    } else if extent == Extent::Everything {
        let _ = write!(text, "\n{}", settled(plan));
    }
    text
}

/// Draws what stands beside the tree and is recorded, or may be.
fn beside(text: &mut String, plan: &Plan, most: usize) {
    section(text, "To delete: recorded, but no longer in the manifest", &plan.deletions, most, deletion);
    section(
        text,
        "Moved in the manifest, which DingTalk cannot do: made anew, with new ids",
        &plan.relocations,
        most,
        relocation,
    );
    section(text, "Forgotten: recorded, but no longer in the manifest; kept", &plan.forgotten, most, forgotten);
    section(
        text,
        "Unsettled: an interrupted run may have made these; apply finds out first",
        &plan.unsettled,
        most,
        |path| shown(path.as_str()).into_owned(),
    );
}

/// Draws what is in DingTalk alone.
fn strangers(text: &mut String, plan: &Plan, extent: Extent) {
    let most = extent.most(MOST_NAMED);
    let (twins, strangers): (Vec<&Unmanaged>, Vec<_>) =
        plan.unmanaged.iter().partition(|group| group.twin_of.is_some());
    section(
        text,
        "Twins: a second group of the same name; delete in DingTalk the one that nobody uses",
        &twins,
        most,
        unmanaged,
    );
    match extent {
        Extent::Changes => stranger_count(text, strangers.len()),
        Extent::Surroundings | Extent::Everything => {
            section(text, "Unmanaged: in DingTalk alone; never touched", &strangers, most, unmanaged);
        }
    }
}

fn stranger_count(text: &mut String, strangers: usize) {
    if strangers > 0 {
        let said = format!("Unmanaged: {} in DingTalk alone; `roomtree plan` lists them.", count(strangers, "group"));
        let _ = writeln!(text, "{}", Styled(DIM, said));
    }
}

/// Names the groups whose `was` has done its work, or never had any to do.
fn stale_names(text: &mut String, paths: &[GroupPath], most: usize) {
    if !paths.is_empty() {
        text.push('\n');
    }
    for path in paths.iter().take(most) {
        let said = format!("note: `was` of {} matches nothing any more", shown(path.as_str()));
        let _ = writeln!(text, "{}", Styled(DIM, said));
    }
    if paths.len() > most {
        let _ = writeln!(text, "{}", Styled(DIM, format!("note: and {} more", grouped(paths.len() - most))));
    }
}

fn settled(plan: &Plan) -> String {
    let groups = count(plan.rows.len(), "group");
    let agree = if plan.basis.online { "as the manifest says" } else { "recorded; DingTalk was not asked" };
    format!("{} {groups} {agree}.\n", Styled(BOLD, "Nothing to do:"))
}

fn section<T>(text: &mut String, heading: &str, items: &[T], most: usize, line: fn(&T) -> String) {
    if items.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{} ({})", Styled(BOLD, heading), grouped(items.len()));
    for item in items.iter().take(most) {
        let _ = writeln!(text, "  {}", line(item));
    }
    if items.len() > most {
        let _ = writeln!(text, "  {}", Styled(DIM, format!("and {} more", grouped(items.len() - most))));
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
    let anew = match group.groups {
        1 => "it gets a new id".to_owned(),
        groups => format!("{} get new ids", count(groups, "group")),
    };
    let id = Styled(DIM, format!("{} stays in the old place; {anew}", group.id));
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
    let least = if Cost::is_least(plan) { "at least " } else { "" };
    let calls = count(cost.calls(), "call");
    format!("{} {least}{calls} ({}){}.", Styled(BOLD, "Cost:"), said.join(", "), pace(cost, rate))
}

/// The shortest time that would not be said if it were none.
const SHORTEST_SAID: Duration = Duration::from_millis(50);

fn pace(cost: Cost, rate: Rate) -> String {
    let shortest = cost.shortest(rate);
    match rate.0 {
        Some(rate) if shortest >= SHORTEST_SAID => {
            let calls = if rate == 1.0 { "call" } else { "calls" };
            format!("; at least {} at {rate} {calls} a second", duration(shortest))
        }
        _ => String::new(),
    }
}

/// The tree, while it is being drawn.
struct Drawing<'a> {
    plan: &'a Plan,
    /// Whether a subtree in which nothing changes is one line.
    folds: bool,
    first_child: Vec<Option<RowId>>,
    next_sibling: Vec<Option<RowId>>,
    /// Per row: how many rows stand below it, and whether any of them, or itself, changes.
    below: Vec<usize>,
    changes: Vec<bool>,
}

impl<'a> Drawing<'a> {
    fn new(plan: &'a Plan, extent: Extent) -> Self {
        let rows = plan.rows.len();
        let mut drawing = Self {
            plan,
            folds: extent != Extent::Everything,
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
            let is_folded = self.folds && !self.changes[id.index()];
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
    use crate::group::{GroupId, GroupName, GroupPath};
    use crate::plan::{Basis, Decision, Plan, Rate, Row, RowId, Unmanaged};
    use crate::render::plan::{Extent, MOST_NAMED, MOST_NOTED, text};

    fn stranger(id: usize, twin_of: Option<GroupId>) -> Unmanaged {
        let id = i64::try_from(id).unwrap();
        Unmanaged { path: GroupPath::parse(&format!("/{id}")).unwrap(), id: GroupId::new(id), twin_of }
    }

    fn plan() -> Plan {
        let basis = Basis {
            endpoint: String::new(),
            organization: None,
            root: GroupId::ROOT,
            lineage: None,
            serial: 0,
            online: true,
        };
        Plan {
            basis,
            rows: Vec::new(),
            handovers: Vec::new(),
            stale_was: Vec::new(),
            forgotten: Vec::new(),
            deletions: Vec::new(),
            relocations: Vec::new(),
            unmanaged: Vec::new(),
            unsettled: Vec::new(),
        }
    }

    fn row(depth: u32, decision: Decision) -> Row {
        let parent = (depth > 1).then(|| RowId::new(0));
        Row { name: GroupName::parse("北京").unwrap(), parent, depth, decision }
    }

    fn drawn(plan: &Plan, extent: Extent) -> String {
        anstream::adapter::strip_str(&text(plan, Rate(Some(20.0)), extent)).to_string()
    }

    #[test]
    fn many_strangers_do_not_hide_a_twin_and_an_apply_counts_them() {
        let mut unmanaged: Vec<Unmanaged> = (1..=MOST_NAMED + 1).map(|id| stranger(id, None)).collect();
        unmanaged.push(stranger(4711, Some(GroupId::new(1))));
        let plan = Plan { unmanaged, ..plan() };
        let listed = drawn(&plan, Extent::Surroundings);
        assert!(listed.contains("/4711  4711  twin of 1\n") && listed.contains("and 1 more\n"), "{listed}");
        let counted = drawn(&plan, Extent::Changes);
        assert!(counted.contains("twin of 1\n") && !counted.contains("/21  21"), "{counted}");
        assert!(counted.contains("Unmanaged: 21 groups in DingTalk alone"), "{counted}");
        let all = drawn(&plan, Extent::Everything);
        assert!(all.contains("/21  21\n") && !all.contains(" more"), "{all}");
    }

    #[test]
    fn everything_names_what_is_unchanged() {
        let keep = Decision::Keep { id: GroupId::new(1) };
        let plan = Plan { rows: vec![row(1, keep.clone()), row(2, keep)], ..plan() };
        assert_eq!(drawn(&plan, Extent::Surroundings), "Nothing to do: 2 groups as the manifest says.\n");
        let all = drawn(&plan, Extent::Everything);
        assert_eq!(all, "  = 北京\n  └─ = 北京\n\nNothing to do: 2 groups as the manifest says.\n");
    }

    #[test]
    fn former_names_that_match_nothing_are_noted_with_the_plan_alone() {
        let paths = (1..=MOST_NOTED + 2).map(|id| GroupPath::parse(&format!("/{id}")).unwrap());
        let plan = Plan { stale_was: paths.collect(), ..plan() };
        let noted = drawn(&plan, Extent::Surroundings);
        assert!(noted.contains("note: `was` of /5 matches nothing any more\nnote: and 2 more\n"), "{noted}");
        assert!(!drawn(&plan, Extent::Changes).contains("note:"));
        assert!(drawn(&plan, Extent::Everything).contains("note: `was` of /7"));
    }

    #[test]
    fn a_cost_without_changes_has_no_time_and_one_with_open_calls_is_the_least() {
        let adopt = Decision::Adopt { id: GroupId::new(1), gone: None };
        let mut plan = Plan { rows: vec![row(1, adopt)], ..plan() };
        assert!(drawn(&plan, Extent::Surroundings).ends_with("Cost: 1 call (1 list).\n"));
        plan.unsettled.push(GroupPath::parse("/北京").unwrap());
        assert!(drawn(&plan, Extent::Surroundings).ends_with("Cost: at least 1 call (1 list).\n"));
    }
}
