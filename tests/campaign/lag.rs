//! How far this process was behind: a machine that is too busy makes commits late that were meant to be in time.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

static LAGS: Mutex<Vec<(Instant, Duration)>> = Mutex::new(Vec::new());

/// Watches from now on, on the runtime where the sandboxes live.
pub(crate) async fn watch() {
    const STEP: Duration = Duration::from_millis(5);
    loop {
        let began = Instant::now();
        tokio::time::sleep(STEP).await;
        let lag = began.elapsed().saturating_sub(STEP);
        if lag > STEP * 4 {
            LAGS.lock().unwrap_or_else(PoisonError::into_inner).push((began, lag));
        }
    }
}

/// Returns the longest lag since an instant.
pub(crate) fn since(instant: Instant) -> Duration {
    let lags = LAGS.lock().unwrap_or_else(PoisonError::into_inner);
    let longest = lags.iter().rev().take_while(|(at, lag)| *at + *lag >= instant).map(|(_, lag)| *lag).max();
    drop(lags);
    longest.unwrap_or_default()
}

/// Returns how many stories may run at once.
pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(2, usize::from)
}
