//! The asynchronous runtime, made only by commands that need it.

use std::future::Future;

use crate::cli::failure::Failure;
use crate::text;

/// Runs a future to its end on a runtime of its own.
pub(crate) fn block_on<F: Future>(future: F) -> Result<F::Output, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime
        .map_err(|error| Failure::input(text!("the runtime cannot be started", "无法启动运行环境")).because(&error))?;
    let output = runtime.block_on(future);
    // A thread that waits for an answer at the terminal would hold the process until somebody types one.
    runtime.shutdown_background();
    Ok(output)
}
