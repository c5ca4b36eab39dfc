//! What a pull has to tell, one finding after the other, each with what to do.

use std::fmt::Write;

use similar::TextDiff;

use crate::group::GroupId;
use crate::i18n::Language;
use crate::pull::PullNote;
use crate::render::plan::conflict;
use crate::render::style::{DIM, HINT, Styled, WARNING, plain};
use crate::tr;

/// The most time that is spent on making a difference small.
const PATIENCE: std::time::Duration = std::time::Duration::from_millis(500);

/// Tells what was left out or left as it is.
#[must_use]
pub fn findings(findings: &[PullNote]) -> String {
    findings.iter().fold(String::new(), |mut text, finding| {
        let heading = match finding.leaves_out() {
            true => Styled(WARNING, tr!("left out: ", "已略过：")),
            false => Styled(DIM, tr!("note: ", "注意：")),
        };
        let _ = writeln!(text, "{heading}{}\n  {} {}", plain(&said(finding)), Styled(HINT, "→"), remedy(finding));
        text
    })
}

/// Writes the difference between two texts in the unified format.
#[must_use]
pub fn difference(name: &str, former: &str, new: &str) -> String {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(former, new);
    let whole = diff.unified_diff().context_radius(3).header(name, name).to_string();
    whole.split_inclusive('\n').map(plain_line).collect()
}

fn plain_line(line: &str) -> String {
    let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
    format!("{}{end}", plain(line.strip_suffix('\r').unwrap_or(line)))
}

fn said(finding: &PullNote) -> String {
    match finding {
        PullNote::Unwritable { id, path, why } => {
            tr!(format: "group {id} at `{path}`, and what is below it: {why}", "`{path}` 处的分组 {id} 及其下级：{why}")
        }
        PullNote::Duplicates { path, ids, kept: Some(kept) } => {
            tr!(
                format: "{} at `{path}`: the same name as group {kept}, which is the one that is kept",
                "`{path}` 处的{}：与分组 {kept} 重名，保留的是后者",
                groups(ids)
            )
        }
        PullNote::Duplicates { path, ids, kept: None } => {
            tr!(format: "{} at `{path}`: they share one name", "`{path}` 处的{}：它们重名", groups(ids))
        }
        PullNote::Taken { id, path } => {
            tr!(
                format: "group {id} at `{path}`: the manifest has another group of this name that is not in DingTalk",
                "`{path}` 处的分组 {id}：清单中有另一个同名分组，而钉钉中没有它"
            )
        }
        PullNote::TooDeep { id, path } => {
            tr!(format: "group {id} at `{path}`, and what is below it: it stands too deep", "`{path}` 处的分组 {id} 及其下级：层级太深")
        }
        PullNote::Unrooted { id, name } => {
            tr!(format: "group {id} `{name}`: DingTalk lists no group that it stands in", "分组 {id} `{name}`：钉钉没有列出它的上级分组")
        }
        PullNote::Unclear { path, conflict } => {
            tr!(format: "`{path}` stays as it is: {}", "`{path}` 保持不变：{}", conflict::sentence(conflict))
        }
        PullNote::Missing { path, .. } => {
            tr!(
                format: "`{path}`, and what is below it, is not in DingTalk; it stays in the manifest",
                "钉钉中没有 `{path}` 及其下级；它们仍留在清单中"
            )
        }
        PullNote::Removed { path } => {
            tr!(
                format: "`{path}`, and what is below it, is not in DingTalk; it was removed from the manifest",
                "钉钉中没有 `{path}` 及其下级；已从清单中删去"
            )
        }
        PullNote::Unlisted { path, id } => {
            tr!(
                format: "recorded, not listed: group {id} at `{path}`; its record, and those below it, stay",
                "已记录但未列出：`{path}` 处的分组 {id}；它及其下级的记录保持不变"
            )
        }
        PullNote::Pending { path, live } => {
            tr!(
                format: "`{path}` is called `{live}` in DingTalk; the manifest is about to rename it, so it keeps its new name",
                "`{path}` 在钉钉中名为 `{live}`；清单正要将它改名，因此保留新名称"
            )
        }
    }
}

fn remedy(finding: &PullNote) -> &'static str {
    match finding {
        PullNote::Unwritable { .. } => {
            tr!(
                "give it a name without blanks at the ends and without control characters in DingTalk, then pull again",
                "请在钉钉中改名，去掉首尾空白和控制字符，然后重新取回"
            )
        }
        PullNote::Duplicates { .. } => {
            tr!(
                "rename or remove all but one in DingTalk, then pull again; `roomtree doctor` shows what they hold",
                "请在钉钉中只保留一个，其余改名或删除，然后重新取回；`roomtree doctor` 可查看它们的下级"
            )
        }
        PullNote::Unclear { conflict, .. } => conflict::remedy(conflict),
        PullNote::Taken { .. } => {
            tr!(
                "see `roomtree plan`, which says how to settle it, then pull again",
                "请按 `roomtree plan` 的提示解决，然后重新取回"
            )
        }
        PullNote::TooDeep { .. } => tr!(
            "pull its part of the tree by itself: --root with the id of a group above it",
            "请单独取回这一部分：用 `--root` 给出其上级分组的 ID"
        ),
        PullNote::Unrooted { .. } => {
            tr!(
                "have the operator's permissions checked in DingTalk: the group above may be hidden from it",
                "请在钉钉中检查操作人的权限：它可能看不到上级分组"
            )
        }
        PullNote::Missing { held: false, .. } => {
            tr!(
                "`roomtree apply` makes it; `roomtree pull --prune` removes it from the manifest",
                "`roomtree apply` 会创建它；`roomtree pull --prune` 会把它从清单中删去"
            )
        }
        PullNote::Missing { held: true, .. } => {
            tr!(
                "it has `protect`, or a conflict, at or below it: remove it by hand, or let `roomtree apply` make it",
                "它或其下级设有 `protect` 或存在冲突：请手工删去，或由 `roomtree apply` 创建"
            )
        }
        PullNote::Removed { .. } => {
            tr!("put it back if `roomtree apply` is to make it", "若要由 `roomtree apply` 创建，请把它写回清单")
        }
        PullNote::Unlisted { .. } => {
            tr!(
                "run `roomtree plan`, which shows whether it still exists; if it was deleted in DingTalk, remove the record with `roomtree state forget`",
                "用 `roomtree plan` 查看它是否仍然存在；如果已在钉钉中删除，请用 `roomtree state forget` 移除这条记录"
            )
        }
        PullNote::Pending { .. } => {
            tr!(
                "`roomtree apply` renames it; write the name that DingTalk has if it is not to be renamed",
                "`roomtree apply` 会将它改名；若不要改名，请写钉钉中的名称"
            )
        }
    }
}

fn groups(ids: &[GroupId]) -> String {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let plural = if ids.len() == 1 { "" } else { "s" };
    match Language::current() {
        Language::English => format!("group{plural} {}", ids.join(", ")),
        Language::Chinese => format!("分组 {}", ids.join("、")),
    }
}
