//! The create protocol, checked over every order of events within bounds: lost answers, late commits, crashes, stale lists.
//!
//! The journal is the real [`Ledger`](roomtree::state::Ledger), sightings are the real
//! [`settle`](roomtree::apply::reconcile), plans the real [`compare`](roomtree::plan::diff). See docs/model.md.

mod book;
mod claims;
mod process;
mod protocol;
mod scope;
mod server;

use std::time::Instant;

use stateright::{Checker, Expectation, Model, Property};

use crate::protocol::Protocol;
use crate::scope::{Scope, is_deep};

/// One group whose commits land in time; the other scopes differ from it in what they say.
const BASE: Scope = Scope {
    name: "one group",
    groups: 1,
    creates: 3,
    tries: 2,
    runs: 3,
    crashes: 2,
    strangers: 0,
    stale: 1,
    refusals: 1,
    timely: true,
    lags: false,
};

const PAIR: Scope = Scope { name: "a group and one below", groups: 2, creates: 2, runs: 2, crashes: 1, ..BASE };

/// Checks every claim; prints each verdict, and the shortest way to each hole.
fn check(scope: Scope) -> Protocol {
    let began = Instant::now();
    let checker = Protocol::new(scope).checker().threads(2).spawn_bfs().join();
    let (states, depth) = (checker.unique_state_count(), checker.max_depth());
    println!("{}: {states} states, depth {depth}, {:.1} s", scope.name, began.elapsed().as_secs_f64());
    let claims = checker.model().properties();
    let broken: Vec<_> =
        claims.iter().filter(|claim| !tell(scope, claim, checker.discovery(claim.name).is_some())).collect();
    assert!(broken.is_empty(), "{}: {:?}", scope.name, broken.iter().map(|claim| claim.name).collect::<Vec<_>>());
    let protocol = Protocol::new(scope);
    *protocol.removals.lock().expect("not poisoned") =
        std::mem::take(&mut checker.model().removals.lock().expect("not poisoned"));
    protocol
}

/// Prints the verdict on one claim; says whether it is the right one.
fn tell(scope: Scope, claim: &Property<Protocol>, is_found: bool) -> bool {
    let (verdict, is_right) = match (&claim.expectation, is_found) {
        (Expectation::Sometimes, true) => ("reached", true),
        (Expectation::Sometimes, false) => ("NEVER REACHED", false),
        (_, false) => ("holds", true),
        (_, true) => ("BROKEN", false),
    };
    println!("  {verdict:8} {}", claim.name);
    if is_found && (!is_right || claim.name.starts_with("hole")) {
        let checker = Protocol::about(scope, claim.name).checker().spawn_bfs().join();
        println!("           {:?}", checker.discovery(claim.name).map(|path| path.into_actions()));
    }
    is_right
}

#[test]
fn one_group_is_made_exactly_once_when_commits_land_in_time() {
    check(if is_deep() { Scope { creates: 5, runs: 4, stale: 2, refusals: 2, ..BASE } } else { BASE });
}

#[test]
fn a_late_commit_leaves_a_duplicate_at_worst() {
    let late = Scope { name: "one group, late commits", timely: false, ..BASE };
    check(if is_deep() { Scope { creates: 4, runs: 4, stale: 2, ..late } } else { late });
}

#[test]
fn a_child_is_made_exactly_once_under_its_parent() {
    check(if is_deep() { Scope { creates: 3, runs: 3, crashes: 2, ..PAIR } } else { PAIR });
}

#[test]
fn late_commits_of_a_parent_and_its_child_leave_duplicates_at_worst() {
    let late = Scope { name: "a group and one below, late commits", timely: false, refusals: 0, stale: 0, ..PAIR };
    check(if is_deep() { Scope { stale: 1, refusals: 1, ..late } } else { late });
}

#[test]
fn a_list_that_stays_stale_is_beyond_help() {
    check(Scope { name: "one group, lists stay stale", lags: true, stale: 2, refusals: 0, ..BASE });
}

#[test]
fn a_stranger_may_lose_a_group_to_the_last_look() {
    check(Scope { name: "one group, a stranger", strangers: 1, refusals: 0, ..BASE });
}

#[test]
fn what_a_stranger_made_cannot_be_told_from_our_own_late_duplicate() {
    let met = Scope {
        name: "one group, late commits, a stranger",
        runs: 2,
        crashes: 1,
        strangers: 1,
        timely: false,
        stale: 0,
        refusals: 0,
        ..BASE
    };
    let protocol = check(if is_deep() { Scope { runs: 3, crashes: 2, stale: 1, ..met } } else { met });
    let removals = protocol.removals.into_inner().expect("not poisoned");
    let either = removals.values().filter(|[ours, strangers]| *ours && *strangers).count();
    println!(
        "  of {} situations in which a duplicate is removed, {either} are the same for ours and a stranger's",
        removals.len()
    );
    assert!(either > 0);
}
