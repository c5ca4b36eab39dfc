//! `roomtree fmt`: manifests in one stable layout. Never touches the network, and never changes what a manifest says.

use std::ffi::OsString;
use std::io;

use clap::Args;

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::{CommandError, unwritten};
use crate::cli::replace_file::overwrite;
use crate::cli::run::load_manifest::MOST_DRAWN;
use crate::i18n::count;
use crate::manifest::{Diagnostic, Files, Input, Rule, Severity, SourceId, files, format};
use crate::render::pull::difference;
use crate::render::style::{GOOD, Styled, WARNING, plain};
use crate::render::{Page, Paint, problems};
use crate::{localized, tr};

/// Rewrite manifests into one stable layout, comments kept
///
/// Two blanks for each level, lists further in than their keys, keys in one order. Comments, names, quotes, anchors and the kind of
/// line break stay; so does what is written in brackets, as long as it fits on a line. What a file says never changes: that is
/// checked before anything is written.
///
/// With --check nothing is written: what would change is shown, and the exit code is 2 if there is anything.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  roomtree fmt examples/acme.yaml\n  roomtree fmt --check examples\n  roomtree fmt - < examples/acme.yaml"
)]
pub(crate) struct FmtArgs {
    /// Files, folders of *.yaml and *.yml, or - to read from standard input and write to standard output
    #[arg(value_name = "FILES", required = true)]
    files: Vec<OsString>,

    /// Write nothing; list the files that would change, show how, and exit with 2 if there are any
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(context: &Context, arguments: &FmtArgs) -> Result<Exit, CommandError> {
    let inputs: Vec<Input> = arguments.files.iter().map(|word| Input::parse(word)).collect();
    let mut files = files(&inputs, &mut io::stdin().lock());
    // Each file is formatted by itself; the files of a folder need not be one manifest.
    files.problems.retain(|problem| problem.rule != Rule::LeftOut);
    let mut round = Round { context, arguments, files: &files, changed: 0, errors: 0 };
    round.tell(&files.problems);
    for (input, id) in &files.texts {
        round.file(input, *id)?;
    }
    round.end()
}

/// All files, one after the other.
struct Round<'a> {
    context: &'a Context,
    arguments: &'a FmtArgs,
    files: &'a Files,
    changed: usize,
    errors: usize,
}

impl Round<'_> {
    /// Lays one file out; one that cannot be is told, and the others still are.
    fn file(&mut self, input: &Input, id: SourceId) -> Result<(), CommandError> {
        match format(id, &self.files.sources[id.index()].text) {
            Err(problems) => self.tell(&problems),
            Ok(formatted) => {
                self.tell(&formatted.warnings);
                self.place(input, id, &formatted.text)?;
            }
        }
        Ok(())
    }

    fn place(&mut self, input: &Input, id: SourceId, text: &str) -> Result<(), CommandError> {
        let former = &self.files.sources[id.index()].text;
        let is_changed = text != former;
        self.changed += usize::from(is_changed);
        match input {
            Input::Stdin if !self.arguments.check => self.context.terminal.result(text).map_err(unwritten),
            _ if !is_changed => Ok(()),
            Input::Path(path) if !self.arguments.check => {
                overwrite(path, Some(former), text)?;
                self.note(Styled(GOOD, tr!("Formatted:", "已排版：")), id);
                Ok(())
            }
            Input::Stdin | Input::Path(_) => {
                self.note(Styled(WARNING, tr!("Not formatted:", "未排版：")), id);
                let name = &self.files.sources[id.index()].name;
                self.context.terminal.result(&difference(name, former, text)).map_err(unwritten)
            }
        }
    }

    fn note(&self, heading: Styled<&str>, id: SourceId) {
        let name = plain(&self.files.sources[id.index()].name);
        self.context.terminal.note(&format!("{heading}{}{name}", tr!(" ", "")));
    }

    fn tell(&mut self, found: &[Diagnostic]) {
        self.errors += found.iter().filter(|problem| problem.severity == Severity::Error).count();
        let page = Page { width: self.context.terminal.facts.width, paint: Paint::Coloured, most: MOST_DRAWN };
        self.context.terminal.note(&problems(found, &self.files.sources, page));
    }

    fn end(&self) -> Result<Exit, CommandError> {
        let problems = count(self.errors, "problem", "个问题");
        match (self.errors, self.changed) {
            (0, 0) => Ok(Exit::Done),
            (0, _) if self.arguments.check => Ok(Exit::Pending),
            (0, _) => Ok(Exit::Done),
            _ => Err(CommandError::input(localized!(
                "{problems} found; files with problems stay as they are",
                "发现 {problems}；有问题的文件保持原样"
            ))),
        }
    }
}
