//! What is remembered, as text.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::group::{GroupId, GroupPath};
use crate::i18n::{Language, count};
use crate::render::style::{BOLD, DIM, Grouped, HINT, Styled, WARNING, padded, plain};
use crate::state::{Ledger, Snapshot};
use crate::tr;

/// Lists the recorded groups and the protected paths at a path and below it, one a line.
#[must_use]
pub fn list(ledger: &Ledger, within: &GroupPath) -> String {
    let Snapshot { groups, protected, .. } = ledger.snapshot();
    let paths: BTreeSet<&GroupPath> = groups.keys().chain(protected).filter(|path| path.is_within(within)).collect();
    paths.into_iter().fold(String::new(), |mut text, path| {
        let id = groups.get(path).map_or_else(|| tr!("no id", "无 ID").to_owned(), ToString::to_string);
        let mark = if protected.contains(path) { tr!("  protected", "  受保护") } else { "" };
        let _ = writeln!(text, "{}  {}{mark}", plain(path.as_str()), Styled(DIM, id));
        text
    })
}

/// Says whom a state belongs to and how much it records.
#[must_use]
pub fn summary(ledger: &Ledger) -> String {
    let Snapshot { lineage, serial, endpoint, organization, root, groups, protected, former: _ } = ledger.snapshot();
    let organization = organization.as_deref().unwrap_or(tr!("not known", "未知"));
    let groups = count(Grouped(groups.len()), "group", "个分组");
    let mut text = [
        line(tr!("endpoint", "接口地址"), &plain(endpoint)),
        line(tr!("organization", "企业"), &plain(organization)),
        line(tr!("root", "根分组"), &root.to_string()),
        line(tr!("lineage", "谱系"), &plain(lineage)),
        line(tr!("serial", "序号"), &serial.to_string()),
        line(tr!("groups", "分组"), &groups.to_string()),
    ]
    .concat();
    if !protected.is_empty() {
        let protected = count(Grouped(protected.len()), "group", "个分组");
        text.push_str(&line(tr!("protected", "受保护"), &protected.to_string()));
    }
    text.push_str(&open(ledger.open().count()));
    text
}

fn line(label: &str, said: &str) -> String {
    format!("{} {said}\n", Styled(BOLD, padded(label, label_columns())))
}

/// The columns of the longest label.
fn label_columns() -> usize {
    match Language::current() {
        Language::English => "organization".len(),
        Language::Chinese => 8,
    }
}

fn open(calls: usize) -> String {
    if calls == 0 {
        return String::new();
    }
    let calls = count(Grouped(calls), "call", "次调用");
    let said = tr!(
        format: "{calls} whose outcome is not known yet; the next apply finds out",
        "{calls}的结果未知；下次执行时会查证"
    );
    format!("{} {said}\n", Styled(WARNING, padded(tr!("open", "未决"), label_columns())))
}

/// Says what was forgotten, and how many groups below it stay recorded.
#[must_use]
pub fn forgotten(groups: &[(GroupPath, Option<GroupId>)], left_below: usize) -> String {
    let mut text = String::new();
    for (path, id) in groups {
        let id = id.map_or_else(|| tr!("protection", "保护").to_owned(), |id| id.to_string());
        let _ = writeln!(text, "  {} {}  {}", tr!("forgot", "已移除"), plain(path.as_str()), Styled(DIM, id));
    }
    let (heading, groups) =
        (Styled(BOLD, tr!("Forgotten:", "已移除：")), count(Grouped(groups.len()), "group", "个分组"));
    let said = tr!(
        format: "{heading} {groups}; DingTalk was not called.",
        "{heading}{groups}的记录；没有调用钉钉。"
    );
    let _ = writeln!(text, "{said}");
    if left_below > 0 {
        let left = count(Grouped(left_below), "group", "个分组");
        let said = tr!(
            format: "{left} below stay recorded; --below takes them too",
            "其下 {left}的记录仍保留；加上 `--below` 可一并移除"
        );
        let _ = writeln!(text, "  {} {said}", Styled(HINT, "→"));
    }
    text
}
