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

mod anew;
#[cfg(test)]
mod crash;
mod durable;
mod error;
mod evidence;
#[cfg(test)]
mod frail;
mod identity;
mod journal;
mod ledger;
mod line;
mod lock;
mod record;
mod snapshot;
mod store;
mod tape;

pub use anew::{Anew, Remains};
pub use durable::{Step, put, put_new};
pub use error::{StateError, StateErrorKind};
pub use identity::Identity;
pub use journal::Journal;
pub use ledger::{Ledger, LedgerError};
pub use lock::{Holder, Unlocked};
pub use record::{Change, Former, Moved, Record, Seq};
pub use snapshot::Snapshot;
pub use store::{Running, Store, look_for_run, read, running, unlock};
