//! The last changes of the groups, newest last, so that a list can show the groups as they were a while ago.

use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use crate::sandbox::api::group::SandboxGroup;

/// So many changes can be taken back; a list that should be staler than that is as stale as this allows.
const REMEMBERED: usize = 1 << 16;

/// What stood under an id before each change.
#[derive(Debug, Default)]
pub(crate) struct History(VecDeque<(Instant, i64, Option<SandboxGroup>)>);

impl History {
    /// Notes what an id held until now.
    pub(crate) fn note(&mut self, id: i64, before: Option<SandboxGroup>) {
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back((Instant::now(), id, before));
    }

    /// Returns what the ids that changed since then held at that time.
    pub(crate) fn since(&self, moment: Instant) -> BTreeMap<i64, Option<SandboxGroup>> {
        let changes = self.0.iter().rev().take_while(|(at, ..)| moment <= *at);
        changes.map(|(_, id, before)| (*id, before.clone())).collect()
    }
}
