//! The command line of roomtree.

fn main() {}
