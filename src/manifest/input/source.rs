//! One text that was read, and the name it goes by.
//!
//! Text is UTF-8 without its byte-order mark, so that columns count what is seen. What cannot be text is a problem that says
//! what it probably is instead.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;

use crate::localized;
use crate::manifest::input::inputs::unreadable;
use crate::manifest::input::recognize::is_manifest;
use crate::manifest::{Diagnostic, Input, Rule, SourceId, Span};
use crate::sheet::Kind;
use crate::text::conflict_marker;

/// The most bytes one source may have: five hundred bytes each for a million groups.
const LARGEST: u64 = 512 << 20;

/// What some editors put before a UTF-8 text.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A text that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// How it is called: the path as given, or `<stdin>`.
    pub name: String,
    /// What it says, without a byte-order mark; bytes that are not UTF-8 are replaced.
    pub text: String,
}

/// Reads one input whole; what hinders is a problem, with as much of the text as there is.
pub(crate) fn read(input: &Input, stdin: &mut dyn Read, id: SourceId) -> (Source, Option<Diagnostic>) {
    let name = input.name();
    let (text, problem) = match bytes(input, stdin) {
        Err(error) => (String::new(), Some(unreadable(&name, &error).about(id))),
        Ok(bytes) if bytes.len() as u64 > LARGEST => (String::new(), Some(too_large(&name).about(id))),
        Ok(bytes) => match spreadsheet(input, &bytes) {
            Some(problem) => (String::new(), Some(problem.about(id))),
            None => decode(bytes, id),
        },
    };
    (Source { name, text }, problem)
}

fn bytes(input: &Input, stdin: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match input {
        Input::Stdin => stdin.take(LARGEST + 1).read_to_end(&mut bytes)?,
        Input::Path(path) => {
            let file = File::open(path)?;
            let length = file.metadata()?.len().min(LARGEST);
            bytes.reserve_exact(usize::try_from(length).unwrap_or(0) + 1);
            file.take(LARGEST + 1).read_to_end(&mut bytes)?
        }
    };
    Ok(bytes)
}

/// Returns the problem of a spreadsheet given as a manifest.
fn spreadsheet(input: &Input, bytes: &[u8]) -> Option<Diagnostic> {
    let ending = match input {
        Input::Stdin => None,
        Input::Path(path) => path.extension().and_then(OsStr::to_str),
    };
    let kind = Kind::among_manifests(bytes, ending)?;
    let (name, file) = (input.name(), input.argument());
    let message = match &kind {
        Ok(Kind::Workbook) => {
            localized!("`{name}` is a workbook (.xlsx), not a manifest", "`{name}` 是工作簿（.xlsx），不是清单")
        }
        Ok(Kind::Delimited) => {
            localized!("`{name}` is a table (CSV), not a manifest", "`{name}` 是表格（CSV），不是清单")
        }
        Err(error) => localized!("`{name}` is not a manifest: {error}", "`{name}` 不是清单：{error}"),
    };
    let help = match kind {
        Ok(_) => localized!(
            "Make a manifest of it: `roomtree import {file} --out {}`",
            "请先转换成清单：`roomtree import {file} --out {}`",
            input.manifest_name()
        ),
        Err(_) => localized!(
            "Save it as .xlsx in Excel or WPS, then make a manifest of it with `roomtree import`",
            "请在 Excel 或 WPS 中另存为 .xlsx，再用 `roomtree import` 转换成清单"
        ),
    };
    Some(Diagnostic::error(Rule::Spreadsheet, message).help(help))
}

fn decode(mut bytes: Vec<u8>, id: SourceId) -> (String, Option<Diagnostic>) {
    if is_utf16(&bytes) {
        return (String::new(), Some(utf16().about(id)));
    }
    let mark = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    bytes.drain(..mark);
    match String::from_utf8(bytes) {
        Ok(text) => {
            let marker = conflict_marker(text.as_bytes());
            (text, marker.map(|marker| unmerged(marker, id)))
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let problem = not_utf8(at, mark, error.as_bytes()[at], id);
            let place = problem.place.filter(|_| is_manifest(&text));
            (text, Some(Diagnostic { place, ..problem }))
        }
    }
}

/// Recognizes UTF-16 and UTF-32 by the mark, or by the zero byte beside the first ASCII character.
fn is_utf16(bytes: &[u8]) -> bool {
    matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, 1..=0x7F, ..] | [1..=0x7F, 0, ..] | [0, 0, ..])
}

fn utf16() -> Diagnostic {
    Diagnostic::error(Rule::NotUtf8, localized!("The file is UTF-16, not UTF-8", "文件是 UTF-16，不是 UTF-8")).help(
        localized!(
            "Save it as UTF-8: most editors offer the encoding when saving",
            "请存为 UTF-8：多数编辑器在保存时可以选择编码"
        ),
    )
}

/// Says where in the file, of which a byte-order mark is part, and points into the text, of which it is not.
fn not_utf8(at: usize, mark: usize, byte: u8, source: SourceId) -> Diagnostic {
    let offset = at + mark;
    let start = u32::try_from(at).unwrap_or(u32::MAX);
    let replaced = '\u{FFFD}'.len_utf8() as u32;
    let message = localized!(
        "The file is not UTF-8: byte {byte:#04x} at offset {offset} cannot stand there",
        "文件不是 UTF-8：偏移 {offset} 处不能是字节 {byte:#04x}"
    );
    Diagnostic::error(Rule::NotUtf8, message)
        .at(Span { source, start, end: start + replaced }, localized!("not UTF-8", "不是 UTF-8"))
        .help(localized!(
            "Save the file as UTF-8; a Chinese text that is not UTF-8 is usually GBK (GB18030)",
            "请把文件存为 UTF-8；不是 UTF-8 的中文文件多半是 GBK（GB18030）"
        ))
}

fn unmerged(marker: Range<usize>, source: SourceId) -> Diagnostic {
    let [start, end] = [marker.start, marker.end].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
    let message = localized!("The file has conflict markers of an unresolved merge", "文件中有未解决的合并冲突标记");
    Diagnostic::error(Rule::UnresolvedMerge, message)
        .at(Span { source, start, end }, localized!("a conflict marker", "冲突标记"))
        .help(localized!(
            "Edit the file to the intended groups, remove the markers, and run `git add` on it",
            "把文件改成需要的内容，删去冲突标记，再对它运行 `git add`"
        ))
}

fn too_large(name: &str) -> Diagnostic {
    let message = localized!("`{name}` is larger than {} MiB", "`{name}` 超过 {} MiB", LARGEST >> 20);
    Diagnostic::error(Rule::TooLarge, message).help(localized!(
        "Check that it is a manifest; a large one can be parted into several files",
        "确认它是一个清单；大的清单可以分成多个文件"
    ))
}
