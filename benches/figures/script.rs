//! A script that makes one create after the other, as one would write it in an afternoon.
//!
//! It has no plan, no state, no pace and no answer to a lost answer: it is the floor of what has to be waited for.

use std::fs;
use std::process::Command;

use crate::Result;
use crate::arguments::Family;
use crate::manifest::Named;
use crate::measure::{repeated, timed};
use crate::others::{is_there, times_as_long};
use crate::report::Row;
use crate::sandbox::Sandbox;
use crate::spread::Spread;
use crate::tree::{Shape, Tree};
use crate::workplace::Workplace;

const SCRIPT: &str = include_str!("sequential.py");
const SIZES: [usize; 2] = [100, 1_000];
const LATENCY: &str = "20ms";

pub(crate) fn rows() -> Result<Vec<Row>> {
    if !is_there("python3") {
        return Ok(vec![Row::begin(Family::Others, "script").skipped("skipped: `python3` is not installed")]);
    }
    Ok(SIZES.into_iter().map(size).collect::<Result<Vec<_>>>()?.concat())
}

fn size(groups: usize) -> Result<Vec<Row>> {
    let tree = Shape::City.tree(groups);
    let begin = |what: &str| Row::begin(Family::Others, format!("{what}, {groups} at {LATENCY}"));
    let measured = |row: Row, one: fn(&Tree) -> Result<f64>| Ok(row.with("apply_s", three(|| one(&tree))?));
    let script: Result<Row> = measured(begin("script, one call after the other"), script);
    let (script, roomtree) = (script?, measured(begin("roomtree, 64 in flight"), roomtree)?);
    let ratio = times_as_long(begin("script, times as long"), &script, &roomtree);
    Ok(vec![script, roomtree, ratio])
}

fn three(one: impl FnMut() -> Result<f64>) -> Result<Spread> {
    repeated(3, one)
}

fn script(tree: &Tree) -> Result<f64> {
    let (workplace, sandbox) = (Workplace::empty()?, started()?);
    let (program, groups) = (workplace.file("sequential.py"), workplace.file("groups.json"));
    fs::write(&program, SCRIPT)?;
    fs::write(&groups, serde_json::to_vec(&Named::new(tree).pairs().collect::<Vec<_>>())?)?;
    timed(Command::new("python3").args([&program, &groups]).arg(sandbox.url.trim_start_matches("http://")))
}

fn roomtree(tree: &Tree) -> Result<f64> {
    let (workplace, sandbox) = (Workplace::new(tree)?, started()?);
    timed(&mut workplace.online(&sandbox, &["apply", "--yes", "--qps", "off", "--concurrency", "64"]))
}

fn started() -> Result<Sandbox> {
    Sandbox::start(&["--rate", "off", "--latency", LATENCY])
}
