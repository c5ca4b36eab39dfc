//! What some tests need of the machine. A test without it is reported as skipped; in CI it fails.

use std::io::Write;
use std::path::Path;

/// Says whether a program is installed; if not, reports the test as skipped.
///
/// # Panics
/// In CI, if the program is missing.
#[must_use]
pub(crate) fn has(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_installed =
        std::env::split_paths(&path).any(|folder: std::path::PathBuf| Path::new(&folder).join(program).is_file());
    if !is_installed {
        assert!(std::env::var_os("CI").is_none(), "`{program}` is missing");
        skip(&format!("`{program}` is missing"));
    }
    is_installed
}

/// Reports that the test which runs is skipped. It writes past the capture of output, which hides what a passed test prints.
pub(crate) fn skip(reason: &str) {
    let thread = std::thread::current();
    let _ = writeln!(std::io::stderr(), "skipped: {}: {reason}", thread.name().unwrap_or("a test"));
}
