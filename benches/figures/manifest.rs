//! A tree as a person would write it, and as the state would remember it.

use std::fmt::Write as _;

use crate::tree::Tree;

/// Deeper trees are written in braces: indentation would make most of the file.
const DEEPEST_BLOCK: usize = 8;

/// A tree whose groups have names.
#[derive(Debug)]
pub(crate) struct Named<'a> {
    tree: &'a Tree,
    names: Vec<String>,
    tops: Vec<usize>,
    children: Vec<Vec<usize>>,
}

impl<'a> Named<'a> {
    pub(crate) fn new(tree: &'a Tree) -> Self {
        let levels = tree.levels();
        let (mut names, mut tops, mut children) = (Vec::new(), Vec::new(), vec![Vec::new(); tree.len()]);
        for (group, above) in tree.parents.iter().enumerate() {
            let siblings = above.map_or(&mut tops, |above| &mut children[above]);
            names.push(name(levels[group], siblings.len()));
            siblings.push(group);
        }
        Self { tree, names, tops, children }
    }

    /// Returns the manifest.
    pub(crate) fn manifest(&self) -> String {
        let height = self.tree.height();
        let limits = if height > 3 { format!("limits: {{depth: {height}}}\n") } else { String::new() };
        let mut text = format!("version: 1\n{limits}groups:\n");
        for top in &self.tops {
            if height > DEEPEST_BLOCK {
                text.push_str("  - ");
                self.braces(&mut text, *top);
                text.push('\n');
            } else {
                self.block(&mut text, *top, 2);
            }
        }
        text
    }

    fn block(&self, text: &mut String, group: usize, indent: usize) {
        let (name, children) = (&self.names[group], &self.children[group]);
        if children.is_empty() {
            let _ = writeln!(text, "{:indent$}- {name}", "");
            return;
        }
        let _ = writeln!(text, "{:indent$}- name: {name}\n{:indent$}  children:", "", "");
        children.iter().for_each(|child| self.block(text, *child, indent + 4));
    }

    fn braces(&self, text: &mut String, group: usize) {
        let (name, children) = (&self.names[group], &self.children[group]);
        if children.is_empty() {
            text.push_str(name);
            return;
        }
        let _ = write!(text, "{{name: {name}, children: [");
        for child in children {
            text.push_str("\n    ");
            self.braces(text, *child);
            text.push(',');
        }
        text.push_str("]}");
    }

    /// Returns each group's place in the list of its parent, and its name: all that a script needs to know.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (Option<usize>, &str)> {
        self.tree.parents.iter().copied().zip(self.names.iter().map(String::as_str))
    }

    /// Returns the state that an apply would leave.
    pub(crate) fn state(&self) -> String {
        let mut paths = self.paths();
        paths.sort_unstable();
        let lines: Vec<String> = paths.iter().zip(1001..).map(|(path, id)| format!("    \"{path}\": {id}")).collect();
        format!(
            "{{\n  \"format\": 1,\n  \"lineage\": \"bench\",\n  \"serial\": 1,\n  \"endpoint\": \"https://api.dingtalk.com\",\n  \
             \"organization\": null,\n  \"root\": 0,\n  \"groups\": {{\n{}\n  }}\n}}\n",
            lines.join(",\n")
        )
    }

    fn paths(&self) -> Vec<String> {
        let mut paths: Vec<String> = Vec::with_capacity(self.names.len());
        for (above, name) in self.pairs() {
            paths.push(format!("{}/{name}", above.map_or("", |above| &paths[above])));
        }
        paths
    }
}

fn name(level: usize, place: usize) -> String {
    match level {
        1 => format!("城市 {place}"),
        2 => format!("园区 {place}"),
        _ => format!("{place} 号楼"),
    }
}
