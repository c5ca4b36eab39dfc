//! Names and new groups as they are written into a text that is there already.

use std::borrow::Cow;
use std::fmt::Write;

use crate::manifest::rules::full_width::name_slip;
use crate::manifest::{NodeId, Tree};

/// What a text in brackets may not have in it without quotes.
const BRACKETS: [char; 5] = [',', '[', ']', '{', '}'];

/// How lines are laid out.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    /// The column of the `-`, from 0.
    pub(crate) dash: usize,
    /// How much further in than its key a list stands.
    pub(crate) offset: usize,
    pub(crate) newline: &'static str,
}

/// Writes a name as a scalar outside of brackets.
#[must_use]
pub fn scalar(name: &str) -> Option<String> {
    if name_slip(name).is_some() {
        return Some(quoted(name));
    }
    let list = serde_yaml::to_string(&[name]).ok()?;
    let scalar = list.strip_prefix("- ")?.trim_end_matches('\n');
    (!scalar.contains('\n')).then(|| scalar.to_owned())
}

/// Writes a name as a scalar within brackets.
pub(crate) fn flow_scalar(name: &str) -> Option<String> {
    let scalar = scalar(name)?;
    let is_quoted = scalar.starts_with(['\'', '"']);
    Some(if is_quoted || !scalar.contains(BRACKETS) { scalar } else { quoted(name) })
}

/// Quotes the bare names of a text in block style that would be reported as slips.
pub(crate) fn with_slips_quoted(text: &str) -> String {
    text.split_inclusive('\n').map(slip_quoted).collect()
}

fn slip_quoted(line: &str) -> Cow<'_, str> {
    let mut rest = line.trim_start_matches(' ');
    while let Some(item) = rest.strip_prefix("- ") {
        rest = item;
    }
    let start = line.len() - rest.len();
    let key = ["name: ", "was: "].into_iter().find(|key| line[start..].starts_with(key)).map_or(0, str::len);
    let name = line[start + key..].trim_end_matches('\n');
    match name_slip(name).filter(|_| !name.starts_with(['\'', '"'])) {
        Some(_) => format!("{}{}\n", &line[..start + key], quoted(name)).into(),
        None => line.into(),
    }
}

fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}

/// Writes a group with all below it within brackets.
pub(crate) fn flow_item(tree: &Tree, id: NodeId) -> Option<String> {
    let name = flow_scalar(&tree.get(id).name)?;
    let children: Vec<NodeId> = tree.children(id).collect();
    if children.is_empty() {
        return Some(name);
    }
    Some(format!("{{name: {name}, children: {}}}", flow_list(tree, &children)?))
}

/// Writes groups with all below them as a list in brackets.
pub(crate) fn flow_list(tree: &Tree, groups: &[NodeId]) -> Option<String> {
    let items: Option<Vec<String>> = groups.iter().map(|id| flow_item(tree, *id)).collect();
    Some(format!("[{}]", items?.join(", ")))
}

/// Writes groups with all below them as lines, each after a line break.
pub(crate) fn block(tree: &Tree, groups: &[NodeId], style: Style) -> Option<String> {
    let mut text = String::new();
    groups.iter().try_for_each(|id| block_item(tree, *id, style, &mut text))?;
    Some(text)
}

fn block_item(tree: &Tree, id: NodeId, style: Style, text: &mut String) -> Option<()> {
    let name = scalar(&tree.get(id).name)?;
    let Style { dash, offset, newline } = style;
    let children: Vec<NodeId> = tree.children(id).collect();
    if children.is_empty() {
        return write!(text, "{newline}{:dash$}- {name}", "").ok();
    }
    let keys = dash + 2;
    write!(text, "{newline}{:dash$}- name: {name}{newline}{:keys$}children:", "", "").ok()?;
    let style = Style { dash: keys + offset, ..style };
    children.into_iter().try_for_each(|child| block_item(tree, child, style, text))
}
