//! Where in the text of a valid manifest its groups and lists stand.
//!
//! The walk is the one of reading, so that spots and groups are in the same order; a text that is laid out in a way that is
//! not understood has no layout, and is then not changed in place.

use std::ops::Range;

use crate::manifest::parse::ast::{ItemId, Kind, Within, Yaml};

/// Where everything stands.
pub(crate) struct Layout {
    /// The key `groups` and its list.
    pub(crate) groups: (ItemId, ItemId),
    /// The mapping at `limits`.
    pub(crate) limits: Option<ItemId>,
    /// The groups, in manifest order.
    pub(crate) spots: Vec<Spot>,
}

/// Where a group stands.
pub(crate) struct Spot {
    /// Its scalar or mapping, or the alias in its stead.
    pub(crate) item: ItemId,
    pub(crate) is_scalar: bool,
    /// The scalar of its name.
    pub(crate) name: ItemId,
    /// The key `children` and its list.
    pub(crate) children: Option<(ItemId, ItemId)>,
}

impl Layout {
    /// Finds where everything stands.
    pub(crate) fn of(yaml: &Yaml<'_>) -> Option<Self> {
        let top = yaml.top()?;
        let (key, list) = find(yaml, top, "groups")?;
        let limits = find(yaml, top, "limits").map(|(_, limits)| limits);
        Some(Self { groups: (key, list), limits, spots: spots(yaml, list)? })
    }
}

/// Goes through the groups without recursion: lists still to be walked wait on a stack.
fn spots(yaml: &Yaml<'_>, list: ItemId) -> Option<Vec<Spot>> {
    let mut spots = Vec::new();
    let mut waiting: Vec<Within> = vec![yaml.within(list)];
    while let Some(left) = waiting.last_mut() {
        let Some(item) = yaml.step(left) else {
            waiting.pop();
            continue;
        };
        let spot = spot(yaml, item)?;
        waiting.extend(spot.children.map(|(_, list)| yaml.within(list)));
        spots.push(spot);
    }
    Some(spots)
}

fn spot(yaml: &Yaml<'_>, item: ItemId) -> Option<Spot> {
    let target = yaml.resolve(item);
    match yaml.kind(target) {
        Kind::Bare | Kind::Quoted => Some(Spot { item, is_scalar: true, name: target, children: None }),
        Kind::Mapping => {
            let (_, name) = find(yaml, target, "name")?;
            Some(Spot { item, is_scalar: false, name, children: find(yaml, target, "children") })
        }
        Kind::List | Kind::Alias(_) | Kind::Broken => None,
    }
}

/// Finds a key of a mapping and its value.
pub(crate) fn find(yaml: &Yaml<'_>, mapping: ItemId, wanted: &str) -> Option<(ItemId, ItemId)> {
    let mut left = yaml.within(mapping);
    while let Some((key, value)) = yaml.pair(&mut left) {
        if yaml.value(yaml.resolve(key)) == Some(wanted) {
            return Some((key, yaml.resolve(value?)));
        }
    }
    None
}

/// Says whether a list or mapping is written in brackets.
pub(crate) fn is_flow(yaml: &Yaml<'_>, id: ItemId) -> bool {
    yaml.text[yaml.place(id).start as usize..].starts_with(['[', '{'])
}

/// Returns the first byte of the line of a byte.
pub(crate) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1)
}

/// Returns the end of the line of a byte, its line break left out.
pub(crate) fn line_end(text: &str, at: usize) -> usize {
    text[at..].find(['\n', '\r']).map_or(text.len(), |end| at + end)
}

/// Returns the end of the line above, given the start of a line.
pub(crate) fn before_break(text: &str, start: usize) -> usize {
    let length = ["\r\n", "\n", "\r"].into_iter().find(|end| text[..start].ends_with(end)).map_or(0, str::len);
    start - length
}

/// Returns the column, in bytes from 0, of the `-` of an item, if nothing but blanks is around it.
pub(crate) fn dash(yaml: &Yaml<'_>, item: ItemId) -> Option<usize> {
    let at = yaml.place(item).start as usize;
    let before = &yaml.text[line_start(yaml.text, at)..at];
    let indentation = before.trim_end_matches(' ').strip_suffix('-')?;
    indentation.bytes().all(|byte| byte == b' ').then_some(indentation.len())
}

/// Returns the column, in bytes from 0, of an item.
pub(crate) fn column(yaml: &Yaml<'_>, item: ItemId) -> usize {
    let at = yaml.place(item).start as usize;
    at - line_start(yaml.text, at)
}

/// Returns the end of the last line of an item, with all that is in it and the comment on that line.
pub(crate) fn tail(yaml: &Yaml<'_>, item: ItemId) -> usize {
    let text = yaml.text;
    let end = yaml.place(yaml.last_within(item)).end as usize;
    let mut at = text[..end].trim_end_matches(['\n', '\r']).len();
    while let Some(next) = closer(text, at) {
        at = next;
    }
    line_end(text, at)
}

/// Returns the byte behind a bracket or comma that comes next: in block style neither can begin anything else.
fn closer(text: &str, at: usize) -> Option<usize> {
    let mut at = at;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        match text.as_bytes().get(at)? {
            b'#' => at = line_end(text, at),
            b']' | b'}' | b',' => return Some(at + 1),
            _ => return None,
        }
    }
}

/// Returns the range of a list in brackets that has nothing in it.
pub(crate) fn empty_flow(yaml: &Yaml<'_>, list: ItemId) -> Option<Range<usize>> {
    let start = yaml.place(list).start as usize;
    let within = yaml.text[start..].strip_prefix('[')?;
    let rest = within.trim_start_matches(' ').strip_prefix(']')?;
    Some(start..yaml.text.len() - rest.len())
}
