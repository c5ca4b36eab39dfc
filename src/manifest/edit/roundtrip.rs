//! Whether a text says what was meant: every text that roomtree writes is read again before it takes a file's place.

use crate::manifest::{Diagnostic, Input, Limits, Manifest, Node, Severity, load};

/// Why a text is not the manifest that was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoundtripError {
    /// It is no valid manifest.
    Invalid(Box<Diagnostic>),
    /// It is another manifest.
    Other,
}

/// Reads a text and compares it with what was meant: groups, ties, order and header.
///
/// # Errors
/// [`RoundtripError`] when it says something else.
pub fn reads_as(text: &str, meant: &Manifest) -> Result<(), RoundtripError> {
    let loaded = load(&[Input::Stdin], &mut text.as_bytes());
    match loaded.manifest() {
        Some(read) if is_same(read, meant) => Ok(()),
        Some(_) => Err(RoundtripError::Other),
        None => Err(invalid(loaded.problems)),
    }
}

fn invalid(problems: Vec<Diagnostic>) -> RoundtripError {
    let error = problems.into_iter().find(|problem| problem.severity == Severity::Error);
    error.map_or(RoundtripError::Other, |error| RoundtripError::Invalid(Box::new(error)))
}

/// Says whether two manifests say the same, wherever and however it is written.
#[must_use]
pub fn is_same(a: &Manifest, b: &Manifest) -> bool {
    let header = |manifest: &Manifest| (manifest.organization.clone(), manifest.root, bounds(manifest.limits));
    header(a) == header(b)
        && a.tree.len() == b.tree.len()
        && a.tree.nodes().zip(b.tree.nodes()).all(|((_, a), (_, b))| is_same_group(a, b))
}

fn bounds(limits: Limits) -> (u32, Option<u64>) {
    (limits.depth, limits.groups)
}

fn is_same_group(a: &Node, b: &Node) -> bool {
    a.name == b.name && a.depth == b.depth && a.ties() == b.ties()
}
