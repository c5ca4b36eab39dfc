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
}

/// Returns the former name, by new name, of every sibling that carries one on.
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
    let claimed_by: HashMap<&str, &str> = claims.iter().map(|(name, was)| (*was, *name)).collect();
    let exists: HashSet<&str> = siblings.iter().map(|sibling| &*sibling.name).collect();
    let holds = |name: &str| is_vacated(name, &claims, &exists) && is_free(name, &claimed_by, &is_recorded);
    claims.iter().filter(|(name, _)| holds(name)).map(|(name, was)| ((*name).to_owned(), (*was).to_owned())).collect()
}

/// Returns the names, with the former names meant, that hand their names round in a ring.
///
/// What such a `was` asks for looks the same before and after it is done, so that has to be remembered.
pub(super) fn rings(siblings: &[Sibling]) -> Vec<(String, String)> {
    let names: HashSet<&str> = siblings.iter().map(|sibling| &*sibling.name).collect();
    let was = |sibling: &'_ Sibling| sibling.was.iter().find(|was| names.contains(&***was)).cloned();
    let mut links: HashMap<&str, String> =
        siblings.iter().filter_map(|sibling| Some((&*sibling.name, was(sibling)?))).collect();
    loop {
        let meant: HashSet<String> = links.values().cloned().collect();
        let (before, ends) = (links.len(), links.keys().copied().collect::<HashSet<_>>());
        links.retain(|name, was| meant.contains(*name) && ends.contains(&**was));
        if links.len() == before {
            break;
        }
    }
    links.into_iter().map(|(name, was)| (name.to_owned(), was)).collect()
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

    use crate::plan::former::{Sibling, carried_on, rings};

    /// Says `new<-old` for each name that is carried on.
    fn carried(siblings: &[(&'static str, &'static str)], recorded: &[&str], honoured: &[(&str, &str)]) -> String {
        let siblings: Vec<Sibling> = siblings
            .iter()
            .map(|(name, was)| Sibling {
                name: (*name).to_owned(),
                was: was.split_whitespace().map(str::to_owned).collect(),
            })
            .collect();
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
    fn only_rings_have_to_be_remembered() {
        let sibling = |name: &str, was: &str| Sibling {
            name: name.to_owned(),
            was: was.split_whitespace().map(str::to_owned).collect(),
        };
        assert_eq!(rings(&[sibling("b", "a"), sibling("c", "b"), sibling("a", "")]), []);
        let ring = [sibling("a", "x b"), sibling("b", "a"), sibling("c", "b")];
        let found: BTreeSet<_> = rings(&ring).into_iter().collect();
        let expected = [("a", "b"), ("b", "a")].map(|(name, was)| (name.to_owned(), was.to_owned()));
        assert_eq!(found, BTreeSet::from(expected));
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
                siblings.push(Sibling { name: NAMES[index].to_owned(), was: was.map(|was| (*was).to_owned()).into_iter().collect() });
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
