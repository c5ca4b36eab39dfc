//! A plan in a file: what was looked at, to be applied exactly so or not at all.
//!
//! The file names what the plan was made from and its fingerprint, and has the plan itself for people and programs to read.
//! Applying it plans anew and refuses if the fingerprint is another: so it can be applied only once, and never to something
//! that moved on.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cli::args::{ManifestArguments, ScopeArguments};
use crate::cli::failure::Failure;
use crate::text;

/// The newest format known here.
const FORMAT: u32 = 1;
/// What tells a saved plan from other JSON.
const KIND: &str = "saved-plan";

/// What a saved plan was made from, and its fingerprint.
pub(crate) struct Saved {
    pub(crate) manifest: Vec<OsString>,
    pub(crate) state: Option<PathBuf>,
    pub(crate) scope: ScopeArguments,
    pub(crate) fingerprint: String,
}

#[derive(Serialize, Deserialize)]
struct Document {
    format: u32,
    kind: String,
    manifest: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<PathBuf>,
    scope: ScopeArguments,
    fingerprint: String,
    plan: Value,
}

impl Saved {
    /// Reads a saved plan; `None` if what was named is a manifest.
    pub(crate) fn read(arguments: &ManifestArguments) -> Result<Option<Self>, Failure> {
        match arguments.manifest.as_slice() {
            [one] if Path::new(one).extension() == Some(OsStr::new("json")) => {
                Self::from_file(Path::new(one)).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn from_file(path: &Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(path).map_err(|error| {
            Failure::input(text!("cannot read the plan `{}`", "无法读取计划 `{}`", path.display())).because(&error)
        })?;
        Self::parse(path, &text)
    }

    /// Returns the words that plan the same anew: the manifest, the state and the scope.
    pub(crate) fn words(&self) -> Vec<String> {
        let ScopeArguments { prune, max_deletes, only, .. } = &self.scope;
        let manifest = self.manifest.iter().map(|input| input.to_string_lossy().into_owned());
        let state = self.state.iter().flat_map(|state| ["--state".to_owned(), state.to_string_lossy().into_owned()]);
        let prune = prune.then(|| "--prune".to_owned());
        let most = max_deletes.iter().flat_map(|most| ["--max-deletes".to_owned(), most.to_string()]);
        let only = only.iter().flat_map(|path| ["--only".to_owned(), path.to_string()]);
        manifest.chain(state).chain(prune).chain(most).chain(only).collect()
    }

    /// Reads the text of a saved plan; `path` is where it stands, for messages.
    pub(crate) fn parse(path: &Path, text: &str) -> Result<Self, Failure> {
        let document: Document = serde_json::from_str(text).map_err(|error| no_plan(path).because(&error))?;
        match document {
            Document { kind, .. } if kind != KIND => Err(no_plan(path)),
            Document { format, .. } if format > FORMAT => Err(Failure::refused(text!(
                "`{}` was saved by a newer roomtree",
                "`{}` 由更高版本的 roomtree 保存",
                path.display()
            ))
            .hint(text!("upgrade roomtree", "请升级 roomtree"))),
            Document { manifest, state, scope, fingerprint, .. } => {
                Ok(Self { manifest: manifest.into_iter().map(OsString::from).collect(), state, scope, fingerprint })
            }
        }
    }

    /// Writes a plan to a file; `plan` is its JSON.
    pub(crate) fn write(&self, path: &Path, plan: &str) -> Result<(), Failure> {
        let manifest: Option<Vec<String>> =
            self.manifest.iter().map(|input| Some(input.to_str()?.to_owned())).collect();
        let manifest = manifest.filter(|inputs| inputs.iter().all(|input| input != "-")).ok_or_else(|| {
            Failure::input(text!(
                "a plan of standard input cannot be saved: apply could not read it again",
                "来自标准输入的计划无法保存：执行时无法再次读取清单"
            ))
            .hint(text!("save the manifest to a file", "请把清单保存为文件"))
        })?;
        let document = Document {
            format: FORMAT,
            kind: KIND.to_owned(),
            manifest,
            state: self.state.clone(),
            scope: self.scope.clone(),
            fingerprint: self.fingerprint.clone(),
            plan: serde_json::from_str(plan).unwrap_or(Value::Null),
        };
        let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
        text.push('\n');
        fs::write(path, text).map_err(|error| {
            Failure::input(text!("cannot write the plan to `{}`", "无法把计划写到 `{}`", path.display()))
                .because(&error)
        })
    }
}

fn no_plan(path: &Path) -> Failure {
    Failure::input(text!("`{}` is no plan saved by roomtree", "`{}` 不是 roomtree 保存的计划", path.display())).hint(
        text!(
            "save one with `roomtree plan … --out FILE`; a manifest ends in .yaml or .yml",
            "用 `roomtree plan … --out FILE` 保存计划；清单的文件名以 `.yaml` 或 `.yml` 结尾"
        ),
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use crate::cli::saved::Saved;

    const TEXT: &str = r#"{"format":1,"kind":"saved-plan","manifest":["a.yaml"],"state":"s.json",
        "scope":{"prune":true,"max_deletes":1,"only":["/a~1b"]},"fingerprint":"f0","plan":{"rows":[]}}"#;

    fn fingerprint(text: &str) -> Option<String> {
        Saved::parse(Path::new("plan.json"), text).ok().map(|saved| saved.fingerprint)
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".*", at in any::<prop::sample::Index>(), c: char) {
            prop_assert_eq!(fingerprint(TEXT), Some("f0".to_owned()));
            prop_assert_eq!(fingerprint(&text), None);
            let at = at.index(TEXT.len());
            let _ = fingerprint(&format!("{}{c}{}", &TEXT[..at], &TEXT[at + 1..]));
            prop_assert_eq!(fingerprint(&TEXT[..at]), None);
        }
    }
}
