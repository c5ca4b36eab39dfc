//! The pure parts of the benchmarks: what figures are compared with has to be right itself.
//!
//! They are tested here, since a benchmark has no tests of its own: it is a program that measures.

#[path = "../../benches/figures/columns.rs"]
mod columns;
#[path = "../../benches/figures/manifest.rs"]
mod manifest;
#[path = "../../benches/figures/optimum.rs"]
mod optimum;
#[path = "../../benches/figures/spread.rs"]
mod spread;
#[path = "../../benches/figures/tree.rs"]
mod tree;

mod numbers;
mod schedules;
mod trees;
