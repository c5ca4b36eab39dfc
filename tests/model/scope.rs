//! How far the model goes, and what it assumes of DingTalk.

/// The bounds of one check. What is bounded is counted over a whole life: every run, every crash.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope {
    pub(crate) name: &'static str,
    /// 1: a group. 2: a group and one below it.
    pub(crate) groups: usize,
    /// The most creates sent for one group, in all runs together.
    pub(crate) creates: usize,
    /// How often a group is tried in one run.
    pub(crate) tries: u8,
    /// How many runs there are.
    pub(crate) runs: u8,
    /// How many of them may die.
    pub(crate) crashes: u8,
    /// How many groups a stranger makes.
    pub(crate) strangers: u8,
    /// How many lists may be stale.
    pub(crate) stale: u8,
    /// How many calls are refused, and how many are throttled.
    pub(crate) refusals: u8,
    /// Whether a commit lands within the settle time after its answer was lost, or whenever it likes.
    pub(crate) timely: bool,
    /// Whether a list may still be stale after the settle time.
    pub(crate) lags: bool,
}

/// Says whether the wider bounds were asked for.
pub(crate) fn is_deep() -> bool {
    std::env::var("ROOMTREE_MODEL").is_ok_and(|size| size == "deep")
}
