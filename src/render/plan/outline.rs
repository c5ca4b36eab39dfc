//! The shape of a plan's tree: who stands below whom, how much, and where something changes.
//!
//! A plan names parents alone; whoever draws it needs the children too, and wants to know what can be folded.

use crate::plan::{Action, Plan, RowId, Tally};

/// The tree of a plan, from the top down.
#[derive(Debug)]
pub(crate) struct Outline<'a> {
    pub(crate) plan: &'a Plan,
    first_child: Vec<Option<RowId>>,
    next_sibling: Vec<Option<RowId>>,
    below: Vec<usize>,
    changes: Vec<bool>,
}

impl<'a> Outline<'a> {
    pub(crate) fn of(plan: &'a Plan) -> Self {
        let rows = plan.rows.len();
        let mut outline = Self {
            plan,
            first_child: vec![None; rows],
            next_sibling: vec![None; rows],
            below: vec![0; rows],
            changes: plan.rows.iter().map(|row| !matches!(row.decision, Action::Keep { .. })).collect(),
        };
        outline.link();
        outline
    }

    /// Goes from the last row to the first, so that children are complete before their parents.
    fn link(&mut self) {
        let mut next_at_top = None;
        for index in (0..self.plan.rows.len()).rev() {
            let row = RowId::new(index);
            self.next_sibling[index] = match self.plan.row(row).parent.map(RowId::index) {
                None => next_at_top.replace(row),
                Some(parent) => {
                    self.below[parent] += self.below[index] + 1;
                    self.changes[parent] |= self.changes[index];
                    self.first_child[parent].replace(row)
                }
            };
        }
    }

    /// Says whether no sibling follows.
    pub(crate) fn is_last(&self, row: RowId) -> bool {
        self.next_sibling[row.index()].is_none()
    }

    /// Returns how many rows stand below one.
    pub(crate) fn below(&self, row: RowId) -> usize {
        self.below[row.index()]
    }

    /// Counts the decisions on a row and on what stands below it.
    pub(crate) fn tally(&self, row: RowId) -> Tally {
        let rows = &self.plan.rows[row.index()..=row.index() + self.below(row)];
        let mut tally = Tally::default();
        rows.iter().for_each(|row| tally.count(&row.decision));
        tally
    }

    /// Says whether a row changes, or one below it.
    pub(crate) fn changes(&self, row: RowId) -> bool {
        self.changes[row.index()]
    }
}
