//! What a file is, told by what is in it: names and endings are not to be relied on.

use crate::sheet::SheetError;

/// The most bytes that a file may have: no sheet of groups comes near.
pub const LARGEST: u64 = 64 << 20;

/// What begins a zip archive, of which xlsx is one.
const ZIP: &[u8] = b"PK\x03\x04";
/// What begins a compound file: an old workbook, or a new one with a password.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// The stream that a compound file has if it is a new workbook with a password.
const ENCRYPTED: &str = "EncryptedPackage";

/// What can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A workbook (.xlsx).
    Workbook,
    /// A text with a delimiter (.csv).
    Delimited,
}

impl Kind {
    /// Tells what a file is.
    ///
    /// # Errors
    /// [`SheetError`] for what is known and cannot be read.
    pub fn of(bytes: &[u8]) -> Result<Self, SheetError> {
        if bytes.len() as u64 > LARGEST {
            return Err(SheetError::TooLarge(LARGEST));
        }
        match bytes {
            _ if bytes.starts_with(ZIP) => Ok(Self::Workbook),
            _ if bytes.starts_with(COMPOUND) && is_encrypted(bytes) => Err(SheetError::Locked),
            _ if bytes.starts_with(COMPOUND) => Err(SheetError::Old),
            _ if is_markup(bytes) => Err(SheetError::Markup),
            _ => Ok(Self::Delimited),
        }
    }
}

fn is_encrypted(bytes: &[u8]) -> bool {
    let name: Vec<u8> = ENCRYPTED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|window| window == name)
}

fn is_markup(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
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
}
