//! `kill -9` at any instant of an apply; the next run finishes, and nothing is there twice or forgotten.
//!
//! `ROOMTREE_KILLS` says how many rounds are played (8 by default), `ROOMTREE_KILLS_SEED` where the first one starts.

use std::env;
use std::thread::sleep;
use std::time::Duration;

use roomtree::sandbox::{Config, Operation};

use crate::running::until;
use crate::test_env::Scene;
use crate::tree::Tree;

fn number(variable: &str, default: u64) -> u64 {
    env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn a_run_that_is_killed_at_any_instant_is_finished_by_the_next() {
    let first = number("ROOMTREE_KILLS_SEED", 0);
    for seed in first..first + number("ROOMTREE_KILLS", 8) {
        round(seed);
    }
}

/// Kills until a run ends by itself.
fn round(seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    let faults: &[&str] =
        [&[][..], &["create:reset-after=10%"], &["create:reset-before=10%"], &["create:late(20ms)=10%"]]
            [random.usize(..4)];
    let latency = ["off", "2ms", "1ms..20ms"][random.usize(..3)].parse().unwrap();
    let config = Config { seed, latency, ..Config::default() };
    let scene = Scene::with(config).wanting(Tree::fifteen()).faulty(faults);
    let mut kills = 0;
    while !ends(&scene, &mut random, kills) {
        kills += 1;
    }
    println!("round {seed}: {kills} kills");
    scene.apply().exits(0);
    scene.is_true();
    println!("round {seed}: {}", scene.calls());
}

/// Starts a run and kills it at a random instant; says whether it ended by itself before that.
fn ends(scene: &Scene, random: &mut fastrand::Rng, kills: u32) -> bool {
    let (seen, more) = (scene.count(Operation::Create), random.u64(0..6));
    let mut running = scene.start_apply();
    let mut over = false;
    until("calls come or the run ends", || {
        over = running.has_ended();
        over || kills < 4 && scene.count(Operation::Create) >= seen + more
    });
    if over {
        let ran = scene.look_at(running.ended());
        ran.exits(0);
        return true;
    }
    sleep(Duration::from_micros(random.u64(0..30_000)));
    scene.look_at(running.kill()).code == Some(0)
}
