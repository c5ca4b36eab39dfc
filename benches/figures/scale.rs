//! Time, memory and bytes for each group, by the number of groups: what grows faster than the tree shows here.

use std::fs;

use crate::Result;
use crate::arguments::Family;
use crate::measure::{peak_mib, repeated, timed, watched};
use crate::report::Row;
use crate::sandbox::Sandbox;
use crate::spread::Spread;
use crate::tree::Shape;
use crate::workplace::Workplace;

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
const KEPT_SIZES: [usize; 2] = [1_000, 10_000];

pub(crate) fn rows() -> Result<Vec<Row>> {
    let mut rows = series("validate", &["validate"])?;
    rows.extend(series("plan --offline, no changes", &["plan", "--offline"])?);
    rows.extend(KEPT_SIZES.into_iter().map(kept).collect::<Result<Vec<_>>>()?);
    Ok(rows)
}

/// Runs one command at each size, and compares the time for a group with that at the size before.
fn series(name: &str, arguments: &[&str]) -> Result<Vec<Row>> {
    let (mut rows, mut before) = (Vec::new(), None);
    for groups in SIZES {
        let row = one(name, arguments, groups)?;
        let each = row.figure("us_per_group").map(|each| each.median);
        let growth = each.zip(before).map(|(each, before): (f64, f64)| each / before);
        rows.push(row.with_some("growth", growth));
        before = each;
    }
    Ok(rows)
}

fn one(name: &str, arguments: &[&str], groups: usize) -> Result<Row> {
    let row = Row::begin(Family::Scale, format!("{name}, {groups} groups"));
    let tree = Shape::City.tree(groups);
    let workplace = Workplace::new(&tree)?;
    workplace.remember(&tree)?;
    let took = repeated(runs(groups), || timed(&mut workplace.roomtree(arguments)))?;
    let peak = peak_mib(&mut workplace.roomtree(arguments))?;
    let row = row.with("s", took).with("us_per_group", took.map(|took| took * 1e6 / groups as f64));
    Ok(row.with_some("peak_MiB", peak))
}

fn runs(groups: usize) -> usize {
    if groups > 100_000 { 3 } else { 7 }
}

/// Measures what an apply writes: the state that stays, and the journal at its longest, which is just before it is folded.
fn kept(groups: usize) -> Result<Row> {
    let row = Row::begin(Family::Scale, format!("what apply writes, {groups} groups"));
    let sandbox = Sandbox::start(&["--rate", "off"])?;
    let workplace = Workplace::new(&Shape::City.tree(groups))?;
    let mut longest = 0;
    let look = |_| longest = longest.max(fs::metadata(workplace.journal()).map_or(0, |file| file.len()));
    watched(&mut workplace.online(&sandbox, &["apply", "--yes", "--qps", "off"]), look)?;
    let each = |bytes: u64| Spread::exact(bytes as f64 / groups as f64);
    let state = fs::metadata(workplace.state())?.len();
    Ok(row.with("state_B_per_group", each(state)).with("journal_B_per_group", each(longest)))
}
