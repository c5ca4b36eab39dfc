//! Meeting rooms, as far as groups need them: they stand in groups, are listed page by page, and keep a group from being
//! deleted [check-the-meeting-room-list].
//!
//! Not documented, and so the sandbox's own choice: the order of the list, and what a `nextToken` is (here the number of the
//! next room, as text). A room whose group a stranger removed stays, without a group.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A meeting room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxRoom {
    /// Its number; its id is `room` and this.
    pub number: u64,
    /// Its name.
    pub name: Arc<str>,
    /// The id of the group it is in; 0 if it is in none.
    pub group: i64,
}

impl SandboxRoom {
    /// Returns the id that the API gives it.
    #[must_use]
    pub fn id(&self) -> String {
        format!("room{}", self.number)
    }
}

/// All rooms of the organization.
#[derive(Debug, Default)]
pub(crate) struct Rooms(BTreeMap<u64, SandboxRoom>);

/// Part of the list of rooms.
#[derive(Debug)]
pub(crate) struct RoomPage {
    pub(crate) rooms: Vec<SandboxRoom>,
    /// Where the next page begins, if there is one.
    pub(crate) next: Option<u64>,
}

impl Rooms {
    /// Returns the number that the next room gets.
    pub(crate) fn next(&self) -> u64 {
        self.0.last_key_value().map_or(1, |(number, _)| number + 1)
    }

    pub(crate) fn insert(&mut self, room: SandboxRoom) {
        self.0.insert(room.number, room);
    }

    pub(crate) fn remove(&mut self, number: u64) {
        self.0.remove(&number);
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &SandboxRoom> {
        self.0.values()
    }

    pub(crate) fn are_in(&self, group: i64) -> bool {
        self.0.values().any(|room| room.group == group)
    }

    /// Returns so many rooms from this number on.
    pub(crate) fn page(&self, from: u64, most: usize) -> RoomPage {
        let mut rest = self.0.range(from..).map(|(_, room)| room);
        let rooms = rest.by_ref().take(most).cloned().collect();
        RoomPage { rooms, next: rest.next().map(|room| room.number) }
    }
}
