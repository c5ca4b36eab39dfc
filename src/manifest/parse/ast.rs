//! One YAML document as an arena: every item with its place, in the order of the text.
//!
//! Made for millions of items and any depth: an item is 20 bytes, stands before what is in it, and knows where the next one
//! begins, so that walking needs neither recursion nor links. Text is a slice of the source wherever it is written unchanged.

use crate::manifest::{SourceId, Span};

/// A YAML document.
pub(crate) struct Yaml<'t> {
    pub(crate) source: SourceId,
    pub(crate) text: &'t str,
    items: Vec<Item>,
    /// Scalars that are not written as they read: with escapes, folded, or over several lines.
    decoded: Vec<Box<str>>,
    /// Tags without a name, and anchors that no alias names, before bare scalars.
    marks: Vec<(ItemId, (u32, u32))>,
    /// Whether the text was read to its end: after a syntax error, nothing can be called missing.
    pub(crate) complete: bool,
}

/// Which item of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ItemId(u32);

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A scalar without quotes.
    Bare,
    /// A scalar in quotes or as a block, or with a tag that makes it text.
    Quoted,
    /// A list.
    List,
    /// A mapping: keys and values by turns.
    Mapping,
    /// An alias that names an item further up.
    Alias(ItemId),
    /// What cannot be used and was reported already.
    Broken,
}

struct Item {
    start: u32,
    end: u32,
    /// The index after everything within this item; 0 while the item is open.
    next: u32,
    kind: Packed,
    /// For a scalar 1 + its index in `decoded`, or 0; for an alias the item it names.
    value: u32,
}

#[derive(Clone, Copy)]
enum Packed {
    Bare,
    Quoted,
    List,
    Mapping,
    Alias,
    Broken,
}

impl<'t> Yaml<'t> {
    pub(crate) fn new(source: SourceId, text: &'t str) -> Self {
        Self { source, text, items: Vec::new(), decoded: Vec::new(), marks: Vec::new(), complete: true }
    }

    /// Adds a scalar.
    pub(crate) fn scalar(&mut self, kind: Kind, range: (u32, u32), value: &str) {
        let written = &self.text[range.0 as usize..range.1 as usize];
        let inner = written.get(1..written.len().saturating_sub(1));
        let decoded = match kind {
            Kind::Bare if value == written || written.is_empty() => 0,
            Kind::Quoted if written.starts_with(['"', '\'']) && inner == Some(value) => 0,
            _ => self.decode(value),
        };
        self.push(kind, range, decoded);
    }

    fn decode(&mut self, value: &str) -> u32 {
        self.decoded.push(value.into());
        index(self.decoded.len())
    }

    /// Adds an item without content: an alias or what is broken.
    pub(crate) fn leaf(&mut self, kind: Kind, range: (u32, u32)) {
        self.push(kind, range, 0);
    }

    /// Adds a list or mapping that what follows is in, until it is closed.
    pub(crate) fn open(&mut self, kind: Kind, range: (u32, u32)) -> ItemId {
        let id = ItemId(index(self.items.len()));
        self.push(kind, range, 0);
        self.items[id.at()].next = 0;
        id
    }

    pub(crate) fn close(&mut self, id: ItemId) {
        self.items[id.at()].next = index(self.items.len());
    }

    pub(crate) fn is_open(&self, id: ItemId) -> bool {
        self.items[id.at()].next == 0
    }

    /// Returns the last item if it is a bare scalar that goes on over several lines.
    pub(crate) fn last_folded(&self) -> Option<ItemId> {
        let id = ItemId(index(self.items.len().checked_sub(1)?));
        self.is_folded(id).then_some(id)
    }

    /// Says whether an item is a bare scalar that goes on over several lines.
    pub(crate) fn is_folded(&self, id: ItemId) -> bool {
        self.kind(id) == Kind::Bare && self.text[self.place(id).range()].contains(['\n', '\r'])
    }

    /// Returns a comment behind a bare scalar, on its line, that has no blank after its `#`: it may be meant as text.
    pub(crate) fn comment_behind(&self, id: ItemId) -> Option<Span> {
        let rest = &self.text[self.items[id.at()].end as usize..];
        // Only what begins like a comment is read to the end of its line, which may be a long one.
        let comment = rest.trim_start_matches([' ', '\t']).strip_prefix('#').filter(|_| self.kind(id) == Kind::Bare)?;
        let is_close = comment.starts_with(|c: char| !c.is_whitespace() && c != '#');
        let start = self.text.len() - comment.len() - 1;
        let comment = self.text[start..].split(['\n', '\r']).next()?;
        let stop = start + comment.trim_end().len();
        is_close.then_some(Span { source: self.source, start: index(start), end: index(stop) })
    }

    /// Sets the marks of YAML's before scalars that nothing needs, by rising item.
    pub(crate) fn set_marks(&mut self, marks: Vec<(ItemId, (u32, u32))>) {
        self.marks = marks;
    }

    /// Returns the mark before a scalar that nothing needs.
    pub(crate) fn mark_before(&self, id: ItemId) -> Option<Span> {
        let at = self.marks.binary_search_by_key(&id.0, |(marked, _)| marked.0).ok()?;
        let (start, end) = self.marks[at].1;
        Some(Span { source: self.source, start, end })
    }

    /// Marks an item as one that was reported.
    pub(crate) fn spoil(&mut self, id: ItemId) {
        self.items[id.at()].kind = Packed::Broken;
    }

    /// Forgets every item.
    pub(crate) fn clear(&mut self) {
        self.items.clear();
    }

    /// Returns the id that the next item will have.
    pub(crate) fn upcoming(&self) -> ItemId {
        ItemId(index(self.items.len()))
    }

    fn push(&mut self, kind: Kind, (start, end): (u32, u32), value: u32) {
        let (kind, value) = match kind {
            Kind::Bare => (Packed::Bare, value),
            Kind::Quoted => (Packed::Quoted, value),
            Kind::List => (Packed::List, value),
            Kind::Mapping => (Packed::Mapping, value),
            Kind::Alias(target) => (Packed::Alias, target.0),
            Kind::Broken => (Packed::Broken, value),
        };
        let next = index(self.items.len() + 1);
        self.items.push(Item { start, end, next, kind, value });
    }

    /// Returns the topmost item, if there is a document at all.
    pub(crate) fn top(&self) -> Option<ItemId> {
        (!self.items.is_empty()).then_some(ItemId(0))
    }

    pub(crate) fn kind(&self, id: ItemId) -> Kind {
        let item = &self.items[id.at()];
        match item.kind {
            Packed::Bare => Kind::Bare,
            Packed::Quoted => Kind::Quoted,
            Packed::List => Kind::List,
            Packed::Mapping => Kind::Mapping,
            Packed::Alias => Kind::Alias(ItemId(item.value)),
            Packed::Broken => Kind::Broken,
        }
    }

    /// Follows an alias; other items are what they are. An alias never names an alias.
    pub(crate) fn resolve(&self, id: ItemId) -> ItemId {
        match self.kind(id) {
            Kind::Alias(target) => target,
            _ => id,
        }
    }

    /// Returns the text of a scalar, and nothing for another item.
    pub(crate) fn value(&self, id: ItemId) -> Option<&str> {
        let item = &self.items[id.at()];
        let written = || &self.text[item.start as usize..item.end as usize];
        match (item.kind, item.value) {
            (Packed::Bare, 0) => Some(written()),
            (Packed::Quoted, 0) => Some(&self.text[item.start as usize + 1..item.end as usize - 1]),
            (Packed::Bare | Packed::Quoted, at) => Some(&self.decoded[at as usize - 1]),
            _ => None,
        }
    }

    /// Returns where an item is written; for a list or mapping where it begins.
    pub(crate) fn place(&self, id: ItemId) -> Span {
        let item = &self.items[id.at()];
        Span { source: self.source, start: item.start, end: item.end }
    }

    /// Returns a place that can be pointed at: for a block list or mapping its first item, for nothing the gap.
    pub(crate) fn mark(&self, id: ItemId) -> Span {
        let place = self.place(id);
        let first = ItemId(id.0 + 1);
        match self.items.get(first.at()) {
            Some(item) if place.start == place.end && item.start == place.start => self.place(first),
            _ => place,
        }
    }

    /// Returns the ids of what stands directly in a list, or the keys and values of a mapping by turns.
    pub(crate) fn within(&self, id: ItemId) -> Within {
        Within { at: id.0 + 1, end: self.items[id.at()].next }
    }

    /// Returns what stands last within an item, at any depth; the item itself if nothing does.
    pub(crate) fn last_within(&self, id: ItemId) -> ItemId {
        ItemId(self.items[id.at()].next.saturating_sub(1).max(id.0))
    }

    /// Steps through what stands directly in an item.
    pub(crate) fn step(&self, within: &mut Within) -> Option<ItemId> {
        let id = (within.at < within.end).then_some(ItemId(within.at))?;
        within.at = self.items[id.at()].next;
        Some(id)
    }

    /// Steps through the keys and values of a mapping; a syntax error can leave the last key without a value.
    pub(crate) fn pair(&self, within: &mut Within) -> Option<(ItemId, Option<ItemId>)> {
        Some((self.step(within)?, self.step(within)))
    }

    /// Says whether a syntax error may have cut this item short.
    pub(crate) fn is_cut(&self, id: ItemId) -> bool {
        !self.complete && self.items[id.at()].next as usize == self.items.len()
    }
}

/// What is left of an item's content.
#[derive(Clone, Copy)]
pub(crate) struct Within {
    at: u32,
    end: u32,
}

impl ItemId {
    fn at(self) -> usize {
        self.0 as usize
    }
}

/// Narrows an index: a document never holds more items than twice its bytes, which `source` bounds.
fn index(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
