//! Creates per second over loopback, where neither latency nor a rate is in the way: what the program itself costs.
//!
//! Every outcome is on the disk before anything builds on it, so the cost of a sync on this disk stands beside it.

use std::fs::File;
use std::io::Write;
use std::process::Command;
use std::time::Instant;

use crate::Result;
use crate::arguments::Family;
use crate::measure::{peak_mib, repeated, timed};
use crate::report::Row;
use crate::sandbox::Sandbox;
use crate::tree::Shape;
use crate::workplace::Workplace;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const APPLY: [&str; 6] = ["apply", "--yes", "--qps", "off", "--concurrency", "64"];

pub(crate) fn rows() -> Result<Vec<Row>> {
    let mut rows = vec![sync()?];
    for groups in SIZES {
        rows.push(creates(groups)?);
    }
    Ok(rows)
}

/// Appends a little and waits for the disk, as a journal does that shares no sync between records.
fn sync() -> Result<Row> {
    let row = Row::begin(Family::Throughput, "one fdatasync behind 100 bytes");
    let workplace = Workplace::empty()?;
    let mut file = File::create(workplace.file("synced"))?;
    let took = repeated(501, || {
        let began = Instant::now();
        file.write_all(&[b'x'; 100]).and_then(|()| file.sync_data())?;
        Ok(began.elapsed().as_secs_f64())
    })?;
    Ok(row.with("us", took.map(|took| took * 1e6)))
}

fn creates(groups: usize) -> Result<Row> {
    let row = Row::begin(Family::Throughput, format!("{groups} creates"));
    let workplace = Workplace::new(&Shape::City.tree(groups))?;
    let apply = |run: fn(&mut Command) -> Result<f64>| {
        let sandbox = Sandbox::start(&["--rate", "off"])?;
        let figure = run(&mut workplace.online(&sandbox, &APPLY))?;
        workplace.forget().map(|()| figure)
    };
    let took = repeated(if groups > 10_000 { 3 } else { 7 }, || apply(timed))?;
    let peak = apply(|command| Ok(peak_mib(command)?.unwrap_or(f64::NAN)))?;
    let row = row.with("us", took.map(|took| took * 1e6 / groups as f64));
    let row = row.with("per_s", took.map(|took| groups as f64 / took));
    Ok(row.with_some("peak_MiB", Some(peak).filter(|peak| peak.is_finite())))
}
