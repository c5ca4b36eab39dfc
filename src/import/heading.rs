//! The words that head columns, in Chinese and in English: which level they mean, or whether whole paths.
//!
//! A heading is compared without blanks, case, width, and what stands in brackets behind it. Named levels (城市, building) have no
//! rank of their own: they rank by where they stand, from left to right.

use crate::say;

use unicode_normalization::UnicodeNormalization;

/// What a heading says about its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heading {
    /// The level of this number, from 1: 一级, level 1.
    Numbered(u32),
    /// A level by what stands there: 城市, campus.
    Named,
    /// Names or paths: 分组, name.
    Vague,
    /// Whole paths: 路径, path.
    Path,
}

/// What stands at a level.
const NAMED: [&str; 58] = [
    "国家",
    "国家地区",
    "省",
    "省份",
    "省市",
    "城市",
    "市",
    "大区",
    "区域",
    "地区",
    "片区",
    "区",
    "区县",
    "园区",
    "厂区",
    "校区",
    "院区",
    "基地",
    "职场",
    "工区",
    "办公区",
    "办公地",
    "办公地点",
    "地点",
    "场地",
    "楼栋",
    "楼宇",
    "大楼",
    "大厦",
    "楼",
    "栋",
    "座",
    "楼座",
    "楼号",
    "栋号",
    "楼层",
    "层",
    "country",
    "region",
    "area",
    "province",
    "state",
    "district",
    "city",
    "town",
    "campus",
    "site",
    "park",
    "office",
    "location",
    "premises",
    "building",
    "tower",
    "block",
    "wing",
    "house",
    "floor",
    "storey",
];
/// What may be a name or a path.
const VAGUE: [&str; 10] =
    ["分组", "会议室分组", "分组名称", "组名", "名称", "group", "groupname", "groups", "name", "roomgroup"];
/// Whole paths.
const PATH: [&str; 10] = [
    "路径",
    "分组路径",
    "完整路径",
    "全路径",
    "层级路径",
    "会议室分组路径",
    "path",
    "fullpath",
    "grouppath",
    "roomgrouppath",
];
/// What may stand before the number of a level.
const BEFORE_NUMBER: [&str; 8] = ["level", "lvl", "l", "tier", "层级", "级别", "分组层级", "第"];
/// What may stand behind it, once `级` is taken away.
const AFTER_NUMBER: [&str; 9] = ["", "分组", "名称", "分组名称", "会议室分组", "目录", "节点", "name", "group"];
/// Chinese numbers, from 1.
const DIGITS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

impl Heading {
    /// Recognizes a heading.
    pub(super) fn of(text: &str) -> Option<Self> {
        let bare = bare(text);
        if PATH.contains(&bare.as_str()) {
            return Some(Self::Path);
        }
        if VAGUE.contains(&bare.as_str()) {
            return Some(Self::Vague);
        }
        numbered(&bare).map(Self::Numbered).or_else(|| is_named(&bare).then_some(Self::Named))
    }

    /// Returns how much it says for a row of headings; a vague word may as well be a title.
    pub(super) fn weight(self) -> u32 {
        if self == Self::Vague { 1 } else { 2 }
    }
}

/// Returns the heading of a level, from 1, as it is written.
#[must_use]
pub fn level_heading(level: usize) -> String {
    let chinese = level.checked_sub(1).and_then(|at| DIGITS.get(at)).map(|digit| (*digit).to_owned());
    let level = say!(None, chinese).unwrap_or_else(|| level.to_string());
    say!(format: "level {level}", "{level}级")
}

/// Returns the heading of whole paths.
#[must_use]
pub fn path_heading() -> &'static str {
    say!("path", "路径")
}

/// Returns the heading of ids.
#[must_use]
pub fn id_heading() -> &'static str {
    say!("id", "分组 ID")
}

/// Takes away what does not count: blanks, marks, case, width, and brackets with what is in them at the end.
fn bare(text: &str) -> String {
    let folded: String = text.nfkc().flat_map(char::to_lowercase).filter(|c| !is_idle(*c)).collect();
    match folded.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
        Some((before, _)) if !before.is_empty() => before.to_owned(),
        _ => folded,
    }
}

fn is_idle(c: char) -> bool {
    c.is_whitespace() || matches!(c, '_' | '-' | '*' | ':' | '.' | '#')
}

/// Reads 一级, 第1级分组, level 1, L1, 层级一.
fn numbered(bare: &str) -> Option<u32> {
    let prefix = BEFORE_NUMBER.iter().filter(|prefix| bare.starts_with(**prefix)).max_by_key(|prefix| prefix.len());
    let rest = &bare[prefix.map_or(0, |prefix| prefix.len())..];
    let (number, rest) = number(rest)?;
    let (rest, is_level) = rest.strip_prefix('级').map_or((rest, false), |rest| (rest, true));
    let has_word = is_level || prefix.is_some_and(|prefix| *prefix != "第");
    (has_word && AFTER_NUMBER.contains(&rest)).then_some(number)
}

fn number(text: &str) -> Option<(u32, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    if digits > 0 {
        return Some((text[..digits].parse().ok()?, &text[digits..]));
    }
    let (at, digit) = DIGITS.iter().enumerate().find(|(_, digit)| text.starts_with(**digit))?;
    Some((u32::try_from(at + 1).ok()?, &text[digit.len()..]))
}

/// Reads 城市, 城市名称, 省/市.
fn is_named(bare: &str) -> bool {
    let is_one = |text: &str| {
        let stem = ["名称", "名字", "名", "name"].iter().find_map(|suffix| text.strip_suffix(suffix));
        NAMED.contains(&text) || stem.is_some_and(|stem| NAMED.contains(&stem))
    };
    bare.split('/').all(is_one)
}

#[cfg(test)]
mod tests {
    use crate::import::heading::{Heading, id_heading, level_heading, path_heading};
    use crate::language::Language;

    #[test]
    fn levels_are_known_by_their_numbers() {
        for (text, level) in [
            ("一级", 1),
            ("第二级", 2),
            ("三级分组", 3),
            ("1级", 1),
            ("第 2 级名称", 2),
            ("层级三", 3),
            ("Level 1", 1),
            ("LEVEL_2", 2),
            ("level-3", 3),
            ("L4", 4),
            ("一级（必填）", 1),
            ("Ｌｅｖｅｌ １", 1),
            ("*十级", 10),
            ("Level 1 name", 1),
        ] {
            assert_eq!(Heading::of(text), Some(Heading::Numbered(level)), "{text}");
        }
    }

    #[test]
    fn levels_are_known_by_what_stands_there() {
        for text in
            ["城市", "园区", "楼栋", "City", "campus", "Building name", "城市名称", "省/市", "国家/地区", "楼层 (可选)"]
        {
            assert_eq!(Heading::of(text), Some(Heading::Named), "{text}");
        }
    }

    #[test]
    fn paths_and_vague_words_are_known() {
        assert_eq!(Heading::of("分组路径"), Some(Heading::Path));
        assert_eq!(Heading::of("Full path"), Some(Heading::Path));
        assert_eq!(Heading::of("分组"), Some(Heading::Vague));
        assert_eq!(Heading::of(" Name "), Some(Heading::Vague));
        for text in ["", "备注", "容量", "会议室名称", "北京", "第一层", "1", "一", "id", "()", "/", "12楼"]
        {
            assert_eq!(Heading::of(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_written_is_known_again() {
        for language in Language::ALL {
            language.scope(|| {
                for level in 1..15 {
                    let number = u32::try_from(level).unwrap();
                    assert_eq!(Heading::of(&level_heading(level)), Some(Heading::Numbered(number)));
                }
                assert_eq!(Heading::of(path_heading()), Some(Heading::Path));
                assert_eq!(Heading::of(id_heading()), None);
            });
        }
    }
}
