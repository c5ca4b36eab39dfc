//! What is claimed of every state, and what has to be possible in some.

use roomtree::group::GroupId;
use stateright::{Model, Property};

use crate::process::Step;
use crate::protocol::{Ending, Protocol, World};
use crate::scope::Scope;
use crate::server::{Ear, Fate, Made, Maker, NAMES, path};

type Claim = Property<Protocol>;

/// The claims that hold within a scope.
pub(crate) fn of(scope: &Scope) -> Vec<Claim> {
    let mut claims = everywhere();
    claims.extend(if scope.timely { Vec::new() } else { late() });
    claims.extend(match (scope.timely, scope.strangers, scope.lags) {
        (true, 0, false) => timely_and_alone(),
        (false, 0, false) if scope.crashes > 1 => [late_and_alone(), twice_dead()].concat(),
        (false, 0, false) => [late_and_alone(), once_dead()].concat(),
        (.., 0, true) => lagging(),
        _ => in_company(),
    });
    claims
}

fn everywhere() -> Vec<Claim> {
    vec![
        Claim::always("(a) no create without a durable intent", |_, world| !world.seen.undurable_call),
        Claim::always("(b) no repeat before a look", |_, world| !world.seen.blind_repeat),
        Claim::always("(c) what is ours is recorded, open, or shown by the next plan", is_findable),
        Claim::always("the ledger takes every record, live and on replay", |_, world| !world.seen.contradiction),
        Claim::always("what is recorded was made under that name", |_, world| recorded_are_real(world)),
        Claim::always("no more is removed than creates may have been lost", |_, world| {
            let unheard = world.server.calls.iter().filter(|call| call.ear != Ear::Heard).count();
            // What a crash left may have been sent or not.
            world.server.groups.iter().filter(|made| made.is_gone).count() <= unheard + usize::from(world.spent.crashes)
        }),
        Claim::always("a run is never stuck", can_go_on),
        Claim::eventually("the last run ends by itself", |protocol, world| {
            let ended = world.process.is_none() && world.last.is_some_and(|last| last != Ending::Died);
            ended || is_at_the_bound(protocol, world)
        }),
        Claim::sometimes("a run completes", |_, world| is_exit_0(world)),
    ]
}

/// Every commit lands within the settle time.
fn timely_and_alone() -> Vec<Claim> {
    vec![
        Claim::always("(c) what is ours is recorded or open", |_, world| uncovered(world).next().is_none()),
        Claim::always("(d) nothing of a stranger's is removed", |_, world| !world.seen.removed_a_strangers),
        Claim::always("(e) nothing is ever there twice, so nothing has to be removed", |_, world| {
            is_single(world) && !world.seen.removed_ours
        }),
        Claim::always("(e) exit 0: there, once, recorded", |_, world| !is_exit_0(world) || is_once(world)),
    ]
}

/// Commits land whenever they like.
fn late() -> Vec<Claim> {
    vec![
        Claim::sometimes("the last look removes a duplicate of ours", |_, world| world.seen.removed_ours),
        Claim::sometimes("both of two lost creates land, and one is kept", |_, world| {
            let is_doubled = (0..NAMES.len()).any(|name| all_landed_unheard(world, name));
            is_exit_0(world) && world.spent.runs == 1 && world.seen.removed_ours && is_doubled
        }),
        Claim::sometimes("hole (f): a commit after the last look leaves a duplicate", |_, world| {
            is_exit_0(world) && world.seen.late && uncovered(world).next().is_some()
        }),
    ]
}

fn late_and_alone() -> Vec<Claim> {
    vec![
        Claim::always("(d) nothing of a stranger's is removed", |_, world| !world.seen.removed_a_strangers),
        Claim::always(
            "(e) exit 0, none landed after the last look: recorded, and once or shown as a duplicate",
            |_, world| {
                !is_exit_0(world) || !is_quiet(world) || world.seen.late || world.seen.old_duplicate || is_once(world)
            },
        ),
        Claim::always("(f) whatever lands when: exit 0 means recorded and there", |_, world| {
            !is_exit_0(world) || is_recorded_and_there(world)
        }),
        Claim::sometimes(
            "a duplicate that landed between a crash and the next run is left, but told: exit 3",
            |_, world| world.last == Some(Ending::Partial) && world.seen.old_duplicate && is_recorded_and_there(world),
        ),
    ]
}

/// With a second crash.
fn twice_dead() -> Vec<Claim> {
    vec![
        Claim::sometimes(
            "hole: a run dies as it is about to tell a duplicate; the next one shows it and exits 0",
            |_, world| is_exit_0(world) && !world.seen.late && world.seen.old_duplicate && !is_single(world),
        ),
        Claim::sometimes("hole: two lost creates land before either is recorded; the plan is refused", |_, world| {
            world.last == Some(Ending::Refused)
        }),
    ]
}

/// With one crash at most.
fn once_dead() -> Vec<Claim> {
    vec![Claim::always("no plan is refused", |_, world| world.last != Some(Ending::Refused))]
}

/// Lists are stale for longer than the settle time.
fn lagging() -> Vec<Claim> {
    vec![Claim::sometimes("hole: a list that stays stale makes a duplicate", |_, world| {
        is_exit_0(world) && is_quiet(world) && !world.seen.late && !world.seen.old_duplicate && !is_single(world)
    })]
}

fn in_company() -> Vec<Claim> {
    vec![Claim::sometimes("hole (d): a stranger's group is removed", |_, world| world.seen.removed_a_strangers)]
}

fn is_exit_0(world: &World) -> bool {
    world.process.is_none() && world.last == Some(Ending::Complete)
}

fn is_quiet(world: &World) -> bool {
    world.server.calls.iter().all(|call| call.fate != Fate::Pending)
}

/// Says whether a group was asked for more than once, and each time the answer was lost though it landed.
fn all_landed_unheard(world: &World, name: usize) -> bool {
    let calls: Vec<_> = world.server.calls.iter().filter(|call| call.name == name).collect();
    calls.len() > 1 && calls.iter().all(|call| call.was_lost && matches!(call.fate, Fate::Landed(_)))
}

fn is_single(world: &World) -> bool {
    (0..NAMES.len()).all(|name| ours(world, name) <= 1)
}

fn is_once(world: &World) -> bool {
    is_recorded_and_there(world) && is_single(world)
}

fn is_recorded_and_there(world: &World) -> bool {
    let recorded = &world.disk.0.snapshot().groups;
    !recorded.is_empty() && recorded.values().all(|id| world.server.exists(*id))
}

fn recorded_are_real(world: &World) -> bool {
    world.disk.0.snapshot().groups.iter().all(|(path_of, id)| {
        let made = usize::try_from(id.get() - 1).ok().and_then(|at| world.server.groups.get(at));
        made.is_some_and(|made| path(made.name) == *path_of)
    })
}

fn is_ours(made: &Made) -> bool {
    matches!(made.maker, Maker::Call(_))
}

fn ours(world: &World, name: usize) -> usize {
    world.server.standing().filter(|(_, made)| made.name == name && is_ours(made)).count()
}

/// Groups of ours that neither the state nor the journal on the disk knows of.
fn uncovered(world: &World) -> impl Iterator<Item = GroupId> {
    let known = |id: GroupId, made: &Made| {
        let is_open =
            |name: usize| world.disk.open().any(|(_, _, at, under)| *at == path(name) && under == made.parent);
        world.disk.0.path_of(id).is_some() || is_open(made.name)
    };
    world
        .server
        .standing()
        .filter(|(_, made)| is_ours(made))
        .filter(move |(id, made)| !known(*id, made))
        .map(|(id, _)| id)
}

/// A group of ours that is not covered is either taken over by the next plan, or shown by it as unmanaged or in conflict.
fn is_findable(protocol: &Protocol, world: &World) -> bool {
    let mut uncovered = uncovered(world).peekable();
    if uncovered.peek().is_none() {
        return true;
    }
    let plan = protocol.plan(&world.disk, &world.server.now());
    let in_conflict = plan.conflicts().next().is_some();
    uncovered.all(|id| {
        let is_row = plan.rows.iter().any(|row| row.id() == Some(id));
        is_row || in_conflict || plan.unmanaged.iter().any(|group| group.id == id && group.duplicate_of.is_some())
    })
}

/// A run that can do nothing is one that wants a create more than the bound allows.
fn can_go_on(protocol: &Protocol, world: &World) -> bool {
    let mut actions = Vec::new();
    protocol.actions(world, &mut actions);
    world.process.is_none() || !actions.is_empty() || is_at_the_bound(protocol, world)
}

fn is_at_the_bound(protocol: &Protocol, world: &World) -> bool {
    let is_bound = |(at, step): (usize, &Step)| *step == Step::Ready && !protocol.may_create(world, at);
    world.process.as_ref().is_some_and(|process| process.steps.iter().enumerate().any(is_bound))
}
