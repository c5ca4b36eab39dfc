//! The manifest that a pull finds.

use std::ffi::OsString;
use std::path::Path;

use crate::cli::args::ManifestArgs;
use crate::cli::context::Context;
use crate::cli::failure::CommandError;
use crate::cli::run::load_manifest;
use crate::group::GroupId;
use crate::localized;
use crate::manifest::{Limits, Manifest, Tree};

/// The manifest as it was.
pub(crate) struct Former {
    pub(crate) manifest: Manifest,
    /// Its text, when it is one file; `None` when there is no manifest yet or it is in several files.
    pub(crate) text: Option<String>,
    /// Whether there is one.
    pub(crate) exists: bool,
}

impl Former {
    /// Reads the manifest that was named, if there is one; `root` is what is to be pulled, if that was said.
    pub(crate) fn read(context: &Context, named: &[OsString], root: Option<i64>) -> Result<Self, CommandError> {
        let former = match named {
            [] => Self::none(root),
            [one] if one != "-" && !Path::new(one).exists() => Self::none(root),
            inputs => Self::load(context, ManifestArgs { manifest: inputs.to_vec() })?,
        };
        match root {
            Some(root) if root != former.manifest.root.get() => Err(CommandError::input(localized!(
                "the manifest is about root {}, not {root}",
                "清单的 `root` 是 {}，不是 {root}",
                former.manifest.root
            ))
            .hint(localized!("leave --root out, or pull into another manifest", "请去掉 `--root`，或写到另一个清单"))),
            _ => Ok(former),
        }
    }

    fn none(root: Option<i64>) -> Self {
        let root = GroupId::new(root.unwrap_or_default());
        let manifest = Manifest { organization: None, root, limits: Limits::default(), tree: Tree::default() };
        Self { manifest, text: None, exists: false }
    }

    #[expect(clippy::needless_pass_by_value, reason = "made for this call alone")]
    fn load(context: &Context, inputs: ManifestArgs) -> Result<Self, CommandError> {
        let loaded = load_manifest::read(&inputs);
        if !loaded.problems.is_empty() {
            context.terminal.note(&load_manifest::drawn(context, &loaded));
        }
        let is_file = matches!(inputs.manifest.as_slice(), [one] if Path::new(one).is_file());
        let text = loaded.sources.first().filter(|_| is_file).map(|source| source.text.clone());
        let problems = loaded.problems.len();
        let manifest = loaded.into_manifest().ok_or_else(|| load_manifest::invalid(problems))?;
        Ok(Self { manifest, text, exists: true })
    }
}
