//! Recognizes spreadsheets by their content: names and endings cannot be relied on.

use crate::sheet::limits::LARGEST;
use crate::sheet::{SheetError, zip_guard};

/// The first bytes of a zip archive, of which xlsx is one.
const ZIP: &[u8] = b"PK\x03\x04";
/// The first bytes of a compound file: an old workbook, or a new one with a password.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// The stream that a compound file has if it is a new workbook with a password.
const ENCRYPTED: &str = "EncryptedPackage";
/// Endings of text with a delimiter.
const DELIMITED: [&str; 2] = ["csv", "tsv"];
/// Beginnings of lines in a manifest, and never in a table.
const YAML: [&str; 4] = ["groups:", "version:", "organization:", "- name:"];
/// How many lines are looked at.
const SAMPLE: usize = 200;

/// The formats that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A workbook (.xlsx).
    Workbook,
    /// A text with a delimiter (.csv).
    Delimited,
}

impl Kind {
    /// Recognizes a file that should be a spreadsheet.
    ///
    /// # Errors
    /// [`SheetError`] for what is known and cannot be read.
    pub fn of(bytes: &[u8]) -> Result<Self, SheetError> {
        if bytes.len() as u64 > LARGEST {
            return Err(SheetError::TooLarge(LARGEST));
        }
        match bytes {
            _ if bytes.starts_with(ZIP) => zip_guard::format(bytes).map(|()| Self::Workbook),
            _ if bytes.starts_with(COMPOUND) && is_encrypted(bytes) => Err(SheetError::Locked),
            _ if bytes.starts_with(COMPOUND) => Err(SheetError::Old),
            _ if is_markup(bytes) => Err(SheetError::Markup),
            _ if trimmed(bytes).starts_with(b"{") => Err(SheetError::Json),
            _ if is_yaml(&lines(bytes)) => Err(SheetError::Manifest),
            _ => Ok(Self::Delimited),
        }
    }

    /// Recognizes a spreadsheet among files that should be manifests, also one that cannot be read; `ending` is that of its name.
    #[must_use]
    pub fn among_manifests(bytes: &[u8], ending: Option<&str>) -> Option<Result<Self, SheetError>> {
        let is_named = ending.is_some_and(|ending| DELIMITED.iter().any(|name| name.eq_ignore_ascii_case(ending)));
        match Self::of(bytes) {
            Ok(Self::Workbook) => Some(Ok(Self::Workbook)),
            Err(error @ (SheetError::Old | SheetError::Locked | SheetError::OpenDocument | SheetError::Binary)) => {
                Some(Err(error))
            }
            Ok(Self::Delimited) if is_named && !bytes.is_empty() || is_table(&lines(bytes)) => {
                Some(Ok(Self::Delimited))
            }
            _ => None,
        }
    }
}

/// Returns the first lines that hold something, as text.
fn lines(bytes: &[u8]) -> Vec<String> {
    let lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).map(String::from_utf8_lossy);
    let text = lines.map(|line| line.trim_start_matches('\u{FEFF}').trim_end().to_owned());
    text.filter(|line| !line.is_empty()).take(SAMPLE).collect()
}

fn is_yaml(lines: &[String]) -> bool {
    lines.iter().any(|line| YAML.iter().any(|key| line.starts_with(key)))
}

/// Whether lines are those of a table and can be those of no manifest: as many delimiters in each, and no mapping or list.
fn is_table(lines: &[String]) -> bool {
    let is_plain = |line: &String| {
        !line.contains(": ")
            && !line.ends_with(':')
            && !line.starts_with(['-', '#', '{', '[', '%', '&', '*', '!', '|', '>', '?', ' '])
    };
    let alike = |delimiter: char| {
        let counts: Vec<usize> = lines.iter().map(|line| line.matches(delimiter).count()).collect();
        lines.len() > 1 && counts[0] > 0 && counts[0] == counts[1]
    };
    lines.iter().all(is_plain) && [',', ';', '\t'].into_iter().any(alike)
}

fn is_encrypted(bytes: &[u8]) -> bool {
    let name: Vec<u8> = ENCRYPTED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|window| window == name)
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start()
}

fn is_markup(bytes: &[u8]) -> bool {
    let text = trimmed(bytes);
    let start = text[..text.len().min(16)].to_ascii_lowercase();
    [&b"<html"[..], b"<!doctype", b"<?xml", b"<table", b"<meta"].iter().any(|tag| start.starts_with(tag))
}

#[cfg(test)]
mod tests {
    use crate::sheet::{Kind, SheetError};

    #[test]
    fn files_are_known_by_what_is_in_them() {
        let mut locked = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        assert_eq!(Kind::of(&locked), Err(SheetError::Old));
        locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(Kind::of(&locked), Err(SheetError::Locked));
        assert_eq!(Kind::of(b"PK\x03\x04"), Ok(Kind::Workbook));
        assert_eq!(Kind::of("\u{FEFF} <HTML><body>".as_bytes()), Err(SheetError::Markup));
        assert_eq!(Kind::of("城市,园区\n".as_bytes()), Ok(Kind::Delimited));
        assert_eq!(Kind::of(b""), Ok(Kind::Delimited));
    }

    #[test]
    fn manifests_and_json_are_no_spreadsheets() {
        assert_eq!(Kind::of("# x\nversion: 1\ngroups:\n  - 北京\n".as_bytes()), Err(SheetError::Manifest));
        assert_eq!(Kind::of(b" {\"version\": 1}"), Err(SheetError::Json));
        assert_eq!(Kind::of("版本,groups\n".as_bytes()), Ok(Kind::Delimited));
    }

    #[test]
    fn spreadsheets_are_known_among_manifests() {
        let found = |text: &str, ending| Kind::among_manifests(text.as_bytes(), ending);
        assert_eq!(found("PK\x03\x04", None), Some(Ok(Kind::Workbook)));
        assert_eq!(found("城市,园区\n北京,望京\n", None), Some(Ok(Kind::Delimited)));
        assert_eq!(found("城市\n北京\n", Some("CSV")), Some(Ok(Kind::Delimited)));
        for text in [
            "groups:\n  - 北京\n",
            "- 北京\n- 上海\n",
            "",
            "groups: [a, b]\n",
            "a\nb\n",
            "{groups: [a,b]}",
            "# a,b\n# c,d\n",
        ] {
            assert_eq!(found(text, None), None, "{text}");
        }
        assert_eq!(found("groups:\n  - 北京\n", Some("csv")), None, "its content counts");
    }
}
