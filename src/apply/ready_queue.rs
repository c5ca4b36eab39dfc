//! The steps that could be taken now.
//!
//! One heap for each kind of call, since DingTalk limits each API by itself. A step comes in when all that it waits for is
//! done; the tallest, then the largest, then the earliest comes out first. When a step fails, all that waited for it is
//! given back as skipped.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::plan::{Call, Order, Step, StepId};

/// How soon a step is to be made: the greatest first.
pub(crate) type Rank = (u32, u32, Reverse<StepId>);

/// What is ready, and what waits for what.
#[derive(Debug)]
pub(crate) struct ReadyQueue<'a> {
    order: &'a Order,
    creates: BinaryHeap<Rank>,
    renames: BinaryHeap<Rank>,
    deletes: BinaryHeap<Rank>,
    /// By step: how many steps it still waits for.
    awaits: Vec<u32>,
    /// By step: the first create that waits for it, and for each of those the next one that waits for the same.
    first_waiting: Vec<Option<StepId>>,
    next_waiting: Vec<Option<StepId>>,
}

impl<'a> ReadyQueue<'a> {
    /// Starts with the steps that wait for nothing.
    #[must_use]
    pub(crate) fn new(order: &'a Order) -> Self {
        let steps = order.steps().len();
        let mut queue = Self {
            order,
            creates: BinaryHeap::new(),
            renames: BinaryHeap::new(),
            deletes: BinaryHeap::new(),
            awaits: vec![0; steps],
            first_waiting: vec![None; steps],
            next_waiting: vec![None; steps],
        };
        order.iter().rev().for_each(|(id, step)| queue.link(id, step));
        let ready = order.iter().filter(|(id, _)| queue.awaits[id.index()] == 0).map(|(id, _)| id);
        ready.collect::<Vec<_>>().into_iter().for_each(|id| queue.put(id));
        queue
    }

    fn link(&mut self, id: StepId, step: &Step) {
        match (step.call, step.above) {
            (_, None) => {}
            (Call::Delete, Some(above)) => self.awaits[above.index()] += 1,
            (Call::Create | Call::Rename, Some(above)) => {
                self.awaits[id.index()] += 1;
                self.next_waiting[id.index()] = self.first_waiting[above.index()].replace(id);
            }
        }
    }

    /// Makes a step ready, for the first time or again.
    pub(crate) fn put(&mut self, id: StepId) {
        let rank = self.rank(id);
        self.heap(self.order.step(id).call).push(rank);
    }

    /// Returns how soon a step is to be made.
    #[must_use]
    pub(crate) fn rank(&self, id: StepId) -> Rank {
        let step = self.order.step(id);
        (step.height, step.size, Reverse(id))
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
            Call::Delete => !self.deletes.is_empty(),
        }
    }

    /// Makes ready what waited for nothing but this step.
    pub(crate) fn done(&mut self, id: StepId) {
        let mut next = self.first_waiting[id.index()];
        while let Some(waiting) = next {
            self.put(waiting);
            next = self.next_waiting[waiting.index()];
        }
        let step = self.order.step(id);
        if let Some(above) = step.above.filter(|_| step.call == Call::Delete) {
            self.awaits[above.index()] -= 1;
            if self.awaits[above.index()] == 0 {
                self.put(above);
            }
        }
    }

    /// Returns all that waits for a step, directly or not: it cannot be taken any more.
    #[must_use]
    pub(crate) fn waiting_for(&self, id: StepId) -> Vec<StepId> {
        match self.order.step(id).call {
            Call::Delete => self.above(id),
            Call::Create | Call::Rename => self.below(id),
        }
    }

    fn above(&self, id: StepId) -> Vec<StepId> {
        let above = |id: &StepId| self.order.step(*id).above;
        std::iter::successors(above(&id), above).collect()
    }

    fn below(&self, id: StepId) -> Vec<StepId> {
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
            Call::Delete => &mut self.deletes,
        }
    }
}
