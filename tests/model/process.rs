//! A run: the model's counterpart of the dispatcher, around the real ledger and the real sightings.

use std::collections::BTreeMap;

use roomtree::apply::reconcile::{LookupResult, LostCreate, duplicates, look_up};
use roomtree::group::{GroupId, GroupPath};
use roomtree::inventory::Inventory;
use roomtree::plan::{Action, Plan};
use roomtree::state::{Change, Record, Seq};

use crate::book::{Book, Entry, Kind};
use crate::scope::Scope;
use crate::server::{Ear, List, Server, path};

/// How far one group of the manifest has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    Done,
    /// The group above has to be done first.
    Waiting,
    Ready,
    /// The intent is in memory, or on its way to the disk.
    Noted(Seq),
    /// The intent is durable.
    Primed(Seq),
    Flying(usize),
    /// A create for it is being looked for.
    Lost,
    Failed,
    Unknown,
    Skipped,
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Stage {
    Opened,
    /// The first list lacked something recorded.
    Doubtful,
    Working,
}

/// A create whose answer was lost.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LostCall {
    pub(crate) step: Option<usize>,
    seq: Seq,
    path: String,
    parent: GroupId,
    is_looked: bool,
}

/// What dies with the process.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Process {
    pub(crate) stage: Stage,
    pub(crate) book: Book,
    pub(crate) tail: Vec<Entry>,
    pub(crate) before: List,
    pub(crate) steps: Vec<Step>,
    pub(crate) lost: Vec<LostCall>,
    pub(crate) tries: Vec<u8>,
    pub(crate) made: Vec<GroupId>,
    /// The next list waits for the settle time, since the last one was stale.
    pub(crate) is_doubting: bool,
    pub(crate) is_swept: bool,
    pub(crate) has_left_duplicates: bool,
    /// The real ledger refused what the dispatcher wanted to note.
    pub(crate) is_contradicted: bool,
}

impl Process {
    pub(crate) fn open(disk: &Book) -> Self {
        Self {
            stage: Stage::Opened,
            book: disk.clone(),
            tail: Vec::new(),
            before: List::default(),
            steps: Vec::new(),
            lost: Vec::new(),
            tries: Vec::new(),
            made: Vec::new(),
            is_doubting: false,
            is_swept: false,
            has_left_duplicates: false,
            is_contradicted: false,
        }
    }

    /// Takes over a plan that may be applied.
    pub(crate) fn begin(&mut self, plan: &Plan, before: List) {
        self.before = before;
        self.stage = Stage::Working;
        self.tries = vec![1; plan.rows.len()];
        self.steps = vec![Step::Done; plan.rows.len()];
        for (at, row) in plan.rows.iter().enumerate() {
            match row.decision {
                Action::Adopt { id, .. } => self.note(Record::Put { path: path(at), id }),
                Action::Create { .. } if at > 0 && self.steps[at - 1] != Step::Done => self.steps[at] = Step::Waiting,
                Action::Create { .. } => self.steps[at] = Step::Ready,
                _ => {}
            }
        }
        self.inherit();
    }

    fn inherit(&mut self) {
        let open: Vec<_> =
            self.book.open().map(|(seq, kind, path, parent)| (seq, kind, path.clone(), parent)).collect();
        for (seq, _, of, parent) in open.into_iter().filter(|(_, kind, ..)| *kind == Kind::Create) {
            let step = self.steps.iter().enumerate().position(|(at, step)| {
                *step == Step::Ready && path(at).name() == of.name() && self.parent(at) == Some(parent)
            });
            if let Some(at) = step {
                self.steps[at] = Step::Lost;
            }
            self.lost.push(LostCall { step, seq, path: of.into(), parent, is_looked: true });
        }
    }

    /// Returns the group that a step builds under.
    pub(crate) fn parent(&self, at: usize) -> Option<GroupId> {
        if at == 0 { Some(GroupId::ROOT) } else { self.book.0.id_of(&path(at - 1)) }
    }

    pub(crate) fn note(&mut self, record: Record) {
        if self.book.apply(&record) {
            self.tail.push(Entry(record));
        } else {
            self.is_contradicted = true;
        }
    }

    /// Notes the intent of a step that is ready.
    pub(crate) fn start(&mut self, at: usize) {
        let parent = self.parent(at).expect("a step that is ready has a parent");
        if self.book.0.id_of(&path(at)).is_some() {
            self.note(Record::Drop { path: path(at) });
        }
        let seq = self.book.0.next_seq();
        self.note(Record::Intent { seq, change: Change::Create { path: path(at), parent } });
        self.steps[at] = Step::Noted(seq);
    }

    pub(crate) fn on_synced(&mut self) {
        for step in &mut self.steps {
            if let Step::Noted(seq) = *step {
                *step = Step::Primed(seq);
            }
        }
    }

    pub(crate) fn on_done(&mut self, at: usize, seq: Seq, id: GroupId) {
        if !self.book.apply(&Record::Done { seq, id }) {
            self.settle_step(at, Step::Unknown);
            return;
        }
        self.tail.push(Entry(Record::Done { seq, id }));
        self.made.push(id);
        self.steps[at] = Step::Done;
        if self.steps.get(at + 1) == Some(&Step::Waiting) {
            self.steps[at + 1] = Step::Ready;
        }
    }

    pub(crate) fn on_refused(&mut self, at: usize, seq: Seq) {
        self.note(Record::Void { seq });
        self.settle_step(at, Step::Failed);
    }

    pub(crate) fn on_lost(&mut self, at: usize, seq: Seq) {
        let parent = self.parent(at).expect("a step in flight has a parent");
        self.steps[at] = Step::Lost;
        self.lost.push(LostCall { step: Some(at), seq, path: path(at).into(), parent, is_looked: false });
    }

    fn settle_step(&mut self, at: usize, step: Step) {
        self.steps[at] = step;
        for below in &mut self.steps[at + 1..] {
            if *below == Step::Waiting {
                *below = Step::Skipped;
            }
        }
    }

    pub(crate) fn is_idle(&self) -> bool {
        let is_busy = |step: &Step| matches!(step, Step::Ready | Step::Noted(_) | Step::Primed(_) | Step::Flying(_));
        self.stage == Stage::Working && self.tail.is_empty() && !self.steps.iter().any(is_busy)
    }

    pub(crate) fn wants_look(&self) -> bool {
        !self.lost.is_empty() || !self.is_swept && self.strays().next().is_some()
    }

    fn strays(&self) -> impl Iterator<Item = (Seq, &GroupPath, GroupId)> {
        let strays = self.book.open().filter(|(_, kind, ..)| *kind == Kind::Stray);
        strays
            .map(|(seq, _, path, parent)| (seq, path, parent))
            .filter(|(_, path, parent)| !self.is_unmade(path, *parent))
    }

    fn is_unmade(&self, of: &GroupPath, parent: GroupId) -> bool {
        self.steps.iter().enumerate().any(|(at, step)| {
            let is_open = matches!(step, Step::Failed | Step::Unknown);
            is_open && path(at).name() == of.name() && self.parent(at) == Some(parent)
        })
    }

    /// Says whether the next list is asked for only after the settle time.
    pub(crate) fn waits(&self) -> bool {
        self.is_doubting || self.lost.iter().all(|call| call.is_looked)
    }

    /// Settles what a list shows of the creates that are lost. `waited`: whether the settle time has passed.
    pub(crate) fn settle(&mut self, now: &Inventory, waited: bool, server: &mut Server, scope: &Scope) {
        let before = server.live(self.before);
        for call in std::mem::take(&mut self.lost) {
            self.settle_one(call, &before, now, waited, server, scope);
        }
    }

    fn settle_one(
        &mut self,
        call: LostCall,
        before: &Inventory,
        now: &Inventory,
        waited: bool,
        server: &mut Server,
        scope: &Scope,
    ) {
        let path = GroupPath::parse(&call.path).expect("it was one");
        if self.book.0.id_of(&path).is_some_and(|id| now.get(id).is_some()) {
            self.note(Record::Lost { seq: call.seq });
            return;
        }
        let lost = LostCreate { path: &path, parent: call.parent, calls: self.book.0.creates_out(&path, call.parent) };
        match (look_up(lost, &self.book.0, Some(before), now), call.step) {
            (LookupResult::Found(id), Some(at)) => {
                server.hear(call.seq.get(), Ear::Heard);
                self.on_done(at, call.seq, id);
            }
            (LookupResult::Found(id), None) => {
                server.hear(call.seq.get(), Ear::Heard);
                self.note(Record::Done { seq: call.seq, id });
            }
            (LookupResult::Ambiguous(_), step) => {
                self.has_left_duplicates = true;
                step.into_iter().for_each(|at| self.settle_step(at, Step::Unknown));
            }
            (LookupResult::Absent, _) if !waited => self.lost.push(LostCall { is_looked: true, ..call }),
            (LookupResult::Absent, None) => self.note(Record::Void { seq: call.seq }),
            (LookupResult::Absent, Some(at)) => {
                server.hear(call.seq.get(), Ear::Missed);
                self.repeat(at, call.seq, scope);
            }
        }
    }

    fn repeat(&mut self, at: usize, seq: Seq, scope: &Scope) {
        self.tries[at] += 1;
        if self.tries[at] > scope.tries {
            self.settle_step(at, Step::Unknown);
            return;
        }
        self.note(Record::Lost { seq });
        self.steps[at] = Step::Ready;
    }

    /// Returns what the last look removes, and closes the strays.
    pub(crate) fn sweep(&mut self, now: &Inventory, before: &Inventory) -> Vec<GroupId> {
        self.is_swept = true;
        let strays: Vec<_> = self.strays().map(|(seq, path, parent)| (seq, path.clone(), parent)).collect();
        let places: BTreeMap<_, _> = strays.iter().map(|(_, path, parent)| ((*parent, path.name()), path)).collect();
        let mut removed = Vec::new();
        for ((parent, _), path) in places {
            let found = duplicates(path, parent, &self.book.0, before, now).unwrap_or_default();
            self.has_left_duplicates |= !found.left.is_empty();
            removed.extend(found.ours);
        }
        for (seq, ..) in strays {
            self.note(Record::Void { seq });
        }
        removed
    }
}
