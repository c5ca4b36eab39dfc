//! From a pull request to DingTalk: what was reviewed is applied, and nothing else is.

use roomtree::sandbox::Operation;

use crate::origin::Pull;
use crate::world::{MANIFEST, Platform, SECRET, STATE, World, fingerprint, platforms};

/// Opens a pull request that puts a building into the manifest.
pub(crate) fn with_building(world: &World, number: u64, building: &str) -> Pull {
    let text = world.origin.read(MANIFEST).unwrap();
    let grown = text.replace("children: [研发楼]", &format!("children: [研发楼, {building}]"));
    assert_ne!(grown, text);
    world.origin.pull(number, MANIFEST, &grown)
}

#[test]
fn a_pull_request_shows_its_plan_and_needs_no_credentials() {
    for platform in platforms() {
        let world = World::new(platform);
        let pull = with_building(&world, 7, "生产楼");
        world.plan(&pull).exits(0);
        let comments = world.forge.comments(7);
        assert_eq!(comments.len(), 1);
        assert!(comments[0].starts_with(&format!("<!-- roomtree head={} fingerprint=", pull.head)), "{}", comments[0]);
        assert!(comments[0].contains("生产楼") && comments[0].contains(&fingerprint(&comments[0])), "{}", comments[0]);
        assert_eq!(world.sandbox.calls().arrivals.len(), 0, "DingTalk was called");
    }
}

#[test]
fn no_credentials_are_within_reach_of_a_pull_request() {
    for platform in platforms() {
        let world = World::new(platform);
        let outcome = world.plan(&with_building(&world, 7, "生产楼")).exits(0);
        assert!(outcome.environments.len() > 1 || platform == Platform::GitLab);
        for variable in outcome.environments.iter().flatten() {
            assert!(!variable.1.contains(SECRET) && !variable.0.starts_with("DINGTALK_"), "{variable:?}");
            assert!(!variable.1.contains("contents=write") && variable.0 != "STATE_TOKEN", "{variable:?}");
        }
    }
}

#[test]
fn a_merge_applies_what_was_reviewed_and_commits_the_state() {
    for platform in platforms() {
        let world = World::new(platform);
        let pull = with_building(&world, 7, "生产楼");
        world.plan(&pull).exits(0);
        world.merge(&pull);
        world.after_push().exits(0).says("生产楼");
        world.id("生产楼");
        world.is_recorded();
        assert_eq!(world.origin.log()[0], "Record what was applied");
        assert_eq!(world.count(Operation::Create), 1);
    }
}

#[test]
fn once_more_changes_nothing_and_calls_nobody() {
    for platform in platforms() {
        let world = World::new(platform);
        let pull = with_building(&world, 7, "生产楼");
        world.plan(&pull).exits(0);
        world.merge(&pull);
        world.after_push().exits(0);
        let (log, state) = (world.origin.log(), world.origin.read(STATE));
        world.sandbox.forget_calls();
        world.after_push().exits(0).says("Nothing to apply");
        assert_eq!((world.origin.log(), world.origin.read(STATE)), (log, state));
        assert_eq!(world.sandbox.calls().arrivals.len(), 0, "DingTalk was called");
    }
}

#[test]
fn a_world_that_has_changed_refuses_and_is_applied_by_hand() {
    for platform in platforms() {
        let world = World::new(platform);
        let pull = with_building(&world, 7, "生产楼");
        world.plan(&pull).exits(0);
        world.merge(&pull);
        world.sandbox.add_group(world.id("亦庄园区"), "生产楼");
        let refused = world.after_push().exits(4).says("Not everything was applied");
        assert_eq!(world.count(Operation::Create), 0);
        assert_eq!(world.origin.log()[0], format!("Merge commit '{}' into HEAD", pull.head));
        world.by_hand(&refused.fingerprint()).exits(0);
        world.id("生产楼");
        world.is_recorded();
        assert_eq!(world.count(Operation::Create), 0, "it was there and is adopted");
    }
}

#[test]
fn a_plan_from_before_another_merge_is_not_applied() {
    for platform in platforms() {
        let world = World::new(platform);
        let (first, second) = (with_building(&world, 1, "生产楼"), with_city(&world, 2));
        world.plan(&first).exits(0);
        world.plan(&second).exits(0);
        world.merge(&first);
        world.after_push().exits(0);
        let second = world.origin.refresh(2);
        world.merge(&second);
        let refused = world.after_push().exits(4);
        assert!(!world.names().contains(&"Paris".to_owned()));
        world.by_hand(&refused.fingerprint()).exits(0);
        world.id("Paris");
        world.is_recorded();
    }
}

#[test]
fn a_plan_made_again_on_the_new_branch_is_applied() {
    for platform in platforms() {
        let world = World::new(platform);
        let (first, second) = (with_building(&world, 1, "生产楼"), with_city(&world, 2));
        world.plan(&first).exits(0);
        world.plan(&second).exits(0);
        world.merge(&first);
        world.after_push().exits(0);
        let second = world.origin.refresh(2);
        world.plan(&second).exits(0);
        assert_eq!(world.forge.comments(2).len(), 1, "the comment is brought up to date");
        world.merge(&second);
        world.after_push().exits(0);
        world.id("Paris");
        world.is_recorded();
    }
}

fn with_city(world: &World, number: u64) -> Pull {
    let text = world.origin.read(MANIFEST).unwrap() + "  - name: Paris\n";
    world.origin.pull(number, MANIFEST, &text)
}

#[test]
fn the_plan_of_an_earlier_push_is_not_applied() {
    for platform in platforms() {
        let world = World::new(platform);
        let pull = with_building(&world, 7, "生产楼");
        world.plan(&pull).exits(0);
        let text = world.origin.read(MANIFEST).unwrap() + "  - name: Paris\n";
        let pull = world.origin.push_to(&pull, MANIFEST, &text);
        world.merge(&pull);
        world.after_push().exits(4).says("shows no plan of its last commit");
        assert_eq!(world.count(Operation::Create), 0);
    }
}

#[test]
fn what_others_write_below_a_pull_request_is_no_plan() {
    for platform in platforms() {
        let world = World::new(platform);
        let pull = with_building(&world, 7, "生产楼");
        (0..150).for_each(|_| world.forge.stranger_says(7, "looks good to me"));
        let forged = format!("<!-- roomtree head={} fingerprint={} -->", pull.head, "0".repeat(64));
        world.forge.stranger_says(7, &forged);
        world.merge(&pull);
        world.after_push().exits(4).says("shows no plan of its last commit");
        world.plan(&pull).exits(0);
        world.forge.stranger_says(7, &forged);
        world.after_push().exits(0);
        world.id("生产楼");
    }
}

#[test]
fn what_was_pushed_without_a_pull_request_is_not_applied() {
    for platform in platforms() {
        let world = World::new(platform);
        world.origin.commit_to_main("README.md", "Our rooms\n");
        world.after_push().exits(0).says("Nothing to apply");
        let text = world.origin.read(MANIFEST).unwrap() + "  - name: Paris\n";
        world.origin.commit_to_main(MANIFEST, &text);
        let refused = world.after_push().exits(4).says("came by no pull request");
        assert!(!world.names().contains(&"Paris".to_owned()));
        world.by_hand(&refused.fingerprint()).exits(0);
        world.id("Paris");
        world.is_recorded();
    }
}

#[test]
fn a_manifest_with_a_mistake_is_told_and_never_applied() {
    for platform in platforms() {
        let world = World::new(platform);
        let pull = world.origin.pull(7, MANIFEST, "version: 1\ngroups:\n  - nam: 北京\n");
        world.plan(&pull).exits(1);
        let comments = world.forge.comments(7);
        assert!(comments[0].contains("no plan that could be applied") && comments[0].contains("`nam`"), "{comments:?}");
        world.merge(&pull);
        world.after_push().exits(4).says("no plan of its last commit").says("`nam`");
        assert_eq!(world.count(Operation::Create) + world.count(Operation::List), 0);
    }
}

#[test]
fn a_pull_request_that_changes_the_state_is_pointed_out() {
    for platform in platforms() {
        let world = World::new(platform);
        let state = world.origin.read(STATE).unwrap().replace("\"serial\": 1", "\"serial\": 2");
        world.plan(&world.origin.pull(7, STATE, &state)).exits(0);
        assert!(world.forge.comments(7)[0].contains("changes the state"));
        world.plan(&with_building(&world, 8, "生产楼")).exits(0);
        assert!(!world.forge.comments(8)[0].contains("changes the state"));
    }
}

#[test]
fn an_organization_that_was_there_before_is_brought_in() {
    for platform in platforms() {
        let world = World::new(platform);
        world.sandbox.add_group(world.id("上海"), "虹桥办公室");
        let (manifest, state) = world.pulled();
        let pull = world.origin.pull(7, MANIFEST, &manifest);
        let pull = world.origin.push_to(&pull, STATE, &state);
        world.plan(&pull).exits(0).says("changes the state");
        world.merge(&pull);
        world.after_push().exits(0).says("Nothing to apply");
        world.at_night().exits(0);
        world.is_recorded();
    }
}

#[test]
fn a_fork_gets_its_plan_and_no_token_that_may_write() {
    for platform in platforms().into_iter().filter(|platform| *platform == Platform::GitHub) {
        let world = World::new(platform);
        let pull = with_building(&world, 7, "生产楼");
        let outcome = world.plan_from("stranger/rooms", &pull).exits(0).says("生产楼");
        assert_eq!(outcome.jobs, ["plan"]);
        assert_eq!(world.forge.book().writes, [""; 0]);
        world.merge(&pull);
        let refused = world.after_push().exits(4).says("shows no plan");
        world.by_hand(&refused.fingerprint()).exits(0);
        world.is_recorded();
    }
}
