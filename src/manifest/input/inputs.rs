//! What to read: standard input, files, and folders of files.
//!
//! A folder stands for the YAML files directly in it, in the order of their names, so that the result does not depend on the
//! file system.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::file_lock::Unsuitable;
use crate::i18n::said;
use crate::localized;
use crate::manifest::input::ignored;
use crate::manifest::{Diagnostic, Rule};
use crate::text::quoted;

/// One place to read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input, written `-`.
    Stdin,
    /// A file, or a folder of files.
    Path(PathBuf),
}

impl Input {
    /// Takes an argument of the command line: `-` is standard input, everything else a path.
    #[must_use]
    pub fn parse(argument: &OsStr) -> Self {
        if argument == "-" { Self::Stdin } else { Self::Path(argument.into()) }
    }

    /// Returns how the input is called in messages.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Stdin => "<stdin>".to_owned(),
            Self::Path(path) => path.display().to_string(),
        }
    }

    /// Returns the input as an argument of a command line for a shell.
    pub(crate) fn argument(&self) -> String {
        match self {
            Self::Stdin => "-".to_owned(),
            Self::Path(path) => quoted(&path.display().to_string()),
        }
    }

    /// Returns the name of a manifest next to the input, as an argument of a command line.
    pub(crate) fn manifest_name(&self) -> String {
        match self {
            Self::Stdin => "rooms.yaml".to_owned(),
            Self::Path(path) => quoted(&path.with_extension("yaml").display().to_string()),
        }
    }
}

/// Replaces folders by their files and leaves out what is given twice.
pub(crate) fn expand(inputs: &[Input], problems: &mut Vec<Diagnostic>) -> Vec<Input> {
    if inputs.is_empty() {
        problems.push(no_input());
    }
    let mut seen = HashMap::new();
    let found: Vec<_> = inputs.iter().flat_map(|input| files(input, problems)).collect();
    let expanded = found.into_iter().filter(|input| is_new(input, &mut seen, problems)).collect();
    problems.extend(inputs.iter().flat_map(|input| unread(input, &seen)));
    expanded
}

/// Reports the files in a folder that look like a part of the manifest and are not read, and its spreadsheets.
fn unread(input: &Input, read: &HashMap<Option<PathBuf>, String>) -> Vec<Diagnostic> {
    let Input::Path(path) = input else { return Vec::new() };
    if !path.is_dir() {
        return Vec::new();
    }
    let is_read = |path: &Path| read.contains_key(&Some(canonical(path)));
    let (files, spreadsheets) = (ignored::left_out(path, is_read), ignored::spreadsheets(path, is_read));
    let files = files.iter().map(|path| ignored::problem(path));
    files.chain(spreadsheets.iter().map(|path| ignored::spreadsheet(path))).collect()
}

fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn files(input: &Input, problems: &mut Vec<Diagnostic>) -> Vec<Input> {
    match input {
        Input::Path(path) if path.is_dir() => folder(path, problems),
        _ => vec![input.clone()],
    }
}

fn folder(path: &Path, problems: &mut Vec<Diagnostic>) -> Vec<Input> {
    match yaml_files(path) {
        Err(error) => problems.push(unreadable(&path.display().to_string(), &error)),
        Ok(files) if files.is_empty() => problems.push(empty_folder(path)),
        Ok(files) => return regular(files, problems).map(Input::Path).collect(),
    }
    Vec::new()
}

fn yaml_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| is_yaml(path) && !is_hidden(path) && !path.is_dir());
    paths.sort();
    Ok(paths)
}

/// A FIFO or a device in a folder is a problem: no argument names it, and reading it may never end.
fn regular(files: Vec<PathBuf>, problems: &mut Vec<Diagnostic>) -> impl Iterator<Item = PathBuf> {
    let is_regular = |file: &PathBuf| file.metadata().map_or(true, |found| found.is_file());
    let (files, others): (Vec<_>, Vec<_>) = files.into_iter().partition(is_regular);
    let others = others.iter().map(|file| file.display().to_string());
    problems.extend(others.map(|name| unreadable(&name, &Unsuitable::NotRegular.into())));
    files.into_iter()
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn is_new(input: &Input, seen: &mut HashMap<Option<PathBuf>, String>, problems: &mut Vec<Diagnostic>) -> bool {
    let key = match input {
        Input::Stdin => None,
        Input::Path(path) => Some(canonical(path)),
    };
    match seen.insert(key, input.name()) {
        Some(earlier) => problems.push(repeated(&input.name(), &earlier)),
        None => return true,
    }
    false
}

fn no_input() -> Diagnostic {
    Diagnostic::error(Rule::NoInput, localized!("No manifest is given", "没有给出清单")).help(localized!(
        "Name a file, a folder of YAML files, or `-` for standard input",
        "请指定一个文件、一个存放 YAML 文件的文件夹，或用 `-` 表示标准输入"
    ))
}

fn empty_folder(path: &Path) -> Diagnostic {
    let message =
        localized!("`{}` holds no `*.yaml` or `*.yml` file", "`{}` 中没有 `*.yaml` 或 `*.yml` 文件", path.display());
    Diagnostic::error(Rule::EmptyFolder, message).help(localized!(
        "Hidden files and folders within it are left out; name the files to read, or another folder",
        "隐藏文件和其中的子文件夹不会读取；请指定要读取的文件，或换一个文件夹"
    ))
}

fn repeated(name: &str, earlier: &str) -> Diagnostic {
    let message = match name == earlier {
        true => localized!("`{name}` is given twice", "`{name}` 给出了两次"),
        false => localized!("`{name}` is the same file as `{earlier}`", "`{name}` 与 `{earlier}` 是同一个文件"),
    };
    Diagnostic::error(Rule::RepeatedInput, message).help(localized!(
        "Give every file once; a folder already stands for the files in it",
        "每个文件只给一次；文件夹已经代表其中的文件"
    ))
}

/// The problem of a file that cannot be read, with what the system says.
pub(crate) fn unreadable(name: &str, error: &io::Error) -> Diagnostic {
    let why = said(error);
    let problem =
        Diagnostic::error(Rule::Unreadable, localized!("`{name}` cannot be read: {why}", "`{name}` 无法读取：{why}"));
    problem.help(match error.kind() {
        io::ErrorKind::NotFound => localized!(
            "Check the path; it is taken from the folder that roomtree runs in",
            "检查路径；它相对于 roomtree 运行时所在的文件夹"
        ),
        io::ErrorKind::PermissionDenied => {
            localized!(
                "Check the permissions of the file and of the folders above it",
                "检查该文件及其上级文件夹的权限"
            )
        }
        _ => localized!("Check that it is a file that can be read", "确认它是一个可以读取的文件"),
    })
}
