//! The parser's errors in the words of someone who writes a manifest.
//!
//! The parser says what it expected; people need to know what to change. The mistakes that happen are told apart here, all
//! others keep the parser's sentence.

use std::ops::Range;

use granit_parser::{ErrorKind, ScanError};

use crate::i18n::Message;
use crate::localized;
use crate::manifest::parse::quote::Shown;
use crate::manifest::rules::full_width::{Slip, near};
use crate::manifest::{Diagnostic, Rule, SourceId, Span};

/// How many lists and mappings may stand in one another: room for 1,000 levels of groups, each a mapping in a list.
pub(crate) const DEEPEST: usize = 2_048;

/// Makes a problem of a parser's error.
pub(crate) fn problem(error: &ScanError, source: SourceId, text: &str) -> Diagnostic {
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let advice = advice(error.kind());
    let tabs = tabs(text, at).or_else(|| if advice.rule == Rule::TabIndentation { next_tabs(text, at) } else { None });
    if let Some(tabs) = tabs {
        return tab().problem(place(source, tabs), error.kind());
    }
    if let Some(slip) = near(text, at).filter(|_| advice.rule == Rule::Syntax) {
        return slipped(slip, source);
    }
    advice.problem(place(source, at..at + width(text, at)), error.kind())
}

/// Makes a problem of a character that YAML takes as text.
fn slipped(slip: Slip, source: SourceId) -> Diagnostic {
    let place = place(source, slip.at..slip.at + slip.typed.len_utf8());
    Diagnostic::error(Rule::Syntax, slip.described())
        .at(place, localized!("YAML takes it as text", "YAML 把它当作文本"))
        .help(slip.help())
}

/// Makes a problem of a text that swallowed the beginning of the next line.
pub(crate) fn continued(item: Span, text: &str) -> Diagnostic {
    if let Some(slip) = near(text, item.end as usize) {
        return slipped(slip, item.source);
    }
    let written = &text[item.range()];
    let last = written.rfind(['\n', '\r']).map_or(written, |end| written[end..].trim_start());
    let start = item.end - offset(last.len());
    let message = localized!("{} is read as part of the text above it", "{} 被当成上面文本的一部分", Shown(last));
    Diagnostic::error(Rule::Syntax, message)
        .at(Span { start, ..item }, localized!("indented further than the key above", "缩进比上面的键更深"))
        .related(
            Span { end: item.start + offset(written.find(['\n', '\r']).unwrap_or(0)), ..item },
            localized!("the text begins here", "文本从这里开始"),
        )
        .help(localized!(
            "Indent keys of one mapping alike, and put a text that holds `: ` in quotes",
            "同一映射的键要缩进一致；含有 `: ` 的文本要加引号"
        ))
}

struct Advice {
    rule: Rule,
    /// `None` for the parser's own words.
    message: Option<Message>,
    label: Message,
    help: Message,
}

impl Advice {
    fn problem(self, place: Span, kind: &ErrorKind) -> Diagnostic {
        let message =
            self.message.unwrap_or_else(|| localized!("The file is not YAML: {kind}", "文件不是有效的 YAML：{kind}"));
        Diagnostic::error(self.rule, message).at(place, self.label).help(self.help)
    }
}

fn advise(message: Message, label: Message, help: Message) -> Advice {
    Advice { rule: Rule::Syntax, message: Some(message), label, help }
}

fn not_expected() -> Message {
    localized!("not expected here", "不应出现在这里")
}

fn tab() -> Advice {
    let advice = advise(
        localized!("The line is indented with a tab", "这一行用制表符缩进"),
        localized!("a tab in the indentation", "缩进中有制表符"),
        localized!("Indent with spaces: YAML allows no tabs there", "请用空格缩进：YAML 不允许用制表符"),
    );
    Advice { rule: Rule::TabIndentation, ..advice }
}

fn too_deep() -> Advice {
    let advice = advise(
        localized!("Lists or mappings are nested more than {DEEPEST} levels deep", "列表或映射的嵌套超过 {DEEPEST} 层"),
        localized!("nested too deep here", "这里嵌套过深"),
        localized!(
            "Check for a bracket or an indentation that repeats by mistake: DingTalk documents three levels of groups, and a \
             file may have 1000",
            "检查是否有误重复的括号或缩进：钉钉文档规定分组最多三级，而一个文件可以嵌套 1000 层"
        ),
    );
    Advice { rule: Rule::NestedTooDeep, ..advice }
}

fn advice(kind: &ErrorKind) -> Advice {
    match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => tab(),
        ErrorKind::RecursionLimitExceeded => too_deep(),
        ErrorKind::UnclosedFlowCollection { open } => unclosed(*open),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => mismatched(*open, *close),
        ErrorKind::UnexpectedCharacter { character } => unexpected(*character),
        ErrorKind::MisplacedFlowCollectionEnd
        | ErrorKind::UnclosedQuotedScalar
        | ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::MissingAnchorOrAliasName => of_a_text(kind),
        ErrorKind::DuplicateVersionDirective
        | ErrorKind::UnsupportedYamlMajorVersion
        | ErrorKind::ExpectedDocumentStart => of_a_directive(kind),
        _ => of_the_layout(kind),
    }
}

fn of_a_text(kind: &ErrorKind) -> Advice {
    match kind {
        ErrorKind::UnclosedQuotedScalar => advise(
            localized!("A quote is opened and not closed", "引号没有闭合"),
            localized!("opened here", "从这里开始"),
            localized!("Add the closing quote at the end of the text", "在文本末尾补上引号"),
        ),
        ErrorKind::UnknownQuotedScalarEscape => advise(
            localized!(
                "A `\\` in double quotes is followed by a character that is no escape",
                "双引号中的 `\\` 后面不是转义字符"
            ),
            localized!("in this text", "在这段文本中"),
            localized!(
                "Write `\\\\` for a backslash, or use single quotes, in which `\\` is itself",
                "反斜杠要写成 `\\\\`；或改用单引号，其中的 `\\` 就是它本身"
            ),
        ),
        ErrorKind::MissingAnchorOrAliasName => advise(
            localized!("A text cannot begin with `&` or `*`", "文本不能以 `&` 或 `*` 开头"),
            not_expected(),
            localized!(
                "Put the text in quotes; `&name` marks a value and `*name` repeats it",
                "给文本加引号；`&name` 用来标记一个值，`*name` 用来重复它"
            ),
        ),
        _ => advise(
            localized!("A bracket is closed that was not opened", "有多余的右括号"),
            localized!("closes nothing", "没有对应的左括号"),
            localized!("Remove it, or put the text in quotes", "删去它，或给文本加引号"),
        ),
    }
}

fn of_a_directive(kind: &ErrorKind) -> Advice {
    match kind {
        ErrorKind::ExpectedDocumentStart => advise(
            localized!("A directive is not followed by `---`", "指令之后没有 `---`"),
            localized!("`---` is wanted before this", "在此之前应有 `---`"),
            localized!(
                "Remove the lines that begin with `%`: a manifest needs no directives",
                "删去以 `%` 开头的行：清单不需要指令"
            ),
        ),
        _ => advise(
            localized!("The `%YAML` directive is wrong", "`%YAML` 指令有误"),
            localized!("this directive", "这条指令"),
            localized!("Remove the directive: roomtree reads YAML 1.2", "删去这条指令：roomtree 按 YAML 1.2 读取"),
        ),
    }
}

fn of_the_layout(kind: &ErrorKind) -> Advice {
    match kind {
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => advise(
            localized!("A `:` stands where no value may begin", "`:` 出现在不能有值的位置"),
            not_expected(),
            localized!(
                "Put a text that holds `: ` in quotes; if it is a key, indent it like the other keys of its mapping",
                "含有 `: ` 的文本要加引号；如果这是一个键，请与同一映射的其他键缩进一致"
            ),
        ),
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::BlockEntryInFlowCollection => advise(
            localized!("A `- ` stands where no list item may begin", "`- ` 出现在不能有列表项的位置"),
            not_expected(),
            localized!(
                "Begin list items on a line of their own, or put a text that begins with `- ` in quotes",
                "列表项要单独起一行；以 `- ` 开头的文本要加引号"
            ),
        ),
        ErrorKind::ExpectedBlockSequenceEntry | ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => {
            advise(
                localized!("The indentation does not fit what is above", "缩进与上文不一致"),
                not_expected(),
                localized!(
                    "Indent the items of a list alike, and the keys of a mapping alike",
                    "同一列表的各项要缩进一致，同一映射的各键也要缩进一致"
                ),
            )
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => advise(
            localized!("A key is not followed by `:`", "键后面没有 `:`"),
            localized!("this is taken as a key", "这里被当作键"),
            localized!("Write `key: value`; begin a list item with `- `", "写成 `key: value`；列表项以 `- ` 开头"),
        ),
        _ => Advice {
            rule: Rule::Syntax,
            message: None,
            label: not_expected(),
            help: localized!(
                "Check the indentation and the quotes here and in the line above",
                "检查这里和上一行的缩进与引号"
            ),
        },
    }
}

fn unclosed(open: char) -> Advice {
    let close = if open == '[' { ']' } else { '}' };
    advise(
        localized!("A `{open}` is opened and not closed", "`{open}` 没有闭合"),
        localized!("opened here", "从这里开始"),
        localized!(
            "Add the closing `{close}`, or put a text that begins with `{open}` in quotes",
            "补上 `{close}`；以 `{open}` 开头的文本要加引号"
        ),
    )
}

fn mismatched(open: char, close: char) -> Advice {
    advise(
        localized!("A `{open}` is closed by `{close}`", "`{open}` 却以 `{close}` 结束"),
        localized!("does not match", "不匹配"),
        localized!("Close brackets in the reverse order of opening them", "括号要按与打开相反的顺序闭合"),
    )
}

fn unexpected(character: char) -> Advice {
    if character.is_control() {
        return advise(
            localized!(
                "The control character U+{:04X} cannot stand in YAML",
                "YAML 中不能有控制字符 U+{:04X}",
                character as u32
            ),
            localized!("this character", "这个字符"),
            localized!(
                "Remove it; the file may be damaged, or no text at all",
                "删去它；文件可能已损坏，或根本不是文本"
            ),
        );
    }
    advise(
        localized!("A text cannot begin with `{character}`", "文本不能以 `{character}` 开头"),
        not_expected(),
        localized!("Put the text in quotes: `'{character}…'`", "给文本加引号：`'{character}…'`"),
    )
}

/// Returns the tabs in the indentation of a byte's line: the parser may report them in other words.
fn tabs(text: &str, at: usize) -> Option<Range<usize>> {
    let start = text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let indented = text[start..].trim_start_matches([' ', '\t']);
    let indentation = &text[start..text.len() - indented.len()];
    let tab = start + indentation.find('\t')?;
    Some(tab..start + indentation.len())
}

/// Returns the tabs in the indentation of the next line that has some.
fn next_tabs(text: &str, at: usize) -> Option<Range<usize>> {
    let breaks = text[at..].match_indices('\n').map(|(found, _)| at + found + 1);
    breaks.filter_map(|start| tabs(text, start)).next()
}

/// Returns the length of the character at a byte; nothing stands at the end of a line.
fn width(text: &str, at: usize) -> usize {
    text[at..].chars().next().filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8)
}

fn place(source: SourceId, range: Range<usize>) -> Span {
    Span { source, start: offset(range.start), end: offset(range.end) }
}

/// Narrows an offset: `source` refuses what is larger.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
