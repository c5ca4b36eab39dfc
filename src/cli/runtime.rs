//! The asynchronous runtime, made only by commands that need it.
//!
//! tokio panics if the system gives it no file descriptor or thread, so both are tried before.

use std::future::Future;
use std::io;
use std::sync::RwLock;
use std::thread;

use crate::cli::failure::CommandError;
use crate::localized;

/// File descriptors that the runtime and its signal handler open at their start, and some to spare.
#[cfg(unix)]
const DESCRIPTORS: usize = 10;
/// Threads that a run needs besides the runtime's workers: journal, progress, name resolution.
const THREADS: usize = 3;

/// Runs a future to its end on a runtime of its own.
pub(crate) fn block_on<F: Future>(future: F) -> Result<F::Output, CommandError> {
    try_threads().map_err(failed)?;
    try_descriptors().map_err(failed)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(failed)?;
    let output = runtime.block_on(future);
    // A thread that waits for an answer at the terminal would hold the process until somebody types one.
    runtime.shutdown_background();
    Ok(output)
}

/// Lets writing to a file at its largest permitted size fail, instead of the signal that ends the process.
///
/// The handler stays when the runtime that installed it is gone. Without the file descriptors for it, the signal keeps its effect: no
/// command ends for that alone.
#[cfg(unix)]
pub(crate) fn handle_full_files() {
    use tokio::signal::unix::{SignalKind, signal};
    if try_descriptors().is_err() {
        return;
    }
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
    let _entered = runtime.enter();
    drop(signal(SignalKind::from_raw(libc::SIGXFSZ)));
}

#[cfg(not(unix))]
pub(crate) fn handle_full_files() {}

fn failed(error: io::Error) -> CommandError {
    let failure = CommandError::input(localized!("the runtime cannot be started", "无法启动运行环境")).hint(localized!(
        "the limits of this process are too low: raise those of open files (`ulimit -n`) and processes (`ulimit -u`)",
        "本进程的资源限制过低：请提高可打开文件数（`ulimit -n`）和进程数（`ulimit -u`）"
    ));
    failure.because(&error)
}

#[cfg(unix)]
fn try_descriptors() -> io::Result<()> {
    let opened = (0..DESCRIPTORS).map(|_| std::fs::File::open("/dev/null"));
    opened.collect::<io::Result<Vec<_>>>().map(drop)
}

#[cfg(not(unix))]
fn try_descriptors() -> io::Result<()> {
    Ok(())
}

/// Starts as many threads as a run may need, all at the same time.
fn try_threads() -> io::Result<()> {
    let number = thread::available_parallelism().map_or(1, usize::from) + THREADS;
    let gate = RwLock::new(());
    thread::scope(|scope| {
        let closed = gate.write();
        let start = |_| thread::Builder::new().spawn_scoped(scope, || drop(gate.read()));
        let started: io::Result<Vec<_>> = (0..number).map(start).collect();
        drop(closed);
        started.map(drop)
    })
}
