//! The fault that a story is about, besides the faults that any story may have.
//!
//! A theme has its own generator, so that a seed keeps its tree and settings when themes change.

use fastrand::Rng;

use crate::scenario::{Damage, Edit, Found, LONG, Round, Story};
use crate::script::{Blow, Change, What, When};
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
    /// Others change DingTalk while the confirmation prompt is open.
    Prompt,
    /// Others change DingTalk while the process is stopped.
    Suspension,
    /// Others change DingTalk after a plan was saved, before it is applied or at its prompt.
    SavedPlan,
    /// Records name other groups, and protected groups leave the manifest.
    Records,
}

/// Themes by weight. Each fault of [`FAULTS`] has to be in at least a tenth of the stories.
const WEIGHTS: [(Theme, u32); 8] = [
    (Theme::Any, 3),
    (Theme::HiddenGroups, 14),
    (Theme::LostState, 14),
    (Theme::WrongIds, 15),
    (Theme::Prompt, 11),
    (Theme::Suspension, 14),
    (Theme::SavedPlan, 15),
    (Theme::Records, 14),
];

/// The faults of themes, as the summary calls them.
pub(crate) const FAULTS: [&str; 11] = [
    HIDDEN_WITH_STATE,
    HIDDEN_WITHOUT_STATE,
    FAILING_READ,
    WRONG_ID,
    TEXT_IDS,
    NO_PARENT,
    WHILE_ASKED,
    WHILE_STOPPED,
    AFTER_PLAN,
    WRONG_RECORD,
    PROTECTED,
];
pub(crate) const HIDDEN_WITH_STATE: &str = "hidden groups, with a state";
pub(crate) const HIDDEN_WITHOUT_STATE: &str = "hidden groups, without a state";
pub(crate) const FAILING_READ: &str = "failing read";
pub(crate) const WRONG_ID: &str = "wrong id";
pub(crate) const TEXT_IDS: &str = "ids as text";
pub(crate) const NO_PARENT: &str = "no parentId";
pub(crate) const WHILE_ASKED: &str = "change while asked";
pub(crate) const WHILE_STOPPED: &str = "change while stopped";
pub(crate) const AFTER_PLAN: &str = "change after a saved plan";
pub(crate) const WRONG_RECORD: &str = "record of another group";
pub(crate) const PROTECTED: &str = "protected group pruned";

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

/// Forms of ids, in a third of all stories, whatever their theme.
const FORMS: [&str; 5] = ["text-ids", "text-ids", "null-parent", "no-parent", "empty-parent"];

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
            Self::Prompt => ask(story, &mut random),
            Self::Suspension => suspend(story, &mut random),
            Self::SavedPlan => save_plan(story, &mut random),
            Self::Records => confuse_records(story, &mut random),
        }
        story.form = FORMS.get(random.usize(..FORMS.len() * 3)).copied();
    }
}

fn random(seed: u64) -> Rng {
    Rng::with_seed(seed.wrapping_mul(0xD1B5_4A32_D192_ED03) ^ 0x7E3E)
}

/// Leaves one run that builds the tree: nothing but the theme goes wrong.
fn clear(story: &mut Story, random: &mut Rng) {
    story.scene.clear();
    story.token_life = LONG;
    while story.tree.nodes.len() < 4 {
        story.tree.sprout(random, Shape::Bush);
    }
    story.rounds = vec![Round::default()];
}

fn hide_groups(story: &mut Story, random: &mut Rng) {
    clear(story, random);
    if random.u8(..4) == 0 {
        delete_some(story, random);
    }
    for _ in 0..random.usize(1..=2) {
        let mut round = Round::default();
        let when = ["@1", "@1..2", "@1..3", "@1..4", ""][random.usize(..5)];
        if !when.is_empty() && random.bool() {
            // An unknown create cannot be found in lists that lack groups for good.
            round.edit = Edit::Add(random.usize(1..4), random.u64(..));
        }
        let share = random.u8(20..=100);
        round.script.faults = vec![format!("list:lacks({share}%){when}")];
        if random.u8(..8) > 0 {
            let failure = READ_FAILURES[random.usize(..READ_FAILURES.len())];
            // The time limit that it takes is for all calls.
            round.edit = if failure.starts_with("stall") { Edit::Keep } else { round.edit };
            // A group that every list lacks and whose reads alone return a code of absence is absent by all evidence.
            let is_of_hidden = !failure.starts_with("error") && random.bool();
            let fault = if is_of_hidden { format!("of-hidden({share}%,{failure})") } else { failure.to_owned() };
            round.script.faults.push(format!("read:{fault}"));
        }
        story.rounds.push(round);
    }
}

/// Some groups are gone and others are hidden: the absence of the ones proves nothing about the others.
fn delete_some(story: &mut Story, random: &mut Rng) {
    let mut round = Round { deleted_before: story.tree.first_leaves(2), ..Round::default() };
    let when = ["@1..3", "@1..4", ""][random.usize(..3)];
    round.script.faults = vec![format!("list:lacks({}%){when}", random.u8(20..70))];
    story.rounds.push(round);
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
    let size = story.tree.nodes.len();
    for round in &mut story.rounds {
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

/// One round applies a saved plan, and others change something before that or while it asks.
fn save_plan(story: &mut Story, random: &mut Rng) {
    clear(story, random);
    let size = story.tree.nodes.len();
    let mut change = Change::draw(random, size);
    let mut round = Round::default();
    if random.bool() {
        round.edit = Edit::Add(random.usize(1..6), random.u64(..));
    } else {
        story.rounds.clear();
        change = Change::Make(random.usize(..size));
    }
    if random.bool() {
        round.saved = Some(Some(change));
    } else {
        (round.saved, round.asks) = (Some(None), true);
        round.script.blows = vec![Blow { when: When::AtPrompt, what: What::WhileAsked(change) }];
    }
    story.rounds.push(round);
}

/// A damaged state has to be refused; the repaired one is pruned, and protection counts though the manifest no longer has it.
fn confuse_records(story: &mut Story, random: &mut Rng) {
    clear(story, random);
    story.scene.push(Found::Unrelated);
    let tree = &mut story.tree;
    let (east, west) = (tree.add("东区", None), tree.add("西区", None));
    let [first, second, other] =
        [("一层", east), ("二层", east), ("一层", west)].map(|(name, at)| tree.add(name, Some(at)));
    tree.nodes[if random.bool() { first } else { east }].is_protected = true;
    let (damage, cut) = match random.u8(..4) {
        0 => (Damage::Swap(first, second), vec![]),
        1 => (Damage::Swap(first, other), vec![]),
        2 => (Damage::Stranger(second), vec![second]),
        _ => (Damage::Swap(second, other), vec![second, west]),
    };
    let prunes = !cut.is_empty();
    let edit = Edit::CutAll(cut);
    story.rounds.push(Round { edit, prunes, damage: Some(damage), ..Round::default() });
    story.rounds.push(Round { edit: Edit::CutAll(vec![east, west]), prunes: true, ..Round::default() });
}
