//! The groups themselves, and DingTalk's rules for changing them.
//!
//! Every change goes through `put` and `take`, which write it to the data file first. A stranger uses these two directly: who
//! acts outside the API is bound by no rule, and can leave groups whose parent is gone.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::time::Instant;

use crate::sandbox::api::api_error::ApiRefusal;
use crate::sandbox::api::group::{SandboxGroup, SandboxMember};
use crate::sandbox::api::rooms::{Rooms, SandboxRoom};
use crate::sandbox::config::Config;
use crate::sandbox::error::SandboxError;
use crate::sandbox::history::History;
use crate::sandbox::persistence::{Data, Line};
use crate::tr;

/// All groups of the organization.
#[derive(Debug)]
pub(crate) struct Groups {
    by_id: BTreeMap<i64, SandboxGroup>,
    children: HashMap<i64, u32>,
    rooms: Rooms,
    /// The administrators of each group that has some; they are not kept in the data file.
    administrators: HashMap<i64, Vec<SandboxMember>>,
    next: i64,
    past: History,
    data: Option<Data>,
    closed: bool,
    rules: Rules,
}

#[derive(Debug)]
struct Rules {
    depth: u32,
    limit: Option<usize>,
    not_empty: ApiRefusal,
}

impl Groups {
    /// Makes the groups that the data file holds, or none.
    pub(crate) fn open(config: &Config) -> Result<Self, SandboxError> {
        let mut groups = Self::empty(config);
        if let Some(path) = &config.data {
            let (mut data, lines) = Data::open(path)?;
            lines.iter().cloned().for_each(|line| groups.replay(line));
            if data.is_torn() || !groups.lines().eq(lines) {
                data.rewrite(groups.lines())?;
            }
            groups.data = Some(data);
        }
        Ok(groups)
    }

    fn empty(config: &Config) -> Self {
        let not_empty = ApiRefusal {
            code: config.not_empty_code.clone().into(),
            chinese: "分组不为空",
            ..ApiRefusal::malformed("the group is not empty")
        };
        let rules = Rules { depth: config.depth, limit: config.group_limit, not_empty };
        let (by_id, children) = (BTreeMap::new(), HashMap::new());
        let (rooms, administrators, past) = (Rooms::default(), HashMap::new(), History::default());
        Self { by_id, children, rooms, administrators, next: config.first_id, past, data: None, closed: false, rules }
    }

    fn replay(&mut self, line: Line) {
        match line {
            Line::Next(id) => self.next = self.next.max(id),
            Line::Put(group) => self.insert(group),
            Line::Drop(id) => self.remove(id),
            Line::Room(room) => self.rooms.insert(room),
            Line::NoRoom(number) => self.rooms.remove(number),
        }
    }

    fn lines(&self) -> impl Iterator<Item = Line> {
        let groups = self.by_id.values().cloned().map(Line::Put);
        std::iter::once(Line::Next(self.next)).chain(groups).chain(self.rooms.all().cloned().map(Line::Room))
    }

    pub(crate) fn get(&self, id: i64) -> Result<&SandboxGroup, ApiRefusal> {
        self.by_id.get(&id).ok_or(ApiRefusal::NO_GROUP)
    }

    /// Returns every group, by id.
    pub(crate) fn all(&self) -> Vec<SandboxGroup> {
        self.by_id.values().cloned().collect()
    }

    /// Returns every group as it was just before a moment, by id.
    pub(crate) fn all_before(&self, moment: Instant) -> Vec<SandboxGroup> {
        let changed = self.past.since(moment);
        let same = self.by_id.values().filter(|group| !changed.contains_key(&group.id)).cloned();
        let mut groups: Vec<_> = same.chain(changed.values().flatten().cloned()).collect();
        groups.sort_unstable_by_key(|group| group.id);
        groups
    }

    /// Returns the groups without this share of them, in percent, by id. The same seed leaves out the same groups, and below
    /// 100 % at least one is returned if there is any.
    pub(crate) fn without(&self, share: u8, seed: u64) -> Vec<SandboxGroup> {
        let mut groups = self.all();
        groups.sort_by_cached_key(|group| fastrand::Rng::with_seed(seed ^ group.id.unsigned_abs()).u64(..));
        groups.drain(..groups.len() * usize::from(share) / 100);
        groups.sort_unstable_by_key(|group| group.id);
        groups
    }

    /// Makes a group, as the API does. Duplicates are accepted.
    pub(crate) fn create(&mut self, parent: i64, name: &str) -> Result<i64, ApiRefusal> {
        if self.rules.limit.is_some_and(|limit| self.by_id.len() >= limit) {
            return Err(ApiRefusal::TOO_MANY);
        }
        if self.depth(parent)? >= self.rules.depth {
            return Err(ApiRefusal::TOO_DEEP);
        }
        let id = self.next;
        self.put(SandboxGroup { id, name: name.into(), parent }).map_err(|_| ApiRefusal::SYSTEM)?;
        Ok(id)
    }

    pub(crate) fn rename(&mut self, id: i64, name: &str) -> Result<(), ApiRefusal> {
        let parent = self.get(id)?.parent;
        self.put(SandboxGroup { id, name: name.into(), parent }).map_err(|_| ApiRefusal::SYSTEM)
    }

    pub(crate) fn delete(&mut self, id: i64) -> Result<(), ApiRefusal> {
        self.get(id)?;
        if self.children.contains_key(&id) || self.rooms.are_in(id) {
            return Err(self.rules.not_empty.clone());
        }
        self.take(id).map_err(|_| ApiRefusal::SYSTEM)
    }

    /// Returns how deep a group stands: 0 for the top, which is no group.
    fn depth(&self, mut id: i64) -> Result<u32, ApiRefusal> {
        let mut depth = 0;
        while id != 0 {
            id = self.get(id)?.parent;
            depth += 1;
        }
        Ok(depth)
    }

    /// Makes a group as a stranger does; the parent need not exist.
    pub(crate) fn add(&mut self, parent: i64, name: &str) -> io::Result<i64> {
        let id = self.next;
        self.put(SandboxGroup { id, name: name.into(), parent })?;
        Ok(id)
    }

    /// Adds or replaces a group.
    fn put(&mut self, group: SandboxGroup) -> io::Result<()> {
        let line = Line::Put(group);
        self.write(&line)?;
        if let Line::Put(group) = line {
            self.past.note(group.id, self.by_id.get(&group.id).cloned());
            self.insert(group);
        }
        Ok(())
    }

    /// Removes a group as a stranger does, whatever is in it.
    pub(crate) fn take(&mut self, id: i64) -> io::Result<()> {
        self.write(&Line::Drop(id))?;
        self.past.note(id, self.by_id.get(&id).cloned());
        self.remove(id);
        Ok(())
    }

    /// Returns the administrators of a group.
    pub(crate) fn administrators(&self, id: i64) -> &[SandboxMember] {
        self.administrators.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Replaces the administrators of a group, as DingTalk's console does.
    pub(crate) fn appoint(&mut self, id: i64, members: Vec<SandboxMember>) -> Result<(), ApiRefusal> {
        self.get(id)?;
        self.administrators.insert(id, members);
        Ok(())
    }

    /// Returns the rooms.
    pub(crate) fn rooms(&self) -> &Rooms {
        &self.rooms
    }

    /// Puts a new room into a group, as a stranger does; the group need not exist.
    pub(crate) fn add_room(&mut self, group: i64, name: &str) -> io::Result<u64> {
        let room = SandboxRoom { number: self.rooms.next(), name: name.into(), group };
        self.write(&Line::Room(room.clone()))?;
        let number = room.number;
        self.rooms.insert(room);
        Ok(number)
    }

    /// Takes a room away, as a stranger does.
    pub(crate) fn take_room(&mut self, number: u64) -> io::Result<()> {
        self.write(&Line::NoRoom(number))?;
        self.rooms.remove(number);
        Ok(())
    }

    fn write(&mut self, line: &Line) -> io::Result<()> {
        if self.closed {
            return Err(io::Error::other(tr!("the sandbox has stopped", "沙盒已停止")));
        }
        self.data.as_mut().map_or(Ok(()), |data| data.append(line))
    }

    fn insert(&mut self, group: SandboxGroup) {
        self.next = self.next.max(group.id.saturating_add(1));
        let parent = group.parent;
        if self.by_id.insert(group.id, group).is_none() {
            *self.children.entry(parent).or_default() += 1;
        }
    }

    fn remove(&mut self, id: i64) {
        let Some(group) = self.by_id.remove(&id) else { return };
        self.administrators.remove(&id);
        if let Entry::Occupied(mut count) = self.children.entry(group.parent) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }

    /// Gives the data file back, so that another sandbox can have it; nothing changes any more.
    pub(crate) fn close(&mut self) {
        self.closed = true;
        self.data = None;
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use crate::sandbox::Config;
    use crate::sandbox::api::groups::Groups;

    fn names(groups: &[crate::sandbox::SandboxGroup]) -> Vec<&str> {
        groups.iter().map(|group| &*group.name).collect()
    }

    fn code<T>(result: Result<T, crate::sandbox::ApiRefusal>) -> String {
        result.err().map(|refusal| refusal.code.into_owned()).unwrap_or_default()
    }

    #[test]
    fn duplicates_are_accepted_and_ids_count_up_beyond_what_a_float_can_tell_apart() {
        let first_id = (1 << 53) + 1;
        let mut groups = Groups::open(&Config { first_id, ..Config::default() }).unwrap();
        assert_eq!(groups.create(0, "a").ok(), Some(first_id));
        assert_eq!(groups.create(0, "a").ok(), Some(first_id + 1));
    }

    #[test]
    fn the_parent_must_exist_and_may_not_be_too_deep() {
        let mut groups = Groups::open(&Config { depth: 2, ..Config::default() }).unwrap();
        let top = groups.create(0, "top").unwrap();
        let child = groups.create(top, "child").unwrap();
        assert_eq!(code(groups.create(child, "deeper")), "depth.over.limit");
        assert_eq!(code(groups.create(7, "orphan")), "group.not.found");
        assert_eq!(code(groups.create(-1, "orphan")), "group.not.found");
    }

    #[test]
    fn there_may_be_no_more_groups_than_the_limit() {
        let mut groups = Groups::open(&Config { group_limit: Some(1), ..Config::default() }).unwrap();
        let id = groups.create(0, "a").unwrap();
        assert_eq!(code(groups.create(0, "b")), "group.too.much");
        groups.delete(id).unwrap();
        assert_eq!(groups.create(0, "b").ok(), Some(id + 1));
    }

    #[test]
    fn a_group_with_groups_in_it_stays_until_it_is_empty() {
        let mut groups =
            Groups::open(&Config { not_empty_code: "group.has.child".into(), ..Config::default() }).unwrap();
        let top = groups.create(0, "top").unwrap();
        let children = [groups.create(top, "a").unwrap(), groups.create(top, "b").unwrap()];
        assert_eq!(code(groups.delete(top)), "group.has.child");
        groups.delete(children[0]).unwrap();
        groups.rename(children[1], "c").unwrap();
        assert_eq!(code(groups.delete(top)), "group.has.child");
        groups.delete(children[1]).unwrap();
        assert_eq!(groups.delete(top), Ok(()));
        assert_eq!(code(groups.delete(top)), "group.not.found");
    }

    #[test]
    fn a_group_with_rooms_in_it_stays_until_they_are_gone() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data: Some(folder.path().join("groups")), ..Config::default() };
        let mut groups = Groups::open(&config).unwrap();
        let group = groups.create(0, "a").unwrap();
        let rooms = [groups.add_room(group, "1").unwrap(), groups.add_room(group, "2").unwrap()];
        groups.take_room(rooms[0]).unwrap();
        assert_eq!(code(groups.delete(group)), "param.error");
        drop(groups);
        let mut again = Groups::open(&config).unwrap();
        assert_eq!(code(again.delete(group)), "param.error");
        again.take_room(rooms[1]).unwrap();
        assert_eq!(again.delete(group), Ok(()));
    }

    #[test]
    fn the_past_shows_what_was_there_before_every_change() {
        let (mut groups, start) = (Groups::open(&Config::default()).unwrap(), Instant::now());
        let kept = groups.create(0, "kept").unwrap();
        let gone = groups.create(0, "gone").unwrap();
        std::thread::sleep(Duration::from_millis(1));
        let moment = Instant::now();
        groups.rename(kept, "renamed").unwrap();
        groups.rename(kept, "renamed again").unwrap();
        groups.delete(gone).unwrap();
        groups.create(0, "new").unwrap();
        assert_eq!(names(&groups.all_before(Instant::now() + Duration::from_secs(1))), ["renamed again", "new"]);
        assert_eq!(names(&groups.all_before(moment)), ["kept", "gone"]);
        assert_eq!(names(&groups.all_before(start)), [""; 0]);
    }

    #[test]
    fn without_a_share_leaves_out_the_same_groups_each_time() {
        let mut groups = Groups::open(&Config::default()).unwrap();
        for number in 0..10 {
            groups.create(0, &number.to_string()).unwrap();
        }
        let shown = groups.without(60, 7);
        assert_eq!((shown.len(), groups.without(60, 7)), (4, shown.clone()));
        assert!(shown.is_sorted_by_key(|group| group.id));
        assert_ne!(shown, groups.without(60, 8));
        assert_eq!((groups.without(99, 7).len(), groups.without(100, 7).len()), (1, 0));
    }

    #[test]
    fn a_stranger_is_bound_by_no_rule() {
        let mut groups = Groups::open(&Config::default()).unwrap();
        let top = groups.add(0, "top").unwrap();
        groups.add(top, "child").unwrap();
        groups.take(top).unwrap();
        assert_eq!(names(&groups.all()), ["child"]);
        groups.add(4711, "orphan").unwrap();
        assert_eq!(names(&groups.all()), ["child", "orphan"]);
    }

    #[test]
    fn groups_and_ids_survive_in_the_data_file() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data: Some(folder.path().join("groups")), ..Config::default() };
        let mut groups = Groups::open(&config).unwrap();
        let top = groups.create(0, "顶/\n\"").unwrap();
        let child = groups.create(top, "child").unwrap();
        groups.rename(top, "top").unwrap();
        groups.delete(child).unwrap();
        drop(groups);
        for _ in 0..2 {
            let mut again = Groups::open(&config).unwrap();
            assert_eq!(names(&again.all()), ["top"]);
            assert_eq!(again.delete(4), Err(crate::sandbox::ApiRefusal::NO_GROUP));
        }
        assert_eq!(Groups::open(&config).unwrap().create(top, "new").ok(), Some(child + 1));
    }
}
