//! A tree as rows for a spreadsheet: one row for each group, one column for each level, then its path and its id.
//!
//! Every row has all its names, so that it can be sorted and filtered; `roomtree import` makes the same tree of them.

use crate::group::GroupId;
use crate::import::{id_heading, level_heading, path_heading};
use crate::manifest::{NodeId, Tree};

/// Returns the rows, the headings first; ids in manifest order.
#[must_use]
pub fn table(tree: &Tree, ids: &[Option<GroupId>]) -> Vec<Vec<String>> {
    let levels = tree.nodes().map(|(_, node)| node.depth as usize).max().unwrap_or(1);
    let mut names = Vec::new();
    let rows = tree.nodes().map(|(id, _)| row(tree, id, ids, &mut names, levels));
    std::iter::once(headings(levels)).chain(rows).collect()
}

fn headings(levels: usize) -> Vec<String> {
    let levels = (1..=levels).map(level_heading);
    levels.chain([path_heading().to_owned(), id_heading().to_owned()]).collect()
}

/// Makes the row of a group; `names` has the names of those above it, kept from row to row.
fn row(tree: &Tree, id: NodeId, ids: &[Option<GroupId>], names: &mut Vec<String>, levels: usize) -> Vec<String> {
    let node = tree.get(id);
    names.truncate(node.depth as usize - 1);
    names.push(node.name.to_string());
    let mut row = names.clone();
    row.resize(levels, String::new());
    let live = ids.get(id.index()).copied().flatten();
    row.extend([tree.path(id).to_string(), live.map_or_else(String::new, |id| id.to_string())]);
    row
}

#[cfg(test)]
mod tests {
    use crate::group::{GroupId, GroupName};
    use crate::i18n::Language;
    use crate::manifest::Tree;
    use crate::pull::table;

    #[test]
    fn every_group_is_a_row_with_all_its_names() {
        let mut tree = Tree::builder();
        let name = |text| GroupName::parse(text).unwrap();
        tree.open(name("北京"));
        tree.leaf(name("A/B"));
        tree.close();
        tree.leaf(name("上海"));
        let rows = table(&tree.build(), &[Some(GroupId::new(7)), None, Some(GroupId::new(9))]);
        assert_eq!(rows[0], ["level 1", "level 2", "path", "id"]);
        assert_eq!(rows[1], ["北京", "", "/北京", "7"]);
        assert_eq!(rows[2], ["北京", "A/B", "/北京/A~1B", ""]);
        assert_eq!(rows[3], ["上海", "", "/上海", "9"]);
        let empty = Language::Chinese.scope(|| table(&Tree::default(), &[]));
        assert_eq!(empty, [["一级", "路径", "分组 ID"]]);
    }
}
