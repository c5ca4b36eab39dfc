//! What the state has to record, so that an apply of the new manifest finds nothing to do.

use std::collections::HashSet;

use crate::dingtalk::Live;
use crate::group::{GroupId, GroupPath};
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
    let is_new = |(path, id): &(GroupPath, GroupId)| ledger.id_of(path) != Some(*id);
    let known = paths.into_iter().filter_map(|(path, id)| Some((path, id?)));
    drops.chain(known.filter(is_new).map(|(path, id)| Record::Put { path, id })).collect()
}

/// Returns the recorded paths of groups that have another one now, or that neither DingTalk nor the manifest has.
fn stale(paths: &[(GroupPath, Option<GroupId>)], ledger: &Ledger, live: &Live) -> Vec<GroupPath> {
    let asked: HashSet<&GroupPath> = paths.iter().map(|(path, _)| path).collect();
    let moved = paths.iter().filter_map(|(path, id)| ledger.path_of((*id)?).filter(|recorded| *recorded != path));
    let is_gone = |(path, id): &(&GroupPath, &GroupId)| live.get(**id).is_none() && !asked.contains(*path);
    let gone = ledger.snapshot().groups.iter().filter(is_gone).map(|(path, _)| path);
    moved.chain(gone).cloned().collect()
}
