//! How long to wait before the next attempt: doubling, capped, jittered.

use std::time::Duration;

/// A sequence of waits, each twice the one before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    pub(crate) first: Duration,
    pub(crate) cap: Duration,
}

impl Backoff {
    /// Returns the wait after this many failures in a row (from 1).
    pub(crate) fn after(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(20);
        self.first.saturating_mul(1 << doublings).min(self.cap)
    }

    /// Shortens a wait by up to a half; `chance` runs from 0 to 1. So that many clients do not come back as one.
    pub(crate) fn jittered(&self, failures: u32, chance: f64) -> Duration {
        self.after(failures).mul_f64(1.0 - chance.clamp(0.0, 1.0) / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::dingtalk::pacing::backoff::Backoff;

    #[test]
    fn waits_double_up_to_the_cap() {
        let backoff = Backoff { first: Duration::from_secs(1), cap: Duration::from_secs(30) };
        let waits: Vec<u64> = (1..8).map(|failures| backoff.after(failures).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(backoff.after(u32::MAX).as_secs(), 30);
        assert_eq!(backoff.jittered(2, 1.0).as_secs(), 1);
    }
}
