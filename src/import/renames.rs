//! Follows renames in a table that roomtree wrote: a group renamed in its own row is renamed for the rows below it, too.
//!
//! Each row has all names of its group, its former path, and its id. Someone who renames a group edits its own row; the rows of
//! its descendants keep the former name. Without this step they would declare a second group of that name.

use std::collections::{HashMap, HashSet};

use crate::group::GroupName;
use crate::i18n::Message;
use crate::import::entry::{Entry, Step};
use crate::import::problem::{listed, shown};
use crate::localized;
use crate::sheet::Address;

/// A group that was renamed in its own row.
struct Renamed {
    name: GroupName,
    at: Address,
}

/// Renames ancestors, and returns a note that lists the renamed groups.
pub(super) fn follow(entries: &mut [Entry]) -> Option<Message> {
    let renamed = renamed(entries);
    for entry in entries.iter_mut() {
        follow_ancestors(entry, &renamed);
    }
    note(&renamed)
}

fn renamed(entries: &[Entry]) -> HashMap<Vec<String>, Renamed> {
    let own: HashSet<Vec<String>> = entries.iter().filter_map(|entry| names(&entry.steps)).collect();
    let renamed = |entry: &Entry| {
        let (former, last) = (former(entry)?, entry.steps.last()?);
        let name = last.name.clone().filter(|name| Some(name.as_str()) != former.last().map(String::as_str))?;
        let is_tied = entry.id.is_some() && former.len() == entry.steps.len() && !own.contains(&former);
        is_tied.then_some((former, Renamed { name, at: last.at }))
    };
    entries.iter().filter_map(renamed).collect()
}

fn follow_ancestors(entry: &mut Entry, renamed: &HashMap<Vec<String>, Renamed>) {
    let (Some(written), former) = (names(&entry.steps), former(entry)) else { return };
    let former = former.filter(|former| former.len() == written.len());
    for level in 0..written.len().saturating_sub(1) {
        let is_kept = |former: &&Vec<String>| former[level] == written[level];
        let by_former = former.as_ref().filter(is_kept).and_then(|former| renamed.get(&former[..=level]));
        if let Some(renamed) = by_former.or_else(|| renamed.get(&written[..=level])) {
            entry.steps[level].name = Some(renamed.name.clone());
        }
    }
}

fn names(steps: &[Step]) -> Option<Vec<String>> {
    steps.iter().map(|step| step.name.as_ref().map(|name| name.as_str().to_owned())).collect()
}

fn former(entry: &Entry) -> Option<Vec<String>> {
    Some(entry.former.as_ref()?.names().map(|name| name.into_owned()).collect())
}

fn note(renamed: &HashMap<Vec<String>, Renamed>) -> Option<Message> {
    let mut all: Vec<_> = renamed.iter().collect();
    all.sort_by_key(|(_, renamed)| renamed.at);
    let one = |(former, renamed): &(&Vec<String>, &Renamed)| {
        format!("{} → {} ({})", shown(&former.join(" › ")), shown(&renamed.name), renamed.at)
    };
    let list = listed(&all.iter().map(one).collect::<Vec<_>>());
    (!all.is_empty()).then(|| {
        localized!(
            "renamed, as the level columns differ from the path column: {list}",
            "层级列与路径列不同，按改名处理：{list}"
        )
    })
}
