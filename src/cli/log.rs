//! Writes log lines: to standard error, or to the file that `--log` names.
//!
//! Only events of roomtree itself are logged. The libraries below it have events with headers and bodies, which hold secrets, so no
//! setting enables those. Without a flag or the variable no subscriber is installed.

use std::fmt;
use std::fs::File;
use std::io;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use clap::{ArgAction, Args};
use tracing::info;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::layer::SubscriberExt;

use crate::cli::clock;
use crate::cli::context::{Context, LOG_VARIABLE};
use crate::cli::exit::Exit;
use crate::cli::failure::CommandError;
use crate::cli::log_file;
use crate::localized;
use crate::render::Terminal;
use crate::render::style::plain;
use crate::text::sanitize;

/// The target of every event of this crate.
const OWN_TARGET: &str = "roomtree";

/// What is logged, and where.
#[derive(Clone, Debug, Args)]
pub(crate) struct LogArgs {
    /// Log phases, lists and retries to standard error; -vv logs each request too [default: $ROOMTREE_LOG]
    #[arg(short = 'v', long, global = true, action = ArgAction::Count)]
    verbose: u8,

    /// Append the log to a new file or an earlier log, with each request unless -v or $ROOMTREE_LOG set the level
    #[arg(long, global = true, value_name = "FILE")]
    log: Option<PathBuf>,
}

/// The log of a command; it may be off.
#[derive(Debug)]
pub(crate) struct Log {
    sink: Option<Arc<Sink>>,
    began: Instant,
}

impl Log {
    /// Installs the subscriber, if the command is logged.
    ///
    /// # Errors
    /// The level or the file cannot be used.
    pub(crate) fn start(context: &Context, arguments: &LogArgs) -> Result<Self, CommandError> {
        let began = Instant::now();
        let level = level(arguments, context.variable(LOG_VARIABLE))?;
        if level == LevelFilter::OFF {
            return Ok(Self { sink: None, began });
        }
        let file = arguments.log.as_deref().map(log_file::open).transpose()?;
        let sink = Arc::new(Sink { terminal: context.terminal, file, failure: Mutex::default() });
        install(Arc::clone(&sink), level)?;
        let (version, os, arch) = (env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
        info!(version, os, arch, pid = std::process::id(), "started");
        Ok(Self { sink: Some(sink), began })
    }

    /// Logs how the command ended, and reports lines that could not be written.
    pub(crate) fn finish(&self, exit: Exit) {
        let Some(sink) = &self.sink else { return };
        info!(exit = exit as u8, ms = self.began.elapsed().as_millis(), "finished");
        if let Some(error) = sink.failure() {
            let warning = localized!("warning: the log is incomplete: {error}", "警告：运行日志不完整：{error}");
            sink.terminal.note(&warning.to_string());
        }
    }
}

/// `-v` comes before the variable. A file without either gets everything: it is for a bug report.
fn level(arguments: &LogArgs, variable: Option<&str>) -> Result<LevelFilter, CommandError> {
    match (arguments.verbose, variable) {
        (0, Some(level)) => named(level),
        (0, None) if arguments.log.is_none() => Ok(LevelFilter::OFF),
        (1, _) => Ok(LevelFilter::INFO),
        _ => Ok(LevelFilter::DEBUG),
    }
}

fn named(level: &str) -> Result<LevelFilter, CommandError> {
    match level {
        "off" => Ok(LevelFilter::OFF),
        "info" => Ok(LevelFilter::INFO),
        "debug" => Ok(LevelFilter::DEBUG),
        _ => {
            let level = plain(level);
            Err(CommandError::input(localized!(
                "{LOG_VARIABLE} cannot be used: `{level}` is not a level",
                "{LOG_VARIABLE} 无法使用：`{level}` 不是日志级别"
            ))
            .hint(localized!("set it to `info`, `debug` or `off`", "请设为 `info`、`debug` 或 `off`")))
        }
    }
}

fn install(sink: Arc<Sink>, level: LevelFilter) -> Result<(), CommandError> {
    let lines = tracing_subscriber::fmt::layer().with_timer(Utc).with_target(false).with_ansi(false).with_writer(sink);
    let own = Targets::new().with_target(OWN_TARGET, level);
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(lines).with(own)).map_err(|error| {
        CommandError::input(localized!("the log cannot be started", "无法启动运行日志")).because(&error)
    })
}

/// Takes one line for each write.
#[derive(Debug)]
struct Sink {
    terminal: Terminal,
    file: Option<File>,
    /// Why the first line was not written that is missing in the file.
    failure: Mutex<Option<io::Error>>,
}

impl Sink {
    fn failure(&self) -> Option<io::Error> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// A full disk does not stop a run.
    fn append(&self, mut file: &File, line: &str) {
        if let Err(error) = file.write_all(format!("{line}\n").as_bytes()) {
            self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
    }
}

/// Every line is sanitized here, so that no field can steer a terminal or begin another line.
impl Write for &Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let line = sanitize(text.trim_end_matches('\n'));
        match &self.file {
            Some(file) => self.append(file, &line),
            None => self.terminal.note(&line),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Times in UTC, to the millisecond.
struct Utc;

impl FormatTime for Utc {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        writer.write_str(&clock::rfc3339_millis(SystemTime::now()))
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Write;
    use std::path::PathBuf;
    use std::sync::Mutex;

    use anstream::ColorChoice;
    use tracing::level_filters::LevelFilter;

    use crate::cli::log::{LogArgs, Sink, level};
    use crate::render::{Facts, Terminal};

    fn sink(file: File) -> Sink {
        let colors = ColorChoice::Never;
        let facts = Facts { can_ask: false, is_watched: false, out_colors: colors, err_colors: colors, width: 100 };
        Sink { terminal: Terminal::new(facts), file: Some(file), failure: Mutex::default() }
    }

    #[test]
    fn line_is_sanitized_and_stays_one_line() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let sink = sink(file.reopen().unwrap());
        (&sink).write_all("a\u{1b}[31m\nb\u{202E}\n".as_bytes()).unwrap();
        assert_eq!(std::fs::read_to_string(file.path()).unwrap(), "a\u{FFFD}[31m\u{FFFD}b\u{FFFD}\n");
        assert!(sink.failure().is_none());
    }

    #[test]
    fn line_that_cannot_be_written_is_remembered() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let sink = sink(File::open(file.path()).unwrap());
        (&sink).write_all(b"lost\n").unwrap();
        assert!(sink.failure().is_some());
    }

    #[test]
    fn flag_sets_the_level_before_the_variable() {
        let level = |verbose, log: Option<&str>, variable| {
            level(&LogArgs { verbose, log: log.map(PathBuf::from) }, variable).ok()
        };
        assert_eq!(level(0, None, None), Some(LevelFilter::OFF));
        assert_eq!(level(0, None, Some("info")), Some(LevelFilter::INFO));
        assert_eq!(level(0, Some("a.log"), None), Some(LevelFilter::DEBUG));
        assert_eq!(level(0, Some("a.log"), Some("off")), Some(LevelFilter::OFF));
        assert_eq!(level(1, Some("a.log"), Some("debug")), Some(LevelFilter::INFO));
        assert_eq!(level(2, None, Some("off")), Some(LevelFilter::DEBUG));
        assert_eq!(level(9, None, None), Some(LevelFilter::DEBUG));
        assert_eq!(level(0, None, Some("roomtree=trace")), None);
    }
}
