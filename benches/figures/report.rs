//! What was measured, as data: the tables and the comparison are made from it.

use serde::{Deserialize, Serialize};

use crate::arguments::Family;
use crate::machine::Machine;
use crate::spread::Spread;

/// One run of the benchmarks.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) rows: Vec<Row>,
}

/// One thing that was measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) family: String,
    pub(crate) what: String,
    pub(crate) figures: Vec<Figure>,
    /// Why there are no figures, where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
}

/// One figure of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Figure {
    pub(crate) name: String,
    #[serde(flatten)]
    pub(crate) spread: Spread,
}

impl Report {
    pub(crate) fn new(machine: Machine) -> Self {
        Self { machine, rows: Vec::new() }
    }
}

impl Row {
    /// Begins a row, and says so to whoever waits.
    pub(crate) fn begin(family: Family, what: impl Into<String>) -> Self {
        let (family, what) = (family.name(), what.into());
        eprintln!("… {family}: {what}");
        Self { family, what, figures: Vec::new(), note: None }
    }

    pub(crate) fn with(mut self, name: &str, spread: Spread) -> Self {
        self.figures.push(Figure { name: name.to_owned(), spread });
        self
    }

    /// Adds a figure that not every system tells.
    pub(crate) fn with_some(self, name: &str, value: Option<f64>) -> Self {
        match value {
            Some(value) => self.with(name, Spread::exact(value)),
            None => self,
        }
    }

    /// Says why nothing was measured.
    pub(crate) fn skipped(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    pub(crate) fn figure(&self, name: &str) -> Option<Spread> {
        self.figures.iter().find(|figure| figure.name == name).map(|figure| figure.spread)
    }
}
