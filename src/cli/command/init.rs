//! `roomtree init`: the first manifest, and the way from there.
//!
//! All questions come first, then what is written is checked as every manifest is, and only then are files made; what is there
//! already is never written over.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Parser, ValueEnum};

use crate::apply::stop_requested;
use crate::cli::command::doctor;
use crate::cli::command::prompts;
use crate::cli::command::prompts::{Unanswered, Wishes};
use crate::cli::context::{Context, quoted};
use crate::cli::exit::Exit;
use crate::cli::failure::{CommandError, unwritten_after_changes};
use crate::cli::gitignore::Ignore;
use crate::cli::run::interrupt;
use crate::cli::spreadsheet::refuse_as_manifest;
use crate::cli::{Cli, Command};
use crate::cli::{credentials, runtime};
use crate::file_lock::Unsuitable;
use crate::group::{GroupId, GroupName};
use crate::localized;
use crate::manifest;
use crate::manifest::{RoundtripError, Template, reads_as};
use crate::render::init::{self as drawing, Lines};

/// The schema for editors, beside the manifest.
const SCHEMA: &str = "roomtree.schema.json";

/// Write a first manifest, and tell the way from there
///
/// On a terminal it asks for what no flag says; elsewhere, and with --yes, it takes the defaults. The manifest has comments on
/// everything that can be said in it, in the language of --lang, and the schema for editors stands beside it. Nothing that is
/// there is written over.
///
/// If credentials are set, they are checked as `roomtree doctor FILE` does it. What comes of that does not change the exit code.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  roomtree init\n  roomtree init rooms.yaml --groups 北京,上海 --yes")]
pub(crate) struct InitArgs {
    /// The manifest to write
    #[arg(value_name = "FILE", default_value = "rooms.yaml")]
    file: PathBuf,

    /// The groups at the top, with commas between them
    #[arg(long, value_name = "NAMES", value_parser = names)]
    groups: Option<Names>,

    /// The organization (corpId) that it is for, `-` for none [default: $DINGTALK_CORP_ID]
    #[arg(long, value_name = "CORPID", value_parser = organization, allow_hyphen_values = true)]
    organization: Option<String>,

    /// The id of an existing group to build under; 0 is the top
    #[arg(long, value_name = "ID", allow_negative_numbers = true, value_parser = clap::value_parser!(i64).range(0..))]
    root: Option<i64>,

    /// Whether .gitignore gets lines for what is not to be committed: the sandbox's folder, journal and lock files
    #[arg(long, value_enum, value_name = "WHETHER")]
    gitignore: Option<Whether>,

    /// Leave out the schema for editors
    #[arg(long)]
    no_schema: bool,

    /// Do not check credentials that are set
    #[arg(long)]
    no_check: bool,

    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

/// Names of groups.
#[derive(Clone, Debug)]
struct Names(Vec<GroupName>);

fn names(text: &str) -> Result<Names, String> {
    prompts::names(text).map(Names).map_err(|why| why.to_string())
}

fn organization(text: &str) -> Result<String, String> {
    prompts::organization(text).map_err(|why| why.to_string())
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Whether {
    /// Add them
    Yes,
    /// Leave the file as it is
    No,
}

pub(crate) fn run(context: &Context, arguments: &InitArgs) -> Result<Exit, CommandError> {
    check_place(&arguments.file)?;
    let ignore = Ignore::find(folder(&arguments.file));
    let Some(wishes) = wishes(context, arguments, ignore.as_ref())? else { return Ok(Exit::Interrupted) };
    let sketch = sketch(&wishes, arguments);
    write(arguments, &sketch)?;
    let ignored = ignore.as_ref().filter(|_| wishes.ignores == Some(true));
    ignored.map_or(Ok(()), |ignore| ignore.add().map_err(|error| unmade(&ignore.path, &error)))?;
    let file = quoted(&arguments.file.to_string_lossy());
    let lines = match (&ignore, ignored) {
        (None, _) => Lines::None,
        (Some(ignore), Some(_)) => Lines::Added(ignore.shown()),
        (Some(ignore), None) => Lines::Lacking(ignore.shown()),
    };
    let groups = sketch.groups.len();
    let written = drawing::Written { file: &file, groups, schema: sketch.schema.as_deref(), lines: &lines };
    context.terminal.result(&drawing::written(&written)).map_err(unwritten_after_changes)?;
    let has_credentials = credentials::any(context);
    if has_credentials && !arguments.no_check {
        check_credentials(context, &arguments.file)?;
    }
    context.terminal.result(&drawing::next(&file, has_credentials)).map_err(unwritten_after_changes)?;
    Ok(Exit::Done)
}

/// Refuses a place where no new file can be, before anything is asked.
fn check_place(file: &Path) -> Result<(), CommandError> {
    let shown = file.display();
    if file == Path::new("-") {
        return Err(CommandError::input(localized!("`-` is no file to write a manifest to", "`-` 不能作为清单文件"))
            .hint(localized!("name a file, such as rooms.yaml", "请指定一个文件，例如 `rooms.yaml`")));
    }
    if fs::symlink_metadata(file).is_ok() {
        return Err(there_already(file));
    }
    refuse_as_manifest(file)?;
    match folder(file) {
        folder if folder.is_dir() => Ok(()),
        folder => Err(CommandError::input(localized!("`{shown}` cannot be written", "无法写入 `{shown}`"))
            .hint(localized!("make the folder `{}` first", "请先创建文件夹 `{}`", folder.display()))),
    }
}

fn there_already(file: &Path) -> CommandError {
    let (shown, word) = (file.display(), quoted(&file.to_string_lossy()));
    CommandError::input(localized!(
        "`{shown}` exists already; nothing was written",
        "`{shown}` 已存在；没有写入任何内容"
    ))
    .hint(localized!(
        "go on with it: `roomtree plan {word} --sandbox`, or bring it up to date with DingTalk: `roomtree pull {word}`",
        "可以直接使用它：`roomtree plan {word} --sandbox`，或按钉钉的现状更新它：`roomtree pull {word}`"
    ))
    .hint(localized!("or name another file: `roomtree init FILE`", "也可以换一个文件：`roomtree init <文件>`"))
}

fn folder(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Returns what is to be written, all of it known; `None` if the questions were interrupted.
fn wishes(context: &Context, arguments: &InitArgs, ignore: Option<&Ignore>) -> Result<Option<Wishes>, CommandError> {
    let given = Wishes {
        groups: arguments.groups.clone().map(|Names(names)| names),
        organization: arguments.organization.clone(),
        root: arguments.root.map(GroupId::new),
        ignores: arguments.gitignore.map(|whether| whether == Whether::Yes),
    };
    let corp_id = context.variable("DINGTALK_CORP_ID").unwrap_or_default().to_owned();
    if arguments.yes || !context.terminal.facts.can_ask {
        let ignores = given.ignores.or(Some(arguments.yes));
        return Ok(Some(Wishes { organization: given.organization.clone().or(Some(corp_id)), ignores, ..given }));
    }
    match asked(context, given, corp_id, ignore.cloned())? {
        Some(Ok(wishes)) => Ok(Some(wishes)),
        None => Ok(None),
        Some(Err(Unanswered)) => {
            let message = localized!(
                "the input ended before all was answered; nothing was written",
                "输入在回答完之前结束；没有写入任何内容"
            );
            Err(CommandError::refused(message).hint(localized!(
                "add --yes to take the defaults for what no flag says",
                "加 `--yes` 则未指定的选项都取默认值"
            )))
        }
    }
}

/// Asks on a thread of its own, so that Ctrl-C need not wait for an answer.
fn asked(
    context: &Context,
    given: Wishes,
    corp_id: String,
    ignore: Option<Ignore>,
) -> Result<Option<Result<Wishes, Unanswered>>, CommandError> {
    let terminal = context.terminal;
    let answered = runtime::block_on(async {
        let mut stop = interrupt::watch()?;
        terminal.note(&drawing::greeting());
        let asking = tokio::task::spawn_blocking(move || {
            given.asked(&corp_id, ignore.as_ref(), &mut |question| terminal.ask(question))
        });
        tokio::select! {
            answered = asking => Ok(answered.ok()),
            () = stop_requested(&mut stop) => {
                terminal.note(&drawing::interrupted());
                Ok(None)
            }
        }
    });
    answered?
}

fn sketch(wishes: &Wishes, arguments: &InitArgs) -> Template {
    Template {
        organization: wishes.organization.clone().filter(|corp_id| !corp_id.is_empty()),
        root: wishes.root.unwrap_or(GroupId::ROOT),
        groups: wishes.groups(),
        schema: (!arguments.no_schema).then(|| format!("./{SCHEMA}")),
    }
}

/// Writes the manifest and its schema, once it reads as it was meant.
fn write(arguments: &InitArgs, sketch: &Template) -> Result<(), CommandError> {
    let text = checked(sketch)?;
    if !make(&arguments.file, &text).map_err(|error| unmade(&arguments.file, &error))? {
        return Err(there_already(&arguments.file));
    }
    let schema = folder(&arguments.file).join(SCHEMA);
    if sketch.schema.is_some() {
        // One that is there already may be shared with other manifests, and stays.
        make(&schema, &manifest::schema()).map_err(|error| unmade(&schema, &error))?;
    }
    Ok(())
}

fn checked(sketch: &Template) -> Result<String, CommandError> {
    let misread = match sketch.to_text() {
        None => RoundtripError::Other,
        Some(text) => match reads_as(&text, &sketch.manifest()) {
            Ok(()) => return Ok(text),
            Err(misread) => misread,
        },
    };
    let failure = CommandError::input(localized!(
        "these answers make no valid manifest; nothing was written",
        "这些内容无法组成有效的清单；没有写入任何内容"
    ));
    Err(match misread {
        RoundtripError::Invalid(problem) => failure.hint(problem.message),
        RoundtripError::Other => failure.hint(localized!("please report this", "请反馈此问题")),
    })
}

/// Makes a file; says whether it did, since what is there already stays.
fn make(path: &Path, text: &str) -> io::Result<bool> {
    let mut file = match OpenOptions::new().write(true).create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        opened => opened?,
    };
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(path);
    }
    written.map(|()| true)
}

fn unmade(path: &Path, error: &io::Error) -> CommandError {
    let shown = path.display();
    CommandError::input(localized!("`{shown}` cannot be written", "无法写入 `{shown}`")).because(&without_words(error))
}

/// Drops the system's words, which repeat the message, but keeps roomtree's own reason.
fn without_words(error: &io::Error) -> io::Error {
    Unsuitable::of(error).map_or_else(|| error.kind().into(), Into::into)
}

/// Does what `roomtree doctor FILE` does.
fn check_credentials(context: &Context, file: &Path) -> Result<(), CommandError> {
    let words = ["roomtree".into(), "doctor".into(), "--".into(), file.as_os_str().to_owned()];
    let Ok(Cli { command: Command::Doctor(arguments), .. }) = Cli::try_parse_from(words) else { return Ok(()) };
    context.terminal.result(&drawing::checking()).map_err(unwritten_after_changes)?;
    match doctor::run(context, &arguments) {
        Ok(_) => Ok(()),
        // The manifest is written; what keeps the doctor from looking is told, and the way goes on.
        Err(failure) => {
            context.terminal.note(&failure.to_text());
            Ok(())
        }
    }
}
