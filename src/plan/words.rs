//! Numbers with the words that belong to them, for what guards say.

/// Writes a number with its noun: `1 group`, `2 groups`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {}", of(number, noun, &format!("{noun}s")))
}

/// Returns the word that goes with a number.
pub(super) fn of<'w>(number: usize, one: &'w str, more: &'w str) -> &'w str {
    if number == 1 { one } else { more }
}
