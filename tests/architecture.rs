//! Holds the architecture: the direction of imports between folders, import cycles between files, and names.
//!
//! The sources are read as tokens. Test code may import anything.

#[path = "architecture/graph.rs"]
mod graph;
#[path = "architecture/source.rs"]
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use crate::graph::Sources;
use crate::source::is_test_module;

/// The imports that are allowed between folders. A folder imports only folders from the rows above its own.
const ALLOWED_IMPORTS: &[(&str, &[&str])] = &[
    ("i18n", &[]),
    ("text", &["i18n"]),
    ("file_lock", &["i18n"]),
    ("group", &["i18n", "text"]),
    ("inventory", &["group"]),
    ("sheet", &["i18n", "text"]),
    ("manifest", &["i18n", "text", "file_lock", "group", "sheet"]),
    ("import", &["i18n", "group", "sheet", "manifest"]),
    ("state", &["i18n", "text", "file_lock", "group"]),
    ("dingtalk", &["i18n", "text", "group", "inventory"]),
    ("plan", &["i18n", "group", "inventory", "manifest", "state", "dingtalk"]),
    ("pull", &["group", "inventory", "manifest", "import", "state", "plan"]),
    ("doctor", &["i18n", "group", "inventory", "state", "dingtalk", "plan"]),
    ("apply", &["i18n", "group", "inventory", "state", "dingtalk", "plan"]),
    (
        "render",
        &["i18n", "text", "group", "manifest", "import", "state", "dingtalk", "plan", "pull", "doctor", "apply"],
    ),
    ("sandbox", &["i18n", "file_lock"]),
    (
        "cli",
        &[
            "i18n",
            "text",
            "file_lock",
            "group",
            "inventory",
            "sheet",
            "manifest",
            "import",
            "state",
            "dingtalk",
            "plan",
            "pull",
            "doctor",
            "apply",
            "render",
            "sandbox",
        ],
    ),
    ("fuzzing", &["dingtalk", "cli"]),
];

/// The import cycles that remain between files of one folder: their files and the reason for each.
const KNOWN_CYCLES: &[(&[&str], &str)] = &[
    (
        &[
            "src/cli/chinese/mod.rs",
            "src/cli/command/completions.rs",
            "src/cli/command/init.rs",
            "src/cli/command/man.rs",
            "src/cli/mod.rs",
        ],
        "completions, manual pages and Chinese help describe the entire command line, and `init` parses a `doctor` command",
    ),
    (
        &["src/cli/command/state/forget.rs", "src/cli/command/state/mod.rs", "src/cli/command/state/unlock.rs"],
        "the subcommands of `state` share the arguments that select a state",
    ),
    (
        &[
            "src/import/column_kinds.rs",
            "src/import/columns.rs",
            "src/import/header.rs",
            "src/import/parents.rs",
            "src/import/path_check.rs",
            "src/import/shape_checks.rs",
            "src/import/skipped_rows.rs",
            "src/import/suggestion.rs",
            "src/import/unused_columns.rs",
        ],
        "the search for columns runs the checks, and each check reads the search",
    ),
];

/// The most import cycles between files.
const MOST_CYCLES: usize = 3;

/// Identifiers that were replaced, with the term in use now. No identifier has one of them as a word.
const OLD_IDENTIFIERS: &[(&str, &str)] = &[
    ("frail", "simulated"),
    ("staging", "dispatch"),
    ("interview", "prompts"),
    ("rails", "tree_lines"),
    ("mistake", "messages"),
    ("platter", "DiskImage"),
    ("twin", "duplicate"),
    ("twins", "duplicates"),
    ("errand", "RunRequest"),
    ("patience", "CircuitBreaker"),
    ("sighting", "LookupResult"),
    ("exhibit", "PlanView"),
    ("scribe", "JournalWriter"),
    ("frontier", "ReadyQueue"),
];

/// File and folder names that were replaced, with the name in use now.
const OLD_FILES: &[(&str, &str)] = &[
    ("anew", "rebuild"),
    ("tape", "journal/reader"),
    ("frail", "simulated_disk"),
    ("evidence", "recovery"),
    ("scribe", "journal_writer"),
    ("patience", "circuit_breaker"),
    ("lost", "reconcile"),
    ("settle", "reconcile"),
    ("staging", "dispatch"),
    ("carry", "run"),
    ("telling", "reporter"),
    ("survey", "planning"),
    ("errand", "run"),
    ("interview", "prompts"),
    ("cli/removal", "remove_duplicates"),
    ("cli/command/removal", "remove_duplicates"),
    ("beside", "other_groups"),
    ("exhibit", "view"),
    ("rails", "tree_lines"),
    ("excerpt", "truncate"),
    ("mistake", "messages"),
    ("ties", "bindings"),
    ("claims", "bindings"),
    ("sketch", "cst"),
    ("scrub", "sanitize"),
    ("skew", "clock_skew"),
    ("held", "file_lock"),
    ("hold", "file_lock"),
];

/// Returns the sources; they are read once for all tests.
fn sources() -> &'static Sources {
    static SOURCES: OnceLock<Sources> = OnceLock::new();
    SOURCES.get_or_init(|| Sources::read(Path::new("src")))
}

/// Returns the rows of the table, with the folders that each may import.
fn allowed() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    ALLOWED_IMPORTS.iter().map(|(folder, imports)| (*folder, imports.iter().copied().collect())).collect()
}

#[test]
fn imports_between_folders_are_allowed() {
    let allowed = allowed();
    let is_allowed = |from: &str, to: &str| allowed.get(from).is_some_and(|imports| imports.contains(to));
    let refused: Vec<String> = sources()
        .folder_imports()
        .iter()
        .filter(|import| !is_allowed(&import.from, &import.to))
        .map(|import| format!("{} imports `{}`; `{}` may not", import.file, import.to, import.from))
        .collect();
    assert!(refused.is_empty(), "imports that the table does not allow:\n{}", refused.join("\n"));
}

#[test]
fn allowed_imports_are_used() {
    let sources = sources();
    let used: BTreeSet<(String, String)> =
        sources.folder_imports().into_iter().map(|import| (import.from, import.to)).collect();
    for (from, imports) in allowed() {
        for to in imports {
            assert!(used.contains(&(from.to_owned(), to.to_owned())), "`{from}` does not import `{to}`");
        }
    }
}

#[test]
fn allowed_imports_point_to_rows_above() {
    let mut above = BTreeSet::new();
    for (folder, imports) in ALLOWED_IMPORTS {
        for import in *imports {
            assert!(above.contains(import), "`{folder}` is above `{import}` and may not import it");
        }
        assert!(above.insert(*folder), "`{folder}` has two rows");
    }
}

#[test]
fn every_folder_has_a_row() {
    let folders: BTreeSet<String> = sources().folders().into_iter().filter(|folder| folder != "main").collect();
    let rows: BTreeSet<String> = allowed().into_keys().map(str::to_owned).collect();
    assert_eq!(folders, rows);
}

#[test]
fn import_cycles_between_files_are_known() {
    let known: BTreeSet<Vec<String>> =
        KNOWN_CYCLES.iter().map(|(files, _)| files.iter().map(|file| (*file).to_owned()).collect()).collect();
    let found: BTreeSet<Vec<String>> = sources().file_cycles();
    let new: Vec<&Vec<String>> = found.difference(&known).collect();
    assert!(new.is_empty(), "new import cycles: {new:#?}");
    let gone: Vec<&Vec<String>> = known.difference(&found).collect();
    assert!(gone.is_empty(), "import cycles that no longer exist: {gone:#?}");
    assert!(found.len() <= MOST_CYCLES, "{} import cycles; at most {MOST_CYCLES} are allowed", found.len());
}

#[test]
fn test_modules_are_not_in_the_program() {
    for source in sources().iter() {
        let compiled = source.child_modules.iter().find(|child| is_test_module(&[(*child).clone()]));
        assert_eq!(compiled, None, "a test module of `{}` lacks `#[cfg(test)]`", source.module.join("::"));
    }
}

#[test]
fn old_names_do_not_come_back() {
    let sources = sources();
    let mut found = Vec::new();
    for source in sources.iter() {
        let file = sources.file_name(&source.module);
        for (old, term) in OLD_FILES.iter().filter(|(old, _)| is_named(&source.module, old)) {
            found.push(format!("{file}: a file is named `{old}`; the term is `{term}`"));
        }
        for name in &source.declared {
            let words = words(name);
            for (old, term) in OLD_IDENTIFIERS.iter().filter(|(old, _)| words.iter().any(|word| word == old)) {
                found.push(format!("{file}: `{name}` has the old name `{old}`; the term is `{term}`"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Returns whether the path of a module ends with this name: a file name, or folders and a file name.
fn is_named(module: &[String], name: &str) -> bool {
    let name: Vec<&str> = name.split('/').collect();
    module.len() >= name.len() && module[module.len() - name.len()..] == name[..]
}

/// Splits an identifier into its words, in lower case: `JournalWriter` and `journal_writer` have the same.
fn words(identifier: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in identifier.chars() {
        if (c == '_' || c.is_uppercase()) && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c != '_') {
            word.extend(c.to_lowercase());
        }
    }
    words
}
