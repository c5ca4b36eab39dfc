//! How many calls a second an API permits, as far as that is known: what the user said, or what was found out.
//!
//! DingTalk counts in a sliding second, so a call that it refuses right after a pause tells the limit exactly: as many as it
//! took since. A limit below what the user said is kept to; now and then one call more is tried, less and less often, since
//! whoever shared the limit may be done. Throttled calls cost no quota (`how-to-process-api-throttling-on-the-dingtalk-server`).

use std::time::Duration;

use tokio::time::Instant;

/// How fast calls to one API go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// No call is held back except after a throttle answer.
    Off,
    /// At most so many calls a second; positive.
    Fixed(f64),
    /// As many as DingTalk turns out to permit.
    Auto,
}

/// The rate of DingTalk's standard edition (`call-frequency-limit`): what is permitted at least.
pub const STANDARD_QPS: f64 = 20.0;

/// By how much the rate goes up while its limit is being looked for.
const SEARCH: f64 = 1.5;

/// How long a higher rate has to do well before a still higher one is tried.
const TRIAL: Duration = Duration::from_secs(1);

/// How long a limit is kept before one call more is tried; twice as long each time that fails.
const FIRST_PROBE: Duration = Duration::from_secs(30);
const LAST_PROBE: Duration = Duration::from_secs(960);

/// The slowest that a rate gets by itself, in calls a second.
const SLOWEST: f64 = 0.1;

/// The number of a call, counted from 0.
pub(crate) type Turn = u64;

/// A number of calls in a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    pub(crate) calls: Turn,
    /// How long so many calls take.
    pub(crate) window: Duration,
}

/// What an API permits.
#[derive(Debug)]
pub(crate) struct Limit {
    pace: Pace,
    qps: f64,
    /// The highest rate that is known to do well.
    proven: f64,
    /// Whether an answer has told it.
    is_found: bool,
    probe: Duration,
    next_probe: Option<Instant>,
}

/// Whether calls were refused just before, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// As soon as they went on after a pause.
    Soon,
    /// After they had gone well for a while.
    Later,
}

impl Rate {
    /// A rate with a fraction is the next whole number of calls, in a bit more than a second.
    fn new(qps: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to be positive; saturates"
        )]
        let calls = qps.ceil() as Turn;
        #[expect(clippy::cast_precision_loss, reason = "rates are far below 2^52")]
        let window = Duration::from_secs_f64(calls as f64 / qps);
        Self { calls, window }
    }

    /// Returns the time between two calls, as a share of what the rate asks for.
    pub(crate) fn spacing(self, share: f64) -> Duration {
        #[expect(clippy::cast_precision_loss, reason = "rates are far below 2^52")]
        let calls = self.calls as f64;
        self.window.mul_f64(share / calls)
    }
}

impl Limit {
    /// Begins with what is permitted for certain, or what the user says; `None` if calls are not paced.
    pub(crate) fn new(pace: Pace) -> Option<Self> {
        let qps = match pace {
            Pace::Off => return None,
            Pace::Fixed(qps) => qps,
            Pace::Auto => STANDARD_QPS,
        };
        Some(Self { pace, qps, proven: qps, is_found: false, probe: FIRST_PROBE, next_probe: None })
    }

    /// Returns the rate to keep to.
    pub(crate) fn rate(&self) -> Rate {
        Rate::new(self.qps)
    }

    /// Returns the limit, if an answer has told it.
    pub(crate) fn found(&self) -> Option<f64> {
        self.is_found.then_some(self.qps)
    }

    /// Takes note that the rate is made full use of and nothing was refused; tries a higher one if it is time.
    pub(crate) fn is_used_up(&mut self, now: Instant) {
        let due = *self.next_probe.get_or_insert(now + TRIAL);
        if due <= now && self.qps < self.most() {
            self.proven = self.qps;
            let raised = if self.is_found { self.qps + 1.0 } else { (self.qps * SEARCH).ceil() };
            self.qps = raised.min(self.most());
            self.next_probe = Some(now + TRIAL);
        }
    }

    /// Takes note that a call was refused though only so many were taken in the window before it; says whether the rate is
    /// lower now.
    ///
    /// A rate that did well is given up only if calls are refused again as soon as they go on: an uneven network or a busy
    /// machine can bunch calls once, and the window after a pause is the one that is counted exactly.
    pub(crate) fn was_exceeded(&mut self, taken: Turn, again: Again, now: Instant) -> bool {
        let rate = self.rate();
        let is_trial = self.qps > self.proven;
        if taken >= rate.calls || !is_trial && again == Again::Later {
            return false;
        }
        #[expect(clippy::cast_precision_loss, reason = "rates are far below 2^52")]
        let found = taken as f64 / rate.window.as_secs_f64();
        self.qps = match is_trial {
            true => found.max(self.proven),
            false if taken > 0 => found,
            false => (self.qps / 2.0).max(SLOWEST.min(self.qps)),
        };
        self.proven = self.qps;
        self.next_probe = Some(now + self.probe);
        self.probe = if self.is_found { (self.probe * 2).min(LAST_PROBE) } else { self.probe };
        self.is_found = true;
        true
    }

    /// Returns the highest rate that may be tried.
    fn most(&self) -> f64 {
        match self.pace {
            Pace::Fixed(qps) => qps,
            Pace::Off | Pace::Auto => f64::INFINITY,
        }
    }
}
