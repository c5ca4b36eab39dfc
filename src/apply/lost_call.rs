//! A create without a response.

use tokio::time::Instant;

use crate::dingtalk::ApiError;
use crate::group::{GroupId, GroupPath};
use crate::plan::StepId;
use crate::state::Seq;

/// A create without a response, in this run or an earlier one.
#[derive(Clone, Debug)]
pub(crate) struct LostCall {
    /// The step that waits for it; `None` if the manifest no longer asks for it.
    pub(crate) step: Option<StepId>,
    pub(crate) seq: Seq,
    pub(crate) path: GroupPath,
    pub(crate) parent: GroupId,
    pub(crate) since: Instant,
    pub(crate) looked: bool,
    pub(crate) failure: ApiError,
}
