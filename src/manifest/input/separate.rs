//! Files of a manifest read one by one, each for itself: what is asked of all of them together does not count.

use std::io::Read;

use crate::manifest::input::{inputs, source};
use crate::manifest::{Diagnostic, Input, Source, SourceId};

/// What was read.
#[derive(Debug)]
pub struct Files {
    /// Every text, in order; a [`SourceId`] is an index here.
    pub sources: Vec<Source>,
    /// Those that are text, with where they come from.
    pub texts: Vec<(Input, SourceId)>,
    /// Why others are not.
    pub problems: Vec<Diagnostic>,
}

/// Reads every input; `stdin` is read only if an input asks for it.
#[must_use]
pub fn files(inputs: &[Input], stdin: &mut dyn Read) -> Files {
    let mut files = Files { sources: Vec::new(), texts: Vec::new(), problems: Vec::new() };
    for (input, index) in inputs::expand(inputs, &mut files.problems).into_iter().zip(0..) {
        let id = SourceId::new(index);
        let (source, hindrance) = source::read(&input, stdin, id);
        match hindrance {
            Some(problem) => files.problems.push(problem),
            None => files.texts.push((input, id)),
        }
        files.sources.push(source);
    }
    files
}
