//! How many calls of one API may come in a sliding second [how-to-process-api-throttling-on-the-dingtalk-server].

use std::collections::VecDeque;
use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::{Duration, Instant};

use thiserror::Error;

use crate::tr;

/// Calls per second for each API: `20`, or `off` for no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// No limit.
    Off,
    /// So many calls in any one second.
    PerSecond(NonZeroU32),
}

/// Why a text is not a rate.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", tr!(
    format: "`{}` is not a rate: write a number of calls per second, such as `20`, or `off`",
    "`{}` 不是速率：请写每秒调用次数，例如 `20`，或写 `off`", .0
))]
pub struct RateError(pub String);

impl Default for Rate {
    /// The standard edition's 20 calls per second.
    fn default() -> Self {
        Self::PerSecond(NonZeroU32::new(20).expect("20 is not zero"))
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        match text {
            "off" => Ok(Self::Off),
            number => number.parse().map(Self::PerSecond).map_err(|_| RateError(text.to_owned())),
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::PerSecond(calls) => calls.fmt(f),
        }
    }
}

/// The calls of one API within the last second.
#[derive(Debug, Default)]
pub(crate) struct Window(VecDeque<Instant>);

impl Window {
    /// Lets a call in, or says that the second is full. Calls that are kept out do not count.
    pub(crate) fn admit(&mut self, rate: Rate, now: Instant) -> bool {
        let Rate::PerSecond(most) = rate else { return true };
        let gone = |then: &Instant| now.saturating_duration_since(*then) >= Duration::from_secs(1);
        while self.0.front().is_some_and(gone) {
            self.0.pop_front();
        }
        let free = self.0.len() < most.get() as usize;
        if free {
            self.0.push_back(now);
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use crate::sandbox::Rate;
    use crate::sandbox::api::rate::Window;

    #[test]
    fn what_is_written_is_what_is_shown() {
        for text in ["off", "20", "1"] {
            assert_eq!(text.parse::<Rate>().map(|rate| rate.to_string()).as_deref(), Ok(text));
        }
        for text in ["", "0", "-1", "1.5", "no"] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_sliding_second_holds_no_more_than_the_rate() {
        let (mut window, start) = (Window::default(), Instant::now());
        let mut at = |millis| window.admit("2".parse().unwrap(), start + Duration::from_millis(millis));
        assert_eq!([at(0), at(600), at(999), at(1000), at(1599), at(1600)], [true, true, false, true, false, true]);
    }
}
