//! The imports between source files and between the folders at the top.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::source::{ModulePath, Source, is_test_module};

/// The most re-exports that lead from a path to the file that declares the item.
const LONGEST_CHAIN: usize = 8;

/// An import of one top-level folder by a file of another.
pub(crate) struct FolderImport {
    pub(crate) file: String,
    pub(crate) from: String,
    pub(crate) to: String,
}

/// All source files outside the tests.
pub(crate) struct Sources {
    root: PathBuf,
    by_module: BTreeMap<ModulePath, Source>,
    macros: BTreeMap<String, ModulePath>,
}

impl Sources {
    /// Reads every source file below `root` that is no test.
    pub(crate) fn read(root: &Path) -> Self {
        let files = rust_files(root).into_iter().map(|path| (module_of(root, &path), path));
        let by_module: BTreeMap<ModulePath, Source> = files
            .filter(|(module, _)| !is_test_module(module))
            .map(|(module, path)| {
                let text = fs::read_to_string(&path).expect("a source file is readable");
                (module.clone(), Source::parse(module, &text))
            })
            .collect();
        let declared = by_module
            .values()
            .flat_map(|source| source.exported_macros.iter().map(|name| (name.clone(), source.module.clone())));
        let macros = declared.collect();
        Self { root: root.to_owned(), by_module, macros }
    }

    /// Iterates over all files.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Source> {
        self.by_module.values()
    }

    /// Returns the folders and files at the top, except the crate root.
    pub(crate) fn folders(&self) -> BTreeSet<String> {
        self.by_module.keys().filter_map(|module| module.first().cloned()).collect()
    }

    /// Returns the name of the file of a module.
    pub(crate) fn file_name(&self, module: &[String]) -> String {
        let path = self.root.join(module.join("/"));
        let is_folder = path.join("mod.rs").exists();
        let path = if is_folder { path.join("mod.rs") } else { path.with_extension("rs") };
        path.display().to_string().replace('\\', "/")
    }

    /// Returns every import of one top-level folder by another.
    pub(crate) fn folder_imports(&self) -> Vec<FolderImport> {
        let mut found = Vec::new();
        for source in self.iter().filter(|source| !source.module.is_empty()) {
            let targets: BTreeSet<String> = source.imports.iter().filter_map(|path| self.top(path)).collect();
            let others = targets.into_iter().filter(|to| *to != source.module[0]);
            found.extend(others.map(|to| FolderImport {
                file: self.file_name(&source.module),
                from: source.module[0].clone(),
                to,
            }));
        }
        found
    }

    /// Returns the groups of files in one folder that import each other in a cycle, each sorted.
    pub(crate) fn file_cycles(&self) -> BTreeSet<Vec<String>> {
        let direct: BTreeMap<&ModulePath, BTreeSet<ModulePath>> =
            self.by_module.keys().map(|module| (module, self.imported_files(module))).collect();
        let reachable: BTreeMap<&ModulePath, BTreeSet<ModulePath>> =
            self.by_module.keys().map(|module| (module, reachable(&direct, module))).collect();
        let in_cycle = |(module, reached): &(&&ModulePath, &BTreeSet<ModulePath>)| reached.contains(**module);
        let cycle = |(module, reached): (&&ModulePath, &BTreeSet<ModulePath>)| {
            let members = reached.iter().filter(|other| reachable[other].contains(*module));
            let files: BTreeSet<String> = members.map(|member| self.file_name(member)).collect();
            files.into_iter().collect()
        };
        reachable.iter().filter(in_cycle).map(cycle).collect()
    }

    /// Returns the other files of the same folder that a file imports directly.
    fn imported_files(&self, from: &ModulePath) -> BTreeSet<ModulePath> {
        let targets = self.by_module[from].imports.iter().filter_map(|path| self.declaring_file(path, LONGEST_CHAIN));
        targets.filter(|to| to != from && to.first() == from.first()).collect()
    }

    /// Returns the folder at the top that a path leads to. A path of one segment that names an exported macro is the macro.
    fn top(&self, path: &ModulePath) -> Option<String> {
        let (first, rest) = path.split_first()?;
        let of_macro = self.macros.get(first).filter(|_| rest.is_empty()).and_then(|module| module.first());
        Some(of_macro.unwrap_or(first).clone())
    }

    /// Returns the module of the file that declares the item, behind all re-exports.
    fn declaring_file(&self, path: &ModulePath, chain: usize) -> Option<ModulePath> {
        if let [name] = path.as_slice()
            && let Some(module) = self.macros.get(name)
        {
            return Some(module.clone());
        }
        let depth = (0..=path.len()).rev().find(|depth| self.by_module.contains_key(&path[..*depth]))?;
        let module = path[..depth].to_vec();
        let reexported = path.get(depth).and_then(|name| self.by_module[&module].reexports.get(name));
        match reexported.filter(|_| chain > 0) {
            Some(behind) => self.declaring_file(&[behind.as_slice(), &path[depth + 1..]].concat(), chain - 1),
            None => Some(module),
        }
    }
}

/// Returns the files that a file imports, directly or through others.
fn reachable(direct: &BTreeMap<&ModulePath, BTreeSet<ModulePath>>, module: &ModulePath) -> BTreeSet<ModulePath> {
    let mut reached = BTreeSet::new();
    let mut open = vec![module];
    while let Some(from) = open.pop() {
        open.extend(direct[from].iter().filter(|to| reached.insert((*to).clone())));
    }
    reached
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of sources").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let sources = files.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    sources.chain(folders.iter().flat_map(|folder| rust_files(folder))).collect()
}

/// Returns the module of a file: `plan/diff.rs` is `plan::diff`, `plan/mod.rs` is `plan`, `lib.rs` is the crate root.
fn module_of(root: &Path, path: &Path) -> ModulePath {
    let below = path.strip_prefix(root).expect("a file below the root").with_extension("");
    let mut module: ModulePath = below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib")) {
        module.pop();
    }
    module
}
