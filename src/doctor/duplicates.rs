//! Groups of one name under one parent: which of them is recorded, and which can surely go.
//!
//! Only what cannot be anyone's loss is spare: the recorded group stands where it is recorded, so the manifest's place is
//! taken by it; its duplicate is recorded nowhere and has no group below it. Whether rooms are in it only DingTalk knows, which
//! refuses to delete it then.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::doctor::duplicate_groups::{Duplicate, Duplicates};
use crate::doctor::facts::Facts;
use crate::doctor::finding::{Check, CheckResult, Detail, Reason};
use crate::doctor::format::not_listed;
use crate::group::{GroupId, GroupPath};
use crate::i18n::{Message, count};
use crate::inventory::{Inventory, ListedGroup};
use crate::plan::RecordMatch;
use crate::state::Ledger;
use crate::{localized, tr};

/// A group that can surely go, and the recorded one that stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RemovableDuplicate {
    /// The group to remove.
    pub id: GroupId,
    /// The recorded group of the same name under the same parent.
    pub keeper: GroupId,
    /// Where the keeper is recorded.
    pub path: GroupPath,
    /// The name they share.
    pub name: String,
    /// The group they stand under.
    pub parent: GroupId,
}

/// Says what to do about duplicates that are not removed.
#[must_use]
pub fn by_hand() -> &'static str {
    tr!(
        "Look at them in DingTalk's admin console (oa.dingtalk.com), meeting-room app (智能会议室): delete or rename all but the \
         one whose rooms are in use.",
        "在钉钉管理后台（oa.dingtalk.com）的“智能会议室”中查看：只保留其会议室在使用的那一个，其余删除或改名。"
    )
}

/// Whether groups of one name stand under one parent.
pub(crate) fn check(facts: &Facts<'_>) -> CheckResult {
    let Some(live) = facts.live() else { return CheckResult::skipped(Check::Duplicates, not_listed()) };
    let duplicates = find(live, facts.ledger(), &facts.bound);
    if duplicates.is_empty() {
        let detail = localized!("No two groups of one name stand under one parent.", "没有上级相同且名称相同的分组。");
        return CheckResult::ok(Check::Duplicates, detail);
    }
    let is_contested = duplicates
        .iter()
        .flat_map(|duplicates| &duplicates.groups)
        .any(|duplicate| facts.contested.contains(&duplicate.id));
    let (detail, remedy) = (told(&duplicates), remedy(&duplicates));
    let finding = if is_contested {
        CheckResult::failed(Check::Duplicates, Reason::Refused, contested(&detail), remedy)
    } else {
        CheckResult::warning(Check::Duplicates, detail, remedy)
    };
    finding.because(duplicates.into_iter().map(Detail::Duplicates).collect())
}

fn contested(detail: &Message) -> Message {
    localized!(
        "{detail} The manifest asks for one of them, and which one is meant cannot be told.",
        "{detail}清单要用其中一个，但无法判断是哪一个。"
    )
}

fn told(duplicates: &[Duplicates]) -> Message {
    let groups: usize = duplicates.iter().map(|duplicates| duplicates.groups.len()).sum();
    let names = count(duplicates.len(), "name", "个名称");
    localized!(
        "{groups} groups share {names} with a group under the same parent.",
        "{groups} 个分组与同一上级下的分组重名，涉及 {names}。"
    )
}

fn remedy(duplicates: &[Duplicates]) -> Message {
    let spare = duplicates.iter().flat_map(|duplicates| &duplicates.groups).filter(|duplicate| duplicate.spare).count();
    let others = duplicates.iter().any(|duplicates| !duplicates.is_settled_by_removal());
    match (spare, others) {
        (0, _) => localized!("{} {}", "{}{}", by_hand(), of_another_state()),
        (_, false) => localized!("{}.", "{}。", remove_spare()),
        (_, true) => {
            localized!("{}. For the others: {} {}", "{}。其余的：{}{}", remove_spare(), by_hand(), of_another_state())
        }
    }
}

/// Explains how duplicates go that a second copy of the state has made: that copy records exactly those.
fn of_another_state() -> &'static str {
    tr!(
        "If two copies of the state were used, keep one and run `roomtree destroy MANIFEST --state OTHER` with the other: it \
         deletes every group that OTHER records. Condition: no id is in both copies (compare `roomtree state list STATE` of each); \
         otherwise first run `roomtree state forget OTHER PATH` for each common path.",
        "如果使用过同一状态的两份副本，请保留一份，并用另一份运行 `roomtree destroy <清单> --state <另一份>`：它会删除 <另一份> \
         记录的全部分组。前提：两份副本没有相同的 ID（分别用 `roomtree state list <状态>` 比较）；否则请先对每个相同的路径运行 \
         `roomtree state forget <另一份> <路径>`。"
    )
}

fn remove_spare() -> &'static str {
    tr!(
        "Remove the spare ones: `roomtree doctor --remove-duplicates` with the manifest or its state",
        "用 `roomtree doctor --remove-duplicates` 加上清单或其状态文件，删除多余的分组"
    )
}

impl Duplicates {
    /// Says whether one group is left when the spare ones are gone.
    fn is_settled_by_removal(&self) -> bool {
        self.groups.iter().filter(|duplicate| !duplicate.spare).count() == 1
    }
}

/// Returns the groups that share name and parent with another, by parent and name.
pub(crate) fn find(live: &Inventory, ledger: Option<&Ledger>, bound: &HashSet<GroupId>) -> Vec<Duplicates> {
    let firsts = live.groups().filter(|group| {
        let mut named = live.named(group.parent, &group.name);
        named.len() > 1 && named.next() == Some(group.id)
    });
    let mut paths = live.paths();
    let mut duplicates: Vec<Duplicates> = firsts
        .map(|first| Duplicates {
            name: first.name.clone(),
            parent: first.parent,
            path: live.depth(first.id).map(|_| paths.of(first)),
            groups: members(live, ledger, bound, first),
            protected_by: ledger.and_then(|ledger| protector(live, ledger, first)).cloned(),
        })
        .collect();
    duplicates.sort_by(|a, b| (&a.path, a.parent, &a.name).cmp(&(&b.path, b.parent, &b.name)));
    duplicates
}

fn members(live: &Inventory, ledger: Option<&Ledger>, bound: &HashSet<GroupId>, first: &ListedGroup) -> Vec<Duplicate> {
    let (parent, name) = (first.parent, first.name.as_str());
    let has_keeper = ledger
        .is_some_and(|ledger| keeper(live, ledger, parent, name).is_some() && protector(live, ledger, first).is_none());
    let duplicate = |id| {
        let recorded = ledger.and_then(|ledger| ledger.path_of(id)).cloned();
        let children = live.children(id).len();
        let is_root = ledger.is_some_and(|ledger| ledger.snapshot().root == id);
        let is_asked_for = recorded.is_some() || is_root || bound.contains(&id);
        Duplicate { id, spare: has_keeper && children == 0 && !is_asked_for, recorded, children }
    };
    live.named(parent, name).map(duplicate).collect()
}

/// Returns the protected path that keeps the duplicates of a group from being removed.
fn protector<'a>(live: &Inventory, ledger: &'a Ledger, first: &ListedGroup) -> Option<&'a GroupPath> {
    let mut recorded = live.named(first.parent, &first.name).filter_map(|id| ledger.path_of(id));
    recorded.find_map(|path| ledger.protector(path))
}

/// Returns the recorded group that stays: it stands where it is recorded.
fn keeper(live: &Inventory, ledger: &Ledger, parent: GroupId, name: &str) -> Option<GroupId> {
    live.named(parent, name).find(|id| RecordMatch::of(*id, ledger, live).is_same())
}

/// Counts the groups that share name and parent with another.
#[must_use]
pub fn sharing(live: &Inventory) -> usize {
    live.groups().filter(|group| live.named(group.parent, &group.name).len() > 1).count()
}

/// Returns the duplicates that can be removed safely: unrecorded, without groups, not among the ids that the manifest binds,
/// and of the same name and parent as a recorded group that is where it is recorded and is not protected.
#[must_use]
pub fn spare(live: &Inventory, ledger: &Ledger, bound: &HashSet<GroupId>) -> Vec<RemovableDuplicate> {
    find(live, Some(ledger), bound).iter().flat_map(|duplicates| spare_of(live, ledger, duplicates)).collect()
}

fn spare_of(live: &Inventory, ledger: &Ledger, duplicates: &Duplicates) -> Vec<RemovableDuplicate> {
    let Some(keeper) = keeper(live, ledger, duplicates.parent, &duplicates.name) else { return Vec::new() };
    let Some(path) = ledger.path_of(keeper) else { return Vec::new() };
    let spare = |duplicate: &Duplicate| RemovableDuplicate {
        id: duplicate.id,
        keeper,
        path: path.clone(),
        name: duplicates.name.clone(),
        parent: duplicates.parent,
    };
    duplicates.groups.iter().filter(|duplicate| duplicate.spare).map(spare).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crate::doctor::duplicates::{find, spare};
    use crate::group::{GroupId, GroupPath};
    use crate::inventory::{Inventory, ListedGroup};
    use crate::state::{Identity, Ledger, Record, Snapshot};

    fn live(groups: &[(i64, &str, i64)]) -> Inventory {
        let group = |&(id, name, parent): &(i64, &str, i64)| ListedGroup {
            id: GroupId::new(id),
            name: name.to_owned(),
            parent: GroupId::new(parent),
        };
        Inventory::new(groups.iter().map(group).collect())
    }

    fn ledger(root: i64, groups: &[(&str, i64)]) -> Ledger {
        let identity = Identity { endpoint: "e".to_owned(), organization: None, root: GroupId::new(root) };
        let mut ledger = Ledger::new(Snapshot::new(&identity)).unwrap();
        for (path, id) in groups {
            ledger.apply(&Record::Put { path: GroupPath::parse(path).unwrap(), id: GroupId::new(*id) }).unwrap();
        }
        ledger
    }

    fn spare_ids(groups: &[(i64, &str, i64)], recorded: &[(&str, i64)]) -> Vec<i64> {
        spare_but(&[], groups, recorded)
    }

    fn spare_but(bound: &[i64], groups: &[(i64, &str, i64)], recorded: &[(&str, i64)]) -> Vec<i64> {
        let bound = bound.iter().copied().map(GroupId::new).collect();
        spare(&live(groups), &ledger(0, recorded), &bound).iter().map(|spare| spare.id.get()).collect()
    }

    #[test]
    fn a_duplicate_that_the_manifest_binds_is_not_spare() {
        let groups = [(1, "A", 0), (2, "A", 0), (3, "A", 0)];
        assert_eq!(spare_but(&[2], &groups, &[("/A", 1)]), [3]);
    }

    #[test]
    fn an_empty_duplicate_of_a_recorded_group_is_spare() {
        assert_eq!(spare_ids(&[(1, "A", 0), (2, "A", 0), (3, "B", 0)], &[("/A", 1)]), [2]);
        assert_eq!(spare_ids(&[(1, "A", 0), (2, "A", 0), (3, "A", 0)], &[("/A", 2)]), [1, 3]);
    }

    #[test]
    fn duplicate_of_a_protected_group_or_its_ancestor_is_not_spare() {
        let live = live(&[(1, "A", 0), (2, "A", 0)]);
        for text in ["/A", "/A/B"] {
            let mut ledger = ledger(0, &[("/A", 1)]);
            let path = GroupPath::parse(text).unwrap();
            ledger.apply(&Record::Protect { protected: vec![path.clone()], released: Vec::new() }).unwrap();
            assert_eq!(spare(&live, &ledger, &HashSet::new()), []);
            let duplicates = find(&live, Some(&ledger), &HashSet::new());
            assert_eq!(duplicates[0].protected_by, Some(path));
        }
    }

    #[test]
    fn a_duplicate_with_groups_below_it_is_not_spare() {
        assert_eq!(spare_ids(&[(1, "A", 0), (2, "A", 0), (3, "B", 2)], &[("/A", 1)]), [0; 0]);
    }

    #[test]
    fn no_duplicate_is_spare_when_none_is_recorded() {
        assert_eq!(spare_ids(&[(1, "A", 0), (2, "A", 0)], &[("/B", 9)]), [0; 0]);
    }

    #[test]
    fn a_recorded_group_that_was_renamed_to_anothers_name_makes_no_duplicate_spare() {
        assert_eq!(spare_ids(&[(1, "B", 0), (2, "B", 0)], &[("/A", 1)]), [0; 0]);
    }

    #[test]
    fn a_recorded_group_that_was_moved_beside_another_makes_no_duplicate_spare() {
        assert_eq!(spare_ids(&[(1, "A", 0), (2, "A", 0), (5, "X", 0)], &[("/X", 5), ("/X/A", 1)]), [0; 0]);
    }

    #[test]
    fn duplicate_under_an_unrecorded_parent_is_spare_if_the_names_match() {
        let recorded = [("/X/A", 1)];
        assert_eq!(spare_ids(&[(5, "X", 0), (1, "A", 5), (2, "A", 5)], &recorded), [2]);
        assert_eq!(spare_ids(&[(5, "Y", 0), (1, "A", 5), (2, "A", 5)], &recorded), [0; 0]);
    }

    #[test]
    fn a_group_of_the_same_name_under_another_parent_is_no_duplicate() {
        assert_eq!(find(&live(&[(1, "A", 0), (2, "A", 1)]), None, &HashSet::new()), []);
    }

    #[test]
    fn of_two_recorded_duplicates_none_is_spare() {
        assert_eq!(spare_ids(&[(1, "A", 0), (2, "A", 0)], &[("/A", 1), ("/B", 2)]), [0; 0]);
    }

    #[test]
    fn a_duplicate_of_a_group_below_the_root_is_found_there() {
        let live = live(&[(7, "root", 0), (1, "A", 7), (2, "A", 7)]);
        let spare = spare(&live, &ledger(7, &[("/A", 1)]), &HashSet::new());
        assert_eq!(spare.iter().map(|spare| (spare.id.get(), spare.keeper.get())).collect::<Vec<_>>(), [(2, 1)]);
    }

    #[test]
    fn duplicates_say_what_is_recorded_and_what_is_empty() {
        let duplicates =
            find(&live(&[(1, "A", 0), (2, "A", 0), (3, "B", 2)]), Some(&ledger(0, &[("/A", 1)])), &HashSet::new());
        let [duplicates] = duplicates.as_slice() else { panic!("{duplicates:?}") };
        let said: Vec<_> =
            duplicates.groups.iter().map(|duplicate| (duplicate.recorded.is_some(), duplicate.children)).collect();
        assert_eq!(said, [(true, 0), (false, 1)]);
    }
}
