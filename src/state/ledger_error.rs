//! The reasons for which a ledger refuses a record.

use thiserror::Error;

use crate::group::{GroupId, GroupPath};
use crate::state::Seq;
use crate::tr;

/// Why a record contradicts those before it. The ledger is then as it was.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LedgerError {
    /// An intent whose number is not above all earlier ones.
    #[error("{}", tr!(
        format: "intent {} comes after an intent with the same or a higher number",
        "意图 {} 之前已有编号相同或更大的意图", .0
    ))]
    SeqUsed(Seq),
    /// An outcome without an intent, or a second one.
    #[error("{}", tr!(format: "an outcome for intent {}, which is not open", "意图 {} 有结果，但它并非待定", .0))]
    NotOpen(Seq),
    /// An outcome for another group than the intent was about.
    #[error("{}", tr!(
        format: "intent {seq} is about group {expected}, its outcome about group {found}",
        "意图 {seq} 针对分组 {expected}，其结果却针对分组 {found}"
    ))]
    OtherGroup {
        /// The intent.
        seq: Seq,
        /// The group of the intent.
        expected: GroupId,
        /// The group of the outcome.
        found: GroupId,
    },
    /// Only a create can be lost, and it begins as one.
    #[error("{}", tr!(format: "intent {} is not a create that can be lost", "意图 {} 不是可能丢失应答的创建", .0))]
    NotLost(Seq),
    /// A second create of one name under one parent while the first is open: it would make a duplicate.
    #[error("{}", tr!(format: "`{path}` is already being created by intent {seq}", "意图 {seq} 已在创建 `{path}`"))]
    Duplicate {
        /// What would be created.
        path: GroupPath,
        /// The intent that is open.
        seq: Seq,
    },
    /// The path has a group already.
    #[error("{}", tr!(format: "`{path}` is already group {id}", "`{path}` 已经是分组 {id}"))]
    PathTaken {
        /// The path.
        path: GroupPath,
        /// The group it has.
        id: GroupId,
    },
    /// The group has a path already.
    #[error("{}", tr!(format: "group {id} is already recorded as `{path}`", "分组 {id} 已记录为 `{path}`"))]
    IdTaken {
        /// The group.
        id: GroupId,
        /// The path it has.
        path: GroupPath,
    },
    /// No group is recorded at this path.
    #[error("{}", tr!(format: "`{}` is not recorded", "`{}` 没有记录", .0))]
    NoPath(GroupPath),
    /// The group is not recorded at any path.
    #[error("{}", tr!(format: "group {} is not recorded", "分组 {} 没有记录", .0))]
    NoId(GroupId),
    /// The empty path is the top of the tree.
    #[error("{}", tr!("the top of the tree is no group", "树的顶层不是分组"))]
    Top,
    /// Ids of groups are above 0.
    #[error("{}", tr!(format: "{} is not the id of a group", "{} 不是分组的 ID", .0))]
    BadId(GroupId),
    /// Of the paths that move together one is within another.
    #[error("{}", tr!("one of the paths that move together stands within another", "一起移动的路径中，有一个在另一个之内"))]
    Overlap,
    /// A path cannot move below itself.
    #[error("{}", tr!(format: "`{from}` cannot move below itself to `{to}`", "`{from}` 不能移到自身之下的 `{to}`"))]
    Within {
        /// What would move.
        from: GroupPath,
        /// Where to.
        to: GroupPath,
    },
}
