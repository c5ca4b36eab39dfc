//! String literals: what they say, and which values a format string puts in.

use std::collections::BTreeMap;

use proc_macro2::Literal;

/// Returns the text of a string literal; `None` for another literal.
pub(crate) fn text(literal: &Literal) -> Option<String> {
    let written = literal.to_string();
    if let Some(raw) = written.strip_prefix('r') {
        return raw.trim_matches('#').strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
    }
    written.strip_prefix('"')?.strip_suffix('"').map(unescaped)
}

fn unescaped(written: &str) -> String {
    let (mut text, mut rest) = (String::new(), written);
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let escape = after.chars().next().unwrap_or_default();
        rest = &after[escape.len_utf8()..];
        match escape {
            '\n' => rest = rest.trim_start(),
            'n' => text.push('\n'),
            't' => text.push('\t'),
            other => text.push(other),
        }
    }
    text + rest
}

/// Counts the values that a format string puts in, by number or name and by format; escaped braces are none.
pub(crate) fn values(format: &str) -> BTreeMap<String, usize> {
    let plain = format.replace("{{", "").replace("}}", "");
    let mut next = 0;
    let mut values = BTreeMap::new();
    for part in plain.split('{').skip(1) {
        let written = part.split('}').next().unwrap_or_default();
        let (name, style) = written.split_once(':').unwrap_or((written, ""));
        let name = if name.is_empty() { next.to_string() } else { name.to_owned() };
        next += usize::from(written.is_empty() || written.starts_with(':'));
        *values.entry(format!("{name}:{style}")).or_default() += 1;
    }
    values
}

#[test]
fn values_are_counted_wherever_they_stand() {
    assert_eq!(values("{} of {name:?} {{x}}"), values("{name:?} {0}"));
    assert_ne!(values("{} {}"), values("{}"));
    assert_ne!(values("{:>4}"), values("{}"));
}
