//! The nightly check: drift is told, once, and taken back when it is gone.

use roomtree::sandbox::Operation;

use crate::review::with_building;
use crate::world::{World, fingerprint, platforms};

#[test]
fn a_quiet_night_costs_one_call_and_says_nothing() {
    for platform in platforms() {
        let world = World::new(platform);
        world.at_night().exits(0);
        assert!(world.forge.issues().is_empty());
        assert_eq!(world.count(Operation::List), 1);
        assert_eq!(world.forge.book().writes, [""; 0]);
    }
}

#[test]
fn drift_is_told_in_one_issue_that_is_closed_when_it_is_gone() {
    for platform in platforms() {
        let world = World::new(platform);
        world.sandbox.remove_group(world.id("King's Cross"));
        world.at_night().exits(2).says("Somebody changed DingTalk");
        world.sandbox.remove_group(world.id("研发楼"));
        world.at_night().exits(2);
        let issues = world.forge.issues();
        assert_eq!(issues.len(), 1);
        assert_eq!(issues[0].title, "DingTalk is not what rooms.yaml says");
        assert!(issues[0].body.contains("King's Cross") && issues[0].body.contains("研发楼"), "{}", issues[0].body);
        world.by_hand(&fingerprint(&issues[0].body)).exits(0);
        let renamed = world.id("King's Cross");
        world.sandbox.rename_group(renamed, "Queen's Cross");
        world.at_night().exits(4).says("Something stands against every plan");
        world.sandbox.rename_group(renamed, "King's Cross");
        world.at_night().exits(0);
        assert!(world.forge.issues().is_empty());
    }
}

#[test]
fn what_was_merged_and_not_applied_is_not_called_drift() {
    for platform in platforms() {
        let world = World::new(platform);
        let pull = with_building(&world, 7, "生产楼");
        world.merge(&pull);
        world.at_night().exits(2).says("not applied yet");
        assert!(world.forge.issues()[0].body.contains("生产楼"));
    }
}

#[test]
fn what_stands_against_every_plan_is_told() {
    for platform in platforms() {
        let world = World::new(platform);
        let pull = with_building(&world, 7, "生产楼");
        world.merge(&pull);
        let above = world.id("亦庄园区");
        world.sandbox.add_group(above, "生产楼");
        world.sandbox.add_group(above, "生产楼");
        world.at_night().exits(4).says("Something stands against every plan");
        assert!(world.forge.issues()[0].body.contains("生产楼"));
    }
}

#[test]
fn a_check_that_cannot_be_made_fails_and_opens_no_issue() {
    for platform in platforms() {
        let world = World::new(platform);
        world.sandbox.add_fault("list:error(400,org.not.found)".parse().unwrap());
        world.at_night().exits(5).says("could not be made");
        assert!(world.forge.issues().is_empty());
    }
}
