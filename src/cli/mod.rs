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
mod log;
mod log_file;
mod replace_file;
mod run;
mod runtime;
mod spreadsheet;
mod variable;

use std::borrow::Cow;

use anstream::adapter::strip_str;
use clap::{Parser, Subcommand};

pub use exit::Exit;

use crate::cli::args::RunFormat;
use crate::cli::command::{
    apply, completions, destroy, doctor, fmt, import, init, man, plan, pull, sandbox, schema, state, validate,
};
use crate::cli::context::Context;
use crate::cli::failure::{CommandError, unwritten};
use crate::cli::help::EXITS;
use crate::cli::log::{Log, LogArgs};
use crate::i18n::Language;
use crate::render::style::plain;
use crate::tr;

/// Provisions DingTalk (钉钉) meeting-room groups from a YAML tree, exactly once.
///
/// You write the tree once; roomtree checks it on your machine, shows what would change, creates what is missing from the top
/// down, and remembers every name → id, so that running it again changes nothing.
///
/// Try everything without an account: add `--sandbox` to `plan`, `apply`, `destroy` or `doctor`.
#[derive(Debug, Parser)]
#[command(name = "roomtree", version, propagate_version = true, max_term_width = 100, after_help = EXITS, after_long_help = help::with_environment(EXITS))]
pub struct Cli {
    /// The language of messages and help, `en` or `zh` [default: that of the locale, from LC_ALL, LC_MESSAGES or LANG]
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = spoken)]
    pub(crate) lang: Option<Language>,
    #[command(flatten)]
    pub(crate) log: LogArgs,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

fn spoken(tag: &str) -> Result<Language, &'static str> {
    Language::parse(tag).ok_or(tr!("roomtree speaks `en` and `zh`", "roomtree 只支持 `en` 和 `zh`"))
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(init::InitArgs),
    Validate(validate::ValidateArgs),
    Fmt(fmt::FmtArgs),
    Plan(plan::PlanArgs),
    Apply(apply::ApplyArgs),
    Pull(pull::PullArgs),
    Import(import::ImportArgs),
    Destroy(destroy::DestroyArgs),
    State(state::StateArgs),
    Doctor(doctor::DoctorArgs),
    Sandbox(sandbox::SandboxArgs),
    Schema(schema::SchemaArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

impl Command {
    /// Returns how the command reports its run, if it changes groups.
    pub(crate) fn run_format(&self) -> Option<RunFormat> {
        match self {
            Self::Apply(arguments) => Some(arguments.format()),
            Self::Destroy(arguments) => Some(arguments.format()),
            _ => None,
        }
    }
}

/// Runs the command line of this process.
#[must_use]
pub fn run() -> Exit {
    // Before the first file is written: a log, or a result.
    runtime::handle_full_files();
    let context = Context::read();
    context.language().speak();
    match Cli::try_parse() {
        Ok(cli) => {
            let format = cli.command.run_format();
            match Log::start(&context, &cli.log) {
                Ok(log) => {
                    let exit = finish(&context, format, carry_out(&context, cli));
                    log.finish(exit);
                    exit
                }
                Err(failure) => finish(&context, format, Err(failure)),
            }
        }
        Err(usage) => explain(&context, &usage),
    }
}

fn carry_out(context: &Context, cli: Cli) -> Result<Exit, CommandError> {
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
        Command::Completions(args) => completions::run(context, &args),
        Command::Man(args) => man::run(context, &args),
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use crate::cli::Cli;

    #[test]
    fn command_line_is_accepted_by_clap() {
        Cli::command().debug_assert();
    }
}
