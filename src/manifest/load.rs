//! From inputs to a manifest, with every problem on the way.
//!
//! Each file is read in turn and its YAML dropped before the next; the rules then see all files together.

use std::io::Read;

use crate::group::GroupId;
use crate::manifest::input::{inputs, recognize, source};
use crate::manifest::model::draft::Draft;
use crate::manifest::{Diagnostic, Input, Limits, Severity, Source, SourceId, Tree, rules};

/// A manifest that keeps all the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The corpId of the organization it is meant for, if it says.
    pub organization: Option<String>,
    /// The group it is built under; [`GroupId::ROOT`] for the top.
    pub root: GroupId,
    /// What was checked.
    pub limits: Limits,
    /// The groups.
    pub tree: Tree,
}

/// What came of reading: the texts, what is wrong with them, and the manifest if nothing is.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Every text that was read, in order; a [`SourceId`] is an index here.
    pub sources: Vec<Source>,
    /// Every problem: those without a source first, then by source and place.
    pub problems: Vec<Diagnostic>,
    manifest: Option<Manifest>,
}

impl Loaded {
    /// Returns the manifest, unless a problem is an error.
    #[must_use]
    pub fn manifest(&self) -> Option<&Manifest> {
        self.manifest.as_ref()
    }

    /// Takes the manifest out, unless a problem is an error.
    #[must_use]
    pub fn into_manifest(self) -> Option<Manifest> {
        self.manifest
    }
}

/// Reads every input and checks everything; `stdin` is read only if an input asks for it.
#[must_use]
pub fn load(inputs: &[Input], stdin: &mut dyn Read) -> Loaded {
    let mut problems = Vec::new();
    let mut draft = Draft::default();
    let inputs = inputs::expand(inputs, &mut problems);
    let sources =
        inputs.iter().zip(0..).map(|(input, index)| file(input, index, stdin, &mut draft, &mut problems)).collect();
    rules::check(&draft, &mut problems);
    tidy(&mut problems);
    let is_sound = problems.iter().all(|problem| problem.severity != Severity::Error);
    let manifest = is_sound.then(|| manifest(draft)).flatten();
    Loaded { sources, problems, manifest }
}

fn file(input: &Input, index: u32, stdin: &mut dyn Read, draft: &mut Draft, problems: &mut Vec<Diagnostic>) -> Source {
    let id = SourceId::new(index);
    let (source, hindrance) = source::read(input, stdin, id);
    match hindrance {
        Some(problem) => problems.push(problem),
        None => recognize::read(id, &source.text, draft, problems),
    }
    source
}

/// Sorts by place, and drops what aliases made appear again at the same place.
fn tidy(problems: &mut Vec<Diagnostic>) {
    let place = |problem: &Diagnostic| (problem.source, problem.place, problem.rule);
    problems.sort_by_key(place);
    problems.dedup_by(|a, b| a.place.is_some() && place(a) == place(b));
}

fn manifest(draft: Draft) -> Option<Manifest> {
    Some(Manifest {
        organization: draft.stated(|header| header.organization.as_ref()).map(|stated| stated.value.clone()),
        root: draft.stated(|header| header.root.as_ref()).map_or(GroupId::ROOT, |stated| stated.value),
        limits: Limits {
            depth: draft.stated(|header| header.depth.as_ref()).map_or(Limits::default().depth, |stated| stated.value),
            groups: draft.stated(|header| header.groups.as_ref()).map(|stated| stated.value),
        },
        tree: draft.into_tree()?,
    })
}
