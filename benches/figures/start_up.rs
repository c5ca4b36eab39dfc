//! How long the program takes to do next to nothing, and how large it is.

use std::fs;

use crate::Result;
use crate::arguments::Family;
use crate::measure::{repeated, timed};
use crate::report::Row;
use crate::spread::Spread;
use crate::tree::Shape;
use crate::workplace::{ROOMTREE, Workplace, roomtree};

const RUNS: usize = 25;

pub(crate) fn rows() -> Result<Vec<Row>> {
    Ok(vec![version()?, plan()?, size()?])
}

fn version() -> Result<Row> {
    let row = Row::begin(Family::StartUp, "--version");
    let took = repeated(RUNS, || timed(&mut roomtree(&["--version"])))?;
    Ok(row.with("ms", took.map(|took| took * 1e3)))
}

fn plan() -> Result<Row> {
    let row = Row::begin(Family::StartUp, "plan --offline, 1000 groups, no changes");
    let tree = Shape::City.tree(1_000);
    let workplace = Workplace::new(&tree)?;
    workplace.remember(&tree)?;
    let took = repeated(RUNS, || timed(&mut workplace.roomtree(&["plan", "--offline"])))?;
    Ok(row.with("ms", took.map(|took| took * 1e3)))
}

fn size() -> Result<Row> {
    let bytes = fs::metadata(ROOMTREE)?.len();
    Ok(Row::begin(Family::StartUp, "the program file").with("MB", Spread::exact(bytes as f64 / 1e6)))
}
