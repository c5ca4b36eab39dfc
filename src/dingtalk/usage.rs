//! How many calls were made, and how many of them the organization pays for.
//!
//! A call is counted when it starts and taken back when it turns out not to count: one that is dropped half-way was sent.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::dingtalk::api::Api;

/// The calls of one operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallCount {
    /// Attempts that reached the network.
    pub sent: u64,
    /// Those that count for the monthly quota: not the throttled ones, and no token calls.
    pub metered: u64,
}

/// The calls of a client so far, by operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls([CallCount; Api::ALL.len()]);

impl Calls {
    /// Returns the calls of one operation.
    #[must_use]
    pub const fn of(&self, api: Api) -> CallCount {
        self.0[api.index()]
    }

    /// Returns the calls of all operations together.
    #[must_use]
    pub fn total(&self) -> CallCount {
        self.0.iter().fold(CallCount::default(), |sum, count| CallCount {
            sent: sum.sent + count.sent,
            metered: sum.metered + count.metered,
        })
    }
}

/// The running counters behind [`Calls`].
#[derive(Debug, Default)]
pub(crate) struct Meter {
    sent: [AtomicU64; Api::ALL.len()],
    metered: [AtomicU64; Api::ALL.len()],
}

impl Meter {
    /// Counts a call that is about to be sent.
    pub(crate) fn starts(&self, api: Api) {
        self.sent[api.index()].fetch_add(1, Ordering::Relaxed);
        self.metered[api.index()].fetch_add(u64::from(api.is_metered()), Ordering::Relaxed);
    }

    /// Takes back a call that never reached the network.
    pub(crate) fn was_not_sent(&self, api: Api) {
        self.sent[api.index()].fetch_sub(1, Ordering::Relaxed);
        self.is_free(api);
    }

    /// Takes a call out of those that count for the quota.
    pub(crate) fn is_free(&self, api: Api) {
        self.metered[api.index()].fetch_sub(u64::from(api.is_metered()), Ordering::Relaxed);
    }

    /// Returns the counts at this moment.
    pub(crate) fn read(&self) -> Calls {
        Calls(Api::ALL.map(|api| CallCount {
            sent: self.sent[api.index()].load(Ordering::Relaxed),
            metered: self.metered[api.index()].load(Ordering::Relaxed),
        }))
    }
}
