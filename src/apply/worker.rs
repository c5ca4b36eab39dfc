//! Workers: each takes the best step that may be called, makes its call, and tells what became of it.
//!
//! A worker knows nothing of plan, journal or frontier.

use std::pin::pin;
use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

use crate::apply::queue::Queue;
use crate::apply::staging::Staged;
use crate::dingtalk::{Client, FailureKind, Outcome, Permit};
use crate::group::{GroupId, GroupName};
use crate::plan::StepId;
use crate::state::Seq;

/// The call to make.
#[derive(Clone, Debug)]
pub(crate) enum Task {
    Create { parent: GroupId, name: GroupName },
    Rename { id: GroupId, name: GroupName },
    Delete { id: GroupId },
}

/// What became of it.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) step: StepId,
    pub(crate) seq: Seq,
    /// `None` if the call was called off before it was made.
    pub(crate) outcome: Option<Outcome<GroupId>>,
}

/// What every worker of a run has.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    pub(crate) queue: Arc<Queue>,
    pub(crate) client: Client,
    /// Turns true when nothing is to be started any more.
    pub(crate) ends: watch::Receiver<bool>,
    pub(crate) replies: UnboundedSender<Reply>,
}

impl Worker {
    /// Makes one call after another until one is not simply done: whether others are to follow that one is not for it to say.
    pub(crate) async fn work(self) {
        let mut goes_on = true;
        while goes_on {
            let Staged { step, seq, permit, task, .. } = self.queue.pop().await;
            let outcome = task.carry_out(&self.client, permit, self.ends.clone()).await;
            goes_on = matches!(outcome, Some(Outcome::Done(_)));
            // If nobody wants to know any more, the intent stays open, and the next run finds out.
            goes_on &= self.replies.send(Reply { step, seq, outcome }).is_ok();
        }
    }
}

impl Task {
    /// Makes the call once, unless the run ends before the call has gone: it may have to wait for a pause to pass.
    async fn carry_out(
        self,
        client: &Client,
        permit: Permit,
        mut ends: watch::Receiver<bool>,
    ) -> Option<Outcome<GroupId>> {
        let watch = permit.watch();
        let mut call = pin!(self.call(client, permit));
        tokio::select! {
            biased;
            outcome = &mut call => return Some(outcome),
            () = has_ended(&mut ends) => {}
        }
        // The call goes only while it is polled, so that what is seen here still holds when it is dropped.
        if watch.has_gone() { Some(call.await) } else { None }
    }

    async fn call(self, client: &Client, permit: Permit) -> Outcome<GroupId> {
        match self {
            Self::Create { parent, name } => client.create(permit, parent, &name).await,
            Self::Delete { id } => gone_is_done(client.delete(permit, id).await).map(|()| id),
            Self::Rename { id, name } => client.rename(permit, id, &name).await.map(|()| id),
        }
    }
}

async fn has_ended(ends: &mut watch::Receiver<bool>) {
    // Whoever could end the run is gone with it.
    let _ = ends.wait_for(|ends| *ends).await;
}

/// A group that is not there any more needs no deleting: an earlier call may have done it.
fn gone_is_done(outcome: Outcome<()>) -> Outcome<()> {
    match outcome {
        Outcome::Rejected(failure) if failure.kind == FailureKind::GroupNotFound => Outcome::Done(()),
        other => other,
    }
}
