//! The `roomtree` command: everything is in the library.

use roomtree::cli;
use roomtree::cli::Exit;

fn main() -> Exit {
    cli::run()
}
