//! How far DingTalk's clock is from this machine's, as the `Date` of its answers tells.
//!
//! The header is exact to a second and is compared when it arrives, so a difference of a second or two means nothing. Only the
//! last answer counts: a clock may be set while a run lasts.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::SystemTime;

use reqwest::header::{DATE, HeaderMap};

/// No answer has told the time yet. No clock is that far off.
const UNKNOWN: i64 = i64::MIN;

/// The difference that the last answer told, in seconds.
#[derive(Debug)]
pub(crate) struct ClockSkew(AtomicI64);

impl Default for ClockSkew {
    fn default() -> Self {
        Self(AtomicI64::new(UNKNOWN))
    }
}

impl ClockSkew {
    /// Takes over what an answer told, if it told anything.
    pub(crate) fn note(&self, seconds: Option<i64>) {
        if let Some(seconds) = seconds {
            self.0.store(seconds, Ordering::Relaxed);
        }
    }

    pub(crate) fn read(&self) -> Option<i64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|seconds| *seconds != UNKNOWN)
    }
}

/// Returns by how many seconds the `Date` of an answer is ahead of `now`; less than 0 if it is behind.
pub(crate) fn ahead(headers: &HeaderMap, now: SystemTime) -> Option<i64> {
    let date = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    let seconds = |time: std::time::Duration| i64::try_from(time.as_secs()).ok();
    match date.duration_since(now) {
        Ok(ahead) => seconds(ahead),
        Err(behind) => seconds(behind.duration()).map(|behind| -behind),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use reqwest::header::{DATE, HeaderMap, HeaderValue};

    use crate::dingtalk::clock_skew::{ClockSkew, ahead};

    fn dated(date: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(DATE, HeaderValue::from_static(date))])
    }

    #[test]
    fn the_difference_is_that_of_the_two_clocks() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        for (date, seconds) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(0)),
            ("Sun, 06 Nov 1994 08:51:37 GMT", Some(120)),
            ("Sun, 06 Nov 1994 07:49:37 GMT", Some(-3600)),
            ("yesterday", None),
        ] {
            assert_eq!(ahead(&dated(date), now), seconds, "{date}");
        }
        assert_eq!(ahead(&HeaderMap::new(), now), None);
    }

    #[test]
    fn an_answer_without_a_date_changes_nothing() {
        let skew = ClockSkew::default();
        assert_eq!(skew.read(), None);
        skew.note(Some(-7));
        skew.note(None);
        assert_eq!(skew.read(), Some(-7));
    }
}
