//! A manifest's text in one stable layout: what it says stays, and so does every comment.
//!
//! ```text
//! text ─► sketch (entries in their order) ─► remarks (comments and blank lines to entries) ─► page (lines)
//! ```
//! Names stay spelt as they are, quotes and all; only where things stand changes. The new text is read again: one that says something
//! else, or lacks a comment, is never given back.

use crate::localized;
use crate::manifest::edit::comments::attach;
use crate::manifest::edit::cst::SyntaxTree;
use crate::manifest::edit::printer::written;
use crate::manifest::input::recognize;
use crate::manifest::model::draft::{Draft, DraftBindings, Header, Row, Stated};
use crate::manifest::{Diagnostic, Rule, Severity, SourceId};

/// A manifest's text in the stable layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formatted {
    /// The text.
    pub text: String,
    /// What is suspicious about it, as it was.
    pub warnings: Vec<Diagnostic>,
}

/// Lays a file of a manifest out anew. It need not be a whole manifest: rules that look at all files together are not applied.
///
/// # Errors
/// The problems of a text that is no file of a manifest, or that has something in it which cannot be laid out.
pub fn format(source: SourceId, text: &str) -> Result<Formatted, Vec<Diagnostic>> {
    let (meant, warnings) = draft(source, text)?;
    let mut sketch = SyntaxTree::of(source, text).map_err(|problem| vec![*problem])?;
    let comments = sketch.comments();
    attach(&mut sketch);
    let formatted = written(sketch);
    let says_the_same = draft(source, &formatted).is_ok_and(|(said, _)| is_same(&meant, &said));
    let has_all = || SyntaxTree::of(source, &formatted).is_ok_and(|sketch| sketch.comments() == comments);
    match says_the_same && has_all() {
        true => Ok(Formatted { text: formatted, warnings }),
        false => Err(vec![not_kept().about(source)]),
    }
}

/// Reads what a file says, and what is suspicious about it.
fn draft(source: SourceId, text: &str) -> Result<(Draft, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (mut draft, mut problems) = (Draft::default(), Vec::new());
    recognize::read(source, text, &mut draft, &mut problems);
    match problems.iter().any(|problem| problem.severity == Severity::Error) {
        true => Err(problems),
        false => Ok((draft, problems)),
    }
}

/// Says whether two files say the same, wherever it is written.
fn is_same(a: &Draft, b: &Draft) -> bool {
    a.headers.len() == b.headers.len()
        && a.rows.len() == b.rows.len()
        && a.headers.iter().zip(&b.headers).all(|(a, b)| is_same_header(a, b))
        && a.rows.iter().zip(&b.rows).all(|(a, b)| is_same_row(a, b))
}

fn is_same_header(a: &Header, b: &Header) -> bool {
    is_stated_alike(a.organization.as_ref(), b.organization.as_ref())
        && is_stated_alike(a.root.as_ref(), b.root.as_ref())
        && is_stated_alike(a.depth.as_ref(), b.depth.as_ref())
        && is_stated_alike(a.groups.as_ref(), b.groups.as_ref())
}

fn is_stated_alike<T: PartialEq>(a: Option<&Stated<T>>, b: Option<&Stated<T>>) -> bool {
    a.map(|stated| &stated.value) == b.map(|stated| &stated.value)
}

fn is_same_row(a: &Row, b: &Row) -> bool {
    let claims = match (&a.claims, &b.claims) {
        (Some(a), Some(b)) => is_same_claim(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    claims && a.name == b.name && a.parent == b.parent && a.depth == b.depth
}

fn is_same_claim(a: &DraftBindings, b: &DraftBindings) -> bool {
    let was = |claims: &DraftBindings| claims.was.iter().map(|was| was.value.clone()).collect::<Vec<_>>();
    was(a) == was(b) && is_stated_alike(a.id.as_ref(), b.id.as_ref()) && a.protect == b.protect
}

fn not_kept() -> Diagnostic {
    let message = localized!(
        "The file cannot be laid out anew without changing what it says",
        "无法在不改变内容的前提下重新排版该文件"
    );
    Diagnostic::error(Rule::NotFormatted, message).help(localized!(
        "It stays as it is; this is a fault of roomtree's, please report it with the file",
        "文件保持原样；这是 roomtree 的缺陷，请附上该文件报告"
    ))
}
