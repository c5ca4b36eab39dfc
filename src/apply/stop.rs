//! Waits for a request to end the run.

use tokio::sync::watch;

/// Returns once the run is asked to end; never if its sender is gone.
pub(crate) async fn stop_requested(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}
