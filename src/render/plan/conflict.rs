//! Says in a sentence what stands against a row, and what to do about it.

use crate::group::GroupId;
use crate::plan::Conflict;
use crate::render::style::{grouped, shown};
use crate::tr;

/// How many duplicates are named before the rest is counted.
const MOST_NAMED: usize = 20;

/// Says what stands against a row.
#[must_use]
pub fn sentence(conflict: &Conflict) -> String {
    sentence_with(conflict, |path| shown(path).into_owned(), |name| format!("`{}`", shown(name)))
}

/// Describes a conflict. The format decides how paths and names, which come from outside, are written.
pub(crate) fn sentence_with(conflict: &Conflict, name: fn(&str) -> String, quoted: fn(&str) -> String) -> String {
    match conflict {
        Conflict::Duplicates { ids } => {
            tr!(format: "{} groups have this name here: {}", "此处有 {} 个分组同名：{}", ids.len(), list(ids))
        }
        Conflict::Mismatch { id, recorded, found: Some(path) } => {
            let (recorded, path) = (name(recorded.as_str()), name(path.as_str()));
            tr!(
                format: "recorded as {id} at {recorded}, but {id} is {path} in DingTalk",
                "{recorded} 记录的 ID 为 {id}，而 {id} 在钉钉中是 {path}"
            )
        }
        // A listed group has a path unless a group above it is not listed.
        Conflict::Mismatch { id, found: None, .. } => tr!(
            format: "recorded as {id}, but its parent is gone from DingTalk",
            "记录的 ID 为 {id}，但钉钉中已没有它的上级分组"
        ),
        Conflict::Taken { id, by: Some(by) } => {
            let by = name(by.as_str());
            tr!(format: "{id} has this name, but is recorded for {by}", "{id} 已用此名，但它记录在 {by} 名下")
        }
        Conflict::Taken { id, by: None } => tr!(
            format: "{id}, which is not managed here, has this name already",
            "未纳管的分组 {id} 已用此名"
        ),
        Conflict::Gone { id } => tr!(
            format: "the manifest binds it to {id}, which does not exist in DingTalk",
            "清单将它绑定到 {id}，而钉钉中没有这个分组"
        ),
        Conflict::Rebound { id, recorded } => tr!(
            format: "the manifest binds it to {id}, but the state records {recorded} here",
            "清单将它绑定到 {id}，而状态中此路径记录的是 {recorded}"
        ),
        Conflict::WasDeclared { was, id } => {
            let was = quoted(was);
            tr!(
                format: "its former name {was} is the name of {id}, and the manifest still has a group {was} here",
                "它的曾用名 {was} 是分组 {id} 的名称，而清单中此处仍有分组 {was}"
            )
        }
        Conflict::UnmatchedWas { was, similar, id } => {
            let (was, similar) = (quoted(was), quoted(similar));
            tr!(
                format: "no group here has the former name {was}; did you mean {similar} ({id})?",
                "此处没有名为 {was} 的分组；是不是 {similar}（{id}）？"
            )
        }
    }
}

/// Says what to do about it.
#[must_use]
pub fn remedy(conflict: &Conflict) -> &'static str {
    match conflict {
        Conflict::Duplicates { .. } => tr!(
            "in DingTalk's console, delete or rename all but one of them",
            "请在钉钉管理后台删除多余的分组或将其改名，只留一个"
        ),
        Conflict::Mismatch { found: None, .. } => tr!(
            "delete what is left of it in DingTalk's admin console (oa.dingtalk.com), or `roomtree state forget` its path to leave it; then a new one is made",
            "请在钉钉管理后台（oa.dingtalk.com）删除它，或用 `roomtree state forget` 移除这条路径的记录而保留该分组；之后会创建新分组"
        ),
        Conflict::Mismatch { recorded, found: Some(found), .. } if recorded.parent() == found.parent() => tr!(
            "rename it back in DingTalk, or add its name in DingTalk to `was` and roomtree renames it; if the record is wrong, restore the state",
            "请在钉钉中改回原名，或把钉钉中的名称写进 `was`，由 roomtree 改名；如果记录有误，请恢复状态文件"
        ),
        Conflict::Mismatch { .. } => tr!(
            "DingTalk cannot move groups: if the record is wrong, restore the state; otherwise write the group under its parent in DingTalk, or `roomtree state forget` its path to create a new one",
            "钉钉不能移动分组：如果记录有误，请恢复状态文件；否则请在清单中把它写到钉钉中的上级下，或用 `roomtree state forget` 移除这条记录以创建新分组"
        ),
        Conflict::Gone { .. } => {
            tr!("correct or remove `id` in the manifest", "请更正或去掉清单中的 `id`")
        }
        Conflict::Rebound { .. } => tr!(
            "correct or remove `id` in the manifest; to bind the other group, run `roomtree state forget` with this path",
            "请更正或去掉清单中的 `id`；如果要绑定另一个分组，请用 `roomtree state forget` 移除这条路径的记录"
        ),
        Conflict::WasDeclared { .. } => tr!(
            "to rename the group, take its former name's entry out of the manifest and add it again after the apply; to keep both, remove this `was`",
            "如果要改名，请先从清单中去掉曾用名对应的分组，执行后再加回；如果两个分组都要保留，请删去这个 `was`"
        ),
        Conflict::UnmatchedWas { .. } => {
            tr!("correct `was`; or remove it to create a new group", "请更正 `was`；如果要创建新分组，请删去它")
        }
        Conflict::Taken { by: None, .. } => tr!(
            "rename or delete that group in DingTalk, or choose another name",
            "请在钉钉中将那个分组改名或删除，或另取名称"
        ),
        Conflict::Taken { by: Some(_), .. } => tr!(
            "give the group back its name in DingTalk, or `roomtree state forget` the path it is recorded for",
            "请在钉钉中恢复那个分组的名称，或用 `roomtree state forget` 移除它的记录"
        ),
    }
}

fn list(ids: &[GroupId]) -> String {
    let named: Vec<String> = ids.iter().take(MOST_NAMED).map(GroupId::to_string).collect();
    let (more, named) = (ids.len() - named.len(), named.join(tr!(", ", "、")));
    match more {
        0 => named,
        more => tr!(format: "{named}, and {} more", "{named} 等，另有 {} 个", grouped(more)),
    }
}

#[cfg(test)]
mod tests {
    use crate::group::{GroupId, GroupPath};
    use crate::plan::Conflict;
    use crate::render::plan::conflict::{remedy, sentence};

    #[test]
    fn a_group_whose_parent_is_gone_is_not_told_to_stand_elsewhere() {
        let orphan = Conflict::Mismatch { id: GroupId::new(7), recorded: GroupPath::parse("/A").unwrap(), found: None };
        assert_eq!(sentence(&orphan), "recorded as 7, but its parent is gone from DingTalk");
        assert!(!remedy(&orphan).contains("where it stands"));
    }
}
