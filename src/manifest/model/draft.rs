//! What the files say, before the rules: rows of groups in manifest order, and the header of each file.
//!
//! A row may lack what a group must have, since a mistake in one group must not hide the others.

use crate::group::{GroupId, GroupName, GroupPath};
use crate::i18n::Message;
use crate::localized;
use crate::manifest::model::tree::{Tree, TreeBuilder};
use crate::manifest::{Bindings, SourceId, Span};

/// How deep a group may stand for a message to give its path: deeper ones are mistakes, and their paths unreadable.
const DEEPEST_SHOWN: u32 = 16;

/// How many bytes of names a message gives, so that a thousand mistakes below a name of megabytes stay readable.
const LONGEST_SHOWN: usize = 500;

/// All files together.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) headers: Vec<Header>,
    pub(crate) rows: Vec<Row>,
}

/// What one file says about the whole manifest.
pub(crate) struct Header {
    pub(crate) source: SourceId,
    pub(crate) organization: Option<Stated<String>>,
    pub(crate) root: Option<Stated<GroupId>>,
    pub(crate) depth: Option<Stated<u32>>,
    pub(crate) groups: Option<Stated<u64>>,
}

/// A value and where it is written.
#[derive(Clone)]
pub(crate) struct Stated<T> {
    pub(crate) value: T,
    pub(crate) place: Span,
}

/// A group, as far as it could be read.
pub(crate) struct Row {
    /// `None` when the name is missing or cannot be one; that was reported.
    pub(crate) name: Option<GroupName>,
    /// The row above.
    pub(crate) parent: Option<u32>,
    pub(crate) depth: u32,
    pub(crate) place: Span,
    pub(crate) claims: Option<Box<DraftBindings>>,
}

/// What a row says of a group that exists.
pub(crate) struct DraftBindings {
    pub(crate) was: Vec<Stated<GroupName>>,
    pub(crate) id: Option<Stated<GroupId>>,
    pub(crate) protect: Option<bool>,
    /// The alias that says it once more, if it is not said here for the first time.
    pub(crate) alias: Option<Span>,
}

impl DraftBindings {
    pub(crate) fn says_something(&self) -> bool {
        !self.was.is_empty() || self.id.is_some() || self.protect.is_some()
    }

    fn into_ties(self) -> Bindings {
        Bindings {
            was: self.was.into_iter().map(|was| was.value).collect(),
            id: self.id.map(|id| id.value),
            protect: self.protect,
        }
    }
}

impl Draft {
    /// Adds a group below a row, and returns the index of its row.
    pub(crate) fn push(&mut self, row: Row) -> u32 {
        let index = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.rows.push(row);
        index
    }

    /// Returns the first statement of a header field.
    pub(crate) fn stated<T>(&self, field: impl Fn(&Header) -> Option<&Stated<T>>) -> Option<&Stated<T>> {
        self.headers.iter().find_map(field)
    }

    /// Walks the rows that say something of a group that exists.
    pub(crate) fn claims(&self) -> impl Iterator<Item = (&Row, &DraftBindings)> {
        self.rows.iter().filter_map(|row| Some((row, row.claims.as_deref()?)))
    }

    /// Says where a row's group stands, for messages: ` in /北京`, or nothing at the top or where the path is of no help.
    pub(crate) fn location(&self, row: &Row) -> Message {
        if row.depth == 1 || row.depth > DEEPEST_SHOWN {
            return Message::default();
        }
        let parent = |index: &u32| self.rows[*index as usize].parent;
        let chain: Vec<_> = std::iter::successors(row.parent, parent).collect();
        let names: Option<Vec<_>> = chain.iter().rev().map(|index| self.rows[*index as usize].name.as_ref()).collect();
        let is_short = |names: &Vec<&GroupName>| names.iter().map(|name| name.len()).sum::<usize>() <= LONGEST_SHOWN;
        names.filter(is_short).map_or_else(Message::default, |names| {
            localized!(" in `{}`", "`{}` 下", names.iter().fold(GroupPath::top(), |path, name| path.join(name)))
        })
    }

    /// Makes the tree; `None` if a group has no name.
    pub(crate) fn into_tree(self) -> Option<Tree> {
        let mut tree = TreeBuilder::default();
        for row in self.rows {
            tree.rise(row.depth);
            let id = tree.open_at(row.name?, row.place);
            if let Some(claims) = row.claims {
                tree.tie(id, claims.into_ties());
            }
        }
        Some(tree.build())
    }
}
