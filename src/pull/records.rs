//! Records a pull in the state, so that an apply of the new manifest finds nothing to do.
//!
//! It forgets no group: a list can be stale.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::group::{GroupId, GroupPath};
use crate::manifest::Manifest;
use crate::pull::Pulled;
use crate::state::{Ledger, Moved, Record};

/// Returns the records that bring the state up to a pull: first the paths that groups leave, then the new ones.
///
/// One list does not prove that a group is gone, so the record of a group that it lacks stays. A group that has its path by now is
/// not recorded then.
#[must_use]
pub fn recording(pulled: &Pulled, ledger: &Ledger) -> Vec<Record> {
    let tree = &pulled.manifest.tree;
    let rows = tree.nodes().map(|(id, _)| (tree.path(id), pulled.ids[id.index()])).collect();
    let placed = placed(rows, ledger);
    let protection = protection(&pulled.manifest, &placed, ledger);
    let is_new = |(path, id): &(GroupPath, GroupId)| ledger.id_of(path) != Some(*id);
    let known = placed.into_iter().filter_map(|(path, id)| Some((path, id?)));
    let new: Vec<(GroupPath, GroupId)> = known.filter(is_new).collect();
    let left: Vec<GroupPath> = new.iter().filter_map(|(_, id)| ledger.path_of(*id).cloned()).collect();
    let drops = left.into_iter().map(|path| Record::Drop { path });
    drops.chain(new.into_iter().map(|(path, id)| Record::Put { path, id })).chain(protection).collect()
}

/// Returns the paths to record: those of the rows without the ids whose path belongs to another recorded group, then those of the
/// recorded groups that no row has.
fn placed(mut rows: Vec<(GroupPath, Option<GroupId>)>, ledger: &Ledger) -> Vec<(GroupPath, Option<GroupId>)> {
    loop {
        let others = others(&rows, ledger);
        let taken: HashSet<&GroupPath> = others.iter().map(|(path, _)| path).collect();
        let mut is_blocked = false;
        for (_, id) in rows.iter_mut().filter(|(path, id)| id.is_some() && taken.contains(path)) {
            *id = None;
            is_blocked = true;
        }
        if !is_blocked {
            rows.extend(others.into_iter().map(|(path, id)| (path, Some(id))));
            return rows;
        }
    }
}

/// Returns the recorded groups that no row has. They follow a group above them to its new path.
fn others(rows: &[(GroupPath, Option<GroupId>)], ledger: &Ledger) -> Vec<(GroupPath, GroupId)> {
    let ids: HashSet<GroupId> = rows.iter().filter_map(|(_, id)| *id).collect();
    let recorded = rows.iter().filter_map(|(to, id)| Some((ledger.path_of((*id)?)?, to)));
    let moved: HashMap<&GroupPath, &GroupPath> = recorded.filter(|(from, to)| from != to).collect();
    let mut taken = HashSet::new();
    let mut place = |path: &GroupPath| {
        let is_free = |to: &GroupPath| ledger.id_of(to).is_none_or(|_| moved.contains_key(to));
        let to = followed(path, &moved).filter(|to| is_free(to) && taken.insert(to.clone()));
        to.unwrap_or_else(|| path.clone())
    };
    let others = ledger.snapshot().groups.iter().filter(|(_, id)| !ids.contains(id));
    others.map(|(path, id)| (place(path), *id)).collect()
}

/// Returns the new path of a group if the nearest moved group above it takes it along.
fn followed(path: &GroupPath, moved: &HashMap<&GroupPath, &GroupPath>) -> Option<GroupPath> {
    let mut above = std::iter::successors(path.parent(), GroupPath::parent);
    let (from, to) = above.find_map(|above| moved.get_key_value(&above))?;
    Moved { from: (*from).clone(), to: (*to).clone() }.of(path)
}

/// Returns the record of the protection that the manifest declares and that follows groups to their new paths; `paths` are
/// those of the manifest's groups, in its order.
#[must_use]
pub fn protection(manifest: &Manifest, paths: &[(GroupPath, Option<GroupId>)], ledger: &Ledger) -> Option<Record> {
    let before = &ledger.snapshot().protected;
    let mut after: BTreeSet<GroupPath> = before.clone();
    let moved = paths.iter().filter_map(|(path, id)| Some((ledger.path_of((*id)?)?, path)));
    let moved: Vec<_> = moved.filter(|(from, to)| from != to && before.contains(*from)).collect();
    for (from, _) in &moved {
        after.remove(*from);
    }
    after.extend(moved.iter().map(|(_, to)| (*to).clone()));
    for ((path, id), (_, node)) in paths.iter().zip(manifest.tree.nodes()) {
        let _ = match node.protect() {
            Some(true) if id.is_some() => after.insert(path.clone()),
            Some(false) => after.remove(path),
            Some(true) | None => false,
        };
    }
    let less = |a: &BTreeSet<GroupPath>, b: &BTreeSet<GroupPath>| a.difference(b).cloned().collect::<Vec<_>>();
    let (protected, released) = (less(&after, before), less(before, &after));
    (after != *before).then_some(Record::Protect { protected, released })
}

#[cfg(test)]
mod tests {
    use crate::group::{GroupId, GroupPath};
    use crate::pull::records::placed;
    use crate::state::{Identity, Ledger, Record, Snapshot};

    fn path(text: &str) -> GroupPath {
        GroupPath::parse(text).unwrap()
    }

    /// Places rows; id 0 means that the row has no listed group.
    fn places(recorded: &[(&str, i64)], rows: &[(&str, i64)]) -> Vec<(String, i64)> {
        let identity = Identity { endpoint: "e".to_owned(), organization: None, root: GroupId::ROOT };
        let mut ledger = Ledger::new(Snapshot::new(&identity)).unwrap();
        for (text, id) in recorded {
            ledger.apply(&Record::Put { path: path(text), id: GroupId::new(*id) }).unwrap();
        }
        let rows = rows.iter().map(|(text, id)| (path(text), (*id != 0).then(|| GroupId::new(*id)))).collect();
        let placed =
            placed(rows, &ledger).into_iter().filter_map(|(path, id)| Some((path.as_str().to_owned(), id?.get())));
        let mut placed: Vec<_> = placed.collect();
        placed.sort();
        placed
    }

    fn expected(places: &[(&str, i64)]) -> Vec<(String, i64)> {
        places.iter().map(|(path, id)| ((*path).to_owned(), *id)).collect()
    }

    #[test]
    fn unlisted_group_keeps_its_record() {
        assert_eq!(places(&[("/a", 1), ("/b", 2)], &[("/a", 1)]), expected(&[("/a", 1), ("/b", 2)]));
    }

    #[test]
    fn unlisted_group_keeps_its_path_against_a_new_group() {
        assert_eq!(places(&[("/a", 1), ("/b", 2)], &[("/a", 1), ("/b", 9)]), expected(&[("/a", 1), ("/b", 2)]));
    }

    #[test]
    fn unlisted_group_follows_its_renamed_parent() {
        let recorded = [("/a", 1), ("/a/x", 2), ("/a/x/y", 3)];
        assert_eq!(places(&recorded, &[("/b", 1), ("/b/x", 0)]), expected(&[("/b", 1), ("/b/x", 2), ("/b/x/y", 3)]));
    }

    #[test]
    fn group_renamed_to_an_unlisted_path_stays_recorded() {
        let recorded = [("/a", 1), ("/b", 2), ("/c", 3)];
        let rows = [("/b", 1), ("/a", 3)];
        assert_eq!(places(&recorded, &rows), expected(&[("/a", 1), ("/b", 2), ("/c", 3)]));
    }

    #[test]
    fn groups_that_exchange_names_exchange_their_paths() {
        assert_eq!(places(&[("/a", 1), ("/b", 2)], &[("/a", 2), ("/b", 1)]), expected(&[("/a", 2), ("/b", 1)]));
    }
}
