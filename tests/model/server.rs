//! DingTalk: groups that exist, and creates that it has received and may still carry out.
//!
//! Ids rise in the order of the commits, so a stale list is one that ends at an earlier id.

use roomtree::group::{GroupId, GroupPath};
use roomtree::inventory::{Inventory, ListedGroup};

/// The names of the groups: the tree is `/a/b`, and `x` is what a stranger puts into a group.
pub(crate) const NAMES: [&str; 3] = ["a", "b", "x"];

/// Who made a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Maker {
    Call(usize),
    Stranger,
}

/// A group that was made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Made {
    pub(crate) name: usize,
    pub(crate) parent: GroupId,
    pub(crate) maker: Maker,
    pub(crate) is_gone: bool,
}

/// What became of a create at the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fate {
    Pending,
    Landed(GroupId),
    Never,
}

/// What the one who sent it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Ear {
    /// It waits for the answer.
    Waiting,
    /// It has the answer, or found the group.
    Heard,
    /// The answer was lost, or whoever waited for it has died.
    Lost,
    /// It was looked for after the settle time, and was not there.
    Missed,
}

/// A create that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Call {
    pub(crate) name: usize,
    pub(crate) parent: GroupId,
    pub(crate) seq: u64,
    pub(crate) fate: Fate,
    pub(crate) ear: Ear,
    /// Its answer was lost.
    pub(crate) was_lost: bool,
}

/// The groups that a list showed, by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct List(u32);

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Server {
    pub(crate) groups: Vec<Made>,
    pub(crate) calls: Vec<Call>,
    /// How many groups no list leaves out any more.
    pub(crate) seasoned: usize,
}

/// The path of a group of the tree.
pub(crate) fn path(name: usize) -> GroupPath {
    NAMES[..=name].iter().fold(GroupPath::top(), |path, name| path.join(name))
}

impl Server {
    /// Shows the groups with ids up to a number.
    pub(crate) fn list(&self, upto: usize) -> List {
        let shown = (0..upto).filter(|at| !self.groups[*at].is_gone);
        List(shown.fold(0, |bits, at| bits | 1 << at))
    }

    /// Gives what a list showed as the real thing.
    pub(crate) fn live(&self, list: List) -> Inventory {
        let shown = self.groups.iter().enumerate().filter(|(at, _)| list.0 & (1 << at) != 0);
        Inventory::new(shown.map(|(at, made)| listed(at, made)).collect())
    }

    pub(crate) fn now(&self) -> Inventory {
        self.live(self.list(self.groups.len()))
    }

    /// Returns the groups that exist, with their ids.
    pub(crate) fn standing(&self) -> impl Iterator<Item = (GroupId, &Made)> {
        self.groups.iter().enumerate().filter(|(_, made)| !made.is_gone).map(|(at, made)| (id(at), made))
    }

    pub(crate) fn exists(&self, group: GroupId) -> bool {
        group == GroupId::ROOT || self.standing().any(|(id, _)| id == group)
    }

    pub(crate) fn make(&mut self, name: usize, parent: GroupId, maker: Maker) -> GroupId {
        self.groups.push(Made { name, parent, maker, is_gone: false });
        id(self.groups.len() - 1)
    }

    /// Carries a create out. Duplicates are accepted; a parent has to exist.
    pub(crate) fn commit(&mut self, at: usize) {
        let Call { name, parent, .. } = self.calls[at];
        let landed = self.exists(parent).then(|| self.make(name, parent, Maker::Call(at)));
        self.calls[at].fate = landed.map_or(Fate::Never, Fate::Landed);
    }

    /// Removes a group, if it is empty; says who had made it.
    pub(crate) fn delete(&mut self, group: GroupId) -> Option<Maker> {
        let is_empty = self.standing().all(|(_, made)| made.parent != group);
        let at = self.standing().position(|(id, _)| id == group).filter(|_| is_empty).map(|_| index(group))?;
        self.groups[at].is_gone = true;
        Some(self.groups[at].maker)
    }

    /// The settle time passes: what exists by now is in every list from now on, unless lists lag behind for longer.
    pub(crate) fn wait(&mut self, lags: bool) {
        if !lags {
            self.seasoned = self.groups.len();
        }
    }

    /// Says whether a create that nobody waits for may still land.
    pub(crate) fn has_late(&self) -> bool {
        self.calls.iter().any(|call| call.fate == Fate::Pending && call.ear != Ear::Waiting)
    }

    /// Notes what the client knows by now of the create with this intent.
    pub(crate) fn hear(&mut self, seq: u64, ear: Ear) {
        if let Some(call) = self.calls.iter_mut().rev().find(|call| call.seq == seq) {
            call.ear = ear;
        }
    }
}

pub(crate) fn id(at: usize) -> GroupId {
    GroupId::new(i64::try_from(at).expect("few groups") + 1)
}

fn index(id: GroupId) -> usize {
    usize::try_from(id.get() - 1).expect("ids begin at 1")
}

fn listed(at: usize, made: &Made) -> ListedGroup {
    ListedGroup { id: id(at), name: NAMES[made.name].to_owned(), parent: made.parent }
}
