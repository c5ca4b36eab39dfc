//! Whether a workbook's archive is what it says, before anything relies on it.
//!
//! A zip of a few kilobytes can unpack to gigabytes, and what it says of its sizes can be a lie. So every part is unpacked once,
//! counted, and thrown away. One number within the parts is checked, too: memory is set aside for as many shared texts as the part
//! says it has.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::sheet::SheetError;

/// The most bytes that all parts may have: a full sheet of a million rows has about half of that.
const LARGEST_UNPACKED: u64 = 512 << 20;
/// The most parts.
const MOST_PARTS: usize = 10_000;
/// The part that every workbook has.
const CONTENT_TYPES: &str = "[Content_Types].xml";
/// The part that texts are shared in, and what it says of their number.
const SHARED: &str = "sharedstrings.xml";
const COUNT: &[u8] = b"uniqueCount";

/// Checks all parts of a workbook.
pub(super) fn check(bytes: &[u8]) -> Result<(), SheetError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    if archive.index_for_name(CONTENT_TYPES).is_none() {
        return Err(SheetError::NotWorkbook);
    }
    if archive.len() > MOST_PARTS {
        return Err(SheetError::Damaged(format!("{} parts", archive.len())));
    }
    let mut left = LARGEST_UNPACKED;
    (0..archive.len()).try_for_each(|index| part(&mut archive, index, &mut left))
}

fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, index: usize, left: &mut u64) -> Result<(), SheetError> {
    let mut part = archive.by_index(index).map_err(|error| damaged(&error))?;
    let name = part.name().map(std::borrow::Cow::into_owned).map_err(|error| damaged(&error))?;
    let is_shared = name.to_ascii_lowercase().ends_with(SHARED);
    let mut kept = Vec::new();
    let mut bounded = (&mut part).take(*left + 1);
    let read = match is_shared {
        true => bounded.read_to_end(&mut kept).map(|read| read as u64),
        false => std::io::copy(&mut bounded, &mut std::io::sink()),
    };
    let read = read.map_err(|error| SheetError::Damaged(format!("{name}: {error}")))?;
    *left = left.checked_sub(read).ok_or(SheetError::TooLargeUnpacked(LARGEST_UNPACKED))?;
    match counts(&kept).find(|count| *count > read) {
        Some(count) => Err(SheetError::Damaged(format!("{count} texts in {read} bytes"))),
        None => Ok(()),
    }
}

/// Returns every number that is given as the count of shared texts.
fn counts(part: &[u8]) -> impl Iterator<Item = u64> {
    let after = |at: usize| &part[at + COUNT.len()..];
    let starts = (0..part.len().saturating_sub(COUNT.len())).filter(|at| part[*at..].starts_with(COUNT));
    starts.map(move |at| number(after(at)))
}

/// Reads the number behind `=` and a quote; one with too many digits is the largest there is.
fn number(text: &[u8]) -> u64 {
    let start = text.iter().position(u8::is_ascii_digit).filter(|start| *start <= 8).unwrap_or(text.len());
    let digits = text[start..].iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |sum, digit| u64::from(digit - b'0').saturating_add(u64::saturating_mul(sum, 10)))
}

fn damaged(error: &ZipError) -> SheetError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => SheetError::Locked,
        _ => SheetError::Damaged(error.to_string()),
    }
}
