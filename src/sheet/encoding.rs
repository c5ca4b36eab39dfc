//! The text of a file, whatever encoding it was saved in.
//!
//! Excel in Chinese saves CSV as GBK unless it is told otherwise; its "Unicode text" is UTF-16. What is valid UTF-8 is UTF-8: a
//! Chinese text in GBK hardly ever is.

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use crate::sheet::SheetError;

/// How a file was encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte-order mark.
    Utf8,
    /// UTF-16 with a byte-order mark.
    Utf16,
    /// GB18030, of which GBK and GB2312 are part.
    Gb18030,
}

/// Decodes a text, without its byte-order mark.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Encoding), SheetError> {
    let (text, encoding) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (utf8(rest), Encoding::Utf8),
        [0xFF, 0xFE, rest @ ..] => {
            (UTF_16LE.decode_without_bom_handling_and_without_replacement(rest), Encoding::Utf16)
        }
        [0xFE, 0xFF, rest @ ..] => {
            (UTF_16BE.decode_without_bom_handling_and_without_replacement(rest), Encoding::Utf16)
        }
        _ => match utf8(bytes) {
            Some(text) => (Some(text), Encoding::Utf8),
            None if is_western(bytes) => (None, Encoding::Gb18030),
            None => (GB18030.decode_without_bom_handling_and_without_replacement(bytes), Encoding::Gb18030),
        },
    };
    match text.filter(|text| !text.contains('\0')) {
        Some(text) => Ok((text.into_owned(), encoding)),
        None => Err(SheetError::NotText),
    }
}

/// Says whether bytes that could be GB18030 are more likely a text with accents in a Western encoding: there an accent stands beside
/// letters, while nearly every character of a Chinese text has two high bytes.
fn is_western(bytes: &[u8]) -> bool {
    let (mut beside_letters, mut paired, mut rest) = (0, 0, bytes);
    while let [first, others @ ..] = rest {
        rest = others;
        match (first, others) {
            (0x81.., [b'@'..=b'~', behind @ ..]) => (beside_letters, rest) = (beside_letters + 1, behind),
            (0x81.., [_, behind @ ..]) => (paired, rest) = (paired + 1, behind),
            _ => {}
        }
    }
    beside_letters > paired
}

fn utf8(bytes: &[u8]) -> Option<std::borrow::Cow<'_, str>> {
    std::str::from_utf8(bytes).ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use crate::sheet::SheetError;
    use crate::sheet::encoding::{Encoding, decode};

    #[test]
    fn what_excel_saves_is_read() {
        let gbk = [0xB1, 0xB1, 0xBE, 0xA9];
        let utf16 = [0xFF, 0xFE, 0x17, 0x53, 0xAC, 0x4E];
        for (bytes, encoding) in [
            ("北京".as_bytes(), Encoding::Utf8),
            ("\u{FEFF}北京".as_bytes(), Encoding::Utf8),
            (&gbk, Encoding::Gb18030),
            (&utf16, Encoding::Utf16),
        ] {
            assert_eq!(decode(bytes).unwrap(), ("北京".to_owned(), encoding));
        }
    }

    #[test]
    fn a_western_text_is_not_taken_for_a_chinese_one() {
        assert_eq!(decode(b"M\xFCnchen,K\xE4se,Stra\xDFe\n"), Err(SheetError::NotText));
        // 朱镕基: the second character has a letter for its second byte.
        assert_eq!(decode(b"\xD6\xEC\xE9F\xBB\xF9").unwrap().0, "朱镕基");
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [&b"\xFF\xFF\xFF"[..], b"a\0b", b"\xEF\xBB\xBF\xB1\xB1", b"\xFF\xFE\x00\xD8"] {
            assert!(decode(bytes).is_err(), "{bytes:?}");
        }
    }
}
