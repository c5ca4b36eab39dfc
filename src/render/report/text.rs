//! What became of a run, by name, and the command that finishes the job.
//!
//! Outcomes are told in manifest order, whatever the order they came in.

use std::fmt::Write;
use std::time::Duration;

use crate::apply::{GroupOutcome, Report, ResumedCounts, StopReason};
use crate::group::GroupPath;
use crate::i18n::{Count, count};
use crate::plan::{Order, Plan, StepId};
use crate::render::style::{DIM, ERROR, GOOD, Grouped, HINT, Styled, WARNING, duration, grouped, plain, shown};
use crate::tr;

/// How many groups of one kind are named before the rest is counted.
const MOST_NAMED: usize = 20;

/// How many groups are named whose turn did not come: nothing is wrong with them.
const MOST_LEFT: usize = 5;

/// What a report is made from.
#[derive(Clone, Copy, Debug)]
pub struct ReportInput<'a> {
    /// The plan that was carried out.
    pub plan: &'a Plan,
    /// Its steps.
    pub order: &'a Order,
    /// What became of them.
    pub report: &'a Report,
    /// How long it took.
    pub took: Duration,
    /// How many calls it took, the token's not counted.
    pub calls: u64,
    /// The command that finishes what is left.
    pub again: &'a str,
}

/// Tells what became of a run.
#[must_use]
pub fn text(told: ReportInput<'_>) -> String {
    let mut text = headline(told);
    text.push_str(&told.report.resumed.map(resumed).unwrap_or_default());
    hindrances(&mut text, told.report);
    group(&mut text, told, Styled(ERROR, tr!("failed", "失败")), MOST_NAMED, |outcome| {
        matches!(outcome, GroupOutcome::Failed(_))
    });
    group(&mut text, told, Styled(ERROR, tr!("unknown", "未知")), MOST_NAMED, |outcome| {
        matches!(outcome, GroupOutcome::Unknown(_))
    });
    group(&mut text, told, Styled(WARNING, tr!("skipped", "跳过")), MOST_NAMED, |outcome| {
        matches!(outcome, GroupOutcome::Skipped(_))
    });
    group(&mut text, told, Styled(DIM, tr!("left", "未执行")), MOST_LEFT, |outcome| {
        matches!(outcome, GroupOutcome::Left)
    });
    ending(&mut text, told.report);
    duplicates(&mut text, told.report);
    if !told.report.is_complete() {
        let _ = writeln!(text, "\n{}{}", Styled(HINT, tr!("To finish the job: ", "完成剩余部分：")), plain(told.again));
    }
    text
}

fn headline(told: ReportInput<'_>) -> String {
    let counts = told.report.counts();
    let parts = [
        (counts.done, tr!("done", "个已完成")),
        (told.report.adopted.len(), tr!("adopted", "个已接管")),
        (told.plan.protections.len(), tr!("protected", "个已设为受保护")),
        (told.plan.releases.len(), tr!("unprotected", "个已取消保护")),
        (counts.failed, tr!("failed", "个失败")),
        (counts.unknown, tr!("unknown", "个结果未知")),
        (counts.skipped, tr!("skipped", "个被跳过")),
        (counts.left, tr!("left", "个未执行")),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", grouped(*n))).collect();
    let word = heading(told.report);
    let (said, took, calls) = (said.join(tr!(", ", "，")), duration(told.took), calls(told.calls));
    tr!(format: "{word} {said} in {took} with {calls}.\n", "{word}{said}，用时 {took}，共 {calls}。\n")
}

/// Says how the calls were resolved that an interrupted run left open.
#[must_use]
pub fn resumed(counts: ResumedCounts) -> String {
    let unknown = count(Grouped(counts.unknown), "unknown outcome", "次结果未知的调用");
    let parts = [
        (counts.found, tr!("found", "次已生效")),
        (counts.not_created, tr!("not created", "次未创建")),
        (counts.not_done, tr!("not done", "次未执行")),
        (counts.unresolved, tr!("still unknown", "次仍然未知")),
    ];
    let parts = parts.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> = parts.map(|(number, words)| format!("{} {words}", grouped(*number))).collect();
    let parts = parts.join(tr!(", ", "，"));
    tr!(
        format: "Resumed an interrupted run: {unknown}: {parts}.\n",
        "已接续中断的运行：{unknown}，其中 {parts}。\n"
    )
}

fn calls(number: u64) -> Count<Grouped> {
    count(Grouped(usize::try_from(number).unwrap_or(usize::MAX)), "call", "次调用")
}

/// An end that somebody asked for is no failure.
fn heading(report: &Report) -> Styled<&'static str> {
    match report.ending {
        _ if report.is_complete() => Styled(GOOD, tr!("Applied:", "已执行：")),
        StopReason::Interrupted => Styled(WARNING, tr!("Interrupted:", "已中断：")),
        StopReason::Spent(_) | StopReason::Outdated { .. } => Styled(WARNING, tr!("Stopped:", "已停止：")),
        StopReason::Complete | StopReason::Stopped(_) | StopReason::Unsettled(_) | StopReason::Unrecorded(_) => {
            Styled(ERROR, tr!("Applied in part:", "部分执行："))
        }
    }
}

/// Tells what went wrong on the way, since only the first few of it were told as they happened.
fn hindrances(text: &mut String, report: &Report) {
    let parts = [
        (report.delayed, count(Grouped(report.delayed), "delay", "次推迟")),
        (report.answers_lost, count(Grouped(report.answers_lost), "lost answer", "次应答丢失")),
    ];
    let said: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(_, count)| count.to_string()).collect();
    if !said.is_empty() {
        let said = tr!(format: "On the way: {}.", "途中有 {}。", said.join(tr!(", ", "，")));
        let _ = writeln!(text, "{}", Styled(DIM, said));
    }
}

fn group(
    text: &mut String,
    told: ReportInput<'_>,
    word: Styled<&'static str>,
    most: usize,
    is_member: fn(&GroupOutcome) -> bool,
) {
    let outcomes = told.order.iter().zip(&told.report.outcomes);
    let members: Vec<(StepId, &GroupOutcome)> =
        outcomes.filter(|(_, outcome)| is_member(outcome)).map(|((id, _), outcome)| (id, outcome)).collect();
    for (id, outcome) in members.iter().take(most) {
        let _ = writeln!(text, "  {word} {}{}", name(told, *id), why(told, outcome));
    }
    if members.len() > most {
        let more = grouped(members.len() - most);
        let more = tr!(format: "and {more} more {}", "另有 {more} 个{}", word.1);
        let _ = writeln!(text, "  {}", Styled(DIM, more));
    }
}

fn why(told: ReportInput<'_>, outcome: &GroupOutcome) -> String {
    match outcome {
        GroupOutcome::Failed(failure) | GroupOutcome::Unknown(failure) => {
            let remedy = failure.remedy();
            tr!(format: ": {failure}\n           → {remedy}", "：{failure}\n       → {remedy}")
        }
        GroupOutcome::Skipped(cause) => tr!(format: ": waits for {}", "：等待 {}", name(told, *cause)),
        GroupOutcome::Done(_) | GroupOutcome::Left => String::new(),
    }
}

fn name(told: ReportInput<'_>, step: StepId) -> String {
    shown(told.plan.subject(told.order.step(step).subject).as_str()).into_owned()
}

fn outdated(groups: usize, first: &GroupPath) -> String {
    let (groups, first) = (count(Grouped(groups), "group", "个分组"), shown(first.as_str()));
    tr!(
        format: "DingTalk changed while roomtree was suspended: the rest of the plan is outdated for {groups}, `{first}` among them.\nRun the command again to see the new plan.",
        "roomtree 被挂起期间钉钉发生了变化：其余计划对 {groups}已不适用，例如 `{first}`。\n请重新运行命令，查看新的计划。"
    )
}

fn ending(text: &mut String, report: &Report) {
    match &report.ending {
        StopReason::Complete => {}
        StopReason::Interrupted => {
            let said = tr!("What was done is recorded; nothing is lost.", "已完成的都有记录，没有丢失任何内容。");
            let _ = writeln!(text, "\n{said}");
        }
        StopReason::Stopped(failure) => {
            let heading =
                tr!("Stopped, since no other call would have succeeded: ", "已停止，因为其他调用也不会成功：");
            trouble(text, Styled(ERROR, heading), &failure.to_string(), failure.remedy());
        }
        StopReason::Outdated { groups, first } => {
            let _ = writeln!(text, "\n{}", outdated(*groups, first));
        }
        StopReason::Spent(most) => {
            let _ = writeln!(text, "\n{}", spent(*most));
        }
        StopReason::Unsettled(failure) => {
            let heading = tr!("What lost calls have made could not be looked up: ", "无法查证应答丢失的调用做了什么：");
            let remedy = tr!("run again: it looks before it does anything else", "请再次运行：会先查证，再做别的");
            trouble(text, Styled(WARNING, heading), &failure.to_string(), remedy);
        }
        StopReason::Unrecorded(error) => {
            let heading = tr!("The journal could not be written: ", "无法写入日志：");
            let remedy = tr!(
                "correct the cause and run again: the next run resolves the open calls",
                "请排除原因后重新运行：下次运行会查证未决的调用"
            );
            trouble(text, Styled(ERROR, heading), &plain(error), remedy);
        }
    }
}

fn trouble(text: &mut String, heading: Styled<&str>, said: &str, remedy: &str) {
    let _ = writeln!(text, "\n{heading}{said}\n  → {remedy}");
}

fn spent(most: u64) -> String {
    let calls = calls(most);
    let said = match most {
        1 => tr!(format: "The {calls} that --max-calls allows is made.", "`--max-calls` 允许的 {calls}已用完。"),
        _ => tr!(format: "The {calls} that --max-calls allows are made.", "`--max-calls` 允许的 {calls}已用完。"),
    };
    tr!(format: "{said} What was done is recorded.", "{said}已完成的都有记录。")
}

fn duplicates(text: &mut String, report: &Report) {
    if !report.duplicates_left.is_empty() {
        let ids: Vec<String> = report.duplicates_left.iter().map(ToString::to_string).collect();
        let (heading, ids) = (Styled(WARNING, tr!("Duplicates:", "重名分组：")), ids.join(tr!(", ", "、")));
        let said = tr!(
            format: "{heading} second groups of the same name were seen and left standing: {ids}",
            "{heading}发现同名的第二个分组，没有处理：{ids}"
        );
        let remedy = tr!(
            "look at them in DingTalk's console and delete the ones that nobody uses",
            "请在钉钉管理后台查看，并删除没有人使用的"
        );
        let _ = writeln!(text, "\n{said}\n  → {remedy}");
    }
}
