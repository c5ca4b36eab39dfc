//! One story: a tree, the settings of roomtree and of the sandbox, and the rounds that go wrong. All of it comes from one seed.

use std::fmt;

use fastrand::Rng;

use crate::script::{Blow, Change, Script};
use crate::theme::Theme;
use crate::tree::{Shape, Tree};

/// The usual life of a token, in milliseconds.
pub(crate) const LONG: u64 = 7_200_000;

/// One story.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    pub(crate) seed: u64,
    pub(crate) tree: Tree,
    /// Whether the tree is built under a group that was there before.
    pub(crate) is_rooted: bool,
    pub(crate) settle: u64,
    pub(crate) timeout: u64,
    pub(crate) concurrency: u16,
    pub(crate) qps: String,
    pub(crate) is_json: bool,
    /// The sandbox's answer time, in milliseconds.
    pub(crate) latency: u64,
    /// The life of a token, in milliseconds.
    pub(crate) token_life: u64,
    /// The form of the ids in all answers, if it is not the documented one.
    pub(crate) form: Option<&'static str>,
    pub(crate) scene: Vec<Found>,
    pub(crate) rounds: Vec<Round>,
}

/// What is there before the first run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Found {
    /// A group that has nothing to do with the tree.
    Unrelated,
    /// This group of the tree, and those above it.
    Made(usize),
    /// The same, twice.
    Duplicates(usize),
}

/// One run of roomtree, and what is done to it. By default nothing goes wrong.
#[derive(Clone, Debug, Default)]
pub(crate) struct Round {
    pub(crate) edit: Edit,
    pub(crate) script: Script,
    /// Whether it runs on a terminal and is confirmed there.
    pub(crate) asks: bool,
    /// Whether it runs with `--prune`.
    pub(crate) prunes: bool,
    /// The groups that others delete before the run.
    pub(crate) deleted_before: Vec<usize>,
    /// Whether it applies a plan that was saved before, and the change that others make in between.
    pub(crate) saved: Option<Option<Change>>,
    /// The damage to the state during this run; afterwards it is repaired.
    pub(crate) damage: Option<Damage>,
}

/// A state that was damaged or merged wrongly: some of its records name other groups.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Damage {
    /// These two groups have each other's ids.
    Swap(usize, usize),
    /// This group has the id of the oldest group, which others made.
    Stranger(usize),
}

/// What is done to the manifest before a round.
#[derive(Clone, Debug, Default)]
pub(crate) enum Edit {
    #[default]
    Keep,
    /// So many more groups, drawn from this seed.
    Add(usize, u64),
    /// This group is taken out, and all that is in it.
    Cut(usize),
    /// The same for several groups.
    CutAll(Vec<usize>),
    /// All that was taken out comes back.
    Restore,
    /// The manifest stays, and the state is removed.
    LoseState,
}

impl Story {
    /// Draws a story.
    pub(crate) fn draw(seed: u64) -> Self {
        let mut story = Self::draw_any(seed);
        Theme::of(seed).shape(&mut story);
        story
    }

    fn draw_any(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x0A11_7EE5);
        let is_rooted = random.u8(..8) == 0;
        let size = if random.u8(..4) == 0 { random.usize(1..=3) } else { random.usize(1..=40) };
        let tree = Tree::grow(&mut random, size, if is_rooted { 2 } else { 3 });
        let settle = random.u64(250..700);
        let rounds = (0..random.usize(1..=4)).map(|number| Round::draw(&mut random, number, size, settle)).collect();
        Self {
            seed,
            is_rooted,
            settle,
            timeout: random.u64(300..900),
            concurrency: [1, 2, 4, 8, 32, 64][random.usize(..6)],
            qps: ["off", "off", "off", "500", "100"][random.usize(..5)].to_owned(),
            is_json: random.u8(..5) > 0,
            latency: [0, 0, 3, 15, 40][random.usize(..5)],
            token_life: if random.u8(..6) == 0 { random.u64(400..2000) } else { LONG },
            form: None,
            scene: scene(&mut random, size),
            tree,
            rounds,
        }
    }

    /// Begins a story that is written out, about so many groups side by side.
    pub(crate) fn plain(size: usize) -> Self {
        Self {
            seed: 0,
            tree: Tree::row(size),
            is_rooted: false,
            settle: 300,
            timeout: 2000,
            concurrency: 4,
            qps: "off".to_owned(),
            is_json: true,
            latency: 0,
            token_life: LONG,
            form: None,
            scene: Vec::new(),
            rounds: Vec::new(),
        }
    }

    /// Adds a round.
    pub(crate) fn round(mut self, edit: Edit, faults: &[&str], blows: &[Blow]) -> Self {
        let faults = faults.iter().map(|fault| (*fault).to_owned()).collect();
        let script = Script { faults, blows: blows.to_vec(), ..Script::default() };
        self.rounds.push(Round { edit, script, ..Round::default() });
        self
    }

    /// Says whether no fault can lose the answer to a change, so that roomtree can know everything.
    pub(crate) fn loses_nothing(&self) -> bool {
        self.rounds.iter().all(|round| round.script.loses_nothing())
    }

    /// Returns the time limit of a call in milliseconds: short only where calls are not answered in time.
    pub(crate) fn timeout_of(&self, round: &Round) -> u64 {
        let is_stalled = round.script.faults.iter().any(|fault| fault.contains("stall"));
        match (is_stalled, round.script.loses_nothing()) {
            (false, _) => 60_000,
            (true, true) => 2_000,
            (true, false) => self.timeout,
        }
    }

    /// Says how long answers, commits and lists may be behind together, in milliseconds.
    pub(crate) fn slack(&self) -> u64 {
        let behind = |round: &Round| (round.script.lateness, round.script.staleness);
        let (late, stale): (Vec<_>, Vec<_>) = self.rounds.iter().map(behind).unzip();
        late.into_iter().max().unwrap_or(0) + stale.into_iter().max().unwrap_or(0)
    }
}

fn scene(random: &mut Rng, size: usize) -> Vec<Found> {
    let mut found = Vec::new();
    for _ in 0..[0, 0, 0, 1, 2][random.usize(..5)] {
        found.push(match random.u8(..5) {
            0 | 1 => Found::Unrelated,
            2 | 3 => Found::Made(random.usize(..size)),
            _ => Found::Duplicates(random.usize(..size)),
        });
    }
    found
}

impl Round {
    /// Says whether nothing goes wrong.
    pub(crate) fn is_calm(&self) -> bool {
        self.script.faults.is_empty() && self.script.blows.is_empty()
    }

    fn draw(random: &mut Rng, number: usize, size: usize, settle: u64) -> Self {
        let edit = match random.u8(..8) {
            _ if number == 0 => Edit::Keep,
            0 => Edit::Add(random.usize(1..8), random.u64(..)),
            1 => Edit::Cut(random.usize(..size)),
            2 => Edit::Restore,
            _ => Edit::Keep,
        };
        Self { edit, script: Script::draw(random, size, settle), ..Self::default() }
    }
}

impl Edit {
    /// Changes the tree.
    pub(crate) fn apply(&self, tree: &mut Tree) {
        match self {
            Self::Keep | Self::LoseState => {}
            Self::Add(count, seed) => {
                let mut random = Rng::with_seed(*seed);
                (0..*count).for_each(|_| tree.sprout(&mut random, Shape::Bush));
            }
            Self::Cut(at) => tree.nodes[*at].is_written = false,
            Self::CutAll(all) => all.iter().for_each(|at| tree.nodes[*at].is_written = false),
            Self::Restore => tree.nodes.iter_mut().for_each(|node| node.is_written = true),
        }
    }
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { settle, timeout, concurrency, qps, latency, token_life, .. } = self;
        let (theme, size) = (Theme::of(self.seed), self.tree.nodes.len());
        writeln!(f, "story {}: {theme:?}, {size} groups, rooted {}, ids {:?}", self.seed, self.is_rooted, self.form)?;
        writeln!(f, "  --settle {settle}ms --timeout {timeout}ms --concurrency {concurrency} --qps {qps}")?;
        writeln!(f, "  answers take {latency} ms, tokens live {token_life} ms, found before: {:?}", self.scene)?;
        for (number, round) in self.rounds.iter().enumerate() {
            write!(f, "  round {}: {:?}; faults {:?}", number + 1, round.edit, round.script.faults)?;
            write!(f, "{}{}", if round.asks { "; asks" } else { "" }, if round.prunes { "; --prune" } else { "" })?;
            if let Some(change) = &round.saved {
                write!(f, "; saved plan, then {change:?}")?;
            }
            if !round.deleted_before.is_empty() {
                write!(f, "; others have deleted {:?}", round.deleted_before)?;
            }
            if let Some(damage) = &round.damage {
                write!(f, "; damaged state: {damage:?}")?;
            }
            round.script.blows.iter().try_for_each(|blow| write!(f, "; {blow}"))?;
            writeln!(f)?;
        }
        Ok(())
    }
}
