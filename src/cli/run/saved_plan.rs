//! A plan in a file: what was looked at, to be applied exactly so or not at all.
//!
//! The file names what the plan was made from and its fingerprint, and has the plan itself for people and programs to read.
//! Applying it plans anew and refuses if the fingerprint is another: so it can be applied only once, and never to something
//! that moved on.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::cli::args::{ManifestArgs, ScopeArgs};
use crate::cli::context::Context;
use crate::cli::failure::CommandError;
use crate::cli::replace_file::{Destination, taken};
use crate::file_lock::LARGEST_FILE;
use crate::localized;
use crate::text::conflict_line;

/// The newest format known here.
const FORMAT: u32 = 1;
/// What tells a saved plan from other JSON.
const KIND: &str = "saved-plan";
/// How many bytes at the start of a file show whether it is meant to be a saved plan.
const HEAD: usize = 4096;

/// What a saved plan was made from, and its fingerprint.
pub(crate) struct Saved {
    pub(crate) manifest: Vec<OsString>,
    pub(crate) state: Option<PathBuf>,
    pub(crate) scope: ScopeArgs,
    pub(crate) fingerprint: String,
}

#[derive(Serialize, Deserialize)]
struct Document {
    format: u32,
    kind: String,
    manifest: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<PathBuf>,
    scope: ScopeArgs,
    fingerprint: String,
    plan: Value,
}

impl Saved {
    /// Reads a saved plan, which is recognized by its content; `None` if the file is a manifest. A file that ends in `.json` and is
    /// neither is a failure.
    pub(crate) fn read(arguments: &ManifestArgs) -> Result<Option<Self>, CommandError> {
        let [one] = arguments.manifest.as_slice() else { return Ok(None) };
        let path = Path::new(one);
        let is_json = path.extension() == Some(OsStr::new("json"));
        // A pipe can be read only once, and then it is a manifest.
        if !is_json && !fs::metadata(path).is_ok_and(|found| found.is_file()) {
            return Ok(None);
        }
        match read_object(path) {
            Ok(Some(text)) if is_meant(text.as_bytes()) || is_json && !is_manifest(&text) => {
                Self::parse(path, &text).map(Some)
            }
            Ok(None) if is_json => Err(no_plan(path)),
            Err(error) if is_json => {
                Err(CommandError::input(localized!("cannot read the plan `{}`", "无法读取计划 `{}`", path.display()))
                    .because(&error))
            }
            Ok(_) | Err(_) => Ok(None),
        }
    }

    /// Returns the words that plan the same anew: the manifest, the state and the scope.
    pub(crate) fn words(&self) -> Vec<String> {
        let ScopeArgs { prune, max_deletes, only, .. } = &self.scope;
        let manifest = self.manifest.iter().map(|input| input.to_string_lossy().into_owned());
        let state = self.state.iter().flat_map(|state| ["--state".to_owned(), state.to_string_lossy().into_owned()]);
        let prune = prune.then(|| "--prune".to_owned());
        let most = max_deletes.iter().flat_map(|most| ["--max-deletes".to_owned(), most.to_string()]);
        let only = only.iter().flat_map(|path| ["--only".to_owned(), path.to_string()]);
        manifest.chain(state).chain(prune).chain(most).chain(only).collect()
    }

    /// Reads the text of a saved plan; `path` is where it stands, for messages.
    pub(crate) fn parse(path: &Path, text: &str) -> Result<Self, CommandError> {
        let document: Document = serde_json::from_str(text).map_err(|error| match conflict_line(text.as_bytes()) {
            Some(line) => unmerged(path, line),
            None => no_plan(path).because(&error),
        })?;
        match document {
            Document { kind, .. } if kind != KIND => Err(no_plan(path)),
            Document { format, .. } if format > FORMAT => Err(CommandError::refused(localized!(
                "`{}` was saved by a newer roomtree",
                "`{}` 由更高版本的 roomtree 保存",
                path.display()
            ))
            .hint(localized!("upgrade roomtree", "请升级 roomtree"))),
            Document { manifest, state, scope, fingerprint, .. } => {
                Ok(Self { manifest: manifest.into_iter().map(OsString::from).collect(), state, scope, fingerprint })
            }
        }
    }

    /// Refuses a path where something else is than a saved plan.
    pub(crate) fn check_place(path: &Path) -> Result<(), CommandError> {
        match Destination::of(path, is_saved) {
            Destination::Taken => Err(taken(path)),
            _ => Ok(()),
        }
    }

    /// Writes a plan to a new file, over a saved plan, or to a stream; `plan` is its JSON.
    pub(crate) fn write(&self, context: &Context, path: &Path, plan: &str) -> Result<Destination, CommandError> {
        let manifest: Option<Vec<String>> =
            self.manifest.iter().map(|input| Some(input.to_str()?.to_owned())).collect();
        let manifest = manifest.filter(|inputs| inputs.iter().all(|input| input != "-")).ok_or_else(|| {
            CommandError::input(localized!(
                "a plan of standard input cannot be saved: apply could not read it again",
                "来自标准输入的计划无法保存：执行时无法再次读取清单"
            ))
            .hint(localized!("save the manifest to a file", "请把清单保存为文件"))
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
        let destination = Destination::of(path, is_saved);
        destination.write(context, path, text.as_bytes())?;
        Ok(destination)
    }
}

/// What every JSON document of roomtree has.
#[derive(Deserialize)]
struct Cover {
    kind: String,
}

/// Recognizes a saved plan of any version.
pub(crate) fn is_saved(bytes: &[u8]) -> bool {
    serde_json::from_slice::<Cover>(bytes).is_ok_and(|cover| cover.kind == KIND)
}

/// Recognizes a saved plan that may be damaged. No manifest has a key `kind`.
fn is_meant(bytes: &[u8]) -> bool {
    let head = bytes[..bytes.len().min(HEAD)].iter().filter(|byte| !byte.is_ascii_whitespace());
    let head: Vec<u8> = head.copied().collect();
    String::from_utf8_lossy(&head).contains(&format!(r#""kind":"{KIND}""#)) || is_saved(bytes)
}

/// Recognizes a manifest that is written as JSON.
fn is_manifest(text: &str) -> bool {
    let object = serde_json::from_str::<Map<String, Value>>(text);
    object.is_ok_and(|object| object.contains_key("groups") && !object.contains_key("kind"))
}

/// Reads a file whole if it may be a JSON object; `None` if it begins otherwise.
fn read_object(path: &Path) -> io::Result<Option<String>> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    file.by_ref().take(HEAD as u64).read_to_end(&mut bytes)?;
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Ok(None);
    }
    file.take(LARGEST_FILE).read_to_end(&mut bytes)?;
    String::from_utf8(bytes).map(Some).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

fn unmerged(path: &Path, line: usize) -> CommandError {
    CommandError::input(localized!(
        "`{}` has a conflict marker of an unresolved merge at line {line}",
        "`{}` 的第 {line} 行有未解决的合并冲突标记",
        path.display()
    ))
    .hint(localized!(
        "save the plan again with `roomtree plan … --out FILE`",
        "用 `roomtree plan … --out <文件>` 重新保存计划"
    ))
}

fn no_plan(path: &Path) -> CommandError {
    CommandError::input(localized!(
        "`{}` is not a plan saved by roomtree",
        "`{}` 不是 roomtree 保存的计划",
        path.display()
    ))
    .hint(localized!("save one with `roomtree plan … --out FILE`", "用 `roomtree plan … --out <文件>` 保存计划"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use crate::cli::run::saved_plan::{Saved, is_manifest, is_meant, is_saved};

    const TEXT: &str = r#"{"format":1,"kind":"saved-plan","manifest":["a.yaml"],"state":"s.json",
        "scope":{"prune":true,"max_deletes":1,"only":["/a~1b"]},"fingerprint":"f0","plan":{"rows":[]}}"#;

    fn fingerprint(text: &str) -> Option<String> {
        Saved::parse(Path::new("plan.json"), text).ok().map(|saved| saved.fingerprint)
    }

    #[test]
    fn saved_plan_is_recognized_by_its_content() {
        assert!(is_saved(TEXT.as_bytes()) && is_meant(TEXT.as_bytes()));
        assert!(!is_saved(&TEXT.as_bytes()[..60]) && is_meant(&TEXT.as_bytes()[..60]));
        let manifest = r#"{"version": 1, "groups": ["kind", "saved-plan"]}"#;
        assert!(is_manifest(manifest) && !is_meant(manifest.as_bytes()));
        for other in [r#"{"kind": "plan", "groups": []}"#, "notes", "[]", ""] {
            assert!(!is_manifest(other) && !is_meant(other.as_bytes()), "{other}");
        }
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
