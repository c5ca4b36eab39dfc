//! `roomtree import`: makes a manifest of a spreadsheet. Never uses the network.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::context::{Context, quoted};
use crate::cli::exit::Exit;
use crate::cli::failure::{CommandError, unwritten};
use crate::cli::replace_file::Destination;
use crate::cli::spreadsheet;
use crate::group::GroupId;
use crate::i18n::{Message, count};
use crate::import::{HeaderRow, ImportOptions, Imported, Wanted, import, judged, listed};
use crate::manifest::{Limits, Manifest, Severity, compose};
use crate::render::style::{GOOD, Styled};
use crate::render::{Page, Paint, sheet_notes, sheet_problems};
use crate::sheet::{Delimited, Encoding, Kind, LARGEST, SheetError, SheetName, Table, Workbook, delimited};
use crate::text::OwnFile;
use crate::{localized, state, tr};

/// The most problems that are drawn.
const MOST_DRAWN: usize = 50;

/// Make a manifest of a spreadsheet
///
/// Reads a workbook (.xlsx) or a CSV file that has one column for each level, or whole paths in one column, and writes a manifest to
/// standard output. Columns are known by their headings, in Chinese or English (一级, level 1, 城市, campus, 路径, path, …), or are named
/// with --columns or --level. An empty cell repeats the one above it as long as the levels to its left stay the same; merged cells do,
/// too. Ids that `roomtree pull` wrote become `id`, so that a group renamed in the table is renamed in DingTalk.
///
/// All problems are reported at once, with their cells; then nothing is written, and the exit code is 1.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  roomtree import examples/offices.csv\n  roomtree import examples/offices.xlsx --out offices.yaml\n  roomtree import examples/offices.csv --columns A,B,C\n  roomtree import examples/offices.csv --level 城市 --level '园区+楼栋'"
)]
pub(crate) struct ImportArgs {
    /// The spreadsheet: a workbook (.xlsx), a CSV file, or - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Write to this file, which must not exist yet
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Write over the file that --out names
    #[arg(long, requires = "out")]
    force: bool,

    /// The sheet of the workbook, by its name or its number [default: the first that is not hidden]
    #[arg(long, value_name = "SHEET")]
    sheet: Option<String>,

    /// The columns of the levels from the top down, by letter or heading [default: those with known headings]
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    columns: Vec<String>,

    /// One level, from the top down: a column, or several joined to one name with a space, as in A+B (repeatable)
    #[arg(long, value_name = "COLUMN", conflicts_with = "columns")]
    level: Vec<String>,

    /// The column with whole paths, by letter or heading
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["columns", "level"])]
    path_column: Option<String>,

    /// What stands between the names of a path [default: what the paths show]
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new(), allow_hyphen_values = true)]
    separator: Option<String>,

    /// A column with the ids of existing groups, by letter or heading; they become `id` in the manifest
    #[arg(long, value_name = "COLUMN")]
    id_column: Option<String>,

    /// The row of the headings, from 1, or `none` [default: the first with known headings]
    #[arg(long, value_name = "ROW", value_parser = header_row)]
    header_row: Option<HeaderRow>,

    /// What stands between the cells of a CSV file: `,`, `;` or `tab` [default: what its lines show]
    #[arg(long, value_name = "SIGN", value_parser = delimiter)]
    delimiter: Option<u8>,

    /// The deepest level that a group may have; other than 3, it becomes `limits.depth` in the manifest
    #[arg(long, value_name = "LEVELS", default_value_t = Limits::default().depth, value_parser = clap::value_parser!(u32).range(1..=1000))]
    depth: u32,
}

fn header_row(text: &str) -> Result<HeaderRow, &'static str> {
    match text.parse::<u32>() {
        Ok(row) if row > 0 => Ok(HeaderRow::At(row - 1)),
        _ if text == "none" => Ok(HeaderRow::Absent),
        _ => Err(tr!("a row from 1, or `none`", "应为从 1 数起的行号，或 `none`")),
    }
}

fn delimiter(text: &str) -> Result<u8, &'static str> {
    match text {
        "tab" | "\t" | "\\t" => Ok(b'\t'),
        "," | "comma" => Ok(b','),
        ";" | "semicolon" => Ok(b';'),
        _ => Err(tr!("`,`, `;` or `tab`", "应为 `,`、`;` 或 `tab`")),
    }
}

pub(crate) fn run(context: &Context, arguments: &ImportArgs) -> Result<Exit, CommandError> {
    arguments.check_out()?;
    arguments.check_file()?;
    let bytes = arguments.bytes()?;
    let sheet = Sheet::read(arguments, &bytes).map_err(|error| match OwnFile::of(&bytes) {
        Some(file @ (OwnFile::SavedPlan | OwnFile::State)) => not_a_spreadsheet(&arguments.file, file),
        _ => unreadable(&arguments.file, &error),
    })?;
    let mut imported = import(&sheet.table, &arguments.choice(context.command_without_columns()));
    let text = arguments.composed(&imported)?;
    if imported.is_sound() {
        imported.problems.extend(judged(&text, &imported));
    }
    tell(context, &sheet, &imported);
    if !imported.is_sound() {
        return Err(refused(&imported));
    }
    arguments.place(context, &text)?;
    Ok(Exit::Done)
}

impl ImportArgs {
    fn choice(&self, command: String) -> ImportOptions {
        let levels = [&self.columns[..], &self.level[..]].concat();
        let columns = match &self.path_column {
            Some(column) => Wanted::Path(column.clone()),
            None if levels.is_empty() => Wanted::Recognized,
            None => Wanted::Levels(levels),
        };
        ImportOptions {
            columns,
            id: self.id_column.clone(),
            header: self.header_row.unwrap_or_default(),
            separator: self.separator.clone(),
            depth: self.depth,
            command,
        }
    }

    /// Refuses a file whose name says that it is a manifest.
    fn check_file(&self) -> Result<(), CommandError> {
        let ending = self.file.extension().and_then(OsStr::to_str).unwrap_or_default();
        let is_manifest = ["yaml", "yml"].iter().any(|yaml| ending.eq_ignore_ascii_case(yaml));
        if is_manifest && self.file.is_file() { Err(unreadable(&self.file, &SheetError::Manifest)) } else { Ok(()) }
    }

    fn check_out(&self) -> Result<(), CommandError> {
        if let Some(out) = &self.out {
            spreadsheet::refuse_as_manifest(out)?;
        }
        let is_taken = |out: &&Path| !self.force && Destination::untouched(out) == Destination::Taken;
        let Some(out) = self.out.as_deref().filter(is_taken) else { return Ok(()) };
        let out = out.display();
        Err(CommandError::input(tr!(format: "`{out}` exists already", "`{out}` 已存在"))
            .hint(tr!("name another file, or add --force to write over it", "换一个文件名，或加 `--force` 覆盖它")))
    }

    /// Reads the file whole, but no more than a spreadsheet may have.
    fn bytes(&self) -> Result<Vec<u8>, CommandError> {
        let mut bytes = Vec::new();
        let read = match self.file.as_os_str() == "-" {
            true => io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes),
            false => File::open(&self.file).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)),
        };
        let file = self.file.display();
        read.map(|_| bytes).map_err(|error| {
            CommandError::input(tr!(format: "cannot read `{file}`", "无法读取 `{file}`")).because(&error).hint(tr!(
                "name a workbook (.xlsx), a CSV file, or `-` for standard input",
                "请指定工作簿（.xlsx）、CSV 文件，或用 `-` 表示标准输入"
            ))
        })
    }

    fn composed(&self, imported: &Imported) -> Result<String, CommandError> {
        let limits = Limits { depth: self.depth, groups: None };
        let manifest = Manifest { organization: None, root: GroupId::ROOT, limits, tree: imported.tree.clone() };
        compose(&manifest).map_err(|error| {
            CommandError::input(tr!("the manifest cannot be written as YAML", "清单无法写成 YAML")).because(&error)
        })
    }

    fn place(&self, context: &Context, text: &str) -> Result<(), CommandError> {
        let Some(out) = &self.out else { return context.terminal.result(text).map_err(unwritten) };
        match Destination::untouched(out) {
            Destination::Taken if self.force => state::put(out, text.as_bytes())?,
            destination => destination.write(context, out, text.as_bytes())?,
        }
        spreadsheet::told(context, out);
        Ok(())
    }
}

/// The table that is read, and what is to be told of it.
struct Sheet {
    /// How it is called: the file, and the sheet of a workbook.
    name: String,
    table: Table,
    notes: Vec<Message>,
}

impl Sheet {
    fn read(arguments: &ImportArgs, bytes: &[u8]) -> Result<Self, SheetError> {
        let file = arguments.file.display().to_string();
        match Kind::of(bytes)? {
            Kind::Workbook => Self::of_workbook(&file, arguments.sheet.as_deref(), bytes),
            Kind::Delimited if arguments.sheet.is_some() => Err(SheetError::NoSheets),
            Kind::Delimited => Self::of_text(file, delimited(bytes, arguments.delimiter)?),
        }
    }

    fn of_workbook(file: &str, wanted: Option<&str>, bytes: &[u8]) -> Result<Self, SheetError> {
        let mut workbook = Workbook::open(bytes)?;
        let sheets = workbook.sheets();
        let sheet = chosen(&sheets, wanted)?.name.clone();
        let mut notes = match (wanted, sheets.len()) {
            (None, 2..) => vec![localized!(
                "sheet `{sheet}` is read, one of {}; --sheet names another",
                "读取工作表 `{sheet}`，共有 {} 个；用 `--sheet` 可指定其他工作表",
                sheets.len()
            )],
            _ => Vec::new(),
        };
        notes.extend(hidden_note(&sheets, &sheet));
        Ok(Self { table: workbook.table(&sheet)?, name: format!("{file}:{sheet}"), notes })
    }

    fn of_text(name: String, read: Delimited) -> Result<Self, SheetError> {
        let mut notes = Vec::new();
        match read.encoding {
            Encoding::Utf8 => {}
            Encoding::Utf16 => notes.push(localized!("read as UTF-16", "按 UTF-16 读取")),
            Encoding::Gb18030 => notes.push(localized!("read as GB18030 (GBK)", "按 GB18030（GBK）读取")),
        }
        if !read.unguarded.is_empty() {
            let cells = listed(&read.unguarded);
            notes.push(localized!(
                "the apostrophe that keeps a text from being calculated was removed in {cells}",
                "已去掉防止被当作公式计算的单引号：{cells}"
            ));
        }
        Ok(Self { name, table: read.table, notes })
    }
}

/// Finds the sheet that is asked for, by its name or else by its number; or else the first that can be seen.
fn chosen<'s>(sheets: &'s [SheetName], wanted: Option<&str>) -> Result<&'s SheetName, SheetError> {
    let found = match wanted {
        None => sheets.iter().find(|sheet| !sheet.is_hidden).or(sheets.first()),
        Some(wanted) => {
            let by_number = || sheets.get(wanted.parse::<usize>().ok()?.checked_sub(1)?);
            sheets.iter().find(|sheet| sheet.name == wanted).or_else(by_number)
        }
    };
    let names = || sheets.iter().map(|sheet| format!("`{}`", sheet.name)).collect::<Vec<_>>().join(tr!(", ", "、"));
    found.ok_or_else(|| SheetError::NoSheet { wanted: wanted.unwrap_or("1").to_owned(), present: names() })
}

/// Names the hidden sheets: those that are passed over, or the one that is read.
fn hidden_note(sheets: &[SheetName], read: &str) -> Option<Message> {
    let hidden: Vec<_> =
        sheets.iter().filter(|sheet| sheet.is_hidden).map(|sheet| format!("`{}`", sheet.name)).collect();
    let list = listed(&hidden);
    match sheets.iter().any(|sheet| sheet.is_hidden && sheet.name == read) {
        true => {
            Some(localized!("the sheet is hidden in the workbook: `{read}`", "该工作表在工作簿中是隐藏的：`{read}`"))
        }
        false if hidden.is_empty() => None,
        false => Some(localized!("hidden sheets are not read: {list}", "隐藏的工作表未读取：{list}")),
    }
}

fn tell(context: &Context, sheet: &Sheet, imported: &Imported) {
    let notes: Vec<Message> = sheet.notes.iter().chain(&imported.notes).cloned().collect();
    let page = Page { width: context.terminal.facts.width, paint: Paint::Coloured, most: MOST_DRAWN };
    context.terminal.note(&sheet_notes(&notes));
    context.terminal.note(&sheet_problems(&imported.problems, &sheet.name, page));
    if imported.is_sound() {
        let (groups, rows) = (count(imported.tree.len(), "group", "个分组"), count(imported.rows, "row", "行"));
        let said = tr!(format: "{groups} from {rows}", "{rows}，{groups}");
        context.terminal.note(&format!("{}{}{said}", Styled(GOOD, tr!("Imported:", "已导入：")), tr!(" ", "")));
    }
}

fn refused(imported: &Imported) -> CommandError {
    let errors = imported.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let problems = count(errors, "problem", "个问题");
    CommandError::input(
        tr!(format: "the spreadsheet has {problems}; nothing was written", "电子表格中有 {problems}；没有写入任何内容"),
    )
}

fn not_a_spreadsheet(path: &Path, file: OwnFile) -> CommandError {
    CommandError::input(Message::of(|| file.instead_of_spreadsheet(&path.display().to_string())))
        .hint(Message::of(|| file.usage()))
}

fn unreadable(file: &Path, error: &SheetError) -> CommandError {
    let (shown, word) = (file.display(), quoted(&file.to_string_lossy()));
    let failure =
        CommandError::input(tr!(format: "`{shown}` cannot be imported: {error}", "无法导入 `{shown}`：{error}"));
    match error {
        SheetError::Manifest => failure.hint(tr!(
            format: "it needs no import: check it with `roomtree validate {word}`, or show its plan with `roomtree plan {word}`",
            "无需导入：可用 `roomtree validate {word}` 检查，或用 `roomtree plan {word}` 查看计划"
        )),
        _ => failure.hint(error.remedy()),
    }
}
