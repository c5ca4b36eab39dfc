//! Injects faults: lost responses, delays, refusals, stale lists.

pub(super) mod duration;
pub(super) mod fault;
pub(super) mod fault_effect;
pub(super) mod installed;
pub(super) mod latency;
