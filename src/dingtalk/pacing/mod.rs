//! Paces calls: rate limits, pauses, backoff, retries of reads.

pub(super) mod backoff;
pub(super) mod limit;
pub(super) mod retry;
pub(super) mod schedule;
pub(super) mod throttle;
