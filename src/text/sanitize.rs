//! Sanitizes untrusted text: the one definition of characters that are not printed.
//!
//! A joiner, a variation selector or a filler is printed only where it shapes its neighbors, as in an emoji or a Persian word;
//! anywhere else it is invisible, so a reader cannot know that it is there.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use unicode_normalization::char::is_combining_mark;

/// The character that replaces one that is not printed.
const REPLACEMENT: char = '\u{FFFD}';

/// The flag sequences that Unicode recommends: the only use of tag characters.
const FLAGS: [&str; 3] = [
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}",
];

/// Scripts whose letters take joiners: Arabic and its relatives, the Indic scripts, Tibetan, Myanmar, Khmer, Mongolian.
const JOINED_SCRIPTS: [RangeInclusive<char>; 6] = [
    '\u{600}'..='\u{DFF}',
    '\u{F00}'..='\u{109F}',
    '\u{1780}'..='\u{18AF}',
    '\u{A8E0}'..='\u{A8FF}',
    '\u{FB50}'..='\u{FDCF}',
    '\u{FE70}'..='\u{FEFC}',
];

/// Characters that a variation selector or a joiner can turn into an emoji, except the keycaps.
const EMOJI: [RangeInclusive<char>; 14] = [
    '\u{A9}'..='\u{A9}',
    '\u{AE}'..='\u{AE}',
    '\u{203C}'..='\u{203C}',
    '\u{2049}'..='\u{2049}',
    '\u{20E3}'..='\u{20E3}',
    '\u{2122}'..='\u{2139}',
    '\u{2190}'..='\u{23FF}',
    '\u{24C2}'..='\u{24C2}',
    '\u{25A0}'..='\u{27BF}',
    '\u{2934}'..='\u{2B55}',
    '\u{3030}'..='\u{3030}',
    '\u{303D}'..='\u{303D}',
    '\u{3297}'..='\u{3299}',
    '\u{1F000}'..='\u{1FAFF}',
];

/// Replaces every character that could steer a terminal or is not visible by U+FFFD. Line breaks and tabs are among them.
#[must_use]
pub fn sanitize(text: &str) -> Cow<'_, str> {
    let mut hidden = unprinted(text).map(|(at, _)| at).peekable();
    if hidden.peek().is_none() {
        return text.into();
    }
    let replaced = |(at, c)| hidden.next_if_eq(&at).map_or(c, |_| REPLACEMENT);
    text.char_indices().map(replaced).collect::<String>().into()
}

/// Finds the characters of a text that are not printed, with their offsets in bytes.
pub fn unprinted(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut before = None;
    text.char_indices().filter(move |(at, c)| {
        let hidden = is_unprinted(*c) && !shapes(text, *at, *c, before);
        before = Some(*c);
        hidden
    })
}

/// Whether a character by itself is not printed: a control, a separator of lines, a default ignorable or no character.
#[must_use]
pub fn is_unprinted(c: char) -> bool {
    !matches!(c, ' '..='~')
        && (is_control(c)
            || is_ignorable(c)
            || matches!(c, '\u{FFF9}'..='\u{FFFB}' | '\u{FDD0}'..='\u{FDEF}')
            || u32::from(c) & 0xFFFE == 0xFFFE)
}

/// Whether a character is a control or separates lines or paragraphs.
#[must_use]
pub fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether a character overrides, embeds or isolates the direction of the text around it.
#[must_use]
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character has no glyph (`Default_Ignorable_Code_Point` of Unicode 16).
#[must_use]
pub fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether a character without a glyph changes how its neighbors are drawn.
fn shapes(text: &str, at: usize, c: char, before: Option<char>) -> bool {
    let Some(before) = before else { return false };
    let after = text[at + c.len_utf8()..].chars().next();
    let joins = |c: char| is_in(&JOINED_SCRIPTS, c);
    match c {
        '\u{200C}' => joins(before) && after.is_some_and(joins),
        '\u{200D}' => joins(before) || ends_emoji(before) && after.is_some_and(is_emoji),
        '\u{FE0E}'..='\u{FE0F}' => is_emoji(before) || matches!(before, '0'..='9' | '#' | '*'),
        '\u{FE00}'..='\u{FE0D}' => !before.is_ascii() && !before.is_whitespace() && !is_unprinted(before),
        '\u{E0100}'..='\u{E01EF}' => {
            matches!(before, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}')
        }
        '\u{180B}'..='\u{180F}' => matches!(before, '\u{1800}'..='\u{18AF}'),
        '\u{115F}'..='\u{1160}' => is_jamo(before) || after.is_some_and(is_jamo),
        '\u{34F}' => after.is_some_and(is_combining_mark),
        '\u{E0020}'..='\u{E007F}' => is_in_flag(text, at),
        _ => false,
    }
}

fn is_in(ranges: &[RangeInclusive<char>], c: char) -> bool {
    ranges.iter().any(|range| range.contains(&c))
}

fn is_emoji(c: char) -> bool {
    is_in(&EMOJI, c)
}

fn ends_emoji(c: char) -> bool {
    is_emoji(c) || c == '\u{FE0F}'
}

fn is_jamo(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{A960}'..='\u{A97F}' | '\u{D7B0}'..='\u{D7FF}')
}

fn is_in_flag(text: &str, at: usize) -> bool {
    // A flag has six tag characters behind its first.
    let mut before = text[..at].char_indices().rev().take(6);
    let start = before.find(|(_, c)| *c == '\u{1F3F4}');
    start.is_some_and(|(start, _)| FLAGS.iter().any(|flag| text[start..].starts_with(flag) && at < start + flag.len()))
}

#[cfg(test)]
mod tests {
    use crate::text::{sanitize, unprinted};

    fn hidden(text: &str) -> Vec<char> {
        unprinted(text).map(|(_, c)| c).collect()
    }

    #[test]
    fn escape_sequence_is_disarmed() {
        assert_eq!(sanitize("北京\u{1b}[31m\u{202E}"), "北京\u{FFFD}[31m\u{FFFD}");
        assert_eq!(sanitize("a\tb\r\nc\u{2028}"), "a\u{FFFD}b\u{FFFD}\u{FFFD}c\u{FFFD}");
    }

    #[test]
    fn invisible_character_is_replaced() {
        for c in
            ['\u{AD}', '\u{200B}', '\u{200C}', '\u{200D}', '\u{2060}', '\u{3164}', '\u{FE0F}', '\u{FEFF}', '\u{FFF9}']
        {
            assert_eq!(hidden(&format!("A{c}B")), [c], "{c:?}");
        }
        for c in ['\u{E0041}', '\u{E0100}', '\u{FFFE}', '\u{FDD0}', '\u{10FFFF}', '\u{115F}', '\u{200E}', '\u{180E}'] {
            assert_eq!(hidden(&format!("A{c}B")), [c], "{c:?}");
        }
    }

    #[test]
    fn character_that_shapes_its_neighbors_is_printed() {
        let flag = "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}";
        let words =
            ["👩‍👩‍👧", "❤️ 室", "1️⃣", "👩🏽‍💻", "می\u{200C}خواهم", "葛\u{E0100}飾", "क्\u{200D}ष", flag, "🏳️‍🌈", "A 座　1"];
        for word in words {
            assert_eq!(sanitize(word), word);
        }
    }

    #[test]
    fn joiner_at_an_end_is_replaced() {
        assert_eq!(hidden("\u{200D}👩"), ['\u{200D}']);
        assert_eq!(hidden("👩\u{200D}"), ['\u{200D}']);
        assert_eq!(hidden("👩\u{FE0F}\u{FE0F}"), ['\u{FE0F}']);
        assert_eq!(hidden("می\u{200C}"), ['\u{200C}']);
        assert_eq!(hidden("\u{1F3F4}\u{E0041}"), ['\u{E0041}']);
    }
}
