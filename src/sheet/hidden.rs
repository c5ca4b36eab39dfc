//! Finds the rows and columns of a workbook's sheet that are hidden.
//!
//! calamine does not read them. The parts are scanned tag by tag; what cannot be found counts as shown.

use std::io::Cursor;

use quick_xml::events::BytesStart;
use zip::ZipArchive;

use crate::sheet::xml::{attribute, value, visit_tags};

/// The part that names the workbook's part, by the end of the type of its relation.
const ROOT: &str = "_rels/.rels";
const OFFICE_DOCUMENT: &str = "/officeDocument";
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
    let workbook =
        target(&mut archive, ROOT, "", |tag| value(tag, "Type").is_some_and(|kind| kind.ends_with(OFFICE_DOCUMENT)))?;
    let (folder, file) = workbook.rsplit_once('/').map_or(("", &*workbook), |(folder, file)| (folder, file));
    let id = relation(&mut archive, &workbook, position)?;
    let relations = joined(folder, &format!("_rels/{file}.rels"));
    let part = target(&mut archive, &relations, folder, |tag| value(tag, "Id").is_some_and(|own| own == id))?;
    let mut scan = Scan::default();
    tags(&mut archive, &part, |tag| scan.tag(tag))?;
    scan.hidden.rows.sort_unstable();
    scan.hidden.rows.dedup();
    scan.hidden.columns.sort_unstable();
    scan.hidden.columns.dedup();
    Some(scan.hidden)
}

/// Returns the id of the relation from the workbook to a sheet.
fn relation(archive: &mut Archive<'_>, workbook: &str, position: usize) -> Option<String> {
    let mut ids = Vec::new();
    tags(archive, workbook, |tag| {
        if tag.local_name().as_ref() == "sheet" {
            ids.push(attribute(tag, |name| name.ends_with(":id")).map(String::from));
        }
    })?;
    ids.into_iter().nth(position)?
}

/// Returns the part that a relation of a part leads to; its path is relative to `folder`.
fn target(
    archive: &mut Archive<'_>,
    part: &str,
    folder: &str,
    is_it: impl Fn(&BytesStart<'_>) -> bool,
) -> Option<String> {
    let mut found = None;
    tags(archive, part, |tag| {
        if found.is_none() && tag.local_name().as_ref() == "Relationship" && is_it(tag) {
            found = value(tag, "Target").map(String::from);
        }
    })?;
    let target = found?;
    Some(target.strip_prefix('/').map_or_else(|| joined(folder, &target), str::to_owned))
}

fn joined(folder: &str, file: &str) -> String {
    if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") }
}

/// Visits the tags of a part, up to the first XML error; `None` if there is no such part, in whatever case.
fn tags(archive: &mut Archive<'_>, part: &str, visit: impl FnMut(&BytesStart<'_>)) -> Option<()> {
    let name = archive.file_names().flatten().find(|name| name.eq_ignore_ascii_case(part))?.into_owned();
    let _ = visit_tags(archive.by_name(&name).ok()?, visit);
    Some(())
}

/// A sheet while it is scanned.
#[derive(Default)]
struct Scan {
    hidden: Hidden,
    /// The number of the next row that does not give its own, from 1.
    next: u32,
}

impl Scan {
    fn tag(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "row" => self.row(tag),
            "col" => self.column(tag),
            "autoFilter" => self.hidden.is_filtered = true,
            _ => {}
        }
    }

    fn row(&mut self, tag: &BytesStart<'_>) {
        let number = number(tag, "r").unwrap_or(self.next.max(1));
        self.next = number.saturating_add(1);
        if is_hidden(tag, "ht") {
            self.hidden.rows.push(number.saturating_sub(1));
        }
    }

    fn column(&mut self, tag: &BytesStart<'_>) {
        let (Some(first), Some(last)) = (number(tag, "min"), number(tag, "max")) else { return };
        if is_hidden(tag, "width") {
            self.hidden.columns.extend(first.saturating_sub(1)..last.min(MOST_COLUMNS));
        }
    }
}

fn number(tag: &BytesStart<'_>, name: &str) -> Option<u32> {
    value(tag, name)?.parse().ok()
}

/// Whether a row or column is hidden: by its flag, or by a height or width of 0.
fn is_hidden(tag: &BytesStart<'_>, size: &str) -> bool {
    let is_flagged = matches!(value(tag, "hidden").as_deref(), Some("1" | "true" | "on"));
    let size = value(tag, size).and_then(|size| size.parse::<f64>().ok());
    is_flagged || size == Some(0.0)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use crate::sheet::hidden::{Hidden, Scan, hidden};
    use crate::sheet::xml::visit_tags;

    fn scan(text: &str) -> Hidden {
        let mut found = Scan::default();
        let _ = visit_tags(text.as_bytes(), |tag| found.tag(tag));
        found.hidden
    }

    #[test]
    fn hidden_rows_and_columns_are_found_in_tags() {
        let text = "<x:cols><x:col min=\"2\" max='3' hidden = \"1\"/><col min=\"5\" max=\"5\" width=\"0\"/></x:cols>\
            <row r=\"1\"><c t=\"str\"><v>hidden=\"1\"</v></c></row><row hidden=\"true\"/><x:row r=\"9\" ht=\"0\" customHeight=\"1\"/>\
            <row r=\"10\" hidden=\"0\" ht=\"15\"/><autoFilter ref=\"A1:C4\"/>";
        assert_eq!(scan(text), Hidden { rows: vec![1, 8], columns: vec![1, 2, 4], is_filtered: true });
    }

    #[test]
    fn hidden_rows_in_comments_and_cdata_are_ignored() {
        let text =
            "<!-- <row r=\"1\" hidden=\"1\"/> --><![CDATA[<row r=\"2\" hidden=\"1\"/>]]><row r=\"3\" hidden=\"1\"/>";
        assert_eq!(scan(text).rows, [2]);
    }

    #[test]
    fn damaged_tags_keep_earlier_hidden_rows() {
        for tag in ["<row r=", "<row r=\"1", "<row r=1 hidden/>", "<", "</row>"] {
            assert_eq!(scan(&format!("<row r=\"4\" hidden=\"1\"/>{tag}")).rows, [3], "{tag}");
        }
    }

    #[test]
    fn sheet_part_with_escaped_name_is_found() {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in [
            ("_rels/.rels", "<Relationship Type='x/officeDocument' Target='xl/workbook.xml'/>"),
            ("xl/workbook.xml", "<sheet r:id='a'/>"),
            ("xl/_rels/workbook.xml.rels", "<Relationship Id='a' Target='a&amp;b.xml'/>"),
            ("xl/a&b.xml", "<row r='2' hidden='1'/>"),
        ] {
            archive.start_file(name, SimpleFileOptions::default()).unwrap();
            archive.write_all(content.as_bytes()).unwrap();
        }
        assert_eq!(hidden(&archive.finish().unwrap().into_inner(), 0).rows, [1]);
    }
}
