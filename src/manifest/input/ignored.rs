//! Finds files in a folder that look like a part of its manifest and are not read.
//!
//! A name alone says little: a repository has YAML and JSON of many kinds. Only a file with the keys of a manifest is reported.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::localized;
use crate::manifest::input::recognize::looks_like_manifest;
use crate::manifest::{Diagnostic, Rule};
use crate::text::quoted;

/// Endings of files that may be copies of a manifest, besides those with `.yaml` or `.yml` in their names.
const COPIES: [&str; 11] = [".json", ".jsonc", ".txt", ".text", ".bak", ".old", ".orig", ".new", ".tmp", ".save", "~"];
/// Endings of spreadsheets.
const SPREADSHEETS: [&str; 7] = ["xlsx", "xlsm", "xls", "et", "ods", "csv", "tsv"];
/// How many bytes of a file are read: enough for the keys at its top.
const MOST_BYTES: u64 = 16 << 10;
/// How many files are reported.
const MOST_FILES: usize = 20;
/// How many files and folders are looked at.
const MOST_ENTRIES: usize = 10_000;
/// How deep folders are searched.
const DEEPEST: usize = 4;

/// Returns the files in a folder and its subfolders that look like a part of a manifest, except those that `is_read`.
pub(crate) fn left_out(folder: &Path, is_read: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let (mut found, mut left, mut entries) = (Vec::new(), vec![(folder.to_owned(), 1)], 0);
    while let Some((folder, depth)) = left.pop() {
        for path in sorted(&folder).unwrap_or_default() {
            entries += 1;
            match path.is_dir() {
                true if depth < DEEPEST && is_searched(&path, depth) => left.push((path, depth + 1)),
                false if is_candidate(&path) && !is_read(&path) && looks_like_manifest(&head(&path)) => {
                    found.push(path)
                }
                _ => {}
            }
            if entries >= MOST_ENTRIES || found.len() >= MOST_FILES {
                return found;
            }
        }
    }
    found
}

/// Reports a file that is left out.
pub(crate) fn problem(path: &Path) -> Diagnostic {
    let message = localized!(
        "`{}` looks like a part of the manifest and is not read",
        "`{}` 像是清单的一部分，但不会读取",
        path.display()
    );
    Diagnostic::warning(Rule::LeftOut, message).help(localized!(
        "A folder is read as the files in it that end in `.yaml` or `.yml` and are not hidden: rename or move this one, name it \
         as well, or remove it",
        "文件夹代表其中以 `.yaml` 或 `.yml` 结尾的非隐藏文件：请改名、移动或删除该文件，或另外指定它"
    ))
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// A link to a folder is followed at the top alone: further down it may lead back.
fn is_searched(folder: &Path, depth: usize) -> bool {
    (depth == 1 || !folder.is_symlink()) && !folder.ends_with(".git")
}

fn is_candidate(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let is_of_state = name.contains(".state.json");
    let is_ending = COPIES.iter().any(|end| name.ends_with(end)) || !name.contains('.');
    path.is_file() && !is_of_state && (name.contains(".yaml") || name.contains(".yml") || is_ending)
}

/// Returns the spreadsheets directly in a folder, except those from which a file that `is_read` may be made: of the same name.
pub(super) fn spreadsheets(folder: &Path, is_read: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let is_spreadsheet = |path: &Path| {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let is_temporary = path.file_name().unwrap_or_default().to_string_lossy().starts_with(['~', '.']);
        SPREADSHEETS.contains(&&*ending) && !is_temporary && path.is_file()
    };
    let is_source = |path: &Path| ["yaml", "yml"].iter().any(|end| is_read(&path.with_extension(end)));
    let found = sorted(folder).unwrap_or_default().into_iter();
    found.filter(|path| is_spreadsheet(path) && !is_source(path)).take(MOST_FILES).collect()
}

/// Reports a spreadsheet that is left out.
pub(super) fn spreadsheet(path: &Path) -> Diagnostic {
    let (file, yaml) = (path.display(), path.with_extension("yaml"));
    let [word, out] = [path.to_string_lossy(), yaml.to_string_lossy()].map(|path| quoted(&path));
    let message = localized!(
        "`{file}` is a spreadsheet and is not read with the folder",
        "`{file}` 是电子表格，不会随文件夹读取"
    );
    Diagnostic::warning(Rule::LeftOut, message).help(localized!(
        "Make a manifest of it with `roomtree import {word} --out {out}`, or move it out of the folder",
        "请用 `roomtree import {word} --out {out}` 转换成清单，或将其移出该文件夹"
    ))
}

fn head(path: &Path) -> String {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST_BYTES).read_to_end(&mut head));
    read.map_or_else(|_| String::new(), |_| String::from_utf8_lossy(&head).into_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::manifest::input::ignored::{left_out, spreadsheet, spreadsheets};

    const MANIFEST: &str = "version: 1\ngroups: [上海]\n";

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let found = left_out(folder.path(), |path| path.ends_with("a.yaml"));
        found.iter().map(|path| path.strip_prefix(folder.path()).unwrap().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn manifest_that_a_folder_leaves_out_is_found() {
        let json = "{\"version\": 1, \"groups\": []}";
        let names =
            ["b.YAML", "c.yaml~", "d.yaml.bak", "e.yml.orig", ".f.yaml", "sub/g.yaml", "sub/deep/h.Yml", "i.yaml.swp"];
        for name in names {
            assert_eq!(found(&[("a.yaml", MANIFEST), (name, MANIFEST)]), [name]);
        }
        assert_eq!(found(&[("a.yaml", MANIFEST), ("b.json", json)]), ["b.json"]);
        for name in ["c.txt", "d.bak", "e~", "f.old", "rooms", "rooms。yaml"] {
            assert_eq!(found(&[("a.yaml", MANIFEST), (name, MANIFEST)]), [name]);
        }
    }

    #[test]
    fn spreadsheet_that_no_file_is_made_of_is_found() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.csv", "a.xlsx", "b.XLSX", "c.csv", "~$b.xlsx", "notes.md"] {
            fs::write(folder.path().join(name), "城市\n北京\n").unwrap();
        }
        let found = spreadsheets(folder.path(), |path| path.ends_with("a.yaml"));
        let names: Vec<_> = found.iter().filter_map(|path| path.file_name()?.to_str()).collect();
        assert_eq!(names, ["b.XLSX", "c.csv"]);
        assert!(spreadsheet(&found[0]).help.unwrap().as_str().contains("roomtree import"));
    }

    #[test]
    fn file_of_another_kind_is_not_reported() {
        let state =
            "{\"format\": 1, \"lineage\": \"x\", \"serial\": 1, \"endpoint\": \"e\", \"root\": 0, \"groups\": {}}";
        let files = [
            ("a.yaml", MANIFEST),
            ("a.yaml.state.json", state),
            ("state.json", state),
            (".gitlab-ci.yml", "stages: [plan]\n"),
            (".github/workflows/plan.yml", "name: plan\non: push\njobs: {}\n"),
            ("package.json", "{\"name\": \"x\", \"version\": \"1.0.0\"}"),
            ("plan.json", "{\"format\": 1, \"kind\": \"saved-plan\", \"manifest\": [\"a.yaml\"]}"),
            ("version.json", "{\"version\": \"1.0.0\"}"),
            ("README.md", MANIFEST),
            ("notes.txt", "北京\n上海\n"),
            ("LICENSE", "MIT\n"),
            (".git/x.yaml", MANIFEST),
        ];
        assert_eq!(found(&files), Vec::<String>::new());
    }
}
