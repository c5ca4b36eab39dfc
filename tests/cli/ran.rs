//! What a command that has ended said, and what has to be true of it.
//!
//! A test that does not assert the exit code expects 0: any other code fails it when the result is dropped.

use std::cell::RefCell;

use serde_json::Value;

use crate::schemas;

/// A command that has ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) line: String,
    /// `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
    unasserted: Unasserted,
}

/// A failure that no test has asserted so far.
#[derive(Debug)]
struct Unasserted(RefCell<Option<String>>);

impl Drop for Unasserted {
    fn drop(&mut self) {
        let failure = self.0.take().filter(|_| !std::thread::panicking());
        assert!(failure.is_none(), "the test asserts no exit code of {}", failure.unwrap_or_default());
    }
}

impl Ran {
    pub(crate) fn new(line: String, code: Option<i32>, out: String, err: String) -> Self {
        let ran = Self { line, code, out, err, unasserted: Unasserted(RefCell::default()) };
        ran.unasserted.0.replace(code.filter(|code| *code != 0).map(|_| ran.to_string()));
        ran
    }

    /// Any end is right: it was killed, and may have ended before.
    pub(crate) fn ended_anyhow(self) -> Self {
        self.unasserted.0.take();
        self
    }

    /// It ended with this code.
    #[track_caller]
    pub(crate) fn exits(&self, code: i32) -> &Self {
        self.unasserted.0.take();
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// It ended with one of these codes.
    #[track_caller]
    pub(crate) fn exits_with_one_of(&self, codes: &[i32]) -> &Self {
        self.unasserted.0.take();
        assert!(codes.iter().any(|code| self.code == Some(*code)), "{self}");
        self
    }

    /// Standard output has all of this.
    #[track_caller]
    pub(crate) fn shows(&self, texts: &[&str]) -> &Self {
        texts.iter().for_each(|text| assert!(self.out.contains(text), "no `{text}` in standard output of {self}"));
        self
    }

    /// Standard error has all of this.
    #[track_caller]
    pub(crate) fn says(&self, texts: &[&str]) -> &Self {
        texts.iter().for_each(|text| assert!(self.err.contains(text), "no `{text}` in standard error of {self}"));
        self
    }

    /// Standard output is empty: there is no result.
    #[track_caller]
    pub(crate) fn shows_nothing(&self) -> &Self {
        assert_eq!(self.out, "", "{self}");
        self
    }

    /// Standard error is empty: there is nothing to complain about.
    #[track_caller]
    pub(crate) fn says_nothing(&self) -> &Self {
        assert_eq!(self.err, "", "{self}");
        self
    }

    /// Returns standard output, which is one JSON document with a version in it, as its schema says.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        self.document(&self.out)
    }

    /// Returns the lines of standard output, each of which is a JSON document as its schema says.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        assert!(self.out.ends_with('\n'), "{self}");
        self.out.lines().map(|line| self.document(line)).collect()
    }

    #[track_caller]
    fn document(&self, text: &str) -> Value {
        let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {self}"));
        assert_eq!(value["format"], 1, "{self}");
        schemas::keeps(&value);
        value
    }

    /// Nothing that could steer a terminal or deceive the eye is on either stream.
    #[track_caller]
    pub(crate) fn is_plain(&self) -> &Self {
        let steers = |c: &char| {
            let hides =
                matches!(c, '\u{AD}' | '\u{200B}'..='\u{200C}' | '\u{2060}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}');
            let turns =
                matches!(c, '\u{61C}' | '\u{200E}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
            hides || turns || c.is_control() && !matches!(c, '\n' | '\t')
        };
        let found: Vec<char> = self.out.chars().chain(self.err.chars()).filter(steers).collect();
        assert!(found.is_empty(), "{found:?} in {self}");
        self
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { line, code, out, err, .. } = self;
        write!(f, "`roomtree {line}`, exit {code:?}\n--- stdout ---\n{out}\n--- stderr ---\n{err}")
    }
}
