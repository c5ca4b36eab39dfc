//! When two names look alike: equal once width, compatibility forms, case and invisible characters are set aside.
//!
//! DingTalk may well keep such names apart, so they are a warning: people cannot keep them apart.

use unicode_normalization::UnicodeNormalization;

/// Writes what is left of a name when all is set aside that the eye overlooks.
pub(super) fn skeleton(name: &str, into: &mut String) {
    into.clear();
    match name.is_ascii() {
        true => into.extend(name.chars().map(|c| c.to_ascii_lowercase())),
        false => into.extend(name.chars().filter(|c| !is_invisible(*c)).nfkc().flat_map(char::to_lowercase)),
    }
}

/// Says whether a character is shown as nothing (`Default_Ignorable_Code_Point` of Unicode 16).
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// Says whether a name is shown as nothing at all: a manifest may not have it.
#[must_use]
pub fn is_blank(name: &str) -> bool {
    name.chars().all(is_invisible)
}

#[cfg(test)]
mod tests {
    use crate::manifest::lookalike::skeleton;

    fn alike(a: &str, b: &str) -> bool {
        let (mut left, mut right) = (String::new(), String::new());
        skeleton(a, &mut left);
        skeleton(b, &mut right);
        left == right
    }

    #[test]
    fn what_the_eye_overlooks_is_set_aside() {
        for (a, b) in
            [("A 座", "Ａ 座"), ("Lab", "lab"), ("caf\u{E9}", "cafe\u{301}"), ("北京", "北\u{200B}京\u{FEFF}")]
        {
            assert!(alike(a, b), "{a} and {b}");
        }
        assert!(!alike("A 座", "A座"));
        assert!(!alike("北京", "背景"));
    }
}
