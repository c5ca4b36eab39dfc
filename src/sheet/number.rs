//! The text that Excel shows for a number, where that is sure.
//!
//! `General`, and formats of digits with fixed words around them (`000`, `0.0`, `0"号楼"`) are followed. Others (thousands, percent,
//! fractions, colours by condition) depend on more than the number, and a wrong name is worse than a question.

/// How many characters `General` shows before it rounds.
const GENERAL_WIDTH: usize = 11;
/// Below this, `General` may go over to exponents.
const SMALLEST: f64 = 1e-4;

/// Returns what Excel shows for a number in a format; `None` if that is not sure.
pub(super) fn shown(value: f64, format: &str) -> Option<String> {
    match format {
        "General" | "@" => general(value),
        _ => Pattern::parse(format)?.shown(value),
    }
}

fn general(value: f64) -> Option<String> {
    if value == 0.0 {
        return Some("0".to_owned());
    }
    let text = fifteen_digits(value)?.to_string();
    let width = text.trim_start_matches('-').len();
    (value.is_finite() && value.abs() >= SMALLEST && width <= GENERAL_WIDTH).then_some(text)
}

/// Takes the digits that Excel reckons with: what lies behind is noise, as in 0.1 + 0.2.
fn fifteen_digits(value: f64) -> Option<f64> {
    format!("{value:.14e}").parse().ok()
}

/// A format of digits: `"第"00.0"层"`.
struct Pattern {
    before: String,
    after: String,
    /// The fewest digits before the point.
    digits: usize,
    /// Digits behind the point.
    decimals: usize,
}

impl Pattern {
    /// Reads a format; `None` if it has more in it than digits and fixed words.
    fn parse(format: &str) -> Option<Self> {
        let (before, rest) = words(format)?;
        let digits_end = rest.find(|c| !matches!(c, '0' | '#')).unwrap_or(rest.len());
        let (digits, rest) = rest.split_at(digits_end);
        let (decimals, rest) = decimals(rest)?;
        let (after, rest) = words(rest)?;
        let is_plain = !digits.is_empty() && rest.is_empty() && !digits.trim_start_matches('#').contains('#');
        is_plain.then(|| Self { before, after, digits: digits.matches('0').count(), decimals })
    }

    fn shown(&self, value: f64) -> Option<String> {
        let scale = 10f64.powi(i32::try_from(self.decimals).ok()?);
        let scaled = fifteen_digits(value.abs() * scale)?.round();
        // Excel keeps 15 digits.
        if !value.is_finite() || scaled >= 1e15 {
            return None;
        }
        let all = format!("{scaled:0>width$.0}", width = self.digits + self.decimals);
        let (whole, behind) = all.split_at(all.len() - self.decimals);
        let whole = if self.digits == 0 { whole.trim_start_matches('0') } else { whole };
        let sign = if value < 0.0 && scaled > 0.0 { "-" } else { "" };
        let point = if self.decimals > 0 { "." } else { "" };
        Some(format!("{sign}{}{whole}{point}{behind}{}", self.before, self.after))
    }
}

/// Takes `.00` from the start of a format.
fn decimals(format: &str) -> Option<(usize, &str)> {
    let Some(rest) = format.strip_prefix('.') else { return Some((0, format)) };
    let end = rest.find(|c| c != '0').unwrap_or(rest.len());
    (1..=10).contains(&end).then(|| (end, &rest[end..]))
}

/// Takes fixed words from the start of a format: in double quotes, or one character behind a `\`.
fn words(format: &str) -> Option<(String, &str)> {
    let (mut words, mut rest) = (String::new(), format);
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            let (text, behind) = quoted.split_once('"')?;
            words.push_str(text);
            rest = behind;
        } else if let Some(escaped) = rest.strip_prefix('\\') {
            let character = escaped.chars().next()?;
            words.push(character);
            rest = &escaped[character.len_utf8()..];
        } else if let Some(padded) = rest.strip_prefix('_') {
            // A gap as wide as the next character: a blank at the end, which is no part of a name.
            let character = padded.chars().next()?;
            words.push(' ');
            rest = &padded[character.len_utf8()..];
        } else if let Some(behind) = rest.strip_prefix(' ') {
            words.push(' ');
            rest = behind;
        } else {
            return Some((words, rest));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::sheet::number::shown;

    #[test]
    fn a_half_is_rounded_as_it_is_written_not_as_it_is_stored() {
        for (value, text) in [(1.005, "1.01"), (2.675, "2.68"), (1.004_999_9, "1.00"), (-0.285, "-0.29")] {
            assert_eq!(shown(value, "0.00").as_deref(), Some(text));
        }
    }

    #[test]
    fn general_shows_what_was_typed() {
        for (value, text) in [(1.0, "1"), (-1.0, "-1"), (0.0, "0"), (-0.0, "0"), (3.1, "3.1"), (0.1 + 0.2, "0.3")] {
            assert_eq!(shown(value, "General").as_deref(), Some(text));
        }
        assert_eq!(shown(13_800_138_000.0, "General").as_deref(), Some("13800138000"));
        for unsure in [138_001_380_001.0, 1.0 / 3.0, 1e-7, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(shown(unsure, "General"), None, "{unsure}");
        }
    }

    #[test]
    fn formats_of_digits_and_words_are_followed() {
        for (value, format, text) in [
            (7.0, "000", "007"),
            (1.0, "0", "1"),
            (0.5, "0", "1"),
            (3.1, "0.00", "3.10"),
            (1.0, "0\"号楼\"", "1号楼"),
            (3.0, "\"第\"00\"层\"", "第03层"),
            (-1.0, "\\B0", "-B1"),
            (12.0, "##0", "12"),
            (0.0, "#", ""),
            (-0.2, "0", "0"),
            (5.0, "0_ ", "5 "),
        ] {
            assert_eq!(shown(value, format).as_deref(), Some(text), "{value} in {format}");
        }
    }

    #[test]
    fn formats_that_depend_on_more_are_in_doubt() {
        for format in
            ["#,##0", "0%", "0.00E+00", "# ?/?", "0;[Red]-0", "[>1]0", "", "\"x\"", "0#", "0.", "\"open", "0*x"]
        {
            assert_eq!(shown(1.0, format), None, "{format}");
        }
    }
}
