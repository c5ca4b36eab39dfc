//! The commands: one file each, and what they share.
//!
//! [`run`] is the one place where a failure becomes output and exit code.

mod apply;
mod args;
mod ban_budget;
mod carry;
mod chinese;
mod clock;
mod complete;
mod context;
mod credentials;
mod destroy;
mod doctor;
mod exit;
mod failure;
mod fmt;
mod forget;
#[doc(hidden)]
pub mod fuzzing;
mod help;
mod ignore;
mod import;
mod init;
mod interrupt;
mod interview;
mod man;
mod overwrite;
mod plan;
mod preflight;
mod pull;
mod rebuild;
mod removal;
mod runtime;
mod sandbox;
mod saved;
mod schema;
mod source;
mod spreadsheet;
mod state;
mod survey;
mod target;
mod telling;
mod unlock;
mod validate;
mod variable;

use std::borrow::Cow;

use anstream::adapter::strip_str;
use clap::Parser;

pub use args::Cli;
pub use exit::Exit;

use crate::cli::args::{Command, RunFormat};
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::validate::unwritten;
use crate::language::Language;
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

fn carry_out(context: &Context, cli: Cli) -> Result<Exit, Failure> {
    match cli.command {
        Command::Init(args) => init::run(context, &args),
        Command::Validate(args) => validate::run(context, &args),
        Command::Fmt(args) => fmt::run(context, &args),
        Command::Plan(args) => plan::run(context, &args),
        Command::Apply(args) => apply::run(context, &args),
        Command::Import(args) => import::run(context, &args),
        Command::Pull(args) => pull::run(context, &args),
        Command::Destroy(args) => destroy::run(context, &args),
        Command::State(args) => state::run(context, &args),
        Command::Doctor(args) => doctor::run(context, &args),
        Command::Sandbox(args) => sandbox::run(context, &args),
        Command::Schema(args) => schema::run(context, &args),
        Command::Completions(args) => complete::run(context, &args),
        Command::Man(args) => man::run(context, &args),
    }
}

/// Programs that wait for a report get one for every failure too.
fn finish(context: &Context, format: Option<RunFormat>, result: Result<Exit, Failure>) -> Exit {
    let failure = match result {
        Ok(exit) => return exit,
        Err(failure) => failure,
    };
    context.terminal.note(&failure.to_text());
    if let Some(format) = format.filter(|_| !failure.is_reported())
        && let Err(error) = telling::failed(context.terminal, format, &failure)
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
