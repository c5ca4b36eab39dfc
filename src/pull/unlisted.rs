//! Finds recorded groups that the list lacks.

use crate::group::{GroupId, GroupPath};
use crate::inventory::Inventory;
use crate::state::Ledger;

/// Returns the recorded groups that the list lacks.
pub(super) fn unlisted<'a>(ledger: &'a Ledger, live: &'a Inventory) -> impl Iterator<Item = (&'a GroupPath, GroupId)> {
    let recorded = ledger.snapshot().groups.iter().map(|(path, id)| (path, *id));
    recorded.filter(|(_, id)| live.get(*id).is_none())
}
