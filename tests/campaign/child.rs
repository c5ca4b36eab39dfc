//! roomtree as a process of its own: started, struck, and listened to until it ends.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStdin, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::interruptible::interruptible;

/// A run in progress.
pub(crate) struct Child {
    process: tokio::process::Child,
    stdout: Listener,
    stderr: Listener,
    prompt: Option<Prompt>,
    pub(crate) is_killed: bool,
    pub(crate) interrupts: u32,
}

/// What a process has written so far.
struct Listener {
    bytes: Arc<Mutex<Vec<u8>>>,
    task: JoinHandle<()>,
}

/// The terminal of a run that asks.
struct Prompt {
    keyboard: ChildStdin,
    /// The file that has its standard output.
    result: PathBuf,
    /// How much it had written when it was answered last.
    answered_at: usize,
}

/// A run that has ended.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit code; `None` if a signal ended it.
    pub(crate) exit: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) is_killed: bool,
    pub(crate) interrupts: u32,
}

impl Child {
    /// Starts roomtree in a story's folder, with nothing of our own environment.
    pub(crate) fn start(folder: &Path, url: &str, arguments: &[String]) -> Self {
        let mut command = command(&program(), folder, url);
        command.args(arguments).stdin(Stdio::null());
        Self::spawn(command)
    }

    /// Starts roomtree on a terminal of its own; its standard output goes to a file.
    pub(crate) fn start_on_terminal(folder: &Path, url: &str, arguments: &[String], result: PathBuf) -> Self {
        let line = format!("stty -echo; exec '{}' {} > '{}'", program(), arguments.join(" "), result.display());
        let mut command = command("script", folder, url);
        command.args(["-qec", &line, "/dev/null"]).env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("TERM", "dumb").stdin(Stdio::piped());
        let mut child = Self::spawn(command);
        let keyboard = child.process.stdin.take().expect("a pipe");
        child.prompt = Some(Prompt { keyboard, result, answered_at: 0 });
        child
    }

    fn spawn(mut command: Command) -> Self {
        let mut process = command.spawn().expect("the program can be started");
        let stdout = Listener::new(process.stdout.take());
        let stderr = Listener::new(process.stderr.take());
        Self { process, stdout, stderr, prompt: None, is_killed: false, interrupts: 0 }
    }

    /// Says whether it runs on a terminal.
    pub(crate) fn can_ask(&self) -> bool {
        self.prompt.is_some()
    }

    /// Says whether it waits for an answer.
    pub(crate) fn is_asking(&self) -> bool {
        let said = self.stdout.bytes();
        self.prompt.as_ref().is_some_and(|prompt| said.len() > prompt.answered_at && said.ends_with(b": "))
    }

    /// Answers `yes`.
    pub(crate) async fn confirm(&mut self) {
        let length = self.stdout.bytes().len();
        self.press(b"yes\n").await;
        if let Some(prompt) = &mut self.prompt {
            prompt.answered_at = length;
        }
    }

    async fn press(&mut self, keys: &[u8]) {
        if let Some(prompt) = &mut self.prompt {
            // It may have ended meanwhile.
            let _ = prompt.keyboard.write_all(keys).await;
        }
    }

    /// Returns how it ended, if it does within this time.
    pub(crate) async fn wait(&mut self, at_most: Duration) -> Option<ExitStatus> {
        let status = timeout(at_most, self.process.wait()).await.ok()?;
        Some(status.expect("a child can be waited for"))
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) {
        self.is_killed = true;
        // It may have ended by itself.
        let _ = self.process.start_kill();
    }

    /// Sends it what Ctrl-C sends.
    pub(crate) async fn interrupt(&mut self) {
        self.interrupts += 1;
        if self.can_ask() { self.press(b"\x03").await } else { self.signal("-INT").await }
    }

    /// Stops it, as Ctrl-Z and a machine that is suspended do, or lets it continue.
    pub(crate) async fn suspend(&mut self, is_stopped: bool) {
        self.signal(if is_stopped { "-STOP" } else { "-CONT" }).await;
    }

    async fn signal(&self, signal: &str) {
        if let Some(id) = self.process.id() {
            let _ = Command::new("kill").arg(signal).arg(id.to_string()).stderr(Stdio::null()).status().await;
        }
    }

    /// Collects what it has said.
    pub(crate) async fn end(self, status: ExitStatus) -> Ran {
        let (stdout, stderr) = (self.stdout.end().await, self.stderr.end().await);
        let (stdout, stderr) = match &self.prompt {
            Some(prompt) => (fs::read_to_string(&prompt.result).unwrap_or_default(), stdout),
            None => (stdout, stderr),
        };
        Ran { exit: status.code(), stdout, stderr, is_killed: self.is_killed, interrupts: self.interrupts }
    }
}

impl Ran {
    /// Returns the document on standard output, if it is of this kind.
    pub(crate) fn document(&self, kind: &str) -> Option<Value> {
        let document: Value = serde_json::from_str(&self.stdout).ok()?;
        (document["kind"] == kind).then_some(document)
    }

    /// Says whether it ended in its own way: only then its last words count.
    pub(crate) fn is_orderly(&self) -> bool {
        self.exit.is_some() && self.interrupts < 2
    }
}

/// Returns the program under test: another build of roomtree if `ROOMTREE_PROGRAM` names one.
fn program() -> String {
    std::env::var("ROOMTREE_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_roomtree").to_owned())
}

fn command(program: &str, folder: &Path, url: &str) -> Command {
    let words = interruptible(program);
    let mut command = Command::new(words[0]);
    command
        .args(&words[1..])
        .current_dir(folder)
        .env_clear()
        .env("DINGTALK_ENDPOINT", url)
        .env("DINGTALK_CLIENT_ID", "sandbox")
        .env("DINGTALK_CLIENT_SECRET", "sandbox")
        .env("DINGTALK_UNION_ID", "the-operator")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

impl Listener {
    fn new(pipe: Option<impl AsyncRead + Unpin + Send + 'static>) -> Self {
        let bytes = Arc::<Mutex<Vec<u8>>>::default();
        let task = tokio::spawn(listen(pipe, bytes.clone()));
        Self { bytes, task }
    }

    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn end(self) -> String {
        let _ = self.task.await;
        String::from_utf8_lossy(&self.bytes.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

async fn listen(pipe: Option<impl AsyncRead + Unpin>, bytes: Arc<Mutex<Vec<u8>>>) {
    let (Some(mut pipe), mut chunk) = (pipe, [0; 4096]) else { return };
    while let Ok(length @ 1..) = pipe.read(&mut chunk).await {
        bytes.lock().unwrap_or_else(PoisonError::into_inner).extend(&chunk[..length]);
    }
}
