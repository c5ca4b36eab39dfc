//! What the doctor found, as text: a line for each check, and below it what to do and what it rests on.

use std::fmt::Write;

use anstyle::Style;

use crate::doctor::{
    CheckResult, Detail, Duplicate, Duplicates, Fate, RemovableDuplicate, Removal, Report, Verdict, by_hand,
};
use crate::group::GroupPath;
use crate::i18n::{Language, count};
use crate::render::style::{BOLD, DIM, ERROR, GOOD, Grouped, HINT, Styled, WARNING, grouped, padded, plain, shown};
use crate::tr;

/// How many things a finding rests on are named before the rest is counted.
const MOST_NAMED: usize = 20;

/// Tells what every check found, and the sum.
#[must_use]
pub fn text(report: &Report) -> String {
    let mut text = String::new();
    report.findings.iter().for_each(|found| finding(&mut text, found));
    let _ = writeln!(text, "\n{}", sum(report));
    text
}

fn finding(text: &mut String, finding: &CheckResult) {
    let verdict = Styled(style(finding.verdict), padded(finding.verdict.word(), columns().verdict));
    let check = padded(finding.check.word(), columns().check);
    let _ = writeln!(text, "{verdict}  {check}  {}", plain(finding.detail.as_str()));
    let indent = indent();
    for evidence in finding.evidence.iter().take(MOST_NAMED) {
        let _ = writeln!(text, "{indent}{}", line(evidence));
    }
    if finding.evidence.len() > MOST_NAMED {
        let more = tr!(format: "and {} more", "另有 {} 个", grouped(finding.evidence.len() - MOST_NAMED));
        let _ = writeln!(text, "{indent}{}", Styled(DIM, more));
    }
    if let Some(remedy) = &finding.remedy {
        let _ = writeln!(text, "{indent}{} {}", Styled(HINT, "→"), plain(remedy.as_str()));
    }
}

/// How wide verdict and check are; two blanks follow each.
struct Columns {
    verdict: usize,
    check: usize,
}

fn columns() -> Columns {
    match Language::current() {
        Language::English => Columns { verdict: 7, check: 11 },
        Language::Chinese => Columns { verdict: 4, check: 8 },
    }
}

/// As wide as verdict and check.
fn indent() -> String {
    let Columns { verdict, check } = columns();
    " ".repeat(verdict + 2 + check + 2)
}

const fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Ok => GOOD,
        Verdict::Warning => WARNING,
        Verdict::Failed(_) => ERROR,
        Verdict::Skipped => DIM,
    }
}

fn sum(report: &Report) -> String {
    let ok = report.count(|verdict| verdict == Verdict::Ok);
    let warnings = report.count(|verdict| verdict == Verdict::Warning);
    let failed = report.count(|verdict| matches!(verdict, Verdict::Failed(_)));
    let skipped = report.count(|verdict| verdict == Verdict::Skipped);
    let word =
        if failed > 0 { Styled(ERROR, tr!("Not well:", "异常：")) } else { Styled(GOOD, tr!("Well:", "良好：")) };
    let warnings = count(Grouped(warnings), "warning", "项警告");
    tr!(
        format: "{word} {ok} ok, {warnings}, {failed} failed, {skipped} skipped.",
        "{word}{ok} 项正常，{warnings}，{failed} 项失败，{skipped} 项跳过。"
    )
}

fn line(evidence: &Detail) -> String {
    match evidence {
        Detail::Gone { path, id } => tr!(format: "{} {id} is gone", "{} {id} 已不存在", place(path)),
        Detail::Renamed { path, id, name } => {
            tr!(format: "{} {id} is called `{}`", "{} {id} 现名 `{}`", place(path), shown(name))
        }
        Detail::Moved { path, id, stands: Some(stands) } => {
            tr!(format: "{} {id} stands at {}", "{} {id} 现在位于 {}", place(path), place(stands))
        }
        Detail::Moved { path, id, stands: None } => {
            tr!(format: "{} {id}: its parent is gone from DingTalk", "{} {id}：它的上级分组在钉钉中已不存在", place(path))
        }
        Detail::Open { change, path } => format!("{change} {}", place(path)),
        Detail::Operator { union_id, .. } => exported(union_id),
        Detail::Duplicates(found) => duplicates(found),
        Detail::Dangling { id, name, parent } => {
            tr!(format: "`{}` {id} stands under {parent}, which is not there", "`{}` {id} 的上级 {parent} 不存在", shown(name))
        }
        Detail::Circle { id, name, parent } => {
            tr!(format: "`{}` {id} stands under {parent}, and that below it", "`{}` {id} 与 {parent} 互为上下级", shown(name))
        }
        Detail::Deep { path, id, depth } => {
            tr!(format: "{} {id} stands {depth} deep", "{} {id} 位于第 {depth} 级", place(path))
        }
    }
}

/// Writes what a shell takes, so that it can be copied.
fn exported(union_id: &str) -> String {
    format!("export DINGTALK_UNION_ID='{}'", shown(union_id).replace('\'', r"'\''"))
}

fn place(path: &GroupPath) -> String {
    shown(path.as_str()).into_owned()
}

fn duplicates(duplicates: &Duplicates) -> String {
    let place = match &duplicates.path {
        Some(path) => place(path),
        None => tr!(format: "`{}` under {}", "`{}`（上级 {}）", shown(&duplicates.name), duplicates.parent),
    };
    let said: Vec<String> = duplicates.groups.iter().take(MOST_NAMED).map(duplicate).collect();
    let (more, said) = (duplicates.groups.len() - said.len(), said.join(tr!(", ", "、")));
    let rest = match more {
        0 => String::new(),
        more => tr!(format: ", and {} more", "，另有 {} 个", grouped(more)),
    };
    let protected = duplicates.protected_by.as_ref().map_or_else(String::new, protected);
    tr!(format: "{place}: {said}{rest}{protected}", "{place}：{said}{rest}{protected}")
}

fn protected(path: &GroupPath) -> String {
    let path = place(path);
    tr!(
        format: "; {path} is protected, so none is removed: write `protect: false` in the manifest to permit it",
        "；{path} 受保护，因此都不删除：如需允许删除，请在清单中写明 `protect: false`"
    )
}

fn duplicate(duplicate: &Duplicate) -> String {
    let recorded = if duplicate.recorded.is_some() { tr!("recorded, ", "已记录，") } else { "" };
    let spare = if duplicate.spare { tr!(", spare", "，可删除") } else { "" };
    let below = match duplicate.children {
        0 => tr!("no groups below", "没有下级").to_owned(),
        children => tr!(format: "{children} below", "{children} 个下级"),
    };
    tr!(format: "{} ({recorded}{below}{spare})", "{}（{recorded}{below}{spare}）", duplicate.id)
}

/// Lists the duplicates that can be removed.
#[must_use]
pub fn offer(spare: &[RemovableDuplicate]) -> String {
    let duplicates = count(Grouped(spare.len()), "duplicate", "个重名分组");
    let heading = tr!(
        format: "{duplicates} to remove; the recorded group of the same name stays:",
        "将删除 {duplicates}，同名的已记录分组保留："
    );
    let mut text = format!("\n{}\n", Styled(BOLD, heading));
    for spare in spare {
        let stays = tr!(format: "{} stays", "保留 {}", spare.keeper);
        let _ = writeln!(text, "  {}  {stays}", offered(spare));
    }
    text
}

fn offered(spare: &RemovableDuplicate) -> String {
    format!("{} {}", shown(spare.path.as_str()), Styled(BOLD, spare.id))
}

/// Writes the outcome of the removal of duplicates.
#[must_use]
pub fn removal(removal: &Removal) -> String {
    let mut text = String::from("\n");
    if removal.groups.is_empty() {
        return nothing_spare(removal);
    }
    for (spare, fate) in &removal.groups {
        let _ = writeln!(text, "{}  {}{}", word(fate), offered(spare), why(fate));
    }
    let _ = writeln!(text, "{}", verified(removal));
    text
}

fn nothing_spare(removal: &Removal) -> String {
    let heading = Styled(BOLD, tr!("Nothing to remove:", "无可删除："));
    match removal.duplicates_left {
        0 => tr!(format: "\n{heading} no two groups of one name.\n", "\n{heading}没有重名分组。\n"),
        _ => tr!(
            format: "\n{heading} no duplicate is surely nobody's loss.\n  {} {}\n",
            "\n{heading}没有哪个重名分组肯定没人需要。\n  {} {}\n",
            Styled(HINT, "→"),
            by_hand()
        ),
    }
}

fn word(fate: &Fate) -> Styled<&'static str> {
    match fate {
        Fate::Offered => Styled(DIM, tr!("offered", "待删除")),
        Fate::Removed => Styled(GOOD, tr!("removed", "已删除")),
        Fate::Kept { .. } => Styled(ERROR, tr!("kept   ", "已保留")),
        Fate::Unknown { .. } => Styled(WARNING, tr!("unknown", "未知  ")),
    }
}

fn why(fate: &Fate) -> String {
    match fate {
        Fate::Kept { why } | Fate::Unknown { why } => tr!(format: ": {}", "：{}", plain(why.as_str())),
        Fate::Offered | Fate::Removed => String::new(),
    }
}

fn verified(removal: &Removal) -> String {
    match (&removal.unverified, removal.duplicates_left) {
        (Some(why), _) => {
            let heading = Styled(WARNING, tr!("Not verified:", "未核实："));
            let why = plain(why.as_str());
            tr!(format: "{heading} the groups could not be listed again: {why}", "{heading}无法再次列出分组：{why}")
        }
        (None, 0) => {
            let heading = Styled(GOOD, tr!("Verified:", "已核实："));
            tr!(format: "{heading} no two groups of one name are left.", "{heading}不再有重名分组。")
        }
        (None, left) => {
            let heading = Styled(WARNING, tr!("Verified:", "已核实："));
            let groups = count(Grouped(left), "group", "个分组");
            tr!(format: "{heading} {groups} still share a name.", "{heading}仍有 {groups}重名。")
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::doctor::{Check, CheckResult, Detail, Duplicate, Duplicates, Opened, Report, Verdict};
    use crate::group::{GroupId, GroupPath};
    use crate::render::doctor::text;

    const HOSTILE: &str = "A\u{1b}]0;x\u{7}\u{202E}";

    #[test]
    fn hostile_names_lose_their_force() {
        let path = GroupPath::top().join(HOSTILE);
        let (id, name) = (GroupId::new(1), HOSTILE.to_owned());
        let duplicate = Duplicate { id, recorded: Some(path.clone()), children: 0, spare: false };
        let duplicates = |path| Duplicates {
            name: name.clone(),
            parent: id,
            path,
            groups: vec![duplicate.clone()],
            protected_by: None,
        };
        let evidence = vec![
            Detail::Gone { path: path.clone(), id },
            Detail::Renamed { path: path.clone(), id, name: name.clone() },
            Detail::Moved { path: path.clone(), id, stands: Some(path.clone()) },
            Detail::Open { change: Opened::Create, path: path.clone() },
            Detail::Operator { user_id: name.clone(), union_id: name.clone(), name: None },
            Detail::Duplicates(duplicates(Some(path.clone()))),
            Detail::Duplicates(duplicates(None)),
            Detail::Dangling { id, name: name.clone(), parent: id },
            Detail::Circle { id, name: name.clone(), parent: id },
            Detail::Deep { path, id, depth: 4 },
        ];
        let (detail, remedy) = (HOSTILE.into(), Some(HOSTILE.into()));
        let finding = CheckResult { check: Check::Duplicates, verdict: Verdict::Warning, detail, remedy, evidence };
        let text = text(&Report { findings: vec![finding] });
        assert!(!text.contains("\u{1b}]") && !text.contains('\u{7}') && !text.contains('\u{202E}'));
        assert_eq!(text.matches("]0;x").count(), 14, "{text}");
    }
}
