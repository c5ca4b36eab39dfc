//! How long to go on when calls do not get through.
//!
//! A single call that is throttled or cannot be sent says little; a long row of them means that nothing will get through.

use std::time::Duration;

use tokio::time::Instant;

/// What has to be done after a call that did not get through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryDecision {
    /// Repeat it when the pacer permits.
    Repeat,
    /// Start nothing before this instant.
    HoldUntil(Instant),
    /// Give up: the row of failures is too long.
    GiveUp,
}

/// Counts the calls that did not get through since the last one that did.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CircuitBreaker {
    /// How long bans may be waited out, all together.
    bans: Duration,
    rounds: u32,
    hold: Option<Instant>,
    throttled_since: Option<Instant>,
}

impl CircuitBreaker {
    /// How many times in a row the network is tried, with growing pauses of about 30 s in all.
    const ROUNDS: u32 = 7;
    /// The first pause; each further one is twice as long.
    const FIRST_PAUSE: Duration = Duration::from_millis(250);
    /// How long answers may be nothing but throttles: more than DingTalk's longest window, a minute.
    const THROTTLED: Duration = Duration::from_secs(300);

    /// Waits out bans for so long, all together.
    pub(crate) fn new(bans: Duration) -> Self {
        Self { bans, ..Self::default() }
    }

    /// Takes note of a call that was answered.
    pub(crate) fn answered(&mut self) {
        *self = Self { hold: self.hold, bans: self.bans, ..Self::default() };
    }

    /// Takes note of an answer that bans this address for a time.
    pub(crate) fn banned(&mut self, now: Instant, wait: Duration) -> RetryDecision {
        let begins = self.hold.filter(|until| *until > now).unwrap_or(now);
        let until = (now + wait).max(begins);
        match self.bans.checked_sub(until - begins) {
            Some(left) => {
                (self.bans, self.hold) = (left, Some(until));
                RetryDecision::HoldUntil(until)
            }
            None => RetryDecision::GiveUp,
        }
    }

    /// Takes note of a call that could not be sent.
    ///
    /// Calls that were under way together fail together: they count as one round.
    pub(crate) fn unreachable(&mut self, now: Instant) -> RetryDecision {
        if let Some(until) = self.hold.filter(|until| *until > now) {
            return RetryDecision::HoldUntil(until);
        }
        if self.rounds == Self::ROUNDS {
            return RetryDecision::GiveUp;
        }
        let until = now + Self::FIRST_PAUSE * 2_u32.pow(self.rounds);
        self.rounds += 1;
        self.hold = Some(until);
        RetryDecision::HoldUntil(until)
    }

    /// Takes note of a call that was throttled.
    pub(crate) fn throttled(&mut self, now: Instant) -> RetryDecision {
        let since = *self.throttled_since.get_or_insert(now);
        if now - since > Self::THROTTLED { RetryDecision::GiveUp } else { RetryDecision::Repeat }
    }

    /// Returns until when nothing may be started.
    #[must_use]
    pub(crate) fn hold(&self, now: Instant) -> Option<Instant> {
        self.hold.filter(|until| *until > now)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use crate::apply::circuit_breaker::{CircuitBreaker, RetryDecision};

    #[test]
    fn calls_that_fail_together_count_once() {
        let (mut breaker, now) = (CircuitBreaker::default(), Instant::now());
        let first = breaker.unreachable(now);
        assert_eq!(first, RetryDecision::HoldUntil(now + CircuitBreaker::FIRST_PAUSE));
        assert_eq!(breaker.unreachable(now), first);
        assert_eq!(breaker.rounds, 1);
    }

    #[test]
    fn a_network_that_stays_away_is_given_up() {
        let (mut breaker, mut now) = (CircuitBreaker::default(), Instant::now());
        for _ in 0..CircuitBreaker::ROUNDS {
            let RetryDecision::HoldUntil(until) = breaker.unreachable(now) else { panic!("given up too early") };
            now = until;
        }
        assert_eq!(breaker.unreachable(now), RetryDecision::GiveUp);
        breaker.answered();
        assert!(matches!(breaker.unreachable(now), RetryDecision::HoldUntil(_)));
    }

    #[test]
    fn a_ban_is_waited_out_within_the_time_that_was_given_for_it() {
        let (mut breaker, now) = (CircuitBreaker::new(Duration::from_secs(400)), Instant::now());
        let minutes = Duration::from_secs(300);
        assert_eq!(breaker.banned(now, minutes), RetryDecision::HoldUntil(now + minutes));
        let later = now + Duration::from_secs(1);
        assert_eq!(
            breaker.banned(later, minutes),
            RetryDecision::HoldUntil(later + minutes),
            "calls in flight share a ban"
        );
        assert_eq!(breaker.banned(now + minutes * 2, minutes), RetryDecision::GiveUp);
        assert_eq!(CircuitBreaker::default().banned(now, minutes), RetryDecision::GiveUp);
    }

    #[test]
    fn throttling_is_borne_for_minutes() {
        let (mut breaker, now) = (CircuitBreaker::default(), Instant::now());
        assert_eq!(breaker.throttled(now), RetryDecision::Repeat);
        assert_eq!(breaker.throttled(now + Duration::from_secs(299)), RetryDecision::Repeat);
        assert_eq!(breaker.throttled(now + Duration::from_secs(301)), RetryDecision::GiveUp);
    }
}
