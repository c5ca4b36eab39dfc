//! Compares a recorded group with the list: its id has to be listed under the recorded name and the recorded parent.
//!
//! An id alone does not identify a group, since a state can be damaged or merged wrongly. Where the parent is not recorded, the
//! names of all groups above it are compared instead.

use crate::group::{GroupId, GroupPath};
use crate::inventory::{Inventory, ListedGroup};
use crate::state::Ledger;

/// The result of comparing a recorded group with the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordMatch {
    /// Id, name and parent are as recorded.
    Same,
    /// The group is under its recorded parent, with another name.
    Renamed,
    /// The group is under another parent.
    Moved,
    /// The list lacks the id, or the id is not recorded.
    Missing,
}

impl RecordMatch {
    /// Compares the group with this id.
    #[must_use]
    pub fn of(id: GroupId, ledger: &Ledger, live: &Inventory) -> Self {
        let (Some(path), Some(group)) = (ledger.path_of(id), live.get(id)) else { return Self::Missing };
        if !has_parent(group, path, ledger, live) {
            Self::Moved
        } else if path.name().is_some_and(|name| name == group.name) {
            Self::Same
        } else {
            Self::Renamed
        }
    }

    /// Returns whether id, name and parent are as recorded.
    #[must_use]
    pub fn is_same(self) -> bool {
        self == Self::Same
    }
}

fn has_parent(group: &ListedGroup, path: &GroupPath, ledger: &Ledger, live: &Inventory) -> bool {
    let root = ledger.snapshot().root;
    let Some(above) = path.parent().filter(|above| *above != GroupPath::top()) else { return group.parent == root };
    match ledger.id_of(&above) {
        Some(parent) => group.parent == parent,
        None => has_names(group.parent, &above, root, live),
    }
}

/// Returns whether a listed group has the names of this path below the root.
fn has_names(id: GroupId, path: &GroupPath, root: GroupId, live: &Inventory) -> bool {
    let root = if root == GroupId::ROOT { Some(GroupPath::top()) } else { live.path(root) };
    let expected = root.map(|root| path.names().fold(root, |path, name| path.join(&name)));
    expected.is_some() && expected == live.path(id)
}

#[cfg(test)]
mod tests {
    use crate::group::{GroupId, GroupPath};
    use crate::inventory::{Inventory, ListedGroup};
    use crate::plan::record_match::RecordMatch;
    use crate::state::{Identity, Ledger, Record, Snapshot};

    fn ledger(root: i64, recorded: &[(&str, i64)]) -> Ledger {
        let identity = Identity { endpoint: "e".to_owned(), organization: None, root: GroupId::new(root) };
        let mut ledger = Ledger::new(Snapshot::new(&identity)).unwrap();
        for (path, id) in recorded {
            ledger.apply(&Record::Put { path: GroupPath::parse(path).unwrap(), id: GroupId::new(*id) }).unwrap();
        }
        ledger
    }

    fn live(groups: &[(i64, &str, i64)]) -> Inventory {
        let listed = |(id, name, parent): &(i64, &str, i64)| ListedGroup {
            id: GroupId::new(*id),
            name: (*name).to_owned(),
            parent: GroupId::new(*parent),
        };
        Inventory::new(groups.iter().map(listed).collect())
    }

    /// Compares group 5.
    fn matched(root: i64, recorded: &[(&str, i64)], listed: &[(i64, &str, i64)]) -> RecordMatch {
        RecordMatch::of(GroupId::new(5), &ledger(root, recorded), &live(listed))
    }

    #[test]
    fn record_match_compares_name_and_parent() {
        let recorded = [("/a", 4), ("/a/b", 5)];
        for (name, parent, expected) in [
            ("b", 4, RecordMatch::Same),
            ("c", 4, RecordMatch::Renamed),
            ("b", 0, RecordMatch::Moved),
            ("c", 0, RecordMatch::Moved),
        ] {
            assert_eq!(matched(0, &recorded, &[(4, "a", 0), (5, name, parent)]), expected, "{name} under {parent}");
        }
    }

    #[test]
    fn record_match_without_listing_or_record_is_missing() {
        assert_eq!(matched(0, &[("/a", 5)], &[(4, "a", 0)]), RecordMatch::Missing);
        assert_eq!(matched(0, &[("/a", 4)], &[(5, "a", 0)]), RecordMatch::Missing);
    }

    #[test]
    fn record_match_follows_the_id_of_a_renamed_parent() {
        assert_eq!(matched(0, &[("/a", 4), ("/a/b", 5)], &[(4, "z", 0), (5, "b", 4)]), RecordMatch::Same);
    }

    #[test]
    fn record_match_at_the_root_requires_that_root() {
        assert_eq!(matched(7, &[("/a", 5)], &[(7, "r", 0), (5, "a", 7)]), RecordMatch::Same);
        assert_eq!(matched(7, &[("/a", 5)], &[(7, "r", 0), (5, "a", 0)]), RecordMatch::Moved);
    }

    #[test]
    fn record_match_under_an_unrecorded_parent_compares_names() {
        let recorded = [("/a/b", 5)];
        assert_eq!(matched(0, &recorded, &[(4, "a", 0), (5, "b", 4)]), RecordMatch::Same);
        assert_eq!(matched(0, &recorded, &[(4, "a", 0), (5, "c", 4)]), RecordMatch::Renamed);
        assert_eq!(matched(0, &recorded, &[(4, "z", 0), (5, "b", 4)]), RecordMatch::Moved);
        // The parent is not listed, so its names are unknown.
        assert_eq!(matched(0, &recorded, &[(5, "b", 4)]), RecordMatch::Moved);
        assert_eq!(matched(7, &recorded, &[(7, "r", 0), (4, "a", 7), (5, "b", 4)]), RecordMatch::Same);
        assert_eq!(matched(7, &recorded, &[(7, "r", 0), (4, "a", 0), (5, "b", 4)]), RecordMatch::Moved);
        assert_eq!(matched(7, &recorded, &[(4, "a", 7), (5, "b", 4)]), RecordMatch::Moved);
    }
}
