//! The steps that may be called now: their intents are durable, and the next worker that is free takes the best of them.
//!
//! Workers take their calls from here and not from the dispatcher, so that a free place costs no round trip to it. A channel
//! will not do, since the tallest subtree is to go first, whenever it got here. The lock is held for one push or pop.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

use crate::apply::call::Staged;

/// Durable steps, best first.
#[derive(Debug)]
pub(crate) struct WorkQueue {
    heap: Mutex<BinaryHeap<Ranked>>,
    /// As many permits as there are steps that no worker has claimed.
    unclaimed: Semaphore,
}

#[derive(Debug)]
struct Ranked(Staged);

impl WorkQueue {
    pub(crate) fn new() -> Self {
        Self { heap: Mutex::default(), unclaimed: Semaphore::new(0) }
    }

    /// Adds a step.
    pub(crate) fn push(&self, staged: Staged) {
        self.heap().push(Ranked(staged));
        self.unclaimed.add_permits(1);
    }

    /// Takes the best step, as soon as there is one.
    pub(crate) async fn pop(&self) -> Staged {
        loop {
            if let Ok(claim) = self.unclaimed.acquire().await {
                claim.forget();
            }
            if let Some(Ranked(staged)) = self.heap().pop() {
                return staged;
            }
        }
    }

    /// Takes back all steps that no worker has claimed.
    pub(crate) fn take_back(&self) -> Vec<Staged> {
        let claims = std::iter::from_fn(|| self.unclaimed.try_acquire().ok());
        claims
            .filter_map(|claim| {
                claim.forget();
                self.heap().pop()
            })
            .map(|Ranked(staged)| staged)
            .collect()
    }

    fn heap(&self) -> MutexGuard<'_, BinaryHeap<Ranked>> {
        self.heap.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.rank.cmp(&other.0.rank)
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ranked {}
