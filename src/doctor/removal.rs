//! What became of the duplicates that were to be removed.

use schemars::JsonSchema;
use serde::Serialize;

use crate::doctor::duplicates::RemovableDuplicate;
use crate::group::GroupId;
use crate::i18n::Message;
use crate::localized;

/// The duplicates that were offered for removal, and what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removal {
    /// Each group with its fate.
    pub groups: Vec<(RemovableDuplicate, Fate)>,
    /// Why the last list could not be had; then nothing is verified.
    pub unverified: Option<Message>,
    /// How many groups still share name and parent with another, by the last list.
    pub duplicates_left: usize,
}

impl Removal {
    /// Says whether a group is removed, or may be.
    #[must_use]
    pub fn changed_anything(&self) -> bool {
        self.groups.iter().any(|(_, fate)| matches!(fate, Fate::Removed | Fate::Unknown { .. }))
    }
}

/// What became of one duplicate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "fate", rename_all = "lowercase")]
pub enum Fate {
    /// It was listed as spare, and not confirmed.
    Offered,
    /// DingTalk removed it, or no longer had it.
    Removed,
    /// It was not removed.
    Kept {
        /// Why.
        why: Message,
    },
    /// DingTalk may have removed it.
    Unknown {
        /// Why that cannot be told.
        why: Message,
    },
}

impl Removal {
    /// Returns the ids of the groups that are gone.
    pub fn removed(&self) -> impl Iterator<Item = GroupId> {
        self.groups.iter().filter(|(_, fate)| *fate == Fate::Removed).map(|(spare, _)| spare.id)
    }

    /// Says whether every group that was offered is gone.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.groups.iter().all(|(_, fate)| *fate == Fate::Removed)
    }

    /// Takes the last list into account: what is not listed is gone, what is listed is not, whatever DingTalk said.
    pub fn verify(&mut self, is_listed: impl Fn(GroupId) -> bool) {
        for (spare, fate) in &mut self.groups {
            match (&fate, is_listed(spare.id)) {
                (Fate::Unknown { .. }, false) => *fate = Fate::Removed,
                (Fate::Removed, true) => *fate = Fate::Unknown { why: still_listed() },
                (Fate::Offered | Fate::Removed | Fate::Kept { .. } | Fate::Unknown { .. }, _) => {}
            }
        }
    }
}

fn still_listed() -> Message {
    localized!(
        "DingTalk confirmed the removal, but still lists it; the list may be behind: run again",
        "钉钉已确认删除，但列表中仍有它；列表可能滞后，请重新运行"
    )
}

#[cfg(test)]
mod tests {
    use crate::doctor::duplicates::RemovableDuplicate;
    use crate::doctor::removal::{Fate, Removal};
    use crate::group::{GroupId, GroupPath};

    fn spare(id: i64) -> RemovableDuplicate {
        let path = GroupPath::top().join("A");
        RemovableDuplicate {
            id: GroupId::new(id),
            keeper: GroupId::new(1),
            path,
            name: "A".to_owned(),
            parent: GroupId::ROOT,
        }
    }

    #[test]
    fn the_last_list_has_the_last_word() {
        let unknown = || Fate::Unknown { why: "lost".into() };
        let groups =
            vec![(spare(2), Fate::Removed), (spare(3), Fate::Removed), (spare(4), unknown()), (spare(5), unknown())];
        let mut removal = Removal { groups, ..Removal::default() };
        removal.verify(|id| [3, 5].contains(&id.get()));
        assert_eq!(removal.removed().map(GroupId::get).collect::<Vec<_>>(), [2, 4]);
        assert!(!removal.is_complete());
        assert!(matches!(&removal.groups[1].1, Fate::Unknown { .. }));
        assert_eq!(removal.groups[3].1, unknown());
    }
}
