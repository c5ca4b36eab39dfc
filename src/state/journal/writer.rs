//! The journal as it is written: records at its end, each append one write, each sync one wait for the disk.
//!
//! The file is made with the first record, so a run without changes makes none. After a failed write or sync nobody knows
//! what the disk holds, and a second sync may wrongly say that all is well: so nothing more is written after a failure.

use std::path::PathBuf;
use std::sync::Arc;

use crate::file_lock::Place;
use crate::state::disk;
use crate::state::disk::{Disk, Tail};
use crate::state::error::Step;
use crate::state::journal::checksummed_line;
use crate::state::journal::reader;
use crate::state::journal::reader::Header;
use crate::state::lock::Exclusive;
use crate::state::{Record, StateError};

/// The lock, which must live as long as anything is written.
pub(crate) type Guard = Arc<dyn Exclusive>;

/// The end of a journal. It holds the lock as long as it lives.
pub struct Journal {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    origin: Origin,
    tail: Option<Box<dyn Tail>>,
    buffer: Vec<u8>,
    condition: Condition,
    guard: Guard,
}

/// Where the first append finds the journal.
pub(crate) enum Origin {
    /// There is one, all of it synced.
    Found,
    /// There is none: this is how it begins.
    New(Box<Header>),
}

/// What is known about the end of the file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Condition {
    /// All that was written is on the disk.
    Synced,
    /// Something may not be on the disk yet.
    Written,
    /// Something failed.
    Poisoned,
}

impl Journal {
    pub(in crate::state) fn new(disk: Arc<dyn Disk>, path: PathBuf, origin: Origin, guard: Guard) -> Self {
        let (buffer, condition) = (Vec::new(), Condition::Synced);
        Self { disk, path, origin, tail: None, buffer, condition, guard }
    }

    /// Writes records at the end, all in one write. They count once [`sync`](Self::sync) has returned.
    ///
    /// # Errors
    /// [`StateError::Removed`] if the lock file or the journal is no longer in its place, since another run may have begun;
    /// [`StateError::Disk`] if writing failed, and from then on [`StateError::Poisoned`].
    pub fn append(&mut self, records: &[Record]) -> Result<(), StateError> {
        self.check()?;
        if records.is_empty() {
            return Ok(());
        }
        self.check_files()?;
        let written = self.write(records);
        self.condition = if written.is_ok() { Condition::Written } else { Condition::Poisoned };
        written
    }

    /// Waits until all that was appended is on the disk.
    ///
    /// # Errors
    /// [`StateError::Disk`] if that failed; from then on [`StateError::Poisoned`].
    pub fn sync(&mut self) -> Result<(), StateError> {
        self.check()?;
        let synced = match (&mut self.tail, self.condition) {
            (Some(tail), Condition::Written) => tail.sync().map_err(StateError::disk(Step::Sync, &self.path)),
            _ => Ok(()),
        };
        self.condition = if synced.is_ok() { Condition::Synced } else { Condition::Poisoned };
        synced
    }

    /// Says whether anything was written through this.
    pub(crate) fn is_used(&self) -> bool {
        self.tail.is_some() || self.condition == Condition::Poisoned
    }

    /// Says whether the journal is still in its place; one that is not made yet counts as being there.
    pub(crate) fn place(&self) -> Place {
        self.tail.as_ref().map_or(Place::Same, |tail| tail.place(&self.path))
    }

    fn check_files(&self) -> Result<(), StateError> {
        self.guard.check()?;
        match self.place() {
            Place::Same => Ok(()),
            Place::Missing | Place::Other => Err(StateError::Removed { path: self.path.clone() }),
        }
    }

    fn check(&self) -> Result<(), StateError> {
        match self.condition {
            Condition::Poisoned => Err(StateError::Poisoned { path: self.path.clone() }),
            Condition::Synced | Condition::Written => Ok(()),
        }
    }

    fn write(&mut self, records: &[Record]) -> Result<(), StateError> {
        self.fill(records);
        if self.tail.is_none() {
            self.tail = Some(self.begin()?);
        }
        let tail = self.tail.as_mut();
        tail.map_or(Ok(()), |tail| tail.write(&self.buffer)).map_err(StateError::disk(Step::Write, &self.path))
    }

    fn fill(&mut self, records: &[Record]) {
        self.buffer.clear();
        if self.condition == Condition::Synced {
            reader::write_mark(&mut self.buffer);
        }
        records.iter().for_each(|record| checksummed_line::write(record, &mut self.buffer));
    }

    fn begin(&self) -> Result<Box<dyn Tail>, StateError> {
        if let Origin::New(header) = &self.origin {
            write_new(&*self.disk, &self.path, header)?;
        }
        self.disk.append(&self.path).map_err(StateError::disk(Step::Create, &self.path))
    }
}

/// Puts a journal with this header in place, durably.
pub(crate) fn write_new(disk: &dyn Disk, path: &std::path::Path, header: &Header) -> Result<(), StateError> {
    let mut text = Vec::new();
    checksummed_line::write(header, &mut text);
    disk::replace(disk, path, &text)
}
