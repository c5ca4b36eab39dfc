//! Figures as aligned text.

use crate::arguments::Family;
use crate::columns::{aligned, number};
use crate::machine::Machine;
use crate::report::Row;
use crate::spread::Spread;

/// Returns what stands above all tables.
pub(crate) fn head(machine: &Machine) -> String {
    format!(
        "roomtree {}\n{}\n{}, {} cores\n{}\nload average at the start: {}\nMedians; in brackets the least and the most of several runs.\n",
        machine.roomtree, machine.rustc, machine.cpu, machine.cores, machine.kernel, machine.load
    )
}

/// Returns the table of one family, a column for each figure that a row of it has.
pub(crate) fn family(family: Family, rows: &[Row]) -> String {
    let names = names(rows);
    let mut lines = vec![[family.name()].into_iter().chain(names.iter().map(|name| (*name).to_owned())).collect()];
    lines.extend(rows.iter().map(|row| line(row, &names)));
    format!("\n{}", aligned(&lines))
}

fn names(rows: &[Row]) -> Vec<&str> {
    let mut names = Vec::new();
    for figure in rows.iter().flat_map(|row| &row.figures) {
        if !names.contains(&figure.name.as_str()) {
            names.push(&figure.name);
        }
    }
    names
}

fn line(row: &Row, names: &[&str]) -> Vec<String> {
    let figures = names.iter().map(|name| row.figure(name).map_or_else(|| "-".to_owned(), spread));
    match &row.note {
        Some(note) => vec![row.what.clone(), note.clone()],
        None => [row.what.clone()].into_iter().chain(figures).collect(),
    }
}

fn spread(spread: Spread) -> String {
    let ends = format!(" ({}–{})", number(spread.min), number(spread.max));
    format!("{}{}", number(spread.median), if spread.runs > 1 { &ends } else { "" })
}
