//! The order in which a plan is carried out: its steps, and which step waits for which.
//!
//! A group can be made once its own parent has an id, not once a whole level is done. Among the steps that are ready the one
//! with the tallest subtree goes first (for steps that take equally long that is optimal), then the one with the largest
//! subtree, then manifest order.

use crate::plan::decision::Decision;
use crate::plan::table::{Plan, RowId};

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
}

/// One call to make, and how much waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The row it carries out.
    pub row: RowId,
    /// The call it makes.
    pub call: Call,
    /// The step that has to be done first.
    pub after: Option<StepId>,
    /// How many steps the longest chain has that starts here, this one included.
    pub height: u32,
    /// How many steps wait for this one, directly or not, this one included.
    pub size: u32,
}

/// The steps of a plan, in manifest order: a step stands before those that wait for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    steps: Vec<Step>,
}

impl Order {
    /// Finds the steps of a plan.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let mut by_row: Vec<Option<StepId>> = vec![None; plan.rows.len()];
        let mut steps: Vec<Step> = Vec::new();
        for (id, row) in plan.rows() {
            let Some(call) = call(&row.decision) else { continue };
            let after = row.parent.filter(|_| call == Call::Create).and_then(|parent| by_row[parent.index()]);
            let after = after.filter(|step| steps[step.index()].call == Call::Create);
            by_row[id.index()] = Some(StepId::new(steps.len()));
            steps.push(Step { row: id, call, after, height: 1, size: 1 });
        }
        measure(&mut steps);
        Self { steps }
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
}

fn call(decision: &Decision) -> Option<Call> {
    match decision {
        Decision::Create { .. } => Some(Call::Create),
        Decision::Rename { .. } => Some(Call::Rename),
        Decision::Keep { .. } | Decision::Adopt { .. } | Decision::Conflict { .. } | Decision::Blocked => None,
    }
}

/// Adds each step to the one it waits for, from the last to the first.
fn measure(steps: &mut [Step]) {
    for index in (0..steps.len()).rev() {
        let Step { after, height, size, .. } = steps[index];
        if let Some(first) = after {
            let first = &mut steps[first.index()];
            first.height = first.height.max(height + 1);
            first.size += size;
        }
    }
}
