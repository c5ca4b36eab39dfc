//! What became of a run, by name, and the command that finishes the job.
//!
//! Outcomes are told in manifest order, whatever the order they came in.

use std::fmt::Write;
use std::time::Duration;

use crate::apply::{Ending, Outcome, Report};
use crate::dingtalk::Failure;
use crate::plan::{Order, Plan, StepId};
use crate::render::style::{DIM, ERROR, GOOD, HINT, Styled, WARNING, count, duration, grouped, plain, shown};

/// How many groups of one kind are named before the rest is counted.
const MOST_NAMED: usize = 20;

/// How many groups are named whose turn did not come: nothing is wrong with them.
const MOST_LEFT: usize = 5;

/// What a report is made from.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
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
pub fn text(told: Told<'_>) -> String {
    let mut text = headline(told);
    hindrances(&mut text, told.report);
    group(&mut text, told, Styled(ERROR, "failed"), MOST_NAMED, |outcome| matches!(outcome, Outcome::Failed(_)));
    group(&mut text, told, Styled(ERROR, "unknown"), MOST_NAMED, |outcome| matches!(outcome, Outcome::Unknown(_)));
    group(&mut text, told, Styled(WARNING, "skipped"), MOST_NAMED, |outcome| matches!(outcome, Outcome::Skipped(_)));
    group(&mut text, told, Styled(DIM, "left"), MOST_LEFT, |outcome| matches!(outcome, Outcome::Left));
    ending(&mut text, told.report);
    twins(&mut text, told.report);
    if !told.report.is_complete() {
        let _ = writeln!(text, "\n{} {}", Styled(HINT, "To finish the job:"), plain(told.again));
    }
    text
}

fn headline(told: Told<'_>) -> String {
    let counts = told.report.counts();
    let parts = [
        (counts.done, "done"),
        (told.report.adopted.len(), "adopted"),
        (counts.failed, "failed"),
        (counts.unknown, "unknown"),
        (counts.skipped, "skipped"),
        (counts.left, "left"),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", grouped(*n))).collect();
    let word = heading(told.report);
    let calls = count(usize::try_from(told.calls).unwrap_or(usize::MAX), "call");
    format!("{word} {} in {} with {calls}.\n", said.join(", "), duration(told.took))
}

/// An end that somebody asked for is no failure.
fn heading(report: &Report) -> Styled<&'static str> {
    match report.ending {
        _ if report.is_complete() => Styled(GOOD, "Applied:"),
        Ending::Interrupted => Styled(WARNING, "Interrupted:"),
        Ending::Spent(_) => Styled(WARNING, "Stopped:"),
        Ending::Complete | Ending::Stopped(_) | Ending::Unsettled(_) | Ending::Unrecorded(_) => {
            Styled(ERROR, "Applied in part:")
        }
    }
}

/// Tells what went wrong on the way, since only the first few of it were told as they happened.
fn hindrances(text: &mut String, report: &Report) {
    let parts = [(report.delayed, "delay"), (report.answers_lost, "lost answer")];
    let said: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| count(*n, what)).collect();
    if !said.is_empty() {
        let _ = writeln!(text, "{}", Styled(DIM, format!("On the way: {}.", said.join(", "))));
    }
}

fn group(text: &mut String, told: Told<'_>, word: Styled<&'static str>, most: usize, is_member: fn(&Outcome) -> bool) {
    let outcomes = told.order.iter().zip(&told.report.outcomes);
    let members: Vec<(StepId, &Outcome)> =
        outcomes.filter(|(_, outcome)| is_member(outcome)).map(|((id, _), outcome)| (id, outcome)).collect();
    for (id, outcome) in members.iter().take(most) {
        let _ = writeln!(text, "  {word} {}{}", name(told, *id), why(told, outcome));
    }
    if members.len() > most {
        let _ = writeln!(text, "  {}", Styled(DIM, format!("and {} more {}", grouped(members.len() - most), word.1)));
    }
}

fn why(told: Told<'_>, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Failed(failure) | Outcome::Unknown(failure) => {
            format!(": {failure}\n           → {}", failure.remedy())
        }
        Outcome::Skipped(cause) => format!(": waits for {}", name(told, *cause)),
        Outcome::Done(_) | Outcome::Left => String::new(),
    }
}

fn name(told: Told<'_>, step: StepId) -> String {
    shown(told.plan.subject(told.order.step(step).subject).as_str()).into_owned()
}

fn ending(text: &mut String, report: &Report) {
    match &report.ending {
        Ending::Complete => {}
        Ending::Interrupted => {
            let _ = writeln!(text, "\nWhat was done is recorded; nothing is lost.");
        }
        Ending::Stopped(failure) => stopped(text, failure),
        Ending::Spent(most) => {
            let calls = count(usize::try_from(*most).unwrap_or(usize::MAX), "call");
            let made = if *most == 1 { "is" } else { "are" };
            let _ = writeln!(text, "\nThe {calls} that --max-calls allows {made} made. What was done is recorded.");
        }
        Ending::Unsettled(failure) => unsettled(text, failure),
        Ending::Unrecorded(error) => {
            let _ = writeln!(text, "\n{} {}", Styled(ERROR, "The journal could not be written:"), plain(error));
            let _ = writeln!(
                text,
                "  → make room or give write access; the next run finds out what became of the open calls"
            );
        }
    }
}

fn unsettled(text: &mut String, failure: &Failure) {
    let _ = writeln!(text, "\n{} {failure}", Styled(WARNING, "What lost calls have made could not be looked up:"));
    let _ = writeln!(text, "  → run again: it looks before it does anything else");
}

fn stopped(text: &mut String, failure: &Failure) {
    let _ = writeln!(text, "\n{} {failure}", Styled(ERROR, "Stopped, since no other call would have succeeded:"));
    let _ = writeln!(text, "  → {}", failure.remedy());
}

fn twins(text: &mut String, report: &Report) {
    if !report.twins_left.is_empty() {
        let ids: Vec<String> = report.twins_left.iter().map(ToString::to_string).collect();
        let _ = writeln!(
            text,
            "\n{} second groups of the same name were seen and left standing: {}",
            Styled(WARNING, "Twins:"),
            ids.join(", ")
        );
        let _ = writeln!(text, "  → look at them in DingTalk's console and delete the ones that nobody uses");
    }
}
