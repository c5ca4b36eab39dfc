//! Whether what is remembered can be used, and whether it is still so.

use crate::dingtalk::Live;
use crate::doctor::facts::{Facts, Memory};
use crate::doctor::finding::{Check, Evidence, Finding, Reason};
use crate::doctor::words::{count, sentence};
use crate::group::{GroupId, GroupPath};
use crate::state::{Change, Ledger, StateError, StateErrorKind};

/// Whether the state can be read, belongs here, and is at rest.
pub(crate) fn state(facts: &Facts<'_>) -> Finding {
    match &facts.memory {
        Memory::NotNamed => Finding::skipped(Check::State, "Neither a manifest nor --state was given."),
        Memory::Empty => Finding::ok(Check::State, "There is none yet; the first apply makes it."),
        Memory::Unusable(error) => unusable(error),
        Memory::Known { run: Some(run), .. } => busy(run),
        Memory::Known { ledger, run: None } => at_rest(ledger),
    }
}

fn unusable(error: &StateError) -> Finding {
    let reason = match error.kind() {
        StateErrorKind::Refused => Reason::Refused,
        StateErrorKind::Input | StateErrorKind::Disk => Reason::Input,
    };
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    Finding::failed(Check::State, reason, sentence(&format!("{error}{cause}")), sentence(error.remedy()))
}

fn busy(run: &StateError) -> Finding {
    let detail = format!("{} What it has just done may show below as drift or twins.", sentence(&run.to_string()));
    Finding::warning(Check::State, detail, sentence(run.remedy()))
}

fn at_rest(ledger: &Ledger) -> Finding {
    let open: Vec<Evidence> = ledger.open().map(|(_, change)| left_open(change)).collect();
    if open.is_empty() {
        let groups = count(ledger.snapshot().groups.len() as u64, "group");
        return Finding::ok(Check::State, format!("{groups} recorded; no call is open."));
    }
    let calls = count(open.len() as u64, "call");
    let detail = format!("An interrupted run left {calls} whose outcome is not known.");
    Finding::warning(Check::State, detail, "Run `roomtree apply`: it finds out first, and makes nothing twice.")
        .because(open)
}

fn left_open(change: &Change) -> Evidence {
    match change {
        Change::Create { path, .. } | Change::Stray { path, .. } => {
            Evidence::Open { change: "create", path: path.clone() }
        }
        Change::Rename { to, .. } => Evidence::Open { change: "rename", path: to.clone() },
        Change::Delete { path, .. } => Evidence::Open { change: "delete", path: path.clone() },
    }
}

/// Whether live still has the recorded groups, where and as they are recorded.
pub(crate) fn drift(facts: &Facts<'_>) -> Finding {
    let Some(live) = facts.live() else { return Finding::skipped(Check::Drift, "The groups were not listed.") };
    if facts.root != GroupId::ROOT && live.get(facts.root).is_none() {
        return rootless(facts.root);
    }
    let Some(ledger) = facts.ledger() else { return Finding::ok(Check::Drift, "Nothing is recorded yet.") };
    let drifted = drifted(ledger, live);
    match drifted.len() {
        0 => Finding::ok(Check::Drift, "Every recorded group is where it is recorded."),
        _ => summed_up(ledger, drifted),
    }
}

fn rootless(root: GroupId) -> Finding {
    Finding::failed(
        Check::Drift,
        Reason::Refused,
        format!("The group to build under, `root: {root}`, is not in DingTalk."),
        "Correct `root` in the manifest, or use the credentials of the organization that has this group.",
    )
}

fn summed_up(ledger: &Ledger, drifted: Vec<Evidence>) -> Finding {
    let number = |is_meant: fn(&Evidence) -> bool| drifted.iter().filter(|evidence| is_meant(evidence)).count();
    let gone = number(|evidence| matches!(evidence, Evidence::Gone { .. }));
    let moved = number(|evidence| matches!(evidence, Evidence::Moved { .. }));
    let renamed = number(|evidence| matches!(evidence, Evidence::Renamed { .. }));
    let recorded = count(ledger.snapshot().groups.len() as u64, "recorded group");
    let detail = format!("Of {recorded}, {gone} gone, {renamed} renamed, {moved} moved in DingTalk.");
    let finding = if gone == ledger.snapshot().groups.len() {
        Finding::failed(Check::Drift, Reason::Refused, detail, ALL_GONE)
    } else if moved > 0 {
        Finding::failed(Check::Drift, Reason::Refused, detail, MOVED)
    } else {
        Finding::warning(Check::Drift, detail, DRIFTED)
    };
    finding.because(drifted)
}

const ALL_GONE: &str = "Check that credentials and state are of one organization. If every group was really deleted, move the \
    state file away: the next apply makes all of them anew.";

const MOVED: &str = "DingTalk cannot move groups by its API: put the group back in DingTalk's admin console (oa.dingtalk.com), \
    or write it in the manifest where it stands now.";

const DRIFTED: &str = "See what an apply would do about it: `roomtree plan`. It makes anew what is gone, and gives renamed groups \
    their names back.";

fn drifted(ledger: &Ledger, live: &Live) -> Vec<Evidence> {
    ledger.snapshot().groups.iter().filter_map(|(path, id)| drift_of(ledger, live, path, *id)).collect()
}

fn drift_of(ledger: &Ledger, live: &Live, path: &GroupPath, id: GroupId) -> Option<Evidence> {
    let path = path.clone();
    let Some(group) = live.get(id) else { return Some(Evidence::Gone { path, id }) };
    if parent_of(ledger, &path).is_some_and(|parent| parent != group.parent) {
        return Some(Evidence::Moved { path, id, stands: live.path(id) });
    }
    let is_named = path.name().is_some_and(|name| name == group.name);
    (!is_named).then(|| Evidence::Renamed { path, id, name: group.name.clone() })
}

/// Returns the group that a recorded one is to stand under; `None` when that one is not recorded.
fn parent_of(ledger: &Ledger, path: &GroupPath) -> Option<GroupId> {
    let parent = path.parent()?;
    if parent == GroupPath::top() { Some(ledger.snapshot().root) } else { ledger.id_of(&parent) }
}

/// Says whether a recorded group stands in live exactly where and as it is recorded.
pub(crate) fn is_in_place(ledger: &Ledger, live: &Live, id: GroupId) -> bool {
    let (Some(path), Some(group)) = (ledger.path_of(id), live.get(id)) else { return false };
    let is_named = path.name().is_some_and(|name| name == group.name);
    is_named && parent_of(ledger, path) == Some(group.parent)
}
