//! How details are put into words.

/// Writes a number with the noun that belongs to it: `1 group`, `2 groups`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// Makes a message a sentence: its first letter large, a full stop at its end.
pub(crate) fn sentence(message: &str) -> String {
    let mut rest = message.chars();
    let first: String = rest.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let stop = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", rest.as_str())
}

#[cfg(test)]
mod tests {
    use crate::doctor::words::{count, sentence};

    #[test]
    fn details_are_sentences() {
        assert_eq!(sentence("token: no such app"), "Token: no such app.");
        assert_eq!(sentence("Is it?"), "Is it?");
        assert_eq!(sentence(""), ".");
        assert_eq!(count(1, "group"), "1 group");
        assert_eq!(count(0, "group"), "0 groups");
    }
}
