//! Reads the tags of a workbook's XML parts.
//!
//! The reader and its settings are those of calamine, so that both find the same tags.

use std::borrow::Cow;
use std::io::{BufReader, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, Reader, XmlVersion};

/// Calls `visit` with every opening or empty tag, and stops at the first XML error.
pub(super) fn visit_tags(part: impl Read, mut visit: impl FnMut(&BytesStart<'_>)) -> Result<(), Error> {
    let mut reader = Reader::from_reader(BufReader::new(part));
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer)? {
            Event::Start(tag) | Event::Empty(tag) => visit(&tag),
            Event::Eof => return Ok(()),
            _ => {}
        }
        buffer.clear();
    }
}

/// Returns the value of the first attribute whose name matches; a malformed attribute counts as missing.
pub(super) fn attribute<'t>(tag: &'t BytesStart<'_>, matches: impl Fn(&str) -> bool) -> Option<Cow<'t, str>> {
    let mut attributes = tag.attributes();
    let found = attributes.with_checks(false).flatten().find(|attribute| matches(attribute.key.as_ref()))?;
    found.normalized_value(XmlVersion::Implicit1_0).ok()
}

/// Returns the value of the attribute of this name.
pub(super) fn value<'t>(tag: &'t BytesStart<'_>, name: &str) -> Option<Cow<'t, str>> {
    attribute(tag, |key| key == name)
}
