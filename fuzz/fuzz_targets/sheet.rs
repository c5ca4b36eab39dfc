//! Any bytes as a spreadsheet: read or refused, with messages that can be shown; what is imported is read again as the same tree.
//!
//! The first byte has the options. If the second is `x`, the rest is the XML of a sheet, a byte 0xFF, and the XML of shared
//! texts: they are put into a workbook, since a fuzzer hardly ever finds a valid archive. Otherwise the rest is the file.

#![no_main]

use std::io::{Cursor, Write};

use libfuzzer_sys::fuzz_target;
use roomtree::group::GroupId;
use roomtree::i18n::Language;
use roomtree::import::{HeaderRow, ImportOptions, Imported, Wanted, import, judged};
use roomtree::manifest::compose;
use roomtree::manifest::{Input, Limits, Manifest, load};
use roomtree::render::{Page, Paint, sheet_notes, sheet_problems};
use roomtree::sheet::{Kind, SheetError, Table, Workbook, delimited};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The parts of a workbook other than its sheet and its shared texts.
const PARTS: [(&str, &str); 4] = [
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#,
    ),
];
/// The most problems that are drawn, and the most bytes that one may take.
const MOST: usize = 20;
const LARGEST: usize = 16 * 1024;

fuzz_target!(|data: &[u8]| {
    let Some((options, rest)) = data.split_first() else { return };
    let file = rest.strip_prefix(b"x").map_or_else(|| rest.to_vec(), workbook);
    let choice = choice(*options);
    match table(&file) {
        Ok(table) => check(&table, &choice),
        Err(error) => {
            assert!(!error.remedy().is_empty() && is_fit(&roomtree::render::style::plain(&error.to_string())))
        }
    }
});

fn choice(options: u8) -> ImportOptions {
    let columns = match options >> 2 & 3 {
        0 | 1 => Wanted::Recognized,
        2 => Wanted::Levels(vec!["A".to_owned(), "B+C".to_owned()]),
        _ => Wanted::Path("A".to_owned()),
    };
    let header = match options >> 4 & 3 {
        0 | 1 => HeaderRow::Found,
        2 => HeaderRow::At(0),
        _ => HeaderRow::Absent,
    };
    let (depth, command) = (u32::from(options & 3) + 1, "roomtree import t.xlsx".to_owned());
    ImportOptions { columns, header, depth, command, ..ImportOptions::default() }
}

fn table(file: &[u8]) -> Result<Table, SheetError> {
    match Kind::of(file)? {
        Kind::Delimited => delimited(file, None).map(|read| read.table),
        Kind::Workbook => {
            let mut workbook = Workbook::open(file)?;
            let sheet = workbook.sheets().first().map_or_else(String::new, |sheet| sheet.name.clone());
            workbook.table(&sheet)
        }
    }
}

/// Puts a sheet and its shared texts into a workbook.
fn workbook(parts: &[u8]) -> Vec<u8> {
    let mut parts = parts.splitn(2, |byte| *byte == 0xFF);
    let (sheet, shared) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let own = [("xl/worksheets/sheet1.xml", sheet), ("xl/sharedStrings.xml", shared)];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in PARTS.map(|(name, text)| (name, text.as_bytes())).into_iter().chain(own) {
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        archive.start_file(name, stored).expect("a part can be begun");
        archive.write_all(content).expect("a part can be written");
    }
    archive.finish().expect("an archive can be ended").into_inner()
}

fn check(table: &Table, choice: &ImportOptions) {
    let imported = import(table, choice);
    assert_eq!(imported.cells.len(), imported.tree.len());
    can_be_shown(&imported);
    if imported.is_sound() {
        is_read_again(&imported, choice.depth);
    }
}

fn can_be_shown(imported: &Imported) {
    let page = Page { width: 80, paint: Paint::Plain, most: MOST };
    for language in Language::ALL {
        language.scope(|| {
            let shown = sheet_problems(&imported.problems, "t.xlsx", page);
            assert!(shown.len() <= (MOST + 1) * LARGEST, "{} bytes", shown.len());
            assert!(is_fit(&shown), "{shown:?}");
            assert!(imported.notes.iter().all(|note| is_fit(&roomtree::render::style::plain(note.as_str()))));
            let _ = sheet_notes(&imported.notes);
        });
    }
}

fn is_fit(text: &str) -> bool {
    let steers = |c: char| {
        c.is_control() && c != '\n' || matches!(c, '\u{200B}' | '\u{200E}'..='\u{200F}' | '\u{2028}'..='\u{202E}')
    };
    !text.contains(steers)
}

fn is_read_again(imported: &Imported, depth: u32) {
    let limits = Limits { depth, groups: None };
    let manifest = Manifest { organization: None, root: GroupId::ROOT, limits, tree: imported.tree.clone() };
    let text = compose(&manifest).expect("a tree of names can be written");
    let problems = judged(&text, imported);
    if let Some(again) = load(&[Input::Stdin], &mut text.as_bytes()).manifest() {
        let paths = |manifest: &Manifest| {
            manifest.tree.nodes().map(|(id, _)| manifest.tree.path(id).to_string()).collect::<Vec<_>>()
        };
        assert_eq!(paths(again), paths(&manifest));
    } else {
        assert!(!problems.is_empty());
    }
}
