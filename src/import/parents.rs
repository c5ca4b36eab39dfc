//! Reads rows that each name their group and the parent of it, by name or by the value of another column.
//!
//! The column that the parents refer to is the one that has most of their values. An unknown parent, one that several rows are, and a
//! cycle are problems of their rows.

use std::collections::{HashMap, HashSet};

use crate::import::column_kinds::Known;
use crate::import::columns::{Search, Shape};
use crate::import::entry::{Entry, Findings, Step};
use crate::import::heading::Heading;
use crate::import::placeholder;
use crate::import::problem::{Problem, listed, shown};
use crate::localized;
use crate::sheet::{Address, Row};

/// The most levels of a chain of parents.
const DEEPEST: usize = 1000;

/// The columns of a list with parents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parents {
    pub(super) name: u32,
    pub(super) parent: u32,
    /// The column that has the values of `parent`: ids, or the names themselves.
    pub(super) key: u32,
}

/// A row of such a list.
struct Node<'r> {
    row: &'r Row,
    step: Step,
    parent: Option<(&'r str, Address)>,
}

/// Finds the columns of a list with parents; `None` if the table is no such list or has other columns of levels or paths.
pub(super) fn find(search: &Search<'_>, known: &Known) -> Option<Shape> {
    let (&[name], &[parent]) = (&known.vague[..], &known.parents[..]) else { return None };
    // A column of kinds, such as `城市` and `园区`, says which level a row is at, or that it is a room: it cannot be left out.
    let names_levels = |column: &u32| search.values(*column).iter().any(|(_, text)| Heading::of(text).is_some());
    let is_other = !known.numbered.is_empty() || !known.named.is_empty() || !known.paths.is_empty() || known.has_rooms;
    if is_other || known.kinds.iter().any(names_levels) {
        return None;
    }
    let parents: HashSet<&str> = search.values(parent).into_iter().map(|(_, text)| text.trim()).collect();
    let matches = |column: &u32| {
        let values: HashSet<&str> = search.values(*column).into_iter().map(|(_, text)| text.trim()).collect();
        values.intersection(&parents).count()
    };
    let others = (0..search.table.width()).filter(|column| ![name, parent].contains(column));
    let key = others.chain([name]).max_by_key(matches)?;
    Some(Shape::Parents(Parents { name, parent, key }))
}

impl Parents {
    /// Reads rows: the chain of each goes up to a row without a parent.
    pub(super) fn entries(self, rows: &[&Row], id: Option<u32>, findings: &mut Findings) -> Vec<Entry> {
        let nodes: Vec<Node<'_>> = rows.iter().filter_map(|row| self.node(row, id, findings)).collect();
        let mut by_key: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, node) in nodes.iter().enumerate() {
            let key = node.row.get(self.key).and_then(|cell| cell.text());
            key.into_iter().for_each(|key| by_key.entry(key.trim()).or_default().push(at));
        }
        let above: Vec<Option<Option<usize>>> =
            nodes.iter().map(|node| above(node, &nodes, &by_key, findings)).collect();
        let chain = |at: usize| chain(at, &nodes, &above);
        let chains: Vec<Result<Vec<Step>, Option<Problem>>> = (0..nodes.len()).map(chain).collect();
        let mut entries = Vec::new();
        for (node, chain) in nodes.iter().zip(chains) {
            match chain {
                Ok(steps) => entries.push(Entry { steps, id: findings.id(node.row, id), former: None }),
                Err(problem) => findings.problems.extend(problem),
            }
        }
        entries
    }

    fn node<'r>(self, row: &'r Row, id: Option<u32>, findings: &mut Findings) -> Option<Node<'r>> {
        let at = row.at(self.name);
        let Some(cell) = row.get(self.name) else {
            findings.problems.push(no_name(at));
            return None;
        };
        let is_tied = id.is_some_and(|id| row.get(id).is_some());
        let name = findings.text(cell, at).and_then(|text| match is_tied {
            true => findings.name(text, at),
            false => findings.typed_name(text, at),
        });
        let parent_at = row.at(self.parent);
        let parent = row.get(self.parent).and_then(|cell| findings.text(cell, parent_at)).map(|text| (text, parent_at));
        Some(Node { row, step: Step { name, at }, parent })
    }
}

/// Finds the row of a row's parent: `Some(None)` for a row at the top, `None` for a problem.
fn above(
    node: &Node<'_>,
    nodes: &[Node<'_>],
    by_key: &HashMap<&str, Vec<usize>>,
    findings: &mut Findings,
) -> Option<Option<usize>> {
    let Some((parent, at)) = node.parent else { return Some(None) };
    let is_top = parent == "0" || placeholder::check(parent, at).is_some();
    match by_key.get(parent).map(Vec::as_slice) {
        Some([one]) => return Some(Some(*one)),
        None if is_top => return Some(None),
        None => findings.problems.push(unknown(parent, at)),
        Some(rows) => {
            let places: Vec<Address> = rows.iter().map(|row| nodes[*row].step.at).collect();
            findings.problems.push(several(parent, &places, at));
        }
    }
    None
}

/// Returns the names from the top down to a row; a problem if there is no end, nothing if a parent above has one.
fn chain(at: usize, nodes: &[Node<'_>], above: &[Option<Option<usize>>]) -> Result<Vec<Step>, Option<Problem>> {
    let (mut chain, mut next) = (vec![nodes[at].step.clone()], above[at].ok_or(None)?);
    while let Some(parent) = next {
        let place = || nodes[at].parent.map_or(nodes[at].step.at, |(_, at)| at);
        if parent == at {
            return Err(Some(cycle(place())));
        }
        if chain.len() >= DEEPEST.min(nodes.len()) {
            return Err((nodes.len() >= DEEPEST).then(|| too_deep(place())));
        }
        chain.push(nodes[parent].step.clone());
        next = above[parent].ok_or(None)?;
    }
    chain.reverse();
    Ok(chain)
}

fn no_name(at: Address) -> Problem {
    Problem::error(
        "skipped-level",
        Some(at),
        localized!("The row has no name of a group", "该行没有分组名称"),
        localized!("Write the name, or delete the row", "请填写名称，或删去这一行"),
    )
}

fn unknown(parent: &str, at: Address) -> Problem {
    let parent = shown(parent);
    Problem::error(
        "unknown-parent",
        Some(at),
        localized!("No row is the parent {parent}", "没有哪一行是上级 {parent}"),
        localized!(
            "Add a row for the parent, correct the cell, or empty it if the group is at the top",
            "请为该上级加一行，或更正该单元格；如果是顶层分组，请清空该单元格"
        ),
    )
}

fn several(parent: &str, places: &[Address], at: Address) -> Problem {
    let (parent, places) = (shown(parent), listed(places));
    Problem::error(
        "ambiguous-parent",
        Some(at),
        localized!(
            "More than one row may be the parent {parent}: {places}",
            "上级 {parent} 可能是多行中的一行：{places}"
        ),
        localized!(
            "Give each row an id in a column of its own, and write the id of the parent instead of its name",
            "请加一列编号，使每行编号不同，并在上级列中填写上级的编号"
        ),
    )
}

fn cycle(at: Address) -> Problem {
    Problem::error(
        "parent-cycle",
        Some(at),
        localized!("The parents of the row lead back to the row itself", "该行的上级最终又回到该行自身"),
        localized!(
            "Correct the parent of one of these rows, or empty it if the group is at the top",
            "请更正其中一行的上级；如果是顶层分组，请清空该单元格"
        ),
    )
}

fn too_deep(at: Address) -> Problem {
    Problem::error(
        "depth-limit",
        Some(at),
        localized!("The row has more than {DEEPEST} parents above it", "该行的上级超过 {DEEPEST} 级"),
        localized!("Check the column of the parents: they may form a circle", "请检查上级列：可能形成了循环"),
    )
}
