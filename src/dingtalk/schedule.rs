//! When calls to one API may go: a pure state machine over instants.
//!
//! DingTalk counts in a sliding second, so the promise is about *any* second: of `n` calls a second, call `i` goes no sooner
//! than one second and a guard after call `i - n` really went. Within that, calls are spaced evenly, by what was planned and
//! not by what came of it, so that a late timer does not make the next call late too. The spacing is a hair under the rate's:
//! the second alone bounds the rate, and what one late call has lost the next ones make up for.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::dingtalk::backoff::Backoff;
use crate::dingtalk::failure::FailureKind;

/// What a call may take longer to DingTalk than the call a second before it, at a cost of 0.3 % of the rate.
const GUARD: Duration = Duration::from_millis(3);

/// The guard of a network that is less even than that: it doubles with each throttle answer, up to 3 % of the rate.
const WIDEST_GUARD: Duration = Duration::from_millis(32);

/// The spacing of calls, as a share of what the rate asks for.
const SPACING: f64 = 0.95;

/// How late a timer usually fires. Calls that became due meanwhile go at once; what was missed before is not caught up.
const SLIP: Duration = Duration::from_millis(2);

/// How long an app that went too fast has to wait (`how-to-process-api-throttling-on-the-dingtalk-server`).
const APP_PAUSE: Duration = Duration::from_secs(1);

/// The pauses when everyone's rate for an API is used up.
const API_PAUSE: Backoff = Backoff { first: Duration::from_secs(1), cap: Duration::from_secs(30) };

/// The number of a call, counted from 0.
pub(crate) type Turn = u64;

/// The times of the calls to one API.
#[derive(Debug)]
pub(crate) struct Schedule {
    rate: Option<Rate>,
    guard: Duration,
    /// When the last call was meant to go.
    planned: Option<Instant>,
    /// When the last calls really went; as many as the rate's window.
    sent: VecDeque<Instant>,
    /// How many calls have gone.
    gone: Turn,
    /// The end of the last pause.
    resume: Option<Instant>,
    /// How often in a row everyone's rate was used up.
    strikes: u32,
}

/// A number of calls in a time.
#[derive(Clone, Copy, Debug)]
struct Rate {
    calls: Turn,
    /// How long so many calls take.
    window: Duration,
    spacing: Duration,
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
        Self { calls, window, spacing: Duration::from_secs_f64(SPACING / qps) }
    }
}

impl Schedule {
    /// Makes a schedule of so many calls a second, which must be positive; `None` holds no call back except after a throttle.
    pub(crate) fn new(qps: Option<f64>) -> Self {
        let sent = VecDeque::new();
        let rate = qps.map(Rate::new);
        Self { rate, guard: GUARD, planned: None, sent, gone: 0, resume: None, strikes: 0 }
    }

    /// Returns when the call may go that has `ahead` others before it: now or later.
    pub(crate) fn due(&self, ahead: usize, now: Instant) -> Instant {
        let spacing = self.spacing();
        let in_line = self.planned.map(|planned| planned + spacing);
        let first = in_line.max(self.resume);
        let due = first.map(|first| first + spacing.saturating_mul(u32::try_from(ahead).unwrap_or(u32::MAX)));
        [due, self.in_window(ahead as Turn)].into_iter().flatten().fold(now, Instant::max)
    }

    /// Returns the time between two calls.
    pub(crate) fn spacing(&self) -> Duration {
        self.rate.map_or(Duration::ZERO, |rate| rate.spacing)
    }

    fn in_window(&self, ahead: Turn) -> Option<Instant> {
        let rate = self.rate?;
        let before = (self.gone + ahead).checked_sub(rate.calls)?;
        self.sent_at(before).map(|sent| *sent + rate.window + self.guard)
    }

    fn sent_at(&self, turn: Turn) -> Option<&Instant> {
        let oldest = self.gone - self.sent.len() as Turn;
        self.sent.get(usize::try_from(turn.checked_sub(oldest)?).ok()?)
    }

    /// Records that a call, which is due, goes now.
    pub(crate) fn go(&mut self, now: Instant) -> Turn {
        let earliest = now.checked_sub(SLIP).unwrap_or(now);
        self.planned = Some(self.due(0, earliest));
        self.remember(now);
        self.gone += 1;
        self.gone - 1
    }

    fn remember(&mut self, now: Instant) {
        let Some(rate) = self.rate else { return };
        self.sent.push_back(now);
        let period = rate.window + WIDEST_GUARD;
        while self.sent.len() as Turn > rate.calls || self.sent.front().is_some_and(|sent| *sent + period < now) {
            self.sent.pop_front();
        }
    }

    /// Records that a call that was let go has reached the wire only now: connecting took its time.
    pub(crate) fn correct(&mut self, turn: Turn, now: Instant) {
        let oldest = self.gone - self.sent.len() as Turn;
        let at = turn.checked_sub(oldest).and_then(|at| usize::try_from(at).ok());
        if let Some(sent) = at.and_then(|at| self.sent.get_mut(at)) {
            *sent = now;
        }
    }

    /// Records a throttle answer and returns how long calls have to wait now. `told` is what the answer asked for,
    /// `minute` what is left of the minute.
    pub(crate) fn throttled(
        &mut self,
        kind: FailureKind,
        told: Option<Duration>,
        minute: Duration,
        now: Instant,
    ) -> Duration {
        self.widen(kind, now);
        let pause = match kind {
            FailureKind::RateOfApi => API_PAUSE.after(self.strike(now)),
            FailureKind::RateOfMinute => minute,
            _ => APP_PAUSE,
        };
        self.pause(pause.max(told.unwrap_or_default()), now)
    }

    /// What is evenly spaced here need not arrive so: where the app's own rate was exceeded, calls are kept further apart.
    fn widen(&mut self, kind: FailureKind, now: Instant) {
        let is_first = self.resume.is_none_or(|resume| resume <= now);
        if kind == FailureKind::RateOfApp && is_first {
            self.guard = (self.guard * 2).min(WIDEST_GUARD);
        }
    }

    /// Calls that were in flight together are throttled together: that is one strike, not many.
    fn strike(&mut self, now: Instant) -> u32 {
        if self.resume.is_none_or(|resume| resume <= now) {
            self.strikes += 1;
        }
        self.strikes.max(1)
    }

    /// Holds every call back that has not gone yet, and returns for how long. A pause never shortens another.
    pub(crate) fn pause(&mut self, pause: Duration, now: Instant) -> Duration {
        let resume = self.resume.map_or(now + pause, |resume| resume.max(now + pause));
        self.resume = Some(resume);
        resume - now
    }

    /// Records an answer that was not throttled: the next pause is a short one again.
    pub(crate) fn succeeded(&mut self) {
        self.strikes = 0;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;
    use tokio::time::Instant;

    use crate::dingtalk::failure::FailureKind;
    use crate::dingtalk::schedule::Schedule;

    const SECOND: Duration = Duration::from_secs(1);

    /// Sends calls one after another, each late by the next of `lates` (ms), and returns when each went.
    fn run(schedule: &mut Schedule, start: Instant, lates: impl IntoIterator<Item = f64>) -> Vec<Instant> {
        let mut now = start;
        let mut sent = Vec::new();
        for late in lates {
            now = schedule.due(0, now) + Duration::from_secs_f64(late / 1000.0);
            schedule.go(now);
            sent.push(now);
        }
        sent
    }

    fn most_in_any_second(sent: &[Instant]) -> usize {
        let in_second = |start: &Instant| sent.iter().filter(|at| *at >= start && **at < *start + SECOND).count();
        sent.iter().map(in_second).max().unwrap_or_default()
    }

    fn rate(sent: &[Instant]) -> f64 {
        let took = *sent.last().expect("calls") - sent[0];
        (sent.len() - 1) as f64 / took.as_secs_f64()
    }

    #[test]
    fn throttle_answers_widen_the_guard_up_to_a_bound() {
        let (mut schedule, mut now) = (Schedule::new(Some(20.0)), Instant::now());
        for expected in [6, 12, 24, 32, 32] {
            schedule.throttled(FailureKind::RateOfApp, None, SECOND, now);
            schedule.throttled(FailureKind::RateOfApp, None, SECOND, now);
            assert_eq!(schedule.guard.as_millis(), expected, "calls that were in flight together widen it once");
            now += SECOND * 2;
        }
        schedule.throttled(FailureKind::RateOfApi, None, SECOND, now);
        assert_eq!(schedule.guard.as_millis(), 32);
    }

    #[test]
    fn calls_on_time_keep_the_rate() {
        for qps in [0.5, 1.0, 2.5, 20.0, 60.0, 1000.0] {
            let count = (qps * 60.0) as usize + 1;
            let sent = run(&mut Schedule::new(Some(qps)), Instant::now(), vec![0.0; count]);
            assert!(rate(&sent) >= qps * 0.995, "{qps}: {}", rate(&sent));
            assert!(rate(&sent) <= qps * 1.001, "{qps}: {}", rate(&sent));
        }
    }

    #[test]
    fn late_timers_cost_next_to_nothing() {
        let mut dice = fastrand::Rng::with_seed(7);
        let lates: Vec<f64> = (0..4000).map(|_| dice.f64() * 1.5 + if dice.u8(..) < 8 { 10.0 } else { 0.0 }).collect();
        let sent = run(&mut Schedule::new(Some(20.0)), Instant::now(), lates);
        assert!(rate(&sent) >= 20.0 * 0.995, "{}", rate(&sent));
        assert!(most_in_any_second(&sent) <= 20);
    }

    #[test]
    fn idle_time_is_not_made_up_for() {
        let mut schedule = Schedule::new(Some(20.0));
        let start = Instant::now();
        run(&mut schedule, start, [0.0; 5]);
        let sent = run(&mut schedule, start + 60 * SECOND, [0.0; 5]);
        let spacing = sent[1] - sent[0];
        assert!(spacing >= Duration::from_millis(45), "{spacing:?}");
    }

    #[test]
    fn after_a_pause_calls_come_evenly() {
        let mut schedule = Schedule::new(Some(20.0));
        let start = Instant::now();
        run(&mut schedule, start, [0.0; 5]);
        assert_eq!(schedule.pause(3 * SECOND, start), 3 * SECOND);
        assert_eq!(schedule.pause(SECOND, start), 3 * SECOND);
        assert_eq!(schedule.due(0, start), start + 3 * SECOND);
        let sent = run(&mut schedule, start, [0.0; 3]);
        assert_eq!(sent[0], start + 3 * SECOND);
        assert!(sent[1] - sent[0] >= Duration::from_millis(47));
    }

    #[test]
    fn without_a_rate_only_pauses_hold_calls_back() {
        let mut schedule = Schedule::new(None);
        let now = Instant::now();
        assert_eq!(schedule.due(0, now), now);
        schedule.go(now);
        assert_eq!(schedule.due(5, now), now);
        schedule.throttled(FailureKind::RateOfApp, None, SECOND, now);
        assert_eq!(schedule.due(5, now), now + SECOND);
    }

    #[test]
    fn strikes_double_the_pause_until_a_success() {
        let mut schedule = Schedule::new(None);
        let mut now = Instant::now();
        let mut strike = |schedule: &mut Schedule| {
            let pause = schedule.throttled(FailureKind::RateOfApi, None, SECOND, now);
            let together = schedule.throttled(FailureKind::RateOfApi, None, SECOND, now);
            assert_eq!(pause, together);
            now += pause;
            pause.as_secs()
        };
        let pauses: Vec<u64> = (0..7).map(|_| strike(&mut schedule)).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30]);
        schedule.succeeded();
        assert_eq!(strike(&mut schedule), 1);
    }

    #[test]
    fn a_call_that_reached_the_wire_late_counts_from_then() {
        let mut schedule = Schedule::new(Some(1.0));
        let start = Instant::now();
        let turn = schedule.go(start);
        schedule.correct(turn, start + Duration::from_millis(300));
        assert!(schedule.due(0, start) >= start + Duration::from_millis(1300));
    }

    proptest! {
        #[test]
        fn no_second_holds_more_than_the_rate(
            qps in 1.0..60.0_f64,
            lates in proptest::collection::vec(prop_oneof![9 => 0.0..2.0_f64, 1 => 0.0..400.0], 2..150),
        ) {
            let sent = run(&mut Schedule::new(Some(qps)), Instant::now(), lates);
            prop_assert!(most_in_any_second(&sent) <= qps.ceil() as usize);
        }

        #[test]
        fn whole_rates_hold_in_every_window(
            qps in 1..40_u32,
            lates in proptest::collection::vec(0.0..100.0_f64, 2..150),
        ) {
            let sent = run(&mut Schedule::new(Some(f64::from(qps))), Instant::now(), lates);
            for pair in sent.windows(qps as usize + 1) {
                prop_assert!(pair[qps as usize] - pair[0] > SECOND);
            }
        }
    }
}
