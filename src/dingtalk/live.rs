//! What DingTalk says there is: every group of the organization, indexed.
//!
//! The list is taken as it comes, so it may be no tree at all: parents may be missing, ids repeated, cycles closed. Nothing
//! here hangs or panics over that. The indices are sorted vectors of positions: a name is stored once, whatever its group count.

use crate::group::{GroupId, GroupPath};

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
pub struct Live {
    /// By id.
    groups: Vec<ListedGroup>,
    /// Positions in `groups`, by parent, then id.
    by_parent: Vec<u32>,
    /// Positions in `groups`, by parent, then name, then id.
    by_name: Vec<u32>,
}

impl Live {
    /// Indexes a list, in whatever order it came. Of groups with one id the least by (parent, name) is kept.
    #[must_use]
    pub fn new(mut groups: Vec<ListedGroup>) -> Self {
        groups.sort_unstable_by(|a, b| (a.id, a.parent, &a.name).cmp(&(b.id, b.parent, &b.name)));
        groups.dedup_by_key(|group| group.id);
        let by_parent = sorted(&groups, |a, b| (a.parent, a.id).cmp(&(b.parent, b.id)));
        let by_name = sorted(&groups, |a, b| (a.parent, &a.name, a.id).cmp(&(b.parent, &b.name, b.id)));
        Self { groups, by_parent, by_name }
    }

    /// Returns the group with this id.
    #[must_use]
    pub fn get(&self, id: GroupId) -> Option<&ListedGroup> {
        let at = self.groups.binary_search_by_key(&id, |group| group.id).ok()?;
        Some(&self.groups[at])
    }

    /// Returns the groups right below a parent, by id. The parent need not exist.
    pub fn children(&self, parent: GroupId) -> impl ExactSizeIterator<Item = &ListedGroup> {
        let range = self.range(&self.by_parent, |group| group.parent.cmp(&parent));
        range.iter().map(|at| self.at(*at))
    }

    /// Returns the ids of the groups of this name right below a parent, smallest first: more than one are twins.
    pub fn named(&self, parent: GroupId, name: &str) -> impl ExactSizeIterator<Item = GroupId> {
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

    /// Returns the groups from the top down to this one, or `None` if it does not hang from the top: it is not listed, a group
    /// above it is not, or they stand in a circle.
    #[must_use]
    pub fn lineage(&self, id: GroupId) -> Option<Vec<&ListedGroup>> {
        let depth = self.depth(id)?;
        let mut lineage = Vec::with_capacity(depth);
        let mut next = id;
        while let Some(group) = self.get(next).filter(|_| lineage.len() < depth) {
            lineage.push(group);
            next = group.parent;
        }
        lineage.reverse();
        Some(lineage)
    }

    /// Returns the chain of names from the top, or `None` if the group does not hang from it.
    #[must_use]
    pub fn path(&self, id: GroupId) -> Option<GroupPath> {
        let lineage = self.lineage(id)?;
        Some(lineage.iter().fold(GroupPath::top(), |path, group| path.join(&group.name)))
    }

    /// Returns how deep the group stands, 1 at the top, or `None` if it does not hang from it.
    #[must_use]
    pub fn depth(&self, id: GroupId) -> Option<usize> {
        let mut brake = Brake::default();
        let mut group = self.get(id)?;
        while group.parent != GroupId::ROOT {
            group = self.get(group.parent)?;
            if brake.was_here(group.id) {
                return None;
            }
        }
        Some(brake.steps + 1)
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

/// Brent's way to notice a circle: in as many steps as it is long, with one group remembered.
#[derive(Default)]
struct Brake {
    steps: usize,
    mark: Option<GroupId>,
}

impl Brake {
    fn was_here(&mut self, id: GroupId) -> bool {
        if self.mark == Some(id) {
            return true;
        }
        self.steps += 1;
        if self.steps.is_power_of_two() {
            self.mark = Some(id);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::dingtalk::live::{ListedGroup, Live};
    use crate::group::GroupId;

    fn group(id: i64, name: &str, parent: i64) -> ListedGroup {
        ListedGroup { id: GroupId::new(id), name: name.to_owned(), parent: GroupId::new(parent) }
    }

    fn ids<'a>(groups: impl Iterator<Item = &'a ListedGroup>) -> Vec<i64> {
        groups.map(|group| group.id.get()).collect()
    }

    #[test]
    fn a_tree_is_found_by_id_parent_name_and_path() {
        let live =
            Live::new(vec![group(3, "A 座", 2), group(9, "上海", 0), group(2, "望京/园区", 1), group(1, "北京", 0)]);
        assert_eq!(ids(live.children(GroupId::ROOT)), [1, 9]);
        assert_eq!(live.named(GroupId::new(2), "A 座").collect::<Vec<_>>(), [GroupId::new(3)]);
        assert_eq!(live.path(GroupId::new(3)).map(String::from).as_deref(), Some("/北京/望京~1园区/A 座"));
        assert_eq!(live.depth(GroupId::new(3)), Some(3));
        assert_eq!(live.get(GroupId::new(4)), None);
        assert_eq!(live.path(GroupId::ROOT), None);
    }

    #[test]
    fn twins_are_both_named() {
        let live = Live::new(vec![group(7, "A", 0), group(5, "A", 0), group(6, "B", 0), group(8, "A", 5)]);
        let twins: Vec<_> = live.named(GroupId::ROOT, "A").map(GroupId::get).collect();
        assert_eq!(twins, [5, 7]);
    }

    #[test]
    fn what_does_not_hang_from_the_top_has_no_path() {
        let live = Live::new(vec![
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

    #[test]
    fn a_long_chain_is_no_circle() {
        let live = Live::new((1..=1000).map(|id| group(id, "x", id - 1)).collect());
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
            let live = Live::new(groups);
            prop_assert_eq!(&live, &Live::new(turned));
            prop_assert_eq!(&live, &Live::new(reversed));
        }

        #[test]
        fn any_list_is_indexed_whole(groups in any_groups()) {
            let live = Live::new(groups);
            for group in live.groups() {
                prop_assert!(live.children(group.parent).any(|child| child.id == group.id));
                prop_assert!(live.named(group.parent, &group.name).any(|id| id == group.id));
                let (path, lineage) = (live.path(group.id), live.lineage(group.id));
                prop_assert_eq!(path.map(|path| path.depth()), live.depth(group.id));
                prop_assert_eq!(lineage.map(|lineage| lineage.len()), live.depth(group.id));
            }
        }
    }
}
