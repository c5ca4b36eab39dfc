//! Workers: each takes the best step that may be called, makes its call, and tells what became of it.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

use crate::apply::call::{Completion, Staged};
use crate::apply::suspension::Suspension;
use crate::apply::work_queue::WorkQueue;
use crate::dingtalk::{CallOutcome, Client};

/// What every worker of a run has.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    pub(crate) queue: Arc<WorkQueue>,
    pub(crate) client: Client,
    /// Turns true when nothing is to be started any more.
    pub(crate) ends: watch::Receiver<bool>,
    pub(crate) suspension: Suspension,
    pub(crate) replies: UnboundedSender<Completion>,
}

impl Worker {
    /// Makes one call after another until one is not simply done: whether others are to follow that one is not for it to say.
    pub(crate) async fn work(self) {
        let mut goes_on = true;
        while goes_on {
            let Staged { step, seq, permit, task, .. } = self.queue.pop().await;
            let outcome = task.carry_out(&self.client, permit, self.ends.clone(), &self.suspension).await;
            goes_on = matches!(outcome, Some(CallOutcome::Done(_)));
            // If nobody wants to know any more, the intent stays open, and the next run finds out.
            goes_on &= self.replies.send(Completion { step, seq, outcome }).is_ok();
        }
    }
}
