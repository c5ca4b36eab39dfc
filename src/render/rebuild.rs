//! Renders the result of `state rebuild` as text.

use std::fmt::Write;
use std::path::PathBuf;

use crate::group::GroupPath;
use crate::i18n::count;
use crate::plan::{Action, Conflict, Plan};
use crate::render::plan::conflict;
use crate::render::style::{BOLD, DIM, GOOD, Grouped, HINT, Styled, WARNING, plain};
use crate::state::{ExistingState, Ledger};
use crate::tr;

/// How many groups of one kind are named before the rest is counted.
const MOST_NAMED: usize = 20;

/// Says what is there and what would be put in its place.
#[must_use]
pub fn outlook(remains: &ExistingState, found: &Ledger, unread: usize) -> String {
    let mut text = String::new();
    let records = count(Grouped(found.snapshot().groups.len()), "group", "个分组");
    let said = match remains {
        ExistingState::Nothing => {
            tr!(format: "There is no state; one with {records} can be made.", "没有状态；可以新建一个，记录 {records}。")
        }
        ExistingState::Damaged(error) => tr!(
            format: "{}\nA state with {records} can be put in its place.",
            "{}\n可以用记录 {records}的新状态代替它。",
            plain(&error.to_string())
        ),
        ExistingState::Sound(former) => sound(former, found),
    };
    let _ = writeln!(text, "{said}");
    if unread > 0 {
        let _ = writeln!(text, "{}", unreadable(unread));
    }
    text
}

fn sound(former: &Ledger, found: &Ledger) -> String {
    let groups = |number| count(Grouped(number), "group", "个分组");
    let (has, records) = (groups(former.snapshot().groups.len()), groups(found.snapshot().groups.len()));
    let lost = former.snapshot().groups.values().filter(|id| found.path_of(**id).is_none()).count();
    let without = match lost {
        0 => String::new(),
        lost => tr!(format: ", without {} of those", "，原有的少了 {}", groups(lost)),
    };
    tr!(
        format: "The state is sound: it records {has}. Made anew it would record {records}{without}.",
        "状态完好，记录了 {has}。重建后将记录 {records}{without}。"
    )
}

fn unreadable(lines: usize) -> String {
    let (heading, lines) = (Styled(WARNING, tr!("Note:", "注意：")), count(Grouped(lines), "line", "行"));
    tr!(
        format: "{heading} {lines} of the journal cannot be read. If one of them announced a create whose answer is still out, \
                 that group may yet appear as a duplicate: look for duplicates with `roomtree doctor`.",
        "{heading}日志中有 {lines}无法读取。若其中记有应答未到的创建请求，那个分组日后可能成为重名分组：请用 `roomtree doctor` 查看。"
    )
}

/// Returns whether every group of the manifest is recorded.
#[must_use]
pub fn is_whole(plan: &Plan) -> bool {
    plan.rows().all(|(_, row)| row.id().is_some())
}

/// Reports the recorded groups, the others with the reason, and the files that were kept.
#[must_use]
pub fn text(plan: &Plan, ledger: &Ledger, aside: &[PathBuf]) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}", heading(plan, ledger));
    for path in aside {
        let _ = writeln!(text, "  {}{}", tr!("kept aside: ", "原文件保留为："), plain(&path.display().to_string()));
    }
    taken_over(&mut text, ledger.open().count());
    let missing = missing(plan);
    section(&mut text, tr!("Not in DingTalk's list, not recorded", "不在钉钉的列表中，未记录"), &missing);
    if !missing.is_empty() {
        let _ = writeln!(text, "  {} {}", Styled(HINT, "→"), not_listed());
    }
    section(&mut text, tr!("Not recorded: you must decide", "未记录：须由你决定"), &conflicts(plan));
    let next = tr!("look at what is left with `roomtree plan`", "用 `roomtree plan` 查看剩余的部分");
    let _ = writeln!(text, "\n{} {next}", Styled(HINT, "→"));
    text
}

fn heading(plan: &Plan, ledger: &Ledger) -> String {
    let groups = count(Grouped(ledger.snapshot().groups.len()), "group", "个分组");
    let heading = match is_whole(plan) {
        true => Styled(GOOD, tr!("Rebuilt:", "已重建：")),
        false => Styled(WARNING, tr!("Rebuilt in part:", "已部分重建：")),
    };
    tr!(
        format: "{heading} {groups} recorded; nothing was changed in DingTalk.",
        "{heading}记录了 {groups}；没有改动钉钉。"
    )
}

fn not_listed() -> &'static str {
    tr!(
        "roomtree cannot tell missing groups from groups that the list does not show yet, and `apply` would create them: check \
         DingTalk's admin console (oa.dingtalk.com) first. If a group is there, rebuild again later.",
        "roomtree 无法区分不存在的分组和列表尚未显示的分组，而 `apply` 会创建它们：请先在钉钉管理后台（oa.dingtalk.com）核实。如果分组存在，请稍后重新重建。"
    )
}

fn taken_over(text: &mut String, open: usize) {
    if open > 0 {
        let open = count(Grouped(open), "call", "次调用");
        let said = tr!(
            format: "taken over: {open} whose outcome is not known yet; the next apply finds out",
            "已接手：{open}的结果未知，下次执行时会查证"
        );
        let _ = writeln!(text, "  {said}");
    }
}

fn missing(plan: &Plan) -> Vec<String> {
    let rows = plan.rows().filter(|(_, row)| matches!(row.decision, Action::Create { .. }));
    rows.map(|(id, _)| shown(&plan.path(id))).collect()
}

fn conflicts(plan: &Plan) -> Vec<String> {
    let rows = plan.rows().filter_map(|(id, row)| match &row.decision {
        Action::Conflict { conflict } => Some(told(&plan.path(id), conflict)),
        Action::Blocked => {
            Some(tr!(format: "{}  below one that is not clear", "{}  上级分组不明确", shown(&plan.path(id))))
        }
        Action::Keep { .. } | Action::Create { .. } | Action::Adopt { .. } | Action::Rename { .. } => None,
    });
    rows.collect()
}

fn told(path: &GroupPath, conflict: &Conflict) -> String {
    format!("{}  {}\n    → {}", shown(path), conflict::sentence(conflict), conflict::remedy(conflict))
}

fn shown(path: &GroupPath) -> String {
    plain(path.as_str()).into_owned()
}

fn section(text: &mut String, heading: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let heading = Styled(BOLD, heading);
    let _ = writeln!(text, "\n{}", tr!(format: "{heading} ({})", "{heading}（{}）", lines.len()));
    for line in lines.iter().take(MOST_NAMED) {
        let _ = writeln!(text, "  {line}");
    }
    if lines.len() > MOST_NAMED {
        let _ = writeln!(text, "  {}", Styled(DIM, tr!(format: "and {} more", "另有 {} 个", lines.len() - MOST_NAMED)));
    }
}
