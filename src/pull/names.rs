//! Which names can be written.

use crate::group::GroupName;
use crate::manifest::is_blank;
use crate::pull::Why;
use crate::say;

/// Takes a live name as the name of a group of a manifest.
pub(super) fn writable(text: &str) -> Result<GroupName, Why> {
    match GroupName::parse(text) {
        Err(error) => Err(Why::Name(error)),
        Ok(_) if is_blank(text) => Err(Why::Invisible),
        Ok(name) => Ok(name),
    }
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(error) => error.fmt(f),
            Self::Invisible => f.write_str(say!("the name has no visible character", "名称没有可见字符")),
        }
    }
}
