//! What the state has to record, so that an apply of the new manifest finds nothing to do.

use std::collections::{BTreeSet, HashSet};

use crate::dingtalk::Live;
use crate::group::{GroupId, GroupPath};
use crate::manifest::Manifest;
use crate::pull::Pulled;
use crate::state::{Ledger, Record};

/// Returns the records that bring the state up to a pull: first what is no longer so, then what is.
#[must_use]
pub fn recording(pulled: &Pulled, ledger: &Ledger, live: &Live) -> Vec<Record> {
    let tree = &pulled.manifest.tree;
    let paths: Vec<(GroupPath, Option<GroupId>)> =
        tree.nodes().map(|(id, _)| (tree.path(id), pulled.ids[id.index()])).collect();
    let dropped = stale(&paths, ledger, live);
    let drops = dropped.into_iter().map(|path| Record::Drop { path });
    let protection = protection(&pulled.manifest, &paths, ledger);
    let is_new = |(path, id): &(GroupPath, GroupId)| ledger.id_of(path) != Some(*id);
    let known = paths.into_iter().filter_map(|(path, id)| Some((path, id?)));
    drops.chain(known.filter(is_new).map(|(path, id)| Record::Put { path, id })).chain(protection).collect()
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

/// Returns the recorded paths of groups that have another one now, or that neither DingTalk nor the manifest has.
fn stale(paths: &[(GroupPath, Option<GroupId>)], ledger: &Ledger, live: &Live) -> Vec<GroupPath> {
    let asked: HashSet<&GroupPath> = paths.iter().map(|(path, _)| path).collect();
    let moved = paths.iter().filter_map(|(path, id)| ledger.path_of((*id)?).filter(|recorded| *recorded != path));
    let is_gone = |(path, id): &(&GroupPath, &GroupId)| {
        live.get(**id).is_none() && !asked.contains(*path) && ledger.protector(path).is_none()
    };
    let gone = ledger.snapshot().groups.iter().filter(is_gone).map(|(path, _)| path);
    moved.chain(gone).cloned().collect()
}
