//! Trees of groups as plain data, and the shapes that are measured.
//!
//! A tree is a list in which every group stands behind the one above it, so that one walk from the front meets parents first.

use fastrand::Rng;

/// The groups of a chain from top to bottom.
const CHAIN: usize = 100;
/// The most groups in the spine of a caterpillar: a manifest may go a thousand deep.
const SPINE: usize = 400;
/// Every random tree grows from it.
const SEED: u64 = 2026;

/// For each group the one above it; none for those at the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tree {
    pub(crate) parents: Vec<Option<usize>>,
}

/// What a tree looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Three levels: cities of ten campuses of up to a hundred buildings.
    City,
    /// One level.
    Wide,
    /// Chains of a hundred.
    Chains,
    /// Chains of up to four hundred, with a leaf on each group of them.
    Caterpillars,
    /// Every group under one of those before it, or at the top, all alike.
    Random,
}

impl Shape {
    pub(crate) const ALL: [Self; 5] = [Self::City, Self::Wide, Self::Chains, Self::Caterpillars, Self::Random];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::Wide => "wide",
            Self::Chains => "chains",
            Self::Caterpillars => "caterpillars",
            Self::Random => "random",
        }
    }

    /// Returns a tree of so many groups, the same one each time.
    pub(crate) fn tree(self, groups: usize) -> Tree {
        let mut random = Rng::with_seed(SEED);
        let above = |index| match self {
            Self::City => city(groups, index),
            Self::Wide => None,
            Self::Chains => index.checked_sub(1).filter(|_| index % CHAIN > 0),
            Self::Caterpillars => caterpillar(groups, index),
            Self::Random => Some(random.usize(0..=index)).filter(|above| *above < index),
        };
        Tree { parents: (0..groups).map(above).collect() }
    }
}

/// Returns the group above one of a tree of cities.
fn city(groups: usize, index: usize) -> Option<usize> {
    let campus = 1 + (groups / 100).clamp(1, 100);
    let place = index % (1 + 10 * campus);
    let start = index - place;
    let within = place.checked_sub(1)? % campus;
    Some(if within == 0 { start } else { index - within })
}

/// Returns the group above one of a row of caterpillars: the spine has the even places, its leaves the odd ones.
fn caterpillar(groups: usize, index: usize) -> Option<usize> {
    let place = index % (2 * (groups / 2).clamp(1, SPINE));
    if place % 2 == 1 { Some(index - 1) } else { index.checked_sub(2).filter(|_| place > 0) }
}

impl Tree {
    pub(crate) fn len(&self) -> usize {
        self.parents.len()
    }

    /// Returns the level of each group; the top is 1.
    pub(crate) fn levels(&self) -> Vec<usize> {
        let mut levels = Vec::with_capacity(self.len());
        for above in &self.parents {
            levels.push(above.map_or(1, |above: usize| levels[above] + 1));
        }
        levels
    }

    /// Returns how many levels there are.
    pub(crate) fn height(&self) -> usize {
        self.levels().into_iter().max().unwrap_or(0)
    }
}
