//! The paths of many groups, within bounds.
//!
//! A list from outside may be as deep as it is long, or have a name of megabytes above a million groups: its paths written out
//! would be the square of the list. Past any measure that an organization has, a group goes by its name alone.

use crate::group::GroupPath;
use crate::inventory::{Inventory, ListedGroup};

/// The longest path that is written out, in bytes.
pub(super) const LONGEST: usize = 4 << 10;

/// How many bytes all of them may have together; a chain that was climbed for nothing counts too.
const MOST: usize = 64 << 20;

/// Writes out paths until there are too many of them.
#[derive(Debug)]
pub struct Paths<'a> {
    live: &'a Inventory,
    left: usize,
}

impl<'a> Paths<'a> {
    pub(super) fn new(live: &'a Inventory) -> Self {
        Self { live, left: MOST }
    }

    /// Returns the path of a group; that of its name alone if it does not hang from the top, or too much is written already.
    pub fn of(&mut self, group: &ListedGroup) -> GroupPath {
        let path = Some(self.live).filter(|_| self.left > 0).and_then(|live| live.path(group.id));
        let climbed = self.live.depth(group.id).filter(|depth| *depth <= LONGEST).unwrap_or(1);
        self.left = self.left.saturating_sub(path.as_ref().map_or(climbed, |path| path.as_str().len()));
        path.unwrap_or_else(|| GroupPath::top().join(&group.name))
    }
}
