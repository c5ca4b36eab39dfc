//! Which siblings carry on under a new name what the state records under a former one.
//!
//! A `was` stays in the manifest after it has been carried out, so it counts only while something is left of it: the former
//! name is recorded and nobody else keeps it, and the new name is not recorded or is itself given up. Names may be handed on
//! in a chain (A to B while B to C) or in a ring (A to B while B to A); a chain is carried out whole or not at all.

use std::collections::{HashMap, HashSet};

/// One of the siblings: its name, and the names it had before.
#[derive(Clone, Debug)]
pub(super) struct Sibling {
    pub(super) name: String,
    pub(super) was: Vec<String>,
    /// Whether an `id` in the manifest identifies it, so that its former names do not matter.
    pub(super) is_bound: bool,
    /// Whether the run covers it; `--only` can leave siblings out.
    pub(super) is_selected: bool,
}

/// Returns the former name, by new name, of every sibling that carries one on.
///
/// Siblings that the run does not cover keep their names, and hand none on.
pub(super) fn carried_on(
    siblings: &[Sibling],
    is_recorded: impl Fn(&str) -> bool,
    is_honoured: impl Fn(&str, &str) -> bool,
) -> HashMap<String, String> {
    let claims: HashMap<&str, &str> = siblings
        .iter()
        .filter_map(|sibling| {
            let mut was = sibling.was.iter().map(String::as_str);
            Some((&*sibling.name, was.find(|was| is_recorded(was) && !is_honoured(&sibling.name, was))?))
        })
        .collect();
    let selected = siblings.iter().filter(|sibling| sibling.is_selected);
    let selected: Vec<(&str, &str)> =
        selected.filter_map(|sibling| Some((&*sibling.name, *claims.get(&*sibling.name)?))).collect();
    let claimed_by: HashMap<&str, &str> = selected.iter().map(|(name, was)| (*was, *name)).collect();
    let exists = names(siblings);
    let holds = |name: &str| is_vacated(name, &claims, &exists) && is_free(name, &claimed_by, &is_recorded);
    let held = selected.into_iter().filter(|(name, _)| holds(name));
    held.map(|(name, was)| (name.to_owned(), was.to_owned())).collect()
}

/// Returns the names of siblings.
pub(super) fn names(siblings: &[Sibling]) -> HashSet<&str> {
    siblings.iter().map(|sibling| &*sibling.name).collect()
}

/// Returns the siblings with a former name that another sibling has now, with that name.
///
/// Such a `was` looks the same before and after it is applied, so the state has to remember that it is done.
pub(super) fn shared(siblings: &[Sibling]) -> Vec<(String, String)> {
    let names = names(siblings);
    let was = |sibling: &Sibling| sibling.was.iter().find(|was| names.contains(&***was)).cloned();
    let covered = siblings.iter().filter(|sibling| sibling.is_selected && !sibling.is_bound);
    covered.filter_map(|sibling| Some((sibling.name.clone(), was(sibling)?))).collect()
}

/// Says whether the former names, back along the chain, all come from a sibling that moves on or is gone.
fn is_vacated(name: &str, claims: &HashMap<&str, &str>, exists: &HashSet<&str>) -> bool {
    let mut at = name;
    // A chain is no longer than there are claims; a ring that does not lead back here would go on for ever.
    for _ in 0..claims.len() {
        match claims.get(at) {
            Some(was) if *was == name || !exists.contains(was) => return true,
            Some(was) => at = was,
            None => return false,
        }
    }
    false
}

/// Says whether the new names, on along the chain, end in one that nothing is recorded under.
fn is_free(name: &str, claimed_by: &HashMap<&str, &str>, is_recorded: impl Fn(&str) -> bool) -> bool {
    let mut at = name;
    for _ in 0..=claimed_by.len() {
        match claimed_by.get(at) {
            _ if !is_recorded(at) => return true,
            Some(next) if *next == name => return true,
            Some(next) => at = next,
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use crate::plan::renames::{Sibling, carried_on, shared};

    fn sibling(name: &str, was: &str) -> Sibling {
        let was = was.split_whitespace().map(str::to_owned).collect();
        Sibling { name: name.to_owned(), was, is_bound: false, is_selected: true }
    }

    /// Says `new<-old` for each name that is carried on.
    fn carried(siblings: &[(&'static str, &'static str)], recorded: &[&str], honoured: &[(&str, &str)]) -> String {
        let siblings: Vec<Sibling> = siblings.iter().map(|(name, was)| sibling(name, was)).collect();
        let carried =
            carried_on(&siblings, |name| recorded.contains(&name), |name, was| honoured.contains(&(name, was)));
        let sorted: BTreeMap<_, _> = carried.into_iter().collect();
        sorted.iter().map(|(name, was)| format!("{name}<-{was}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_former_name_is_carried_on_once() {
        assert_eq!(carried(&[("b", "a")], &["a"], &[]), "b<-a");
        assert_eq!(carried(&[("b", "a")], &["b"], &[]), "");
        assert_eq!(carried(&[("b", "x a")], &["a"], &[]), "b<-a");
    }

    #[test]
    fn a_name_that_somebody_keeps_is_not_carried_on() {
        assert_eq!(carried(&[("a", ""), ("b", "a")], &["a"], &[]), "");
        assert_eq!(carried(&[("b", "a")], &["a", "b"], &[]), "");
    }

    #[test]
    fn chains_are_carried_out_whole_or_not_at_all() {
        assert_eq!(carried(&[("b", "a"), ("c", "b")], &["a", "b"], &[]), "b<-a c<-b");
        assert_eq!(carried(&[("b", "a"), ("c", "b")], &["b", "c"], &[]), "");
        assert_eq!(carried(&[("b", "a"), ("c", "b")], &["a", "b", "c"], &[]), "");
    }

    #[test]
    fn rings_are_carried_out_until_they_are_honoured() {
        let ring = [("a", "b"), ("b", "a")];
        assert_eq!(carried(&ring, &["a", "b"], &[]), "a<-b b<-a");
        assert_eq!(carried(&ring, &["a", "b"], &[("a", "b"), ("b", "a")]), "");
    }

    #[test]
    fn unselected_sibling_keeps_its_name() {
        let mut siblings = [sibling("a", ""), sibling("b", "a")];
        siblings[0].is_selected = false;
        assert!(carried_on(&siblings, |name| name == "a", |_, _| false).is_empty());
        let mut chain = [sibling("b", "a"), sibling("c", "b")];
        chain[0].is_selected = false;
        let carried = carried_on(&chain, |name| name != "c", |_, _| false);
        assert_eq!(carried.into_iter().collect::<Vec<_>>(), [("c".to_owned(), "b".to_owned())]);
    }

    #[test]
    fn shared_names_are_former_names_of_siblings() {
        let found = |siblings: &[Sibling]| shared(siblings).into_iter().collect::<BTreeSet<_>>();
        let pairs = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, was)| ((*name).to_owned(), (*was).to_owned())).collect::<BTreeSet<_>>()
        };
        assert_eq!(found(&[sibling("b", "a"), sibling("c", "")]), pairs(&[]));
        assert_eq!(found(&[sibling("b", "x a"), sibling("a", "")]), pairs(&[("b", "a")]));
        assert_eq!(found(&[sibling("a", "b"), sibling("b", "a")]), pairs(&[("a", "b"), ("b", "a")]));
    }

    const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

    proptest! {
        /// Whatever is claimed: nobody's group is taken that keeps its name, and no name gets two groups.
        #[test]
        fn nobody_loses_a_group(was in proptest::collection::vec(0..6_usize, 5), here in 1..32_u8, recorded in 0..32_u8) {
            let has = |bits: u8, index: usize| bits & (1 << index) != 0;
            let mut claimed = BTreeSet::new();
            let mut siblings = Vec::new();
            for index in (0..5).filter(|index| has(here, *index)) {
                let was = NAMES.get(was[index]).filter(|was| **was != NAMES[index] && claimed.insert(**was));
                siblings.push(sibling(NAMES[index], was.copied().unwrap_or_default()));
            }
            let is_recorded = |name: &str| NAMES.iter().position(|other| *other == name).is_some_and(|index| has(recorded, index));
            let carried = carried_on(&siblings, is_recorded, |_, _| false);
            for (name, was) in &carried {
                prop_assert!(is_recorded(was));
                let keeper = siblings.iter().any(|sibling| sibling.name == *was) && !carried.contains_key(was);
                prop_assert!(!keeper, "{was} is taken from who keeps it");
                prop_assert!(!is_recorded(name) || carried.values().any(|other| other == name), "{name} would have two groups");
            }
        }
    }
}
