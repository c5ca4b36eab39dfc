//! When calls to one API may go: a pure state machine over instants.
//!
//! DingTalk counts in a sliding second, so the promise is about *any* second: of `n` calls a second, call `i` goes no sooner
//! than one second and a guard after call `i - n` really went. Within that, calls are spaced evenly, by what was planned and
//! not by what came of it, so that a late timer does not make the next call late too. The spacing is a hair under the rate's:
//! the second alone bounds the rate, and what one late call has lost the next ones make up for.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::dingtalk::error::kind::ErrorKind;
use crate::dingtalk::pacing::backoff::Backoff;
use crate::dingtalk::pacing::limit::{Again, Limit, Pace, Rate, Turn};

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

/// The times of the calls to one API.
#[derive(Debug)]
pub(crate) struct Schedule {
    limit: Option<Limit>,
    guard: Duration,
    /// When the last call was meant to go.
    planned: Option<Instant>,
    /// The last calls: at least those of the limit's window.
    sent: VecDeque<Sent>,
    /// How many calls have gone.
    gone: Turn,
    /// The end of the last pause.
    resume: Option<Instant>,
    /// How many calls had gone when the app's own rate was exceeded last.
    refused: Option<Turn>,
    /// How often in a row everyone's rate was used up.
    strikes: u32,
}

/// A call that has gone.
#[derive(Clone, Copy, Debug)]
struct Sent {
    at: Instant,
    is_refused: bool,
}

impl Schedule {
    /// Makes a schedule that keeps a pace.
    pub(crate) fn new(pace: Pace) -> Self {
        let (sent, limit) = (VecDeque::new(), Limit::new(pace));
        Self { limit, guard: GUARD, planned: None, sent, gone: 0, resume: None, refused: None, strikes: 0 }
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
        self.rate().map_or(Duration::ZERO, |rate| rate.spacing(SPACING))
    }

    fn rate(&self) -> Option<Rate> {
        self.limit.as_ref().map(Limit::rate)
    }

    fn in_window(&self, ahead: Turn) -> Option<Instant> {
        let rate = self.rate()?;
        let before = (self.gone + ahead).checked_sub(rate.calls)?;
        Some(self.sent_at(before)?.at + rate.window + self.guard)
    }

    fn sent_at(&self, turn: Turn) -> Option<&Sent> {
        self.sent.get(self.place(turn)?)
    }

    /// Returns where a call stands among those that are remembered.
    fn place(&self, turn: Turn) -> Option<usize> {
        let oldest = self.gone - self.sent.len() as Turn;
        usize::try_from(turn.checked_sub(oldest)?).ok()
    }

    /// Records that a call, which is due, goes now.
    pub(crate) fn go(&mut self, now: Instant) -> Turn {
        let earliest = now.checked_sub(SLIP).unwrap_or(now);
        self.planned = Some(self.due(0, earliest));
        self.probe(now);
        self.remember(now);
        self.gone += 1;
        self.gone - 1
    }

    /// Tries a higher rate now and then, if the one at hand is made full use of.
    fn probe(&mut self, now: Instant) {
        let Some(rate) = self.rate() else { return };
        let is_full = self.count(now, rate.window + WIDEST_GUARD * 2) >= rate.calls;
        if let Some(limit) = self.limit.as_mut().filter(|_| is_full) {
            limit.is_used_up(now);
        }
    }

    fn remember(&mut self, now: Instant) {
        let Some(rate) = self.rate() else { return };
        self.sent.push_back(Sent { at: now, is_refused: false });
        let period = rate.window + WIDEST_GUARD * 2;
        while self.sent.len() as Turn > rate.calls && self.sent.front().is_some_and(|sent| sent.at + period < now) {
            self.sent.pop_front();
        }
    }

    /// Counts the calls that went within a time before an instant and were not refused.
    fn count(&self, before: Instant, within: Duration) -> Turn {
        let recent = self.sent.iter().rev().skip_while(|sent| sent.at >= before);
        recent.take_while(|sent| sent.at + within > before).filter(|sent| !sent.is_refused).count() as Turn
    }

    /// Records that a call that was let go has reached the wire only now: connecting took its time.
    pub(crate) fn correct(&mut self, turn: Turn, now: Instant) {
        let place = self.place(turn);
        if let Some(sent) = place.and_then(|place| self.sent.get_mut(place)) {
            sent.at = now;
        }
    }

    /// Records a throttle answer to a call and returns how long calls have to wait now. `told` is what the answer asked for,
    /// `minute` what is left of the minute.
    pub(crate) fn throttled(
        &mut self,
        turn: Turn,
        kind: ErrorKind,
        told: Option<Duration>,
        minute: Duration,
        now: Instant,
    ) -> Duration {
        let is_first = self.resume.is_none_or(|resume| resume <= now);
        if kind == ErrorKind::RateOfApp {
            self.learn(turn, is_first, now);
        }
        let pause = match kind {
            ErrorKind::RateOfApi => API_PAUSE.after(self.strike(is_first)),
            ErrorKind::RateOfMinute => minute,
            _ => APP_PAUSE,
        };
        self.pause(pause.max(told.unwrap_or_default()), now)
    }

    /// Takes note that the app's own rate was exceeded. Calls that were in flight together are throttled together: the first of
    /// them tells how many calls were taken within the window before it, and so what is permitted.
    fn learn(&mut self, turn: Turn, is_first: bool, now: Instant) {
        let place = self.place(turn);
        let Some(sent) = place.and_then(|place| self.sent.get_mut(place)) else { return };
        sent.is_refused = true;
        let at = sent.at;
        let Some(rate) = self.rate().filter(|_| is_first) else { return };
        // What is evenly spaced here need not arrive so: where all that is permitted was taken, give or take the guard, calls
        // are only kept further apart.
        let taken = self.count(at, rate.window + self.guard * 2);
        let since = self.refused.replace(self.gone).map(|before| turn.saturating_sub(before));
        let again = if since.is_some_and(|calls| calls <= rate.calls * 2) { Again::Soon } else { Again::Later };
        if !self.limit.as_mut().is_some_and(|limit| limit.was_exceeded(taken, again, now)) {
            self.guard = (self.guard * 2).min(WIDEST_GUARD);
        }
    }

    /// Calls that were in flight together are throttled together: that is one strike, not many.
    fn strike(&mut self, is_first: bool) -> u32 {
        self.strikes += u32::from(is_first);
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

    /// Returns the calls a second that turned out to be permitted; `None` if that was not found out.
    pub(crate) fn found(&self) -> Option<f64> {
        self.limit.as_ref().and_then(Limit::found)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;
    use tokio::time::Instant;

    use crate::dingtalk::error::kind::ErrorKind;
    use crate::dingtalk::pacing::limit::Pace;
    use crate::dingtalk::pacing::schedule::Schedule;

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

    /// A server that takes so many calls in any second: sends for a time and returns the calls that were taken and refused.
    fn against(
        limit: impl Fn(Duration) -> usize,
        schedule: &mut Schedule,
        time: Duration,
    ) -> (Vec<Instant>, Vec<Instant>) {
        let start = Instant::now();
        let (mut now, mut taken, mut refused) = (start, Vec::<Instant>::new(), Vec::new());
        while now < start + time {
            now = schedule.due(0, now);
            let turn = schedule.go(now);
            let recent = taken.iter().rev().take_while(|at| **at + SECOND > now).count();
            if recent < limit(now - start) {
                taken.push(now);
                schedule.succeeded();
            } else {
                refused.push(now);
                schedule.throttled(turn, ErrorKind::RateOfApp, None, SECOND, now);
            }
        }
        (taken, refused)
    }

    #[test]
    fn a_lower_limit_than_was_said_is_found_at_once_and_held() {
        for limit in [1, 5, 10, 19] {
            let mut schedule = Schedule::new(Pace::Fixed(20.0));
            let (taken, refused) = against(|_| limit, &mut schedule, SECOND * 9);
            assert_eq!(schedule.found(), Some(limit as f64), "{limit}");
            assert!(refused.len() <= 3, "{limit}: {}", refused.len());
            assert!(taken.len() >= limit * 5, "{limit}: {}", taken.len());
        }
    }

    #[test]
    fn one_refusal_on_a_busy_machine_lowers_no_rate() {
        let mut schedule = Schedule::new(Pace::Fixed(20.0));
        let now = *run(&mut schedule, Instant::now(), [80.0; 40]).last().unwrap();
        schedule.throttled(39, ErrorKind::RateOfApp, None, SECOND, now);
        assert_eq!(schedule.found(), None);
        let sent = run(&mut schedule, now + SECOND, vec![0.0; 1000]);
        assert!(rate(&sent) >= 19.8, "{}", rate(&sent));
    }

    #[test]
    fn a_higher_limit_is_found_and_held() {
        for limit in [20, 27, 35, 60, 200] {
            let mut schedule = Schedule::new(Pace::Auto);
            let (taken, refused) = against(|_| limit, &mut schedule, SECOND * 120);
            let last = taken.iter().filter(|at| **at + SECOND * 20 > *taken.last().unwrap()).count();
            assert!(last as f64 >= limit as f64 * 20.0 * 0.9, "{limit}: {last}");
            assert!(refused.len() <= 10, "{limit}: {}", refused.len());
        }
    }

    #[test]
    fn a_limit_that_goes_up_again_is_followed_up_to_what_was_said() {
        let limit = |time: Duration| if time < SECOND * 30 { 18 } else { 40 };
        let mut schedule = Schedule::new(Pace::Fixed(20.0));
        let (taken, refused) = against(limit, &mut schedule, SECOND * 300);
        assert!(refused.len() <= 4, "{}", refused.len());
        assert!((rate(&taken[taken.len() - 200..]) - 20.0).abs() < 0.2);
        assert!(most_in_any_second(&taken) <= 20);
    }

    #[test]
    fn without_calls_to_make_no_higher_rate_is_tried() {
        let mut schedule = Schedule::new(Pace::Auto);
        let mut now = Instant::now();
        for _ in 0..100 {
            now = schedule.due(0, now + SECOND / 4);
            schedule.go(now);
        }
        assert_eq!(schedule.spacing(), Duration::from_secs_f64(0.95 / 20.0));
    }

    #[test]
    fn throttle_answers_although_only_what_is_permitted_was_sent_widen_the_guard_up_to_a_bound() {
        let (mut schedule, mut now) = (Schedule::new(Pace::Fixed(20.0)), Instant::now());
        for expected in [6, 12, 24, 32, 32] {
            now = *run(&mut schedule, now, [0.0; 21]).last().unwrap();
            let turn = schedule.gone - 1;
            schedule.throttled(turn, ErrorKind::RateOfApp, None, SECOND, now);
            schedule.throttled(turn, ErrorKind::RateOfApp, None, SECOND, now);
            assert_eq!(schedule.guard.as_millis(), expected, "calls that were in flight together widen it once");
            now += SECOND * 2;
        }
        schedule.throttled(0, ErrorKind::RateOfApi, None, SECOND, now);
        assert_eq!(schedule.guard.as_millis(), 32);
    }

    #[test]
    fn calls_on_time_keep_the_rate() {
        for qps in [0.5, 1.0, 2.5, 20.0, 60.0, 1000.0] {
            let count = (qps * 60.0) as usize + 1;
            let sent = run(&mut Schedule::new(Pace::Fixed(qps)), Instant::now(), vec![0.0; count]);
            assert!(rate(&sent) >= qps * 0.995, "{qps}: {}", rate(&sent));
            assert!(rate(&sent) <= qps * 1.001, "{qps}: {}", rate(&sent));
        }
    }

    #[test]
    fn late_timers_cost_next_to_nothing() {
        let mut dice = fastrand::Rng::with_seed(7);
        let lates: Vec<f64> = (0..4000).map(|_| dice.f64() * 1.5 + if dice.u8(..) < 8 { 10.0 } else { 0.0 }).collect();
        let sent = run(&mut Schedule::new(Pace::Fixed(20.0)), Instant::now(), lates);
        assert!(rate(&sent) >= 20.0 * 0.995, "{}", rate(&sent));
        assert!(most_in_any_second(&sent) <= 20);
    }

    #[test]
    fn idle_time_is_not_made_up_for() {
        let mut schedule = Schedule::new(Pace::Fixed(20.0));
        let start = Instant::now();
        run(&mut schedule, start, [0.0; 5]);
        let sent = run(&mut schedule, start + 60 * SECOND, [0.0; 5]);
        let spacing = sent[1] - sent[0];
        assert!(spacing >= Duration::from_millis(45), "{spacing:?}");
    }

    #[test]
    fn after_a_pause_calls_come_evenly() {
        let mut schedule = Schedule::new(Pace::Fixed(20.0));
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
        let mut schedule = Schedule::new(Pace::Off);
        let now = Instant::now();
        assert_eq!(schedule.due(0, now), now);
        schedule.go(now);
        assert_eq!(schedule.due(5, now), now);
        schedule.throttled(0, ErrorKind::RateOfApp, None, SECOND, now);
        assert_eq!(schedule.due(5, now), now + SECOND);
    }

    #[test]
    fn strikes_double_the_pause_until_a_success() {
        let mut schedule = Schedule::new(Pace::Off);
        let mut now = Instant::now();
        let mut strike = |schedule: &mut Schedule| {
            let pause = schedule.throttled(0, ErrorKind::RateOfApi, None, SECOND, now);
            let together = schedule.throttled(0, ErrorKind::RateOfApi, None, SECOND, now);
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
        let mut schedule = Schedule::new(Pace::Fixed(1.0));
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
            let sent = run(&mut Schedule::new(Pace::Fixed(qps)), Instant::now(), lates);
            prop_assert!(most_in_any_second(&sent) <= qps.ceil() as usize);
        }

        #[test]
        fn whole_rates_hold_in_every_window(
            qps in 1..40_u32,
            lates in proptest::collection::vec(0.0..100.0_f64, 2..150),
        ) {
            let sent = run(&mut Schedule::new(Pace::Fixed(f64::from(qps))), Instant::now(), lates);
            for pair in sent.windows(qps as usize + 1) {
                prop_assert!(pair[qps as usize] - pair[0] > SECOND);
            }
        }
    }
}
