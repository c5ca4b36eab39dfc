//! Runs that end badly: whatever happens, what was done is in the repository, and the next run finishes the job.

use std::time::Duration;

use roomtree::sandbox::Operation;

use crate::review::with_building;
use crate::shell::{Blow, Stroke};
use crate::world::{JOURNAL, MANIFEST, Outcome, Platform, STATE, World, platforms};

/// Merges a pull request with four more cities, each with a building.
fn merge_cities(world: &World) {
    let cities = ["Paris", "Rome", "Oslo", "Bern"].map(|city| format!("  - name: {city}\n    children: [{city} 1]\n"));
    let text = world.origin.read(MANIFEST).unwrap() + &cities.concat();
    let pull = world.origin.pull(7, MANIFEST, &text);
    world.plan(&pull).exits(0);
    world.merge(&pull);
}

/// All cities and their buildings are there, once, and recorded.
#[track_caller]
fn has_cities(world: &World) {
    for city in ["Paris", "Rome", "Oslo", "Bern"] {
        world.id(city);
        world.id(&format!("{city} 1"));
    }
    world.is_recorded();
}

#[test]
fn a_partial_apply_commits_its_state_and_tells_how_to_go_on() {
    for platform in platforms() {
        let world = World::new(platform);
        merge_cities(&world);
        world.sandbox.add_fault("create:error(400,param.error)@1".parse().unwrap());
        let partial = world.after_push().exits(3).says("Not everything was applied");
        assert_eq!(world.origin.log()[0], "Record what was applied");
        world.is_recorded();
        world.by_hand(&partial.fingerprint()).exits(0);
        has_cities(&world);
    }
}

/// GitLab's runner tells nobody that a job is cancelled: there it is a kill.
#[test]
fn a_cancelled_apply_ends_in_order_and_commits_its_state() {
    for platform in platforms().into_iter().filter(|platform| *platform == Platform::GitHub) {
        let world = World::new(platform);
        merge_cities(&world);
        // From the third on creates are put off, so that the run goes on until it is told to end.
        world.sandbox.add_fault("create:qps@3..".parse().unwrap());
        let when = || world.count(Operation::Create) >= 3;
        world.apply(None, Some(&Stroke { blow: Blow::Cancel, when: &when })).exits(130);
        world.sandbox.clear_faults();
        world.is_recorded();
        assert!(world.names().len() < 20, "it was not stopped");
        let again = world.after_push().exits(4);
        world.by_hand(&again.fingerprint()).exits(0);
        has_cities(&world);
    }
}

#[test]
fn a_killed_apply_leaves_its_journal_in_the_repository_and_the_next_run_takes_it_up() {
    for platform in platforms() {
        let world = World::new(platform);
        // As is good practice where people apply by hand.
        world.origin.commit_to_main(".gitignore", "*.state.json.journal\n*.state.json.lock\n");
        merge_cities(&world);
        // Made, and not answered: the journal alone knows of it.
        world.sandbox.add_fault("create:stall-after(10m)@3..".parse().unwrap());
        let when = || world.count(Operation::Create) >= 3;
        world.apply(None, Some(&Stroke { blow: Blow::Kill, when: &when })).exits(137);
        assert!(world.origin.read(JOURNAL).is_some(), "the journal is lost");
        world.sandbox.clear_faults();
        let again = world.after_push().exits(4);
        world.by_hand(&again.fingerprint()).exits(0);
        has_cities(&world);
    }
}

#[test]
fn a_state_that_was_lost_with_its_machine_is_found_again_by_name() {
    for platform in platforms() {
        let world = World::new(platform);
        merge_cities(&world);
        // The whole of the run but its commit.
        let paris = world.sandbox.add_group(0, "Paris");
        world.sandbox.add_group(paris, "Paris 1");
        let refused = world.after_push().exits(4);
        world.by_hand(&refused.fingerprint()).exits(0);
        has_cities(&world);
        assert_eq!(world.count(Operation::Create), 6);
    }
}

#[test]
fn a_merge_during_the_apply_does_not_keep_the_state_out() {
    for platform in platforms() {
        let world = World::new(platform);
        merge_cities(&world);
        meanwhile(&world, || world.origin.commit_to_main("README.md", "Our rooms\n")).exits(0);
        assert_eq!(world.origin.log()[..2], ["Record what was applied", "Write README.md"]);
        has_cities(&world);
    }
}

#[test]
fn a_state_that_somebody_else_wrote_is_not_merged_but_kept_aside() {
    for platform in platforms() {
        let world = World::new(platform);
        merge_cities(&world);
        // Far enough from what the run writes for the lines to merge by themselves.
        let written = world.origin.read(STATE).unwrap();
        let state = written.replace("/北京/望京园区/B 座", "/北京/望京园区/B 楼");
        assert_ne!(state, written);
        meanwhile(&world, || world.origin.commit_to_main(STATE, &state)).exits(1).says("could not be pushed");
        assert_eq!(world.origin.read(STATE), Some(state));
        let rescued: Vec<String> =
            world.origin.branches().into_iter().filter(|name| name.starts_with("roomtree-state-")).collect();
        assert_eq!(rescued.len(), 1, "{rescued:?}");
        assert!(world.source(STATE, &rescued[0]).contains("/Paris"));
    }
}

/// Applies, and has something done between the first create and the others.
fn meanwhile(world: &World, what: impl Fn() + Sync) -> Outcome {
    world.sandbox.add_fault("create:qps@2..".parse().unwrap());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while world.count(Operation::Create) == 0 {
                std::thread::sleep(Duration::from_millis(5));
            }
            what();
            world.sandbox.clear_faults();
        });
        world.after_push()
    })
}

#[test]
fn dingtalk_out_of_reach_changes_nothing_and_the_job_can_be_run_again() {
    for platform in platforms() {
        let world = World::new(platform);
        let pull = with_building(&world, 7, "生产楼");
        world.plan(&pull).exits(0);
        world.merge(&pull);
        world.sandbox.add_fault("list:error(400,org.not.found)".parse().unwrap());
        world.after_push().exits(5).says("Nothing was applied");
        world.sandbox.clear_faults();
        world.after_push().exits(0);
        world.is_recorded();
    }
}
