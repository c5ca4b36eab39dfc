//! Lengths of time as they are written in settings and faults: `20ms`, `2s`, `5m`.
//!
//! Whole numbers only, so that what is printed is what was written.

use std::time::Duration;

/// A hundred years: the longest span that is added to an instant, since the clock of the system cannot count any.
pub(crate) const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

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

    #[test]
    fn span_of_any_whole_number_is_exact() {
        for (text, span) in [
            ("007us", std::time::Duration::from_micros(7)),
            ("9007199254740993ms", std::time::Duration::from_millis(9_007_199_254_740_993)),
            ("18446744073709551615s", std::time::Duration::MAX - std::time::Duration::from_nanos(999_999_999)),
            ("307445734561825860m", std::time::Duration::from_secs(18_446_744_073_709_551_600)),
        ] {
            assert_eq!(duration::parse(text), Some(span), "{text}");
        }
        for text in ["307445734561825861m", "+1s", "1min", "1e1s", "1 s", " 1s", "1s ", "1M", "1m30s"] {
            assert_eq!(duration::parse(text), None, "{text}");
        }
    }
}
