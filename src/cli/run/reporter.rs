//! How a run is told: the plan before it, what happens meanwhile, the report after it, for people or for programs.
//!
//! Standard output has what was asked for alone. People who sit before a program's run see the rest on standard error.

use std::io;
use std::sync::mpsc::Receiver;

use crate::apply::Event;
use crate::cli::args::RunFormat;
use crate::cli::failure::CommandError;
use crate::plan::{Order, Plan, Rate};
use crate::render::Extent;
use crate::render::json::{Idle, NoopRun, Stream};
use crate::render::plan::text as drawing;
use crate::render::report::progress::Progress;
use crate::render::report::text;
use crate::render::report::text::ReportInput;
use crate::render::{Terminal, json};

/// Where a run is told, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Telling {
    pub(crate) terminal: Terminal,
    pub(crate) format: RunFormat,
    pub(crate) rate: Rate,
}

/// Whether somebody is asked to confirm what is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asking {
    Yes,
    No,
}

impl Telling {
    /// Shows the plan that is to be carried out.
    pub(crate) fn plan(self, plan: &Plan, asking: Asking) -> io::Result<()> {
        let drawn = drawing::text(plan, self.rate, Extent::Changes);
        match self.format {
            RunFormat::Text => self.terminal.result(&drawn)?,
            RunFormat::Json => self.terminal.note(&drawn),
            RunFormat::Jsonl if asking == Asking::Yes || self.terminal.facts.is_watched => self.terminal.note(&drawn),
            RunFormat::Jsonl => {}
        }
        Ok(())
    }

    /// Shows what happens until there is no more of it.
    pub(crate) fn follow(self, plan: &Plan, order: &Order, events: &Receiver<Event>) {
        let progress = Progress::new(plan, order, self.terminal);
        match self.format {
            RunFormat::Text | RunFormat::Json => progress.show(events),
            RunFormat::Jsonl => self.stream(Stream::new(plan, order), progress, events),
        }
    }

    /// Writes each event as it comes. A reader that is gone, or a full disk, is no reason to stop: the report will say so.
    fn stream(self, stream: Stream<'_>, mut progress: Progress<'_>, events: &Receiver<Event>) {
        for event in events {
            let _ = self.terminal.result(&stream.line(&event));
            if self.terminal.facts.is_watched {
                progress.on(event);
            }
        }
        progress.finish();
    }

    /// Writes the result of a run that carries nothing out. A plan that is refused is shown in any case.
    pub(crate) fn idle(self, plan: &Plan, run: NoopRun<'_>) -> io::Result<()> {
        let idle = run.idle;
        // What stands around the plan may be what stands against it.
        let extent = if idle == Idle::Refused { Extent::Surroundings } else { Extent::Changes };
        let resumed = run.resumed.map(text::resumed).unwrap_or_default();
        let drawn = || drawing::text(plan, self.rate, extent) + &resumed;
        if self.format != RunFormat::Text && idle == Idle::Refused {
            self.terminal.note(&drawn());
        }
        match self.format {
            RunFormat::Text => self.terminal.result(&drawn()),
            RunFormat::Json => self.terminal.result(&json::idle(plan, run)),
            RunFormat::Jsonl => self.terminal.result(&json::idle_line(plan, run)),
        }
    }

    /// Writes the result of a run, with the failure to save the state, if there is one.
    pub(crate) fn report(self, told: ReportInput<'_>, failure: Option<&CommandError>) -> io::Result<()> {
        let error = failure.map(CommandError::document);
        let text = match self.format {
            RunFormat::Text => text::text(told),
            RunFormat::Json => json::report(told, error),
            RunFormat::Jsonl => json::report_line(told, error),
        };
        self.terminal.result(&text)
    }

    /// Writes the result of a run that was interrupted before its first change.
    pub(crate) fn interrupted(self) -> io::Result<()> {
        match self.format {
            RunFormat::Text => Ok(()),
            RunFormat::Json => self.terminal.result(&json::unplanned(None)),
            RunFormat::Jsonl => self.terminal.result(&json::unplanned_line(None)),
        }
    }
}

/// Writes the report of a run that failed before it had another one.
pub(crate) fn failed(terminal: Terminal, format: RunFormat, failure: &CommandError) -> io::Result<()> {
    match format {
        RunFormat::Text => Ok(()),
        RunFormat::Json => terminal.result(&json::unplanned(Some(failure.document()))),
        RunFormat::Jsonl => terminal.result(&json::unplanned_line(Some(failure.document()))),
    }
}
