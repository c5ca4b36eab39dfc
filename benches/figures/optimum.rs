//! The best that any schedule can do where every call takes equally long.
//!
//! For trees of calls of one length, to begin the group with the tallest subtree first is optimal (Hu 1961, for the tree turned
//! round; the schedule read backwards is one for ours). So one walk in whole rounds gives the optimum, not a bound on it.

use std::collections::BinaryHeap;

/// Returns how many rounds of at most `in_flight` calls a tree takes at best.
///
/// `parents` has for each group the one above it, which comes before it.
pub(crate) fn rounds(parents: &[Option<usize>], in_flight: usize) -> usize {
    let (heights, children) = (heights(parents), children(parents));
    let tops = parents.iter().enumerate().filter(|(_, above)| above.is_none()).map(|(top, _)| top);
    let mut ready: BinaryHeap<(usize, usize)> = tops.map(|top| (heights[top], top)).collect();
    let mut rounds = 0;
    while !ready.is_empty() {
        let begun: Vec<usize> = (0..in_flight).map_while(|_| ready.pop()).map(|(_, group)| group).collect();
        ready.extend(begun.iter().flat_map(|group| &children[*group]).map(|child| (heights[*child], *child)));
        rounds += 1;
    }
    rounds
}

/// Returns how many levels the subtree of each group has, itself included.
fn heights(parents: &[Option<usize>]) -> Vec<usize> {
    let mut heights = vec![1; parents.len()];
    for (group, above) in parents.iter().enumerate().rev() {
        if let Some(above) = above {
            heights[*above] = heights[*above].max(heights[group] + 1);
        }
    }
    heights
}

fn children(parents: &[Option<usize>]) -> Vec<Vec<usize>> {
    let mut children = vec![Vec::new(); parents.len()];
    for (group, above) in parents.iter().enumerate() {
        if let Some(above) = above {
            children[*above].push(group);
        }
    }
    children
}
