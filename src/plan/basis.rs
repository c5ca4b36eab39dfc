//! What a plan was made from, so that it can be told apart from a plan made from something else.

use schemars::JsonSchema;
use serde::Serialize;

use crate::group::GroupId;

/// Where a plan applies, and the state that it was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Basis {
    /// The address of the API, or of the sandbox.
    pub endpoint: String,
    /// The organization (corpId), when it is known.
    pub organization: Option<String>,
    /// The group that everything is built under.
    pub root: GroupId,
    /// The lineage of the state; `None` when there is no state yet.
    pub lineage: Option<String>,
    /// The serial of the state; 0 when there is none yet.
    pub serial: u64,
    /// The number of groups that the state records.
    pub recorded: usize,
    /// False when the plan was made from manifest and state alone.
    pub online: bool,
}
