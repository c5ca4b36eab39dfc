//! Finds the rows and columns of a workbook's sheet that are hidden.
//!
//! calamine does not read them. The parts are scanned tag by tag; what cannot be found counts as shown.

use std::io::{BufRead, BufReader, Cursor, Read};

use zip::ZipArchive;

/// The part that names the workbook's part, by the end of the type of its relation.
const ROOT: &str = "_rels/.rels";
const OFFICE_DOCUMENT: &[u8] = b"/officeDocument";
/// The most columns of a sheet.
const MOST_COLUMNS: u32 = 16_384;

/// The hidden rows and columns of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// Numbers of rows from 0, in order.
    pub rows: Vec<u32>,
    /// Numbers of columns from 0, in order.
    pub columns: Vec<u32>,
    /// Whether the sheet has a filter.
    pub is_filtered: bool,
}

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// Scans the sheet of this position among all sheets, from 0. The workbook has been checked before.
pub(super) fn hidden(bytes: &[u8], position: usize) -> Hidden {
    scanned(bytes, position).unwrap_or_default()
}

fn scanned(bytes: &[u8], position: usize) -> Option<Hidden> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let workbook = target(&mut archive, ROOT, "", |tag| value(tag, b"Type").is_some_and(is_office_document))?;
    let (folder, file) = workbook.rsplit_once('/').map_or(("", &*workbook), |(folder, file)| (folder, file));
    let id = relation(&mut archive, &workbook, position)?;
    let relations = joined(folder, &format!("_rels/{file}.rels"));
    let part = target(&mut archive, &relations, folder, |tag| value(tag, b"Id") == Some(&id))?;
    let mut scan = Scan::default();
    tags(&mut archive, &part, |tag| scan.tag(tag))?;
    scan.hidden.rows.sort_unstable();
    scan.hidden.rows.dedup();
    scan.hidden.columns.sort_unstable();
    scan.hidden.columns.dedup();
    Some(scan.hidden)
}

fn is_office_document(relation: &[u8]) -> bool {
    relation.ends_with(OFFICE_DOCUMENT)
}

/// Returns the id of the relation from the workbook to a sheet.
fn relation(archive: &mut Archive<'_>, workbook: &str, position: usize) -> Option<Vec<u8>> {
    let mut ids = Vec::new();
    tags(archive, workbook, |tag| {
        if name(tag) == b"sheet" {
            ids.push(attributes(tag).find(|(name, _)| name.ends_with(b":id")).map(|(_, value)| value.to_vec()));
        }
    })?;
    ids.into_iter().nth(position)?
}

/// Returns the part that a relation of a part leads to; its path is relative to `folder`.
fn target(archive: &mut Archive<'_>, part: &str, folder: &str, is_it: impl Fn(&[u8]) -> bool) -> Option<String> {
    let mut found = None;
    tags(archive, part, |tag| {
        if found.is_none() && name(tag) == b"Relationship" && is_it(tag) {
            found = value(tag, b"Target").map(<[u8]>::to_vec);
        }
    })?;
    let target = String::from_utf8(found?).ok()?;
    Some(target.strip_prefix('/').map_or_else(|| joined(folder, &target), str::to_owned))
}

fn joined(folder: &str, file: &str) -> String {
    if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") }
}

/// Hands over every tag of a part, without its brackets; `None` if there is no such part, in whatever case.
fn tags(archive: &mut Archive<'_>, part: &str, each: impl FnMut(&[u8])) -> Option<()> {
    let name = archive.file_names().flatten().find(|name| name.eq_ignore_ascii_case(part))?.into_owned();
    scan(archive.by_name(&name).ok()?, each);
    Some(())
}

fn scan(part: impl Read, mut each: impl FnMut(&[u8])) {
    for tag in BufReader::new(part).split(b'<').map_while(Result::ok) {
        each(tag.split(|byte| *byte == b'>').next().unwrap_or_default());
    }
}

/// Returns the name of a tag, without the prefix of its namespace.
fn name(tag: &[u8]) -> &[u8] {
    let name = tag.split(|byte| byte.is_ascii_whitespace() || *byte == b'/').next().unwrap_or_default();
    name.rsplit(|byte| *byte == b':').next().unwrap_or_default()
}

/// Walks the attributes of a tag.
fn attributes(tag: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = tag;
    std::iter::from_fn(move || {
        let equals = rest.iter().position(|byte| *byte == b'=')?;
        let name = rest[..equals].trim_ascii_end().rsplit(u8::is_ascii_whitespace).next()?;
        let quoted = rest[equals + 1..].trim_ascii_start();
        let (quote, text) = quoted.split_first()?;
        let end = text.iter().position(|byte| byte == quote)?;
        rest = &text[end + 1..];
        Some((name, &text[..end]))
    })
}

fn value<'t>(tag: &'t [u8], wanted: &[u8]) -> Option<&'t [u8]> {
    attributes(tag).find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

/// A sheet while it is scanned.
#[derive(Default)]
struct Scan {
    hidden: Hidden,
    /// The number of the next row that does not give its own, from 1.
    next: u32,
}

impl Scan {
    fn tag(&mut self, tag: &[u8]) {
        match name(tag) {
            b"row" => self.row(tag),
            b"col" => self.column(tag),
            b"autoFilter" => self.hidden.is_filtered = true,
            _ => {}
        }
    }

    fn row(&mut self, tag: &[u8]) {
        let number = number(tag, b"r").unwrap_or(self.next.max(1));
        self.next = number.saturating_add(1);
        if is_hidden(tag, b"ht") {
            self.hidden.rows.push(number.saturating_sub(1));
        }
    }

    fn column(&mut self, tag: &[u8]) {
        let (Some(first), Some(last)) = (number(tag, b"min"), number(tag, b"max")) else { return };
        if is_hidden(tag, b"width") {
            self.hidden.columns.extend(first.saturating_sub(1)..last.min(MOST_COLUMNS));
        }
    }
}

fn number(tag: &[u8], name: &[u8]) -> Option<u32> {
    std::str::from_utf8(value(tag, name)?).ok()?.parse().ok()
}

/// Whether a row or column is hidden: by its flag, or by a height or width of 0.
fn is_hidden(tag: &[u8], size: &[u8]) -> bool {
    let is_flagged = matches!(value(tag, b"hidden"), Some(b"1" | b"true" | b"on"));
    let size = value(tag, size).and_then(|size| std::str::from_utf8(size).ok()?.parse::<f64>().ok());
    is_flagged || size == Some(0.0)
}

#[cfg(test)]
mod tests {
    use crate::sheet::hidden::{Hidden, Scan, attributes, name, scan};

    #[test]
    fn hidden_rows_and_columns_are_found_in_tags() {
        let text = "<x:cols><x:col min=\"2\" max='3' hidden = \"1\"/><col min=\"5\" max=\"5\" width=\"0\"/></x:cols>\
            <row r=\"1\"><c t=\"str\"><v>hidden=\"1\"</v></c></row><row hidden=\"true\"/><x:row r=\"9\" ht=\"0\" customHeight=\"1\"/>\
            <row r=\"10\" hidden=\"0\" ht=\"15\"/><autoFilter ref=\"A1:C4\"/>";
        let mut found = Scan::default();
        scan(text.as_bytes(), |tag| found.tag(tag));
        assert_eq!(found.hidden, Hidden { rows: vec![1, 8], columns: vec![1, 2, 4], is_filtered: true });
    }

    #[test]
    fn damaged_tags_have_no_attributes() {
        for tag in ["row r=", "row r=\"1", "", "row r"] {
            assert!(attributes(tag.as_bytes()).all(|(name, _)| name.is_empty()), "{tag}");
        }
        assert_eq!(name(b"x:row r='1'"), b"row");
    }
}
