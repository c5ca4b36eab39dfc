//! What cannot be run here is at least understood: every `roomtree …` in a `sh` block of a page is asked for its help, with all its
//! arguments, which it does not give if there is a flag or a value that it does not know.

use std::path::Path;

use crate::page::{Page, Tongue, pages};
use crate::stage::Stage;

/// What ends a command.
const ENDS: [&str; 9] = ["|", "||", "&", "&&", ";", ">", ">>", "<", "2>"];

/// Splits a line of a shell into words, quotes taken away; a comment ends it, and what ends a command is a word of its own.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for sign in line.chars() {
        match (quote, sign) {
            (Some(open), _) if sign == open => quote = None,
            (None, '"' | '\'') => (quote, word) = (Some(sign), Some(word.unwrap_or_default())),
            (None, '#') if word.is_none() => break,
            (None, ' ') => words.extend(word.take()),
            (None, ';' | ')') => words.extend(word.take().into_iter().chain([";".to_owned()])),
            _ => word.get_or_insert_default().push(sign),
        }
    }
    words.into_iter().chain(word).collect()
}

/// Returns the arguments of every `roomtree` in a line.
fn calls(line: &str) -> Vec<Vec<String>> {
    let line = line.replace("cargo run --release --", "roomtree").replace("$(", "; ");
    let words = words(&line);
    let ends = |word: &String| ENDS.contains(&word.as_str());
    let commands = words.split(ends).map(|command| command.iter().skip_while(|word| is_before_command(word)));
    commands.filter_map(arguments).collect()
}

fn is_before_command(word: &str) -> bool {
    word.contains('=') || ["if", "then", "do", "!", "time", "exec", "timeout", "10m"].contains(&word)
}

fn arguments<'a>(mut command: impl Iterator<Item = &'a String>) -> Option<Vec<String>> {
    let name = command.next()?;
    let is_roomtree = Path::new(name).file_name().is_some_and(|name| name == "roomtree");
    is_roomtree.then(|| command.cloned().collect())
}

/// Returns the lines of the `sh` blocks, those that go on in the next line put together.
fn lines(page: &Page) -> Vec<String> {
    let blocks = page.blocks().into_iter().filter(|block| block.language == "sh");
    let joined = blocks.map(|block| block.lines.join("\n").replace("\\\n", " "));
    joined.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn every_command_that_is_not_run_is_understood() {
    let stage = Stage::new(Tongue::English);
    let mut asked = 0;
    for page in Tongue::ALL.into_iter().flat_map(pages) {
        for arguments in lines(&page).iter().flat_map(|line| calls(line)) {
            let help = stage.command(crate::stage::ROOMTREE).args(&arguments).arg("--help").output().unwrap();
            let error = String::from_utf8_lossy(&help.stderr);
            assert!(help.status.success(), "{}: roomtree {}\n{error}", page.name(), arguments.join(" "));
            asked += 1;
        }
    }
    assert!(asked > 10, "{asked} were found");
}

#[test]
fn commands_are_found_among_others() {
    let found = |line| calls(line).into_iter().map(|arguments| arguments.join(" ")).collect::<Vec<_>>();
    assert_eq!(found("DINGTALK_USER_ID=me roomtree plan a.yaml | head -n 2   # roomtree x"), ["plan a.yaml"]);
    assert_eq!(
        found("id=$(roomtree state list a.yaml) && roomtree apply 'a b.yaml' > log"),
        ["state list a.yaml", "apply a b.yaml"]
    );
    assert_eq!(found("echo roomtree plan; cargo run --release -- man"), ["man"]);
}
