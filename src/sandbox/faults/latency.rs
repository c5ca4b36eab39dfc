//! How long every answer takes at least, counted from the arrival of the call.
//!
//! Timers of tokio fire up to two milliseconds late. `Clock` learns how late they are and asks for that much less, so that
//! 20 ms are 20 ms on average on the wire: benchmarks of clients take the figure as the truth.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use thiserror::Error;

use crate::sandbox::faults::duration;
use crate::tr;

/// The time an answer takes: `off`, `20ms`, or `20ms..100ms` for a random one between the two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Latency {
    /// As fast as it goes.
    #[default]
    Off,
    /// Always the same.
    Fixed(Duration),
    /// Evenly distributed between the two, from the seed.
    Between(Duration, Duration),
}

/// Why a text is not a latency.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", tr!(
    format: "`{}` is not a latency: write `off`, `20ms` or `20ms..100ms`",
    "`{}` 不是延迟：请写 `off`、`20ms` 或 `20ms..100ms`", .0
))]
pub struct LatencyError(pub String);

impl Latency {
    /// Draws the time that one answer takes.
    pub(crate) fn draw(self, random: &mut fastrand::Rng) -> Duration {
        match self {
            Self::Off => Duration::ZERO,
            Self::Fixed(time) => time,
            Self::Between(least, most) => least + (most - least).mul_f64(random.f64()),
        }
    }
}

impl FromStr for Latency {
    type Err = LatencyError;

    fn from_str(text: &str) -> Result<Self, LatencyError> {
        let parsed = match text.split_once("..") {
            _ if text == "off" => Some(Self::Off),
            None => duration::parse(text).map(Self::Fixed),
            Some((least, most)) => duration::parse(least).zip(duration::parse(most)).map(|(a, b)| Self::Between(a, b)),
        };
        let sensible = |latency: &Self| !matches!(latency, Self::Between(least, most) if least > most);
        parsed.filter(sensible).ok_or_else(|| LatencyError(text.to_owned()))
    }
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::Fixed(time) => f.write_str(&duration::show(*time)),
            Self::Between(least, most) => write!(f, "{}..{}", duration::show(*least), duration::show(*most)),
        }
    }
}

/// Waits until a moment, right on average.
#[derive(Debug)]
pub(crate) struct Clock {
    /// How late timers have been of late, in nanoseconds.
    lag: AtomicU64,
}

/// What reading a call and writing its answer take besides, as a capture of the packets shows.
const HANDLING: Duration = Duration::from_micros(200);

/// Later than this is a busy machine, not a timer.
const WORST_LAG: Duration = Duration::from_millis(2);

impl Clock {
    pub(crate) fn new() -> Self {
        Self { lag: AtomicU64::new(1_000_000) }
    }

    /// Returns at `moment`, give or take a millisecond.
    pub(crate) async fn wait_until(&self, moment: Instant) {
        let lag = self.lag.load(Ordering::Relaxed);
        let Some(aim) = moment.checked_sub(Duration::from_nanos(lag) + HANDLING) else { return };
        if aim <= Instant::now() {
            return;
        }
        tokio::time::sleep_until(aim.into()).await;
        self.learn(lag, Instant::now().saturating_duration_since(aim));
    }

    /// Moves the lag a sixteenth of the way to what was just seen.
    fn learn(&self, lag: u64, seen: Duration) {
        let seen = u64::try_from(seen.min(WORST_LAG).as_nanos()).unwrap_or(lag);
        self.lag.store(lag - lag / 16 + seen / 16, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::sandbox::faults::latency::Clock;
    use crate::sandbox::{Latency, LatencyError};

    #[test]
    fn what_is_written_is_what_is_shown() {
        for text in ["off", "20ms", "20ms..100ms"] {
            assert_eq!(text.parse::<Latency>().map(|latency| latency.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for text in ["", "20", "100ms..20ms", "20ms..", "-1ms"] {
            assert_eq!(text.parse::<Latency>(), Err(LatencyError(text.to_owned())));
        }
    }

    #[test]
    fn a_random_latency_stays_within_its_bounds_and_repeats_by_seed() {
        let latency: Latency = "20ms..100ms".parse().unwrap();
        let draw = |seed| {
            let mut random = fastrand::Rng::with_seed(seed);
            (0..100).map(|_| latency.draw(&mut random)).collect::<Vec<_>>()
        };
        assert!(draw(1).iter().all(|time| (20..=100).contains(&time.as_millis())));
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn the_clock_learns_how_late_timers_are() {
        let clock = Clock::new();
        for _ in 0..200 {
            let lag = clock.lag.load(std::sync::atomic::Ordering::Relaxed);
            clock.learn(lag, Duration::from_micros(300));
        }
        let lag = clock.lag.load(std::sync::atomic::Ordering::Relaxed);
        assert!((290_000..=310_000).contains(&lag), "{lag}");
    }
}
