//! The tree that a test wants, apart from the code under test: paths go in, a manifest comes out.

use std::collections::BTreeMap;

use roomtree::sandbox::SandboxGroup;
use serde_json::{Value, json};

/// A tree of names, in the order they were given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree(Vec<(String, Tree)>);

impl Tree {
    /// Makes a tree from paths such as `北京/望京/A 座`; what stands above a group comes by itself.
    pub(crate) fn of(paths: &[&str]) -> Self {
        let mut tree = Self::default();
        for path in paths {
            path.split('/').fold(&mut tree, |level, name| level.child(name));
        }
        tree
    }

    /// Three cities, six campuses, six buildings.
    pub(crate) fn fifteen() -> Self {
        Self::of(&[
            "北京/望京园区/A 座",
            "北京/亦庄园区/研发楼",
            "上海/张江园区/1 号楼",
            "上海/虹桥办公室/前台",
            "London/Soho/Floor 1",
            "London/City/Floor 2",
        ])
    }

    /// So many groups at the top.
    pub(crate) fn flat(groups: usize) -> Self {
        Self((1..=groups).map(|number| (format!("{number} 号楼"), Self::default())).collect())
    }

    /// Returns the group of this name, made if need be.
    pub(crate) fn child(&mut self, name: &str) -> &mut Self {
        let at = self.0.iter().position(|(other, _)| other == name).unwrap_or_else(|| {
            self.0.push((name.to_owned(), Self::default()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }

    /// Writes the manifest: JSON is YAML.
    pub(crate) fn manifest(&self) -> String {
        serde_json::to_string_pretty(&json!({"version": 1, "groups": self.groups()})).unwrap()
    }

    fn groups(&self) -> Vec<Value> {
        self.0.iter().map(|(name, below)| json!({"name": name, "children": below.groups()})).collect()
    }

    /// Returns every path as a JSON Pointer, sorted.
    pub(crate) fn pointers(&self) -> Vec<String> {
        let mut all = Vec::new();
        self.collect("", &mut all);
        all.sort();
        all
    }

    fn collect(&self, above: &str, all: &mut Vec<String>) {
        for (name, below) in &self.0 {
            let path = pointer(above, name);
            below.collect(&path, all);
            all.push(path);
        }
    }
}

fn pointer(above: &str, name: &str) -> String {
    format!("{above}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Returns the path of every live group with its id, sorted; duplicates stand side by side.
pub(crate) fn placed(groups: &[SandboxGroup]) -> Vec<(String, i64)> {
    let by_id: BTreeMap<i64, &SandboxGroup> = groups.iter().map(|group| (group.id, group)).collect();
    let mut all: Vec<(String, i64)> = groups.iter().map(|group| (path(group, &by_id), group.id)).collect();
    all.sort();
    all
}

fn path(group: &SandboxGroup, by_id: &BTreeMap<i64, &SandboxGroup>) -> String {
    let above = match group.parent {
        0 => String::new(),
        parent => path(by_id.get(&parent).expect("no group is orphaned"), by_id),
    };
    pointer(&above, &group.name)
}
