//! The whole: a server, a disk, at most one run at a time, and everything that may happen next.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::RangeInclusive;
use std::sync::Mutex;

use roomtree::apply::reconcile::recover;
use roomtree::group::GroupId;
use roomtree::inventory::Inventory;
use roomtree::manifest::{Input, Manifest, load};
use roomtree::plan;
use roomtree::plan::{Plan, PlanInput, compare, guard};
use roomtree::state::{Record, Seq};
use stateright::{Model, Property};

use crate::book::{Book, Entry, Kind};
use crate::claims;
use crate::process::{Process, Stage, Step};
use crate::scope::Scope;
use crate::server;
use crate::server::{Call, Ear, Fate, Maker, Server, path};

/// The protocol within bounds.
pub(crate) struct Protocol {
    pub(crate) scope: Scope,
    manifest: Manifest,
    /// Who had made the duplicates that a last look removed, by all that the run could know of them: us, a stranger.
    pub(crate) removals: Mutex<HashMap<u64, [bool; 2]>>,
    /// The one claim to check, in place of all.
    pub(crate) only: Option<&'static str>,
}

/// How the last run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Ending {
    /// Exit 0.
    Complete,
    /// Exit 3.
    Partial,
    /// Exit 4.
    Refused,
    Died,
}

/// One state of the model.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub(crate) server: Server,
    /// What a replay of the synced journal gives.
    pub(crate) disk: Book,
    pub(crate) process: Option<Box<Process>>,
    pub(crate) last: Option<Ending>,
    pub(crate) spent: Spent,
    pub(crate) seen: Seen,
}

/// What of the bounds is used up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Spent {
    pub(crate) runs: u8,
    pub(crate) crashes: u8,
    pub(crate) strangers: u8,
    pub(crate) stale: u8,
    refusals: u8,
    throttles: u8,
}

/// What only an observer outside can see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Seen {
    /// A call went out without its intent on the disk.
    pub(crate) undurable_call: bool,
    /// A call was repeated before the earlier one was looked for.
    pub(crate) blind_repeat: bool,
    /// The real ledger refused a record of the protocol, in memory or on replay.
    pub(crate) contradiction: bool,
    /// A create landed after the last look for it.
    pub(crate) late: bool,
    /// The run found duplicates already there when it began.
    pub(crate) old_duplicate: bool,
    pub(crate) removed_ours: bool,
    pub(crate) removed_a_strangers: bool,
}

/// What may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Begin,
    /// The first list of a run, which shows the groups up to a number.
    List(usize),
    Start(usize),
    Sync,
    Send(usize),
    Commit(usize),
    Forget(usize),
    Answer(usize),
    Refuse(usize),
    Throttle(usize),
    LoseAnswer(usize),
    /// A list that settles what is lost, or the last look.
    Look(usize),
    Finish,
    /// The process dies; so many of the records not yet synced are on the disk all the same.
    Crash(usize),
    /// A stranger makes a group of a name of ours.
    Intrude(usize),
    /// A stranger puts something into a group.
    Furnish(usize),
}

impl Protocol {
    pub(crate) fn new(scope: Scope) -> Self {
        let groups = if scope.groups == 1 { "[a]" } else { "[{name: a, children: [b]}]" };
        let text = format!("version: 1\ngroups: {groups}\n");
        let manifest = load(&[Input::Stdin], &mut text.as_bytes()).manifest().expect("a sound manifest").clone();
        Self { scope, manifest, removals: Mutex::default(), only: None }
    }

    /// Looks for one claim alone, so that the first trace found is the shortest.
    pub(crate) fn about(scope: Scope, claim: &'static str) -> Self {
        Self { only: Some(claim), ..Self::new(scope) }
    }

    /// What a run would plan now.
    pub(crate) fn plan(&self, book: &Book, live: &Inventory) -> Plan {
        compare(PlanInput {
            manifest: &self.manifest,
            ledger: &book.0,
            live: Some(live),
            has_state: true,
            scope: plan::Scope::default(),
        })
    }

    /// Returns how much a list may show: all, or as long as it may be stale any less, but never less than what is seasoned.
    fn lists(&self, world: &World) -> RangeInclusive<usize> {
        let all = world.server.groups.len();
        if world.spent.stale < self.scope.stale { world.server.seasoned..=all } else { all..=all }
    }

    fn lists_after_waiting(&self, world: &World) -> RangeInclusive<usize> {
        let all = world.server.groups.len();
        if self.scope.lags { self.lists(world) } else { all..=all }
    }

    /// Says whether the settle time may pass: not while something has yet to land, if commits are timely.
    fn may_wait(&self, world: &World) -> bool {
        !(self.scope.timely && world.server.has_late())
    }

    fn run_actions(&self, world: &World, process: &Process, actions: &mut Vec<Action>) {
        match process.stage {
            Stage::Opened => actions.extend(self.lists(world).map(Action::List)),
            Stage::Doubtful if self.may_wait(world) => {
                actions.extend(self.lists_after_waiting(world).map(Action::List));
            }
            Stage::Doubtful => {}
            Stage::Working => self.work(world, process, actions),
        }
    }

    fn work(&self, world: &World, process: &Process, actions: &mut Vec<Action>) {
        for (at, step) in process.steps.iter().enumerate() {
            match step {
                Step::Ready if self.may_create(world, at) => actions.push(Action::Start(at)),
                Step::Primed(_) => actions.push(Action::Send(at)),
                _ => {}
            }
        }
        if !process.tail.is_empty() {
            actions.push(Action::Sync);
        }
        if process.is_idle() && process.wants_look() {
            self.looks(world, process, actions);
        } else if process.is_idle() {
            actions.push(Action::Finish);
        }
    }

    fn looks(&self, world: &World, process: &Process, actions: &mut Vec<Action>) {
        if !process.waits() {
            actions.extend(self.lists(world).map(Action::Look));
        } else if self.may_wait(world) {
            actions.extend(self.lists_after_waiting(world).map(Action::Look));
        }
    }

    pub(crate) fn may_create(&self, world: &World, at: usize) -> bool {
        world.server.calls.iter().filter(|call| call.name == at).count() < self.scope.creates
    }

    fn server_actions(&self, world: &World, actions: &mut Vec<Action>) {
        for (at, call) in world.server.calls.iter().enumerate() {
            let waits = call.ear == Ear::Waiting;
            match call.fate {
                Fate::Pending => actions.push(Action::Commit(at)),
                Fate::Landed(_) if waits => actions.push(Action::Answer(at)),
                _ => {}
            }
            if call.fate == Fate::Pending && !waits {
                actions.push(Action::Forget(at));
            }
            if call.fate == Fate::Pending && waits && world.spent.refusals < self.scope.refusals {
                actions.push(Action::Refuse(at));
            }
            if call.fate == Fate::Pending && waits && world.spent.throttles < self.scope.refusals {
                actions.push(Action::Throttle(at));
            }
            if waits {
                actions.push(Action::LoseAnswer(at));
            }
        }
    }

    fn stranger_actions(&self, world: &World, actions: &mut Vec<Action>) {
        if world.spent.strangers == self.scope.strangers {
            return;
        }
        let parents = world.server.standing().filter(|(_, made)| made.name + 1 < self.scope.groups);
        actions.push(Action::Intrude(0));
        actions.extend(parents.map(|(id, _)| Action::Intrude(at(id) + 1)));
        actions.extend(world.server.standing().map(|(id, _)| Action::Furnish(at(id))));
    }

    fn list(&self, world: &mut World, upto: usize) -> Option<()> {
        let process = world.process.as_mut()?;
        let list = world.server.list(upto);
        let live = world.server.live(list);
        let is_gone = process.book.0.snapshot().groups.values().any(|id| live.get(*id).is_none());
        world.spent.stale += u8::from(upto < world.server.groups.len());
        if process.stage == Stage::Doubtful {
            world.server.wait(self.scope.lags);
        } else if is_gone {
            process.stage = Stage::Doubtful;
            return Some(());
        }
        let recovered = recover(&mut process.book.0, &live);
        for record in &recovered {
            if let Record::Done { seq, .. } = record {
                world.server.hear(seq.get(), Ear::Heard);
            }
        }
        let evidence = PlanInput {
            manifest: &self.manifest,
            ledger: &process.book.0,
            live: Some(&live),
            has_state: true,
            scope: plan::Scope::default(),
        };
        let Ok(checked) = guard::check(compare(evidence), evidence) else {
            world.end(Ending::Refused);
            return Some(());
        };
        let plan = checked.plan();
        world.seen.old_duplicate = plan.unmanaged.iter().any(|group| group.duplicate_of.is_some());
        if plan.is_settled() && recovered.is_empty() {
            world.end(Ending::Complete);
            return Some(());
        }
        process.begin(plan, list);
        world.seen.contradiction |= !recovered.iter().all(|record| world.disk.apply(record));
        Some(())
    }

    fn keep(&self, knowledge: u64, makers: &[Maker]) {
        let mut removals = self.removals.lock().expect("no thread panics with this");
        for maker in makers {
            removals.entry(knowledge).or_default()[usize::from(*maker == Maker::Stranger)] = true;
        }
    }

    fn look(&self, world: &mut World, upto: usize) -> Option<()> {
        let process = world.process.as_mut()?;
        let waited = process.waits();
        if waited {
            world.server.wait(self.scope.lags);
        }
        world.spent.stale += u8::from(upto < world.server.groups.len());
        let live = world.server.live(world.server.list(upto));
        process.is_doubting = !waited && process.made.iter().any(|id| live.get(*id).is_none());
        if process.is_doubting {
            return Some(());
        }
        if process.lost.is_empty() {
            let before = world.server.live(process.before);
            let mut knowledge = DefaultHasher::new();
            (&process, shown(&before), shown(&live)).hash(&mut knowledge);
            let duplicates = process.sweep(&live, &before);
            let makers = world.remove(&duplicates);
            self.keep(knowledge.finish(), &makers);
        } else {
            process.settle(&live, waited, &mut world.server, &self.scope);
        }
        Some(())
    }
}

fn shown(live: &Inventory) -> Vec<(GroupId, GroupId, &str)> {
    live.groups().map(|group| (group.id, group.parent, &*group.name)).collect()
}

impl World {
    fn end(&mut self, ending: Ending) {
        self.process = None;
        self.last = Some(ending);
    }

    fn remove(&mut self, duplicates: &[GroupId]) -> Vec<Maker> {
        let makers: Vec<_> = duplicates.iter().filter_map(|duplicate| self.server.delete(*duplicate)).collect();
        let was_in_use = makers.len() < duplicates.len();
        self.process.iter_mut().for_each(|process| process.has_left_duplicates |= was_in_use);
        self.seen.removed_a_strangers |= makers.contains(&Maker::Stranger);
        self.seen.removed_ours |= makers.iter().any(|maker| *maker != Maker::Stranger);
        makers
    }

    fn sync(&mut self) -> Option<()> {
        let process = self.process.as_mut()?;
        let tail = std::mem::take(&mut process.tail);
        self.seen.contradiction |= !replay(&mut self.disk, &tail);
        process.on_synced();
        Some(())
    }

    fn send(&mut self, at: usize) -> Option<()> {
        let process = self.process.as_mut()?;
        let Step::Primed(seq) = process.steps[at] else { return None };
        let parent = process.parent(at)?;
        let intent = (seq, Kind::Create, &path(at), parent);
        self.seen.undurable_call |= !self.disk.open().any(|open| open == intent);
        let may_be_unseen = |call: &Call| call.name == at && call.parent == parent && call.ear == Ear::Lost;
        self.seen.blind_repeat |= self.server.calls.iter().any(may_be_unseen);
        process.steps[at] = Step::Flying(self.server.calls.len());
        let (fate, ear) = (Fate::Pending, Ear::Waiting);
        self.server.calls.push(Call { name: at, parent, seq: seq.get(), fate, ear, was_lost: false });
        Some(())
    }

    /// Brings what the client hears of a call to the step that waits for it.
    fn reply(&mut self, call: usize, fate: Fate, ear: Ear) -> Option<&mut Process> {
        self.server.calls[call].fate = fate;
        self.server.calls[call].ear = ear;
        self.process.as_deref_mut()
    }

    fn crash(&mut self, kept: usize) -> Option<()> {
        let process = self.process.take()?;
        self.seen.contradiction |= !replay(&mut self.disk, &process.tail[..kept]);
        for call in self.server.calls.iter_mut().filter(|call| call.ear == Ear::Waiting) {
            call.ear = Ear::Lost;
        }
        self.spent.crashes += 1;
        self.end(Ending::Died);
        Some(())
    }

    /// Says whether nobody will look for this create any more: the journal has forgotten it, or the last look is over.
    fn is_past_looking(&self, call: usize) -> bool {
        let Call { name, parent, ear, .. } = self.server.calls[call];
        let is_open = self.disk.open().any(|(_, _, of, under)| *of == path(name) && under == parent);
        let is_over = self.process.as_ref().is_some_and(|process| process.is_swept);
        ear != Ear::Waiting && (is_over || !is_open)
    }

    fn finish(&mut self) -> Option<()> {
        let process = self.process.take()?;
        let is_complete = !process.has_left_duplicates && process.steps.iter().all(|step| *step == Step::Done);
        // The fold: what is recorded and what stands open is the state and the journal of the next run.
        self.disk = process.book;
        self.end(if is_complete { Ending::Complete } else { Ending::Partial });
        Some(())
    }
}

fn replay(disk: &mut Book, tail: &[Entry]) -> bool {
    tail.iter().all(|entry| disk.apply(&entry.0))
}

fn at(id: GroupId) -> usize {
    usize::try_from(id.get() - 1).expect("ids begin at 1")
}

impl Model for Protocol {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let (server, disk) = (Server::default(), Book::empty());
        vec![World { server, disk, process: None, last: None, spent: Spent::default(), seen: Seen::default() }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        match &world.process {
            None if world.spent.runs < self.scope.runs => actions.push(Action::Begin),
            None => {}
            Some(process) => {
                self.run_actions(world, process, actions);
                if process.stage == Stage::Working && world.spent.crashes < self.scope.crashes {
                    actions.extend((0..=process.tail.len()).map(Action::Crash));
                }
            }
        }
        self.server_actions(world, actions);
        self.stranger_actions(world, actions);
    }

    fn next_state(&self, last: &World, action: Action) -> Option<World> {
        let mut world = last.clone();
        match action {
            Action::Begin => {
                world.process = Some(Box::new(Process::open(&world.disk)));
                world.spent.runs += 1;
            }
            Action::List(upto) => self.list(&mut world, upto)?,
            Action::Start(at) => world.process.as_mut()?.start(at),
            Action::Sync => world.sync()?,
            Action::Send(at) => world.send(at)?,
            Action::Commit(call) => {
                world.seen.late |= world.is_past_looking(call);
                world.server.commit(call);
            }
            Action::Forget(call) => world.server.calls[call].fate = Fate::Never,
            Action::Answer(call) => {
                let (step, seq) = flying(&world, call)?;
                let Fate::Landed(id) = world.server.calls[call].fate else { return None };
                world.reply(call, Fate::Landed(id), Ear::Heard)?.on_done(step, seq, id);
            }
            Action::Refuse(call) => {
                let (step, seq) = flying(&world, call)?;
                world.spent.refusals += 1;
                world.reply(call, Fate::Never, Ear::Heard)?.on_refused(step, seq);
            }
            Action::Throttle(call) => {
                let (step, seq) = flying(&world, call)?;
                world.spent.throttles += 1;
                let process = world.reply(call, Fate::Never, Ear::Heard)?;
                process.note(Record::Void { seq });
                process.steps[step] = Step::Ready;
            }
            Action::LoseAnswer(call) => {
                let (step, seq) = flying(&world, call)?;
                let fate = world.server.calls[call].fate;
                world.server.calls[call].was_lost = true;
                world.reply(call, fate, Ear::Lost)?.on_lost(step, seq);
            }
            Action::Look(upto) => self.look(&mut world, upto)?,
            Action::Finish => world.finish()?,
            Action::Crash(kept) => world.crash(kept)?,
            Action::Intrude(below) => {
                let (name, parent) = if below == 0 { (0, GroupId::ROOT) } else { (1, server::id(below - 1)) };
                world.server.make(name, parent, Maker::Stranger);
                world.spent.strangers += 1;
            }
            Action::Furnish(group) => {
                world.server.make(2, server::id(group), Maker::Stranger);
                world.spent.strangers += 1;
            }
        }
        world.seen.contradiction |= world.process.as_ref().is_some_and(|process| process.is_contradicted);
        Some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let claims = claims::of(&self.scope);
        claims.into_iter().filter(|claim| self.only.is_none_or(|only| claim.name == only)).collect()
    }
}

fn flying(world: &World, call: usize) -> Option<(usize, Seq)> {
    let process = world.process.as_ref()?;
    let step = process.steps.iter().position(|step| *step == Step::Flying(call))?;
    Some((step, Seq::new(world.server.calls[call].seq)))
}
