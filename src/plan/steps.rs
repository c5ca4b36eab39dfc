//! The order in which a plan is carried out: its steps, and which step waits for which.
//!
//! A group can be made once its own parent has an id, not once a whole level is done; a group can be deleted once those in it
//! are. Among the steps that are ready the one with the tallest chain behind it goes first (for steps that take equally long
//! that is optimal), then the one with the most behind it, then the earliest. Deletions come last, and only when all else is
//! done: see the dispatcher.

use crate::group::GroupPath;
use crate::plan::action::Action;
use crate::plan::model::{Plan, Subject};

/// A step's place in [`Order::steps`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(u32);

impl StepId {
    fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("a plan has fewer than 2^32 rows"))
    }

    /// Returns the index in [`Order::steps`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The call that a step makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// Make a group.
    Create,
    /// Give a group its name.
    Rename,
    /// Remove a group.
    Delete,
}

/// One call to make, and how much waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is about.
    pub subject: Subject,
    /// The call it makes.
    pub call: Call,
    /// The step for the group above it, if that has one: a create waits for it, a deletion holds it up.
    pub above: Option<StepId>,
    /// How many steps the longest chain has that starts here, this one included.
    pub height: u32,
    /// How many steps wait for this one, directly or not, this one included.
    pub size: u32,
}

impl Step {
    /// Returns the step that has to be done before this one.
    #[must_use]
    pub fn after(&self) -> Option<StepId> {
        self.above.filter(|_| self.call != Call::Delete)
    }
}

/// The steps of a plan; one that waits for another stands behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    steps: Vec<Step>,
}

impl Order {
    /// Finds the steps of a plan.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let mut order = Self::default();
        order.add_rows(plan);
        order.measure_creates();
        order.add_deletions(plan);
        order
    }

    /// Returns all steps.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Returns one step.
    #[must_use]
    pub fn step(&self, id: StepId) -> &Step {
        &self.steps[id.index()]
    }

    /// Returns the steps with their ids.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (StepId, &Step)> + ExactSizeIterator {
        self.steps.iter().enumerate().map(|(index, step)| (StepId::new(index), step))
    }

    fn add_rows(&mut self, plan: &Plan) {
        let mut by_row: Vec<Option<StepId>> = vec![None; plan.rows.len()];
        for (id, row) in plan.rows() {
            let Some(call) = call(&row.decision) else { continue };
            let above = row.parent.filter(|_| call == Call::Create).and_then(|parent| by_row[parent.index()]);
            let above = above.filter(|step| self.step(*step).call == Call::Create);
            by_row[id.index()] = Some(StepId::new(self.steps.len()));
            self.steps.push(Step { subject: Subject::Row(id), call, above, height: 1, size: 1 });
        }
    }

    /// Adds each step to the one it waits for, from the last to the first.
    fn measure_creates(&mut self) {
        for index in (0..self.steps.len()).rev() {
            let Step { above, height, size, .. } = self.steps[index];
            if let Some(above) = above {
                let above = &mut self.steps[above.index()];
                above.height = above.height.max(height + 1);
                above.size += size;
            }
        }
    }

    /// A deletion is measured by what is above it, all of which waits for it.
    fn add_deletions(&mut self, plan: &Plan) {
        let calls = plan.deletions.iter().enumerate().filter(|(_, deletion)| !deletion.gone);
        let first = self.steps.len();
        let subjects: Vec<usize> = calls.map(|(index, _)| index).collect();
        let by_path = |path: &GroupPath| subjects.binary_search_by(|index| path.cmp(&plan.deletions[*index].path)).ok();
        for (at, index) in subjects.iter().enumerate() {
            let above =
                plan.deletions[*index].path.parent().and_then(|parent| by_path(&parent)).filter(|above| *above > at);
            let above = above.map(|above| StepId::new(first + above));
            let subject = Subject::Deletion(*index);
            self.steps.push(Step { subject, call: Call::Delete, above, height: 1, size: 1 });
        }
        self.measure_deletions(first);
    }

    fn measure_deletions(&mut self, first: usize) {
        for index in (first..self.steps.len()).rev() {
            if let Some(above) = self.steps[index].above {
                let (height, size) = (self.step(above).height + 1, self.step(above).size + 1);
                self.steps[index].height = height;
                self.steps[index].size = size;
            }
        }
    }
}

fn call(decision: &Action) -> Option<Call> {
    match decision {
        Action::Create { .. } => Some(Call::Create),
        Action::Rename { .. } => Some(Call::Rename),
        Action::Keep { .. } | Action::Adopt { .. } | Action::Conflict { .. } | Action::Blocked => None,
    }
}
