//! Measures the built program from outside, and prints a table for each family of figures: `cargo bench --bench figures`.
//!
//! Machines are noisy, so what depends on the machine is also told as a ratio to a bound, or to another figure of the same run.
//! Nothing here passes or fails. docs/performance.md says how each figure is taken and what it is worth.

mod arguments;
mod tree;
mod optimum;
mod manifest;
mod workplace;
mod sandbox;
mod measure;
mod spread;
mod machine;
mod report;
mod columns;
mod table;
mod compare;
mod start_up;
mod scale;
mod schedule;
mod rate;
mod throughput;
mod others;
mod terraform;
mod script;

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::Path;

use clap::Parser;

use crate::arguments::{Arguments, Extent, Family};
use crate::machine::{Machine, load_average};
use crate::report::{Report, Row};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    match &arguments.compare {
        Some(files) => say(&compare::table(&read(&files[0])?, &read(&files[1])?)),
        None if arguments.is_meant() => measure(&arguments),
        None => say("These are benchmarks: `cargo bench --bench figures` runs them.\n"),
    }
}

fn measure(arguments: &Arguments) -> Result<()> {
    let mut report = Report::new(Machine::look());
    say(&table::head(&report.machine))?;
    for family in arguments.families() {
        let rows = rows(family, arguments.extent())?;
        say(&table::family(family, &rows))?;
        report.rows.extend(rows);
    }
    say(&format!("\nload average at the end: {}\n", load_average()))?;
    match &arguments.json {
        Some(file) => Ok(fs::write(file, serde_json::to_vec_pretty(&report)?)?),
        None => Ok(()),
    }
}

fn rows(family: Family, extent: Extent) -> Result<Vec<Row>> {
    match family {
        Family::StartUp => start_up::rows(),
        Family::Scale => scale::rows(),
        Family::Schedule => schedule::rows(extent),
        Family::Rate => rate::rows(),
        Family::Throughput => throughput::rows(),
        Family::Others => others::rows(extent),
    }
}

fn read(file: &Path) -> Result<Report> {
    let text = fs::read(file).map_err(|error| format!("cannot read `{}`: {error}", file.display()))?;
    serde_json::from_slice(&text).map_err(|error| format!("`{}` is not of `--json`: {error}", file.display()).into())
}

fn say(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    Ok(out.write_all(text.as_bytes()).and_then(|()| out.flush())?)
}
