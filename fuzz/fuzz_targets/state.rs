//! Any bytes as a state file and as the journal beside it: read or refused, and what is read stays the same when it is opened,
//! checkpointed and read again.
//!
//! The input is the state, a byte 0xFF, and the journal. If the input begins with `=`, each whole line of the journal gets the
//! check that belongs to it, which a fuzzer would hardly guess. An empty part is a file that is not there.

#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use roomtree::state::{Change, Holder, Identity, Ledger, Seq, Snapshot, Store, read};
use tempfile::TempDir;

/// In memory where there is such a place: a fold syncs.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("a folder can be made")
});

fuzz_target!(|data: &[u8]| {
    let (is_sealed, data) = data.strip_prefix(b"=").map_or((false, data), |rest| (true, rest));
    let mut parts = data.splitn(2, |byte| *byte == 0xFF);
    let (state, journal) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let path = FOLDER.path().join("state.json");
    put(&path, state);
    put(&beside(&path), &if is_sealed { sealed(journal) } else { journal.to_vec() });
    match read(&path) {
        Ok(Some(ledger)) => stays_the_same(&path, &ledger),
        Ok(None) => assert!(state.is_empty()),
        Err(error) => assert!(!error.to_string().is_empty() && !error.remedy().is_empty()),
    }
});

fn stays_the_same(path: &Path, ledger: &Ledger) {
    let Snapshot { endpoint, organization, root, .. } = ledger.snapshot().clone();
    let identity = Identity { endpoint, organization, root };
    let holder = Holder { pid: 1, host: String::new(), command: String::new(), since: None };
    let (store, opened) = Store::open(path, identity, holder).expect("what is read can be opened");
    assert_eq!(content(&opened), content(ledger));
    let checkpointed = store.checkpoint(None, &opened).expect("what is opened can be checkpointed");
    assert!(checkpointed.serial >= ledger.snapshot().serial);
    match read(path).expect("what is checkpointed can be read") {
        Some(again) => {
            assert_eq!(content(&again), content(ledger));
            assert_eq!(*again.snapshot(), checkpointed);
        }
        None => {
            let Snapshot { groups, protected, .. } = ledger.snapshot();
            assert!(groups.is_empty() && protected.is_empty() && ledger.open().next().is_none());
        }
    }
}

/// All but the serial.
fn content(ledger: &Ledger) -> (Snapshot, Vec<(Seq, Change)>) {
    let snapshot = Snapshot { serial: 0, ..ledger.snapshot().clone() };
    (snapshot, ledger.open().map(|(seq, change)| (seq, change.clone())).collect())
}

fn put(path: &Path, bytes: &[u8]) {
    let _ = fs::remove_file(path);
    if !bytes.is_empty() {
        fs::write(path, bytes).expect("a file can be written");
    }
}

fn beside(path: &Path) -> PathBuf {
    path.with_extension("json.journal")
}

/// Closes each line `{…}` with its check.
fn sealed(journal: &[u8]) -> Vec<u8> {
    journal.split_inclusive(|byte| *byte == b'\n').flat_map(seal).collect()
}

fn seal(line: &[u8]) -> Vec<u8> {
    let Some(body) = line.strip_suffix(b"}\n") else { return line.to_vec() };
    let hash = body.iter().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    [body, format!(",\"check\":\"{hash:08x}\"}}\n").as_bytes()].concat()
}
