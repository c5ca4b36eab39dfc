//! Lengths of time as they are written in settings and faults: `20ms`, `2s`, `5m`.
//!
//! Whole numbers only, so that what is printed is what was written.

use std::time::Duration;

/// Reads a length of time: a whole number and `us`, `ms`, `s` or `m`.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = text[..digits].parse().ok()?;
    match &text[digits..] {
        "us" => Some(Duration::from_micros(number)),
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        _ => None,
    }
}

/// Writes a length of time in the largest unit that shows it exactly.
pub(crate) fn show(span: Duration) -> String {
    let micros = span.as_micros();
    match micros {
        _ if !micros.is_multiple_of(1000) => format!("{micros}us"),
        _ if !micros.is_multiple_of(1_000_000) => format!("{}ms", micros / 1000),
        _ if micros == 0 || !micros.is_multiple_of(60_000_000) => format!("{}s", micros / 1_000_000),
        _ => format!("{}m", micros / 60_000_000),
    }
}

#[cfg(test)]
mod tests {
    use crate::sandbox::faults::duration;

    #[test]
    fn what_is_written_is_what_is_shown() {
        for text in ["0s", "1us", "20ms", "1500ms", "2s", "90s", "5m"] {
            assert_eq!(duration::parse(text).map(duration::show).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_has_no_unit_or_no_number_is_no_span() {
        for text in ["", "5", "s", "1.5s", "-1s", "5h", "99999999999999999999s"] {
            assert_eq!(duration::parse(text), None, "{text}");
        }
    }
}
