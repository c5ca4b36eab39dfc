//! The real ledger and the real records, made comparable and hashable, so that a state of the model can hold them.

use std::hash::{Hash, Hasher};

use roomtree::group::{GroupId, GroupPath};
use roomtree::state::{Change, Identity, Ledger, Record, Seq, Snapshot};

/// A ledger; two are alike when they record the same groups, have the same intents open and go on with the same number.
#[derive(Clone, Debug)]
pub(crate) struct Book(pub(crate) Ledger);

/// A record of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry(pub(crate) Record);

/// What stands open in a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Create,
    Stray,
}

impl Book {
    pub(crate) fn empty() -> Self {
        let identity = Identity { endpoint: "https://a".to_owned(), organization: None, root: GroupId::ROOT };
        Self(Ledger::new(Snapshot::new(&identity)).expect("nothing recorded contradicts nothing"))
    }

    /// Takes one step; says whether the ledger took it.
    pub(crate) fn apply(&mut self, record: &Record) -> bool {
        self.0.apply(record).is_ok()
    }

    /// Returns the creates and strays that stand open, in order.
    pub(crate) fn open(&self) -> impl Iterator<Item = (Seq, Kind, &GroupPath, GroupId)> {
        self.0.open().filter_map(|(seq, change)| match change {
            Change::Create { path, parent } => Some((seq, Kind::Create, path, *parent)),
            Change::Stray { path, parent } => Some((seq, Kind::Stray, path, *parent)),
            Change::Rename { .. } | Change::Delete { .. } => None,
        })
    }

    fn next(&self) -> Seq {
        self.0.clone().next_seq()
    }
}

impl PartialEq for Book {
    fn eq(&self, other: &Self) -> bool {
        self.0.snapshot().groups == other.0.snapshot().groups
            && self.0.open().eq(other.0.open())
            && self.next() == other.next()
    }
}

impl Eq for Book {}

impl Hash for Book {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for (path, id) in &self.0.snapshot().groups {
            (path.as_str(), id.get()).hash(state);
        }
        for (seq, kind, path, parent) in self.open() {
            (seq.get(), kind == Kind::Stray, path.as_str(), parent.get()).hash(state);
        }
        self.next().hash(state);
    }
}

impl Hash for Entry {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(&self.0).hash(state);
        match &self.0 {
            Record::Intent { seq, .. } | Record::Lost { seq } | Record::Void { seq } => seq.hash(state),
            Record::Done { seq, id } => (seq, id.get()).hash(state),
            Record::Put { path, id } => (path.as_str(), id.get()).hash(state),
            Record::Drop { path } => path.as_str().hash(state),
            Record::Protect { protected, released } => format!("{protected:?}{released:?}").hash(state),
            Record::Move { moves, honoured } => format!("{moves:?}{honoured:?}").hash(state),
        }
    }
}
