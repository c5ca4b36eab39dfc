//! The steps that could be taken now.
//!
//! One heap for each kind of call, since DingTalk limits each API by itself. A step comes in when the step it waits for is
//! done; the tallest, then the largest, then the earliest comes out first. When a step fails, all that waited for it is
//! given back as skipped.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::plan::{Call, Order, StepId};

type Rank = (u32, u32, Reverse<StepId>);

/// What is ready, and what waits for what.
#[derive(Debug)]
pub(crate) struct Frontier<'a> {
    order: &'a Order,
    creates: BinaryHeap<Rank>,
    renames: BinaryHeap<Rank>,
    /// The first step that waits for a step, and for each step the next one that waits for the same.
    first_waiting: Vec<Option<StepId>>,
    next_waiting: Vec<Option<StepId>>,
}

impl<'a> Frontier<'a> {
    /// Starts with the steps that wait for nothing.
    #[must_use]
    pub(crate) fn new(order: &'a Order) -> Self {
        let steps = order.steps().len();
        let mut frontier = Self {
            order,
            creates: BinaryHeap::new(),
            renames: BinaryHeap::new(),
            first_waiting: vec![None; steps],
            next_waiting: vec![None; steps],
        };
        for (id, step) in order.iter().rev() {
            match step.after {
                None => frontier.put(id),
                Some(after) => {
                    frontier.next_waiting[id.index()] = frontier.first_waiting[after.index()].replace(id);
                }
            }
        }
        frontier
    }

    /// Makes a step ready, for the first time or again.
    pub(crate) fn put(&mut self, id: StepId) {
        let step = self.order.step(id);
        self.heap(step.call).push((step.height, step.size, Reverse(id)));
    }

    /// Takes the step to make next with this kind of call.
    pub(crate) fn take(&mut self, call: Call) -> Option<StepId> {
        self.heap(call).pop().map(|(_, _, Reverse(id))| id)
    }

    /// Takes a ready step out until it is put back: whether it happened is not known.
    pub(crate) fn hold(&mut self, id: StepId) {
        let call = self.order.step(id).call;
        self.heap(call).retain(|(_, _, Reverse(ready))| *ready != id);
    }

    /// Says whether a step of this kind is ready.
    #[must_use]
    pub(crate) fn has(&self, call: Call) -> bool {
        match call {
            Call::Create => !self.creates.is_empty(),
            Call::Rename => !self.renames.is_empty(),
        }
    }

    /// Makes ready what waited for a step.
    pub(crate) fn done(&mut self, id: StepId) {
        let mut next = self.first_waiting[id.index()];
        while let Some(waiting) = next {
            self.put(waiting);
            next = self.next_waiting[waiting.index()];
        }
    }

    /// Returns all that waits for a step, directly or not: it cannot be taken any more.
    #[must_use]
    pub(crate) fn waiting_for(&self, id: StepId) -> Vec<StepId> {
        let mut found = Vec::new();
        let mut next = vec![self.first_waiting[id.index()]];
        while let Some(chain) = next.pop() {
            let Some(waiting) = chain else { continue };
            found.push(waiting);
            next.push(self.next_waiting[waiting.index()]);
            next.push(self.first_waiting[waiting.index()]);
        }
        found
    }

    fn heap(&mut self, call: Call) -> &mut BinaryHeap<Rank> {
        match call {
            Call::Create => &mut self.creates,
            Call::Rename => &mut self.renames,
        }
    }
}
