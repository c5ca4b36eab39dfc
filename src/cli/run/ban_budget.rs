//! Limits the total time that a run waits for IP bans to lift (`--wait`).

use std::cell::Cell;
use std::time::Duration;

/// The waiting time that is left to a run: before its first change and, with the rest, after it.
#[derive(Debug)]
pub(crate) struct BanBudget(Cell<Duration>);

impl BanBudget {
    pub(crate) fn new(total: Duration) -> Self {
        Self(Cell::new(total))
    }

    /// Takes this time from the budget; returns whether enough was left. Otherwise the budget stays as it is.
    pub(crate) fn spend(&self, wait: Duration) -> bool {
        let left = self.left().checked_sub(wait);
        left.inspect(|left| self.0.set(*left)).is_some()
    }

    pub(crate) fn left(&self) -> Duration {
        self.0.get()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::cli::run::ban_budget::BanBudget;

    #[test]
    fn ban_budget_is_a_total_over_all_bans() {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        let budget = BanBudget::new(minutes(9));
        assert!(budget.spend(minutes(5)));
        assert_eq!(budget.left(), minutes(4));
        assert!(!budget.spend(minutes(5)));
        assert!(budget.spend(minutes(4)));
        assert_eq!(budget.left(), Duration::ZERO);
    }
}
