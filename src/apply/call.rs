//! A step on its way to its call: the call, the right to make it, and what became of it.
//!
//! Nothing here knows of plan, journal or ready queue.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use tokio::sync::watch;

use crate::apply::ready_queue::Rank;
use crate::apply::suspension::Suspension;
use crate::dingtalk::{CallOutcome, Client, ErrorKind, Permit};
use crate::group::{GroupId, GroupName};
use crate::plan::StepId;
use crate::state::Seq;

/// A step whose intent is, or is about to be, in the journal.
#[derive(Debug)]
pub(crate) struct Staged {
    pub(crate) step: StepId,
    pub(crate) rank: Rank,
    pub(crate) seq: Seq,
    pub(crate) permit: Permit,
    pub(crate) task: ApiCall,
}

/// The call to make.
#[derive(Clone, Debug)]
pub(crate) enum ApiCall {
    Create { parent: GroupId, name: GroupName },
    Rename { id: GroupId, name: GroupName },
    Delete { id: GroupId },
}

/// What became of it.
#[derive(Debug)]
pub(crate) struct Completion {
    pub(crate) step: StepId,
    pub(crate) seq: Seq,
    /// `None` if the call was called off before it was made.
    pub(crate) outcome: Option<CallOutcome<GroupId>>,
}

impl ApiCall {
    /// Makes the call once, unless the run ends or the process is suspended before the call is sent: it may have to wait for a pause.
    pub(crate) async fn carry_out(
        self,
        client: &Client,
        permit: Permit,
        mut ends: watch::Receiver<bool>,
        suspension: &Suspension,
    ) -> Option<CallOutcome<GroupId>> {
        let watch = permit.watch();
        let mut call = pin!(self.call(client, permit));
        let guarded = poll_fn(|context| match !watch.has_gone() && suspension.check() {
            true => Poll::Ready(None),
            false => call.as_mut().poll(context).map(Some),
        });
        tokio::select! {
            biased;
            outcome = guarded => return outcome,
            () = has_ended(&mut ends) => {}
        }
        // The call goes only while it is polled, so that what is seen here still holds when it is dropped.
        if watch.has_gone() { Some(call.await) } else { None }
    }

    async fn call(self, client: &Client, permit: Permit) -> CallOutcome<GroupId> {
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
fn gone_is_done(outcome: CallOutcome<()>) -> CallOutcome<()> {
    match outcome {
        CallOutcome::Rejected(failure) if failure.kind == ErrorKind::GroupNotFound => CallOutcome::Done(()),
        other => other,
    }
}
