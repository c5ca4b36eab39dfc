//! The optimum, against every schedule of every small tree.

use crate::optimum::rounds;

/// Tries every schedule: the fewest rounds from where `done` are made.
fn fewest(parents: &[Option<usize>], in_flight: u32, done: u32, known: &mut [Option<usize>]) -> usize {
    if done.count_ones() as usize == parents.len() {
        return 0;
    }
    if let Some(rounds) = known[done as usize] {
        return rounds;
    }
    let is_ready = |group: usize| done >> group & 1 == 0 && parents[group].is_none_or(|above| done >> above & 1 == 1);
    let ready: u32 = (0..parents.len()).filter(|group| is_ready(*group)).map(|group| 1 << group).sum();
    let choices = (1..=ready).filter(|choice| choice & !ready == 0 && choice.count_ones() <= in_flight);
    let least = choices.map(|choice| fewest(parents, in_flight, done | choice, known)).min();
    let rounds = 1 + least.unwrap_or(0);
    known[done as usize] = Some(rounds);
    rounds
}

/// Returns every tree of so many groups.
fn trees(groups: usize) -> Vec<Vec<Option<usize>>> {
    (0..groups).fold(vec![Vec::new()], |trees, index| {
        let choices = || (0..index).map(Some).chain([None]);
        trees.iter().flat_map(|tree| choices().map(move |above| [&tree[..], &[above]].concat())).collect()
    })
}

#[test]
fn no_schedule_of_any_small_tree_takes_fewer_rounds() {
    for (tree, in_flight) in trees(6).iter().flat_map(|tree| [1, 2, 3].map(|in_flight| (tree, in_flight))) {
        let best = fewest(tree, in_flight, 0, &mut [None; 64]);
        assert_eq!(rounds(tree, in_flight as usize), best, "{tree:?} with {in_flight} in flight");
    }
}

#[test]
fn a_chain_takes_its_length_and_a_wide_level_its_share() {
    let chain: Vec<_> = (0..100_usize).map(|index| index.checked_sub(1)).collect();
    assert_eq!((rounds(&chain, 64), rounds(&[None; 100], 64), rounds(&[None; 100], 1)), (100, 2, 100));
    assert_eq!(rounds(&[], 8), 0);
}
