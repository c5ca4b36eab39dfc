//! When a harmless read is repeated. Changes never are: their owner decides, with the plan at hand.
//!
//! | outcome | then |
//! |---|---|
//! | done, rejected | it stands |
//! | unknown or unreachable, and the kind ends the run (ban, certificate, …) | it stands |
//! | unknown, unreachable | again after 0.5, 1, 2, 4 s (each shortened by up to a half, at random), at most 4 times |
//! | throttled | again at the next permit, as long as the pauses before it are under 30 s together |
//!
//! An expired token is not seen here: the caller renews it once, which is no repetition of this kind.

use std::time::Duration;

use crate::dingtalk::outcome::CallOutcome;
use crate::dingtalk::pacing::backoff::Backoff;

/// What a client allows its reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RetryPolicy {
    /// How often a read is repeated after trouble.
    pub(crate) repeats: u32,
    /// The waits in between.
    pub(crate) backoff: Backoff,
    /// How long a read may have been held up by throttling and still be repeated.
    pub(crate) patience: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        let backoff = Backoff { first: Duration::from_millis(500), cap: Duration::from_secs(4) };
        Self { repeats: 4, backoff, patience: Duration::from_secs(30) }
    }
}

/// What one read has used up of its policy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Retries {
    policy: RetryPolicy,
    troubles: u32,
    throttled: Duration,
}

impl RetryPolicy {
    pub(crate) const fn begin(self) -> Retries {
        Retries { policy: self, troubles: 0, throttled: Duration::ZERO }
    }
}

impl Retries {
    /// Says how long to wait before the next attempt, or `None` if the outcome stands. `chance` is a random number from 0 to 1.
    pub(crate) fn next<T>(&mut self, outcome: &CallOutcome<T>, chance: f64) -> Option<Duration> {
        match outcome {
            CallOutcome::Done(_) | CallOutcome::Rejected(_) => None,
            CallOutcome::Throttled(failure) => self.after_throttle(failure.wait.unwrap_or_default()),
            CallOutcome::Unreachable(failure) | CallOutcome::Unknown(failure) if failure.ends_run() => None,
            CallOutcome::Unreachable(_) | CallOutcome::Unknown(_) => self.after_trouble(chance),
        }
    }

    /// The pacer holds the next permit back for as long as the pause lasts, so there is nothing to wait for here.
    fn after_throttle(&mut self, pause: Duration) -> Option<Duration> {
        let again = self.throttled < self.policy.patience;
        self.throttled += pause.max(Duration::from_millis(100));
        again.then_some(Duration::ZERO)
    }

    fn after_trouble(&mut self, chance: f64) -> Option<Duration> {
        self.troubles += 1;
        let again = self.troubles <= self.policy.repeats;
        again.then(|| self.policy.backoff.jittered(self.troubles, chance))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::dingtalk::api::Api;
    use crate::dingtalk::error::kind::{ApiError, ErrorKind};
    use crate::dingtalk::outcome::CallOutcome;
    use crate::dingtalk::pacing::retry::RetryPolicy;
    use crate::i18n::Message;

    fn failure(kind: ErrorKind, wait: Option<Duration>) -> ApiError {
        ApiError { api: Api::List, kind, status: None, code: None, message: Message::default(), request_id: None, wait }
    }

    #[test]
    fn trouble_is_met_four_times() {
        let trouble = CallOutcome::<()>::Unknown(failure(ErrorKind::Server, None));
        let mut retries = RetryPolicy::default().begin();
        let waits: Vec<_> = std::iter::from_fn(|| retries.next(&trouble, 0.0)).map(|wait| wait.as_millis()).collect();
        assert_eq!(waits, [500, 1000, 2000, 4000]);
    }

    #[test]
    fn throttling_is_borne_for_half_a_minute() {
        let throttled = CallOutcome::<()>::Throttled(failure(ErrorKind::RateOfApi, Some(Duration::from_secs(8))));
        let mut retries = RetryPolicy::default().begin();
        assert_eq!(std::iter::from_fn(|| retries.next(&throttled, 0.0)).count(), 4);
    }

    #[test]
    fn what_cannot_get_better_stands() {
        let mut retries = RetryPolicy::default().begin();
        assert_eq!(retries.next(&CallOutcome::Done(()), 0.0), None);
        assert_eq!(retries.next(&CallOutcome::<()>::Rejected(failure(ErrorKind::Parameter, None)), 0.0), None);
        assert_eq!(retries.next(&CallOutcome::<()>::Unknown(failure(ErrorKind::Banned, None)), 0.0), None);
        assert_eq!(retries.next(&CallOutcome::<()>::Unreachable(failure(ErrorKind::Certificate, None)), 0.0), None);
    }
}
