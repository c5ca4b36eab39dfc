//! What goes wrong in a round: faults in the sandbox's own words, and things that happen to the run from outside.

use std::fmt;

use fastrand::Rng;

/// What one round has in store.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    pub(crate) faults: Vec<String>,
    pub(crate) blows: Vec<Blow>,
    /// The longest time from the loss of an answer to the commit, in milliseconds.
    pub(crate) lateness: u64,
    /// How far lists may be behind, in milliseconds.
    pub(crate) staleness: u64,
}

/// Something that happens from outside while roomtree runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blow {
    pub(crate) when: When,
    pub(crate) what: What,
}

/// When it happens.
#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    /// So many milliseconds after the start.
    After(u64),
    /// When the sandbox has seen so many creates in this round.
    AtCreate(u64),
    /// When it asks for confirmation.
    AtPrompt,
}

/// What happens.
#[derive(Clone, Copy, Debug)]
pub(crate) enum What {
    /// `kill -9`
    Kill,
    /// Ctrl-C, once.
    Interrupt,
    /// Ctrl-C, twice.
    InterruptTwice,
    /// A second run of the same manifest.
    Rival,
    /// All tokens end.
    Revoke,
    /// The sandbox is away for so many milliseconds: connections are refused.
    Outage(u64),
    /// Somebody makes a group of the name and in the place of this one of the tree.
    StrangerMakes(usize),
    /// Somebody deletes this one, and all that is in it.
    StrangerDeletes(usize),
    /// Somebody gives this one another name.
    StrangerRenames(usize),
    /// Somebody changes this while the confirmation prompt is open.
    WhileAsked(Change),
    /// Somebody changes this while the process is stopped.
    WhileStopped(Change),
}

/// A change that a run can see before it makes its next one. It is about this group of the tree, or about the first one after
/// it that the change fits.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change {
    /// A group is made that is missing.
    Make(usize),
    /// A group and all groups below it are deleted.
    Delete(usize),
    /// A group gets another name.
    Rename(usize),
}

impl Change {
    /// Draws a change for a tree of so many groups.
    pub(crate) fn draw(random: &mut Rng, size: usize) -> Self {
        let at = random.usize(..size);
        match random.u8(..4) {
            0 | 1 => Self::Make(at),
            2 => Self::Delete(at),
            _ => Self::Rename(at),
        }
    }
}

/// The effects after which nobody can tell whether a create was done.
const UNCLEAR: [&str; 20] = [
    "reset-before",
    "reset-after",
    "500-before",
    "500-after",
    "502-before",
    "502-after",
    "504-before",
    "504-after",
    "truncated-before",
    "truncated-after",
    "garbage-before",
    "garbage-after",
    "empty-before",
    "empty-after",
    "null-before",
    "null-after",
    "redirect-after",
    "huge-after(1)",
    "stall-before(4s)",
    "stall-after(4s)",
];

/// The effects that surely do nothing.
const REFUSALS: [&str; 6] = ["qps", "qps", "qps-all", "quota", "expired", "error(400,param.error)"];

/// The effects after which nothing goes any more.
const ENDS: [&str; 6] = ["quota", "html", "deny", "html(1s)", "permission", "ip"];

impl Script {
    /// Says whether no fault can lose the answer to a change.
    pub(crate) fn loses_nothing(&self) -> bool {
        let is_seen = |what: &What| matches!(what, What::WhileAsked(_) | What::WhileStopped(_));
        let is_read = |fault: &String| fault.starts_with("list:lacks") || fault.starts_with("read:");
        self.faults.iter().all(is_read) && self.blows.iter().all(|blow| is_seen(&blow.what))
    }

    /// Draws a script for a tree of so many groups.
    pub(crate) fn draw(random: &mut Rng, size: usize, settle: u64) -> Self {
        let mut script = Self::default();
        for _ in 0..[0, 1, 1, 1, 2, 3][random.usize(..6)] {
            script.add_fault(random, size, settle);
        }
        for _ in 0..[0, 0, 1, 1, 2][random.usize(..5)] {
            script.blows.push(Blow::draw(random, size));
        }
        script
    }

    fn add_fault(&mut self, random: &mut Rng, size: usize, settle: u64) {
        let fault = match random.u8(..100) {
            0..45 => format!("create:{}{}", pick(random, &UNCLEAR), when(random, size)),
            45..58 => self.late(random, settle) + &when(random, size),
            58..68 => self.stale(random, settle) + &rate(random),
            68..76 => format!("create:{}{}", pick(random, &REFUSALS), when(random, size)),
            76..82 => format!("*:{}@{}..", pick(random, &ENDS), random.usize(2..size + 4)),
            82..88 => format!("list:{}@{}", pick(random, &UNCLEAR[..16]), random.u8(1..4)),
            88..92 => format!("token:{}@{}", pick(random, &UNCLEAR[..16]), random.u8(1..3)),
            92..95 => format!("delete:{}@1..2", pick(random, &UNCLEAR[..16])),
            95..98 => format!("rename:{}@1..2", pick(random, &UNCLEAR[..16])),
            _ => format!("create:qpm@{}", random.usize(1..=size)),
        };
        self.faults.push(fault);
    }

    fn late(&mut self, random: &mut Rng, settle: u64) -> String {
        let lateness = delay(random, settle);
        self.lateness = self.lateness.max(lateness);
        if random.bool() { format!("create:late({lateness}ms)") } else { format!("create:late-stall({lateness}ms,4s)") }
    }

    fn stale(&mut self, random: &mut Rng, settle: u64) -> String {
        let staleness = delay(random, settle);
        self.staleness = self.staleness.max(staleness);
        format!("list:stale({staleness}ms)")
    }
}

impl Blow {
    fn draw(random: &mut Rng, size: usize) -> Self {
        let when = if random.bool() {
            let most = 1 << random.u8(4..11);
            When::After(random.u64(0..most))
        } else {
            When::AtCreate(random.u64(1..=size as u64))
        };
        let at = random.usize(..size);
        let what = match random.u8(..100) {
            0..35 => What::Kill,
            35..50 => What::Interrupt,
            50..54 => What::InterruptTwice,
            54..62 => What::Rival,
            62..68 => What::Revoke,
            68..76 => What::Outage(random.u64(20..500)),
            76..86 => What::StrangerMakes(at),
            86..94 => What::StrangerDeletes(at),
            _ => What::StrangerRenames(at),
        };
        Self { when, what }
    }
}

/// Mostly shorter than what roomtree waits, now and then longer.
fn delay(random: &mut Rng, settle: u64) -> u64 {
    if random.u8(..4) > 0 { random.u64(5..settle / 3) } else { random.u64(settle..settle * 3) }
}

fn when(random: &mut Rng, size: usize) -> String {
    let first = random.usize(1..=size);
    match random.u8(..5) {
        0 | 1 => format!("@{first}"),
        2 => format!("@{first}..{}", first + random.usize(..6)),
        _ => rate(random),
    }
}

fn rate(random: &mut Rng) -> String {
    format!("={}%", [3, 10, 30, 60, 100][random.usize(..5)])
}

fn pick<'a>(random: &mut Rng, from: &[&'a str]) -> &'a str {
    from[random.usize(..from.len())]
}

impl fmt::Display for Blow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.when {
            When::After(time) => write!(f, "{:?} after {time} ms", self.what),
            When::AtCreate(number) => write!(f, "{:?} at create {number}", self.what),
            When::AtPrompt => write!(f, "{:?} at the prompt", self.what),
        }
    }
}
