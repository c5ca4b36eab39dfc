//! `roomtree man`: the manual page of the whole, or one for each command.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Command};

use crate::cli::chinese::tree;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::{CommandError, unwritten};
use crate::cli::replace_file::Destination;
use crate::{localized, tr};

/// Write the manual page
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  roomtree man > roomtree.1\n  roomtree man --all man1")]
pub(crate) struct ManArgs {
    /// Write a page for each command into this folder instead: roomtree.1, roomtree-plan.1 and so on
    #[arg(long, value_name = "FOLDER")]
    all: Option<PathBuf>,
}

/// The headings that the renderer has, in Chinese.
const HEADINGS: [(&str, &str); 7] = [
    ("NAME", "名称"),
    ("SYNOPSIS", "用法"),
    ("DESCRIPTION", "说明"),
    ("OPTIONS", "选项"),
    ("SUBCOMMANDS", "命令"),
    ("EXTRA", "其他"),
    ("VERSION", "版本"),
];

pub(crate) fn run(context: &Context, arguments: &ManArgs) -> Result<Exit, CommandError> {
    let mut command = tree();
    command.build();
    match &arguments.all {
        Some(folder) => write_all(context, &command, folder)?,
        None => context.terminal.result(&page(&command)).map_err(unwritten)?,
    }
    Ok(Exit::Done)
}

fn write_all(context: &Context, command: &Command, folder: &Path) -> Result<(), CommandError> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let path = folder.join(format!("{name}.1"));
    fs::create_dir_all(folder).map_err(|error| {
        let path = path.display();
        CommandError::input(localized!("cannot write the page `{path}`", "无法写入手册页 `{path}`")).because(&error)
    })?;
    Destination::of(&path, is_page).write(context, &path, page(command).as_bytes())?;
    let mut below = command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name() != "help");
    below.try_for_each(|below| write_all(context, below, folder))
}

/// Recognizes a manual page of roomtree, of any version and language.
fn is_page(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(b".TH roomtree"))
}

fn page(command: &Command) -> String {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page).expect("memory takes everything that is written to it");
    let page = String::from_utf8_lossy(&page);
    page.lines().flat_map(|line| [titled(line), "\n".into()]).collect()
}

/// Puts what the renderer says of itself in the language that is spoken: headings, defaults, possible values.
fn titled(line: &str) -> Cow<'_, str> {
    let heading = line.strip_prefix(".SH ").and_then(|found| HEADINGS.iter().find(|(english, _)| *english == found));
    match heading {
        Some((english, chinese)) => format!(".SH {}", tr!(english, chinese)).into(),
        None if line.contains(DEFAULT) => line.replace(DEFAULT, tr!(DEFAULT, " [默认：")).into(),
        None if line.contains(VALUES) => line.replace(VALUES, tr!(VALUES, "可选值：")).into(),
        None => line.into(),
    }
}

/// How the renderer begins a default and the possible values.
const DEFAULT: &str = " [default: ";
const VALUES: &str = "Possible values:";

#[cfg(test)]
mod tests {
    use crate::cli::chinese::tree;
    use crate::cli::command::man::{is_page, page, titled};
    use crate::i18n::Language;

    #[test]
    fn page_of_roomtree_is_recognized() {
        let mut command = tree();
        command.build();
        assert!(is_page(page(&command).as_bytes()));
        assert!(command.get_subcommands().all(|below| is_page(page(below).as_bytes())));
        assert!(!is_page(b".TH ls 1\n"));
    }

    #[test]
    fn headings_are_in_the_language_that_is_spoken() {
        assert_eq!(titled(".SH OPTIONS"), ".SH OPTIONS");
        Language::Chinese.scope(|| assert_eq!(titled(".SH OPTIONS"), ".SH 选项"));
        Language::Chinese.scope(|| assert_eq!(titled("OPTIONS"), "OPTIONS"));
        Language::Chinese.scope(|| assert_eq!(titled("--qps [default: 20]"), "--qps [默认：20]"));
        assert_eq!(titled("--qps [default: 20]"), "--qps [default: 20]");
    }
}
