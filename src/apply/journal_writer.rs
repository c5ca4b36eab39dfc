//! Writes the journal in a thread of its own, so that a slow disk does not hold up answers.
//!
//! Records gather while a sync is under way and go out together with the next one: one sync covers many records. Only one
//! sync is under way at a time, and what a record allows may be done only once [`JournalWriter::synced`] has returned.

use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Instant;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tracing::info;

use crate::state::{Journal, Record, StateError};

/// The hand that writes the journal.
pub(crate) struct JournalWriter {
    batches: mpsc::Sender<Vec<Record>>,
    results: UnboundedReceiver<Result<(), StateError>>,
    thread: JoinHandle<Journal>,
    pending: Vec<Record>,
    is_writing: bool,
}

impl JournalWriter {
    /// Takes the journal into a thread of its own.
    #[must_use]
    pub(crate) fn new(journal: Journal) -> Self {
        let (batches, inbox) = mpsc::channel();
        let (outbox, results) = unbounded_channel();
        let thread = thread::spawn(move || write_all(journal, &inbox, &outbox));
        Self { batches, results, thread, pending: Vec::new(), is_writing: false }
    }

    /// Notes a record for the next batch.
    pub(crate) fn record(&mut self, record: Record) {
        self.pending.push(record);
    }

    /// Begins to write what was noted, unless a batch is being written already.
    ///
    /// Returns whether a batch was begun: it holds all that was noted so far.
    pub(crate) fn begin(&mut self) -> bool {
        let begins = self.can_begin();
        if begins {
            // The thread ends only after this sender is dropped, or with its last result an error, which `synced` brings.
            self.is_writing = self.batches.send(std::mem::take(&mut self.pending)).is_ok();
        }
        begins
    }

    /// Says whether records wait and none are being written.
    #[must_use]
    pub(crate) fn can_begin(&self) -> bool {
        !self.is_writing && !self.pending.is_empty()
    }

    /// Says whether records wait or are being written.
    #[must_use]
    pub(crate) fn is_busy(&self) -> bool {
        self.is_writing || !self.pending.is_empty()
    }

    /// Returns once the batch that is being written is durable; never while none is.
    ///
    /// # Errors
    /// The journal could not be written. It takes no further records.
    pub(crate) async fn synced(&mut self) -> Result<(), StateError> {
        if !self.is_writing {
            std::future::pending::<()>().await;
        }
        let result = self.results.recv().await.unwrap_or(Ok(()));
        self.is_writing = false;
        result
    }

    /// Gives the journal back.
    pub(crate) fn close(self) -> Option<Journal> {
        drop(self.batches);
        self.thread.join().ok()
    }
}

fn write_all(
    mut journal: Journal,
    inbox: &mpsc::Receiver<Vec<Record>>,
    outbox: &UnboundedSender<Result<(), StateError>>,
) -> Journal {
    for batch in inbox {
        let began = Instant::now();
        let result = journal.append(&batch).and_then(|()| journal.sync());
        info!(records = batch.len(), ms = began.elapsed().as_millis(), ok = result.is_ok(), "journal batch");
        if outbox.send(result).is_err() {
            break;
        }
    }
    journal
}
