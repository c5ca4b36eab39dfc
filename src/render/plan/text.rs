//! Draws a plan as a tree that a person likes to read.
//!
//! A subtree in which nothing changes is one line, so that what changes stands out.

use std::fmt::Write;

use crate::i18n::count;
use crate::plan::{Action, Plan, Rate, Row, RowId};
use crate::render::plan::action;
use crate::render::plan::action::ActionKind;
use crate::render::plan::other_groups;
use crate::render::plan::other_groups::{Item, Kind, Section};
use crate::render::plan::outline::Outline;
use crate::render::plan::view::Extent;
use crate::render::plan::{conflict, cost, tree_lines, view};
use crate::render::style::{BOLD, DELETE, DIM, ERROR, Grouped, Styled, WARNING, grouped, shown};
use crate::tr;

/// How many groups of one kind are named below the tree before the rest is counted.
const MOST_NAMED: usize = 20;
/// How many rows with a `was` without effect are named before the rest is counted.
const MOST_NOTED: usize = 5;

/// Draws the tree, what stands beside it, and the totals.
#[must_use]
pub fn text(plan: &Plan, rate: Rate, extent: Extent) -> String {
    let mut text = String::new();
    if plan.is_settled() && extent != Extent::Everything {
        text.push_str(&settled(plan));
    } else {
        Drawing::new(plan, extent).draw(&mut text);
    }
    for section in other_groups::sections(plan) {
        match (section.kind, extent) {
            (Kind::Unmanaged, Extent::Changes) => stranger_count(&mut text, &section, plan.destroys),
            (Kind::StaleNames, Extent::Changes) if plan.is_settled() => {}
            (Kind::StaleNames, _) => stale_names(&mut text, &section, extent.most(MOST_NOTED)),
            // A prompt may follow: what is deleted is named to the last group.
            (Kind::Deletions, _) => listed(&mut text, &section, usize::MAX),
            _ => listed(&mut text, &section, extent.most(MOST_NAMED)),
        }
    }
    if !plan.is_settled() {
        totals(&mut text, plan, rate);
    } else if extent == Extent::Everything {
        let _ = write!(text, "\n{}", settled(plan));
    }
    text
}

fn settled(plan: &Plan) -> String {
    let (heading, said) = view::settled(plan);
    let heading = Styled(BOLD, heading);
    tr!(format: "{heading} {said}.\n", "{heading}{said}。\n")
}

fn listed(text: &mut String, section: &Section<'_>, most: usize) {
    let all = section.entries.len();
    let (heading, number) = (Styled(BOLD, section.heading()), grouped(all));
    let _ = writeln!(text, "\n{}", tr!(format: "{heading} ({number})", "{heading}（{number}）"));
    for entry in section.entries.iter().take(most) {
        let _ = writeln!(text, "  {}", line(section.kind, entry.item()));
    }
    if all > most {
        let _ = writeln!(text, "  {}", Styled(DIM, more(all - most)));
    }
}

fn more(number: usize) -> String {
    tr!(format: "and {} more", "另有 {} 个", grouped(number))
}

fn line(kind: Kind, item: Item) -> String {
    let path = match kind {
        Kind::Deletions => Styled(DELETE, format!("- {}", item.path)).to_string(),
        _ => item.path,
    };
    let alarm = if kind == Kind::Deletions { ERROR } else { WARNING };
    let said: Vec<String> = item.id.map(|id| id.to_string()).into_iter().chain(item.remark).collect();
    let dim = (!said.is_empty()).then(|| Styled(DIM, said.join("  ")).to_string());
    let parts = dim.into_iter().chain(item.alarm.map(|said| Styled(alarm, said).to_string()));
    std::iter::once(path).chain(parts).collect::<Vec<_>>().join("  ")
}

fn stranger_count(text: &mut String, section: &Section<'_>, destroys: bool) {
    let groups = count(Grouped(section.entries.len()), "group", "个分组");
    let said = match destroys {
        true => tr!(
            format: "Unmanaged: {groups} not recorded in the state; not deleted.",
            "未纳管：状态中没有记录 {groups}；不会删除。"
        ),
        false => tr!(
            format: "Unmanaged: {groups} in DingTalk alone; `roomtree plan` lists them.",
            "未纳管：{groups}只存在于钉钉；用 `roomtree plan` 列出。"
        ),
    };
    let _ = writeln!(text, "{}", Styled(DIM, said));
}

/// Names the groups whose `was` has no effect.
fn stale_names(text: &mut String, section: &Section<'_>, most: usize) {
    text.push('\n');
    for entry in section.entries.iter().take(most) {
        let Item { path, remark, .. } = entry.item();
        let reason = remark.unwrap_or_default();
        let said = tr!(
            format: "note: `was` of {path} has no effect: {reason}",
            "注意：{path} 的 `was` 不起作用：{reason}"
        );
        let _ = writeln!(text, "{}", Styled(DIM, said));
    }
    if section.entries.len() > most {
        let said = more(section.entries.len() - most);
        let _ = writeln!(text, "{}", Styled(DIM, tr!(format: "note: {said}", "注意：{said}")));
    }
}

fn totals(text: &mut String, plan: &Plan, rate: Rate) {
    let tally = plan.tally();
    let (heading, said) = (Styled(BOLD, tr!("Plan:", "计划：")), action::totals(&tally));
    let _ = writeln!(text, "\n{}", tr!(format: "{heading} {said}.", "{heading}{said}。"));
    if tally.conflict == 0 {
        let (heading, said) = (Styled(BOLD, tr!("Cost:", "开销：")), cost::sentence(plan, rate));
        let _ = writeln!(text, "{}", tr!(format: "{heading} {said}.", "{heading}{said}。"));
    }
}

/// The tree, while it is being drawn.
struct Drawing<'a> {
    outline: Outline<'a>,
    /// Whether a subtree in which nothing changes is one line.
    folds: bool,
}

impl<'a> Drawing<'a> {
    fn new(plan: &'a Plan, extent: Extent) -> Self {
        Self { outline: Outline::of(plan), folds: extent != Extent::Everything }
    }

    fn draw(&self, text: &mut String) {
        let mut is_last = Vec::new();
        let mut folded_until = 0;
        for (id, row) in self.outline.plan.rows() {
            if id.index() < folded_until {
                continue;
            }
            is_last.truncate(row.depth as usize - 1);
            is_last.push(self.outline.is_last(id));
            let is_folded = self.folds && !self.outline.changes(id);
            self.line(text, &is_last, id, row, is_folded);
            if is_folded {
                folded_until = id.index() + 1 + self.outline.below(id);
            }
        }
    }

    fn line(&self, text: &mut String, is_last: &[bool], id: RowId, row: &Row, is_folded: bool) {
        let action = ActionKind::of(&row.decision);
        let rails = tree_lines::before(is_last);
        let name = shown(&row.name);
        let note = if is_folded { self.folded(id) } else { action::row_note(self.outline.plan, id) };
        let gap = if note.is_empty() { "" } else { "  " };
        let group = Styled(action.style(), format!("{} {name}", action.sign()));
        let _ = writeln!(text, "  {}{group}{gap}{}", Styled(DIM, rails), Styled(DIM, note));
        if let Action::Conflict { conflict } = &row.decision {
            let _ = writeln!(
                text,
                "  {}  {}",
                Styled(DIM, tree_lines::below(is_last)),
                Styled(ERROR, conflict::sentence(conflict))
            );
            let _ = writeln!(text, "  {}  → {}", Styled(DIM, tree_lines::below(is_last)), conflict::remedy(conflict));
        }
    }

    fn folded(&self, id: RowId) -> String {
        match self.outline.below(id) {
            0 => tr!("unchanged", "不变").to_owned(),
            below => {
                let groups = count(Grouped(below), "group", "个分组");
                tr!(format: "unchanged, with {groups} below", "不变，其下有 {groups}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::group::{GroupId, GroupName, GroupPath};
    use crate::i18n::Language;
    use crate::plan::{Action, Plan, Rate, Row, RowId, Unmanaged};
    use crate::render::plan::text::{MOST_NAMED, MOST_NOTED, text};
    use crate::render::plan::view::Extent;
    use crate::render::testing::{any_plan, plan};
    use crate::text::unprinted;

    fn stranger(id: usize, duplicate_of: Option<GroupId>) -> Unmanaged {
        let id = i64::try_from(id).unwrap();
        Unmanaged { path: GroupPath::parse(&format!("/{id}")).unwrap(), id: GroupId::new(id), duplicate_of }
    }

    fn row(depth: u32, decision: Action) -> Row {
        let parent = (depth > 1).then(|| RowId::new(0));
        Row { name: GroupName::parse("北京").unwrap(), parent, depth, decision }
    }

    fn drawn(plan: &Plan, extent: Extent) -> String {
        anstream::adapter::strip_str(&text(plan, Rate(Some(20.0)), extent)).to_string()
    }

    #[test]
    fn many_strangers_do_not_hide_a_duplicate_and_an_apply_counts_them() {
        let mut unmanaged: Vec<Unmanaged> = (1..=MOST_NAMED + 1).map(|id| stranger(id, None)).collect();
        unmanaged.push(stranger(4711, Some(GroupId::new(1))));
        let plan = Plan { unmanaged, ..plan() };
        let listed = drawn(&plan, Extent::Surroundings);
        assert!(listed.contains("/4711  4711  duplicate of 1\n") && listed.contains("and 1 more\n"), "{listed}");
        let counted = drawn(&plan, Extent::Changes);
        assert!(counted.contains("duplicate of 1\n") && !counted.contains("/21  21"), "{counted}");
        assert!(counted.contains("Unmanaged: 21 groups in DingTalk alone"), "{counted}");
        let all = drawn(&plan, Extent::Everything);
        assert!(all.contains("/21  21\n") && !all.contains(" more"), "{all}");
    }

    #[test]
    fn everything_names_what_is_unchanged() {
        let keep = Action::Keep { id: GroupId::new(1) };
        let plan = Plan { rows: vec![row(1, keep.clone()), row(2, keep)], ..plan() };
        assert_eq!(drawn(&plan, Extent::Surroundings), "Nothing to do: 2 groups as the manifest says.\n");
        let all = drawn(&plan, Extent::Everything);
        assert_eq!(all, "  = 北京\n  └─ = 北京\n\nNothing to do: 2 groups as the manifest says.\n");
    }

    #[test]
    fn former_names_that_match_nothing_are_noted_with_the_plan_alone() {
        let keep = Action::Keep { id: GroupId::new(1) };
        let rows = vec![row(1, keep); MOST_NOTED + 2];
        let stale_was = (0..MOST_NOTED + 2).map(RowId::new).collect();
        let plan = Plan { rows, stale_was, ..plan() };
        let noted = drawn(&plan, Extent::Surroundings);
        let note = "note: `was` of /北京 has no effect: the group has its name already\n";
        assert!(noted.ends_with(&(note.repeat(MOST_NOTED) + "note: and 2 more\n")), "{noted}");
        assert!(!drawn(&plan, Extent::Changes).contains("note:"));
        assert_eq!(drawn(&plan, Extent::Everything).matches(note).count(), MOST_NOTED + 2);
    }

    #[test]
    fn a_cost_without_changes_has_no_time_and_one_with_open_calls_is_the_least() {
        let adopt = Action::Adopt { id: GroupId::new(1), gone: None };
        let mut plan = Plan { rows: vec![row(1, adopt)], ..plan() };
        assert!(drawn(&plan, Extent::Surroundings).ends_with("Cost: at most 2 calls (2 list).\n"));
        plan.unsettled.push(GroupPath::parse("/北京").unwrap());
        assert!(drawn(&plan, Extent::Surroundings).ends_with("Cost: at least 2 calls (2 list).\n"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn nothing_from_outside_steers_a_terminal(plan in any_plan(30)) {
            for language in Language::ALL {
                let drawn = language.scope(|| drawn(&plan, Extent::Everything));
                prop_assert!(drawn.lines().all(|line| unprinted(line).next().is_none()), "{}", drawn);
            }
        }
    }
}
