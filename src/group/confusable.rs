//! Compares names as a reader sees them: without width, case, Unicode form, spaces, kinds of dashes and apostrophes, and
//! invisible characters; `ß` counts as `ss`.
//!
//! DingTalk may keep such names apart, so a match is a warning: people cannot keep them apart.

use unicode_normalization::UnicodeNormalization;

use crate::text::is_ignorable;

/// Writes the part of a name that distinguishes it from others; confusable names have the same.
///
/// A space between two digits is kept: `1 11` and `11 1` are different numbers.
pub fn skeleton(name: &str, into: &mut String) {
    into.clear();
    let mut is_spaced = false;
    let mut add = |c: char| {
        if c.is_whitespace() {
            is_spaced = true;
            return;
        }
        if std::mem::take(&mut is_spaced) && c.is_numeric() && into.ends_with(char::is_numeric) {
            into.push(' ');
        }
        match c {
            'ß' => into.push_str("ss"),
            c => into.push(plain(c)),
        }
    };
    match name.is_ascii() {
        true => name.chars().map(|c| c.to_ascii_lowercase()).for_each(&mut add),
        false => name.chars().filter(|c| !is_ignorable(*c)).nfkc().flat_map(char::to_lowercase).for_each(&mut add),
    }
}

/// Replaces the kinds of dashes by one, and the kinds of apostrophes.
const fn plain(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use crate::group::skeleton;

    fn alike(a: &str, b: &str) -> bool {
        let (mut left, mut right) = (String::new(), String::new());
        skeleton(a, &mut left);
        skeleton(b, &mut right);
        left == right
    }

    #[test]
    fn name_differing_only_in_form_is_confusable() {
        let pairs = [
            ("A 座", "Ａ 座"),
            ("Lab", "lab"),
            ("caf\u{E9}", "cafe\u{301}"),
            ("北京", "北\u{200B}京\u{FEFF}"),
            ("A 座", "A座"),
            ("A 座", "A　座 "),
            ("Room 1", "room1"),
            ("A-1", "A–1"),
            ("⼀号楼", "一号楼"),
            ("Straße", "STRASSE"),
            ("O’Hare", "O'Hare"),
            ("O‘Hare", "O＇Hare"),
        ];
        for (a, b) in pairs {
            assert!(alike(a, b), "{a} and {b}");
        }
    }

    #[test]
    fn name_differing_in_a_visible_way_is_not_confusable() {
        for (a, b) in [("北京", "背景"), ("1 11", "11 1"), ("１ 11", "111"), ("A1", "A2"), ("A-1", "A1")] {
            assert!(!alike(a, b), "{a} and {b}");
        }
    }
}
