//! The Chinese of what clap says: help, manual page, completions, wrong usage.
//!
//! The English stands in the doc comments of the command line; [`words`] has the Chinese of each of their paragraphs, value
//! names and table lines beside that English. Whoever adds or changes a help text adds or changes its line there: a test
//! here names every text that has none, and every line that nothing uses.
//!
//! Nothing of it runs before clap has something to say: then the command line is parsed once more, by a tree in Chinese.

mod arguments;
mod commands;
mod editors;
mod frame;
mod page;
mod spreadsheets;
mod usage;
mod word;
mod words;
mod wrap;

use std::ffi::OsString;

use clap::builder::{PossibleValue, PossibleValuesParser, Str};
use clap::{Arg, Command, CommandFactory, Error};

use crate::cli::Cli;
use crate::cli::chinese::words::chinese;
use crate::i18n::Language;

/// Returns the command line with its texts in the language that is spoken.
pub(super) fn tree() -> Command {
    match Language::current() {
        Language::English => Cli::command(),
        Language::Chinese => in_chinese(),
    }
}

/// It parses what the English one parses, but its values are of no use.
fn in_chinese() -> Command {
    let mut command = Cli::command();
    command.build();
    worded(command, &mut chinese)
}

/// Says in Chinese what clap says, with colours.
pub(super) fn said(usage: &Error, arguments: &[OsString], columns: usize) -> String {
    let tree = in_chinese();
    match page::marked(tree.clone()).try_get_matches_from(arguments) {
        Err(error) => page::asked(&tree, &error, columns).unwrap_or_else(|| usage::told(&error)),
        Ok(_) => usage.render().ansi().to_string(),
    }
}

/// Finds the words for an English text, if there are any.
type Finder<'f> = dyn FnMut(&str) -> Option<&'static str> + 'f;

/// Puts other words in place of the texts of a command, of its arguments and of the commands below it.
fn worded(command: Command, find: &mut Finder<'_>) -> Command {
    let texts =
        [command.get_about(), command.get_long_about(), command.get_after_help(), command.get_after_long_help()];
    let [about, long_about, after, after_long] = texts.map(|text| text.map(|text| reworded(&text.to_string(), find)));
    let command = match find("COMMAND") {
        Some(name) => command.subcommand_value_name(name),
        None => command,
    };
    let command = set(command, about, Command::about);
    let command = set(command, long_about, Command::long_about);
    let command = set(command, after, Command::after_help);
    let command = set(command, after_long, Command::after_long_help);
    command.mut_args(|arg| worded_argument(arg, find)).mut_subcommands(|below| worded(below, find))
}

fn set<T, V>(thing: T, value: Option<V>, setter: impl FnOnce(T, V) -> T) -> T {
    match value {
        Some(value) => setter(thing, value),
        None => thing,
    }
}

fn worded_argument(arg: Arg, find: &mut Finder<'_>) -> Arg {
    let [help, long_help] =
        [arg.get_help(), arg.get_long_help()].map(|text| text.map(|text| reworded(&text.to_string(), find)));
    let takes_value = arg.get_action().takes_values();
    let names = arg
        .get_value_names()
        .filter(|_| takes_value)
        .map(|names| names.iter().map(|name| worded_name(name, find)).collect::<Vec<_>>());
    let values = worded_values(&arg, find);
    let arg = set(arg, help, Arg::help);
    let arg = set(arg, long_help, Arg::long_help);
    let arg = set(arg, names, Arg::value_names);
    set(arg, values, |arg, values| arg.value_parser(PossibleValuesParser::new(values)))
}

fn worded_name(name: &Str, find: &mut Finder<'_>) -> Str {
    find(name).map_or_else(|| name.clone(), Str::from)
}

/// Puts other words in place of what possible values mean; `None` if nothing is said of them.
fn worded_values(arg: &Arg, find: &mut Finder<'_>) -> Option<Vec<PossibleValue>> {
    let values = arg.get_possible_values();
    let mut word = |value: PossibleValue| {
        let help = value.get_help().map(|text| reworded(&text.to_string(), find));
        set(value, help, PossibleValue::help)
    };
    let is_explained = values.iter().any(|value| value.get_help().is_some());
    is_explained.then(|| values.into_iter().map(&mut word).collect())
}

/// Puts other words in place of each paragraph; in a table, of each line.
fn reworded(text: &str, find: &mut Finder<'_>) -> String {
    let paragraphs = text.split("\n\n").map(|paragraph| match paragraph.contains('\n') {
        true => paragraph.split('\n').map(|line| reworded_line(line, find)).collect::<Vec<_>>().join("\n"),
        false => find(paragraph).unwrap_or(paragraph).to_owned(),
    });
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

/// Puts other words in place of a line, or of what stands behind its first word if it is indented; commands stay.
fn reworded_line(line: &str, find: &mut Finder<'_>) -> String {
    let is_command = line.trim_start().starts_with("roomtree ");
    let said = if line.starts_with("  ") {
        line.trim_start().split_once("  ").map_or("", |(_, said)| said.trim())
    } else {
        line
    };
    match if is_command || said.is_empty() { None } else { find(said) } {
        Some(words) => format!("{}{words}", &line[..line.len() - said.len()]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory;

    use crate::cli::Cli;
    use crate::cli::chinese::worded;
    use crate::cli::chinese::words;
    use crate::cli::chinese::words::chinese;

    /// The words that clap puts on a page by itself.
    const HEADINGS: [&str; 6] = ["Usage", "Commands", "Arguments", "Options", "default", "possible values"];

    /// Every text that clap shows.
    fn texts() -> BTreeSet<String> {
        let mut texts: BTreeSet<String> = HEADINGS.iter().map(|heading| (*heading).to_owned()).collect();
        let mut command = Cli::command();
        command.build();
        worded(command, &mut |text| {
            texts.insert(text.to_owned());
            None
        });
        texts
    }

    #[test]
    fn every_help_text_is_there_in_chinese() {
        let missing: Vec<String> = texts()
            .iter()
            .filter(|text| chinese(text).is_none())
            .map(|text| format!("word({text:?}, \"\"),"))
            .collect();
        assert!(missing.is_empty(), "src/cli/chinese/words.rs lacks\n{}", missing.join("\n"));
    }

    #[test]
    fn every_word_is_the_chinese_of_a_help_text() {
        let texts = texts();
        let bare = |text: &str| text.trim_end_matches('.').to_owned();
        let used: BTreeSet<String> = texts.iter().map(|text| bare(text)).collect();
        let unused: Vec<&str> =
            words::all().map(|word| word.english).filter(|english| !used.contains(&bare(english))).collect();
        assert!(unused.is_empty(), "src/cli/chinese/words.rs has what no help says\n{}", unused.join("\n"));
    }

    #[test]
    fn no_text_has_two_translations() {
        let mut seen = BTreeSet::new();
        let twice: Vec<&str> = words::all().map(|word| word.english).filter(|english| !seen.insert(*english)).collect();
        assert_eq!(twice, [""; 0]);
    }
}
