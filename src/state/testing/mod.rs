//! Simulates disks that lose or refuse writes, and crashes at every step.

pub(super) mod crash_tests;
pub(super) mod simulated_disk;
