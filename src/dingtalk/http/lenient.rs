//! Reads single values of a response in every JSON form that names exactly one value.
//!
//! DingTalk documents ids as "Long" and flags as "Boolean", but gateways and SDKs write a long number as a text and leave a `null`
//! out. An id never passes through a floating-point number: `1011.0` is refused, since its sender may have rounded it already.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// The id of a group: a whole number, or its decimal text. Whether it is above 0 is for the caller to check.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Id(pub(crate) i64);

/// A reference to a group, or to the root: 0, an empty text, `null` or a missing field.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct IdOrRoot(pub(crate) i64);

/// `true` or `false`, as a boolean, a text, or 1 and 0.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flag(pub(crate) bool);

/// A text, or a whole number as text; nothing if it is `null`, empty or missing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Label(pub(crate) Option<String>);

/// A time in seconds, as a number or a text; nothing if it is `null`, missing or not above 0.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seconds(pub(crate) Option<u64>);

/// Parses a whole number that is written as programs write it: no sign in front but `-`, no leading zeros, no spaces.
fn whole(text: &str) -> Option<i64> {
    text.parse::<i64>().ok().filter(|number| number.to_string() == text)
}

/// Implements [`Deserialize`] by a closure for each form of a value that is accepted.
macro_rules! lenient {
    ($type:ident, $expected:expr, { $($form:item)+ }) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Form;

                impl Visitor<'_> for Form {
                    type Value = $type;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }

                    $($form)+
                }

                deserializer.deserialize_any(Form)
            }
        }
    };
}

fn unsigned<E: Error>(number: u64, form: &dyn serde::de::Expected) -> Result<i64, E> {
    i64::try_from(number).map_err(|_| E::invalid_value(serde::de::Unexpected::Unsigned(number), form))
}

fn written<E: Error>(text: &str, form: &dyn serde::de::Expected) -> Result<i64, E> {
    whole(text).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), form))
}

lenient!(Id, "the id of a group, a whole number", {
    fn visit_i64<E: Error>(self, number: i64) -> Result<Id, E> {
        Ok(Id(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Id, E> {
        unsigned(number, &self).map(Id)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Id, E> {
        written(text, &self).map(Id)
    }
});

lenient!(IdOrRoot, "the id of a group, a whole number, or nothing", {
    fn visit_i64<E: Error>(self, number: i64) -> Result<IdOrRoot, E> {
        Ok(IdOrRoot(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<IdOrRoot, E> {
        unsigned(number, &self).map(IdOrRoot)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<IdOrRoot, E> {
        if text.is_empty() { Ok(IdOrRoot(0)) } else { written(text, &self).map(IdOrRoot) }
    }

    fn visit_unit<E: Error>(self) -> Result<IdOrRoot, E> {
        Ok(IdOrRoot(0))
    }
});

lenient!(Flag, "true or false", {
    fn visit_bool<E: Error>(self, flag: bool) -> Result<Flag, E> {
        Ok(Flag(flag))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Flag, E> {
        match number {
            0 | 1 => Ok(Flag(number == 1)),
            _ => Err(E::invalid_value(serde::de::Unexpected::Unsigned(number), &self)),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Flag, E> {
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Ok(Flag(true)),
            "false" | "0" => Ok(Flag(false)),
            _ => Err(E::invalid_value(serde::de::Unexpected::Str(text), &self)),
        }
    }
});

lenient!(Label, "a text", {
    fn visit_str<E: Error>(self, text: &str) -> Result<Label, E> {
        Ok(Label(Some(text.to_owned()).filter(|text| !text.is_empty())))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Label, E> {
        Ok(Label(Some(text).filter(|text| !text.is_empty())))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Label, E> {
        Ok(Label(Some(number.to_string())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Label, E> {
        Ok(Label(Some(number.to_string())))
    }

    fn visit_unit<E: Error>(self) -> Result<Label, E> {
        Ok(Label(None))
    }
});

lenient!(Seconds, "a time in seconds", {
    fn visit_i64<E: Error>(self, _: i64) -> Result<Seconds, E> {
        Ok(Seconds(None))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Seconds, E> {
        Ok(Seconds(Some(number).filter(|seconds| *seconds > 0)))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Seconds, E> {
        let seconds = std::time::Duration::try_from_secs_f64(number).map_or(0, |time| time.as_secs());
        self.visit_u64(seconds)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Seconds, E> {
        match text.parse::<u64>() {
            Ok(seconds) => self.visit_u64(seconds),
            Err(_) => Err(E::invalid_value(serde::de::Unexpected::Str(text), &self)),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<Seconds, E> {
        Ok(Seconds(None))
    }
});

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use crate::dingtalk::http::lenient::{Flag, Id, IdOrRoot, Label, Seconds};

    fn read<T: DeserializeOwned>(json: &str) -> Option<T> {
        serde_json::from_str(json).ok()
    }

    #[test]
    fn id_is_a_whole_number_or_its_text() {
        for (json, id) in [
            ("1011", 1011),
            (r#""1011""#, 1011),
            ("9007199254740993", 9_007_199_254_740_993),
            (r#""9007199254740993""#, 9_007_199_254_740_993),
            (r#""9223372036854775807""#, i64::MAX),
            ("-1", -1),
        ] {
            assert_eq!(read::<Id>(json).map(|id| id.0), Some(id), "{json}");
            assert_eq!(read::<IdOrRoot>(json).map(|id| id.0), Some(id), "{json}");
        }
    }

    #[test]
    fn id_in_another_form_is_refused() {
        for json in [
            "1011.0",
            "1e3",
            "9223372036854775808",
            r#""9223372036854775808""#,
            r#""1011.0""#,
            r#"" 1011""#,
            r#""+1""#,
            r#""007""#,
            r#""x""#,
            "true",
            "[1]",
            "{}",
        ] {
            assert!(read::<Id>(json).is_none(), "{json}");
            assert!(read::<IdOrRoot>(json).is_none(), "{json}");
        }
        assert!(read::<Id>("null").is_none() && read::<Id>(r#""""#).is_none());
    }

    #[test]
    fn root_is_zero_empty_or_null() {
        for json in ["0", r#""0""#, r#""""#, "null"] {
            assert_eq!(read::<IdOrRoot>(json).map(|id| id.0), Some(0), "{json}");
        }
    }

    #[test]
    fn flag_is_a_boolean_a_text_or_one_bit() {
        for json in ["true", r#""true""#, r#""True""#, "1", r#""1""#] {
            assert_eq!(read::<Flag>(json).map(|flag| flag.0), Some(true), "{json}");
        }
        for json in ["false", r#""false""#, "0"] {
            assert_eq!(read::<Flag>(json).map(|flag| flag.0), Some(false), "{json}");
        }
        for json in ["null", "2", "-1", r#""""#, r#""ok""#, "{}", "1.0"] {
            assert!(read::<Flag>(json).is_none(), "{json}");
        }
    }

    #[test]
    fn label_is_a_text_or_a_whole_number() {
        for (json, text) in [(r#""A""#, Some("A")), ("7", Some("7")), ("null", None), (r#""""#, None)] {
            assert_eq!(read::<Label>(json).and_then(|label| label.0).as_deref(), text, "{json}");
        }
        assert!(read::<Label>("3.10").is_none() && read::<Label>("true").is_none());
    }

    #[test]
    fn lifetime_is_a_number_a_text_or_unknown() {
        for (json, seconds) in [
            ("7200", Some(7200)),
            (r#""7200""#, Some(7200)),
            ("7200.0", Some(7200)),
            ("0", None),
            ("-1", None),
            ("null", None),
        ] {
            assert_eq!(read::<Seconds>(json).map(|seconds| seconds.0), Some(seconds), "{json}");
        }
        assert!(read::<Seconds>(r#""soon""#).is_none());
    }
}
