//! Shows an apply while it runs: a bar where somebody watches, plain lines elsewhere.

use std::sync::mpsc::Receiver;
use std::time::Duration;

use indicatif::ProgressBar;

use crate::apply::{Aim, Event};
use crate::dingtalk::Failure;
use crate::plan::{Call, Order, Plan, StepId};
use crate::render::bar;
use crate::render::style::{CREATE, DELETE, DIM, ERROR, RENAME, Styled, WARNING, count, duration, shown};
use crate::render::terminal::Terminal;

/// The same kind of trouble is told this many times, then only counted: a thousand equal lines help nobody.
const MOST_TOLD: usize = 5;

/// How long events may wait to be shown: less than anybody notices.
const GATHERING: Duration = Duration::from_millis(20);

/// Shows the events of one apply.
#[derive(Debug)]
pub struct Progress<'a> {
    plan: &'a Plan,
    order: &'a Order,
    terminal: Terminal,
    bar: ProgressBar,
    told: usize,
}

impl<'a> Progress<'a> {
    /// Prepares to show; nothing is drawn before the first event.
    #[must_use]
    pub fn new(plan: &'a Plan, order: &'a Order, terminal: Terminal) -> Self {
        let bar = bar::new(order.steps().len(), terminal.facts);
        Self { plan, order, terminal, bar, told: 0 }
    }

    /// Shows events until there are no more. It lets some gather, since to be woken for each would cost more than to show it;
    /// whoever has sent the last one may unpark this thread.
    pub fn show(mut self, events: &Receiver<Event>) {
        while let Ok(event) = events.recv() {
            self.on(event);
            std::thread::park_timeout(GATHERING);
            events.try_iter().for_each(|event| self.on(event));
        }
        self.finish();
    }

    /// Takes the bar away.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }

    /// Shows one event.
    pub fn on(&mut self, event: Event) {
        match event {
            Event::Began { steps } => self.begin(steps),
            Event::Adopted { row, id } => self.say(&format!("  adopted {}  {id}", shown(self.plan.path(row).as_str()))),
            Event::Done { step, id } => {
                self.bar.inc(1);
                self.beside(&self.name(step));
                self.say(&format!("  {} {}  {}", self.verb(step), self.name(step), Styled(DIM, id)));
            }
            Event::Failed { step, failure, skipped } | Event::Unknown { step, failure, skipped } => {
                self.failed(step, &failure, skipped);
            }
            // What they lead to is told by itself.
            Event::Found { .. } | Event::Absent { .. } => {}
            Event::Delayed { step, failure } => self.trouble("delayed", step, &failure),
            Event::Lost { step, failure } => self.trouble("answer lost", step, &failure),
            Event::Banned { wait } => {
                self.warn(&format!("DingTalk bans this address; nothing is called for {}", duration(wait)))
            }
            Event::Looking { aim, after } => self.looking(aim, after),
            Event::TwinRemoved { id } => self.warn(&format!("removed {id}, a twin that this run had made")),
            Event::Stopping { in_flight } => {
                self.warn(&stopping(in_flight));
                self.beside("stopping");
            }
        }
    }

    fn begin(&mut self, steps: usize) {
        if steps > 0 && self.terminal.facts.is_watched {
            self.bar.enable_steady_tick(Duration::from_millis(100));
        }
    }

    fn failed(&mut self, step: StepId, failure: &Failure, skipped: usize) {
        self.bar.inc(1 + skipped as u64);
        let skips = if skipped > 0 { format!("; skips {} below", count(skipped, "group")) } else { String::new() };
        let line = format!("  {} {}: {failure}{skips}", Styled(ERROR, "failed"), self.name(step));
        self.always(&line);
    }

    fn trouble(&mut self, what: &str, step: StepId, failure: &Failure) {
        self.told += 1;
        if self.told <= MOST_TOLD {
            self.warn(&format!("{what} at {}: {failure}", self.name(step)));
        }
        if self.told == MOST_TOLD {
            self.warn("further delays and lost answers are handled in the same way and no longer told");
        }
    }

    fn looking(&mut self, aim: Aim, after: Duration) {
        let pause = if after.is_zero() { String::new() } else { format!(" in {}", duration(after)) };
        let line = match aim {
            Aim::Settle(unknown) => {
                format!("listing the groups{pause} to settle {}", count(unknown, "unknown outcome"))
            }
            Aim::LateTwins => format!("looking once more{pause} for late twins"),
        };
        self.beside(&line);
        self.say(&format!("  {line}"));
    }

    fn verb(&self, step: StepId) -> Styled<&'static str> {
        match self.order.step(step).call {
            Call::Create => Styled(CREATE, "created"),
            Call::Rename => Styled(RENAME, "renamed"),
            Call::Delete => Styled(DELETE, "deleted"),
        }
    }

    fn name(&self, step: StepId) -> String {
        shown(self.plan.subject(self.order.step(step).subject).as_str()).into_owned()
    }

    fn warn(&self, text: &str) {
        self.always(&format!("  {} {text}", Styled(WARNING, "note:")));
    }

    /// Writes beside the bar, as far as there is room.
    fn beside(&self, text: &str) {
        if self.terminal.facts.is_watched {
            self.bar.set_message(bar::beside(text, self.order.steps().len(), self.terminal.facts.width));
        }
    }

    /// Writes a line that a bar stands in for.
    fn say(&self, line: &str) {
        if !self.terminal.facts.is_watched {
            self.terminal.note(line);
        }
    }

    /// Writes a line in any case, above the bar if there is one.
    fn always(&self, line: &str) {
        self.bar.suspend(|| self.terminal.note(line));
    }
}

fn stopping(in_flight: usize) -> String {
    match in_flight {
        0 => "stopping".to_owned(),
        1 => "stopping; 1 call in flight is awaited".to_owned(),
        _ => format!("stopping; {} in flight are awaited", count(in_flight, "call")),
    }
}
