//! The lines of the stable layout.
//!
//! Two blanks for each level, lists further in than their keys; keys in the order of their tables; what is in brackets stays on one
//! line if it fits there and has no comment in it, and becomes lines otherwise.

use std::mem;

use unicode_width::UnicodeWidthStr;

use crate::manifest::edit::cst::{Collection, Content, Line, SyntaxTree};
use crate::manifest::parse::keys::{GROUP, LIMITS, TOP};

/// How many columns a line with brackets may have.
const WIDTH: usize = 100;
/// What tells editors the schema; it stays at the top.
const MODELINE: &str = "# yaml-language-server:";

/// Writes a file in the stable layout.
pub(crate) fn written(mut sketch: SyntaxTree<'_>) -> String {
    clear_empty(&mut sketch);
    keep_head(&mut sketch);
    order(&mut sketch);
    hoist(&mut sketch);
    let flat = flat(&sketch);
    let newline = if sketch.text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut page = Page { sketch: &mut sketch, flat, newline, text: String::new(), open: Vec::new() };
    page.document();
    page.text
}

/// Brings comments within empty brackets above the entry that has them.
fn clear_empty(sketch: &mut SyntaxTree<'_>) {
    for node in 0..sketch.nodes.len() {
        let Some(owner) = sketch.nodes[node].owner else { continue };
        let Some(collection) = sketch.collection_mut(node).filter(|collection| collection.entries.is_empty()) else {
            continue;
        };
        let lines = mem::take(&mut collection.below);
        sketch.entries[owner].above.extend(lines);
    }
}

/// Keeps at the top what stands there and is parted from the first key by a blank line, or is meant for editors.
fn keep_head(sketch: &mut SyntaxTree<'_>) {
    let Some(first) = sketch.collection(0).and_then(|top| top.entries.first()).copied() else { return };
    if sketch.marker.is_some() {
        return;
    }
    let above = &mut sketch.entries[first].above;
    let is_for_editors = |line: &Line<'_>| matches!(line, Line::Comment(text) if text.starts_with(MODELINE));
    let parted = above.iter().rposition(|line| *line == Line::Blank).map_or(0, |at| at + 1);
    let for_editors = above.iter().rposition(is_for_editors).map_or(0, |at| at + 1);
    let head: Vec<_> = above.drain(..parted.max(for_editors)).collect();
    sketch.head.extend(head);
}

/// Puts the keys of every mapping in order.
fn order(sketch: &mut SyntaxTree<'_>) {
    for node in 0..sketch.nodes.len() {
        let table = table(sketch, node);
        let Content::Collection(collection) = &mut sketch.nodes[node].content else { continue };
        let entries = &sketch.entries;
        let rank = |entry: &usize| {
            let key = entries[*entry].key.as_deref();
            table.iter().position(|known| Some(*known) == key)
        };
        collection.entries.sort_by_key(rank);
    }
}

/// Returns the keys that a mapping may have, in their order.
fn table(sketch: &SyntaxTree<'_>, node: usize) -> &'static [&'static str] {
    let owner = sketch.nodes[node].owner.map(|owner| &sketch.entries[owner]);
    match owner.map(|owner| owner.key.as_deref()) {
        None => &TOP,
        Some(Some("limits")) => &LIMITS,
        Some(_) => &GROUP,
    }
}

/// Brings what stands above the first key of an item above the item: on its line the key comes right behind the `-`.
fn hoist(sketch: &mut SyntaxTree<'_>) {
    for entry in 0..sketch.entries.len() {
        let value = sketch.entries[entry].value;
        let is_anchored = sketch.nodes[value].anchor.is_some();
        let first =
            sketch.collection(value).filter(|mapping| mapping.is_mapping).and_then(|it| it.entries.first().copied());
        let Some(first) = first.filter(|_| sketch.entries[entry].key.is_none() && !is_anchored) else { continue };
        let lines = mem::take(&mut sketch.entries[first].above);
        sketch.entries[entry].above.extend(lines.into_iter().filter(|line| *line != Line::Blank));
    }
}

/// Writes every node that can stand on one line, with its anchor.
fn flat(sketch: &SyntaxTree<'_>) -> Vec<Option<String>> {
    let mut flat: Vec<Option<String>> = vec![None; sketch.nodes.len()];
    for (index, node) in sketch.nodes.iter().enumerate().rev() {
        let text = match &node.content {
            Content::Scalar(text) => Some(text.to_string()),
            Content::Collection(collection) => in_brackets(sketch, collection, &flat),
        };
        let anchor = node.anchor.map_or_else(String::new, |anchor| format!("{anchor} "));
        flat[index] = text.map(|text| anchor + &text);
    }
    flat
}

fn in_brackets(sketch: &SyntaxTree<'_>, collection: &Collection<'_>, flat: &[Option<String>]) -> Option<String> {
    let is_line = collection.is_flow && !collection.is_remarked || collection.entries.is_empty();
    let (open, close) = if collection.is_mapping { ('{', '}') } else { ('[', ']') };
    let mut text = is_line.then(|| String::from(open))?;
    for (at, entry) in collection.entries.iter().map(|entry| &sketch.entries[*entry]).enumerate() {
        let value = flat[entry.value].as_deref()?;
        let key = entry.key.as_ref().map_or_else(String::new, |key| format!("{key}: "));
        text.extend([if at > 0 { ", " } else { "" }, &key, value]);
        if text.len() > WIDTH * 4 {
            return None;
        }
    }
    text.push(close);
    Some(text)
}

struct Page<'s, 't> {
    sketch: &'s mut SyntaxTree<'t>,
    flat: Vec<Option<String>>,
    newline: &'static str,
    text: String,
    /// Lists and mappings that are being written, the innermost last.
    open: Vec<Open>,
}

/// A list or a mapping while it is written.
#[derive(Clone, Copy)]
struct Open {
    node: usize,
    /// Which of its entries comes next.
    next: usize,
    indentation: usize,
    /// Whether the next entry goes on behind the `-` of the list around it.
    is_behind_dash: bool,
}

impl<'t> Page<'_, 't> {
    fn document(&mut self) {
        let head = mem::take(&mut self.sketch.head);
        self.lines(&head, 0);
        if self.sketch.marker.is_some() {
            self.text.push_str("---");
            self.text.push_str(self.newline);
        }
        self.open.push(Open { node: 0, next: 0, indentation: 0, is_behind_dash: false });
        while let Some(open) = self.open.last_mut() {
            let at = *open;
            open.next += 1;
            open.is_behind_dash = false;
            let entry = self.sketch.collection(at.node).and_then(|collection| collection.entries.get(at.next).copied());
            match entry {
                Some(entry) => self.entry(entry, at),
                None => self.close(at),
            }
        }
    }

    fn close(&mut self, at: Open) {
        self.open.pop();
        let below = self.sketch.collection_mut(at.node).map(|collection| mem::take(&mut collection.below));
        self.lines(&below.unwrap_or_default(), at.indentation);
    }

    fn entry(&mut self, entry: usize, at: Open) {
        let value = self.sketch.entries[entry].value;
        let key = self.sketch.entries[entry].key.as_ref().map_or_else(|| "-".to_owned(), |key| format!("{key}:"));
        let is_line = self.fits(value, at.indentation + key.len() + 1);
        let goes_on = !is_line && self.goes_on(entry);
        let behind = self.behind(entry, goes_on);
        let above = mem::take(&mut self.sketch.entries[entry].above);
        self.lines(if at.next == 0 { without_blanks(&above) } else { &above }, at.indentation);
        if !at.is_behind_dash {
            self.indent(at.indentation);
        }
        self.text.push_str(&key);
        match (&self.flat[value], self.sketch.nodes[value].anchor) {
            (Some(flat), _) if is_line => self.text.extend([" ", flat]),
            (_, Some(anchor)) => self.text.extend([" ", anchor]),
            _ => {}
        }
        if !is_line {
            let indentation = at.indentation + 2;
            self.open.push(Open { node: value, next: 0, indentation, is_behind_dash: goes_on });
        }
        match goes_on {
            true => self.text.push(' '),
            false => self.text.extend([behind.unwrap_or_default(), self.newline]),
        }
    }

    /// Says whether a value stands on the line that has so many columns already.
    fn fits(&self, value: usize, columns: usize) -> bool {
        let is_short = |flat: &String| columns + flat.width() <= WIDTH;
        let must = self.sketch.collection(value).is_none_or(|collection| collection.entries.is_empty());
        must || self.flat[value].as_ref().is_some_and(is_short)
    }

    /// Says whether the first key of an item goes on behind its `-`.
    fn goes_on(&self, entry: usize) -> bool {
        let entry = &self.sketch.entries[entry];
        let is_mapping = self.sketch.collection(entry.value).is_some_and(|collection| collection.is_mapping);
        entry.key.is_none() && is_mapping && self.sketch.nodes[entry.value].anchor.is_none()
    }

    /// Takes the comment behind an entry; one behind an item whose first key goes on there becomes that key's.
    fn behind(&mut self, entry: usize, goes_on: bool) -> Option<&'t str> {
        let behind = self.sketch.entries[entry].behind.take();
        let value = self.sketch.entries[entry].value;
        let first = self.sketch.collection(value).and_then(|collection| collection.entries.first().copied());
        let (Some(first), Some(comment), true) = (first, behind, goes_on) else { return behind };
        match &mut self.sketch.entries[first].behind {
            none @ None => *none = Some(comment),
            Some(_) => self.sketch.entries[entry].above.push(Line::Comment(comment.trim_start())),
        }
        None
    }

    fn lines(&mut self, lines: &[Line<'t>], indentation: usize) {
        for line in lines {
            match line {
                Line::Comment(comment) => {
                    self.indent(indentation);
                    self.text.extend([comment, self.newline]);
                }
                Line::Blank if self.is_within() => self.text.push_str(self.newline),
                Line::Blank => {}
            }
        }
    }

    /// Says whether a blank line may come: not at the top, and not after another.
    fn is_within(&self) -> bool {
        let two = format!("{0}{0}", self.newline);
        !self.text.is_empty() && !self.text.ends_with(&two)
    }

    fn indent(&mut self, indentation: usize) {
        self.text.extend(std::iter::repeat_n(' ', indentation));
    }
}

/// Leaves out blank lines at the start of a collection.
fn without_blanks<'l, 't>(lines: &'l [Line<'t>]) -> &'l [Line<'t>] {
    let start = lines.iter().position(|line| *line != Line::Blank).unwrap_or(lines.len());
    &lines[start..]
}
