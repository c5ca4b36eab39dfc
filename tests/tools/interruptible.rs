//! Starts programs so that a test can interrupt them.

/// Returns the words that start a program with the default handling of signals. A shell ignores Ctrl-C for jobs in the
/// background, their children inherit that, and roomtree respects it: a test that interrupts a run would wait for ever.
#[must_use]
pub(crate) fn interruptible(program: &str) -> Vec<&str> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap_or_default();
    let ignored = u64::from_str_radix(ignored.trim(), 16).unwrap_or_default();
    let signals = [1, 2, 3, 15].map(|number| 1_u64 << (number - 1));
    if signals.iter().any(|bit| ignored & bit != 0) {
        vec!["env", "--default-signal=HUP,INT,QUIT,TERM", program]
    } else {
        vec![program]
    }
}
