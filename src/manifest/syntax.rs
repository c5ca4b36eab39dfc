//! The parser's errors in the words of someone who writes a manifest.
//!
//! The parser says what it expected; people need to know what to change. The mistakes that happen are told apart here, all
//! others keep the parser's sentence.

use std::ops::Range;

use granit_parser::{ErrorKind, ScanError};

use crate::manifest::shown::Shown;
use crate::manifest::{Place, Problem, Rule, SourceId};

/// How many lists and mappings may stand in one another: room for 1,000 levels of groups, each a mapping in a list.
pub(super) const DEEPEST: usize = 2_048;

/// Makes a problem of a parser's error.
pub(super) fn problem(error: &ScanError, source: SourceId, text: &str) -> Problem {
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let advice = advice(error.kind());
    let tabs = tabs(text, at).or_else(|| if advice.rule == Rule::TabIndentation { next_tabs(text, at) } else { None });
    if let Some(tabs) = tabs {
        return tab().problem(place(source, tabs), error.kind());
    }
    advice.problem(place(source, at..at + width(text, at)), error.kind())
}

/// Makes a problem of a text that swallowed the beginning of the next line.
pub(super) fn continued(item: Place, text: &str) -> Problem {
    let written = &text[item.range()];
    let last = written.rfind(['\n', '\r']).map_or(written, |end| written[end..].trim_start());
    let start = item.end - offset(last.len());
    Problem::error(Rule::Syntax, format!("{} is read as part of the text above it", Shown(last)))
        .at(Place { start, ..item }, "indented further than the key above")
        .related(
            Place { end: item.start + offset(written.find(['\n', '\r']).unwrap_or(0)), ..item },
            "the text begins here",
        )
        .help("Indent keys of one mapping alike, and put a text that holds `: ` in quotes")
}

struct Advice {
    rule: Rule,
    /// `None` for the parser's own words.
    message: Option<String>,
    label: &'static str,
    help: String,
}

impl Advice {
    fn problem(self, place: Place, kind: &ErrorKind) -> Problem {
        let message = self.message.unwrap_or_else(|| format!("The file is not YAML: {kind}"));
        Problem::error(self.rule, message).at(place, self.label).help(self.help)
    }
}

fn say(message: impl Into<String>, label: &'static str, help: impl Into<String>) -> Advice {
    Advice { rule: Rule::Syntax, message: Some(message.into()), label, help: help.into() }
}

fn tab() -> Advice {
    let advice = say(
        "The line is indented with a tab",
        "a tab in the indentation",
        "Indent with spaces: YAML allows no tabs there",
    );
    Advice { rule: Rule::TabIndentation, ..advice }
}

fn too_deep() -> Advice {
    let message = format!("Lists or mappings are nested more than {DEEPEST} levels deep");
    let help = "Check for a bracket or an indentation that repeats by mistake: DingTalk documents three levels of groups, \
                and a file may have 1000";
    Advice { rule: Rule::NestedTooDeep, ..say(message, "nested too deep here", help) }
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
        ErrorKind::MisplacedFlowCollectionEnd => {
            say("A bracket is closed that was not opened", "closes nothing", "Remove it, or put the text in quotes")
        }
        ErrorKind::UnclosedQuotedScalar => {
            say("A quote is opened and not closed", "opened here", "Add the closing quote at the end of the text")
        }
        ErrorKind::UnknownQuotedScalarEscape => say(
            "A `\\` in double quotes is followed by a character that is no escape",
            "in this text",
            "Write `\\\\` for a backslash, or use single quotes, in which `\\` is itself",
        ),
        ErrorKind::UnexpectedCharacter { character } => unexpected(*character),
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => say(
            "A `:` stands where no value may begin",
            "not expected here",
            "Put a text that holds `: ` in quotes; if it is a key, indent it like the other keys of its mapping",
        ),
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::BlockEntryInFlowCollection => say(
            "A `- ` stands where no list item may begin",
            "not expected here",
            "Begin list items on a line of their own, or put a text that begins with `- ` in quotes",
        ),
        ErrorKind::ExpectedBlockSequenceEntry | ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => {
            say(
                "The indentation does not fit what is above",
                "not expected here",
                "Indent the items of a list alike, and the keys of a mapping alike",
            )
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => say(
            "A key is not followed by `:`",
            "this is taken as a key",
            "Write `key: value`; begin a list item with `- `",
        ),
        ErrorKind::DuplicateVersionDirective | ErrorKind::UnsupportedYamlMajorVersion => {
            say("The `%YAML` directive is wrong", "this directive", "Remove the directive: roomtree reads YAML 1.2")
        }
        ErrorKind::ExpectedDocumentStart => say(
            "A directive is not followed by `---`",
            "`---` is wanted before this",
            "Remove the lines that begin with `%`: a manifest needs no directives",
        ),
        ErrorKind::MissingAnchorOrAliasName => say(
            "A text cannot begin with `&` or `*`",
            "not expected here",
            "Put the text in quotes; `&name` marks a value and `*name` repeats it",
        ),
        _ => Advice {
            rule: Rule::Syntax,
            message: None,
            label: "not expected here",
            help: "Check the indentation and the quotes here and in the line above".to_owned(),
        },
    }
}

fn unclosed(open: char) -> Advice {
    let close = if open == '[' { ']' } else { '}' };
    say(
        format!("A `{open}` is opened and not closed"),
        "opened here",
        format!("Add the closing `{close}`, or put a text that begins with `{open}` in quotes"),
    )
}

fn mismatched(open: char, close: char) -> Advice {
    say(
        format!("A `{open}` is closed by `{close}`"),
        "does not match",
        "Close brackets in the reverse order of opening them",
    )
}

fn unexpected(character: char) -> Advice {
    if character.is_control() {
        let message = format!("The control character U+{:04X} cannot stand in YAML", character as u32);
        return say(message, "this character", "Remove it; the file may be damaged, or no text at all");
    }
    say(
        format!("A text cannot begin with `{character}`"),
        "not expected here",
        format!("Put the text in quotes: `'{character}…'`"),
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

fn place(source: SourceId, range: Range<usize>) -> Place {
    Place { source, start: offset(range.start), end: offset(range.end) }
}

/// Narrows an offset: `source` refuses what is larger.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
