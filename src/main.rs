//! The `roomtree` command: everything is in the library.

use roomtree::cli::{self, Exit};

fn main() -> Exit {
    cli::run()
}
