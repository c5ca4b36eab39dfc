//! Counts how a run resolved the calls that an interrupted run left open.
//!
//! A create that was sent again before the interruption (a stray) is not counted: its group is recorded.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::state::{Change, Ledger, Record, Seq};

/// How the open calls of an interrupted run were resolved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resumed {
    open: HashMap<Seq, bool>,
    counts: ResumedCounts,
}

/// How many open calls of an interrupted run were resolved in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ResumedCounts {
    /// Calls with an unknown outcome that the interrupted run left.
    pub unknown: usize,
    /// Calls that had taken effect.
    pub found: usize,
    /// Creates that had no effect.
    pub not_created: usize,
    /// Renames and deletions that had no effect.
    pub not_done: usize,
    /// Calls whose outcome is still unknown.
    pub unresolved: usize,
}

impl Resumed {
    /// Starts from the calls that are open in a ledger.
    #[must_use]
    pub fn of(ledger: &Ledger) -> Self {
        let open = ledger.open().filter_map(|(seq, change)| match change {
            Change::Create { .. } => Some((seq, true)),
            Change::Rename { .. } | Change::Delete { .. } => Some((seq, false)),
            Change::Stray { .. } => None,
        });
        let open: HashMap<Seq, bool> = open.collect();
        let counts = ResumedCounts { unknown: open.len(), unresolved: open.len(), ..ResumedCounts::default() };
        Self { open, counts }
    }

    /// Takes note of a record that may resolve a call.
    pub fn note(&mut self, record: &Record) {
        let (seq, is_found) = match record {
            Record::Done { seq, .. } => (seq, true),
            Record::Void { seq } | Record::Lost { seq } => (seq, false),
            Record::Intent { .. }
            | Record::Put { .. }
            | Record::Drop { .. }
            | Record::Move { .. }
            | Record::Protect { .. } => return,
        };
        let counter = match (self.open.remove(seq), is_found) {
            (None, _) => return,
            (Some(_), true) => &mut self.counts.found,
            (Some(true), false) => &mut self.counts.not_created,
            (Some(false), false) => &mut self.counts.not_done,
        };
        *counter += 1;
        self.counts.unresolved -= 1;
    }

    /// Returns the counts; `None` if the run before was not interrupted during a call.
    #[must_use]
    pub fn counts(&self) -> Option<ResumedCounts> {
        (self.counts.unknown > 0).then_some(self.counts)
    }
}

#[cfg(test)]
mod tests {
    use crate::apply::resumed::{Resumed, ResumedCounts};
    use crate::group::{GroupId, GroupPath};
    use crate::state::{Change, Identity, Ledger, Record, Seq, Snapshot};

    #[test]
    fn each_open_call_is_counted_once_by_its_outcome() {
        let identity = Identity { endpoint: "https://a".to_owned(), organization: None, root: GroupId::ROOT };
        let mut ledger = Ledger::new(Snapshot::new(&identity)).unwrap();
        let (path, id) = (|text| GroupPath::parse(text).unwrap(), GroupId::new(9));
        ledger.apply(&Record::Put { path: path("/r"), id }).unwrap();
        let create = |text| Change::Create { path: path(text), parent: GroupId::ROOT };
        let rename = Change::Rename { id, from: path("/r"), to: path("/s") };
        let changes = [create("/a"), create("/b"), create("/c"), rename, create("/old")];
        for (change, seq) in changes.into_iter().zip((1..).map(Seq::new)) {
            ledger.apply(&Record::Intent { seq, change }).unwrap();
        }
        ledger.apply(&Record::Lost { seq: Seq::new(5) }).unwrap();
        assert_eq!(Resumed::default().counts(), None);
        let mut resumed = Resumed::of(&ledger);
        let done = |seq| Record::Done { seq: Seq::new(seq), id };
        [done(1), done(1), Record::Lost { seq: Seq::new(2) }, Record::Void { seq: Seq::new(4) }, done(5), done(6)]
            .iter()
            .for_each(|record| resumed.note(record));
        let expected = ResumedCounts { unknown: 4, found: 1, not_created: 1, not_done: 1, unresolved: 1 };
        assert_eq!(resumed.counts(), Some(expected));
    }
}
