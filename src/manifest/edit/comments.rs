//! Which entry each comment and each blank line belongs to.
//!
//! A comment behind something belongs to that. A comment on a line of its own belongs to what follows, unless it is indented further
//! than that: then it stands at the end of the innermost list or mapping that is indented no further than the comment.

use std::ops::Range;

use crate::manifest::edit::cst::{Line, SyntaxTree};
use crate::manifest::edit::layout::line_start;

/// Gives every comment and every blank line to an entry.
pub(crate) fn attach(sketch: &mut SyntaxTree<'_>) {
    let mut hand = Hand { next: 0, gap: None, sketch };
    for remark in hand.sketch.remarks.clone() {
        hand.pass_entries(remark.start);
        hand.remark(remark);
    }
    hand.pass_entries(usize::MAX);
    if sketch.marker.is_some_and(|marker| has_blank_above(sketch.text, marker)) {
        sketch.head.push(Line::Blank);
    }
}

struct Hand<'s, 't> {
    sketch: &'s mut SyntaxTree<'t>,
    /// The first entry that begins behind the place that was reached.
    next: usize,
    /// The collection that the last comment of this gap was put at the end of: the next one cannot stand deeper.
    gap: Option<(usize, usize)>,
}

impl<'t> Hand<'_, 't> {
    /// Goes on to a place, and notes the blank lines above entries on the way.
    fn pass_entries(&mut self, place: usize) {
        while let Some(entry) = self.sketch.entries.get_mut(self.next).filter(|entry| entry.start < place) {
            if is_alone(self.sketch.text, entry.start) && has_blank_above(self.sketch.text, entry.start) {
                entry.above.push(Line::Blank);
            }
            self.next += 1;
        }
    }

    fn remark(&mut self, remark: Range<usize>) {
        let is_alone = is_alone(self.sketch.text, remark.start);
        match (self.surrounding(remark.start), is_alone) {
            _ if self.sketch.marker.is_some_and(|marker| remark.start < marker) => self.head(&remark),
            (Some(flow), _) => self.in_brackets(flow, &remark),
            (None, true) => self.alone(&remark),
            (None, false) => self.behind(&remark),
        }
    }

    /// Returns the text of a comment.
    fn comment(&self, remark: &Range<usize>) -> Line<'t> {
        Line::Comment(self.sketch.text[remark.clone()].trim_end())
    }

    /// Returns the lines of a comment: itself, and the blank line above it, if there is one.
    fn lines(&self, remark: &Range<usize>) -> Vec<Line<'t>> {
        let is_parted = is_alone(self.sketch.text, remark.start) && has_blank_above(self.sketch.text, remark.start);
        let blank = is_parted.then_some(Line::Blank);
        blank.into_iter().chain([self.comment(remark)]).collect()
    }

    fn head(&mut self, remark: &Range<usize>) {
        let lines = self.lines(remark);
        self.sketch.head.extend(lines);
    }

    fn above(&mut self, entry: usize, remark: &Range<usize>) {
        let lines = self.lines(remark);
        self.sketch.entries[entry].above.extend(lines);
    }

    fn below(&mut self, node: usize, remark: &Range<usize>) {
        let lines = self.lines(remark);
        if let Some(collection) = self.sketch.collection_mut(node) {
            collection.below.extend(lines);
        }
    }

    /// Returns the last entry that has begun.
    fn last(&self) -> Option<usize> {
        self.next.checked_sub(1)
    }

    /// Walks the collections around an entry, from the inside.
    fn around(&self, entry: usize) -> impl Iterator<Item = usize> {
        let parent = |entry: usize| self.sketch.entries[entry].parent;
        let outer = move |node: &usize| self.sketch.nodes[*node].owner.map(parent);
        std::iter::successors(Some(parent(entry)), outer)
    }

    /// Returns the innermost brackets that a place is within.
    fn surrounding(&self, place: usize) -> Option<usize> {
        let last = self.last()?;
        let is_around = |node: &usize| {
            let range = &self.sketch.nodes[*node].range;
            self.is_flow(*node) && range.start < place && place < range.end
        };
        std::iter::once(self.sketch.entries[last].value).chain(self.around(last)).find(is_around)
    }

    fn is_flow(&self, node: usize) -> bool {
        self.sketch.collection(node).is_some_and(|collection| collection.is_flow)
    }

    /// Takes a comment within brackets: those can no longer stand on one line.
    fn in_brackets(&mut self, flow: usize, remark: &Range<usize>) {
        self.open_up(flow);
        let is_alone = is_alone(self.sketch.text, remark.start);
        let before = self.last().map(|last| self.visible(last, remark.start));
        match before.filter(|entry| !is_alone && self.sketch.entries[*entry].parent == flow) {
            Some(entry) if self.sketch.entries[entry].behind.is_none() => self.put_behind(entry, remark),
            _ => match self.following(flow, remark.start) {
                Some(next) => self.above(next, remark),
                None => self.below(flow, remark),
            },
        }
    }

    /// Notes that these brackets, and those around them, have a comment within.
    fn open_up(&mut self, flow: usize) {
        let owner = self.sketch.nodes[flow].owner;
        let around: Vec<usize> = owner.map(|owner| self.around(owner).collect()).unwrap_or_default();
        for node in std::iter::once(flow).chain(around) {
            if let Some(collection) = self.sketch.collection_mut(node) {
                collection.is_remarked = true;
            }
        }
    }

    /// Returns the first entry of a collection that begins behind a place.
    fn following(&self, node: usize, place: usize) -> Option<usize> {
        let entries = &self.sketch.collection(node)?.entries;
        let behind = entries.partition_point(|entry| self.sketch.entries[*entry].start <= place);
        entries.get(behind).copied()
    }

    /// Returns the entry that a comment behind it belongs to: not one within brackets that are closed, but the one that has them.
    fn visible(&self, entry: usize, place: usize) -> usize {
        let is_closed = |node: &usize| self.is_flow(*node) && self.sketch.nodes[*node].range.end <= place;
        let closed = self.around(entry).take_while(is_closed).last();
        closed.and_then(|node| self.sketch.nodes[node].owner).unwrap_or(entry)
    }

    fn behind(&mut self, remark: &Range<usize>) {
        let Some(entry) = self.last().map(|last| self.visible(last, remark.start)) else { return self.alone(remark) };
        let Entry { is_before_value, is_taken } = self.state(entry, remark.start);
        match (is_before_value, is_taken) {
            (true, _) => self.above(entry, remark),
            (false, true) => self.alone(remark),
            (false, false) => self.put_behind(entry, remark),
        }
    }

    fn state(&self, entry: usize, place: usize) -> Entry {
        let entry = &self.sketch.entries[entry];
        let is_ahead = self.sketch.nodes[entry.value].range.start > place;
        Entry { is_before_value: entry.key.is_none() && is_ahead, is_taken: entry.behind.is_some() }
    }

    /// Puts a comment on the line of an entry, with the blanks that stand before it.
    fn put_behind(&mut self, entry: usize, remark: &Range<usize>) {
        let text = self.sketch.text;
        let gap = text[..remark.start].trim_end_matches([' ', '\t']).len();
        self.sketch.entries[entry].behind = Some(text[gap..remark.end].trim_end());
    }

    /// Takes a comment on a line of its own, outside of brackets.
    fn alone(&mut self, remark: &Range<usize>) {
        let next = (self.next < self.sketch.entries.len()).then_some(self.next);
        let Some(last) = self.last() else { return self.first(next, remark) };
        match next.map(|next| self.sketch.entries[next].parent) {
            // Between a key and the brackets that are its value.
            Some(parent) if self.is_flow(parent) => self.above(last, remark),
            Some(parent) if parent == self.sketch.entries[last].value => self.above(self.next, remark),
            parent => {
                let node = self.home(last, parent, remark);
                self.gap = Some((last, node));
                match next.filter(|_| parent == Some(node)) {
                    Some(next) => self.above(next, remark),
                    None => self.below(node, remark),
                }
            }
        }
    }

    /// Takes a comment that stands above everything.
    fn first(&mut self, next: Option<usize>, remark: &Range<usize>) {
        match next {
            Some(next) => self.above(next, remark),
            None => self.head(remark),
        }
    }

    /// Finds the collection that a comment belongs to, between the last entry and the collection of the next one.
    fn home(&self, last: usize, next: Option<usize>, remark: &Range<usize>) -> usize {
        let text = self.sketch.text;
        let column = remark.start - line_start(text, remark.start);
        let blocks: Vec<usize> = self.around(last).filter(|node| !self.is_flow(*node)).collect();
        let from =
            self.gap.filter(|(gap, _)| *gap == last).and_then(|(_, node)| blocks.iter().position(|b| *b == node));
        let to = next.and_then(|next| blocks.iter().position(|block| *block == next)).unwrap_or(blocks.len() - 1);
        let homes = &blocks[from.unwrap_or(0).min(to)..=to];
        let fits = |node: &&usize| self.column(**node) <= column;
        let is_level = |node: &&usize| self.column(**node) == column;
        let is_parted = next.is_some() || has_blank_above(text, remark.start);
        let outermost = homes.iter().rev().find(is_level).filter(|_| is_parted);
        *outermost.or_else(|| homes.iter().find(fits)).unwrap_or(&homes[homes.len() - 1])
    }

    /// Returns the column of a collection's entries, in bytes from 0.
    fn column(&self, node: usize) -> usize {
        let first = self.sketch.collection(node).and_then(|collection| collection.entries.first());
        first.map_or(0, |first| {
            let start = self.sketch.entries[*first].start;
            start - line_start(self.sketch.text, start)
        })
    }
}

/// What is to be known of an entry before a comment is put behind it.
struct Entry {
    /// Whether the comment stands between its `-` and its value.
    is_before_value: bool,
    /// Whether it has a comment behind it already.
    is_taken: bool,
}

/// Says whether nothing but blanks stands before a place on its line.
fn is_alone(text: &str, at: usize) -> bool {
    // Not by the start of the line: that may be far off.
    let before = text[..at].trim_end_matches(|c: char| c.is_whitespace() && !matches!(c, '\n' | '\r'));
    before.is_empty() || before.ends_with(['\n', '\r'])
}

/// Says whether the line above the one of a place is blank.
fn has_blank_above(text: &str, at: usize) -> bool {
    let start = line_start(text, at);
    let above = text[..start].strip_suffix('\n').map(|above| above.strip_suffix('\r').unwrap_or(above));
    let above = above.or_else(|| text[..start].strip_suffix('\r'));
    above.is_some_and(|above| above[line_start(above, above.len())..].trim().is_empty())
}
