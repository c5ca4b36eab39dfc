//! What is said about the mistakes that reading finds, each with what to do.
//!
//! Apart from `read`, so that the words can be weighed side by side.

use std::ops::RangeInclusive;

use crate::group::NameError;
use crate::i18n::Message;
use crate::manifest::parse::quote::Shown;
use crate::manifest::rules::damage::Damage;
use crate::manifest::rules::full_width::NameSlip;
use crate::manifest::{Diagnostic, Rule, Span};
use crate::{localized, tr};

pub(crate) fn unknown_key(text: &str, place: Span, keys: &[&'static str], meant: Option<usize>) -> Diagnostic {
    let problem = Diagnostic::error(Rule::UnknownKey, localized!("The key {} is unknown", "未知的键 {}", Shown(text)));
    let known = known_keys(keys);
    match meant {
        Some(at) => problem.at(place, localized!("did you mean `{}`?", "是不是 `{}`？", keys[at])).help(known),
        None if keys.contains(&"children") => problem.at(place, localized!("not a key of a group", "不是分组的键")).help(localized!(
            "{known}; a group with children is written `{{name: …, children: [ … ]}}`, and a name that holds `: ` needs quotes",
            "{known}；含下级的分组写作 `{{name: …, children: [ … ]}}`，含有 `: ` 的名称要加引号"
        )),
        None => problem.at(place, localized!("unknown", "未知")).help(known),
    }
}

fn known_keys(keys: &[&str]) -> Message {
    let keys: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
    localized!("The keys here are {}", "这里可用的键有：{}", keys.join(tr!(", ", "、")))
}

pub(crate) fn duplicate_key(key: &str, earlier: Span, again: Span) -> Diagnostic {
    let message = localized!("The key {} is given twice", "键 {} 给出了两次", Shown(key));
    Diagnostic::error(Rule::DuplicateKey, message)
        .at(again, localized!("given again here", "在这里再次给出"))
        .related(earlier, localized!("first given here", "首次出现在这里"))
        .help(localized!(
            "Remove one of them; a group of its own begins with `- `",
            "删去其中一个；如果是另一个分组，请以 `- ` 开头"
        ))
}

pub(crate) fn no_version(place: Span) -> Diagnostic {
    missing(localized!("The manifest has no `version`", "清单中没有 `version`"), place).help(localized!(
        "Write `version: 1` at the top: the version of the manifest's format",
        "在开头写上 `version: 1`：清单的格式版本"
    ))
}

pub(crate) fn no_groups(place: Span) -> Diagnostic {
    missing(localized!("The manifest has no `groups`", "清单中没有 `groups`"), place)
        .help(localized!("Add `groups:` with a list of groups", "加上 `groups:` 和分组列表"))
}

pub(crate) fn no_name(place: Span) -> Diagnostic {
    missing(localized!("The group has no `name`", "分组没有 `name`"), place)
        .help(localized!("Add `name:` with the name of the group", "加上 `name:` 和分组的名称"))
}

fn missing(message: Message, place: Span) -> Diagnostic {
    Diagnostic::error(Rule::MissingKey, message).at(place, localized!("in this mapping", "在这个映射中"))
}

pub(crate) fn wrong_type(what: &Message, wanted: &Message, is: &Message, place: Span) -> Diagnostic {
    let message = localized!("{what} {is}, but {wanted} is wanted", "{what}应为{wanted}，而这里{is}");
    Diagnostic::error(Rule::WrongType, message).at(place, localized!("{wanted} is wanted", "这里应为{wanted}"))
}

/// Names the value of a key.
pub(crate) fn key(name: &str) -> Message {
    localized!("`{name}`", "`{name}` 的值")
}

pub(crate) fn a_mapping() -> Message {
    localized!("a mapping", "映射")
}

pub(crate) fn a_list() -> Message {
    localized!("a list", "列表")
}

pub(crate) fn a_text() -> Message {
    localized!("text", "文本")
}

pub(crate) fn how_to_begin() -> Message {
    localized!(
        "A manifest begins with `version: 1`, followed by `groups:` and a list of groups",
        "清单以 `version: 1` 开头，接着是 `groups:` 和分组列表"
    )
}

pub(crate) fn out_of_range(key: &str, number: &str, range: &RangeInclusive<i64>, place: Span) -> Diagnostic {
    let message = localized!("`{key}` is {}, which is not possible", "`{key}` 不能是 {}", Shown(number));
    Diagnostic::error(Rule::OutOfRange, message).at(place, localized!("out of range", "超出范围")).help(localized!(
        "Write a whole number from {} to {}",
        "写一个 {} 到 {} 之间的整数",
        range.start(),
        range.end()
    ))
}

pub(crate) fn unsupported(version: &str, place: Span) -> Diagnostic {
    let message = localized!("Format version {} is not supported", "不支持格式版本 {}", Shown(version));
    Diagnostic::error(Rule::UnsupportedVersion, message)
        .at(place, localized!("this roomtree reads version 1", "此版本的 roomtree 支持版本 1"))
        .help(localized!(
            "Write `version: 1`, or use a newer roomtree if the manifest was made for one",
            "写成 `version: 1`；如果清单是为更高版本的 roomtree 编写的，请升级 roomtree"
        ))
}

pub(crate) fn merge_key(place: Span) -> Diagnostic {
    Diagnostic::error(Rule::MergeKey, localized!("Merge keys are not supported", "不支持合并键"))
        .at(place, localized!("a merge key", "合并键"))
        .help(localized!(
            "Use an alias for a whole value instead: `children: &floors [ … ]`, then `children: *floors`",
            "改用别名来代表整个值：先写 `children: &floors [ … ]`，再写 `children: *floors`"
        ))
}

pub(crate) fn alias_bomb(place: Span, most: u32) -> Diagnostic {
    let message = localized!(
        "Aliases stand for more than {most} groups and former names",
        "别名展开后超过 {most} 个分组和曾用名"
    );
    Diagnostic::error(Rule::AliasExpansion, message)
        .at(place, localized!("exceeded by this alias", "到这个别名时超出"))
        .help(localized!("Write the groups out, or use fewer aliases of aliases", "直接写出这些分组，或减少别名的嵌套"))
}

pub(crate) fn multiline(place: Span, text: &str) -> Diagnostic {
    let message = localized!("The name {} goes on over several lines", "名称 {} 跨了多行", Shown(text));
    Diagnostic::error(Rule::MultilineName, message)
        .at(place, localized!("goes on in the next line", "延续到了下一行"))
        .help(localized!(
            "Begin every group with `- ` at the same indentation as its siblings; a name meant so needs quotes",
            "每个分组以 `- ` 开头，并与同级分组的缩进一致；如果名称本就如此，请加引号"
        ))
}

pub(crate) fn commented(place: Span, text: &str, comment: &str) -> Diagnostic {
    let meant = Shown(&format!("{text} {comment}")).to_string();
    let message = localized!("The name is {}: what follows is a comment", "名称是 {}：后面的是注释", Shown(text));
    Diagnostic::warning(Rule::CommentedName, message)
        .at(place, localized!("a comment, no part of the name", "注释，不属于名称"))
        .help(localized!(
            "Quote the name if {meant} is meant; a comment meant so is clearer with a blank after `#`",
            "如果名称是 {meant}，请加引号；如果确实是注释，在 `#` 后加一个空格更清楚"
        ))
}

pub(crate) fn marked(place: Span, text: &str) -> Diagnostic {
    let message = localized!(
        "The name is {}: what stands before it is a mark of YAML's",
        "名称是 {}：前面的是 YAML 的记号",
        Shown(text)
    );
    Diagnostic::warning(Rule::MarkedName, message)
        .at(place, localized!("a mark, no part of the name", "记号，不属于名称"))
        .help(localized!(
            "Quote the whole if the mark belongs to the name; otherwise remove it: it has no effect",
            "如果记号是名称的一部分，请把整个名称放进引号；否则请删去：它不起作用"
        ))
}

/// Reports a bare name with full-width punctuation: an error where a key was intended, since its value is lost.
pub(crate) fn full_width(found: NameSlip, text: &str, place: Span) -> Diagnostic {
    let slip = found.slip();
    let message = match found {
        NameSlip::Key(_) | NameSlip::LikeKey(..) => {
            localized!("{} is read as a name, not as a key and a value", "{} 被当成名称，而不是键和值", Shown(text))
        }
        NameSlip::Brackets(_) => {
            localized!("{} is read as one name, with its brackets", "{} 连同括号被当成一个名称", Shown(text))
        }
        NameSlip::Separator(_) => localized!("{} is read as one name", "{} 被当成一个名称", Shown(text)),
        NameSlip::Comment(_) => {
            localized!("{} is read as a name, without a comment", "{} 整个被当成名称，其中没有注释", Shown(text))
        }
        NameSlip::Enclosed(_) | NameSlip::Dash(_) => {
            localized!("The name {} begins with `{}`", "名称 {} 以 `{}` 开头", Shown(text), slip.typed)
        }
    };
    let (at, length) = (slip.at, slip.typed.len_utf8());
    let narrow = |offset: usize| place.start + u32::try_from(offset).unwrap_or(0);
    let place = Span { start: narrow(at), end: narrow(at + length), ..place };
    let help = slip.help();
    match found {
        NameSlip::Key(_) => Diagnostic::error(Rule::FullWidth, message).at(place, slip.described()).help(help),
        NameSlip::LikeKey(_, key) => Diagnostic::error(Rule::FullWidth, message).at(place, slip.described()).help(localized!(
            "Write `{key}: ` with a space after the colon; if the name is intended as it is, put it in quotes",
            "写成 `{key}: `，冒号后加一个空格；如果名称本就如此，请加引号"
        )),
        NameSlip::Brackets(_) => Diagnostic::warning(Rule::FullWidth, message).at(place, slip.described()).help(localized!(
            "Write `- name: …` and, on the next line, `children: […]`; if the name is intended as it is, put it in quotes",
            "写成 `- name: …`，并在下一行写 `children: […]`；如果名称本就如此，请加引号"
        )),
        _ => Diagnostic::warning(Rule::FullWidth, message).at(place, slip.described()).help(localized!(
            "{help}; if the name is intended as it is, put it in quotes",
            "{help}；如果名称本就如此，请加引号"
        )),
    }
}

/// Reports characters in a name that are not visible or that a wrong encoding leaves.
pub(crate) fn damaged(damage: Damage, text: &str, place: Span) -> Diagnostic {
    match damage {
        Damage::Hidden(c) => Diagnostic::warning(
            Rule::HiddenCharacter,
            localized!(
                "The name {} has the invisible character U+{:04X}",
                "名称 {} 中有不可见字符 U+{:04X}",
                Shown(text),
                u32::from(c)
            ),
        )
        .at(place, localized!("holds a character that is not visible", "含有看不见的字符"))
        .help(localized!(
            "Type the name again: the character may have come with a copied text",
            "重新输入名称：这个字符可能是复制时带入的"
        )),
        Damage::Replaced(c) => Diagnostic::warning(
            Rule::DamagedName,
            localized!(
                "The name {} has U+{:04X} in place of a character",
                "名称 {} 中有 U+{:04X}，原来的字符已丢失",
                Shown(text),
                u32::from(c)
            ),
        )
        .at(place, localized!("a character is lost", "有字符已丢失"))
        .help(localized!("Type the name again, and save the file as UTF-8", "重新输入名称，并把文件存为 UTF-8")),
        Damage::Misread => Diagnostic::warning(
            Rule::DamagedName,
            localized!(
                "The name {} looks like text in a wrong encoding",
                "名称 {} 像是编码错误造成的乱码",
                Shown(text)
            ),
        )
        .at(place, localized!("probably read in a wrong encoding", "可能曾按错误的编码读取"))
        .help(localized!("Type the name again, and save the file as UTF-8", "重新输入名称，并把文件存为 UTF-8")),
    }
}

pub(crate) fn bad_name(error: NameError, text: &str, place: Span) -> Diagnostic {
    match error {
        NameError::Empty => Diagnostic::error(Rule::EmptyName, localized!("The name is empty", "名称为空"))
            .at(place, name_is_wanted())
            .help(localized!("Write a name, or remove the group", "写上名称，或删去该分组")),
        NameError::Blanks => {
            let message = localized!("The name {} has blanks at an end", "名称 {} 首尾有空白", Shown(text));
            Diagnostic::error(Rule::InvalidName, message)
                .at(place, localized!("blanks before or after the name", "名称前后有空白"))
                .help(localized!(
                    "Remove the blanks; an ideographic space (U+3000) is a blank too",
                    "删去空白；全角空格（U+3000）也算空白"
                ))
        }
        NameError::Control('\n') => {
            Diagnostic::error(Rule::InvalidName, localized!("The name has a line break", "名称中有换行"))
                .at(place, localized!("a name has one line", "名称只能有一行"))
                .help(localized!(
                    "Write the name on one line; for a block text use `|-` or `>-`",
                    "把名称写在一行内；块文本请用 `|-` 或 `>-`"
                ))
        }
        NameError::Control(_) => Diagnostic::error(Rule::InvalidName, sentence(error))
            .at(place, localized!("holds a control character", "含有控制字符"))
            .help(localized!(
                "Remove the character; it may have come with a copied text",
                "删去该字符；它可能是复制文本时带来的"
            )),
        NameError::Bidi(_) => Diagnostic::error(Rule::InvalidName, sentence(error))
            .at(place, localized!("holds a bidi control", "含有双向控制符"))
            .help(localized!("Remove the invisible character", "删去这个不可见字符")),
        NameError::Invisible => Diagnostic::error(Rule::InvalidName, sentence(error))
            .at(place, localized!("only invisible characters", "只有不可见字符"))
            .help(localized!("Write a name that can be seen, or remove the group", "写一个看得见的名称，或删去该分组")),
    }
}

pub(crate) fn no_former_name(place: Span) -> Diagnostic {
    Diagnostic::error(Rule::EmptyName, localized!("The former name is empty", "曾用名为空"))
        .at(place, name_is_wanted())
        .help(localized!("Write the name that the group had, or remove it here", "写上该分组原来的名称，或删去这一项"))
}

fn name_is_wanted() -> Message {
    localized!("a name is wanted here", "这里应为名称")
}

/// Says how to write a truth value, with regard to what YAML 1.1 took for one.
pub(crate) fn boolean_help(key: &str, written: Option<&str>) -> Message {
    let meant = match written.unwrap_or_default().to_lowercase().as_str() {
        "yes" | "y" | "on" | "true" | "1" => "true",
        "no" | "n" | "off" | "false" | "0" => "false",
        _ => return localized!("Write `{key}: true` or `{key}: false`", "写成 `{key}: true` 或 `{key}: false`"),
    };
    localized!(
        "Write `{key}: {meant}`, without quotes: YAML 1.2 has no other truth values than `true` and `false`",
        "写成 `{key}: {meant}`，不加引号：YAML 1.2 的布尔值只有 `true` 和 `false`"
    )
}

/// Turns an error's text into a sentence.
fn sentence(error: NameError) -> Message {
    Message::shown(error).map(|text| {
        let mut characters = text.chars();
        characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
    })
}
