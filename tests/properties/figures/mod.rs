//! The pure parts of the benchmarks: what figures are compared with has to be right itself.
//!
//! They are tested here, since a benchmark has no tests of its own: it is a program that measures.

mod numbers;
mod schedules;
mod trees;
