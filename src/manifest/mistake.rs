//! What is said about the mistakes that reading finds, each with what to do.
//!
//! Apart from `read`, so that the words can be weighed side by side.

use crate::group::NameError;
use crate::manifest::shown::Shown;
use crate::manifest::{Place, Problem, Rule};

pub(super) fn unknown_key(text: &str, place: Place, keys: &[&'static str], meant: Option<usize>) -> Problem {
    let problem = Problem::error(Rule::UnknownKey, format!("The key {} is unknown", Shown(text)));
    let known = keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    match meant {
        Some(at) => {
            problem.at(place, format!("did you mean `{}`?", keys[at])).help(format!("The keys here are {known}"))
        }
        None if keys.contains(&"children") => problem.at(place, "not a key of a group").help(format!(
            "The keys here are {known}; a group with children is written `{{name: …, children: [ … ]}}`, \
             and a name that holds `: ` needs quotes"
        )),
        None => problem.at(place, "unknown").help(format!("The keys here are {known}")),
    }
}

pub(super) fn unsupported(version: &str, place: Place) -> Problem {
    Problem::error(Rule::UnsupportedVersion, format!("Format version {} is not supported", Shown(version)))
        .at(place, "this roomtree reads version 1")
        .help("Write `version: 1`, or use a newer roomtree if the manifest was made for one")
}

pub(super) fn merge_key(place: Place) -> Problem {
    Problem::error(Rule::MergeKey, "Merge keys are not supported")
        .at(place, "a merge key")
        .help("Use an alias for a whole value instead: `children: &floors [ … ]`, then `children: *floors`")
}

pub(super) fn alias_bomb(place: Place, most: u32) -> Problem {
    Problem::error(Rule::AliasExpansion, format!("Aliases stand for more than {most} groups and former names"))
        .at(place, "exceeded by this alias")
        .help("Write the groups out, or use fewer aliases of aliases")
}

pub(super) fn multiline(place: Place, text: &str) -> Problem {
    Problem::error(Rule::MultilineName, format!("The name {} goes on over several lines", Shown(text)))
        .at(place, "goes on in the next line")
        .help("Begin every group with `- ` at the same indentation as its siblings; a name meant so needs quotes")
}

pub(super) fn commented(place: Place, text: &str, comment: &str) -> Problem {
    let meant = Shown(&format!("{text} {comment}")).to_string();
    Problem::warning(Rule::CommentedName, format!("The name is {}: what follows is a comment", Shown(text)))
        .at(place, "a comment, no part of the name")
        .help(format!("Quote the name if {meant} is meant; a comment meant so is clearer with a blank after `#`"))
}

pub(super) fn marked(place: Place, text: &str) -> Problem {
    Problem::warning(
        Rule::MarkedName,
        format!("The name is {}: what stands before it is a mark of YAML's", Shown(text)),
    )
    .at(place, "a mark, no part of the name")
    .help("Quote the whole if the mark belongs to the name; otherwise remove it: it has no effect")
}

pub(super) fn invisible(place: Place) -> Problem {
    Problem::error(Rule::InvalidName, "The name has no visible character")
        .at(place, "only invisible characters")
        .help("Write a name that can be seen, or remove the group")
}

pub(super) fn bad_name(error: NameError, text: &str, place: Place) -> Problem {
    match error {
        NameError::Empty => Problem::error(Rule::EmptyName, "The name is empty")
            .at(place, "a name is wanted here")
            .help("Write a name, or remove the group"),
        NameError::Blanks => {
            Problem::error(Rule::InvalidName, format!("The name {} has blanks at an end", Shown(text)))
                .at(place, "blanks before or after the name")
                .help("Remove the blanks; an ideographic space (U+3000) is a blank too")
        }
        NameError::Control('\n') => Problem::error(Rule::InvalidName, "The name has a line break")
            .at(place, "a name has one line")
            .help("Write the name on one line; for a block text use `|-` or `>-`"),
        NameError::Control(_) => Problem::error(Rule::InvalidName, sentence(error))
            .at(place, "holds a control character")
            .help("Remove the character; it may have come with a copied text"),
        NameError::Bidi(_) => Problem::error(Rule::InvalidName, sentence(error))
            .at(place, "holds a bidi control")
            .help("Remove the invisible character"),
    }
}

pub(super) fn no_former_name(place: Place) -> Problem {
    Problem::error(Rule::EmptyName, "The former name is empty")
        .at(place, "a name is wanted here")
        .help("Write the name that the group had, or remove it here")
}

/// Says how to write a truth value, with regard to what YAML 1.1 took for one.
pub(super) fn boolean_help(key: &str, written: Option<&str>) -> String {
    let meant = match written.unwrap_or_default().to_lowercase().as_str() {
        "yes" | "y" | "on" | "true" | "1" => "true",
        "no" | "n" | "off" | "false" | "0" => "false",
        _ => return format!("Write `{key}: true` or `{key}: false`"),
    };
    format!("Write `{key}: {meant}`, without quotes: YAML 1.2 has no other truth values than `true` and `false`")
}

/// Turns an error's text into a sentence.
fn sentence(error: NameError) -> String {
    let text = error.to_string();
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
