//! A line of the journal that can tell whether it is whole.
//!
//! It is a JSON object whose last member is `check`, the FNV-1a hash (32 bits, in hex) of all bytes before it. That hash
//! notices every changed byte for certain and other damage with odds of 4 billion to 1; it keeps nobody from forging.

use std::io::Write;

use serde::Serialize;

/// The check, the closing brace and the end of the line.
const SEAL: usize = r#","check":"00000000"}"#.len() + 1;

/// Adds a line to a buffer.
pub(crate) fn write<T: Serialize>(value: &T, into: &mut Vec<u8>) {
    let start = into.len();
    serde_json::to_writer(&mut *into, value).expect("what the journal holds is plain data");
    into.pop();
    let check = fnv(&into[start..]);
    writeln!(into, ",\"check\":\"{check:08x}\"}}").expect("a buffer takes any text");
}

/// Returns what a line holds, short of its closing brace, if the line is whole.
pub(crate) fn read(line: &[u8]) -> Option<&[u8]> {
    let (body, seal) = line.split_at_checked(line.len().checked_sub(SEAL)?)?;
    let expected = format!(",\"check\":\"{:08x}\"}}\n", fnv(body));
    (seal == expected.as_bytes()).then_some(body)
}

fn fnv(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use crate::state::journal::checksummed_line;
    use crate::state::{Record, Seq};

    #[test]
    fn a_line_is_json_with_a_check_at_its_end() {
        let mut text = Vec::new();
        checksummed_line::write(&Record::Void { seq: Seq::new(7) }, &mut text);
        assert_eq!(String::from_utf8_lossy(&text), "{\"void\":{\"seq\":7},\"check\":\"7f08783e\"}\n");
        assert_eq!(checksummed_line::read(&text), Some(&br#"{"void":{"seq":7}"#[..]));
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let mut text = Vec::new();
        checksummed_line::write(&Record::Void { seq: Seq::new(7) }, &mut text);
        for (at, byte) in (0..text.len()).flat_map(|at| (0..=u8::MAX).map(move |byte| (at, byte))) {
            let mut changed = text.clone();
            changed[at] = byte;
            assert_eq!(checksummed_line::read(&changed).is_some(), changed == text);
        }
    }
}
