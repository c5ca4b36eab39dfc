//! The keys of a manifest, and the one that a misspelt key resembles.

/// The keys of the whole manifest.
pub(crate) const TOP: [&str; 5] = ["version", "organization", "root", "limits", "groups"];
/// The keys of `limits`.
pub(crate) const LIMITS: [&str; 2] = ["depth", "groups"];
/// The keys of a group.
pub(crate) const GROUP: [&str; 5] = ["name", "was", "id", "protect", "children"];

/// Keys longer than this are not compared with known ones.
const LONGEST_TYPO: usize = 24;

/// Finds the key that a misspelt one was probably meant to be.
pub(crate) fn closest(text: &str, keys: &[&'static str]) -> Option<usize> {
    if text.len() > LONGEST_TYPO {
        return None;
    }
    let typed = text.to_lowercase();
    let likeness = |key: &str| strsim::damerau_levenshtein(&typed, key);
    let (at, distance) = keys.iter().map(|key| likeness(key)).enumerate().min_by_key(|(_, distance)| *distance)?;
    (distance <= keys[at].len() / 3).then_some(at)
}
