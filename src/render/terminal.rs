//! The only code that writes to standard output and standard error.
//!
//! Standard output has the result alone; all else goes to standard error. A reader that went away (a closed pipe) is no
//! error: whoever closed it has seen enough.

use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use anstream::{AutoStream, ColorChoice};
use indicatif::{ProgressBar, WeakProgressBar};

/// The progress bar on the terminal: every note goes above it. A log line can come from any thread, so the bar is known here.
static BAR: Mutex<Option<WeakProgressBar>> = Mutex::new(None);

/// What is known of the terminal, read once.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Somebody can type an answer.
    pub can_ask: bool,
    /// Somebody sees standard error as it comes.
    pub is_watched: bool,
    /// Whether standard output may have colours.
    pub out_colors: ColorChoice,
    /// Whether standard error may have colours.
    pub err_colors: ColorChoice,
    /// Columns of the terminal, at least 40; a hundred where there is none.
    pub width: usize,
}

impl Facts {
    /// Asks the process's own streams.
    #[must_use]
    pub fn read() -> Self {
        let is_watched = io::stderr().is_terminal();
        let columns = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        Self {
            can_ask: io::stdin().is_terminal() && is_watched,
            is_watched,
            out_colors: AutoStream::choice(&io::stdout()),
            err_colors: AutoStream::choice(&io::stderr()),
            width: columns.map_or(100, |columns| columns.max(40)),
        }
    }
}

/// Where everything is written.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// What is known of it.
    pub facts: Facts,
}

impl Terminal {
    /// Writes to this terminal.
    #[must_use]
    pub fn new(facts: Facts) -> Self {
        Self { facts }
    }

    /// Writes a result to standard output.
    ///
    /// # Errors
    /// Standard output cannot be written, the reader's having gone away excepted.
    pub fn result(&self, text: &str) -> io::Result<()> {
        let out = io::stdout().lock();
        forgive(write_all(&mut AutoStream::new(out, self.facts.out_colors), text))
    }

    /// Writes a result that is not text to standard output.
    ///
    /// # Errors
    /// As [`result`](Self::result).
    pub fn bytes(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        forgive(out.write_all(bytes).and_then(|()| out.flush()))
    }

    /// Writes to standard error: progress, warnings, errors.
    pub fn note(&self, text: &str) {
        // There is nowhere left to complain to if standard error is gone.
        let write = || drop(write_all(&mut AutoStream::new(io::stderr().lock(), self.facts.err_colors), text));
        match bar() {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Keeps notes above a bar for as long as the bar lives.
    pub(crate) fn keep_above(&self, bar: &ProgressBar) {
        if self.facts.is_watched {
            *BAR.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar.downgrade());
        }
    }

    /// Writes a question, behind which its answer is typed: there is no line break, whatever it ends with.
    fn prompt(&self, question: &str) {
        let mut err = AutoStream::new(io::stderr().lock(), self.facts.err_colors);
        let _ = err.write_all(question.as_bytes()).and_then(|()| err.flush());
    }

    /// Asks a question and returns the line that was typed, with U+FFFD for what is not UTF-8; `None` when nobody can answer.
    pub fn ask(&self, question: &str) -> Option<String> {
        if !self.facts.can_ask {
            return None;
        }
        self.prompt(question);
        let mut line = Vec::new();
        let read = io::stdin().lock().read_until(b'\n', &mut line).ok()?;
        (read > 0).then(|| String::from_utf8_lossy(&line).trim().to_owned())
    }
}

fn bar() -> Option<ProgressBar> {
    BAR.lock().unwrap_or_else(PoisonError::into_inner).as_ref()?.upgrade()
}

fn write_all(stream: &mut impl Write, text: &str) -> io::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    stream.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        stream.write_all(b"\n")?;
    }
    stream.flush()
}

fn forgive(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
