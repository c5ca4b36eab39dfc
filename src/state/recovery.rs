//! What the disk says: the state file and the journal beside it, joined into a ledger.
//!
//! A journal continues the state of its serial. If the state is one serial on, the journal was folded into it and only then
//! something died: of that journal only the intents still count. Any other pair does not belong together and is refused.

use std::collections::BTreeMap;

use crate::localized;
use crate::state::disk::Disk;
use crate::state::error::Step;
use crate::state::files::Files;
use crate::state::journal::reader;
use crate::state::journal::reader::{Carried, Header, JournalContent, TapeFlaw};
use crate::state::snapshot;
use crate::state::snapshot::SnapshotFlaw;
use crate::state::{Change, Ledger, LedgerError, Record, Seq, Snapshot, StateError};

/// The content of the files.
#[derive(PartialEq, Eq)]
pub(super) struct StoredFiles {
    /// The state file.
    pub(super) state: Option<Vec<u8>>,
    /// The journal.
    pub(super) journal: Option<Vec<u8>>,
}

/// What can be read of a journal, whatever its damage.
#[derive(Default)]
pub(super) struct Salvage {
    header: Option<Header>,
    /// The intents without an outcome.
    pub(super) open: BTreeMap<Seq, Change>,
    /// How many lines cannot be read.
    pub(super) unread: usize,
}

/// What is known, and how the journal stands to the state file.
pub(super) struct Recovered {
    /// `None` if there is neither a state nor a journal.
    pub(super) ledger: Option<Ledger>,
    /// How the journal stands to it.
    pub(super) standing: JournalStatus,
}

/// How a journal stands to the state file beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JournalStatus {
    /// There is none, or nothing in it.
    Absent,
    /// It continues the state.
    Current {
        /// How many of its bytes are sound.
        sound: u64,
        /// Whether there are more.
        is_torn: bool,
    },
    /// It is part of the state already; its open intents are not.
    Folded,
}

impl Files {
    /// Reads the journal first: a fold that happens in between then shows as a folded journal.
    pub(super) fn read(&self, disk: &dyn Disk) -> Result<StoredFiles, StateError> {
        let journal = disk.read(&self.journal).map_err(StateError::disk(Step::Read, &self.journal))?;
        Ok(StoredFiles { journal, state: self.read_state(disk)? })
    }

    /// Reads the state file alone.
    pub(super) fn snapshot(&self, disk: &dyn Disk) -> Result<Option<Snapshot>, StateError> {
        self.read_state(disk)?.map(|text| self.parse_state(&text)).transpose()
    }

    /// Joins what was read.
    pub(super) fn join(&self, evidence: &StoredFiles) -> Result<Recovered, StateError> {
        let snapshot = evidence.state.as_deref().map(|text| self.parse_state(text)).transpose()?;
        let bytes = evidence.journal.as_deref().unwrap_or_default();
        let Some(tape) = JournalContent::parse(bytes).map_err(|flaw| self.journal_error(flaw))? else {
            let ledger = snapshot.map(|snapshot| self.start(snapshot)).transpose()?;
            return Ok(Recovered { ledger, standing: JournalStatus::Absent });
        };
        let is_torn = tape.sound < bytes.len();
        let standing = self.standing(&tape, snapshot.as_ref(), is_torn)?;
        let ledger = self.start(snapshot.unwrap_or_else(|| tape.header.to_snapshot()))?;
        let ledger =
            if standing == JournalStatus::Folded { self.leftover(ledger, &tape)? } else { self.replay(ledger, &tape)? };
        Ok(Recovered { ledger: Some(ledger), standing })
    }

    /// Reads what can be read of a journal that may be damaged. An outcome without its intent counts for nothing.
    pub(super) fn salvage(&self, evidence: &StoredFiles) -> Salvage {
        let (header, records, unread) = reader::salvage(evidence.journal.as_deref().unwrap_or_default());
        let carried = header.iter().flat_map(Header::carried).cloned();
        let mut open: BTreeMap<_, _> = carried.map(|Carried { seq, change }| (seq, change)).collect();
        for record in records {
            let _ = note(&mut open, record);
        }
        Salvage { header, open, unread }
    }

    /// Returns whom the files belong to, as far as that can be read.
    pub(super) fn owners(&self, evidence: &StoredFiles, salvage: &Salvage) -> Vec<Snapshot> {
        let state = evidence.state.as_deref().and_then(|text| Snapshot::parse(text).ok());
        state.into_iter().chain(salvage.header.as_ref().map(Header::to_snapshot)).collect()
    }

    fn read_state(&self, disk: &dyn Disk) -> Result<Option<Vec<u8>>, StateError> {
        disk.read(&self.state).map_err(StateError::disk(Step::Read, &self.state))
    }

    fn parse_state(&self, text: &[u8]) -> Result<Snapshot, StateError> {
        Snapshot::parse(text).map_err(|flaw| self.state_error(flaw))
    }

    /// Begins a ledger.
    pub(super) fn start(&self, snapshot: Snapshot) -> Result<Ledger, StateError> {
        Ledger::new(snapshot).map_err(|source| StateError::Contradicted { path: self.state.clone(), line: 1, source })
    }

    fn standing(
        &self,
        tape: &JournalContent,
        state: Option<&Snapshot>,
        is_torn: bool,
    ) -> Result<JournalStatus, StateError> {
        let current = JournalStatus::Current { sound: tape.sound as u64, is_torn };
        let header = &tape.header;
        match state {
            None if header.serial == 0 => Ok(current),
            Some(state) if state.lineage != header.lineage => Err(self.apart(tape, Some(state))),
            Some(state) if state.serial == header.serial => Ok(current),
            Some(state) if header.serial.checked_add(1) == Some(state.serial) => Ok(JournalStatus::Folded),
            _ => Err(self.apart(tape, state)),
        }
    }

    fn replay(&self, mut ledger: Ledger, tape: &JournalContent) -> Result<Ledger, StateError> {
        for Carried { seq, change } in tape.header.carried() {
            ledger.carry(*seq, change.clone()).map_err(|source| self.contradiction(1, source))?;
        }
        for record in tape.records() {
            let (line, record) = record.map_err(|flaw| self.journal_error(flaw))?;
            ledger.apply(&record).map_err(|source| self.contradiction(line, source))?;
        }
        Ok(ledger)
    }

    /// A create whose place has a group by now was settled, though the journal may have lost that line.
    fn leftover(&self, mut ledger: Ledger, tape: &JournalContent) -> Result<Ledger, StateError> {
        for (seq, change) in self.left_open(tape)? {
            if !ledger.is_settled(&change) {
                ledger.carry(seq, change).map_err(|source| self.contradiction(1, source))?;
            }
        }
        Ok(ledger)
    }

    fn left_open(&self, tape: &JournalContent) -> Result<BTreeMap<Seq, Change>, StateError> {
        let carried = tape.header.carried().iter().cloned();
        let mut open: BTreeMap<_, _> = carried.map(|Carried { seq, change }| (seq, change)).collect();
        for record in tape.records() {
            let (line, record) = record.map_err(|flaw| self.journal_error(flaw))?;
            note(&mut open, record).map_err(|source| self.contradiction(line, source))?;
        }
        Ok(open)
    }

    fn apart(&self, tape: &JournalContent, state: Option<&Snapshot>) -> StateError {
        let side = |lineage: &str, serial| {
            localized!("serial {serial} of lineage `{lineage}`", "谱系 `{lineage}` 的序号 {serial}")
        };
        let missing = || localized!("missing", "缺失的");
        let found = state.map_or_else(missing, |state| side(&state.lineage, state.serial));
        StateError::Apart { path: self.journal.clone(), extends: side(&tape.header.lineage, tape.header.serial), found }
    }

    fn contradiction(&self, line: usize, source: LedgerError) -> StateError {
        StateError::Contradicted { path: self.journal.clone(), line, source }
    }

    fn state_error(&self, flaw: SnapshotFlaw) -> StateError {
        let path = self.state.clone();
        match flaw {
            SnapshotFlaw::Newer(format) => StateError::Newer { path, format, known: snapshot::FORMAT },
            SnapshotFlaw::Unmerged(line) => StateError::Unmerged { path, line },
            SnapshotFlaw::Other(file) => StateError::OtherFile { path, file },
            SnapshotFlaw::Damaged(error, flaw) => {
                StateError::Damaged { path, line: error.line(), column: error.column(), flaw }
            }
        }
    }

    fn journal_error(&self, flaw: TapeFlaw) -> StateError {
        let path = self.journal.clone();
        match flaw {
            TapeFlaw::Newer(format) => StateError::Newer { path, format, known: reader::FORMAT },
            TapeFlaw::Unmerged(line) => StateError::Unmerged { path, line },
            TapeFlaw::Damaged(line, column, flaw) => StateError::Damaged { path, line, column, flaw },
        }
    }
}

fn note(open: &mut BTreeMap<Seq, Change>, record: Record) -> Result<(), LedgerError> {
    match record {
        Record::Intent { seq, change } => drop(open.insert(seq, change)),
        Record::Done { seq, .. } | Record::Void { seq } => {
            open.remove(&seq).ok_or(LedgerError::NotOpen(seq))?;
        }
        Record::Lost { seq } => {
            let change = open.get_mut(&seq).ok_or(LedgerError::NotOpen(seq))?;
            *change = change.stray().ok_or(LedgerError::NotLost(seq))?;
        }
        Record::Put { .. } | Record::Drop { .. } | Record::Move { .. } | Record::Protect { .. } => {}
    }
    Ok(())
}
