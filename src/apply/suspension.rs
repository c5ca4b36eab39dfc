//! Detects that the process was suspended: by SIGSTOP, Ctrl-Z, a debugger, or a sleeping machine.
//!
//! After a suspension the list is old, so nothing may be changed before another list. A timer ticks every half second; a gap of more
//! than two seconds between two ticks counts. On a starved machine that costs one list too many, which does no harm.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

/// The time between two ticks.
const TICK: Duration = Duration::from_millis(500);
/// The longest gap between two ticks that is not a suspension.
const LONGEST_GAP: Duration = Duration::from_secs(2);

/// Returns the time since a fixed moment. It has to advance while the process, or the machine, is suspended.
pub type Clock = Box<dyn Fn() -> Duration + Send + Sync>;

/// Whether the process was suspended since the last [`Suspension::acknowledge`]. Clones share the answer.
#[derive(Clone, Debug)]
pub struct Suspension(Arc<Shared>);

struct Shared {
    clock: Clock,
    /// The time of the last tick, in milliseconds.
    ticked: AtomicU64,
    is_pending: watch::Sender<bool>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("ticked", &self.ticked)
            .field("is_pending", &self.is_pending)
            .finish_non_exhaustive()
    }
}

impl Suspension {
    /// Starts with a tick; the caller ticks from then on.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        let ticked = AtomicU64::new(millis(clock()));
        Self(Arc::new(Shared { clock, ticked, is_pending: watch::Sender::new(false) }))
    }

    /// Starts the timer, which ends with the last clone.
    #[must_use]
    pub fn watch(clock: Clock) -> Self {
        let suspension = Self::new(clock);
        tokio::spawn(tick(Arc::downgrade(&suspension.0)));
        suspension
    }

    /// Returns whether the process was suspended, by the clock as of now: right after a suspension no tick has come yet.
    #[must_use]
    pub fn check(&self) -> bool {
        self.0.check()
    }

    /// Resolves when a suspension is noticed that is not acknowledged.
    pub async fn noticed(&self) {
        // The sender lives as long as this clone.
        let _ = self.0.is_pending.subscribe().wait_for(|pending| *pending).await;
    }

    /// Starts over. Call it before the list that shows the changes during the suspension.
    pub fn acknowledge(&self) {
        self.0.ticked.store(millis((self.0.clock)()), Ordering::Release);
        self.0.is_pending.send_replace(false);
    }
}

impl Shared {
    fn check(&self) -> bool {
        let gap = millis((self.clock)()).saturating_sub(self.ticked.load(Ordering::Acquire));
        if gap > millis(LONGEST_GAP) {
            self.is_pending.send_replace(true);
        }
        *self.is_pending.borrow()
    }

    fn tick(&self) {
        self.check();
        self.ticked.store(millis((self.clock)()), Ordering::Release);
    }
}

async fn tick(shared: Weak<Shared>) {
    while let Some(shared) = shared.upgrade() {
        shared.tick();
        drop(shared);
        sleep(TICK).await;
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use crate::apply::suspension::Suspension;

    /// A clock that shows as many milliseconds as the test says.
    fn with_clock() -> (Suspension, Arc<AtomicU64>) {
        let now = Arc::new(AtomicU64::new(1_000));
        let clock = Arc::clone(&now);
        (Suspension::new(Box::new(move || Duration::from_millis(clock.load(Ordering::Relaxed)))), now)
    }

    #[test]
    fn a_long_gap_is_a_suspension_until_acknowledged() {
        let (suspension, now) = with_clock();
        now.store(3_000, Ordering::Relaxed);
        assert!(!suspension.check());
        now.store(3_001, Ordering::Relaxed);
        assert!(suspension.check());
        suspension.0.tick();
        assert!(suspension.check(), "a tick does not end it");
        suspension.acknowledge();
        assert!(!suspension.check());
    }

    #[test]
    fn ticks_in_time_are_no_suspension() {
        let (suspension, now) = with_clock();
        for millis in (1_500..20_000).step_by(500) {
            now.store(millis, Ordering::Relaxed);
            suspension.0.tick();
            assert!(!suspension.check());
        }
    }

    #[tokio::test]
    async fn a_waiting_task_notices_a_suspension() {
        let (suspension, now) = with_clock();
        now.store(9_000, Ordering::Relaxed);
        suspension.0.tick();
        suspension.noticed().await;
    }
}
