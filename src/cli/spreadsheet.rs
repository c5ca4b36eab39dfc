//! Writes groups as a spreadsheet instead of as a manifest.

use std::path::Path;

use clap::{Args, ValueEnum};

use crate::cli::context::Context;
use crate::cli::failure::{CommandError, unwritten};
use crate::cli::replace_file::Destination;
use crate::render::style::{GOOD, Styled, plain};
use crate::sheet::{SheetError, csv, xlsx};
use crate::tr;

/// How groups are written.
#[derive(Debug, Args)]
pub(crate) struct WritingArgs {
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

impl WritingArgs {
    /// Checks that a file to write has no ending of another format.
    pub(crate) fn check(&self, out: Option<&Path>) -> Result<(), CommandError> {
        let Some(out) = out else { return Ok(()) };
        match (self.format.unwrap_or_else(|| by_ending(Some(out))), ending(out).as_str()) {
            (Writing::Csv, "csv" | "tsv") | (Writing::Xlsx, "xlsx") => Ok(()),
            (Writing::Csv | Writing::Xlsx, "") => Ok(()),
            (Writing::Csv, other) if !is_spreadsheet(other) => Ok(()),
            (Writing::Xlsx, other) if !is_spreadsheet(other) => Ok(()),
            (Writing::Csv, _) => Err(other_ending(out, "CSV", ".csv")),
            (Writing::Xlsx, _) => Err(other_ending(out, "xlsx", ".xlsx")),
            (Writing::Yaml, _) => refuse_as_manifest(out),
        }
    }

    /// Returns the spreadsheet to write; `None` for a manifest.
    pub(crate) fn spreadsheet(&self, out: Option<&Path>) -> Option<Spreadsheet> {
        match self.format.unwrap_or_else(|| by_ending(out)) {
            Writing::Yaml => None,
            Writing::Csv => Some(Spreadsheet::Csv { mark: if self.no_bom { "" } else { "\u{FEFF}" } }),
            Writing::Xlsx => Some(Spreadsheet::Xlsx),
        }
    }
}

fn by_ending(out: Option<&Path>) -> Writing {
    match out.map(ending).as_deref() {
        Some("csv") => Writing::Csv,
        Some("xlsx") => Writing::Xlsx,
        _ => Writing::Yaml,
    }
}

fn ending(file: &Path) -> String {
    file.extension().map(|ending| ending.to_ascii_lowercase().to_string_lossy().into_owned()).unwrap_or_default()
}

/// Whether the ending of a file is one of a spreadsheet, among them those that roomtree does not write.
fn is_spreadsheet(ending: &str) -> bool {
    ["xlsx", "xls", "xlsm", "xlsb", "ods", "et", "csv", "tsv", "numbers"].contains(&ending)
}

/// Whether a file is a spreadsheet by its name.
pub(crate) fn is_named_spreadsheet(file: &Path) -> bool {
    is_spreadsheet(&ending(file))
}

/// Refuses to write a manifest under the name of a spreadsheet.
///
/// # Errors
/// A [`CommandError`] that names both.
pub(crate) fn refuse_as_manifest(file: &Path) -> Result<(), CommandError> {
    let shown = file.display();
    match is_named_spreadsheet(file) {
        true => Err(CommandError::input(tr!(
            format: "`{shown}` has the ending of a spreadsheet, but a manifest (YAML) would be written to it",
            "`{shown}` 的扩展名是电子表格的，但要写入的是清单（YAML）"
        ))
        .hint(tr!(
            "name a file such as rooms.yaml; `roomtree pull --out rooms.xlsx` writes a workbook",
            "请指定 `rooms.yaml` 这样的文件；`roomtree pull --out rooms.xlsx` 可以写出工作簿"
        ))),
        false => Ok(()),
    }
}

fn other_ending(out: &Path, format: &str, ending: &str) -> CommandError {
    let out = out.display();
    CommandError::input(tr!(format: "`{out}` does not have the ending of its format, {format}", "`{out}` 的扩展名与格式 {format} 不符"))
        .hint(tr!(format: "name a file that ends in {ending}, or leave --format out", "请使用扩展名 {ending}，或去掉 `--format`"))
}

impl Spreadsheet {
    /// Writes rows to a file that does not exist yet, or to standard output.
    pub(crate) fn write(self, context: &Context, rows: &[Vec<String>], out: Option<&Path>) -> Result<(), CommandError> {
        match (self, out) {
            (Self::Csv { mark }, Some(out)) => put(context, out, format!("{mark}{}", csv(rows)).as_bytes()),
            (Self::Csv { mark }, None) => context.terminal.result(&format!("{mark}{}", csv(rows))).map_err(unwritten),
            (Self::Xlsx, Some(out)) => {
                let bytes = xlsx(tr!("groups", "分组"), rows).map_err(|error| unwritable(&error))?;
                put(context, out, &bytes)
            }
            (Self::Xlsx, None) => Err(no_terminal()),
        }
    }
}

/// The failure of a workbook without a file to go to.
pub(crate) fn no_terminal() -> CommandError {
    CommandError::input(tr!("a workbook cannot be written to standard output", "工作簿不能写到标准输出"))
        .hint(tr!("name a file with --out, such as --out rooms.xlsx", "用 `--out` 指定文件，如 `--out rooms.xlsx`"))
}

fn unwritable(error: &SheetError) -> CommandError {
    CommandError::input(error.to_string()).hint(error.remedy())
}

fn put(context: &Context, out: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    Destination::untouched(out).write(context, out, bytes)?;
    told(context, out);
    Ok(())
}

/// Tells that a file was written.
pub(crate) fn told(context: &Context, out: &Path) {
    let (heading, out) = (Styled(GOOD, tr!("Written:", "已写入：")), out.to_string_lossy());
    context.terminal.note(&format!("{heading}{}{}", tr!(" ", ""), plain(&out)));
}
