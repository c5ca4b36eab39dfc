//! A page of help in Chinese, laid out as clap lays out the English one.
//!
//! clap itself cannot do it: its headings are in English, and it breaks lines at blanks alone. Which page was asked for it does
//! say: in a marked tree every command's help is the command's name and the form of the page.

use anstyle::Style;
use clap::builder::PossibleValue;
use clap::{Arg, Command, Error};
use unicode_width::UnicodeWidthStr;

use crate::cli::chinese::usage;
use crate::cli::chinese::words::chinese;
use crate::cli::chinese::wrap::wrap;
use crate::render::style::{BOLD, Styled};

/// The widest page, as the command line has it for English.
const WIDEST: usize = 100;
/// Where the help of an argument begins that stands below its name.
const BELOW: usize = 10;
const HEADING: Style = BOLD.underline();

/// How much a page says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `-h`.
    Short,
    /// `--help`.
    Long,
}

const SHORT: &str = "short";
const LONG: &str = "long";

/// Makes the help of each command say which it is.
pub(super) fn marked(command: Command) -> Command {
    mark(command, "")
}

fn mark(command: Command, above: &str) -> Command {
    let path = format!("{above}{} ", command.get_name());
    let template = format!("{path}{{after-help}}");
    let command = command.help_template(template).after_help(SHORT).after_long_help(LONG);
    command.mut_subcommands(|below| mark(below, &path))
}

/// Returns the page that was asked for, if one was: what a marked tree said tells which.
pub(super) fn asked(tree: &Command, said: &Error, columns: usize) -> Option<String> {
    let said = said.to_string();
    let mut words = said.split_whitespace();
    let form = match words.next_back()? {
        SHORT => Form::Short,
        LONG => Form::Long,
        _ => return None,
    };
    let command = words.skip(1).try_fold(tree, |command, name| command.find_subcommand(name))?;
    Some(Page { command, form, columns: columns.min(WIDEST) }.text())
}

struct Page<'a> {
    command: &'a Command,
    form: Form,
    columns: usize,
}

/// A line of a section: a name, and what is said of it.
struct Entry {
    /// With its dashes and values.
    name: String,
    help: String,
    /// What stands behind the help, or below it on a long page.
    specs: Vec<String>,
}

impl Page<'_> {
    fn text(&self) -> String {
        let parts = [
            self.about(),
            Some(usage::worded(&self.command.clone().render_usage())),
            self.section("Commands", &self.commands(), Form::Short),
            self.section("Arguments", &self.positionals(), self.form),
            self.section("Options", &self.options(), self.form),
            self.after(),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n") + "\n"
    }

    fn about(&self) -> Option<String> {
        let long = self.command.get_long_about().filter(|_| self.form == Form::Long);
        let about = long.or_else(|| self.command.get_about())?;
        Some(wrap(&about.to_string(), self.columns).join("\n"))
    }

    fn after(&self) -> Option<String> {
        let long = self.command.get_after_long_help().filter(|_| self.form == Form::Long);
        long.or_else(|| self.command.get_after_help()).map(ToString::to_string)
    }

    fn commands(&self) -> Vec<Entry> {
        let shown = self.command.get_subcommands().filter(|command| !command.is_hide_set());
        let help = |command: &Command| command.get_about().map(ToString::to_string).unwrap_or_default();
        shown
            .map(|command| Entry { name: command.get_name().to_owned(), help: help(command), specs: Vec::new() })
            .collect()
    }

    fn positionals(&self) -> Vec<Entry> {
        self.command.get_positionals().filter(|arg| !arg.is_hide_set()).map(|arg| self.entry(arg)).collect()
    }

    /// What all commands have comes first, as on clap's own pages.
    fn options(&self) -> Vec<Entry> {
        let shown = || self.command.get_arguments().filter(|arg| !arg.is_positional() && !arg.is_hide_set());
        let (global, own) = (shown().filter(|arg| arg.is_global_set()), shown().filter(|arg| !arg.is_global_set()));
        global.chain(own).map(|arg| self.entry(arg)).collect()
    }

    fn entry(&self, arg: &Arg) -> Entry {
        let long = arg.get_long_help().filter(|_| self.form == Form::Long);
        let help = long.or_else(|| arg.get_help()).map(ToString::to_string).unwrap_or_default();
        let explained = explained(arg).filter(|_| self.form == Form::Long);
        let values = if explained.is_some() { None } else { values(arg) };
        let help = explained.map_or(help.clone(), |values| format!("{help}\n\n{values}"));
        Entry { name: name(arg), help, specs: default(arg).into_iter().chain(values).collect() }
    }

    fn section(&self, heading: &str, entries: &[Entry], form: Form) -> Option<String> {
        let longest = entries.iter().map(|entry| entry.name.width()).max()?;
        let drawn: Vec<String> = match form {
            Form::Long => entries.iter().map(|entry| self.below(entry, "\n\n")).collect(),
            Form::Short if self.is_narrow(longest, entries) => {
                entries.iter().map(|entry| self.below(entry, " ")).collect()
            }
            Form::Short => entries.iter().map(|entry| self.beside(entry, longest)).collect(),
        };
        let heading = Styled(HEADING, format!("{}：", word(heading)));
        let gap = if form == Form::Long { "\n\n" } else { "\n" };
        Some(format!("{heading}\n{}", drawn.join(gap)))
    }

    /// Says whether there is too little room beside the names; clap draws the line at the same place.
    fn is_narrow(&self, longest: usize, entries: &[Entry]) -> bool {
        let taken = longest + 4;
        let room = self.columns.saturating_sub(taken);
        taken * 5 > self.columns * 2 && entries.iter().any(|entry| entry.help.width() > room)
    }

    fn beside(&self, entry: &Entry, longest: usize) -> String {
        let indent = longest + 4;
        let lines = wrap(&entry.said(" "), self.columns.saturating_sub(indent));
        let gap = " ".repeat(longest - entry.name.width());
        format!("  {}{gap}  {}", bold(&entry.name), lines.join(&format!("\n{:indent$}", "")))
    }

    fn below(&self, entry: &Entry, gap: &str) -> String {
        let lines = wrap(&entry.said(gap), self.columns.saturating_sub(BELOW));
        let lines = lines.iter().map(|line| format!("\n{:BELOW$}{line}", "").trim_end_matches(' ').to_owned());
        format!("  {}{}", bold(&entry.name), lines.collect::<String>())
    }
}

impl Entry {
    fn said(&self, gap: &str) -> String {
        let specs = self.specs.join(if gap == " " { " " } else { "\n" });
        if specs.is_empty() { self.help.clone() } else { format!("{}{gap}{specs}", self.help) }
    }
}

fn word(english: &str) -> &str {
    chinese(english).unwrap_or(english)
}

/// Writes an argument as it is given; long ones without a short form stand below those with one.
fn name(arg: &Arg) -> String {
    match (arg.get_short(), arg.get_long()) {
        (Some(short), Some(_)) => format!("-{short}, {arg}"),
        (None, Some(_)) => format!("    {arg}"),
        (_, None) => arg.to_string(),
    }
}

/// Makes what is typed as it stands bold; the value's name is not.
fn bold(name: &str) -> String {
    let value = name.find(['<', '[']).unwrap_or(name.len());
    let (typed, value) = name.split_at(value);
    format!("{}{value}", Styled(BOLD, typed))
}

fn default(arg: &Arg) -> Option<String> {
    let values = arg.get_default_values();
    let is_told = arg.get_action().takes_values() && !arg.is_hide_default_value_set() && !values.is_empty();
    let said: Vec<_> = values.iter().map(|value| value.to_string_lossy()).collect();
    is_told.then(|| format!("[{}：{}]", word("default"), said.join(" ")))
}

fn shown_values(arg: &Arg) -> Vec<PossibleValue> {
    let values = if arg.is_hide_possible_values_set() { Vec::new() } else { arg.get_possible_values() };
    values.into_iter().filter(|value| !value.is_hide_set()).collect()
}

fn values(arg: &Arg) -> Option<String> {
    let values = shown_values(arg);
    let said: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    (!said.is_empty() && arg.get_action().takes_values())
        .then(|| format!("[{}：{}]", word("possible values"), said.join("、")))
}

/// Lists the possible values with what they mean, if that is told.
fn explained(arg: &Arg) -> Option<String> {
    let values = shown_values(arg);
    let line = |value: &PossibleValue| match value.get_help() {
        Some(help) => format!("\n- {}：{help}", value.get_name()),
        None => format!("\n- {}", value.get_name()),
    };
    let is_explained = values.iter().any(|value| value.get_help().is_some());
    is_explained.then(|| format!("{}：{}", word("possible values"), values.iter().map(line).collect::<String>()))
}
