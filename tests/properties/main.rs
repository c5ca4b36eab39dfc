//! Properties of plans, pulls, checks, journals and benchmarks, for random and for saved inputs.

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

mod doctor;
mod figures;
mod fuzz_seeds;
mod journal_cuts;
mod plans;
mod pull;

// The fuzz targets are compiled as they are: this crate provides the macro that they take from `libfuzzer_sys`.
extern crate self as libfuzzer_sys;
