//! The time that creates take against what is possible, from the first arrival to the last answer, as the sandbox saw them.
//!
//! Two things are compared with. The *bound* cannot be beaten, but the shape of the tree may keep any schedule from it. The
//! *optimum* is the best schedule of this very tree, for calls of one length. So `to_optimum` is what the program loses, and
//! `to_bound` is that and what the shape costs. Start, list, plan and fold are no part of it: they are measured elsewhere.

use std::process::Command;

use crate::Result;
use crate::arguments::{Extent, Family};
use crate::measure::{repeated, timed};
use crate::optimum::rounds;
use crate::report::Row;
use crate::sandbox::Sandbox;
use crate::spread::Spread;
use crate::tree::{Shape, Tree};
use crate::workplace::Workplace;

/// How long an answer takes, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Latency {
    Fixed(u32),
    /// Evenly spread between the two.
    Random(u32, u32),
}

/// One thing to measure.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Case {
    shape: Shape,
    groups: usize,
    latency: Latency,
    in_flight: usize,
    /// Calls per second that are asked for and permitted.
    rate: Option<u32>,
}

const SIZES: [usize; 3] = [100, 1_000, 10_000];
const LATENCIES: [Latency; 6] = [
    Latency::Fixed(5),
    Latency::Fixed(20),
    Latency::Fixed(100),
    Latency::Random(1, 9),
    Latency::Random(5, 35),
    Latency::Random(50, 150),
];
const IN_FLIGHT: [usize; 4] = [1, 8, 64, 256];
const USUAL: Case = Case { shape: Shape::City, groups: 1_000, latency: Latency::Fixed(20), in_flight: 64, rate: None };

pub(crate) fn rows(extent: Extent) -> Result<Vec<Row>> {
    let cases = match extent {
        Extent::Selection => selection(),
        Extent::Full => all(),
    };
    cases.into_iter().map(Case::row).collect()
}

/// Changes one thing at a time.
fn selection() -> Vec<Case> {
    let shapes = Shape::ALL.map(|shape| Case { shape, ..USUAL });
    let latencies =
        [Latency::Fixed(5), Latency::Fixed(100), Latency::Random(5, 35)].map(|latency| Case { latency, ..USUAL });
    let in_flight = [8, 256].map(|in_flight| Case { in_flight, ..USUAL });
    let small = [1, 64].map(|in_flight| Case { groups: 100, in_flight, ..USUAL });
    let large = [64, 256].map(|in_flight| Case { groups: 10_000, in_flight, ..USUAL });
    let caterpillars = Case { shape: Shape::Caterpillars, latency: Latency::Fixed(5), ..USUAL };
    let paced = Case { groups: 100, rate: Some(20), ..USUAL };
    let shapes = shapes.into_iter().map(|case| if case.shape == Shape::Caterpillars { caterpillars } else { case });
    shapes.chain(latencies).chain(in_flight).chain(small).chain(large).chain([paced]).collect()
}

fn all() -> Vec<Case> {
    let shapes = Shape::ALL.into_iter().map(|shape| Case { shape, ..USUAL });
    let sized = shapes.flat_map(|case| SIZES.map(|groups| Case { groups, ..case }));
    let timed = sized.flat_map(|case| LATENCIES.map(|latency| Case { latency, ..case }));
    let wide = timed.flat_map(|case| IN_FLIGHT.map(|in_flight| Case { in_flight, ..case }));
    wide.chain([Case { groups: 100, rate: Some(20), ..USUAL }]).collect()
}

impl Latency {
    fn name(self) -> String {
        match self {
            Self::Fixed(time) => format!("{time}ms"),
            Self::Random(least, most) => format!("{least}ms..{most}ms"),
        }
    }

    /// Returns its mean, in seconds.
    fn mean(self) -> f64 {
        match self {
            Self::Fixed(time) => f64::from(time) / 1e3,
            Self::Random(least, most) => f64::from(least + most) / 2e3,
        }
    }
}

impl Case {
    fn row(self) -> Result<Row> {
        let tree = self.shape.tree(self.groups);
        let row = Row::begin(Family::Schedule, self.name());
        let took = repeated(self.runs(&tree), || self.makespan(&tree))?;
        let bound = self.bound(&tree);
        let row = row.with("s", took).with("bound_s", Spread::exact(bound));
        let optimum = self.optimum(&tree);
        let row = row.with_some("optimum_s", optimum).with("to_bound", took.map(|took| took / bound));
        Ok(match optimum {
            Some(optimum) => row.with("to_optimum", took.map(|took| took / optimum)),
            None => row,
        })
    }

    fn name(self) -> String {
        let rate = self.rate.map_or(String::new(), |rate| format!(", {rate}/s"));
        let Self { shape, groups, latency, in_flight, .. } = self;
        format!("{} {groups}, {}, {in_flight} in flight{rate}", shape.name(), latency.name())
    }

    /// Long runs vary little, and are dear.
    fn runs(self, tree: &Tree) -> usize {
        match self.bound(tree) {
            bound if bound < 1.0 => 7,
            bound if bound < 4.0 => 5,
            bound if bound < 10.0 => 3,
            _ => 1,
        }
    }

    /// What no schedule beats: the tallest chain, all calls through the permitted number in flight, and the permitted rate. For
    /// random latencies this is so on the average, with their mean.
    fn bound(self, tree: &Tree) -> f64 {
        let (latency, calls) = (self.latency.mean(), tree.len() as f64);
        let paced = self.rate.map_or(0.0, |rate| (calls - 1.0) / f64::from(rate) + latency);
        let flown = calls * latency / self.in_flight as f64;
        (tree.height() as f64 * latency).max(flown).max(paced)
    }

    /// The best schedule there is; not known for random latencies and for rates.
    fn optimum(self, tree: &Tree) -> Option<f64> {
        let whole_rounds = matches!(self.latency, Latency::Fixed(_)) && self.rate.is_none();
        whole_rounds.then(|| rounds(&tree.parents, self.in_flight) as f64 * self.latency.mean())
    }

    /// Applies the tree and returns the seconds from the first arrival to the last answer.
    fn makespan(self, tree: &Tree) -> Result<f64> {
        let rate = self.rate.map_or_else(|| "off".to_owned(), |rate| rate.to_string());
        let sandbox = Sandbox::start(&["--rate", &rate, "--latency", &self.latency.name()])?;
        let workplace = Workplace::new(tree)?;
        timed(&mut self.apply(&rate, &workplace, &sandbox))?;
        let done = sandbox.creates()?.done;
        let (first, last) = done.first().zip(done.last()).ok_or("no creates")?;
        Ok(last - first + self.latency.mean())
    }

    fn apply(self, rate: &str, workplace: &Workplace, sandbox: &Sandbox) -> Command {
        let in_flight = self.in_flight.to_string();
        workplace.online(sandbox, &["apply", "--yes", "--qps", rate, "--concurrency", &in_flight])
    }
}
