//! The commands: one file each, and what they share.
//!
//! [`run`] is the one place where a failure becomes output and exit code.

mod args;
mod chinese;
mod clock;
mod command;
mod context;
mod credentials;
mod exit;
mod failure;
#[doc(hidden)]
pub mod fuzzing;
mod gitignore;
mod help;
mod replace_file;
mod run;
mod runtime;
mod spreadsheet;
mod variable;

use std::borrow::Cow;

use anstream::adapter::strip_str;
use clap::Parser;

pub use args::Cli;
pub use exit::Exit;

use crate::cli::args::{Command, RunFormat};
use crate::cli::command::validate::unwritten;
use crate::cli::context::Context;
use crate::cli::failure::CommandError;
use crate::i18n::Language;
use crate::render::style::plain;

/// Runs the command line of this process.
#[must_use]
pub fn run() -> Exit {
    let context = Context::read();
    context.language().speak();
    match Cli::try_parse() {
        Ok(cli) => {
            let format = cli.command.run_format();
            finish(&context, format, carry_out(&context, cli))
        }
        Err(usage) => explain(&context, &usage),
    }
}

fn carry_out(context: &Context, cli: Cli) -> Result<Exit, CommandError> {
    match cli.command {
        Command::Init(args) => command::init::run(context, &args),
        Command::Validate(args) => command::validate::run(context, &args),
        Command::Fmt(args) => command::fmt::run(context, &args),
        Command::Plan(args) => command::plan::run(context, &args),
        Command::Apply(args) => command::apply::run(context, &args),
        Command::Import(args) => command::import::run(context, &args),
        Command::Pull(args) => command::pull::run(context, &args),
        Command::Destroy(args) => command::destroy::run(context, &args),
        Command::State(args) => command::state::run(context, &args),
        Command::Doctor(args) => command::doctor::run(context, &args),
        Command::Sandbox(args) => command::sandbox::run(context, &args),
        Command::Schema(args) => command::schema::run(context, &args),
        Command::Completions(args) => command::completions::run(context, &args),
        Command::Man(args) => command::man::run(context, &args),
    }
}

/// Programs that wait for a report get one for every failure too.
fn finish(context: &Context, format: Option<RunFormat>, result: Result<Exit, CommandError>) -> Exit {
    let failure = match result {
        Ok(exit) => return exit,
        Err(failure) => failure,
    };
    context.terminal.note(&failure.to_text());
    if let Some(format) = format.filter(|_| !failure.is_reported())
        && let Err(error) = run::reporter::failed(context.terminal, format, &failure)
    {
        context.terminal.note(&unwritten(error).to_text());
    }
    failure.kind.exit()
}

/// Help and version are results; anything else that clap says is wrong input.
fn explain(context: &Context, usage: &clap::Error) -> Exit {
    let text = told(context, usage);
    if usage.use_stderr() {
        context.terminal.note(&text);
        return Exit::WrongInput;
    }
    match context.terminal.result(&text) {
        Ok(()) => Exit::Done,
        Err(error) => finish(context, None, Err(unwritten(error))),
    }
}

/// Writes what clap says. It repeats arguments as they are; if one of them could steer the terminal, all goes without colours.
fn told(context: &Context, usage: &clap::Error) -> String {
    let said = match Language::current() {
        Language::English => usage.render().ansi().to_string(),
        Language::Chinese => chinese::said(usage, &context.arguments, context.terminal.facts.width),
    };
    let mut words = context.arguments.iter().map(|word| word.to_string_lossy());
    if words.all(|word| matches!(plain(&word), Cow::Borrowed(_))) {
        return said;
    }
    let bare = strip_str(&said).to_string();
    bare.split('\n').map(|line| plain(line).into_owned()).collect::<Vec<_>>().join("\n")
}
