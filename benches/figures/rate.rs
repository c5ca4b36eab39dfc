//! How much of a permitted rate is used, and whether a server that counts any one second ever counts one call too many.
//!
//! These runs wait nearly all of their time, so they run side by side.

use std::thread::scope;

use crate::Result;
use crate::arguments::Family;
use crate::measure::timed;
use crate::report::Row;
use crate::sandbox::{Creates, Sandbox};
use crate::spread::Spread;
use crate::tree::Shape;
use crate::workplace::{Workplace, roomtree};

/// What the server permits in any second.
const LIMITS: [u32; 4] = [10, 20, 35, 60];
/// What is asked for.
const RATES: [&str; 2] = ["20", "auto"];
/// How long a run lasts at the permitted rate: a rate that is to be found out takes its time.
const SECONDS: usize = 60;

pub(crate) fn rows() -> Result<Vec<Row>> {
    let cases: Vec<(u32, &str)> = RATES.iter().flat_map(|rate| LIMITS.map(|limit| (limit, *rate))).collect();
    scope(|scope| {
        // A thread may only give back an error that can be sent: its text.
        let run = |(limit, rate)| scope.spawn(move || row(limit, rate).map_err(|error| error.to_string()));
        let running: Vec<_> = cases.into_iter().map(run).collect();
        running.into_iter().map(|run| Ok(run.join().map_err(|_| "a run has panicked")??)).collect()
    })
}

fn row(limit: u32, rate: &str) -> Result<Row> {
    let row = Row::begin(Family::Rate, format!("--qps {rate}, the server permits {limit}"));
    if !is_known(rate) {
        return Ok(row.skipped("skipped: this roomtree does not know this rate"));
    }
    let permitted = rate.parse().map_or(limit, |rate: u32| rate.min(limit));
    let creates = applied(limit, rate, permitted as usize * SECONDS)?;
    Ok(figures(row, &creates, f64::from(permitted)))
}

/// Asks for the help of a command that has the rate in it: whether the rate is one is found out first.
fn is_known(rate: &str) -> bool {
    timed(&mut roomtree(&["apply", "--qps", rate, "--help"])).is_ok()
}

fn applied(limit: u32, rate: &str, groups: usize) -> Result<Creates> {
    let sandbox = Sandbox::start(&["--latency", "20ms", "--rate", &limit.to_string()])?;
    let workplace = Workplace::new(&Shape::City.tree(groups))?;
    timed(&mut workplace.online(&sandbox, &["apply", "--yes", "--qps", rate]))?;
    sandbox.creates()
}

fn figures(row: Row, creates: &Creates, permitted: f64) -> Row {
    let done = &creates.done;
    let last_third = &done[done.len() - done.len() / 3..];
    row.with("per_s", Spread::exact(per_second(done)))
        .with("of_permitted", Spread::exact(per_second(done) / permitted))
        .with("of_permitted_last_third", Spread::exact(per_second(last_third) / permitted))
        .with("most_in_1_s", Spread::exact(most_in_a_second(done) as f64))
        .with("throttled", Spread::exact(creates.throttled as f64))
}

fn per_second(times: &[f64]) -> f64 {
    let span = times.first().zip(times.last()).map_or(0.0, |(first, last)| last - first);
    (times.len() as f64 - 1.0) / span
}

/// Returns the most calls in any one second.
fn most_in_a_second(times: &[f64]) -> usize {
    let within = |(index, start): (usize, &f64)| times.partition_point(|time| *time < start + 1.0) - index;
    times.iter().enumerate().map(within).max().unwrap_or(0)
}
