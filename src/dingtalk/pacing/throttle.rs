//! Lets calls to one API go at the permitted rate: the thin asynchronous shell around [`Schedule`].
//!
//! Going takes two steps. A permit is handed out a little before its time, so that a call can be made ready; the call then
//! waits for its exact turn. At high rates a timer, which counts in milliseconds, wakes one call and lets many go.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::dingtalk::api::Api;
use crate::dingtalk::error::kind::ErrorKind;
use crate::dingtalk::pacing::limit::{Pace, Turn};
use crate::dingtalk::pacing::schedule::Schedule;

/// How long before its turn a call gets its permit.
const LEAD: Duration = Duration::from_millis(5);

/// Keeps the calls to one API apart.
#[derive(Debug)]
pub(crate) struct Pacer {
    api: Api,
    line: Mutex<Line>,
    /// Whoever holds it is the next to get a permit.
    door: tokio::sync::Mutex<()>,
    /// Whoever holds it is the next to go.
    turnstile: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Line {
    schedule: Schedule,
    /// Permits handed out whose calls have not gone.
    waiting: usize,
    /// When the call of the last of them is due.
    last_due: Option<Instant>,
}

impl Line {
    /// Returns when the call is due that the next permit is for.
    fn due(&self, now: Instant) -> Instant {
        let behind_last = self.last_due.filter(|_| self.waiting > 0).map(|due| due + self.schedule.spacing());
        let due = self.schedule.due(self.waiting, now);
        behind_last.map_or(due, |behind| behind.max(due))
    }
}

/// The right to make one call to one API. One that is dropped unused is given back.
#[derive(Debug)]
#[must_use = "a permit that is not used is given back"]
pub struct Permit {
    pacer: Arc<Pacer>,
    has_gone: Arc<AtomicBool>,
    attempts: u32,
}

/// Tells whether the call that a permit was for has gone.
#[derive(Clone, Debug)]
pub struct Watch(Arc<AtomicBool>);

impl Watch {
    /// Says whether the call has gone, so that it may have been sent.
    #[must_use]
    pub fn has_gone(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A call that goes.
#[derive(Debug)]
pub(crate) struct Departure {
    pacer: Arc<Pacer>,
    turn: Turn,
    on_wire: AtomicBool,
}

impl Pacer {
    pub(crate) fn new(api: Api, pace: Pace) -> Self {
        let line = Mutex::new(Line { schedule: Schedule::new(pace), waiting: 0, last_due: None });
        Self { api, line, door: tokio::sync::Mutex::default(), turnstile: tokio::sync::Mutex::default() }
    }

    /// Resolves shortly before a call may go. Dropping the future has no effect.
    pub(crate) async fn permit(self: &Arc<Self>) -> Permit {
        let _next = self.door.lock().await;
        loop {
            match self.try_permit(Instant::now()) {
                Ok(permit) => return permit,
                Err(wake) => sleep_until(wake).await,
            }
        }
    }

    fn try_permit(self: &Arc<Self>, now: Instant) -> Result<Permit, Instant> {
        let mut line = self.line();
        let due = line.due(now);
        if due > now + LEAD {
            return Err(due.checked_sub(LEAD).unwrap_or(due));
        }
        line.waiting += 1;
        line.last_due = Some(due);
        Ok(Permit { pacer: Arc::clone(self), has_gone: Arc::default(), attempts: 0 })
    }

    fn try_go(&self, now: Instant) -> Result<Turn, Instant> {
        let mut line = self.line();
        let due = line.schedule.due(0, now);
        if due > now { Err(due) } else { Ok(line.schedule.go(now)) }
    }

    /// Records a throttle answer: pauses every call that has not gone yet, and returns for how long.
    pub(crate) fn throttled(
        &self,
        call: &Departure,
        kind: ErrorKind,
        told: Option<Duration>,
        minute: Duration,
    ) -> Duration {
        self.line().schedule.throttled(call.turn, kind, told, minute, Instant::now())
    }

    /// Returns the calls a second that turned out to be permitted; `None` if that was not found out.
    pub(crate) fn found(&self) -> Option<f64> {
        self.line().schedule.found()
    }

    /// Records an answer that was not throttled.
    pub(crate) fn succeeded(&self) {
        self.line().schedule.succeeded();
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit {
    /// Returns the operation that may be called.
    #[must_use]
    pub fn api(&self) -> Api {
        self.pacer.api
    }

    /// Says that the same change was attempted before, so many times.
    pub(crate) fn after(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Returns how often the same change was attempted before.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns what tells, from then on, whether the call has gone: until it has, it can be dropped and nothing was sent.
    #[must_use]
    pub fn watch(&self) -> Watch {
        Watch(Arc::clone(&self.has_gone))
    }

    /// Waits for the exact turn, and takes it.
    pub(crate) async fn depart(self) -> Departure {
        let _next = self.pacer.turnstile.lock().await;
        loop {
            match self.pacer.try_go(Instant::now()) {
                Ok(turn) => {
                    self.has_gone.store(true, Ordering::Release);
                    return Departure { pacer: Arc::clone(&self.pacer), turn, on_wire: AtomicBool::new(false) };
                }
                Err(due) => sleep_until(due).await,
            }
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.pacer.line().waiting -= 1;
    }
}

impl Departure {
    /// Records that the request is being written to a connection.
    pub(crate) fn reached_wire(&self) {
        self.on_wire.store(true, Ordering::Release);
        self.pacer.line().schedule.correct(self.turn, Instant::now());
    }

    /// Says whether the request may have left this machine.
    pub(crate) fn is_on_wire(&self) -> bool {
        self.on_wire.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use futures::future::join_all;
    use tokio::time::{Instant, sleep, timeout};

    use crate::dingtalk::api::Api;
    use crate::dingtalk::error::kind::ErrorKind;
    use crate::dingtalk::pacing::limit::Pace;
    use crate::dingtalk::pacing::throttle::Pacer;

    fn pacer(qps: Option<f64>) -> Arc<Pacer> {
        Arc::new(Pacer::new(Api::Create, qps.map_or(Pace::Off, Pace::Fixed)))
    }

    async fn call(pacer: Arc<Pacer>) -> Instant {
        let _departure = pacer.permit().await.depart().await;
        Instant::now()
    }

    async fn calls(pacer: &Arc<Pacer>, count: usize) -> Vec<Instant> {
        let mut sent = join_all((0..count).map(|_| call(Arc::clone(pacer)))).await;
        sent.sort();
        sent
    }

    #[tokio::test(start_paused = true)]
    async fn many_callers_keep_to_the_rate_together() {
        let sent = calls(&pacer(Some(20.0)), 401).await;
        let took = sent[400] - sent[0];
        assert!(took >= Duration::from_secs(20), "{took:?}");
        assert!(took <= Duration::from_millis(20_200), "{took:?}");
        for window in sent.windows(21) {
            assert!(window[20] - window[0] > Duration::from_secs(1));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_timer_of_milliseconds_does_not_cap_the_rate() {
        let pacer = pacer(Some(100_000.0));
        let start = Instant::now();
        for _ in 0..20_000 {
            pacer.permit().await.depart().await;
        }
        let took = start.elapsed();
        assert!(took <= Duration::from_millis(210), "{took:?}");
        assert!(took >= Duration::from_millis(180), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_permit_comes_shortly_before_its_turn() {
        let pacer = pacer(Some(1.0));
        call(Arc::clone(&pacer)).await;
        let start = Instant::now();
        let permit = pacer.permit().await;
        let early = start.elapsed();
        permit.depart().await;
        assert!(start.elapsed() - early >= Duration::from_millis(4));
    }

    #[tokio::test(start_paused = true)]
    async fn permits_are_not_handed_out_in_advance_at_the_start_or_after_a_rest() {
        let pacer = pacer(Some(20.0));
        for _ in 0..2 {
            let _first = pacer.permit().await;
            assert!(timeout(Duration::from_millis(40), pacer.permit()).await.is_err());
            call(Arc::clone(&pacer)).await;
            sleep(Duration::from_secs(60)).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_permit_is_given_back() {
        let pacer = pacer(Some(1.0));
        for _ in 0..100 {
            drop(pacer.permit().await);
        }
        let start = Instant::now();
        call(Arc::clone(&pacer)).await;
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_can_be_given_up() {
        let pacer = pacer(Some(0.1));
        call(Arc::clone(&pacer)).await;
        let start = Instant::now();
        assert!(timeout(Duration::from_secs(1), pacer.permit()).await.is_err());
        assert!(timeout(Duration::from_secs(60), call(pacer)).await.is_ok());
        assert!(start.elapsed() <= Duration::from_secs(11));
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttle_holds_back_calls_that_have_their_permit() {
        let pacer = pacer(Some(20.0));
        let gone = pacer.permit().await.depart().await;
        let permit = pacer.permit().await;
        let start = Instant::now();
        pacer.throttled(&gone, ErrorKind::RateOfMinute, None, Duration::from_secs(42));
        permit.depart().await;
        assert!(start.elapsed() >= Duration::from_secs(42));
        let spacing = Instant::now();
        call(Arc::clone(&pacer)).await;
        assert!(spacing.elapsed() >= Duration::from_millis(45));
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_rate_nothing_waits() {
        let start = Instant::now();
        calls(&pacer(None), 1000).await;
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
}
