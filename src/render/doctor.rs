//! What the doctor found, as text: a line for each check, and below it what to do and what it rests on.

use std::fmt::Write;

use anstyle::Style;

use crate::doctor::{Evidence, Fate, Finding, Removal, Report, Spare, Twin, Twins, Verdict, by_hand};
use crate::group::GroupPath;
use crate::render::style::{BOLD, DIM, ERROR, GOOD, HINT, Styled, WARNING, count, grouped, plain, shown};

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

fn finding(text: &mut String, finding: &Finding) {
    let verdict = Styled(style(finding.verdict), format!("{:<7}", finding.verdict.word()));
    let check = format!("{:<11}", finding.check.word());
    let _ = writeln!(text, "{verdict}  {check}  {}", plain(finding.detail.as_str()));
    for evidence in finding.evidence.iter().take(MOST_NAMED) {
        let _ = writeln!(text, "{INDENT}{}", line(evidence));
    }
    if finding.evidence.len() > MOST_NAMED {
        let more = format!("and {} more", grouped(finding.evidence.len() - MOST_NAMED));
        let _ = writeln!(text, "{INDENT}{}", Styled(DIM, more));
    }
    if let Some(remedy) = &finding.remedy {
        let _ = writeln!(text, "{INDENT}{} {}", Styled(HINT, "→"), plain(remedy.as_str()));
    }
}

/// As wide as verdict and check.
const INDENT: &str = "                      ";

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
    let word = if failed > 0 { Styled(ERROR, "Not well:") } else { Styled(GOOD, "Well:") };
    format!("{word} {ok} ok, {}, {failed} failed, {skipped} skipped.", count(warnings, "warning"))
}

fn line(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Gone { path, id } => format!("{} {id} is gone", place(path)),
        Evidence::Renamed { path, id, name } => format!("{} {id} is called `{}`", place(path), shown(name)),
        Evidence::Moved { path, id, stands: Some(stands) } => {
            format!("{} {id} stands at {}", place(path), place(stands))
        }
        Evidence::Moved { path, id, stands: None } => format!("{} {id}: its parent is gone from DingTalk", place(path)),
        Evidence::Open { change, path } => format!("{change} {}", place(path)),
        Evidence::Operator { union_id, .. } => exported(union_id),
        Evidence::Twins(found) => twins(found),
        Evidence::Dangling { id, name, parent } => {
            format!("`{}` {id} stands under {parent}, which is not there", shown(name))
        }
        Evidence::Circle { id, name, parent } => {
            format!("`{}` {id} stands under {parent}, and that below it", shown(name))
        }
        Evidence::Deep { path, id, depth } => format!("{} {id} stands {depth} deep", place(path)),
    }
}

/// Writes what a shell takes, so that it can be copied.
fn exported(union_id: &str) -> String {
    format!("export DINGTALK_UNION_ID='{}'", shown(union_id).replace('\'', r"'\''"))
}

fn place(path: &GroupPath) -> String {
    shown(path.as_str()).into_owned()
}

fn twins(twins: &Twins) -> String {
    let place = match &twins.path {
        Some(path) => place(path),
        None => format!("`{}` under {}", shown(&twins.name), twins.parent),
    };
    let said: Vec<String> = twins.groups.iter().take(MOST_NAMED).map(twin).collect();
    let more = twins.groups.len() - said.len();
    let rest = if more > 0 { format!(", and {} more", grouped(more)) } else { String::new() };
    format!("{place}: {}{rest}", said.join(", "))
}

fn twin(twin: &Twin) -> String {
    let recorded = if twin.recorded.is_some() { "recorded, " } else { "" };
    let spare = if twin.spare { ", spare" } else { "" };
    let below = if twin.children == 0 { "no groups below".to_owned() } else { format!("{} below", twin.children) };
    format!("{} ({recorded}{below}{spare})", twin.id)
}

/// Lists the twins that can be removed.
#[must_use]
pub fn offer(spare: &[Spare]) -> String {
    let heading = format!("{} to remove; the recorded group of the same name stays:", count(spare.len(), "twin"));
    let mut text = format!("\n{}\n", Styled(BOLD, heading));
    for spare in spare {
        let _ = writeln!(text, "  {}  {} stays", offered(spare), spare.keeper);
    }
    text
}

fn offered(spare: &Spare) -> String {
    format!("{} {}", shown(spare.path.as_str()), Styled(BOLD, spare.id))
}

/// Tells what became of the twins that were offered.
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
    match removal.twins_left {
        0 => format!("\n{} no two groups of one name.\n", Styled(BOLD, "Nothing to remove:")),
        _ => format!(
            "\n{} no twin is surely nobody's loss.\n  {} {}\n",
            Styled(BOLD, "Nothing to remove:"),
            Styled(HINT, "→"),
            by_hand()
        ),
    }
}

fn word(fate: &Fate) -> Styled<&'static str> {
    match fate {
        Fate::Offered => Styled(DIM, "offered"),
        Fate::Removed => Styled(GOOD, "removed"),
        Fate::Kept { .. } => Styled(ERROR, "kept   "),
        Fate::Unknown { .. } => Styled(WARNING, "unknown"),
    }
}

fn why(fate: &Fate) -> String {
    match fate {
        Fate::Kept { why } | Fate::Unknown { why } => format!(": {}", plain(why.as_str())),
        Fate::Offered | Fate::Removed => String::new(),
    }
}

fn verified(removal: &Removal) -> String {
    match (&removal.unverified, removal.twins_left) {
        (Some(why), _) => {
            format!(
                "{} the groups could not be listed again: {}",
                Styled(WARNING, "Not verified:"),
                plain(why.as_str())
            )
        }
        (None, 0) => format!("{} no two groups of one name are left.", Styled(GOOD, "Verified:")),
        (None, left) => format!("{} {} still share a name.", Styled(WARNING, "Verified:"), count(left, "group")),
    }
}

#[cfg(test)]
mod tests {
    use crate::doctor::{Check, Evidence, Finding, Opened, Report, Twin, Twins, Verdict};
    use crate::group::{GroupId, GroupPath};
    use crate::render::doctor::text;

    const HOSTILE: &str = "A\u{1b}]0;x\u{7}\u{202E}";

    #[test]
    fn hostile_names_lose_their_force() {
        let path = GroupPath::top().join(HOSTILE);
        let (id, name) = (GroupId::new(1), HOSTILE.to_owned());
        let twin = Twin { id, recorded: Some(path.clone()), children: 0, spare: false };
        let twins = |path| Twins { name: name.clone(), parent: id, path, groups: vec![twin.clone()] };
        let evidence = vec![
            Evidence::Gone { path: path.clone(), id },
            Evidence::Renamed { path: path.clone(), id, name: name.clone() },
            Evidence::Moved { path: path.clone(), id, stands: Some(path.clone()) },
            Evidence::Open { change: Opened::Create, path: path.clone() },
            Evidence::Operator { user_id: name.clone(), union_id: name.clone(), name: None },
            Evidence::Twins(twins(Some(path.clone()))),
            Evidence::Twins(twins(None)),
            Evidence::Dangling { id, name: name.clone(), parent: id },
            Evidence::Circle { id, name: name.clone(), parent: id },
            Evidence::Deep { path, id, depth: 4 },
        ];
        let (detail, remedy) = (HOSTILE.into(), Some(HOSTILE.into()));
        let finding = Finding { check: Check::Twins, verdict: Verdict::Warning, detail, remedy, evidence };
        let text = text(&Report { findings: vec![finding] });
        assert!(!text.contains("\u{1b}]") && !text.contains('\u{7}') && !text.contains('\u{202E}'));
        assert_eq!(text.matches("]0;x").count(), 14, "{text}");
    }
}
