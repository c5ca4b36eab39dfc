//! What the process was given, read once: environment, arguments, terminal.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};

use crate::dingtalk::NetworkVariables;
use crate::i18n::Language;
use crate::render::{Facts, Terminal};
pub(crate) use crate::text::quoted;

/// The variable with the level.
pub(crate) const LOG_VARIABLE: &str = "ROOMTREE_LOG";

/// The surroundings of a command.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) terminal: Terminal,
    pub(crate) arguments: Vec<OsString>,
    /// The name of this machine.
    pub(crate) host: String,
    /// The variables that decide how DingTalk is reached.
    pub(crate) network: NetworkVariables,
    environment: HashMap<String, String>,
}

impl Context {
    /// Reads the surroundings of this process.
    pub(crate) fn read() -> Self {
        let is_ours =
            |name: &str| is_dingtalk(name) || name.starts_with("LC_") || name == "LANG" || name == LOG_VARIABLE;
        let variables = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
        Self {
            terminal: Terminal::new(Facts::read()),
            arguments: std::env::args_os().collect(),
            host: gethostname::gethostname().to_string_lossy().into_owned(),
            network: NetworkVariables::read(|name| std::env::var_os(name)),
            environment: variables
                .filter(|(name, _)| is_ours(name))
                // Damage shows as U+FFFD, so that it is reported where the variable is used.
                .map(|(name, value)| (name, value.to_string_lossy().into_owned()))
                .collect(),
        }
    }

    /// Returns an environment variable, unless it is missing or empty.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// Returns the names of all variables that begin with `DINGTALK_`, in any case.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.environment.keys().map(String::as_str).filter(|name| is_dingtalk(name))
    }

    /// Returns the language to speak: the last `--lang` of the command line, or else that of the locale.
    ///
    /// Read before the command line is parsed, since what the parser says is to be in that language, too.
    pub(crate) fn language(&self) -> Language {
        let words = self.arguments.iter().map(|word| word.to_string_lossy());
        let (mut asked, mut is_next) = (None, false);
        for word in words.take_while(|word| word != "--") {
            let tag = if is_next { Some(word.as_ref()) } else { word.strip_prefix("--lang=") };
            asked = tag.and_then(Language::parse).or(asked);
            is_next = word == "--lang";
        }
        asked.unwrap_or_else(|| Language::of_locale(|name| self.environment.get(name).cloned()))
    }

    /// Returns the command that writes the same plan as text, whole.
    pub(crate) fn command_for_all(&self) -> String {
        let words = without(self.words(), &["--format", "--out"], &["--all"]);
        format!("{} --all", typed(words))
    }

    /// Returns this import without the options that name columns, to be completed with others.
    pub(crate) fn command_without_columns(&self) -> String {
        typed(without(self.words(), &["--columns", "--level", "--path-column"], &[]))
    }

    /// Returns this command as it can be typed again, with `--yes` if it was asked for.
    pub(crate) fn command(&self) -> String {
        typed(self.words())
    }

    /// Returns the command that finishes this one's job: what is left is another plan than the one that was expected.
    pub(crate) fn rest(&self) -> String {
        typed(without(self.words(), &["--expect"], &[]))
    }

    /// Returns the same for a saved plan, which cannot be given again: these words stand in its place.
    pub(crate) fn rest_of(&self, saved: &OsStr, instead: Vec<String>) -> String {
        typed(replaced(without(self.words(), &["--expect"], &[]), &saved.to_string_lossy(), instead))
    }

    fn words(&self) -> impl Iterator<Item = String> {
        self.arguments.iter().skip(1).map(|word| word.to_string_lossy().into_owned())
    }
}

fn is_dingtalk(name: &str) -> bool {
    name.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("DINGTALK_"))
}

/// Returns a command with these words as it can be typed.
pub(crate) fn typed(words: impl Iterator<Item = String>) -> String {
    let words = words.map(|word| quoted(&word));
    std::iter::once("roomtree".to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}

/// Takes flags out of a command: those with values and those without.
fn without(words: impl Iterator<Item = String>, valued: &[&str], bare: &[&str]) -> impl Iterator<Item = String> {
    let mut is_value = false;
    words.filter(move |word| {
        let was_value = is_value;
        is_value = !was_value && valued.contains(&word.as_str());
        let flag = word.split('=').next().unwrap_or_default();
        !was_value && !valued.contains(&flag) && !bare.contains(&flag)
    })
}

/// Puts other words in the place of one; its first occurrence counts.
fn replaced(words: impl Iterator<Item = String>, word: &str, instead: Vec<String>) -> impl Iterator<Item = String> {
    let mut instead = Some(instead);
    words.flat_map(move |found| match found == word {
        true => instead.take().unwrap_or_else(|| vec![found]),
        false => vec![found],
    })
}

#[cfg(test)]
mod tests {
    use crate::cli::context::{quoted, replaced, typed, without};

    #[test]
    fn a_command_loses_its_format_alone() {
        let words = "plan a.yaml --format html --all --only /A --format=svg --out p.json --lang zh";
        let words = words.split(' ').map(str::to_owned);
        let left = typed(without(words, &["--format", "--out"], &["--all"]));
        assert_eq!(left, "roomtree plan a.yaml --only /A --lang zh");
    }

    #[test]
    fn words_survive_the_shell() {
        assert_eq!(quoted("examples/acme.yaml"), "examples/acme.yaml");
        assert_eq!(quoted("北京.yaml"), "北京.yaml");
        assert_eq!(quoted("my rooms.yaml"), "'my rooms.yaml'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn a_word_gives_way_to_others_once() {
        let words = "apply p.json --state p.json".split(' ').map(str::to_owned);
        let left = typed(replaced(words, "p.json", vec!["a b.yaml".to_owned(), "--prune".to_owned()]));
        assert_eq!(left, "roomtree apply 'a b.yaml' --prune --state p.json");
    }

    #[test]
    fn what_was_expected_is_not_expected_of_the_rest() {
        let rest = |line: &str| typed(without(line.split(' ').map(str::to_owned), &["--expect"], &[]));
        assert_eq!(rest("apply a.yaml --expect f00 --yes"), "roomtree apply a.yaml --yes");
        assert_eq!(rest("apply --expect=f00 a.yaml --yes"), "roomtree apply a.yaml --yes");
        assert_eq!(rest("apply a.yaml --expect --expect --prune"), "roomtree apply a.yaml --prune");
        assert_eq!(rest("apply a.yaml --yes"), "roomtree apply a.yaml --yes");
    }
}
