//! A manifest's text changed where the manifest changed, and byte for byte as it was everywhere else.
//!
//! Places of the parser say where names and lists stand; a change is a few edits of byte ranges. What the layout does not
//! allow gives no text at all, and the caller reads every text again: aliases need no care here, since a name that changes at
//! one place and is read at two makes another manifest than the one that was meant.

use std::cmp::Reverse;
use std::ops::Range;

use crate::manifest::edit::emit;
use crate::manifest::edit::layout::{
    Layout, Spot, before_break, column, dash, empty_flow, find, is_flow, line_end, line_start, tail,
};
use crate::manifest::parse::ast::{ItemId, Yaml};
use crate::manifest::parse::parser;
use crate::manifest::{Manifest, NodeId, SourceId};

/// Changes the text of a manifest so that it says a new one; `None` where its layout does not allow it.
///
/// `origins` has, for each group of the new manifest, where it stood in the old one. New groups stand behind their siblings.
/// The caller has to read the text again before it relies on it.
#[must_use]
pub fn amend(text: &str, old: &Manifest, new: &Manifest, origins: &[Option<NodeId>]) -> Option<String> {
    let mut problems = Vec::new();
    let yaml = parser::parse(SourceId::default(), text, &mut problems);
    let layout = Layout::of(&yaml).filter(|layout| problems.is_empty() && layout.spots.len() == old.tree.len())?;
    let kept = kept(old.tree.len(), origins);
    let mut amendment = Amendment { yaml: &yaml, layout: &layout, old, new, origins, kept, edits: Vec::new() };
    amendment.run()?;
    apply(text, amendment.edits)
}

/// Says for each old group which new one it is.
fn kept(length: usize, origins: &[Option<NodeId>]) -> Vec<Option<usize>> {
    let mut kept = vec![None; length];
    for (index, origin) in origins.iter().enumerate() {
        if let Some(origin) = origin {
            kept[origin.index()] = Some(index);
        }
    }
    kept
}

/// Puts edits into a text; `None` if two of them touch the same bytes.
fn apply(text: &str, mut edits: Vec<Edit>) -> Option<String> {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end, Reverse(edit.depth)));
    let mut changed = String::with_capacity(text.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut at = 0;
    for edit in edits {
        changed.push_str(text.get(at..edit.range.start)?);
        changed.push_str(&edit.text);
        at = edit.range.end;
    }
    changed.push_str(&text[at..]);
    Some(changed)
}

/// A range of bytes and what stands there from now on.
struct Edit {
    range: Range<usize>,
    /// How deep the groups stand that it adds: at the same place, the deeper ones come first.
    depth: u32,
    text: String,
}

struct Amendment<'a> {
    yaml: &'a Yaml<'a>,
    layout: &'a Layout,
    old: &'a Manifest,
    new: &'a Manifest,
    origins: &'a [Option<NodeId>],
    kept: Vec<Option<usize>>,
    edits: Vec<Edit>,
}

/// What changes in one list of groups.
struct ListChange {
    old: Vec<NodeId>,
    gone: Vec<NodeId>,
    added: Vec<NodeId>,
    depth: u32,
}

impl Amendment<'_> {
    fn run(&mut self) -> Option<()> {
        self.limit()?;
        let change = self.change(self.old.tree.roots().collect(), self.new.tree.roots().collect(), 1);
        self.list(Some(self.layout.groups), &change)?;
        let pairs = self.new.tree.nodes().zip(self.origins);
        for ((new, _), origin) in pairs.collect::<Vec<_>>() {
            if let Some(old) = *origin {
                self.group(old, new)?;
            }
        }
        Some(())
    }

    fn change(&self, old: Vec<NodeId>, new: Vec<NodeId>, depth: u32) -> ListChange {
        let gone = old.iter().copied().filter(|id| self.kept[id.index()].is_none()).collect();
        let added = new.into_iter().filter(|id| self.origins[id.index()].is_none()).collect();
        ListChange { old, gone, added, depth }
    }

    fn group(&mut self, old: NodeId, new: NodeId) -> Option<()> {
        let (before, after) = (self.old.tree.get(old), self.new.tree.get(new));
        let children = self.new.tree.children(new).collect();
        let change = self.change(self.old.tree.children(old).collect(), children, after.depth + 1);
        let spot = &self.layout.spots[old.index()];
        let becomes_parent = spot.children.is_none() && !change.added.is_empty();
        if becomes_parent {
            return self.first_children(old, new, &change);
        }
        if before.name != after.name {
            let name = self.name(old, new)?;
            self.edit(self.yaml.place(spot.name).range(), name, 0);
        }
        self.list(spot.children, &change)
    }

    /// Writes a name as it has to be where it stands; one that stays, as it is written.
    fn name(&self, old: NodeId, new: NodeId) -> Option<String> {
        if self.old.tree.get(old).name == self.new.tree.get(new).name {
            let place = self.yaml.place(self.layout.spots[old.index()].name);
            return Some(self.yaml.text[place.range()].to_owned());
        }
        let name = &self.new.tree.get(new).name;
        if self.is_in_flow(old) { emit::flow_scalar(name) } else { emit::scalar(name) }
    }

    fn is_in_flow(&self, old: NodeId) -> bool {
        let list = match self.old.tree.get(old).parent {
            None => Some(self.layout.groups),
            Some(parent) => self.layout.spots[parent.index()].children,
        };
        let spot = &self.layout.spots[old.index()];
        let is_braced = !spot.is_scalar && is_flow(self.yaml, self.yaml.resolve(spot.item));
        is_braced || list.is_some_and(|(_, list)| is_flow(self.yaml, list))
    }

    /// Gives children to a group that has none.
    fn first_children(&mut self, old: NodeId, new: NodeId, change: &ListChange) -> Option<()> {
        let spot = &self.layout.spots[old.index()];
        let place = self.yaml.place(spot.name).range();
        let name = self.name(old, new)?;
        if self.is_in_flow(old) {
            let children = emit::flow_list(&self.new.tree, &change.added)?;
            let text = match spot.is_scalar {
                true => format!("{{name: {name}, children: {children}}}"),
                false => format!("{name}, children: {children}"),
            };
            self.edit(place, text, 0);
            return Some(());
        }
        let column = self.key_column(spot)?;
        let name = if spot.is_scalar { format!("name: {name}") } else { name };
        self.edit(place, name, 0);
        let head = format!("{}{:column$}children:", self.newline(), "");
        let items = self.block(&change.added, column + self.offset())?;
        let end = tail(self.yaml, spot.item);
        self.edit(end..end, head + &items, change.depth);
        Some(())
    }

    /// Returns the column of a group's keys, where it has or will have some.
    fn key_column(&self, spot: &Spot) -> Option<usize> {
        dash(self.yaml, spot.item)?;
        Some(column(self.yaml, spot.item))
    }

    fn list(&mut self, list: Option<(ItemId, ItemId)>, change: &ListChange) -> Option<()> {
        if change.gone.is_empty() && change.added.is_empty() {
            return Some(());
        }
        let (key, list) = list?;
        match (is_flow(self.yaml, list), change.old.is_empty()) {
            (true, true) => self.fill(key, list, change),
            (true, false) => self.flow(change),
            (false, false) => self.lines(change),
            (false, true) => None,
        }
    }

    /// Puts groups into an empty list, which was in brackets: as lines, unless it stands in brackets itself.
    fn fill(&mut self, key: ItemId, list: ItemId, change: &ListChange) -> Option<()> {
        let range = empty_flow(self.yaml, list)?;
        let start = self.yaml.place(key).end as usize + 1;
        let text = self.yaml.text;
        let at = self.yaml.place(key).start as usize;
        let is_block = text[line_start(text, at)..at].bytes().all(|byte| byte == b' ');
        if !is_block || text.get(start..range.start)?.trim() != "" {
            self.edit(range, emit::flow_list(&self.new.tree, &change.added)?, 0);
            return Some(());
        }
        let items = self.block(&change.added, column(self.yaml, key) + self.offset())?;
        let end = line_end(text, range.end);
        self.edit(start..range.end, String::new(), 0);
        self.edit(end..end, items, change.depth);
        Some(())
    }

    /// Changes a list in brackets, if all in it are scalars.
    fn flow(&mut self, change: &ListChange) -> Option<()> {
        let place = |id: &NodeId| self.yaml.place(self.layout.spots[id.index()].item).range();
        let last = change.old.last()?;
        if !self.layout.spots[last.index()].is_scalar {
            return None;
        }
        let added: Option<Vec<String>> = change.added.iter().map(|id| emit::flow_item(&self.new.tree, *id)).collect();
        let end = place(last).end;
        let mut edits = Vec::new();
        if !change.added.is_empty() {
            edits.push((end..end, format!(", {}", added?.join(", "))));
        }
        if !change.gone.is_empty() {
            edits.extend(self.without(change)?.into_iter().map(|range| (range, String::new())));
        }
        for (range, text) in edits {
            self.edit(range, text, change.depth);
        }
        Some(())
    }

    /// Returns what to take out of a list in brackets, one group with one comma at a time.
    fn without(&self, change: &ListChange) -> Option<Vec<Range<usize>>> {
        let place = |id: &NodeId| self.yaml.place(self.layout.spots[id.index()].item).range();
        let stays = change.old.iter().position(|id| !change.gone.contains(id))?;
        let text = self.yaml.text;
        let range = |(at, id): (usize, &NodeId)| match at < stays {
            true => place(id).start..place(&change.old[at + 1]).start,
            false => place(&change.old[at - 1]).end..place(id).end,
        };
        let gone = change.old.iter().enumerate().filter(|(_, id)| change.gone.contains(id)).map(range);
        let gone: Vec<_> = gone.collect();
        gone.iter().all(|range| !text[range.clone()].contains('#')).then_some(gone)
    }

    /// Changes a list whose items have lines of their own.
    fn lines(&mut self, change: &ListChange) -> Option<()> {
        if change.gone.len() == change.old.len() && change.added.is_empty() {
            return None;
        }
        let item = |id: &NodeId| self.layout.spots[id.index()].item;
        let last = change.old.last()?;
        if !change.added.is_empty() {
            let items = self.block(&change.added, dash(self.yaml, item(change.old.first()?))?)?;
            let end = tail(self.yaml, item(last));
            self.edit(end..end, items, change.depth);
        }
        for id in &change.gone {
            self.edit(self.lines_of(item(id))?, String::new(), 0);
        }
        Some(())
    }

    /// Returns the lines of an item with the line break before them, so that what is added behind them stays.
    fn lines_of(&self, item: ItemId) -> Option<Range<usize>> {
        dash(self.yaml, item)?;
        let start = line_start(self.yaml.text, self.yaml.place(item).start as usize);
        Some(before_break(self.yaml.text, start)..tail(self.yaml, item))
    }

    /// Writes groups as lines, each after a line break.
    fn block(&self, groups: &[NodeId], dash: usize) -> Option<String> {
        emit::block(&self.new.tree, groups, emit::Style { dash, offset: self.offset(), newline: self.newline() })
    }

    /// Returns how much further in than its key the list of the topmost groups stands.
    fn offset(&self) -> usize {
        let (key, _) = self.layout.groups;
        let first = self.layout.spots.first().and_then(|spot| dash(self.yaml, spot.item));
        first.and_then(|dash| dash.checked_sub(column(self.yaml, key))).unwrap_or(2)
    }

    fn newline(&self) -> &'static str {
        if self.yaml.text.contains("\r\n") { "\r\n" } else { "\n" }
    }

    /// Raises `limits.depth`.
    fn limit(&mut self) -> Option<()> {
        let depth = self.new.limits.depth;
        if depth == self.old.limits.depth {
            return Some(());
        }
        match self.layout.limits {
            Some(limits) => match find(self.yaml, limits, "depth") {
                Some((_, value)) => self.edit(self.yaml.place(value).range(), depth.to_string(), 0),
                None if is_flow(self.yaml, limits) => {
                    let at = self.yaml.place(limits).start as usize + 1;
                    self.edit(at..at, format!("depth: {depth}, "), 0);
                }
                None => return None,
            },
            None => {
                let at = self.yaml.place(self.layout.groups.0).start as usize;
                if column(self.yaml, self.layout.groups.0) != 0 {
                    return None;
                }
                self.edit(at..at, format!("limits: {{depth: {depth}}}{}", self.newline()), 0);
            }
        }
        Some(())
    }

    fn edit(&mut self, range: Range<usize>, text: String, depth: u32) {
        self.edits.push(Edit { range, depth, text });
    }
}
