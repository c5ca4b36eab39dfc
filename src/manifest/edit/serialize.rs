//! A manifest written as YAML: the inverse of reading one.
//!
//! Places, comments and the layout of a file are not part of a manifest, so what is written here is always laid out alike: as `fmt` does it.
//! Whether it reads back as the same manifest is for whoever writes it down to check.

use crate::manifest::edit::emit::with_slips_quoted;
use crate::manifest::format;
use crate::manifest::model::document::{Document, FormerNames, Group, Item, LimitsSection, Text};
use crate::manifest::{Limits, Manifest, Node, SourceId, Tree};

/// Writes a manifest: groups without children and ties as bare names, everything else as mappings.
///
/// # Errors
/// Those of the YAML writer; none is known.
pub fn compose(manifest: &Manifest) -> Result<String, serde_yaml::Error> {
    let text = with_slips_quoted(&serde_yaml::to_string(&document(manifest))?);
    Ok(format(SourceId::default(), &text).map_or(text, |formatted| formatted.text))
}

fn document(manifest: &Manifest) -> Document {
    Document {
        version: 1,
        organization: manifest.organization.clone().map(Text),
        root: Some(manifest.root.get()).filter(|root| *root != 0),
        limits: limits(manifest.limits),
        groups: items(&manifest.tree),
    }
}

fn limits(limits: Limits) -> Option<LimitsSection> {
    let depth = Some(limits.depth).filter(|depth| *depth != Limits::default().depth);
    let groups = limits.groups.map(|groups| i64::try_from(groups).unwrap_or(i64::MAX));
    let section = LimitsSection { depth, groups };
    (section != LimitsSection::default()).then_some(section)
}

/// Goes backwards, so that the children of a group are ready before it.
fn items(tree: &Tree) -> Vec<Item> {
    let mut below: Vec<Vec<Item>> = vec![Vec::new(); tree.len()];
    let mut top = Vec::new();
    for (id, node) in tree.nodes().collect::<Vec<_>>().into_iter().rev() {
        let item = item(node, std::mem::take(&mut below[id.index()]));
        match node.parent {
            Some(parent) => below[parent.index()].push(item),
            None => top.push(item),
        }
    }
    top.reverse();
    top
}

/// Makes the item of a group; the children come last first.
fn item(node: &Node, mut children: Vec<Item>) -> Item {
    let name = Text(node.name.to_string());
    if children.is_empty() && node.ties().is_none() {
        return Item::Name(name);
    }
    children.reverse();
    let id = node.id().map(|id| id.get());
    Item::Group(Group { name, was: former_names(node), id, protect: node.protect(), children })
}

fn former_names(node: &Node) -> Option<FormerNames> {
    match node.was() {
        [] => None,
        [one] => Some(FormerNames::One(Text(one.to_string()))),
        several => Some(FormerNames::Several(several.iter().map(|name| Text(name.to_string())).collect())),
    }
}
