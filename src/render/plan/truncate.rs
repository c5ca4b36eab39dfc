//! What of a plan's tree is drawn where there is no room for all of it, and what is left out for that.
//!
//! Conflicts come first, with the groups above them; then what changes, from the top down, so that a picture of a large tree
//! is whole at its top. Each gap is told where it is.

use std::collections::HashMap;

use crate::plan::{Action, RowId, Tally};
use crate::render::plan::outline::Outline;
use crate::render::plan::view::Extent;

/// The rows of a plan in the order in which they matter, those above others before them.
#[derive(Debug)]
pub(crate) struct Ranking(Vec<RowId>);

impl Ranking {
    /// Ranks what changes and what leads to it; with [`Extent::Everything`] the rest behind it.
    pub(crate) fn of(outline: &Outline<'_>, extent: Extent) -> Self {
        let in_conflict = towards(outline, |decision| matches!(decision, Action::Conflict { .. }));
        let mut ranked: Vec<(Rank, u32, RowId)> = outline
            .plan
            .rows()
            .map(|(id, row)| (rank(outline, in_conflict[id.index()], id), row.depth, id))
            .filter(|(rank, ..)| *rank != Rank::Unchanged || extent == Extent::Everything)
            .collect();
        ranked.sort_unstable();
        Self(ranked.into_iter().map(|(.., id)| id).collect())
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Conflict,
    Change,
    Unchanged,
}

fn rank(outline: &Outline<'_>, in_conflict: bool, row: RowId) -> Rank {
    match (in_conflict, outline.changes(row)) {
        (true, _) => Rank::Conflict,
        (false, true) => Rank::Change,
        (false, false) => Rank::Unchanged,
    }
}

/// Marks the rows that are decided in such a way, and those above them.
fn towards(outline: &Outline<'_>, is_meant: fn(&Action) -> bool) -> Vec<bool> {
    let rows = &outline.plan.rows;
    let mut marked: Vec<bool> = rows.iter().map(|row| is_meant(&row.decision)).collect();
    for index in (0..rows.len()).rev() {
        if let (true, Some(parent)) = (marked[index], rows[index].parent) {
            marked[parent.index()] = true;
        }
    }
    marked
}

/// Writes with as many groups as fit: from 0 to `most` of them. `None` if not even none fit.
pub(crate) fn fitting(most: usize, write: impl Fn(usize) -> String, fits: impl Fn(&str) -> bool) -> Option<String> {
    let mut fitting = None;
    let (mut least, mut most, mut groups) = (0, most, most);
    loop {
        let text = write(groups);
        match fits(&text) {
            true => (fitting, least) = (Some(text), groups + 1),
            false if groups == 0 => return None,
            false => most = groups - 1,
        }
        if least > most {
            return fitting;
        }
        groups = least + (most - least) / 2;
    }
}

/// A part of a plan's tree.
#[derive(Debug)]
pub(crate) struct Truncated<'a> {
    pub(crate) outline: &'a Outline<'a>,
    drawn: Vec<bool>,
    /// What is left out, by the nearest group above it that is drawn.
    rest: HashMap<Option<RowId>, Tally>,
}

/// A line of a tree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) what: What,
    /// How deep it stands, from 0.
    pub(crate) depth: usize,
    /// Whether nothing follows under the same group.
    pub(crate) is_last: bool,
}

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum What {
    Group(RowId),
    /// What is left out at this place.
    Rest(Tally),
}

impl<'a> Truncated<'a> {
    /// Takes the first rows of a ranking.
    pub(crate) fn of(outline: &'a Outline<'a>, ranking: &Ranking, most: usize) -> Self {
        let mut drawn = vec![false; outline.plan.rows.len()];
        ranking.0.iter().take(most).for_each(|row| drawn[row.index()] = true);
        let rest = rest(outline, &drawn);
        Self { outline, drawn, rest }
    }

    /// Counts what changes and is left out.
    pub(crate) fn left_out(&self) -> Tally {
        let changes = self.rest.values().fold(Tally::default(), |all, tally| sum(all, *tally));
        Tally { keep: 0, ..changes }
    }

    /// Returns the tree line by line, from the top down.
    pub(crate) fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let last = self.last();
        let mut above: Vec<RowId> = Vec::new();
        for (id, row) in self.outline.plan.rows().filter(|(id, _)| self.drawn[id.index()]) {
            while above.last().is_some_and(|open| Some(*open) != row.parent) {
                self.close(&mut lines, &mut above);
            }
            let is_last = last.get(&row.parent) == Some(&id) && !self.rest.contains_key(&row.parent);
            lines.push(Line { what: What::Group(id), depth: above.len(), is_last });
            above.push(id);
        }
        while !above.is_empty() {
            self.close(&mut lines, &mut above);
        }
        lines.extend(self.rest_of(None, 0));
        lines
    }

    fn close(&self, lines: &mut Vec<Line>, above: &mut Vec<RowId>) {
        let depth = above.len();
        lines.extend(self.rest_of(above.pop(), depth));
    }

    fn rest_of(&self, above: Option<RowId>, depth: usize) -> Option<Line> {
        self.rest.get(&above).map(|tally| Line { what: What::Rest(*tally), depth, is_last: true })
    }

    /// Returns the last drawn row under each.
    fn last(&self) -> HashMap<Option<RowId>, RowId> {
        let rows = self.outline.plan.rows().filter(|(id, _)| self.drawn[id.index()]);
        rows.map(|(id, row)| (row.parent, id)).collect()
    }
}

/// Counts what is not drawn for the nearest drawn row above it.
fn rest(outline: &Outline<'_>, drawn: &[bool]) -> HashMap<Option<RowId>, Tally> {
    let mut rest: HashMap<Option<RowId>, Tally> = HashMap::new();
    let mut holder: Vec<Option<RowId>> = Vec::with_capacity(drawn.len());
    for (id, row) in outline.plan.rows() {
        let above = row.parent.and_then(|parent| holder[parent.index()]);
        if !drawn[id.index()] {
            rest.entry(above).or_default().count(&row.decision);
        }
        holder.push(if drawn[id.index()] { Some(id) } else { above });
    }
    rest
}

fn sum(a: Tally, b: Tally) -> Tally {
    Tally {
        create: a.create + b.create,
        adopt: a.adopt + b.adopt,
        rename: a.rename + b.rename,
        keep: a.keep + b.keep,
        delete: a.delete + b.delete,
        conflict: a.conflict + b.conflict,
        blocked: a.blocked + b.blocked,
        retained: a.retained + b.retained,
        unmanaged: a.unmanaged + b.unmanaged,
        protect: a.protect + b.protect,
        unprotect: a.unprotect + b.unprotect,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::plan::Plan;
    use crate::render::plan::action::{ActionKind, totals};
    use crate::render::plan::outline::Outline;
    use crate::render::plan::truncate::{Ranking, Truncated, What, fitting, sum};
    use crate::render::plan::view::Extent;
    use crate::render::testing;

    fn drawn(plan: &Plan, extent: Extent, most: usize) -> Vec<String> {
        let outline = Outline::of(plan);
        let excerpt = Truncated::of(&outline, &Ranking::of(&outline, extent), most);
        let said = |what| match what {
            What::Group(row) => {
                format!("{} {}", ActionKind::of(&plan.row(row).decision).sign(), plan.row(row).name.as_str())
            }
            What::Rest(tally) => format!("… {}", totals(&tally)),
        };
        excerpt.lines().iter().map(|line| format!("{}{}", "  ".repeat(line.depth), said(line.what))).collect()
    }

    const LINES: [&str; 8] = ["= A", "+ A/1", "= A/2", "+ B", "+ B/1", "= C", "= C/1", "! C/2"];

    #[test]
    fn what_is_unchanged_is_counted_where_it_stands() {
        let plan = testing::of(&LINES);
        let all = ["= A", "  + 1", "  … 1 unchanged", "+ B", "  + 1", "= C", "  ! 2", "  … 1 unchanged"];
        assert_eq!(drawn(&plan, Extent::Surroundings, 100), all);
        let all = ["= A", "  + 1", "  = 2", "+ B", "  + 1", "= C", "  = 1", "  ! 2"];
        assert_eq!(drawn(&plan, Extent::Everything, 100), all);
    }

    #[test]
    fn conflicts_come_first_and_then_the_top_of_the_tree() {
        let plan = testing::of(&LINES);
        let some = ["= C", "  ! 2", "  … 1 unchanged", "… 3 to create, 2 unchanged"];
        assert_eq!(drawn(&plan, Extent::Surroundings, 2), some);
        let some = ["= A", "  … 1 to create, 1 unchanged", "+ B", "  … 1 to create", "= C", "  ! 2", "  … 1 unchanged"];
        assert_eq!(drawn(&plan, Extent::Surroundings, 4), some);
        assert_eq!(drawn(&plan, Extent::Surroundings, 0), ["… 3 to create, 1 in conflict, 4 unchanged"]);
    }

    #[test]
    fn as_much_is_written_as_fits() {
        let fitted = |longest| fitting(100, |groups| "x".repeat(groups), |text| text.len() <= longest);
        assert_eq!(fitted(1000).map(|text| text.len()), Some(100));
        assert_eq!(fitted(37).map(|text| text.len()), Some(37));
        assert_eq!(fitted(0).map(|text| text.len()), Some(0));
        assert_eq!(fitting(9, |_| "x".to_owned(), str::is_empty), None);
    }

    proptest! {
        #[test]
        fn each_group_is_drawn_or_counted_as_left_out(plan in testing::any_plan(40), most in 0..50_usize) {
            let outline = Outline::of(&plan);
            let excerpt = Truncated::of(&outline, &Ranking::of(&outline, Extent::Everything), most);
            let mut all = crate::plan::Tally::default();
            for line in excerpt.lines() {
                match line.what {
                    What::Group(row) => all.count(&plan.row(row).decision),
                    What::Rest(tally) => all = sum(all, tally),
                }
            }
            let tally = plan.tally();
            prop_assert_eq!((all.create, all.keep, all.conflict), (tally.create, tally.keep, tally.conflict));
        }

        #[test]
        fn depths_are_those_of_the_tree_and_one_is_last(plan in testing::any_plan(40), most in 0..50_usize) {
            let outline = Outline::of(&plan);
            let lines = Truncated::of(&outline, &Ranking::of(&outline, Extent::Everything), most).lines();
            for (index, line) in lines.iter().enumerate() {
                if let What::Group(row) = line.what {
                    prop_assert_eq!(line.depth + 1, plan.row(row).depth as usize);
                }
                let next = lines[index + 1..].iter().find(|next| next.depth <= line.depth);
                prop_assert_eq!(line.is_last, next.is_none_or(|next| next.depth < line.depth));
            }
        }
    }
}
