//! `roomtree man`: the manual page.

use std::borrow::Cow;

use clap::Args;

use crate::cli::chinese::tree;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::validate::unwritten;
use crate::say;

/// Write the manual page
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  roomtree man > roomtree.1")]
pub(crate) struct Arguments {}

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

pub(crate) fn run(context: &Context, _: &Arguments) -> Result<Exit, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(tree()).render(&mut page).map_err(unwritten)?;
    let page = String::from_utf8_lossy(&page);
    let lines: Vec<_> = page.lines().map(titled).collect();
    context.terminal.result(&lines.join("\n")).map_err(unwritten)?;
    Ok(Exit::Done)
}

/// Puts the heading of a section in the language that is spoken.
fn titled(line: &str) -> Cow<'_, str> {
    let heading = line.strip_prefix(".SH ").and_then(|found| HEADINGS.iter().find(|(english, _)| *english == found));
    match heading {
        Some((english, chinese)) => format!(".SH {}", say!(english, chinese)).into(),
        None => line.into(),
    }
}

#[cfg(test)]
mod tests {
    use crate::cli::man::titled;
    use crate::language::Language;

    #[test]
    fn headings_are_in_the_language_that_is_spoken() {
        assert_eq!(titled(".SH OPTIONS"), ".SH OPTIONS");
        Language::Chinese.scope(|| assert_eq!(titled(".SH OPTIONS"), ".SH 选项"));
        Language::Chinese.scope(|| assert_eq!(titled("OPTIONS"), "OPTIONS"));
    }
}
