//! The state file: which group stands at which path, and whom all that belongs to.
//!
//! The text is made for version control: keys in a fixed order, groups sorted by the bytes of their paths, one to a line,
//! no times. A group may be recorded though the one above it is not: that one may have been forgotten.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::group::{GroupId, GroupPath};
use crate::i18n::{self, Message};
use crate::state::{Identity, LedgerError};
use crate::text::OwnFile;
use crate::text::conflict_line;
use crate::{localized, tr};

/// The format that this roomtree writes.
pub(super) const FORMAT: u64 = 1;

/// The highest serial that is believed.
const HIGHEST_SERIAL: u64 = i64::MAX.unsigned_abs();

/// What a state file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// A UUID given when the state was new: tells one state from another.
    pub lineage: String,
    /// Goes up by one whenever the groups change.
    pub serial: u64,
    /// The normalized origin of the API.
    pub endpoint: String,
    /// The corpId, if it was ever known.
    pub organization: Option<String>,
    /// The group that the tree is built under.
    pub root: GroupId,
    /// The recorded groups.
    pub groups: BTreeMap<GroupPath, GroupId>,
    /// Former names that are done, by the path of the group that had them. Only names that a sibling has in the manifest: there
    /// nothing else shows whether the rename is done. Left out of the file when there are none.
    pub former: BTreeMap<GroupPath, String>,
    /// The paths that are protected from deletion, with all groups above them. Omitted from the file when empty.
    pub protected: BTreeSet<GroupPath>,
}

/// Why a text is no state.
#[derive(Debug)]
pub(super) enum SnapshotFlaw {
    /// Written by a newer roomtree: its format.
    Newer(u64),
    /// With conflict markers of a merge: the line of the first.
    Unmerged(usize),
    /// Another file of roomtree.
    Other(OwnFile),
    /// Anything else.
    Damaged(serde_json::Error, Message),
}

/// The file as it is written; read back by [`Document`].
#[derive(Serialize)]
struct Page<'a> {
    format: u64,
    lineage: &'a str,
    serial: u64,
    endpoint: &'a str,
    organization: Option<&'a str>,
    root: GroupId,
    groups: &'a BTreeMap<GroupPath, GroupId>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    former: &'a BTreeMap<GroupPath, String>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    protected: &'a BTreeSet<GroupPath>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "format")]
    _format: Format,
    lineage: String,
    #[serde(deserialize_with = "serial")]
    serial: u64,
    endpoint: String,
    #[serde(deserialize_with = "Option::deserialize")]
    organization: Option<String>,
    root: GroupId,
    groups: Groups,
    #[serde(default)]
    former: BTreeMap<GroupPath, String>,
    #[serde(default, deserialize_with = "protected")]
    protected: BTreeSet<GroupPath>,
}

/// The one thing every format has.
#[derive(Deserialize)]
struct Cover {
    format: u64,
}

struct Format;

struct Groups(BTreeMap<GroupPath, GroupId>);

struct GroupsVisitor;

impl Snapshot {
    /// Returns the identity that the state belongs to.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity { endpoint: self.endpoint.clone(), organization: self.organization.clone(), root: self.root }
    }

    /// Makes the state of a tree of which nothing is recorded yet.
    #[must_use]
    pub fn new(identity: &Identity) -> Self {
        let lineage = uuid::Uuid::new_v4().to_string();
        let Identity { endpoint, organization, root } = identity.clone();
        let (groups, former, protected) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Self { lineage, serial: 0, endpoint, organization, root, groups, former, protected }
    }

    /// Writes the text of the state file, as if it had this serial.
    pub(super) fn to_text(&self, serial: u64) -> Vec<u8> {
        let Self { lineage, endpoint, organization, root, groups, former, protected, .. } = self;
        let (organization, root) = (organization.as_deref(), *root);
        let page = Page { format: FORMAT, lineage, serial, endpoint, organization, root, groups, former, protected };
        let mut text = serde_json::to_vec_pretty(&page).expect("a map of paths to numbers is plain data");
        text.push(b'\n');
        text
    }

    /// Reads the text of a state file.
    pub(super) fn parse(text: &[u8]) -> Result<Self, SnapshotFlaw> {
        let document: Document = serde_json::from_slice(text).map_err(|error| flaw(text, error))?;
        let Document { lineage, serial, endpoint, organization, root, groups, former, protected, .. } = document;
        Ok(Self { lineage, serial, endpoint, organization, root, groups: groups.0, former, protected })
    }
}

/// A newer format may have any shape: it is told from damage only when the text cannot be read.
fn flaw(text: &[u8], error: serde_json::Error) -> SnapshotFlaw {
    if let Some(line) = conflict_line(text) {
        return SnapshotFlaw::Unmerged(line);
    }
    if let Some(file) = OwnFile::of(text).filter(|file| *file != OwnFile::State) {
        return SnapshotFlaw::Other(file);
    }
    match serde_json::from_slice::<Cover>(text) {
        Ok(Cover { format }) if format > FORMAT => SnapshotFlaw::Newer(format),
        // The parser's message may repeat a key or a value of a file that is no state.
        Err(cover) if cover.is_data() => SnapshotFlaw::Damaged(cover, no_state()),
        _ => SnapshotFlaw::Damaged(error, i18n::flaw::<Document>(text)),
    }
}

fn no_state() -> Message {
    localized!("it is not a state of roomtree: it has no `format`", "这不是 roomtree 的状态文件：其中没有 `format`")
}

impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u64::deserialize(deserializer)? {
            FORMAT => Ok(Self),
            other => Err(D::Error::custom(tr!(format: "format {other} does not exist", "没有格式 {other}"))),
        }
    }
}

impl<'de> Deserialize<'de> for Groups {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(GroupsVisitor)
    }
}

impl<'de> Visitor<'de> for GroupsVisitor {
    type Value = Groups;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(tr!("paths with their ids", "路径及其 ID"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Groups, A::Error> {
        let (mut groups, mut ids) = (BTreeMap::new(), HashSet::new());
        while let Some(path) = map.next_key::<GroupPath>()? {
            let id = map.next_value::<GroupId>()?;
            check(&path, id, ids.insert(id)).map_err(A::Error::custom)?;
            if let Some(other) = groups.insert(path, id) {
                return Err(A::Error::custom(tr!(
 format: "group {id} has the same path as group {other}", "分组 {id} 与分组 {other} 的路径相同")));
            }
        }
        Ok(Groups(groups))
    }
}

/// A serial that no run reaches would leave none for the next: it could not be told from an older one.
fn serial<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let serial = u64::deserialize(deserializer)?;
    if serial <= HIGHEST_SERIAL {
        Ok(serial)
    } else {
        Err(D::Error::custom(tr!(format: "serial {serial} is too high", "序号 {serial} 过大")))
    }
}

/// A path that appears twice is the sign of a bad merge.
fn protected<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<GroupPath>, D::Error> {
    let mut protected = BTreeSet::new();
    for path in Vec::<GroupPath>::deserialize(deserializer)? {
        if path.depth() == 0 {
            return Err(D::Error::custom(LedgerError::Top));
        }
        if let Some(twice) = protected.replace(path) {
            return Err(D::Error::custom(tr!(
                format: "`{twice}` is protected twice", "`{twice}` 被重复列为受保护")));
        }
    }
    Ok(protected)
}

fn check(path: &GroupPath, id: GroupId, is_new: bool) -> Result<(), String> {
    match (path.depth(), id.get()) {
        (0, _) => Err(LedgerError::Top.to_string()),
        (_, ..=0) => Err(LedgerError::BadId(id).to_string()),
        _ if !is_new => {
            Err(tr!(format: "group {id} has two paths, one is `{path}`", "分组 {id} 有两个路径，其一是 `{path}`"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use crate::group::{GroupId, GroupPath};
    use crate::i18n::Language;
    use crate::state::Snapshot;
    use crate::state::snapshot::{HIGHEST_SERIAL, SnapshotFlaw};

    const TEXT: &str = r#"{
  "format": 1,
  "lineage": "6a0f",
  "serial": 7,
  "endpoint": "https://api.dingtalk.com",
  "organization": null,
  "root": 0,
  "groups": {
    "/北京": 101,
    "/北京/望京园区": 102
  }
}
"#;

    fn flaw(text: &str) -> String {
        match Snapshot::parse(text.as_bytes()) {
            Err(SnapshotFlaw::Unmerged(line)) => format!("unmerged at line {line}"),
            Err(SnapshotFlaw::Damaged(error, _)) => error.to_string(),
            Err(SnapshotFlaw::Newer(format)) => format!("newer: {format}"),
            Err(SnapshotFlaw::Other(file)) => file.noun().to_owned(),
            Ok(_) => panic!("not refused: {text}"),
        }
    }

    #[test]
    fn the_text_is_exactly_this() {
        let snapshot = Snapshot::parse(TEXT.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(snapshot.to_text(7)).unwrap(), TEXT);
    }

    #[test]
    fn what_roomtree_would_not_write_is_refused() {
        for (from, to, said) in [
            ("/北京/望京园区", "/北京", "group 102 has the same path as group 101"),
            ("102", "101", "group 101 has two paths, one is `/北京/望京园区`"),
            ("102", "0", "0 is not the id of a group"),
            ("\"serial\": 7", "\"serial\": 18446744073709551615", "serial 18446744073709551615 is too high"),
            ("102", "1.5", "invalid type: floating point"),
            ("\"/北京\"", "\"北京\"", "a path starts with `/`"),
            ("\"/北京\"", "\"\"", "the top of the tree is no group"),
            ("\"root\"", "\"top\"", "unknown field `top`"),
            ("  \"organization\": null,\n", "", "missing field `organization`"),
            ("\"format\": 1", "\"format\": 0", "format 0 does not exist"),
            ("\"format\": 1,", "\"format\": 2, \"x\": 1,", "newer: 2"),
            ("\n}\n", "\n}\n<<<<<<<", "unmerged at line 13"),
            ("\n}\n", "\n}\n<", "trailing characters at line 13"),
        ] {
            let flaw = flaw(&TEXT.replacen(from, to, 1));
            assert!(flaw.contains(said), "{flaw} should say {said}");
        }
    }

    #[test]
    fn protected_paths_are_written_one_a_line_and_read_back() {
        let text = TEXT.replace("102\n  }\n", "102\n  },\n  \"protected\": [\n    \"/a\",\n    \"/北京\"\n  ]\n");
        let snapshot = Snapshot::parse(text.as_bytes()).unwrap();
        assert_eq!(snapshot.protected.iter().map(GroupPath::as_str).collect::<Vec<_>>(), ["/a", "/北京"]);
        assert_eq!(String::from_utf8(snapshot.to_text(7)).unwrap(), text);
        for (path, said) in [("/北京", "`/北京` is protected twice"), ("", "the top of the tree is no group")] {
            let flaw = flaw(&text.replacen("\"/a\"", &format!("\"{path}\""), 1));
            assert!(flaw.contains(said), "{flaw} should say {said}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_in_every_language_whichever_is_spoken() {
        for (from, to, english, chinese) in [
            (
                "102",
                "101",
                "group 101 has two paths, one is `/北京/望京园区`",
                "分组 101 有两个路径，其一是 `/北京/望京园区`",
            ),
            ("\"/北京\"", "\"\"", "the top of the tree is no group", "树的顶层不是分组"),
            ("\"root\": 0,", "", "missing field `root`", "缺少字段（missing field `root`）"),
        ] {
            let text = TEXT.replacen(from, to, 1);
            let flaw = match Language::Chinese.scope(|| Snapshot::parse(text.as_bytes())) {
                Err(SnapshotFlaw::Damaged(_, flaw)) => flaw,
                other => panic!("not damaged: {other:?}"),
            };
            assert_eq!((flaw.within(Language::English), flaw.within(Language::Chinese)), (english, chinese));
        }
    }

    prop_compose! {
        fn snapshots()(
            paths in proptest::collection::btree_set(proptest::collection::vec(".{1,4}", 1..4), 0..20),
            (lineage, serial, endpoint) in (".*", 0..=HIGHEST_SERIAL, ".*"),
            organization in proptest::option::of(".*"),
            root in 0..i64::MAX,
        ) -> Snapshot {
            let path = |names: Vec<String>| names.iter().fold(GroupPath::top(), |path, name| path.join(name));
            let groups: BTreeMap<_, _> = paths.into_iter().map(path).zip((1..).map(GroupId::new)).collect();
            let former = groups.keys().take(1).map(|path| (path.clone(), "former".to_owned())).collect();
            let protected = groups.keys().skip(1).step_by(2).cloned().collect();
            Snapshot { lineage, serial, endpoint, organization, root: GroupId::new(root), groups, former, protected }
        }
    }

    proptest! {
        #[test]
        fn a_snapshot_comes_back_from_its_text(snapshot in snapshots()) {
            prop_assert_eq!(Snapshot::parse(&snapshot.to_text(snapshot.serial)).unwrap(), snapshot);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in any::<Vec<u8>>(), at in 0..TEXT.len(), byte in any::<u8>()) {
            let _ = Snapshot::parse(&bytes);
            let mut text = TEXT.as_bytes().to_vec();
            text[at] = byte;
            let _ = Snapshot::parse(&text);
        }
    }
}
