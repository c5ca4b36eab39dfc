//! Finds characters in a name that are not visible, or that a text leaves when it was read in a wrong encoding.

use encoding_rs::{Encoding, GB18030, WINDOWS_1252};

use crate::text::unprinted;

/// Text that editors and databases leave in place of lost characters.
const REMAINS: [&str; 3] = ["锟斤拷", "烫烫烫", "屯屯屯"];

/// What is wrong with the characters of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    /// A character that is not printed.
    Hidden(char),
    /// A character in place of one that was lost: U+FFFD, or one for private use.
    Replaced(char),
    /// UTF-8 that was read in another encoding.
    Misread,
}

/// Returns the damage of a name; errors of names (controls, bidi controls) are left to those.
pub(crate) fn damage(name: &str) -> Option<Damage> {
    if name.is_ascii() {
        return None;
    }
    let replaced = || name.chars().find(|c| is_replacement(*c)).map(Damage::Replaced);
    let hidden = || unprinted(name).map(|(_, c)| c).find(|c| !c.is_control()).map(Damage::Hidden);
    let is_misread = || REMAINS.iter().any(|remains| name.contains(remains)) || is_misread(name);
    replaced().or_else(hidden).or_else(|| is_misread().then_some(Damage::Misread))
}

fn is_replacement(c: char) -> bool {
    matches!(c, '\u{FFFC}'..='\u{FFFD}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}')
}

/// Whether the bytes of a text in another encoding are UTF-8: a coincidence in a text that was intended.
fn is_misread(name: &str) -> bool {
    let characters = name.chars().filter(|c| !c.is_ascii()).count();
    let latin = || decoded(name, WINDOWS_1252).is_some_and(|text| text.chars().count() < name.chars().count());
    let chinese = || decoded(name, GB18030).is_some_and(|text| text.chars().all(|c| c.is_ascii() || is_ideograph(c)));
    name.chars().all(|c| c.is_ascii() || u32::from(c) < 0x2200) && latin() || characters.is_multiple_of(3) && chinese()
}

fn decoded(name: &str, encoding: &'static Encoding) -> Option<String> {
    let (bytes, _, is_lossy) = encoding.encode(name);
    (!is_lossy).then(|| String::from_utf8(bytes.into_owned()).ok()).flatten()
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

#[cfg(test)]
mod tests {
    use crate::manifest::rules::damage::{Damage, damage};

    #[test]
    fn hidden_character_is_found() {
        for c in
            ['\u{200B}', '\u{AD}', '\u{FEFF}', '\u{FE0F}', '\u{E0041}', '\u{FFF9}', '\u{FFFE}', '\u{200D}', '\u{200E}']
        {
            assert_eq!(damage(&format!("北{c}京")), Some(Damage::Hidden(c)), "{c:?}");
        }
    }

    #[test]
    fn damaged_text_is_found() {
        assert_eq!(damage("北\u{FFFD}京"), Some(Damage::Replaced('\u{FFFD}')));
        assert_eq!(damage("北\u{E001}京"), Some(Damage::Replaced('\u{E001}')));
        for name in ["åŒ—äº¬", "Ã©tage", "鍖椾含", "涓婃捣 2", "锟斤拷", "Â°"] {
            assert_eq!(damage(name), Some(Damage::Misread), "{name}");
        }
    }

    #[test]
    fn intended_text_is_not_damaged() {
        for name in [
            "北京",
            "上海",
            "A 座",
            "通",
            "联通",
            "中国移动",
            "三号楼",
            "Café",
            "Ångström",
            "naïve",
            "Zürich",
            "Москва",
            "東京タワー",
            "👩‍👩‍👧",
            "❤️",
            "می\u{200C}خواهم",
            "葛\u{E0100}飾",
            "서울",
            "Ｚ座",
            "会议室①",
            "西城区西单",
            "鄂尔多斯",
            "醴陵市",
            "ÄÖÜ",
        ] {
            assert_eq!(damage(name), None, "{name}");
        }
    }
}
