//! Finds punctuation of Chinese input methods where YAML's own was intended.
//!
//! YAML takes such a character as text, so a list becomes one name and a key becomes a part of a name. A text in quotes is
//! never looked at: there the character is intended. Positions are offsets in bytes.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::i18n::Message;
use crate::localized;
use crate::manifest::parse::keys::{GROUP, LIMITS, TOP, closest};

/// Words that people write for a key of a group, folded.
const LIKE_KEYS: &[(&str, &str)] = &[
    ("名称", "name"),
    ("名字", "name"),
    ("分组名称", "name"),
    ("names", "name"),
    ("子分组", "children"),
    ("子级", "children"),
    ("下级", "children"),
    ("下级分组", "children"),
    ("child", "children"),
    ("childs", "children"),
    ("曾用名", "was"),
    ("原名", "was"),
];
/// The length from which a key is recognized with a typo; shorter ones are too near to ordinary words.
const LONG_KEY: usize = 6;

/// A character that was typed, and the one of YAML that it resembles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slip {
    /// Its offset in the text, in bytes.
    pub at: usize,
    /// What was typed.
    pub typed: char,
    /// The character of YAML.
    pub meant: char,
}

/// A bare name that was probably intended as something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameSlip {
    /// A key with a colon that YAML does not recognize; its value is lost.
    Key(Slip),
    /// A key that a group does not have, with the colon that YAML does not recognize, and the key that was probably meant.
    LikeKey(Slip, &'static str),
    /// A colon with a list or a mapping in brackets behind it.
    Brackets(Slip),
    /// Quotes or brackets around the whole name.
    Enclosed(Slip),
    /// A character that separates names.
    Separator(Slip),
    /// A full-width `#` after a space.
    Comment(Slip),
    /// A full-width dash before a space.
    Dash(Slip),
}

/// Returns how a bare name was probably intended; `None` for an ordinary name.
#[must_use]
pub fn name_slip(name: &str) -> Option<NameSlip> {
    // Most names have neither a colon nor a character that resembles YAML's.
    if !name.contains(|c: char| c == ':' || resembled(c).is_some()) {
        return None;
    }
    key(name)
        .map(NameSlip::Key)
        .or_else(|| like_key(name).map(|(slip, key)| NameSlip::LikeKey(slip, key)))
        .or_else(|| brackets(name).map(NameSlip::Brackets))
        .or_else(|| enclosed(name).map(NameSlip::Enclosed))
        .or_else(|| separator(name).map(NameSlip::Separator))
        .or_else(|| comment(name).map(NameSlip::Comment))
        .or_else(|| dash(name).map(NameSlip::Dash))
}

impl NameSlip {
    /// Returns the character that shows the intention.
    #[must_use]
    pub const fn slip(self) -> Slip {
        match self {
            Self::Key(slip) | Self::LikeKey(slip, _) | Self::Brackets(slip) => slip,
            Self::Enclosed(slip) | Self::Separator(slip) | Self::Comment(slip) | Self::Dash(slip) => slip,
        }
    }
}

impl Slip {
    /// Describes the character: `` `：` (U+FF1A) is not YAML's `:` ``.
    #[must_use]
    pub fn described(self) -> Message {
        let Self { typed, meant, .. } = self;
        match (typed == meant, meant) {
            (true, _) => localized!("`{meant}` has no space after it", "`{meant}` 后面没有空格"),
            (_, ' ') => {
                localized!(
                    "U+{:04X} is not a space that YAML recognizes",
                    "U+{:04X} 不是 YAML 认可的空格",
                    u32::from(typed)
                )
            }
            _ => localized!(
                "`{typed}` (U+{:04X}) is not YAML's `{meant}`",
                "`{typed}`（U+{:04X}）不是 YAML 的 `{meant}`",
                u32::from(typed)
            ),
        }
    }

    /// Returns how to write it.
    pub(crate) fn help(self) -> Message {
        let Self { typed, meant, .. } = self;
        match (typed == meant, meant) {
            (true, _) => localized!("Write a space after the `{meant}`", "在 `{meant}` 后加一个空格"),
            (_, ' ') => localized!("Type an ordinary space (U+0020)", "改用半角空格（U+0020）"),
            (_, ':' | ',' | '-') => localized!(
                "Type `{meant}` and a space, with the input method set to half-width punctuation",
                "把输入法切换到半角标点，输入 `{meant}` 和一个空格"
            ),
            _ => localized!(
                "Type `{meant}`, with the input method set to half-width punctuation",
                "把输入法切换到半角标点，输入 `{meant}`"
            ),
        }
    }
}

/// Puts the description of the first full-width character of a text before a help.
pub(crate) fn noted(text: &str, help: &Message) -> Message {
    let full_width = text.char_indices().find_map(|(at, typed)| Some(Slip { at, typed, meant: resembled(typed)? }));
    let slip = key(text).or(full_width).or_else(|| tight_dash(text));
    match slip.map(Slip::described) {
        Some(described) => localized!("{described}. {help}", "{described}。{help}"),
        None => help.clone(),
    }
}

/// Finds the slip that explains a syntax error at a byte: there, on its line, or on one of the two lines above.
pub(crate) fn near(text: &str, at: usize) -> Option<Slip> {
    let (start, end) = line(text, at);
    let above = std::iter::successors(Some(start), |start| start.checked_sub(1).map(|end| line(text, end).0));
    let there = at_byte(text, start, at).or_else(|| unclosed(text, at, end));
    there.or_else(|| above.take(3).find_map(|start| in_line(text, line(text, start))))
}

fn line(text: &str, at: usize) -> (usize, usize) {
    let is_break = ['\n', '\r'];
    let start = text[..at].rfind(is_break).map_or(0, |end| end + 1);
    (start, text[at..].find(is_break).map_or(text.len(), |end| at + end))
}

/// Finds the character at a byte, or the comma before the key that ends there.
fn at_byte(text: &str, start: usize, at: usize) -> Option<Slip> {
    let typed = text[at..].chars().next();
    let here = typed.and_then(|typed| Some(Slip { at, typed, meant: resembled(typed)? }));
    here.or_else(|| {
        let before = text[start..at].trim_end_matches(is_word).trim_end();
        last(before, start).filter(|slip| slip.meant == ',')
    })
}

/// Finds the other half of a bracket or a quote that is opened at a byte.
fn unclosed(text: &str, at: usize, end: usize) -> Option<Slip> {
    let (open, within) = match text[at..].chars().next()? {
        open @ ('[' | '{') => (open, at + 1..text.len()),
        open @ ('"' | '\'') => (open, at + 1..end),
        _ => return None,
    };
    let close = match open {
        '[' => ']',
        '{' => '}',
        quote => quote,
    };
    let start = within.start;
    let mut found = text[within].char_indices().filter(|(_, c)| !c.is_ascii() && resembled(*c) == Some(close));
    found.next().map(|(at, typed)| Slip { at: start + at, typed, meant: close })
}

/// Finds a slip where the structure of a line needs a character of YAML: indentation, dash, key, colon, bracket, quote.
fn in_line(text: &str, (start, end): (usize, usize)) -> Option<Slip> {
    let mut rest = text[start..end].trim_start_matches(' ');
    loop {
        let at = end - rest.len();
        let first = rest.chars().next()?;
        match (first, resembled(first)) {
            (_, Some(meant)) if !matches!(meant, '.' | ':' | ',') => return Some(Slip { at, typed: first, meant }),
            ('-', _) if rest[1..].starts_with(is_odd_space) => return first_of(&rest[1..], at + 1),
            ('-', _) if rest[1..].starts_with(' ') => rest = rest[1..].trim_start_matches(' '),
            ('-', _) => return tight_dash(rest).map(|slip| Slip { at, ..slip }),
            ('[' | '{', _) => return in_brackets(rest, at),
            _ => break,
        }
    }
    let at = end - rest.len();
    key(rest).map(|slip| Slip { at: at + slip.at, ..slip }).or_else(|| {
        let (_, value) = rest.split_once(": ")?;
        let value = value.trim_start_matches(' ');
        let typed = value.chars().next()?;
        let meant = resembled(typed).filter(|meant| matches!(meant, '[' | '{' | '"' | '\'' | ' '))?;
        Some(Slip { at: end - value.len(), typed, meant })
    })
}

/// Finds punctuation in brackets that separates nothing there.
fn in_brackets(text: &str, at: usize) -> Option<Slip> {
    let is_meant = |c: char| resembled(c).is_some_and(|meant| matches!(meant, ',' | ':' | '[' | ']' | '{' | '}'));
    let found = text.find(is_meant)?;
    first_of(&text[found..], at + found)
}

fn first_of(text: &str, at: usize) -> Option<Slip> {
    let typed = text.chars().next()?;
    Some(Slip { at, typed, meant: resembled(typed)? })
}

fn last(text: &str, start: usize) -> Option<Slip> {
    let (at, typed) = text.char_indices().next_back()?;
    Some(Slip { at: start + at, typed, meant: resembled(typed)? })
}

/// Finds a known key at the start of a text, or after a separator in it, whose colon YAML does not take for one.
fn key(text: &str) -> Option<Slip> {
    let is_separator = |c: char| c == ',' || resembled(c).is_some_and(|meant| matches!(meant, ',' | ';'));
    let mut at = 0;
    for part in text.split_inclusive(is_separator) {
        if let Some(slip) = key_of(part) {
            return Some(Slip { at: at + slip.at, ..slip });
        }
        at += part.len();
    }
    None
}

/// Returns the known key that a line begins with, whatever its colon.
pub(crate) fn key_at_start(line: &str) -> Option<String> {
    let word: String = line.chars().take_while(|c| is_word(*c)).nfkc().collect();
    let is_known = key_of(line).is_some_and(|slip| line[..slip.at].trim_end().chars().all(is_word));
    is_known.then_some(word)
}

fn key_of(part: &str) -> Option<Slip> {
    let opened =
        part.trim_start_matches(|c: char| c.is_whitespace() || c != ':' && !is_word(c) && !c.is_alphanumeric());
    let word = &opened[..opened.find(|c: char| !is_word(c))?];
    let behind = opened[word.len()..].trim_start_matches(|c: char| c.is_whitespace() || "\"'”’＂＇".contains(c));
    let typed = behind.chars().next().filter(|c| *c == ':' || resembled(*c) == Some(':'))?;
    let is_tight = typed != ':' || behind[1..].starts_with(|c| c != ' ' && c != '\t');
    let at = part.len() - behind.len();
    (is_tight && is_known(word)).then_some(Slip { at, typed, meant: ':' })
}

/// Finds a word at the start that looks like a key of a group: in upper case, in Chinese, or misspelt; and that key.
fn like_key(name: &str) -> Option<(Slip, &'static str)> {
    let (at, slip) = colon(name)?;
    let word: String = name[..at].trim().nfkc().flat_map(char::to_lowercase).collect();
    let alias = LIKE_KEYS.iter().find(|(alias, _)| *alias == word).map(|(_, key)| *key);
    let typo = || {
        let near = closest(&word, &GROUP).map(|at| GROUP[at])?;
        (near == word && near != "id" || near.len() >= LONG_KEY).then_some(near)
    };
    alias.or_else(typo).map(|key| (slip, key))
}

/// Finds a colon before a list or a mapping in brackets that ends the name.
fn brackets(name: &str) -> Option<Slip> {
    let (at, slip) = colon(name)?;
    let behind = name[at + slip.typed.len_utf8()..].trim();
    let is_pair = |open: [char; 2], close: [char; 2]| behind.starts_with(open) && behind.ends_with(close);
    (is_pair(['[', '［'], [']', '］']) || is_pair(['{', '｛'], ['}', '｝'])).then_some(slip)
}

/// Returns the first colon of a name, and where it is; an ASCII one at the end or before a space is YAML's own.
fn colon(name: &str) -> Option<(usize, Slip)> {
    let (at, typed) = name.char_indices().find(|(_, c)| *c == ':' || resembled(*c) == Some(':'))?;
    let behind = &name[at + typed.len_utf8()..];
    let is_yaml = typed == ':' && (behind.is_empty() || behind.starts_with([' ', '\t']));
    (at > 0 && !is_yaml).then_some((at, Slip { at, typed, meant: ':' }))
}

fn is_known(word: &str) -> bool {
    let word: Cow<'_, str> = if word.is_ascii() { word.into() } else { word.nfkc().collect::<String>().into() };
    TOP.iter().chain(&LIMITS).chain(&GROUP).any(|key| *key == word)
}

/// Whether a character may be of a key: an ASCII letter, in full width too.
fn is_word(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, 'Ａ'..='Ｚ' | 'ａ'..='ｚ')
}

/// Finds quotes around a whole name, or one that is opened and not closed; or full-width brackets around it.
fn enclosed(name: &str) -> Option<Slip> {
    let slip = first_of(name, 0)?;
    let inner = &name[slip.typed.len_utf8()..];
    let quotes = |text: &str| text.chars().filter(|c| is_quote(*c)).count();
    let is_enclosed = match slip.typed {
        '“' | '‘' | '＂' | '＇' if quotes(inner) == 0 => true,
        // Corner brackets are a part of names, as in 「桜」.
        '「' | '『' => false,
        c if is_quote(c) => quotes(inner) == 1 && inner.ends_with(is_quote),
        '［' => inner.ends_with('］'),
        '｛' => inner.ends_with('｝'),
        _ => false,
    };
    is_enclosed.then_some(slip)
}

fn is_quote(c: char) -> bool {
    matches!(resembled(c), Some('"' | '\''))
}

fn separator(name: &str) -> Option<Slip> {
    let is_separator = |c: char| resembled(c).is_some_and(|meant| matches!(meant, ',' | ';'));
    let at = name.find(is_separator)?;
    first_of(&name[at..], at)
}

fn comment(name: &str) -> Option<Slip> {
    let mut found = name.match_indices('＃').filter(|(at, _)| name[..*at].ends_with(char::is_whitespace));
    found.next().map(|(at, _)| Slip { at, typed: '＃', meant: '#' })
}

fn dash(name: &str) -> Option<Slip> {
    let slip = first_of(name, 0).filter(|slip| slip.meant == '-')?;
    name[slip.typed.len_utf8()..].starts_with(char::is_whitespace).then_some(slip)
}

/// Finds a `-` at the start of a text that has no space after it.
fn tight_dash(text: &str) -> Option<Slip> {
    let behind = text.strip_prefix('-')?;
    behind.starts_with(|c: char| c != '-' && !c.is_whitespace()).then_some(Slip { at: 0, typed: '-', meant: '-' })
}

fn is_odd_space(c: char) -> bool {
    resembled(c) == Some(' ')
}

/// Returns the ASCII character that another resembles.
fn resembled(c: char) -> Option<char> {
    if c.is_ascii() {
        return None;
    }
    Some(match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0)?,
        '、' | '﹐' | '﹑' | '\u{FF64}' | '\u{060C}' => ',',
        '﹔' | '\u{061B}' => ';',
        '﹕' | '︰' | '∶' => ':',
        '。' | '\u{FF61}' => '.',
        '“' | '”' | '„' | '「' | '」' | '『' | '』' => '"',
        '‘' | '’' => '\'',
        '【' => '[',
        '】' => ']',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '﹣' | '•' | '●' => '-',
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => ' ',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::manifest::rules::full_width::{NameSlip, name_slip, near};

    fn kind(name: &str) -> &'static str {
        match name_slip(name) {
            Some(NameSlip::Key(_)) => "key",
            Some(NameSlip::LikeKey(..)) => "like key",
            Some(NameSlip::Brackets(_)) => "brackets",
            Some(NameSlip::Enclosed(_)) => "enclosed",
            Some(NameSlip::Separator(_)) => "separator",
            Some(NameSlip::Comment(_)) => "comment",
            Some(NameSlip::Dash(_)) => "dash",
            None => "",
        }
    }

    #[test]
    fn key_without_a_colon_of_yaml_is_found() {
        let names = [
            "name：北京",
            "name:北京",
            "name ：北京",
            "ｎａｍｅ：北京",
            "｛name：北京｝",
            "北京，id：7",
            "A,id:7",
            "“name”：北京",
            "was：沪",
        ];
        names.into_iter().for_each(|name| assert_eq!(kind(name), "key", "{name}"));
    }

    #[test]
    fn key_in_another_spelling_is_found() {
        let names = [
            ("名称：北京", "name"),
            ("名称:北京", "name"),
            ("Name：北京", "name"),
            ("NAME:北京", "name"),
            ("下级：A", "children"),
            ("chidren：A", "children"),
            ("Ｎａｍｅ：北京", "name"),
            ("曾用名：A", "was"),
        ];
        for (name, key) in names {
            assert!(matches!(name_slip(name), Some(NameSlip::LikeKey(_, found)) if found == key), "{name}");
        }
    }

    #[test]
    fn list_in_brackets_behind_a_name_is_found() {
        for name in ["北京:[A,B]", "北京：[A,B]", "北京:{A: B}", "北京： ［A、B］"] {
            assert_eq!(kind(name), "brackets", "{name}");
        }
    }

    #[test]
    fn list_in_one_name_is_found() {
        ["A 座，B 座", "北京、上海", "研发；测试", "“A”，“B”", "北京､上海", "北京،上海", "「A」、「B」"]
            .into_iter()
            .for_each(|name| assert_eq!(kind(name), "separator", "{name}"));
    }

    #[test]
    fn enclosed_name_comment_and_dash_are_found() {
        for name in ["“北京”", "‘北京’", "”北京”", "“北京", "＂北京＂", "［北京］"] {
            assert_eq!(kind(name), "enclosed", "{name}");
        }
        assert_eq!((kind("北京 ＃ 首都"), kind("－ 北京"), kind("— 北京")), ("comment", "dash", "dash"));
    }

    #[test]
    fn ordinary_name_has_no_slip() {
        for name in [
            "北京",
            "A 座",
            "北京：总部",
            "会议室:1",
            "10:30",
            "C＃ 室",
            "“新”大楼",
            "“甲”和“乙”",
            "O’Brien",
            "15”屏",
            "【北京】总部",
            "ＡＢＣ",
            "A－1",
            "研发（测试）",
            "rename：x",
            "A　座",
            "nameless:1",
            "a:b",
            "URL：x",
            "北京·望京",
            "—",
            "👩‍👩‍👧",
            "「桜」",
            "『松』",
            "「竹」会議室",
            "ID:301",
            "ID：301",
            "Game：一区",
            "北京:总部",
            "会议室：【大】",
            "Names",
            "children:",
        ] {
            assert_eq!(kind(name), "", "{name}");
        }
    }

    #[test]
    fn slip_near_a_syntax_error_is_found() {
        let typed = |text: &str, at: usize| near(text, at).map(|slip| (slip.at, slip.typed));
        assert_eq!(typed("version： 1\ngroups:\n", 18), Some((7, '：')));
        assert_eq!(typed("groups: [A, B］\n", 8), Some((13, '］')));
        assert_eq!(typed("- \"北京”\n", 2), Some((9, '”')));
        assert_eq!(typed("- a: b，children: c\n", 17), Some((6, '，')));
        assert_eq!(typed("groups:\n\u{3000}- A\n", 8), Some((8, '\u{3000}')));
        assert_eq!(typed("groups:\n  - 研发，测试\n  x\n", 30), None);
    }
}
