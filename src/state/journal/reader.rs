//! A journal as it is read: the header, the records, and where its sound part ends.
//!
//! A crash may tear what was not yet synced: the file ends too early, or pages that were never written read as zeros, even
//! before pages that were. Such a torn end is normal and left out. The mark [`MARK`] is written after each sync: damage above
//! a mark, or damage that no crash can make, is an error, since leaving out a synced record could make a group twice.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::group::{GroupId, GroupPath};
use crate::i18n;
use crate::i18n::Message;
use crate::localized;
use crate::state::journal::checksummed_line;
use crate::state::{Change, Record, Seq, Snapshot};
use crate::text::conflict_line;

/// The newest journal format known here.
pub(crate) const FORMAT: u64 = 1;

/// Says that everything above it was on the disk when it was written; short of its closing brace.
const MARK: &[u8] = br#"{"synced":true"#;

/// How every journal begins.
const START: &[u8] = br#"{"journal":"#;

/// The first line: which state the journal continues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    journal: u64,
    /// The lineage of that state.
    pub(crate) lineage: String,
    /// The serial of that state; 0 when there is no state file yet.
    pub(crate) serial: u64,
    endpoint: String,
    organization: Option<String>,
    root: GroupId,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    open: Vec<Carried>,
}

/// An intent that the folded journal before this one left open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Carried {
    /// Its number.
    pub(crate) seq: Seq,
    /// What its call would change.
    pub(crate) change: Change,
}

/// The line that a sync leaves.
#[derive(Serialize)]
struct Mark {
    synced: bool,
}

/// The sound part of a journal.
#[derive(Debug)]
pub(crate) struct JournalContent<'a> {
    /// What the journal continues.
    pub(crate) header: Header,
    body: &'a [u8],
    /// How many bytes are sound.
    pub(crate) sound: usize,
}

/// Why a text is no journal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TapeFlaw {
    /// Written by a newer roomtree: its format.
    Newer(u64),
    /// With conflict markers of a merge: the line of the first.
    Unmerged(usize),
    /// Anything else, with line and column.
    Damaged(usize, usize, Message),
}

/// The one thing every format has.
#[derive(Deserialize)]
struct Cover {
    journal: u64,
}

impl Header {
    /// Begins a journal that continues this state as of this serial.
    pub(crate) fn new<'a>(snapshot: &Snapshot, serial: u64, open: impl Iterator<Item = (Seq, &'a Change)>) -> Self {
        let Snapshot { lineage, endpoint, organization, root, .. } = snapshot;
        Self {
            journal: FORMAT,
            lineage: lineage.clone(),
            serial,
            endpoint: endpoint.clone(),
            organization: organization.clone(),
            root: *root,
            open: open.map(|(seq, change)| Carried { seq, change: change.clone() }).collect(),
        }
    }

    /// Returns the state that a journal without a state file continues.
    pub(crate) fn to_snapshot(&self) -> Snapshot {
        let Self { lineage, serial, endpoint, organization, root, .. } = self.clone();
        Snapshot {
            lineage,
            serial,
            endpoint,
            organization,
            root,
            groups: std::iter::empty::<(GroupPath, GroupId)>().collect(),
            former: std::iter::empty::<(GroupPath, String)>().collect(),
            protected: std::iter::empty::<GroupPath>().collect(),
        }
    }

    /// Returns the intents that were open when the journal began.
    pub(crate) fn carried(&self) -> &[Carried] {
        &self.open
    }
}

/// Adds the mark of a sync to a buffer.
pub(crate) fn write_mark(into: &mut Vec<u8>) {
    checksummed_line::write(&Mark { synced: true }, into);
}

impl<'a> JournalContent<'a> {
    /// Reads a journal. `None` if a crash left it without a header, and so without a record.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Option<Self>, TapeFlaw> {
        if is_blank(bytes) {
            return Ok(None);
        }
        if let Some(line) = conflict_line(bytes) {
            return Err(TapeFlaw::Unmerged(line));
        }
        let first = bytes.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
        if let Some(format) = format_of(first).filter(|format| *format > FORMAT) {
            return Err(TapeFlaw::Newer(format));
        }
        let header = decode(1, checksummed_line::read(first).ok_or_else(|| broken(1))?)?;
        let sound = sound(bytes)?;
        Ok(Some(Self { header, body: &bytes[first.len()..sound], sound }))
    }

    /// Reads the records with their line numbers.
    pub(crate) fn records(&self) -> impl Iterator<Item = Result<(usize, Record), TapeFlaw>> {
        let lines = self.body.split_inclusive(|byte| *byte == b'\n').zip(2..);
        let bodies = lines.filter_map(|(line, at)| checksummed_line::read(line).map(|body| (at, body)));
        bodies.filter(|(_, body)| *body != MARK).map(|(at, body)| Ok((at, decode(at, body)?)))
    }
}

/// Reads all lines that can be read: the header, the records, and how many lines cannot be. A torn last line counts for none
/// of them, being normal.
pub(crate) fn salvage(bytes: &[u8]) -> (Option<Header>, Vec<Record>, usize) {
    let (mut header, mut records, mut unread) = (None, Vec::new(), 0);
    let whole = bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
    for (text, at) in whole.zip(1..) {
        match checksummed_line::read(text) {
            Some(MARK) => {}
            Some(body) if at == 1 => header = decode(at, body).ok(),
            Some(body) => decode(at, body).map_or_else(|_| unread += 1, |record| records.push(record)),
            None => unread += 1,
        }
    }
    (header, records, unread)
}

/// The header appears whole with its file, so all that a crash can leave of it is nothing; a cut one is let pass too.
fn is_blank(bytes: &[u8]) -> bool {
    let is_begun = bytes.starts_with(START) || START.starts_with(bytes);
    bytes.iter().all(|byte| *byte == 0)
        || (is_begun && !bytes.contains(&b'\n') && format_of(bytes).is_none_or(|format| format <= FORMAT))
}

fn format_of(line: &[u8]) -> Option<u64> {
    serde_json::from_slice::<Cover>(line).ok().map(|cover| cover.journal)
}

/// Returns where the first broken line starts, if what follows can be left out.
fn sound(bytes: &[u8]) -> Result<usize, TapeFlaw> {
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let (mut length, mut number) = (0, 1);
    while let Some(text) = lines.next() {
        if checksummed_line::read(text).is_none() {
            return if is_torn(text, lines) { Ok(length) } else { Err(broken(number)) };
        }
        (length, number) = (length + text.len(), number + 1);
    }
    Ok(length)
}

/// Zeros explain why whole lines may follow a broken one; nothing explains a mark below it.
fn is_torn<'a>(text: &[u8], rest: impl Iterator<Item = &'a [u8]>) -> bool {
    let has_hole = text.contains(&0);
    rest.filter_map(checksummed_line::read).all(|body| has_hole && body != MARK)
}

fn decode<T: DeserializeOwned>(line: usize, body: &[u8]) -> Result<T, TapeFlaw> {
    let text = [body, b"}"].concat();
    serde_json::from_slice(&text).map_err(|error| TapeFlaw::Damaged(line, error.column(), i18n::flaw::<T>(&text)))
}

fn broken(line: usize) -> TapeFlaw {
    TapeFlaw::Damaged(line, 0, localized!("the line does not match its check", "这一行与它的校验值不符"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::group::{GroupId, GroupPath};
    use crate::state::journal::checksummed_line;
    use crate::state::journal::reader::{Header, JournalContent, TapeFlaw, broken, write_mark};
    use crate::state::{Change, Identity, Moved, Record, Seq, Snapshot};

    fn header() -> Header {
        let identity = Identity { endpoint: "https://a".to_owned(), organization: None, root: GroupId::ROOT };
        let mut snapshot = Snapshot::new(&identity);
        snapshot.lineage = "6a0f".to_owned();
        Header::new(&snapshot, 3, std::iter::empty())
    }

    fn text(records: &[Record]) -> Vec<u8> {
        let mut text = Vec::new();
        checksummed_line::write(&header(), &mut text);
        records.iter().for_each(|record| checksummed_line::write(record, &mut text));
        text
    }

    fn records(bytes: &[u8]) -> Vec<Record> {
        let tape = JournalContent::parse(bytes).unwrap();
        tape.iter().flat_map(JournalContent::records).map(|record| record.unwrap().1).collect()
    }

    fn void(seq: u64) -> Record {
        Record::Void { seq: Seq::new(seq) }
    }

    #[test]
    fn the_text_is_exactly_this() {
        let path = GroupPath::parse("/北京").unwrap();
        let change = Change::Create { path: path.clone(), parent: GroupId::ROOT };
        let mut text = text(&[Record::Intent { seq: Seq::new(1), change }, Record::Drop { path }]);
        write_mark(&mut text);
        insta::assert_snapshot!(String::from_utf8(text).unwrap(), @r#"
        {"journal":1,"lineage":"6a0f","serial":3,"endpoint":"https://a","organization":null,"root":0,"check":"f23a0834"}
        {"intent":{"seq":1,"change":{"create":{"path":"/北京","parent":0}}},"check":"56e1ebf0"}
        {"drop":{"path":"/北京"},"check":"cebf2e75"}
        {"synced":true,"check":"c4718762"}
        "#);
    }

    #[test]
    fn an_end_of_zeros_is_torn_even_before_whole_lines() {
        let (start, mut bytes) = (text(&[void(1)]).len(), text(&[void(1), void(2), void(3), void(4)]));
        bytes[start + 3..start + 40].fill(0);
        assert_eq!(records(&bytes), [void(1)]);
        bytes.extend([0; 100]);
        assert_eq!(records(&bytes), [void(1)]);
    }

    #[test]
    fn damage_above_a_mark_is_never_left_out() {
        let (start, mut bytes) = (text(&[void(1)]).len(), text(&[void(1), void(2)]));
        write_mark(&mut bytes);
        bytes[start + 3..start + 9].fill(0);
        assert_eq!(JournalContent::parse(&bytes).unwrap_err(), broken(3));
    }

    #[test]
    fn damage_that_no_crash_makes_is_an_error() {
        let mut bytes = text(&[void(1), void(2)]);
        let at = text(&[]).len() + 3;
        bytes[at] ^= 1;
        assert_eq!(JournalContent::parse(&bytes).unwrap_err(), broken(2));
        assert_eq!(JournalContent::parse(b"someone's notes\n").unwrap_err(), broken(1));
        assert_eq!(JournalContent::parse(b"someone's notes").unwrap_err(), broken(1));
    }

    #[test]
    fn a_newer_journal_is_refused_whatever_it_looks_like() {
        let newer = b"{\"journal\":2,\"x\":1}\nwhatever";
        assert_eq!(JournalContent::parse(newer).unwrap_err(), TapeFlaw::Newer(2));
    }

    fn any_record() -> impl Strategy<Value = Record> {
        let path = || {
            proptest::collection::vec(".{1,3}", 1..3)
                .prop_map(|names| names.iter().fold(GroupPath::top(), |path, name| path.join(name)))
        };
        let (seq, id) = (any::<u64>().prop_map(Seq::new), any::<i64>().prop_map(GroupId::new));
        prop_oneof![
            (seq.clone(), path(), id.clone())
                .prop_map(|(seq, path, parent)| Record::Intent { seq, change: Change::Create { path, parent } }),
            (seq.clone(), path(), path(), id.clone())
                .prop_map(|(seq, from, to, id)| Record::Intent { seq, change: Change::Rename { id, from, to } }),
            (seq.clone(), path(), id.clone())
                .prop_map(|(seq, path, id)| Record::Intent { seq, change: Change::Delete { path, id } }),
            (seq.clone(), id.clone()).prop_map(|(seq, id)| Record::Done { seq, id }),
            seq.prop_map(|seq| Record::Void { seq }),
            (path(), id).prop_map(|(path, id)| Record::Put { path, id }),
            path().prop_map(|path| Record::Drop { path }),
            (path(), path())
                .prop_map(|(from, to)| Record::Move { moves: vec![Moved { from, to }], honoured: Vec::new() }),
            (path(), path()).prop_map(|(one, other)| Record::Protect { protected: vec![one], released: vec![other] }),
        ]
    }

    proptest! {
        #[test]
        fn whatever_is_cut_off_the_whole_lines_are_read(
            all in proptest::collection::vec(any_record(), 0..6),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut bytes = text(&all);
            bytes.truncate(cut.index(bytes.len() + 1));
            let whole = bytes.iter().filter(|byte| **byte == b'\n').count().saturating_sub(1);
            prop_assert_eq!(records(&bytes), &all[..whole]);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in any::<Vec<u8>>(), at in any::<prop::sample::Index>(), byte: u8) {
            let _ = JournalContent::parse(&bytes).map(|tape| tape.iter().flat_map(JournalContent::records).count());
            let mut text = text(&[void(1), void(2)]);
            let at = at.index(text.len());
            text[at] = byte;
            let _ = JournalContent::parse(&text).map(|tape| tape.iter().flat_map(JournalContent::records).count());
        }
    }
}
