//! Where a group stands: the chain of names from the top, written as a JSON Pointer (RFC 6901).
//!
//! `/北京/望京园区/A 座`; within a name `~` is written `~0` and `/` is written `~1`. A path can also hold names that a manifest
//! may not have, since live groups and old state files have names of their own.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::tr;

/// The chain of names that leads to a group; empty for the top of the tree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct GroupPath(Box<str>);

/// Why a text is not the path of a group.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PathError {
    /// Every path but the empty one starts with `/`.
    #[error("{}", tr!(format: "a path starts with `/`: `{}`", "路径应以 `/` 开头：`{}`", .0))]
    NoSlash(String),
    /// The text starts with `／`.
    #[error("{}", tr!(
        format: "a path starts with `/`, and this one with a full-width `／`: `{}`",
        "路径应以半角的 `/` 开头，而不是全角的 `／`：`{}`", .0
    ))]
    FullWidthSlash(String),
    /// A `~` is followed by neither `0` nor `1`.
    #[error("{}", tr!(
        format: "in a path `~` is written `~0` and a `/` within a name `~1`: `{}`",
        "路径中的 `~` 要写成 `~0`，名称里的 `/` 要写成 `~1`：`{}`", .0
    ))]
    Tilde(String),
}

impl GroupPath {
    /// Returns the empty path: the top of the tree, no group itself.
    #[must_use]
    pub fn top() -> Self {
        Self("".into())
    }

    /// Reads a path as it is written in state files and on the command line.
    ///
    /// # Errors
    /// [`PathError`] when the text is no JSON Pointer.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        if text.starts_with('／') {
            return Err(PathError::FullWidthSlash(text.to_owned()));
        }
        if !text.is_empty() && !text.starts_with('/') {
            return Err(PathError::NoSlash(text.to_owned()));
        }
        let lone_tilde = |rest: &str| !rest.starts_with(['0', '1']);
        if text.split('~').skip(1).any(lone_tilde) {
            return Err(PathError::Tilde(text.to_owned()));
        }
        Ok(Self(text.into()))
    }

    /// Returns the path of the child with this name.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        Self(format!("{}/{}", self.0, escape(name)).into())
    }

    /// Returns the path with these names from the top down, in time linear in its length.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut path = String::new();
        for name in names {
            path.push('/');
            path.push_str(&escape(name));
        }
        Self(path.into())
    }

    /// Returns the path of the group above, or `None` at the top.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.rfind('/').map(|at| Self(self.0[..at].into()))
    }

    /// Returns the last name of the chain, or `None` at the top.
    #[must_use]
    pub fn name(&self) -> Option<Cow<'_, str>> {
        self.0.rfind('/').map(|at| unescape(&self.0[at + 1..]))
    }

    /// Returns the names from the top down.
    pub fn names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.0.split('/').skip(1).map(unescape)
    }

    /// Returns how many names the chain has.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.0.matches('/').count()
    }

    /// Says whether this is `ancestor` or stands somewhere below it.
    #[must_use]
    pub fn is_within(&self, ancestor: &Self) -> bool {
        self.0.strip_prefix(&*ancestor.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Returns this path, or the first one below it, if the set has any.
    #[must_use]
    pub fn first_within<'a>(&self, paths: &'a BTreeSet<Self>) -> Option<&'a Self> {
        let below = || paths.range(self.join("")..).next().filter(|other| other.is_within(self));
        paths.get(self).or_else(below)
    }

    /// Returns the path as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn escape(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) { name.replace('~', "~0").replace('/', "~1").into() } else { name.into() }
}

fn unescape(written: &str) -> Cow<'_, str> {
    if written.contains('~') { written.replace("~1", "/").replace("~0", "~").into() } else { written.into() }
}

impl TryFrom<String> for GroupPath {
    type Error = PathError;

    fn try_from(text: String) -> Result<Self, PathError> {
        Self::parse(&text)
    }
}

impl From<GroupPath> for String {
    fn from(path: GroupPath) -> Self {
        path.0.into()
    }
}

impl fmt::Display for GroupPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::group::{GroupPath, PathError};

    #[test]
    fn slashes_and_tildes_in_names_are_escaped() {
        let path = GroupPath::top().join("a/b").join("~1");
        assert_eq!(path.as_str(), "/a~1b/~01");
        assert_eq!(path.name().as_deref(), Some("~1"));
        assert_eq!(path.parent(), Some(GroupPath::top().join("a/b")));
        assert_eq!(path.depth(), 2);
    }

    #[test]
    fn what_is_no_pointer_is_refused() {
        assert_eq!(GroupPath::parse("北京"), Err(PathError::NoSlash("北京".to_owned())));
        assert_eq!(GroupPath::parse("／北京"), Err(PathError::FullWidthSlash("／北京".to_owned())));
        assert!(GroupPath::parse("/a~2").is_err());
        assert!(GroupPath::parse("/a~").is_err());
    }

    #[test]
    fn a_sibling_with_a_longer_name_is_not_within() {
        let path = GroupPath::top().join("ab");
        assert!(!path.is_within(&GroupPath::top().join("a")));
        assert!(path.join("c").is_within(&path));
    }

    proptest! {
        #[test]
        fn names_come_back_from_a_path(names in proptest::collection::vec(".*", 0..5)) {
            let path = names.iter().fold(GroupPath::top(), |path, name| path.join(name));
            prop_assert_eq!(GroupPath::parse(path.as_str()), Ok(path.clone()));
            prop_assert_eq!(path.names().map(|n| n.into_owned()).collect::<Vec<_>>(), names);
        }

        #[test]
        fn any_text_is_read_as_it_is_or_refused(text in "([/~01]|\\PC){0,20}") {
            if let Ok(path) = GroupPath::parse(&text) {
                prop_assert_eq!(path.as_str(), &text);
                prop_assert_eq!(path.names().fold(GroupPath::top(), |path, name| path.join(&name)), path);
            }
        }
    }
}
