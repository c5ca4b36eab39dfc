//! What the files say, before the rules: rows of groups in manifest order, and the header of each file.
//!
//! A row may lack what a group must have, since a mistake in one group must not hide the others.

use crate::group::{GroupId, GroupName, GroupPath};
use crate::language::Text;
use crate::manifest::tree::{Tree, TreeBuilder};
use crate::manifest::{Place, SourceId, Ties};
use crate::text;

/// How deep a group may stand for a message to give its path: deeper ones are mistakes, and their paths unreadable.
const DEEPEST_SHOWN: u32 = 16;

/// How many bytes of names a message gives, so that a thousand mistakes below a name of megabytes stay readable.
const LONGEST_SHOWN: usize = 500;

/// All files together.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) headers: Vec<Header>,
    pub(super) rows: Vec<Row>,
}

/// What one file says about the whole manifest.
pub(super) struct Header {
    pub(super) source: SourceId,
    pub(super) organization: Option<Stated<String>>,
    pub(super) root: Option<Stated<GroupId>>,
    pub(super) depth: Option<Stated<u32>>,
    pub(super) groups: Option<Stated<u64>>,
}

/// A value and where it is written.
#[derive(Clone)]
pub(super) struct Stated<T> {
    pub(super) value: T,
    pub(super) place: Place,
}

/// A group, as far as it could be read.
pub(super) struct Row {
    /// `None` when the name is missing or cannot be one; that was reported.
    pub(super) name: Option<GroupName>,
    /// The row above.
    pub(super) parent: Option<u32>,
    pub(super) depth: u32,
    pub(super) place: Place,
    pub(super) claims: Option<Box<Claims>>,
}

/// What a row says of a group that exists.
pub(super) struct Claims {
    pub(super) was: Vec<Stated<GroupName>>,
    pub(super) id: Option<Stated<GroupId>>,
    pub(super) protect: Option<bool>,
    /// The alias that says it once more, if it is not said here for the first time.
    pub(super) alias: Option<Place>,
}

impl Claims {
    pub(super) fn says_something(&self) -> bool {
        !self.was.is_empty() || self.id.is_some() || self.protect.is_some()
    }

    fn into_ties(self) -> Ties {
        Ties {
            was: self.was.into_iter().map(|was| was.value).collect(),
            id: self.id.map(|id| id.value),
            protect: self.protect,
        }
    }
}

impl Draft {
    /// Adds a group below a row, and returns the index of its row.
    pub(super) fn push(&mut self, row: Row) -> u32 {
        let index = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.rows.push(row);
        index
    }

    /// Returns the first statement of a header field.
    pub(super) fn stated<T>(&self, field: impl Fn(&Header) -> Option<&Stated<T>>) -> Option<&Stated<T>> {
        self.headers.iter().find_map(field)
    }

    /// Walks the rows that say something of a group that exists.
    pub(super) fn claims(&self) -> impl Iterator<Item = (&Row, &Claims)> {
        self.rows.iter().filter_map(|row| Some((row, row.claims.as_deref()?)))
    }

    /// Says where a row's group stands, for messages: ` in /北京`, or nothing at the top or where the path is of no help.
    pub(super) fn location(&self, row: &Row) -> Text {
        if row.depth == 1 || row.depth > DEEPEST_SHOWN {
            return Text::default();
        }
        let parent = |index: &u32| self.rows[*index as usize].parent;
        let chain: Vec<_> = std::iter::successors(row.parent, parent).collect();
        let names: Option<Vec<_>> = chain.iter().rev().map(|index| self.rows[*index as usize].name.as_ref()).collect();
        let is_short = |names: &Vec<&GroupName>| names.iter().map(|name| name.len()).sum::<usize>() <= LONGEST_SHOWN;
        names.filter(is_short).map_or_else(Text::default, |names| {
            text!(" in `{}`", "`{}` 下", names.iter().fold(GroupPath::top(), |path, name| path.join(name)))
        })
    }

    /// Makes the tree; `None` if a group has no name.
    pub(super) fn into_tree(self) -> Option<Tree> {
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
