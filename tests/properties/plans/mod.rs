//! Promises of the plan over a whole life: for any manifest, state and live, planning, doing it and planning again finds
//! nothing to do; what is not ours is never touched; and a plan does not depend on the order of anything.
//!
//! What is done here follows the plan by the book, without the engine: a map of groups stands in for DingTalk.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod statements;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use roomtree::group::{GroupId, GroupName, GroupPath};
use roomtree::inventory::{Inventory, ListedGroup};
use roomtree::manifest::{Bindings, Limits, Manifest, Tree, TreeBuilder};
use roomtree::plan::{Action, Fingerprint, Plan, PlanInput, RowId, Scope, compare, guard};
use roomtree::state::{Change, Identity, Ledger, Record, Snapshot};

/// A tree as it is written: a name, a former name, and what is below.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wish {
    name: &'static str,
    was: Option<&'static str>,
    children: Vec<Wish>,
}

const NAMES: [&str; 5] = ["北京", "a/b", "~", "A 座", "NO"];

fn wishes(depth: u32) -> BoxedStrategy<Vec<Wish>> {
    let below = if depth == 0 { Just(Vec::new()).boxed() } else { wishes(depth - 1) };
    let wish = (0..NAMES.len(), proptest::option::weighted(0.3, 0..NAMES.len()), below)
        .prop_map(|(name, was, children)| Wish { name: NAMES[name], was: was.map(|was| NAMES[was]), children });
    proptest::collection::vec(wish, 0..4).prop_map(lawful).boxed()
}

/// Leaves out what a manifest refuses: siblings of one name, and former names that two claim or that are one's own.
fn lawful(wishes: Vec<Wish>) -> Vec<Wish> {
    let (mut names, mut claimed) = (BTreeSet::new(), BTreeSet::new());
    let new = wishes.into_iter().filter(|wish| names.insert(wish.name));
    new.map(|wish| {
        let was = wish.was.filter(|was| *was != wish.name && claimed.insert(*was));
        Wish { was, ..wish }
    })
    .collect()
}

fn manifest(wishes: &[Wish]) -> Manifest {
    let mut tree = Tree::builder();
    wishes.iter().for_each(|wish| grow(&mut tree, wish));
    Manifest { organization: None, root: GroupId::ROOT, limits: Limits::default(), tree: tree.build() }
}

fn grow(tree: &mut TreeBuilder, wish: &Wish) {
    let id = tree.open(GroupName::parse(wish.name).unwrap());
    let was = wish.was.map(|was| GroupName::parse(was).unwrap()).into_iter().collect();
    tree.tie(id, Bindings { was, ..Bindings::default() });
    wish.children.iter().for_each(|child| grow(tree, child));
    tree.close();
}

/// DingTalk: groups by id, with name and parent.
#[derive(Clone, Debug, Default)]
struct World {
    groups: BTreeMap<i64, (String, i64)>,
    last: i64,
}

impl World {
    fn create(&mut self, parent: i64, name: &str) -> i64 {
        assert!(parent == 0 || self.groups.contains_key(&parent), "a parent that does not exist");
        self.last += 1;
        self.groups.insert(self.last, (name.to_owned(), parent));
        self.last
    }

    fn delete(&mut self, id: i64) {
        assert!(self.groups.values().all(|(_, parent)| *parent != id), "group {id} is not empty");
        self.groups.remove(&id).expect("a group that exists");
    }

    fn live(&self) -> Inventory {
        let listed = self.groups.iter().map(|(id, (name, parent))| ListedGroup {
            id: GroupId::new(*id),
            name: name.clone(),
            parent: GroupId::new(*parent),
        });
        Inventory::new(listed.collect())
    }
}

/// What somebody else does in the meantime; numbers choose among the groups there are.
#[derive(Clone, Debug)]
enum Meddling {
    Add(usize, &'static str),
    Rename(usize, &'static str),
    Delete(usize),
}

fn meddling() -> impl Strategy<Value = Vec<Meddling>> {
    let name = || (0..NAMES.len()).prop_map(|name| NAMES[name]);
    let one = prop_oneof![
        (0..100_usize, name()).prop_map(|(at, name)| Meddling::Add(at, name)),
        (0..100_usize, name()).prop_map(|(at, name)| Meddling::Rename(at, name)),
        (0..100_usize).prop_map(Meddling::Delete),
    ];
    proptest::collection::vec(one, 0..5)
}

fn meddle(world: &mut World, meddlings: &[Meddling]) {
    for meddling in meddlings {
        let ids: Vec<i64> = world.groups.keys().copied().collect();
        let chosen = |at: &usize| ids.get(at % ids.len().max(1)).copied();
        match meddling {
            Meddling::Add(at, name) => {
                let parent = chosen(at).filter(|_| at % 3 > 0).unwrap_or(0);
                world.create(parent, name);
            }
            Meddling::Rename(at, name) => {
                if let Some(id) = chosen(at) {
                    world.groups.get_mut(&id).unwrap().0 = (*name).to_owned();
                }
            }
            Meddling::Delete(at) => {
                let is_empty = |id: &i64| world.groups.values().all(|(_, parent)| parent != id);
                if let Some(id) = chosen(at).filter(is_empty) {
                    world.delete(id);
                }
            }
        }
    }
}

fn ledger() -> Ledger {
    let identity = Identity { endpoint: "sandbox".to_owned(), organization: None, root: GroupId::ROOT };
    Ledger::new(Snapshot::new(&identity)).unwrap()
}

fn evidence<'a>(manifest: &'a Manifest, ledger: &'a Ledger, live: &'a Inventory, prune: bool) -> PlanInput<'a> {
    let scope = Scope { prune, max_deletes: Some(usize::MAX), ..Scope::default() };
    PlanInput { manifest, ledger, live: Some(live), has_state: true, scope }
}

/// Does by the book what a plan says.
fn carry_out(plan: &Plan, ledger: &mut Ledger, world: &mut World) {
    for handover in &plan.handovers {
        ledger.apply(&handover.record()).unwrap();
    }
    for gone in plan.deletions.iter().filter(|deletion| deletion.gone) {
        ledger.apply(&Record::Drop { path: gone.path.clone() }).unwrap();
    }
    let mut ids: Vec<GroupId> = Vec::new();
    for (row, _) in plan.rows() {
        ids.push(carry_out_row(plan, row, &ids, ledger, world));
    }
    for deletion in plan.deletions.iter().filter(|deletion| !deletion.gone) {
        world.delete(deletion.id.get());
        done(ledger, Change::Delete { path: deletion.path.clone(), id: deletion.id }, deletion.id);
    }
}

fn done(ledger: &mut Ledger, change: Change, id: GroupId) {
    let seq = ledger.next_seq();
    ledger.apply(&Record::Intent { seq, change }).unwrap();
    ledger.apply(&Record::Done { seq, id }).unwrap();
}

fn carry_out_row(plan: &Plan, id: RowId, ids: &[GroupId], ledger: &mut Ledger, world: &mut World) -> GroupId {
    let (row, path) = (plan.row(id), plan.path(id));
    match &row.decision {
        Action::Keep { id } => *id,
        Action::Adopt { id, .. } => {
            ledger.apply(&Record::Put { path, id: *id }).unwrap();
            *id
        }
        Action::Rename { id, .. } => {
            if ledger.path_of(*id).is_none() {
                ledger.apply(&Record::Put { path: path.clone(), id: *id }).unwrap();
            }
            world.groups.get_mut(&id.get()).expect("a group that exists").0 = row.name.to_string();
            done(ledger, Change::Rename { id: *id, from: path.clone(), to: path }, *id);
            *id
        }
        Action::Create { gone } => {
            if gone.is_some() {
                ledger.apply(&Record::Drop { path: path.clone() }).unwrap();
            }
            let parent = row.parent.map_or(GroupId::ROOT, |parent| ids[parent.index()]);
            let id = GroupId::new(world.create(parent.get(), &row.name));
            done(ledger, Change::Create { path, parent }, id);
            id
        }
        Action::Conflict { .. } | Action::Blocked => panic!("a plan with conflicts is not carried out"),
    }
}

/// Plans and carries out, unless a guard stands against it.
fn apply(manifest: &Manifest, ledger: &mut Ledger, world: &mut World, prune: bool) -> Option<Plan> {
    let live = world.live();
    let evidence = evidence(manifest, ledger, &live, prune);
    let plan = guard::check(compare(evidence), evidence).ok()?.plan().clone();
    carry_out(&plan, ledger, world);
    Some(plan)
}

fn expect_settled(manifest: &Manifest, ledger: &Ledger, world: &World, prune: bool) -> Result<(), TestCaseError> {
    let live = world.live();
    let again = compare(evidence(manifest, ledger, &live, prune));
    prop_assert!(again.is_settled(), "not settled: {:#?}\n{:#?}", again, ledger.snapshot());
    for (row, _) in again.rows() {
        let (path, id) = (again.path(row), again.row(row).id());
        prop_assert_eq!(ledger.id_of(&path), id);
        prop_assert_eq!(live.path(id.unwrap()), Some(path));
    }
    Ok(())
}

/// The groups that neither the plan nor the state answers for.
fn strangers(plan: &Plan, ledger: &Ledger, world: &World) -> BTreeMap<i64, (String, i64)> {
    let ours: BTreeSet<i64> = plan.rows.iter().filter_map(|row| row.id()).map(GroupId::get).collect();
    let is_stranger = |id: &i64| !ours.contains(id) && ledger.path_of(GroupId::new(*id)).is_none();
    world.groups.iter().filter(|(id, _)| is_stranger(id)).map(|(id, group)| (*id, group.clone())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn what_was_planned_and_done_needs_no_more(
        first in wishes(2), second in wishes(2),
        before in meddling(), between in meddling(), prune in any::<bool>(),
    ) {
        let (mut world, mut ledger) = (World::default(), ledger());
        meddle(&mut world, &before);
        let first = manifest(&first);
        if apply(&first, &mut ledger, &mut world, prune).is_some() {
            expect_settled(&first, &ledger, &world, prune)?;
        }
        meddle(&mut world, &between);
        let second = manifest(&second);
        if apply(&second, &mut ledger, &mut world, prune).is_some() {
            expect_settled(&second, &ledger, &world, prune)?;
        }
    }

    #[test]
    fn what_is_not_ours_is_never_touched(
        first in wishes(2), second in wishes(2), between in meddling(), prune in any::<bool>(),
    ) {
        let (mut world, mut ledger) = (World::default(), ledger());
        let _ = apply(&manifest(&first), &mut ledger, &mut world, prune);
        meddle(&mut world, &between);
        let (second, live) = (manifest(&second), world.live());
        let before = strangers(&compare(evidence(&second, &ledger, &live, prune)), &ledger, &world);
        let _ = apply(&second, &mut ledger, &mut world, prune);
        for (id, group) in before {
            prop_assert_eq!(world.groups.get(&id), Some(&group));
        }
    }

    #[test]
    fn a_rename_keeps_every_id(tree in wishes(2), name in 0..NAMES.len()) {
        let (mut world, mut ledger) = (World::default(), ledger());
        let plain = |wishes: Vec<Wish>| wishes.into_iter().map(|wish| Wish { was: None, ..wish }).collect::<Vec<_>>();
        let first = plain(tree);
        apply(&manifest(&first), &mut ledger, &mut world, false);
        let before: Vec<i64> = world.groups.keys().copied().collect();
        let mut second = first.clone();
        if let Some(wish) = second.get_mut(name) {
            (wish.was, wish.name) = (Some(wish.name), "新名字");
        }
        let plan = apply(&manifest(&second), &mut ledger, &mut world, true).expect("nothing stands against a rename");
        prop_assert_eq!(plan.tally().rename, usize::from(name < second.len()));
        prop_assert_eq!(world.groups.keys().copied().collect::<Vec<_>>(), before);
    }

    #[test]
    fn a_plan_does_not_depend_on_any_order(
        first in wishes(2), second in wishes(2), between in meddling(), prune in any::<bool>(),
    ) {
        let (mut world, mut ledger) = (World::default(), ledger());
        let _ = apply(&manifest(&first), &mut ledger, &mut world, prune);
        meddle(&mut world, &between);
        let mut listed: Vec<ListedGroup> = world.live().groups().cloned().collect();
        listed.reverse();
        let (one, other) = (world.live(), Inventory::new(listed));
        let (there, back) = (manifest(&second), manifest(&reversed(second)));
        let plan = compare(evidence(&there, &ledger, &one, prune));
        prop_assert_eq!(&plan, &compare(evidence(&there, &ledger, &other, prune)));
        let mirrored = compare(evidence(&back, &ledger, &one, prune));
        prop_assert_eq!(decisions(&plan), decisions(&mirrored));
        prop_assert_eq!((&plan.retained, &plan.deletions, &plan.unmanaged), (&mirrored.retained, &mirrored.deletions, &mirrored.unmanaged));
        prop_assert_eq!(Fingerprint::of(&plan), Fingerprint::of(&compare(evidence(&there, &ledger, &other, prune))));
    }
}

fn reversed(wishes: Vec<Wish>) -> Vec<Wish> {
    wishes.into_iter().rev().map(|wish| Wish { children: reversed(wish.children), ..wish }).collect()
}

fn decisions(plan: &Plan) -> BTreeMap<GroupPath, Action> {
    plan.rows().map(|(id, row)| (plan.path(id), row.decision.clone())).collect()
}
