//! What can be said behind `cargo bench --bench figures --`.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Measure roomtree from outside
#[derive(Debug, Parser)]
#[command(bin_name = "cargo bench --bench figures --")]
pub(crate) struct Arguments {
    /// Measure only this family; more than once for several
    #[arg(long, value_name = "FAMILY")]
    only: Vec<Family>,

    /// Measure everything: some hours instead of some minutes
    #[arg(long)]
    full: bool,

    /// Write the figures to this file too, to compare two commits
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,

    /// Measure nothing: print what is in the second file as ratios to the first
    #[arg(long, value_names = ["BEFORE", "AFTER"], num_args = 2)]
    pub(crate) compare: Option<Vec<PathBuf>>,

    /// What cargo adds; without it this is `cargo test --all-targets`, which is to end at once
    #[arg(long, hide = true)]
    bench: bool,
}

/// Figures that belong together, and that one table shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Family {
    /// How long the program takes to do next to nothing.
    StartUp,
    /// Time, memory and bytes by the number of groups.
    Scale,
    /// The time that creates take against what is possible.
    Schedule,
    /// How much of a permitted rate is used.
    Rate,
    /// Creates per second where nothing but the machine is in the way.
    Throughput,
    /// What else a person could do the job with.
    Others,
}

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// What fits into some minutes.
    Selection,
    /// Every combination.
    Full,
}

impl Arguments {
    /// Says whether it was asked for, rather than run along with all targets of the tests.
    pub(crate) fn is_meant(&self) -> bool {
        self.bench
    }

    pub(crate) fn extent(&self) -> Extent {
        if self.full { Extent::Full } else { Extent::Selection }
    }

    pub(crate) fn families(&self) -> Vec<Family> {
        let is_wanted = |family: &Family| self.only.is_empty() || self.only.contains(family);
        Family::value_variants().iter().copied().filter(is_wanted).collect()
    }
}

impl Family {
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}
