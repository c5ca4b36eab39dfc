//! What a pull has to tell, one finding after the other, each with what to do.

use std::fmt::Write;

use similar::TextDiff;

use crate::group::GroupId;
use crate::pull::Finding;
use crate::render::conflict;
use crate::render::style::{DIM, HINT, Styled, WARNING, plain};

/// The most time that is spent on making a difference small.
const PATIENCE: std::time::Duration = std::time::Duration::from_millis(500);

/// Tells what was left out or left as it is.
#[must_use]
pub fn findings(findings: &[Finding]) -> String {
    findings.iter().fold(String::new(), |mut text, finding| {
        let heading = if finding.leaves_out() { Styled(WARNING, "left out:") } else { Styled(DIM, "note:") };
        let _ = writeln!(text, "{heading} {}\n  {} {}", plain(&said(finding)), Styled(HINT, "→"), remedy(finding));
        text
    })
}

/// Writes the difference between two texts in the unified format.
#[must_use]
pub fn difference(name: &str, former: &str, new: &str) -> String {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(former, new);
    let whole = diff.unified_diff().context_radius(3).header(name, name).to_string();
    whole.split_inclusive('\n').map(plain_line).collect()
}

fn plain_line(line: &str) -> String {
    let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
    format!("{}{end}", plain(line.strip_suffix('\r').unwrap_or(line)))
}

fn said(finding: &Finding) -> String {
    match finding {
        Finding::Unwritable { id, path, why } => format!("group {id} at `{path}`, and what is below it: {why}"),
        Finding::Twins { path, ids, kept: Some(kept) } => {
            format!("{} at `{path}`: the same name as group {kept}, which is the one that is kept", groups(ids))
        }
        Finding::Twins { path, ids, kept: None } => format!("{} at `{path}`: they share one name", groups(ids)),
        Finding::Taken { id, path } => {
            format!("group {id} at `{path}`: the manifest has another group of this name that is not in DingTalk")
        }
        Finding::TooDeep { id, path } => format!("group {id} at `{path}`, and what is below it: it stands too deep"),
        Finding::Unrooted { id, name } => format!("group {id} `{name}`: DingTalk lists no group that it stands in"),
        Finding::Unclear { path, conflict } => format!("`{path}` stays as it is: {}", conflict::sentence(conflict)),
        Finding::Missing { path, .. } => {
            format!("`{path}`, and what is below it, is not in DingTalk; it stays in the manifest")
        }
        Finding::Removed { path } => {
            format!("`{path}`, and what is below it, is not in DingTalk; it was removed from the manifest")
        }
        Finding::Pending { path, live } => {
            format!(
                "`{path}` is called `{live}` in DingTalk; the manifest is about to rename it, so it keeps its new name"
            )
        }
    }
}

fn remedy(finding: &Finding) -> &'static str {
    match finding {
        Finding::Unwritable { .. } => {
            "give it a name without blanks at the ends and without control characters in DingTalk, then pull again"
        }
        Finding::Twins { .. } => {
            "rename or remove all but one in DingTalk, then pull again; `roomtree doctor` shows what they hold"
        }
        Finding::Unclear { conflict, .. } => conflict::remedy(conflict),
        Finding::Taken { .. } => "see `roomtree plan`, which says how to settle it, then pull again",
        Finding::TooDeep { .. } => "pull its part of the tree by itself: --root with the id of a group above it",
        Finding::Unrooted { .. } => {
            "have the operator's permissions checked in DingTalk: the group above may be hidden from it"
        }
        Finding::Missing { held: false, .. } => {
            "`roomtree apply` makes it; `roomtree pull --prune` removes it from the manifest"
        }
        Finding::Missing { held: true, .. } => {
            "it has `protect`, or a conflict, at or below it: remove it by hand, or let `roomtree apply` make it"
        }
        Finding::Removed { .. } => "put it back if `roomtree apply` is to make it",
        Finding::Pending { .. } => {
            "`roomtree apply` renames it; write the name that DingTalk has if it is not to be renamed"
        }
    }
}

fn groups(ids: &[GroupId]) -> String {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    format!("group{} {}", if ids.len() == 1 { "" } else { "s" }, ids.join(", "))
}
