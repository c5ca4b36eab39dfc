//! Reading the manifest, and telling what is wrong with it.

use std::io;
use std::path::{Path, PathBuf};

use crate::cli::args::ManifestArgs;
use crate::cli::context::Context;
use crate::cli::failure::CommandError;
use crate::cli::run::saved_plan;
use crate::i18n::count;
use crate::localized;
use crate::manifest::{Input, Loaded, Manifest, load};
use crate::render::style::Grouped;
use crate::render::{Page, Paint, problems};

/// The most problems that are drawn.
pub(crate) const MOST_DRAWN: usize = 50;

/// Reads the manifest as it is, problems and all.
pub(crate) fn read(arguments: &ManifestArgs) -> Loaded {
    let inputs: Vec<Input> = arguments.manifest.iter().map(|word| Input::parse(word)).collect();
    load(&inputs, &mut io::stdin().lock())
}

/// Draws the problems, errors and warnings, for people.
pub(crate) fn drawn(context: &Context, loaded: &Loaded) -> String {
    let page = Page { width: context.terminal.facts.width, paint: Paint::Coloured, most: MOST_DRAWN };
    problems(&loaded.problems, &loaded.sources, page)
}

/// Reads a manifest that has to be right; warnings are told.
pub(crate) fn manifest(context: &Context, arguments: &ManifestArgs) -> Result<Manifest, CommandError> {
    let loaded = read(arguments);
    if let Some(plan) = loaded.sources.iter().find(|source| saved_plan::is_saved(source.text.as_bytes())) {
        return Err(saved_plan(&plan.name));
    }
    if !loaded.problems.is_empty() {
        context.terminal.note(&drawn(context, &loaded));
    }
    let problems = loaded.problems.len();
    loaded.into_manifest().ok_or_else(|| invalid(problems))
}

fn saved_plan(name: &str) -> CommandError {
    CommandError::input(localized!("`{name}` is a saved plan, not a manifest", "`{name}` 是已保存的计划，不是清单"))
        .hint(localized!(
            "name a plan alone, as a file: `roomtree apply FILE`",
            "请只给出计划文件：`roomtree apply <文件>`"
        ))
}

/// Says that a manifest is not right; its problems are told by themselves.
pub(crate) fn invalid(problems: usize) -> CommandError {
    let problems = count(Grouped(problems), "problem", "个问题");
    CommandError::input(localized!("the manifest has {problems}", "清单有 {problems}"))
}

/// Returns where the state of a manifest is: beside it, under its whole name.
pub(crate) fn state_beside(arguments: &ManifestArgs) -> Result<PathBuf, CommandError> {
    match arguments.manifest.as_slice() {
        [one] if one != "-" => Ok(with_state_suffix(Path::new(one))),
        _ => Err(CommandError::input(localized!(
            "where the state is cannot be told from standard input or from several files",
            "清单来自标准输入或多个文件时，无法确定状态在哪里"
        ))
        .hint(localized!("name it with --state FILE", "请用 `--state <文件>` 指定"))),
    }
}

fn with_state_suffix(manifest: &Path) -> PathBuf {
    // Going through the components drops a trailing slash, so that the state stands beside a folder, not in it.
    let mut whole = manifest.components().collect::<PathBuf>().into_os_string();
    whole.push(".state.json");
    PathBuf::from(whole)
}
