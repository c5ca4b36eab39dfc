//! The fault that a story is about, besides the faults that any story may have.
//!
//! A theme has its own generator, so that a seed keeps its tree and settings when themes change.

use fastrand::Rng;

use crate::script::{Blow, Change, What, When};
use crate::story::{Edit, Found, Round, Story};
use crate::tree::Shape;

/// What a story is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Nothing in particular.
    Any,
    /// Lists lack recorded groups; reads of single groups may fail.
    HiddenGroups,
    /// The state is lost, and the first list lacks groups.
    LostState,
    /// Creates are answered with the id of another group.
    WrongIds,
    /// Ids have another form than the documented one.
    IdForms,
    /// Others change DingTalk while the confirmation prompt is open.
    Prompt,
    /// Others change DingTalk while the process is stopped.
    Suspension,
}

/// Themes by weight: each fault is in at least 200 of 2,000 stories.
const WEIGHTS: [(Theme, u32); 7] = [
    (Theme::Any, 3),
    (Theme::HiddenGroups, 6),
    (Theme::LostState, 5),
    (Theme::WrongIds, 5),
    (Theme::IdForms, 9),
    (Theme::Prompt, 5),
    (Theme::Suspension, 5),
];

/// Failures of a read that prove nothing about the group: each strikes every read, those of listed groups too.
const READ_FAILURES: [&str; 18] = [
    "permission",
    "permission",
    "ip",
    "quota",
    "html",
    "deny",
    "500-before",
    "502-before",
    "reset-before",
    "stall-before(4s)",
    "garbage-after",
    "empty-after",
    "null-after",
    "truncated-after",
    "error(400,param.error)",
    "error(400,group.not.found)",
    "error(500,group.query.error)",
    "error(400,org.not.found)",
];

/// The id of the first group that the sandbox has: the root, or a group that has nothing to do with the tree.
const OLDEST: u64 = 1001;

const FORMS: [&str; 4] = ["text-ids", "text-ids", "null-parent", "no-parent"];

impl Theme {
    /// Returns the theme of a seed.
    pub(crate) fn of(seed: u64) -> Self {
        let weights: u32 = WEIGHTS.iter().map(|(_, weight)| weight).sum();
        let mut at = random(seed).u32(..weights);
        for (theme, weight) in WEIGHTS {
            if at < weight {
                return theme;
            }
            at -= weight;
        }
        Self::Any
    }

    /// Changes a story to be about this theme.
    pub(crate) fn shape(self, story: &mut Story) {
        let mut random = random(story.seed ^ 0x5EED);
        match self {
            Self::Any => {}
            Self::HiddenGroups => hide_groups(story, &mut random),
            Self::LostState => lose_state(story, &mut random),
            Self::WrongIds => answer_wrong_ids(story, &mut random),
            Self::IdForms => story.form = Some(FORMS[random.usize(..FORMS.len())]),
            Self::Prompt => ask(story, &mut random),
            Self::Suspension => suspend(story, &mut random),
        }
    }
}

fn random(seed: u64) -> Rng {
    Rng::with_seed(seed.wrapping_mul(0xD1B5_4A32_D192_ED03) ^ 0x7E3E)
}

/// Leaves one run that builds the tree: nothing but the theme goes wrong.
fn clear(story: &mut Story, random: &mut Rng) {
    story.scene.clear();
    story.token_life = 7_200_000;
    while story.tree.nodes.len() < 4 {
        story.tree.sprout(random, Shape::Bush);
    }
    story.rounds = vec![Round::default()];
}

fn hide_groups(story: &mut Story, random: &mut Rng) {
    clear(story, random);
    for _ in 0..random.usize(1..=2) {
        let mut round = Round::default();
        let when = ["@1", "@1..2", "@1..3", "@1..4", ""][random.usize(..5)];
        if !when.is_empty() && random.bool() {
            // An unknown create cannot be found in lists that lack groups for good.
            round.edit = Edit::Add(random.usize(1..4), random.u64(..));
        }
        round.script.faults = vec![format!("list:lacks({}%){when}", random.u8(20..=100))];
        if random.u8(..8) > 0 {
            let failure = READ_FAILURES[random.usize(..READ_FAILURES.len())];
            // The time limit that it takes is for all calls.
            round.edit = if failure.starts_with("stall") { Edit::Keep } else { round.edit };
            round.script.faults.push(format!("read:{failure}"));
        }
        story.rounds.push(round);
    }
}

/// The top is the root here: a list with nothing below another root is the gap that `docs/gitops.md` describes.
fn lose_state(story: &mut Story, random: &mut Rng) {
    clear(story, random);
    story.is_rooted = false;
    let mut round = Round { edit: Edit::LoseState, ..Round::default() };
    round.script.faults = vec![format!("list:lacks({}%)@1", random.u8(25..100))];
    story.rounds.push(round);
}

/// The oldest group is in the list before the first run.
fn answer_wrong_ids(story: &mut Story, random: &mut Rng) {
    story.scene.insert(0, Found::Unrelated);
    let (size, count) = (story.tree.nodes.len(), story.rounds.len());
    for round in &mut story.rounds[..random.usize(1..=count)] {
        let effect = [format!("id-before({OLDEST})"), format!("id-after({OLDEST})")];
        let effect = &effect[random.usize(..2)];
        let when = [String::new(), "@1".to_owned(), format!("@1..{}", random.usize(1..=size)), "=50%".to_owned()];
        round.script.faults.insert(0, format!("create:{effect}{}", when[random.usize(..4)]));
    }
}

/// One round is confirmed at a prompt, and others change something while it is open.
fn ask(story: &mut Story, random: &mut Rng) {
    clear(story, random);
    let size = story.tree.nodes.len();
    let mut round = Round { asks: true, ..Round::default() };
    let mut change = Change::draw(random, size);
    match random.u8(..4) {
        0 => {
            story.rounds.clear();
            change = Change::Make(random.usize(..size));
        }
        1 => {
            let at = random.usize(..size);
            (round.edit, round.prunes) = (Edit::Cut(at), true);
            change = if random.bool() { Change::Rename(at) } else { Change::Delete(at) };
        }
        _ => round.edit = Edit::Add(random.usize(1..6), random.u64(..)),
    }
    round.script.blows = vec![Blow { when: When::AtPrompt, what: What::WhileAsked(change) }];
    story.rounds.push(round);
}

/// One round is stopped for longer than a run may be without a list, and others change something meanwhile.
fn suspend(story: &mut Story, random: &mut Rng) {
    clear(story, random);
    while story.tree.nodes.len() < 8 {
        story.tree.sprout(random, Shape::Bush);
    }
    (story.latency, story.concurrency) = (random.u64(10..60), story.concurrency.min(4));
    let size = story.tree.nodes.len();
    let mut round = Round::default();
    let mut when = When::AtCreate(random.u64(1..=3));
    if random.bool() {
        round.edit = Edit::Add(random.usize(4..9), random.u64(..));
    } else {
        story.rounds.clear();
        when = When::AtCreate(random.u64(1..=size as u64 / 2));
    }
    round.script.blows = vec![Blow { when, what: What::WhileStopped(Change::draw(random, size)) }];
    story.rounds.push(round);
}
