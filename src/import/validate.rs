//! The manifest that came out, judged by the rules that every manifest has to keep, with cells as places.

use std::collections::HashMap;

use crate::import::convert::Imported;
use crate::import::problem::Problem;
use crate::manifest;
use crate::manifest::{Input, Span, load};
use crate::sheet::Address;

/// Reads a manifest that was made of a table, and returns its problems as problems of the table.
#[must_use]
pub fn judged(text: &str, imported: &Imported) -> Vec<Problem> {
    let loaded = load(&[Input::Stdin], &mut text.as_bytes());
    let nodes = loaded.manifest().map(|manifest| manifest.tree.nodes()).into_iter().flatten();
    let cells: HashMap<Span, Address> = nodes.map(|(_, node)| node.place).zip(imported.cells.iter().copied()).collect();
    let cell = |problem: &manifest::Diagnostic| cells.get(&problem.place?).copied();
    loaded.problems.iter().map(|problem| translated(problem, cell(problem))).collect()
}

fn translated(problem: &manifest::Diagnostic, at: Option<Address>) -> Problem {
    Problem {
        severity: problem.severity,
        code: problem.rule.code(),
        at,
        message: problem.message.clone(),
        help: problem.help.clone().unwrap_or_default(),
    }
}
