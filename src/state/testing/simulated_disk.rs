//! A disk for tests that remembers what was synced and what was not, and fails at a chosen step.
//!
//! Content and names are kept apart, as POSIX does: syncing a file says nothing about its name, and names may reach the disk in
//! any order until the folder is synced. A crash leaves one of many [`Platter`]s: that is what the next run finds.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::file_lock::Place;
use crate::state::StateError;
use crate::state::disk::{Disk, Tail};
use crate::state::lock::Exclusive;

/// What happens at the chosen step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The process dies before the step.
    DiesBefore,
    /// The process dies after the step, before it hears of it.
    DiesAfter,
    /// The disk is full: half of a write gets through, the step fails, later steps work.
    Full,
}

/// What a crash leaves of bytes that were not synced.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Loss {
    /// All of them arrived.
    Nothing,
    /// None of them arrived.
    Everything,
    /// The file ends in the middle of them.
    SecondHalf,
    /// The file is as long as it was, but the first half of them reads as zeros.
    FirstHalf,
    /// The file is as long as it was, but they all read as zeros.
    Zeros,
}

const LOSSES: [Loss; 5] = [Loss::Nothing, Loss::Everything, Loss::SecondHalf, Loss::FirstHalf, Loss::Zeros];

/// Content and names, as processes see them and as the disk has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DiskImage {
    files: Vec<Content>,
    names: BTreeMap<PathBuf, usize>,
    synced_names: BTreeMap<PathBuf, usize>,
    pending: Vec<Naming>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Content {
    bytes: Vec<u8>,
    synced: Vec<u8>,
}

/// One change of names; a rename is one change, so that it is seen whole or not at all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Naming {
    removed: Option<PathBuf>,
    added: Option<(PathBuf, usize)>,
}

/// The disk: shared with the files that are open on it.
#[derive(Clone)]
pub(crate) struct SimulatedDisk(Arc<Mutex<Inner>>);

struct Inner {
    platter: DiskImage,
    steps: usize,
    fault: Option<(usize, Fault)>,
    is_dead: bool,
}

struct SimulatedTail {
    disk: SimulatedDisk,
    file: usize,
}

impl DiskImage {
    /// Returns everything that a loss of power at this time may leave.
    pub(crate) fn after_power_loss(&self) -> Vec<Self> {
        let orders = 0..(1_usize << self.pending.len());
        orders.flat_map(|kept| LOSSES.map(|loss| self.left(kept, loss))).collect()
    }

    /// Returns what stands under a name.
    pub(crate) fn content(&self, path: &Path) -> Option<&[u8]> {
        self.names.get(path).map(|file| &*self.files[*file].bytes)
    }

    /// Returns all names.
    pub(crate) fn names(&self) -> Vec<PathBuf> {
        self.names.keys().cloned().collect()
    }

    /// What is left is on the disk; what no name leads to is gone.
    fn left(&self, kept: usize, loss: Loss) -> Self {
        let mut names = self.synced_names.clone();
        let changes = self.pending.iter().enumerate().filter(|(at, _)| kept & (1 << at) != 0);
        changes.for_each(|(_, change)| change.make(&mut names));
        let files = names.values().map(|file| self.files[*file].left(loss)).collect();
        let names: BTreeMap<_, _> = names.into_keys().zip(0..).collect();
        Self { files, synced_names: names.clone(), names, pending: Vec::new() }
    }

    fn rename(&mut self, removed: Option<PathBuf>, added: Option<(PathBuf, usize)>) {
        let change = Naming { removed, added };
        change.make(&mut self.names);
        self.pending.push(change);
    }
}

impl Content {
    fn left(&self, loss: Loss) -> Self {
        let common = self.bytes.iter().zip(&self.synced).take_while(|(a, b)| a == b).count();
        let half = common + (self.bytes.len() - common) / 2;
        let mut bytes = self.bytes.clone();
        match loss {
            Loss::Nothing => {}
            Loss::Everything => bytes.clone_from(&self.synced),
            Loss::SecondHalf => bytes.truncate(half),
            Loss::FirstHalf => bytes[common..half].fill(0),
            Loss::Zeros => bytes[common..].fill(0),
        }
        Self { synced: bytes.clone(), bytes }
    }
}

impl Naming {
    fn make(&self, names: &mut BTreeMap<PathBuf, usize>) {
        names.retain(|name, _| self.removed.as_ref() != Some(name));
        names.extend(self.added.clone());
    }
}

impl SimulatedDisk {
    /// Spins up a disk that fails at this step, counted from 0.
    pub(crate) fn new(platter: DiskImage, fault: Option<(usize, Fault)>) -> Self {
        Self(Arc::new(Mutex::new(Inner { platter, steps: 0, fault, is_dead: false })))
    }

    /// Returns how many steps were taken.
    pub(crate) fn steps(&self) -> usize {
        self.inner().steps
    }

    /// Returns what the next process finds if the machine stays up.
    pub(crate) fn platter(&self) -> DiskImage {
        self.inner().platter.clone()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    /// Takes a step that changes the platter, wholly, not at all, or as far as a full disk lets it.
    fn step<T>(
        &self,
        whole: impl FnOnce(&mut DiskImage) -> io::Result<T>,
        part: impl FnOnce(&mut DiskImage),
    ) -> io::Result<T> {
        let mut inner = self.inner();
        let fault = inner.fault.filter(|(at, _)| *at == inner.steps && !inner.is_dead).map(|(_, fault)| fault);
        inner.steps += 1;
        match fault {
            _ if inner.is_dead => Err(io::Error::other("dead")),
            None => whole(&mut inner.platter),
            Some(Fault::Full) => {
                part(&mut inner.platter);
                Err(io::ErrorKind::StorageFull.into())
            }
            Some(dies) => {
                inner.is_dead = true;
                if dies == Fault::DiesAfter {
                    whole(&mut inner.platter)?;
                }
                Err(io::Error::other("dies"))
            }
        }
    }

    fn file(&self, path: &Path) -> io::Result<Box<dyn Tail>> {
        let file = self.inner().platter.names.get(path).copied().ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(SimulatedTail { disk: self.clone(), file }))
    }
}

impl Disk for SimulatedDisk {
    fn read(&self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        Ok(self.inner().platter.content(path).map(<[u8]>::to_vec))
    }

    fn names(&self, _folder: &Path) -> io::Result<Vec<OsString>> {
        Ok(self.inner().platter.names().iter().filter_map(|path| path.file_name()).map(OsString::from).collect())
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn Tail>> {
        let create = |platter: &mut DiskImage| {
            platter.files.push(Content::default());
            platter.rename(None, Some((path.to_owned(), platter.files.len() - 1)));
            Ok(())
        };
        self.step(create, |_| {})?;
        self.file(path)
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn Tail>> {
        self.step(|_| Ok(()), |_| {})?;
        self.file(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let rename = |platter: &mut DiskImage| {
            let file = *platter.names.get(from).ok_or(io::ErrorKind::NotFound)?;
            platter.rename(Some(from.to_owned()), Some((to.to_owned(), file)));
            Ok(())
        };
        self.step(rename, |_| {})
    }

    fn remove(&self, path: &Path) -> io::Result<bool> {
        let remove = |platter: &mut DiskImage| {
            let is_there = platter.names.contains_key(path);
            if is_there {
                platter.rename(Some(path.to_owned()), None);
            }
            Ok(is_there)
        };
        self.step(remove, |_| {})
    }

    fn sync_folder(&self, _folder: &Path) -> io::Result<()> {
        let sync = |platter: &mut DiskImage| {
            platter.pending.clear();
            platter.synced_names = platter.names.clone();
            Ok(())
        };
        self.step(sync, |_| {})
    }
}

impl Tail for SimulatedTail {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let write = |bytes: &[u8], platter: &mut DiskImage| platter.files[self.file].bytes.extend(bytes);
        let whole = |platter: &mut DiskImage| {
            write(bytes, platter);
            Ok(())
        };
        self.disk.step(whole, |platter| write(&bytes[..bytes.len() / 2], platter))
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        let cut = |platter: &mut DiskImage| {
            platter.files[self.file].bytes.truncate(usize::try_from(length).unwrap());
            Ok(())
        };
        self.disk.step(cut, |_| {})
    }

    fn sync(&mut self) -> io::Result<()> {
        let sync = |platter: &mut DiskImage| {
            let content = &mut platter.files[self.file];
            content.synced = content.bytes.clone();
            Ok(())
        };
        self.disk.step(sync, |_| {})
    }

    fn place(&self, _path: &Path) -> Place {
        Place::Same
    }
}

/// No lock: one process alone uses the disk.
impl Exclusive for () {
    fn place(&self) -> Place {
        Place::Same
    }

    fn check(&self) -> Result<(), StateError> {
        Ok(())
    }
}
