//! What is remembered, for programs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::group::{GroupId, GroupPath};
use crate::render::json::document::{FORMAT, write};
use crate::render::report::running::RunningDocument;
use crate::state::{Ledger, Running};

/// What is remembered: `roomtree state list --format json` and `state show --format json`.
///
/// This is not the state file, whose format has a number of its own. New members may come at any time; `format` goes up when a
/// reader of the former one could be misled.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "roomtree state")]
pub(super) struct StateDocument<'a> {
    /// The version of this format.
    #[schemars(extend("const" = FORMAT))]
    format: u32,
    /// The kind of document.
    #[schemars(extend("const" = "state"))]
    kind: &'static str,
    /// The same for every state that was made from this one.
    lineage: &'a str,
    /// How often the recorded groups have changed.
    serial: u64,
    /// The address of the API that the groups are at.
    endpoint: &'a str,
    /// The organization (corpId), if it is known.
    organization: Option<&'a str>,
    /// The group that everything is built under; 0 is the top.
    root: GroupId,
    /// The recorded groups: path to id.
    groups: BTreeMap<&'a GroupPath, GroupId>,
    /// The paths that are protected from deletion, with all groups above them.
    protected: Vec<&'a GroupPath>,
    /// The run that has the state just now, if one has.
    #[serde(skip_serializing_if = "Option::is_none")]
    running: Option<RunningDocument<'a>>,
    /// How many calls an interrupted run left open.
    open: usize,
}

/// Writes what is recorded at a path and below it.
#[must_use]
pub fn state(ledger: &Ledger, within: &GroupPath, running: Option<&Running>) -> String {
    let snapshot = ledger.snapshot();
    let groups = snapshot.groups.iter().filter(|(path, _)| path.is_within(within));
    write(|| StateDocument {
        format: FORMAT,
        kind: "state",
        lineage: &snapshot.lineage,
        serial: snapshot.serial,
        endpoint: &snapshot.endpoint,
        organization: snapshot.organization.as_deref(),
        root: snapshot.root,
        groups: groups.map(|(path, id)| (path, *id)).collect(),
        protected: snapshot.protected.iter().filter(|path| path.is_within(within)).collect(),
        running: running.map(RunningDocument::of),
        open: ledger.open().count(),
    })
}
