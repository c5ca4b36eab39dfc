//! Replays the seeds of every fuzz target, without libFuzzer.
//!
//! The targets are compiled as they are: this crate provides the macro that they take from `libfuzzer_sys`.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its seeds fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "../../fuzz/fuzz_targets/answer.rs"]
#[expect(unused_attributes, reason = "`no_main` is for the program that libFuzzer starts")]
mod answer;
#[path = "../../fuzz/fuzz_targets/manifest.rs"]
#[expect(unused_attributes, reason = "`no_main` is for the program that libFuzzer starts")]
mod manifest;
#[path = "../../fuzz/fuzz_targets/sheet.rs"]
#[expect(unused_attributes, reason = "`no_main` is for the program that libFuzzer starts")]
mod sheet;
#[path = "../../fuzz/fuzz_targets/state.rs"]
#[expect(unused_attributes, reason = "`no_main` is for the program that libFuzzer starts")]
mod state;
#[path = "../../fuzz/fuzz_targets/words.rs"]
#[expect(unused_attributes, reason = "`no_main` is for the program that libFuzzer starts")]
mod words;

/// The name of a target, and what it does with an input.
type Target = (&'static str, fn(&[u8]));

/// Every target by its name.
const TARGETS: [Target; 5] = [
    ("answer", answer::run),
    ("manifest", manifest::run),
    ("sheet", sheet::run),
    ("state", state::run),
    ("words", words::run),
];

/// Makes a target a function of its input. As libFuzzer does, it passes only UTF-8 to a target that takes text.
#[macro_export]
macro_rules! fuzz_target {
    (|$data:ident: &[u8]| $body:block) => {
        pub(crate) fn run($data: &[u8]) $body
    };
    (|$text:ident: &str| $body:block) => {
        pub(crate) fn run(data: &[u8]) {
            let Ok($text) = std::str::from_utf8(data) else { return };
            $body
        }
    };
}

/// Returns the entries of a folder below `fuzz`.
fn entries(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder);
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn stems(folder: &str) -> BTreeSet<String> {
    entries(folder).iter().map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect()
}

#[test]
fn every_seed_passes_its_target() {
    for (name, run) in TARGETS {
        let seeds = entries(&format!("seeds/{name}"));
        assert!(!seeds.is_empty(), "{name} has no seeds");
        for seed in seeds {
            println!("{}", seed.display());
            run(&fs::read(seed).unwrap());
        }
    }
}

#[test]
fn every_target_is_replayed() {
    let known: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(stems("fuzz_targets"), known);
    assert_eq!(stems("seeds"), known);
}
