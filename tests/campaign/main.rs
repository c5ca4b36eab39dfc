//! The fault campaign: stories in which everything goes wrong, and an oracle that says whether each group is there exactly once.
//!
//! ```text
//! seed ─► story ─► runner ─► roomtree (a child process) ─► HTTP ─► sandbox (in this process)
//!                     └────► oracle ◄── files, groups, exit codes, reports
//! ```
//!
//! `cargo test` plays the same stories each time. `docs/reliability.md` describes how to play thousands, or one by its seed.
//!
//! To see that the campaign detects the loss of a protection, remove one in `src` (`docs/reliability.md` lists them), build that
//! roomtree to another path, and play `ROOMTREE_PROGRAM=PATH ROOMTREE_STORIES=200`: the campaign has to fail.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a campaign that cannot set its scene is to fail")]

#[path = "../tools/interruptible.rs"]
mod interruptible;
#[path = "../tools/mod.rs"]
mod tools;

mod child;
mod lag;
mod oracle;
mod others;
mod records;
mod regressions;
mod runner;
mod script;
mod scenario;
mod theme;
mod tree;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::Instant;

use tokio::task::JoinSet;

use crate::runner::{Tale, play};
use crate::scenario::Story;

/// How many stories are played when the environment does not say otherwise.
const STORIES: u64 = 100;

/// How many stories it takes to judge how often a fault occurs.
const ENOUGH: usize = 2000;

/// What is asked for in the environment.
struct Campaign {
    seeds: Vec<u64>,
    parallel: usize,
}

/// What all stories have come to.
#[derive(Default)]
struct Sum {
    stories: usize,
    strict: usize,
    runs: usize,
    kills: usize,
    slow_farewells: usize,
    duplicates_told: usize,
    exits: BTreeMap<i32, usize>,
    /// In how many stories each fault of a theme took effect, and how many of these failed.
    struck: BTreeMap<&'static str, [usize; 2]>,
    failed: Vec<u64>,
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is to be a number")))
}

impl Campaign {
    fn asked() -> Self {
        let parallel = number("ROOMTREE_PARALLEL").map_or_else(|| lag::cores() * 6, |most| most as usize);
        let first = number("ROOMTREE_SEED").unwrap_or(1);
        let repeats = number("ROOMTREE_REPEAT").unwrap_or(1) as usize;
        let seeds = match number("ROOMTREE_STORY") {
            Some(seed) => vec![seed; repeats],
            None => (first..first + number("ROOMTREE_STORIES").unwrap_or(STORIES)).collect(),
        };
        Self { seeds, parallel }
    }

    async fn run(self) -> Sum {
        tokio::spawn(lag::watch());
        let (mut sum, mut stories, began) = (Sum::default(), JoinSet::new(), Instant::now());
        for (number, seed) in self.seeds.iter().enumerate() {
            while stories.len() >= self.parallel {
                sum.join(&mut stories, began).await;
            }
            let (seed, address) = (*seed, address(number));
            stories.spawn(async move { (seed, play(Story::draw(seed), address).await) });
        }
        while !stories.is_empty() {
            sum.join(&mut stories, began).await;
        }
        sum
    }
}

/// Each story has an address of its own, so that a port that is free for a moment is not taken by another one.
fn address(number: usize) -> Ipv4Addr {
    if cfg!(target_os = "linux") {
        let [.., a, b] = (number % 60_000 + 256).to_be_bytes();
        Ipv4Addr::new(127, 1, a, b)
    } else {
        Ipv4Addr::LOCALHOST
    }
}

impl Sum {
    async fn join(&mut self, stories: &mut JoinSet<(u64, Tale)>, began: Instant) {
        let Some(joined) = stories.join_next().await else { return };
        let (seed, tale) = joined.unwrap();
        self.add(seed, &tale);
        if self.stories.is_multiple_of(500) {
            println!("{} after {:.0?}", self.line(), began.elapsed());
        }
    }

    fn add(&mut self, seed: u64, tale: &Tale) {
        self.stories += 1;
        self.strict += usize::from(tale.is_strict);
        self.runs += tale.runs;
        self.kills += tale.kills;
        self.slow_farewells += tale.slow_farewells;
        self.duplicates_told += tale.duplicates_told;
        tale.exits.iter().for_each(|exit| *self.exits.entry(*exit).or_default() += 1);
        for fault in &tale.struck {
            let [stories, failed] = self.struck.entry(fault).or_default();
            *stories += 1;
            *failed += usize::from(tale.breach.is_some());
        }
        if let Some(breach) = &tale.breach {
            self.failed.push(seed);
            println!("FAILED: {breach}\n{}  {}", Story::draw(seed), tale.lines.join("\n  "));
            println!("  again: ROOMTREE_STORY={seed} cargo test --release --test campaign -- --nocapture\n");
        } else if std::env::var_os("ROOMTREE_STORY").is_some() {
            println!("{}  {}", Story::draw(seed), tale.lines.join("\n  "));
        }
    }

    /// Returns the faults of themes that were in less than a tenth of the stories, if these are enough to judge by.
    fn rare_faults(&self) -> Vec<&'static str> {
        let is_rare = |fault: &&str| self.struck.get(*fault).is_none_or(|[stories, _]| stories * 10 < self.stories);
        theme::FAULTS.into_iter().filter(|fault| self.stories >= ENOUGH && is_rare(fault)).collect()
    }

    fn line(&self) -> String {
        let Self { stories, strict, runs, kills, slow_farewells, duplicates_told, exits, failed, .. } = self;
        format!(
            "{stories} stories ({strict} in which everything can be known), {runs} runs, {kills} kills, exits {exits:?}, \
             {duplicates_told} duplicates told of, {slow_farewells} slow to stop, {} failed",
            failed.len()
        )
    }
}

#[test]
fn whatever_goes_wrong_each_group_is_there_exactly_once() {
    let began = Instant::now();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let sum = runtime.block_on(Campaign::asked().run());
    println!("{} in {:.0?}", sum.line(), began.elapsed());
    for fault in theme::FAULTS {
        let [stories, failed] = sum.struck.get(fault).copied().unwrap_or_default();
        println!("  {fault}: {stories} stories, {failed} failed");
    }
    assert_eq!(sum.rare_faults(), Vec::<&str>::new(), "faults in too few stories");
    assert!(sum.failed.is_empty(), "stories failed, see above: {:?}", sum.failed);
}
