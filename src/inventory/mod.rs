//! What DingTalk says there is: every group of the organization, indexed.
//!
//! The list is taken as it comes, so it may be no tree at all: parents may be missing, ids repeated, cycles closed. Nothing
//! here hangs or panics over that, nor takes more than the list's own measure of time and memory. The indices are sorted
//! vectors of positions: a name is stored once, whatever its group count.

use crate::group::{GroupId, GroupPath};

/// The longest path that is written out, in bytes.
const LONGEST: usize = 4 << 10;

/// The most bytes that the paths of one [`Paths`] may have together; the effort for a path that is not written counts too.
const MOST: usize = 64 << 20;

/// A room group as DingTalk lists it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListedGroup {
    /// Its id.
    pub id: GroupId,
    /// Its name, empty if DingTalk has none. It need not be one that a manifest may give.
    pub name: String,
    /// The group above, or [`GroupId::ROOT`].
    pub parent: GroupId,
}

/// Every group of the organization at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// By id.
    groups: Vec<ListedGroup>,
    /// Positions in `groups`, by parent, then id.
    by_parent: Vec<u32>,
    /// Positions in `groups`, by parent, then name, then id.
    by_name: Vec<u32>,
    /// How deep each of `groups` stands; [`ADRIFT`] for those that do not hang from the top.
    depths: Vec<u32>,
}

/// No depth: the top itself is no group.
const ADRIFT: u32 = 0;
/// No depth either: not worked out yet.
const UNSEEN: u32 = u32::MAX;

impl Inventory {
    /// Indexes a list, in whatever order it came. Of groups with one id the least by (parent, name) is kept.
    #[must_use]
    pub fn new(mut groups: Vec<ListedGroup>) -> Self {
        groups.sort_unstable_by(|a, b| (a.id, a.parent, &a.name).cmp(&(b.id, b.parent, &b.name)));
        groups.dedup_by_key(|group| group.id);
        let by_parent = sorted(&groups, |a, b| (a.parent, a.id).cmp(&(b.parent, b.id)));
        let by_name = sorted(&groups, |a, b| (a.parent, &a.name, a.id).cmp(&(b.parent, &b.name, b.id)));
        let depths = depths(&groups);
        Self { groups, by_parent, by_name, depths }
    }

    /// Returns the group with this id.
    #[must_use]
    pub fn get(&self, id: GroupId) -> Option<&ListedGroup> {
        Some(&self.groups[position(&self.groups, id)?])
    }

    /// Returns the groups right below a parent, by id. The parent need not exist.
    pub fn children(&self, parent: GroupId) -> impl ExactSizeIterator<Item = &ListedGroup> {
        let range = self.range(&self.by_parent, |group| group.parent.cmp(&parent));
        range.iter().map(|at| self.at(*at))
    }

    /// Returns the ids of the groups of this name right below a parent, smallest first: more than one are duplicates.
    pub fn named(&self, parent: GroupId, name: &str) -> impl ExactSizeIterator<Item = GroupId> + Clone {
        let range = self.range(&self.by_name, |group| (group.parent, group.name.as_str()).cmp(&(parent, name)));
        range.iter().map(|at| self.at(*at).id)
    }

    /// Returns every group, by id.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = &ListedGroup> {
        self.groups.iter()
    }

    /// Returns how many groups there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Says whether there are no groups.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Returns the chain of names from the top, or `None` if the group does not hang from it, or by a chain so long (4 KiB)
    /// that it helps no reader. For the paths of many groups there is [`Paths`].
    #[must_use]
    pub fn path(&self, id: GroupId) -> Option<GroupPath> {
        let names = self.names(id)?;
        Some(GroupPath::of(names.into_iter().rev()))
    }

    /// Returns the names from the group up to the top; `None` as for [`Inventory::path`]. It climbs no further than the longest path.
    fn names(&self, id: GroupId) -> Option<Vec<&str>> {
        let depth = self.depth(id).filter(|depth| *depth <= LONGEST)?;
        let (mut names, mut length, mut next) = (Vec::with_capacity(depth), 0, id);
        while names.len() < depth && length <= LONGEST {
            let group = self.get(next)?;
            length += group.name.len() + 1;
            names.push(group.name.as_str());
            next = group.parent;
        }
        (length <= LONGEST).then_some(names)
    }

    /// Begins to write out the paths of many groups.
    #[must_use]
    pub fn paths(&self) -> Paths<'_> {
        Paths::new(self)
    }

    /// Returns how deep the group stands, 1 at the top, or `None` if it does not hang from it.
    #[must_use]
    pub fn depth(&self, id: GroupId) -> Option<usize> {
        let depth = self.depths[position(&self.groups, id)?];
        (depth != ADRIFT).then_some(depth as usize)
    }

    fn at(&self, at: u32) -> &ListedGroup {
        &self.groups[at as usize]
    }

    fn range<'a>(&self, index: &'a [u32], compare: impl Fn(&ListedGroup) -> std::cmp::Ordering) -> &'a [u32] {
        let start = index.partition_point(|at| compare(self.at(*at)).is_lt());
        let len = index[start..].partition_point(|at| compare(self.at(*at)).is_eq());
        &index[start..start + len]
    }
}

fn sorted(groups: &[ListedGroup], compare: fn(&ListedGroup, &ListedGroup) -> std::cmp::Ordering) -> Vec<u32> {
    let count = u32::try_from(groups.len()).expect("an answer of bounded size lists fewer than 2^32 groups");
    let mut index: Vec<u32> = (0..count).collect();
    index.sort_unstable_by(|a, b| compare(&groups[*a as usize], &groups[*b as usize]));
    index
}

fn position(groups: &[ListedGroup], id: GroupId) -> Option<usize> {
    groups.binary_search_by_key(&id, |group| group.id).ok()
}

/// Works out every depth; each group is climbed from once, however long the chains are.
fn depths(groups: &[ListedGroup]) -> Vec<u32> {
    let (mut depths, mut chain) = (vec![UNSEEN; groups.len()], Vec::new());
    for start in 0..groups.len() {
        let mut above = climb(groups, start, &mut depths, &mut chain);
        while let Some(at) = chain.pop() {
            above = above.map(|depth| depth + 1);
            depths[at] = above.unwrap_or(ADRIFT);
        }
    }
    depths
}

/// Climbs until a depth is known, and returns it. A group on the way counts as adrift meanwhile, which ends a circle.
fn climb(groups: &[ListedGroup], start: usize, depths: &mut [u32], chain: &mut Vec<usize>) -> Option<u32> {
    let mut at = start;
    while depths[at] == UNSEEN {
        depths[at] = ADRIFT;
        chain.push(at);
        match groups[at].parent {
            GroupId::ROOT => return Some(0),
            parent => at = position(groups, parent)?,
        }
    }
    Some(depths[at]).filter(|depth| *depth != ADRIFT)
}

/// Writes out the paths of many groups until they exceed a size limit; the path of each further group is its name alone.
///
/// A list from outside may be as deep as it is long: all its paths would have the square of its size.
#[derive(Debug)]
pub struct Paths<'a> {
    live: &'a Inventory,
    left: usize,
}

impl<'a> Paths<'a> {
    fn new(live: &'a Inventory) -> Self {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::group::GroupId;
    use crate::inventory::{Inventory, ListedGroup};

    fn group(id: i64, name: &str, parent: i64) -> ListedGroup {
        ListedGroup { id: GroupId::new(id), name: name.to_owned(), parent: GroupId::new(parent) }
    }

    fn ids<'a>(groups: impl Iterator<Item = &'a ListedGroup>) -> Vec<i64> {
        groups.map(|group| group.id.get()).collect()
    }

    #[test]
    fn a_tree_is_found_by_id_parent_name_and_path() {
        let live = Inventory::new(vec![
            group(3, "A 座", 2),
            group(9, "上海", 0),
            group(2, "望京/园区", 1),
            group(1, "北京", 0),
        ]);
        assert_eq!(ids(live.children(GroupId::ROOT)), [1, 9]);
        assert_eq!(live.named(GroupId::new(2), "A 座").collect::<Vec<_>>(), [GroupId::new(3)]);
        assert_eq!(live.path(GroupId::new(3)).map(String::from).as_deref(), Some("/北京/望京~1园区/A 座"));
        assert_eq!(live.depth(GroupId::new(3)), Some(3));
        assert_eq!(live.get(GroupId::new(4)), None);
        assert_eq!(live.path(GroupId::ROOT), None);
    }

    #[test]
    fn duplicates_are_both_named() {
        let live = Inventory::new(vec![group(7, "A", 0), group(5, "A", 0), group(6, "B", 0), group(8, "A", 5)]);
        let duplicates: Vec<_> = live.named(GroupId::ROOT, "A").map(GroupId::get).collect();
        assert_eq!(duplicates, [5, 7]);
    }

    #[test]
    fn what_does_not_hang_from_the_top_has_no_path() {
        let live = Inventory::new(vec![
            group(1, "a", 2),
            group(2, "b", 1),
            group(3, "self", 3),
            group(4, "lost", 99),
            group(5, "c", 2),
        ]);
        for id in 1..=5 {
            assert_eq!(live.path(GroupId::new(id)), None);
            assert_eq!(live.depth(GroupId::new(id)), None);
        }
        assert_eq!(ids(live.children(GroupId::new(99))), [4]);
    }

    /// Climbing from each group anew would take hours.
    #[test]
    fn the_depths_of_a_very_long_chain_are_found_in_one_climb() {
        const LENGTH: i64 = 300_000;
        for parent in [|id: i64| id - 1, |id| (id + 1) % (LENGTH + 1), |id| id % LENGTH + 1] {
            let live = Inventory::new((1..=LENGTH).map(|id| group(id, "x", parent(id))).collect());
            let hanging = live.groups().filter(|group| live.depth(group.id).is_some()).count();
            assert_eq!(hanging as i64, if parent(LENGTH) == 1 { 0 } else { LENGTH });
        }
    }

    /// All paths of this list together would be 9 GB.
    #[test]
    fn the_paths_below_a_long_name_are_not_all_written_out() {
        let below = (2..=300_000).map(|id| group(id, "x", 1));
        let live = Inventory::new(below.chain([group(1, &"n".repeat(32 << 10), 0)]).collect());
        let mut paths = live.paths();
        let total: usize = live.groups().map(|group| paths.of(group).as_str().len()).sum();
        assert!(total < 300 << 20, "{total}");
        assert_eq!(paths.of(live.get(GroupId::new(300_000)).unwrap()).as_str(), "/x");
    }

    #[test]
    fn a_path_that_nobody_reads_is_not_written_out() {
        let chain = (1..=100_000).map(|id| group(id, "x", id - 1));
        let live = Inventory::new(chain.chain([group(100_001, &"n".repeat(1 << 20), 3)]).collect());
        assert_eq!(live.path(GroupId::new(100_000)), None);
        assert_eq!(live.path(GroupId::new(100_001)), None);
        assert_eq!(live.path(GroupId::new(3)).map(String::from).as_deref(), Some("/x/x/x"));
    }

    #[test]
    fn the_paths_of_a_very_long_chain_are_written_within_bounds() {
        let live = Inventory::new((1..=300_000).map(|id| group(id, "0123456789", id - 1)).collect());
        let mut paths = live.paths();
        let total: usize = live.groups().map(|group| paths.of(group).as_str().len()).sum();
        assert!(total < 8 << 20, "{total}");
        assert_eq!(paths.of(live.get(GroupId::new(2)).unwrap()).depth(), 2);
        assert_eq!(paths.of(live.get(GroupId::new(300_000)).unwrap()).as_str(), "/0123456789");
    }

    #[test]
    fn a_long_chain_is_no_circle() {
        let live = Inventory::new((1..=1000).map(|id| group(id, "x", id - 1)).collect());
        assert_eq!(live.depth(GroupId::new(1000)), Some(1000));
    }

    fn any_groups() -> impl Strategy<Value = Vec<ListedGroup>> {
        let any_group = (1..20_i64, "[ab]", 0..20_i64).prop_map(|(id, name, parent)| group(id, &name, parent));
        proptest::collection::vec(any_group, 0..30)
    }

    proptest! {
        #[test]
        fn the_order_of_the_list_does_not_matter(groups in any_groups(), turn in 0..30_usize) {
            let mut turned = groups.clone();
            turned.rotate_left(turn.min(groups.len()));
            let reversed = groups.iter().rev().cloned().collect();
            let live = Inventory::new(groups);
            prop_assert_eq!(&live, &Inventory::new(turned));
            prop_assert_eq!(&live, &Inventory::new(reversed));
        }

        #[test]
        fn any_list_is_indexed_whole(groups in any_groups()) {
            let live = Inventory::new(groups);
            for group in live.groups() {
                prop_assert!(live.children(group.parent).any(|child| child.id == group.id));
                prop_assert!(live.named(group.parent, &group.name).any(|id| id == group.id));
                prop_assert_eq!(live.path(group.id).map(|path| path.depth()), live.depth(group.id));
            }
        }
    }
}
