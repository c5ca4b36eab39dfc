//! Running a command: how long it takes, and how much memory at most.
//!
//! A timed run is left alone. To look at a process while it runs takes time from it on a small machine, so memory is measured
//! in a run of its own.

use std::fs;
use std::process::{Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Result;
use crate::spread::Spread;

/// Measures something several times.
pub(crate) fn repeated(runs: usize, mut one: impl FnMut() -> Result<f64>) -> Result<Spread> {
    Ok(Spread::of((0..runs).map(|_| one()).collect::<Result<_>>()?))
}

/// Runs a command to its end and returns how many seconds it took.
pub(crate) fn timed(command: &mut Command) -> Result<f64> {
    let began = Instant::now();
    let output = command.stdout(Stdio::null()).output()?;
    let took = began.elapsed().as_secs_f64();
    checked(command, output.status, &output.stderr).map(|()| took)
}

fn checked(command: &Command, status: ExitStatus, errors: &[u8]) -> Result<()> {
    let failure = || format!("{command:?}: {status}\n{}", String::from_utf8_lossy(errors));
    if status.success() { Ok(()) } else { Err(failure().into()) }
}

/// Runs a command to its end and returns its peak memory in MiB, where the system tells it.
pub(crate) fn peak_mib(command: &mut Command) -> Result<Option<f64>> {
    let mut peak = None;
    watched(command, |process| peak = resident_mib(process).or(peak))?;
    Ok(peak)
}

/// Runs a command to its end and looks at something every millisecond.
pub(crate) fn watched(command: &mut Command, mut look: impl FnMut(u32)) -> Result<()> {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    loop {
        look(child.id());
        if let Some(status) = child.try_wait()? {
            return checked(command, status, &[]);
        }
        sleep(Duration::from_millis(1));
    }
}

/// Returns the most that a process has had resident so far.
fn resident_mib(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?;
    Some(kib.parse::<f64>().ok()? / 1024.0)
}
