//! Something wrong in the manifest: which rule, where, and what to do.
//!
//! Plain data: rendering as text is `render`'s part, so that text and JSON say the same. A rule's code is a promise: it stays.

use serde::{Serialize, Serializer};

use crate::i18n::Message;
use crate::manifest::{SourceId, Span};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// There is no manifest until it is mended.
    Error,
    /// Suspicious, but it can be meant.
    Warning,
}

/// Defines [`Rule`] with the stable code of each variant, so that no variant can lack one.
macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal,)+) => {
        /// What a problem breaks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $($(#[doc = $doc])+ $variant,)+ }

        impl Rule {
            /// Every rule, in the order of this list.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Returns the stable code, as in `error[duplicate-sibling]`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
        }
    };
}

rules! {
    /// No file to read was named.
    NoInput = "no-input",
    /// A file is missing or cannot be read.
    Unreadable = "unreadable",
    /// A folder holds no `*.yaml` or `*.yml`.
    EmptyFolder = "empty-folder",
    /// A file in a folder looks like a part of the manifest and is not read.
    LeftOut = "left-out-file",
    /// The same file is given twice.
    RepeatedInput = "repeated-input",
    /// A file is larger than what can be meant.
    TooLarge = "too-large",
    /// The file is a spreadsheet.
    Spreadsheet = "spreadsheet",
    /// The text is not UTF-8.
    NotUtf8 = "not-utf8",
    /// The file has conflict markers of a merge.
    UnresolvedMerge = "unresolved-merge",
    /// The file has none of the keys of a manifest: it may be any file.
    NotAManifest = "not-a-manifest",
    /// There is no document in the file.
    EmptyFile = "empty-file",
    /// The text is not YAML.
    Syntax = "syntax",
    /// A line is indented with a tab.
    TabIndentation = "tab-indentation",
    /// Lists or mappings are nested deeper than any manifest needs.
    NestedTooDeep = "nested-too-deep",
    /// A file holds more than one YAML document.
    SeveralDocuments = "several-documents",
    /// An alias names no anchor above it.
    UnknownAlias = "unknown-alias",
    /// An alias stands within what it names.
    RecursiveAlias = "recursive-alias",
    /// Aliases expand to more groups than can be meant.
    AliasExpansion = "alias-expansion",
    /// A merge key (`<<`).
    MergeKey = "merge-key",
    /// A tag that means nothing here.
    UnsupportedTag = "unsupported-tag",
    /// Another kind of value is wanted.
    WrongType = "wrong-type",
    /// A number outside what is possible.
    OutOfRange = "out-of-range",
    /// A key that means nothing here.
    UnknownKey = "unknown-key",
    /// A key is given twice in one mapping.
    DuplicateKey = "duplicate-key",
    /// A key that must be there is not.
    MissingKey = "missing-key",
    /// The manifest has a format version that is not supported.
    UnsupportedVersion = "unsupported-version",
    /// Files of one manifest disagree about the whole of it.
    HeaderConflict = "header-conflict",
    /// A group has no name.
    EmptyName = "empty-name",
    /// A name that cannot be meant.
    InvalidName = "invalid-name",
    /// A name written bare ends where a comment begins that may be part of it.
    CommentedName = "commented-name",
    /// A mark of YAML's stands before a name, and may be part of it.
    MarkedName = "marked-name",
    /// A character of a Chinese input method where one of YAML was probably intended.
    FullWidth = "full-width",
    /// A name has a character that is not visible.
    HiddenCharacter = "hidden-character",
    /// A name has characters that a wrong encoding leaves.
    DamagedName = "damaged-name",
    /// A name written bare goes on over several lines.
    MultilineName = "multiline-name",
    /// Two siblings have the same name.
    DuplicateSibling = "duplicate-sibling",
    /// Two siblings have names that look alike.
    LookalikeSibling = "lookalike-sibling",
    /// Two groups have the same `id`.
    DuplicateId = "duplicate-id",
    /// A group has the `id` that is the `root`.
    RootAsGroup = "root-as-group",
    /// `was` is the group's own name.
    WasOwnName = "was-own-name",
    /// Two siblings have the same former name.
    DuplicateWas = "duplicate-was",
    /// A former name is given twice for one group.
    RepeatedWas = "repeated-was",
    /// There is no group at all.
    NoGroups = "no-groups",
    /// A group stands deeper than `limits.depth`.
    DepthLimit = "depth-limit",
    /// There are more groups than `limits.groups`.
    GroupLimit = "group-limit",
    /// A file cannot be laid out anew.
    NotFormatted = "not-formatted",
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// Another place that belongs to a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where it is.
    pub place: Span,
    /// What to say there.
    pub label: Message,
}

/// Something wrong in the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What it breaks.
    pub rule: Rule,
    /// What is wrong, in one sentence without a full stop.
    pub message: Message,
    /// The source it is about, if it was read at all.
    pub source: Option<SourceId>,
    /// Where in that source, unless it is about the whole of it.
    pub place: Option<Span>,
    /// What to say at the place; may be empty.
    pub label: Message,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// What to do about it.
    pub help: Option<Message>,
}

impl Diagnostic {
    /// Makes an error that has no place yet.
    pub(crate) fn error(rule: Rule, message: Message) -> Self {
        Self {
            severity: Severity::Error,
            rule,
            message,
            source: None,
            place: None,
            label: Message::default(),
            related: Vec::new(),
            help: None,
        }
    }

    /// Makes a warning that has no place yet.
    pub(crate) fn warning(rule: Rule, message: Message) -> Self {
        Self { severity: Severity::Warning, ..Self::error(rule, message) }
    }

    /// Says that it is about the whole of a source.
    pub(crate) fn about(self, source: SourceId) -> Self {
        Self { source: Some(source), ..self }
    }

    /// Says where it is, and what to say there.
    pub(crate) fn at(self, place: Span, label: Message) -> Self {
        Self { source: Some(place.source), place: Some(place), label, ..self }
    }

    /// Adds another place.
    pub(crate) fn related(mut self, place: Span, label: Message) -> Self {
        self.related.push(Related { place, label });
        self
    }

    /// Says what to do about it.
    pub(crate) fn help(self, help: Message) -> Self {
        Self { help: Some(help), ..self }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::manifest::Rule;

    #[test]
    fn codes_are_kebab_case_and_unique() {
        let codes: BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.code()).collect();
        assert_eq!(codes.len(), Rule::ALL.len());
        assert!(codes.iter().all(|code| code.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '8')));
    }
}
