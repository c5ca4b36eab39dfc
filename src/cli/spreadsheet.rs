//! Groups written as a spreadsheet instead of as a manifest.

use std::path::Path;

use clap::{Args, ValueEnum};

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::overwrite::Destination;
use crate::cli::validate::unwritten;
use crate::render::style::{GOOD, Styled, plain};
use crate::say;
use crate::sheet::{SheetError, csv, xlsx};

/// How groups are written.
#[derive(Debug, Args)]
pub(crate) struct WritingArguments {
    /// How the groups are written; csv and xlsx have a row for each group, with a column for each level, its path and its id
    /// [default: by the ending of --out, or else yaml]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Writing>,

    /// Leave out the byte-order mark by which Excel knows that a CSV file is UTF-8
    #[arg(long)]
    no_bom: bool,
}

/// What groups can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Writing {
    /// A manifest
    Yaml,
    /// A text with commas
    Csv,
    /// A workbook
    Xlsx,
}

/// What a spreadsheet is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spreadsheet {
    Csv { mark: &'static str },
    Xlsx,
}

impl WritingArguments {
    /// Says what spreadsheet is to be written; `None` for a manifest.
    pub(crate) fn spreadsheet(&self, out: Option<&Path>) -> Option<Spreadsheet> {
        match self.format.unwrap_or_else(|| by_ending(out)) {
            Writing::Yaml => None,
            Writing::Csv => Some(Spreadsheet::Csv { mark: if self.no_bom { "" } else { "\u{FEFF}" } }),
            Writing::Xlsx => Some(Spreadsheet::Xlsx),
        }
    }
}

fn by_ending(out: Option<&Path>) -> Writing {
    let ending = out.and_then(Path::extension).map(|ending| ending.to_ascii_lowercase());
    match ending.as_deref().and_then(|ending| ending.to_str()) {
        Some("csv") => Writing::Csv,
        Some("xlsx") => Writing::Xlsx,
        _ => Writing::Yaml,
    }
}

impl Spreadsheet {
    /// Writes rows to a file that does not exist yet, or to standard output.
    pub(crate) fn write(self, context: &Context, rows: &[Vec<String>], out: Option<&Path>) -> Result<(), Failure> {
        match (self, out) {
            (Self::Csv { mark }, Some(out)) => put(context, out, format!("{mark}{}", csv(rows)).as_bytes()),
            (Self::Csv { mark }, None) => context.terminal.result(&format!("{mark}{}", csv(rows))).map_err(unwritten),
            (Self::Xlsx, Some(out)) => {
                let bytes = xlsx(say!("groups", "分组"), rows).map_err(|error| unwritable(&error))?;
                put(context, out, &bytes)
            }
            (Self::Xlsx, None) => Err(no_terminal()),
        }
    }
}

/// The failure of a workbook without a file to go to.
pub(crate) fn no_terminal() -> Failure {
    Failure::input(say!("a workbook cannot be written to standard output", "工作簿不能写到标准输出"))
        .hint(say!("name a file with --out, such as --out rooms.xlsx", "用 `--out` 指定文件，如 `--out rooms.xlsx`"))
}

fn unwritable(error: &SheetError) -> Failure {
    Failure::input(error.to_string()).hint(error.remedy())
}

fn put(context: &Context, out: &Path, bytes: &[u8]) -> Result<(), Failure> {
    Destination::untouched(out).write(context, out, bytes)?;
    told(context, out);
    Ok(())
}

/// Tells that a file was written.
pub(crate) fn told(context: &Context, out: &Path) {
    let (heading, out) = (Styled(GOOD, say!("Written:", "已写入：")), out.to_string_lossy());
    context.terminal.note(&format!("{heading}{}{}", say!(" ", ""), plain(&out)));
}
