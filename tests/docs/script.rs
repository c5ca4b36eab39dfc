//! What the blocks of a page ask for: files to write, and commands with what they say.
//!
//! In a `console` block `$ ` begins a command, and what follows is what it says. `<!-- file: NAME -->` above a block makes it a file.

use crate::page::{Block, Page};

/// One thing that a reader of a page does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Writes a file.
    Write { name: String, text: String },
    /// Runs a command.
    Run(Step),
}

/// One command and what the page has it say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) command: String,
    pub(crate) says: Vec<String>,
}

impl Page {
    /// Returns what a reader does, in the order of the page.
    pub(crate) fn acts(&self) -> Vec<Act> {
        self.blocks().iter().flat_map(acts).collect()
    }

    /// Returns the commands that are run.
    pub(crate) fn commands(&self) -> Vec<String> {
        let command = |act| match act {
            Act::Run(step) => Some(step.command),
            Act::Write { .. } => None,
        };
        self.acts().into_iter().filter_map(command).collect()
    }
}

fn acts(block: &Block<'_>) -> Vec<Act> {
    match (block.file, block.language) {
        (Some(name), _) => vec![Act::Write { name: name.to_owned(), text: block.lines.join("\n") + "\n" }],
        (None, "console") => steps(&block.lines).into_iter().map(Act::Run).collect(),
        (None, _) => Vec::new(),
    }
}

fn steps(lines: &[&str]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in lines {
        match line.strip_prefix("$ ") {
            Some(command) => steps.push(Step { command: command.to_owned(), says: Vec::new() }),
            None => steps.last_mut().expect("a block begins with a command").says.push((*line).to_owned()),
        }
    }
    steps
}
