//! roomtree as a process of its own: started, struck, and listened to until it ends.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// A run in progress.
pub(crate) struct Child {
    process: tokio::process::Child,
    stdout: JoinHandle<String>,
    stderr: JoinHandle<String>,
    pub(crate) is_killed: bool,
    pub(crate) interrupts: u32,
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
        let mut process = Command::new(env!("CARGO_BIN_EXE_roomtree"))
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .env("DINGTALK_ENDPOINT", url)
            .env("DINGTALK_CLIENT_ID", "sandbox")
            .env("DINGTALK_CLIENT_SECRET", "sandbox")
            .env("DINGTALK_CORP_ID", "dingsandbox")
            .env("DINGTALK_UNION_ID", "the-operator")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("roomtree can be started");
        let stdout = listen(process.stdout.take());
        let stderr = listen(process.stderr.take());
        Self { process, stdout, stderr, is_killed: false, interrupts: 0 }
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
        if let Some(id) = self.process.id() {
            let _ = Command::new("kill").arg("-INT").arg(id.to_string()).stderr(Stdio::null()).status().await;
        }
    }

    /// Collects what it has said.
    pub(crate) async fn end(self, status: ExitStatus) -> Ran {
        let (stdout, stderr) = (self.stdout.await.unwrap_or_default(), self.stderr.await.unwrap_or_default());
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

fn listen(pipe: Option<impl AsyncRead + Unpin + Send + 'static>) -> JoinHandle<String> {
    tokio::spawn(async move {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes).await;
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
