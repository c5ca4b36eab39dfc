//! Two runs of the benchmarks side by side: what is after as a ratio to what was before.

use crate::columns::{aligned, number};
use crate::report::{Report, Row};
use crate::spread::Spread;

/// Returns a line for each figure that both have, and names the rows that only one of them has.
pub(crate) fn table(before: &Report, after: &Report) -> String {
    let head = ["what", "figure", "before", "after", "after/before"].map(str::to_owned).to_vec();
    let lines: Vec<Vec<String>> =
        [head].into_iter().chain(before.rows.iter().flat_map(|row| lines(row, after))).collect();
    format!(
        "before: {}, load {}\nafter:  {}, load {}\nA `~` marks what the runs do not tell apart.\n\n{}{}{}",
        before.machine.roomtree,
        before.machine.load,
        after.machine.roomtree,
        after.machine.load,
        aligned(&lines),
        alone("before", before, after),
        alone("after", after, before),
    )
}

fn lines(row: &Row, after: &Report) -> Vec<Vec<String>> {
    let Some(other) = same(row, after) else { return Vec::new() };
    let pairs = row.figures.iter().filter_map(|figure| Some((figure, other.figure(&figure.name)?)));
    pairs.map(|(figure, now)| line(row, &figure.name, figure.spread, now)).collect()
}

fn line(row: &Row, name: &str, before: Spread, after: Spread) -> Vec<String> {
    let mark = if before.overlaps(after) { " ~" } else { "" };
    let ratio = if before.median == after.median { 1.0 } else { after.median / before.median };
    vec![
        format!("{}: {}", row.family, row.what),
        name.to_owned(),
        number(before.median),
        number(after.median),
        format!("{ratio:.3}{mark}"),
    ]
}

fn same<'a>(row: &Row, report: &'a Report) -> Option<&'a Row> {
    report.rows.iter().find(|other| other.family == row.family && other.what == row.what)
}

/// Names the rows that one report has and the other has not.
fn alone(name: &str, report: &Report, other: &Report) -> String {
    let rows = report.rows.iter().filter(|row| same(row, other).is_none());
    rows.map(|row| format!("only {name}: {}: {}\n", row.family, row.what)).collect()
}
