//! Turns Ctrl-C and termination signals into an orderly end: the first asks for it, a second leaves at once.
//!
//! The journal holds either way. A signal that was ignored when the process began stays ignored: SIGHUP under `nohup`, SIGINT in
//! a background job of a shell script. A second SIGHUP does not count, since a terminal that closes may send several.

use std::io;
#[cfg(unix)]
use std::task::{Context, Poll};

use tokio::sync::watch;

use crate::cli::exit::Exit;
use crate::cli::failure::CommandError;
use crate::localized;

/// Returns what turns true when the process is asked to end.
pub(crate) fn watch() -> Result<watch::Receiver<bool>, CommandError> {
    let mut signals = Signals::listen().map_err(|error| {
        CommandError::input(localized!("signals cannot be handled", "无法处理信号")).because(&error)
    })?;
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        signals.next().await;
        stop.send_replace(true);
        while !signals.next().await {}
        std::process::exit(Exit::Interrupted as i32);
    });
    Ok(stopped)
}

/// The signals that ask for an end, each with whether a repetition of it leaves at once.
#[cfg(unix)]
struct Signals(Vec<(tokio::signal::unix::Signal, bool)>);

#[cfg(unix)]
impl Signals {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let ignored = ignored();
        let kinds = [(libc::SIGINT, true), (libc::SIGTERM, true), (libc::SIGHUP, false), (libc::SIGXCPU, false)];
        let heeded = kinds.into_iter().filter(|(number, _)| ignored >> (number - 1) & 1 == 0);
        heeded
            .map(|(number, leaves)| Ok((signal(SignalKind::from_raw(number))?, leaves)))
            .collect::<io::Result<_>>()
            .map(Self)
    }

    /// Returns once a signal came, with whether a repetition of it leaves at once.
    async fn next(&mut self) -> bool {
        let came = |context: &mut Context<'_>| {
            let mut signals = self.0.iter_mut();
            let came = signals.find_map(|(signal, leaves)| signal.poll_recv(context).is_ready().then_some(*leaves));
            came.map_or(Poll::Pending, Poll::Ready)
        };
        std::future::poll_fn(came).await
    }
}

/// Returns the signals that the process ignores, the lowest bit for signal 1. Only Linux shows them without unsafe code; elsewhere
/// none counts as ignored.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

/// The events of a console that ask for an end. After the last three, Windows waits some seconds for the process.
#[cfg(windows)]
struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
    r#break: tokio::signal::windows::CtrlBreak,
    close: tokio::signal::windows::CtrlClose,
    logoff: tokio::signal::windows::CtrlLogoff,
    shutdown: tokio::signal::windows::CtrlShutdown,
}

#[cfg(windows)]
impl Signals {
    fn listen() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};
        Ok(Self {
            interrupt: ctrl_c()?,
            r#break: ctrl_break()?,
            close: ctrl_close()?,
            logoff: ctrl_logoff()?,
            shutdown: ctrl_shutdown()?,
        })
    }

    /// Returns once an event came, with whether a repetition of it leaves at once.
    async fn next(&mut self) -> bool {
        tokio::select! {
            _ = self.interrupt.recv() => true,
            _ = self.r#break.recv() => true,
            _ = self.close.recv() => false,
            _ = self.logoff.recv() => false,
            _ = self.shutdown.recv() => false,
        }
    }
}
