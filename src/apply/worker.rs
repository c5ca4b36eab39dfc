//! One call, made by whoever has its permit.

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
    pub(crate) outcome: Outcome<GroupId>,
}

impl Task {
    /// Makes the call once.
    pub(crate) async fn carry_out(self, client: &Client, permit: Permit) -> Outcome<GroupId> {
        match self {
            Self::Create { parent, name } => client.create(permit, parent, &name).await,
            Self::Delete { id } => gone_is_done(client.delete(permit, id).await).map(|()| id),
            Self::Rename { id, name } => client.rename(permit, id, &name).await.map(|()| id),
        }
    }
}

/// A group that is not there any more needs no deleting: an earlier call may have done it.
fn gone_is_done(outcome: Outcome<()>) -> Outcome<()> {
    match outcome {
        Outcome::Rejected(failure) if failure.kind == FailureKind::GroupNotFound => Outcome::Done(()),
        other => other,
    }
}
