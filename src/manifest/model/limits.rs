//! The limits that a manifest sets for the size of its tree.

/// How large a tree may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The deepest level at which a group may stand, from 1; DingTalk documents three [video-conference-overview].
    pub depth: u32,
    /// The most groups there may be; `None` for any number, since DingTalk documents none.
    pub groups: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 3, groups: None }
    }
}
