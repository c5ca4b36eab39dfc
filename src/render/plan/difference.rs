//! Lists the differences between two plans for one manifest: the confirmed plan and the current one.

use std::collections::BTreeMap;

use crate::group::GroupPath;
use crate::plan::{Action, Deletion, Plan};
use crate::render::plan::action::{ActionKind, note};
use crate::render::style::{grouped, shown};
use crate::tr;

/// How many differences are listed.
const MOST_LISTED: usize = 20;

/// Lists the groups whose action is another one, one per line.
#[must_use]
pub(crate) fn difference(before: &Plan, after: &Plan) -> String {
    let rows = before.rows().zip(&after.rows).filter(|((_, before), after)| before.decision != after.decision);
    let rows = rows.map(|((id, before), now)| line(&after.path(id), &row(&before.decision), &row(&now.decision)));
    let lines: Vec<String> = rows.chain(deletions(before, after)).collect();
    let mut text: String = lines.iter().take(MOST_LISTED).map(|line| format!("{line}\n")).collect();
    if lines.len() > MOST_LISTED {
        let more = grouped(lines.len() - MOST_LISTED);
        text += &tr!(format: "  and {more} more\n", "  另有 {more} 处\n");
    }
    text
}

fn line(path: &GroupPath, before: &str, after: &str) -> String {
    let path = shown(path.as_str());
    tr!(format: "  {path}: {before} → {after}", "  {path}：{before} → {after}")
}

fn row(decision: &Action) -> String {
    let (word, note) = (ActionKind::of(decision).word(), note(decision));
    if note.is_empty() { word.to_owned() } else { format!("{word} ({note})") }
}

fn deletions(before: &Plan, after: &Plan) -> Vec<String> {
    let by_path = |plan: &Plan| -> BTreeMap<GroupPath, Deletion> {
        plan.deletions.iter().map(|deletion| (deletion.path.clone(), deletion.clone())).collect()
    };
    let (before, after) = (by_path(before), by_path(after));
    let paths: std::collections::BTreeSet<&GroupPath> = before.keys().chain(after.keys()).collect();
    let changed = paths.into_iter().filter(|path| before.get(path) != after.get(path));
    changed.map(|path| line(path, deletion(before.get(path)), deletion(after.get(path)))).collect()
}

fn deletion(deletion: Option<&Deletion>) -> &'static str {
    match deletion {
        None => tr!("not deleted", "不删除"),
        Some(Deletion { gone: true, .. }) => tr!("already deleted in DingTalk", "钉钉中已删除"),
        Some(Deletion { holds: Some(_), .. }) => tr!("delete (not empty)", "删除（非空）"),
        Some(_) => tr!("delete", "删除"),
    }
}

#[cfg(test)]
mod tests {
    use crate::render::plan::difference::difference;
    use crate::render::testing;

    #[test]
    fn changed_actions_are_listed_and_equal_ones_are_not() {
        let (before, after) = (testing::of(&["+ A", "+ B", "= C"]), testing::of(&["& A", "+ B", "= C"]));
        let text = difference(&before, &after);
        assert!(text.starts_with("  /A: create → adopt ("), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
        assert_eq!(difference(&before, &before), "");
    }
}
