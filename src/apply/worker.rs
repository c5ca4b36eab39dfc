//! One call, made by whoever has its permit.

use crate::dingtalk::{Client, Outcome, Permit};
use crate::group::{GroupId, GroupName};
use crate::plan::StepId;
use crate::state::Seq;

/// The call to make.
#[derive(Clone, Debug)]
pub(crate) enum Task {
    Create { parent: GroupId, name: GroupName },
    Rename { id: GroupId, name: GroupName },
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
            Self::Rename { id, name } => client.rename(permit, id, &name).await.map(|()| id),
        }
    }
}
