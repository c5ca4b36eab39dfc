//! What roomtree remembers: which group it made for which path, and what it was about to do when it died.
//!
//! ```text
//! state file ─► Snapshot ─┐                      ┌─► Journal (append, sync) while the run lasts
//! journal ──► Tape ───────┴─► Evidence ─► Ledger ┤
//!                                                └─► Store::fold ─► state file, at the end
//! ```
//!
//! While a run lasts it records intents before calls and outcomes after them; both count once they are synced. Whatever
//! dies at whatever instant, the next [`Store::open`] has every record whose sync had returned.

mod disk;
mod error;
mod files;
mod holder;
mod identity;
mod journal;
mod ledger;
mod ledger_error;
mod lock;
mod rebuild;
mod record;
mod recovery;
mod snapshot;
mod store;
#[cfg(test)]
mod testing;

pub use disk::{put, put_new};
pub use error::{StateError, StateErrorKind, Step};
pub use holder::Holder;
pub use identity::Identity;
pub use journal::writer::Journal;
pub use ledger::Ledger;
pub use ledger_error::LedgerError;
pub use lock::Unlocked;
pub use rebuild::{ExistingState, RebuildStore};
pub use record::{Change, FormerName, Moved, Record, Seq};
pub use snapshot::Snapshot;
pub use store::{Running, Store, look_for_run, read, running, unlock};
