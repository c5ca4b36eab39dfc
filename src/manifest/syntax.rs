//! The parser's errors in the words of someone who writes a manifest.
//!
//! The parser says what it expected; people need to know what to change. The mistakes that happen are told apart here, all
//! others keep the parser's sentence.

use granit_parser::{ErrorKind, ScanError};

use crate::manifest::{Place, Problem, Rule, SourceId};

/// Makes a problem of a parser's error.
pub(super) fn problem(error: &ScanError, source: SourceId, text: &str) -> Problem {
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let advice = if is_tab_indented(text, at) { tab() } else { advice(error.kind()) };
    let message = advice.message.unwrap_or_else(|| format!("The file is not YAML: {}", error.kind()));
    Problem::error(advice.rule, message).at(character(source, text, at), advice.label).help(advice.help)
}

struct Advice {
    rule: Rule,
    /// `None` for the parser's own words.
    message: Option<String>,
    label: &'static str,
    help: String,
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
    let message = "Lists or mappings are nested more than 255 levels deep";
    let help =
        "Check for a bracket or an indentation that repeats by mistake: DingTalk documents three levels of groups";
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

/// Says whether the line of this byte is indented with a tab, which the parser may report in other words.
fn is_tab_indented(text: &str, at: usize) -> bool {
    let start = text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let indented = text[start..].trim_start_matches([' ', '\t']);
    text[start..text.len() - indented.len()].contains('\t')
}

/// Returns the place of the character at a byte, or the empty place at the end.
fn character(source: SourceId, text: &str, at: usize) -> Place {
    let length = text[at..].chars().next().filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
    let narrow = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Place { source, start: narrow(at), end: narrow(at + length) }
}
