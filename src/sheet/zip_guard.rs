//! Whether a workbook's archive is what it says, before anything relies on it.
//!
//! A zip of a few kilobytes can unpack to gigabytes, and what it says of its sizes can be a lie. So every part is unpacked once,
//! counted, and thrown away. Shared texts are counted, too, both those that are there and those that the part says it has: memory
//! is set aside for each, even for an empty one.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{Cursor, Read, copy, sink};

use quick_xml::events::BytesStart;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::i18n::Message;
use crate::localized;
use crate::sheet::SheetError;
use crate::sheet::limits::{LARGEST_UNPACKED, MOST_CELLS};
use crate::sheet::xml::{value, visit_tags};

/// There are no more texts than cells.
const MOST: Most = Most { bytes: LARGEST_UNPACKED, texts: MOST_CELLS };
/// The most parts.
const MOST_PARTS: usize = 10_000;
/// The part that says how the workbook is to be opened, and the word by which results of formulas are to be calculated then.
const WORKBOOK: &str = "xl/workbook.xml";
const RECALCULATE: &str = "fullCalcOnLoad";
/// The part that every workbook has.
const CONTENT_TYPES: &str = "[Content_Types].xml";
/// The parts of a binary workbook (.xlsb), and of an OpenDocument file.
const BINARY: &str = "xl/workbook.bin";
const OPEN_DOCUMENT: &str = "content.xml";
/// The part that texts are shared in, the name of one of them, and what the part says of their number.
const SHARED: &str = "sharedstrings.xml";
const TEXT: &str = "si";
const COUNT: &str = "uniqueCount";

/// How large a workbook may be.
#[derive(Clone, Copy)]
struct Most {
    /// The bytes of all parts, unpacked.
    bytes: u64,
    /// The shared texts.
    texts: usize,
}

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// Checks all parts of a workbook.
pub(super) fn check(bytes: &[u8]) -> Result<(), SheetError> {
    check_within(bytes, MOST)
}

/// Recognizes archives that are other spreadsheets, or none; a damaged one is left to [`check`].
pub(super) fn format(bytes: &[u8]) -> Result<(), SheetError> {
    let Ok(archive) = ZipArchive::new(Cursor::new(bytes)) else { return Ok(()) };
    let has = |part: &str| archive.file_names().flatten().any(|name| name.eq_ignore_ascii_case(part));
    match () {
        () if has(BINARY) => Err(SheetError::Binary),
        () if has(CONTENT_TYPES) => Ok(()),
        () if has(OPEN_DOCUMENT) => Err(SheetError::OpenDocument),
        () => Err(SheetError::NotWorkbook),
    }
}

fn check_within(bytes: &[u8], most: Most) -> Result<(), SheetError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    if archive.index_for_name(CONTENT_TYPES).is_none() {
        return Err(SheetError::NotWorkbook);
    }
    if archive.len() > MOST_PARTS {
        return Err(SheetError::Damaged(localized!("it has {} parts", "有 {} 个部件", archive.len())));
    }
    // What says itself that it is too large need not be put to the test.
    if archive.decompressed_size().is_some_and(|size| size > most.bytes.into()) {
        return Err(SheetError::TooLargeUnpacked(most.bytes));
    }
    let mut left = most;
    for index in 0..archive.len() {
        let read = part(&mut archive, index, left)?;
        left.bytes = left.bytes.checked_sub(read).ok_or(SheetError::TooLargeUnpacked(most.bytes))?;
    }
    Ok(())
}

/// Says whether the results of formulas are to be calculated when the workbook is opened: some libraries write 0 for each meanwhile.
/// The workbook has been checked before.
pub(super) fn is_stale(bytes: &[u8]) -> bool {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return false };
    let Ok(part) = archive.by_name(WORKBOOK) else { return false };
    let mut is_stale = false;
    let _ = visit_tags(part, |tag| is_stale |= matches!(value(tag, RECALCULATE).as_deref(), Some("1" | "true")));
    is_stale
}

/// Unpacks a part, no further than one byte more than is left, and returns how many bytes it had.
fn part(archive: &mut Archive<'_>, index: usize, left: Most) -> Result<u64, SheetError> {
    let part = archive.by_index(index).map_err(|error| damaged(&error))?;
    let name = part.name().map(Cow::into_owned).map_err(|error| damaged(&error))?;
    let mut bounded = part.take(left.bytes + 1);
    let damaged = |error: &dyn Display| SheetError::Damaged(localized!("{name}: {error}", "{name}：{error}"));
    let (mut shared, mut malformed) = (Shared::default(), None);
    if name.to_ascii_lowercase().ends_with(SHARED) {
        malformed = visit_tags(&mut bounded, |tag| shared.count(tag)).err();
    }
    copy(&mut bounded, &mut sink()).map_err(|error| damaged(&error))?;
    let read = left.bytes + 1 - bounded.limit();
    match (shared, malformed) {
        // A part that is too large is cut inside a tag.
        (_, Some(error)) if read <= left.bytes => Err(damaged(&error)),
        (Shared { claimed, .. }, _) if claimed > read => Err(SheetError::Damaged(localized!(
            "`{name}` says that it has {claimed} texts",
            "`{name}` 声称有 {claimed} 段文本"
        ))),
        (Shared { claimed, texts }, _) if claimed.max(texts) > left.texts as u64 => {
            Err(SheetError::TooManyCells(left.texts))
        }
        _ => Ok(read),
    }
}

/// What a part of shared texts has.
#[derive(Default)]
struct Shared {
    /// How many texts there are.
    texts: u64,
    /// How many it says there are; the most of several numbers.
    claimed: u64,
}

impl Shared {
    /// Counts a tag. A malformed attribute counts, too: calamine might read it.
    fn count(&mut self, tag: &BytesStart<'_>) {
        self.texts += u64::from(tag.local_name().as_ref() == TEXT);
        self.claimed = tag.attributes_raw().split(COUNT).skip(1).map(number).fold(self.claimed, u64::max);
    }
}

/// Reads the first number of a text; one with too many digits is the largest there is.
fn number(text: &str) -> u64 {
    let digits = text.split(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty());
    digits.map_or(0, |digits| digits.parse().unwrap_or(u64::MAX))
}

fn damaged(error: &ZipError) -> SheetError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => SheetError::Locked,
        _ => SheetError::Damaged(Message::shown(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use crate::sheet::SheetError;
    use crate::sheet::zip_guard::{Archive, Most, check_within, is_stale, number, part};

    const MOST: Most = Most { bytes: 1_000, texts: 20 };

    fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(content).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    /// Makes an archive say of every part of this size that it has one byte.
    fn lying(mut bytes: Vec<u8>, size: u32) -> Vec<u8> {
        let is_size = |bytes: &[u8], at: usize| bytes[at..].starts_with(&size.to_le_bytes());
        let places: Vec<usize> = (0..bytes.len() - 4).filter(|at| is_size(&bytes, *at)).collect();
        assert!(places.len() >= 2, "in the part's own header and in the directory");
        places.into_iter().for_each(|at| bytes[at..at + 4].copy_from_slice(&1u32.to_le_bytes()));
        bytes
    }

    #[test]
    fn parts_are_counted_together_and_whatever_they_say_of_themselves() {
        let bytes = archive(&[("[Content_Types].xml", &[b' '; 70_001]), ("b", &[b' '; 70_001])]);
        assert!(bytes.len() < 1_000);
        assert_eq!(check_within(&bytes, Most { bytes: 140_002, ..MOST }), Ok(()));
        assert_eq!(check_within(&bytes, Most { bytes: 140_001, ..MOST }), Err(SheetError::TooLargeUnpacked(140_001)));
        assert!(check_within(&lying(bytes, 70_001), Most { bytes: 100_000, ..MOST }).is_err());
    }

    fn with(shared: &str) -> Vec<u8> {
        archive(&[("[Content_Types].xml", b""), ("XL/SharedStrings.XML", shared.as_bytes())])
    }

    #[test]
    fn shared_texts_are_counted_whatever_they_are_called() {
        for text in ["<si/>", "<si>", "<si />", "<x:si>", "<si\n>"] {
            assert_eq!(check_within(&with(&text.repeat(20)), MOST), Ok(()), "{text}");
            assert_eq!(check_within(&with(&text.repeat(21)), MOST), Err(SheetError::TooManyCells(20)), "{text}");
        }
        assert_eq!(check_within(&with(&"<size/><t>si</t><!-- <si/> -->".repeat(21)), MOST), Ok(()), "other tags");
    }

    #[test]
    fn shared_texts_cut_inside_a_tag_are_too_large() {
        let bytes = with(&format!("{}<sst/>", " ".repeat(900)));
        let mut archive = Archive::new(Cursor::new(&bytes)).unwrap();
        for bytes in 900..905 {
            assert_eq!(part(&mut archive, 1, Most { bytes, ..MOST }), Ok(bytes + 1));
        }
    }

    #[test]
    fn malformed_shared_texts_are_damaged() {
        for text in ["<sst", "</sst>", "<!-- "] {
            assert!(matches!(check_within(&with(text), MOST), Err(SheetError::Damaged(_))), "{text}");
        }
    }

    #[test]
    fn more_shared_texts_than_bytes_are_a_lie() {
        assert_eq!(check_within(&with("<sst uniqueCount=\"12\"><si/></sst>"), MOST), Ok(()));
        for count in ["<sst uniqueCount = '1000'/>", "<sst uniqueCount=\"99999999999999999999999\"/>"] {
            assert!(matches!(check_within(&with(count), MOST), Err(SheetError::Damaged(_))), "{count}");
        }
        assert_eq!(number("=\"\""), 0);
    }

    #[test]
    fn a_workbook_says_whether_its_results_are_placeholders() {
        let says =
            |tag: &str| is_stale(&archive(&[("xl/workbook.xml", format!("<workbook>{tag}</workbook>").as_bytes())]));
        assert!(says("<calcPr calcId='1' fullCalcOnLoad=\"1\"/>") && says("<x:calcPr fullCalcOnLoad = 'true'/>"));
        assert!(!says("<calcPr calcId=\"1\"/>") && !says("<calcPr fullCalcOnLoad=\"0\"/>") && !says("fullCalcOnLoad"));
        assert!(!is_stale(b"no archive"));
    }

    #[test]
    fn what_lacks_the_list_of_its_parts_is_no_workbook() {
        assert_eq!(check_within(&archive(&[("a", b"")]), MOST), Err(SheetError::NotWorkbook));
    }
}
