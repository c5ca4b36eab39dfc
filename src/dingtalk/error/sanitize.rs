//! Sanitizes responses: unprinted characters, secrets, length.
//!
//! The order matters: unprinted characters are removed first, since one could split a secret; the text is cut last, so that
//! no half secret is left at its end. A joiner is removed from an emoji too, which an error message can do without.

use secrecy::{ExposeSecret, SecretString};

use crate::dingtalk::http::requests::percent_encode;
use crate::text::is_unprinted;

/// The longest text that is kept, in characters.
const LONGEST: usize = 500;

/// A shorter text is no secret worth the name, and to redact it would make messages unreadable.
const SHORTEST_SECRET: usize = 6;

/// What stands in place of a secret.
const REDACTED: &str = "[redacted]";

/// The secrets that no text may show.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scrub(Vec<SecretString>);

impl Scrub {
    pub(crate) fn new(secrets: Vec<SecretString>) -> Self {
        Self(secrets)
    }

    /// Returns the text without control characters and secrets, cut to 500 characters.
    pub(crate) fn clean(&self, text: &str) -> String {
        let visible = strip(text);
        let redacted = self.0.iter().fold(visible, redact);
        shorten(redacted)
    }
}

fn redact(text: String, secret: &SecretString) -> String {
    let secret = secret.expose_secret();
    if secret.len() < SHORTEST_SECRET {
        return text;
    }
    text.replace(secret, REDACTED).replace(&percent_encode(secret), REDACTED)
}

fn shorten(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &text[..cut].trim_end()),
        None => text,
    }
}

fn strip(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' => skip_escape(&mut rest),
            c if c.is_whitespace() => visible.push(' '),
            c if !is_unprinted(c) => visible.push(c),
            _ => {}
        }
    }
    visible.trim().to_owned()
}

fn skip_escape(rest: &mut std::str::Chars<'_>) {
    if rest.as_str().starts_with('[') {
        rest.next();
        rest.find(|c| matches!(c, '@'..='~'));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::SecretString;

    use crate::dingtalk::error::sanitize::Scrub;

    fn scrub(secret: &str) -> Scrub {
        Scrub::new(vec![SecretString::from(secret)])
    }

    #[test]
    fn what_is_not_seen_is_stripped() {
        let text = "a\u{1b}[31mred\u{1b}[0m\r\nb\u{202E}c\u{0}d\te";
        assert_eq!(Scrub::default().clean(text), "ared  bcd e");
    }

    #[test]
    fn a_secret_is_redacted_however_it_is_hidden() {
        let scrub = scrub("s3cr3t/+=");
        assert_eq!(scrub.clean("token s3c\u{200B}r3t/+= is bad"), "token [redacted] is bad");
        assert_eq!(scrub.clean("?t=s3cr3t%2F%2B%3D"), "?t=[redacted]");
    }

    #[test]
    fn the_cut_leaves_no_half_secret() {
        let text = format!("{}s3cr3t-of-some-length", "x".repeat(495));
        assert!(!scrub("s3cr3t-of-some-length").clean(&text).contains("s3c"));
    }

    #[test]
    fn joiner_in_an_error_code_is_removed() {
        assert_eq!(Scrub::default().clean("w\u{200D}n"), "wn");
        assert_eq!(scrub("s3cr3t/+=").clean("s3c\u{FE0F}r3t/+="), "[redacted]");
    }

    proptest! {
        #[test]
        fn cleaned_text_is_short_visible_and_without_the_secret(before in ".*", after in ".*") {
            let clean = scrub("hunter22").clean(&format!("{before}hunter22{after}"));
            prop_assert!(!clean.contains("hunter22"));
            prop_assert!(clean.chars().count() <= 501);
            prop_assert!(!clean.chars().any(char::is_control));
        }
    }
}
