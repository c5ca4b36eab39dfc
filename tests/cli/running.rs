//! A command that runs.

use std::io::Read;
use std::process::{Child, ExitStatus};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use crate::ran::Ran;

/// Longer than anything takes, even on a machine that has much else to do.
const FOREVER: Duration = Duration::from_secs(120);

/// A command that runs; it is killed if it is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    line: String,
    child: Child,
    out: Option<JoinHandle<String>>,
    err: Option<JoinHandle<String>>,
}

impl Running {
    pub(crate) fn new(line: String, mut child: Child) -> Self {
        let (out, err) = (child.stdout.take().map(reader), child.stderr.take().map(reader));
        Self { line, child, out, err }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name, such as `TERM`.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let command = format!("kill -{name} {}", self.pid());
        assert!(std::process::Command::new("/bin/sh").args(["-c", &command]).status().unwrap().success());
    }

    /// Sends a signal, unless the command has ended.
    #[cfg(unix)]
    pub(crate) fn signal_if_there(&self, name: &str) {
        let command = format!("kill -{name} {} 2>&-", self.pid());
        let _ = std::process::Command::new("/bin/sh").args(["-c", &command]).status();
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Kills it as `kill -9` does.
    pub(crate) fn kill(mut self) -> Ran {
        self.child.kill().unwrap();
        self.ended().ended_anyhow()
    }

    /// Waits for its end.
    pub(crate) fn ended(&mut self) -> Ran {
        let status = self.status();
        let text = |reader: &mut Option<JoinHandle<String>>| reader.take().map(|reader| reader.join().unwrap());
        let (out, err) = (text(&mut self.out).unwrap_or_default(), text(&mut self.err).unwrap_or_default());
        Ran::new(self.line.clone(), status.code(), out, err)
    }

    fn status(&mut self) -> ExitStatus {
        let mut status = None;
        until(&format!("`roomtree {}` ends", self.line), || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn reader(mut stream: impl Read + Send + 'static) -> JoinHandle<String> {
    spawn(move || {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        String::from_utf8(bytes).expect("all output is UTF-8")
    })
}

/// Waits until something is true, as long as that takes.
#[track_caller]
pub(crate) fn until(what: &str, mut is_true: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_true() {
        assert!(start.elapsed() < FOREVER, "in vain waited until {what}");
        sleep(Duration::from_millis(1));
    }
}
