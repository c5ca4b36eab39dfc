//! Compares names that may be spellings of one name.
//!
//! Case, width and spaces do not count. Names of any length come from outside, so long names are compared for equality only.

use unicode_normalization::UnicodeNormalization;

/// The longest names of which edits are counted, in characters.
const LONGEST: usize = 64;

/// Returns a name without spaces, in lower case and without compatibility forms.
pub(super) fn folded(name: &str) -> String {
    name.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Returns the number of edits between two folded names if they are similar.
///
/// Similar are names with one edit for each three characters, at least one, and names of which one begins or ends with the other.
/// A name of one character is similar to itself alone.
pub(super) fn edits(a: &str, b: &str) -> Option<usize> {
    let (a_length, b_length) = (length(a), length(b));
    let (short, long) = (a_length.min(b_length), a_length.max(b_length));
    if !(2..=LONGEST).contains(&long) {
        return (a == b).then_some(0);
    }
    if short >= 2 && short * 2 >= long && is_extended(a, b) {
        return Some(long - short);
    }
    let most = (long / 3).max(1);
    if long - short > most {
        return None;
    }
    Some(strsim::osa_distance(a, b)).filter(|edits| *edits <= most)
}

/// Returns whether two folded names differ in their digits alone, as those of floors and rooms do.
pub(super) fn is_series(a: &str, b: &str) -> bool {
    let letters = |name: &str| name.chars().filter(|c| !c.is_numeric()).collect::<String>();
    a != b && letters(a) == letters(b)
}

fn is_extended(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    long.starts_with(short) || long.ends_with(short)
}

/// Counts the characters of a name, but no further than one past the longest that counts.
fn length(name: &str) -> usize {
    name.chars().take(LONGEST + 1).count()
}

#[cfg(test)]
mod tests {
    use crate::plan::similarity::{edits, folded, is_series};

    fn similar(a: &str, b: &str) -> Option<usize> {
        edits(&folded(a), &folded(b))
    }

    #[test]
    fn misspelt_names_are_similar() {
        for (a, b, expected) in [
            ("望京园区", "望京圆区", 1),
            ("Building", "Biulding", 1),
            ("City 05", "City 5", 1),
            ("A座", "Ａ 座", 0),
            ("lab", "LAB", 0),
            ("望京", "望京园区", 2),
            ("A座", "B座", 1),
        ] {
            assert_eq!((similar(a, b), similar(b, a)), (Some(expected), Some(expected)), "{a} and {b}");
        }
    }

    #[test]
    fn other_names_are_not_similar() {
        let long = |c: &str| "名".repeat(100) + c;
        let long = (long("a"), long("b"));
        for (a, b) in [
            ("北京", "上海"),
            ("A", "B"),
            ("Nowhere", "北京"),
            ("London", "Lisbon"),
            ("望京园区", "亦庄园区"),
            (&long.0, &long.1),
        ] {
            assert_eq!(similar(a, b), None, "{a} and {b}");
        }
    }

    #[test]
    fn names_that_differ_in_digits_are_a_series() {
        assert!(is_series("1号楼", "2号楼") && is_series("room9", "room10"));
        assert!(!is_series("a座", "b座") && !is_series("1号楼", "1号楼"));
    }
}
