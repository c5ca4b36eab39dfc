//! A figure as several runs gave it.

use serde::{Deserialize, Serialize};

/// The middle of several runs, and how far they went.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) runs: usize,
}

impl Spread {
    /// Sums up what was measured; an odd number of runs makes the median one of them.
    pub(crate) fn of(mut all: Vec<f64>) -> Self {
        all.sort_by(f64::total_cmp);
        let at = |index: usize| all.get(index).copied().unwrap_or(f64::NAN);
        Self { median: at(all.len() / 2), min: at(0), max: at(all.len().saturating_sub(1)), runs: all.len() }
    }

    /// A figure that was counted or worked out, not measured.
    pub(crate) fn exact(value: f64) -> Self {
        Self::of(vec![value])
    }

    /// Converts every run.
    pub(crate) fn map(self, convert: impl Fn(f64) -> f64) -> Self {
        let (a, b) = (convert(self.min), convert(self.max));
        Self { median: convert(self.median), min: a.min(b), max: a.max(b), runs: self.runs }
    }

    /// Says whether two figures may be one and the same, as far as their runs tell.
    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.min <= other.max && other.min <= self.max
    }
}
