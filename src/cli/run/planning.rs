//! Manifest, state and scope brought together, ready to be held against what DingTalk says.

use std::path::Path;

use tracing::info;

use crate::cli::args::ScopeArgs;
use crate::cli::failure::CommandError;
use crate::dingtalk::{Api, Client};
use crate::group;
use crate::group::GroupPath;
use crate::inventory::Inventory;
use crate::manifest::{Manifest, Tree};
use crate::plan::{
    Checked, Cost, LostAdministrators, Plan, PlanInput, Recreated, Refusal, Refused, Rooms, Scope, compare, guard,
};
use crate::render::Terminal;
use crate::render::style::{ERROR, HINT, Styled, plain};
use crate::state::Ledger;
use crate::{localized, tr};

/// What is planned for, and from what.
pub(crate) struct Planning<'a> {
    manifest: Manifest,
    /// The manifest before it is cut down.
    declared: &'a Manifest,
    scope: &'a ScopeArgs,
    ledger: &'a Ledger,
    has_state: bool,
}

impl<'a> Planning<'a> {
    /// Cuts the manifest down to what was selected; `declared` is the whole one, whose `protect` counts in any case.
    pub(crate) fn new(
        manifest: &Manifest,
        scope: &'a ScopeArgs,
        declared: &'a Manifest,
        ledger: &'a Ledger,
        has_state: bool,
    ) -> Result<Self, CommandError> {
        let tree = selected(&manifest.tree, &scope.only, ledger)?;
        let manifest = Manifest {
            organization: manifest.organization.clone(),
            root: manifest.root,
            limits: manifest.limits,
            tree,
        };
        Ok(Self { manifest, declared, scope, ledger, has_state })
    }

    /// Asks which rooms stand in the way, if the plan would delete groups.
    ///
    /// An answer that cannot be had is no reason to stop: DingTalk itself deletes empty groups only.
    pub(crate) async fn rooms(
        &self,
        client: &Client,
        live: &Inventory,
        terminal: Terminal,
    ) -> Result<Rooms, CommandError> {
        if !self.deletes(live) {
            return Ok(Rooms::default());
        }
        let calls = || client.calls().of(Api::Rooms).sent;
        let before = calls();
        match client.rooms().await {
            Ok(by_group) => Ok(Rooms { by_group, calls: usize::try_from(calls() - before).unwrap_or(usize::MAX) }),
            Err(failure) if failure.ends_run() => Err(failure.into()),
            Err(failure) => {
                let said = failure.to_string();
                terminal.note(&tr!(
                    format: "note: which groups hold rooms could not be told ({}); DingTalk refuses to delete those",
                    "注意：无法得知哪些分组含有会议室（{}）；钉钉不允许删除这样的分组",
                    plain(&said)
                ));
                Ok(Rooms::default())
            }
        }
    }

    /// Returns whether the plan deletes groups.
    pub(crate) fn deletes(&self, live: &Inventory) -> bool {
        self.scope.prune && compare(self.evidence(Some(live), None)).deletions.iter().any(|deletion| !deletion.gone)
    }

    /// Plans, and checks the plan.
    pub(crate) fn checked(&self, live: &Inventory, rooms: &Rooms) -> Result<Checked, Box<Refused>> {
        let evidence = self.evidence(Some(live), Some(rooms));
        guard::check(compare(evidence), evidence)
    }

    /// Plans, and says what stands against the plan.
    pub(crate) fn plan(&self, live: Option<&Inventory>, rooms: &Rooms) -> (Plan, Vec<Refusal>) {
        let evidence = self.evidence(live, Some(rooms));
        let plan = compare(evidence);
        let refusals = guard::refusals(&plan, evidence);
        (plan, refusals)
    }

    fn evidence<'e>(&'e self, live: Option<&'e Inventory>, rooms: Option<&'e Rooms>) -> PlanInput<'e> {
        let ScopeArgs { prune, max_deletes, only, .. } = self.scope;
        let scope = Scope {
            prune: *prune,
            destroy: self.scope.destroy,
            only,
            max_deletes: *max_deletes,
            declared: Some(self.declared),
            follows_renames: false,
            rooms,
        };
        PlanInput { manifest: &self.manifest, ledger: self.ledger, live, has_state: self.has_state, scope }
    }
}

/// Logs the numbers of a plan.
pub(crate) fn log_plan(plan: &Plan, is_refused: bool) {
    let tally = plan.tally();
    let (create, adopt, rename, delete) = (tally.create, tally.adopt, tally.rename, tally.delete);
    info!(create, adopt, rename, delete, keep = tally.keep, conflict = tally.conflict, is_refused, "plan");
}

fn selected(tree: &Tree, only: &[GroupPath], ledger: &Ledger) -> Result<Tree, CommandError> {
    if only.is_empty() {
        return Ok(tree.clone());
    }
    let is_known = |path: &&GroupPath| tree.find(path).is_some() || ledger.id_of(path).is_some();
    match only.iter().find(|path| !is_known(path)) {
        Some(path) => Err(CommandError::input(localized!(
            "--only {path}: neither the manifest nor the state has this group",
            "`--only {path}`：清单和状态中都没有这个分组"
        ))
        .hint(resembled(tree, path).map_or_else(
            || {
                localized!(
                    "a path is written /北京/望京园区, with ~1 for a slash and ~0 for a tilde within a name",
                    "路径写作 `/北京/望京园区`，名称中的斜杠写作 `~1`，波浪号写作 `~0`"
                )
            },
            |meant| localized!("did you mean {meant}?", "是不是 `{meant}`？"),
        ))),
        None => Ok(tree.only(only)),
    }
}

/// Reads the administrators that the groups lose which a plan creates again: one call for each group.
///
/// A group that is gone usually cannot be read; a failed read never stops the run. Nothing is read if `--max-calls` allows
/// less than the whole plan: the changes come first.
pub(crate) async fn administrators(client: &Client, plan: &Plan, max_calls: Option<u64>) -> Vec<LostAdministrators> {
    let mut is_over = max_calls.is_some_and(|most| most < Cost::of(plan).calls() as u64);
    let mut lost = Vec::new();
    for Recreated { path, former } in plan.recreated() {
        let read = if is_over { None } else { Some(client.administrators(former).await) };
        is_over |= matches!(&read, Some(Err(failure)) if failure.ends_run() || failure.status.is_none());
        lost.push(LostAdministrators { path, former, administrators: read.and_then(Result::ok) });
    }
    lost
}

/// Finds the group whose path differs from this one only in form: spaces, width, case.
fn resembled(tree: &Tree, path: &GroupPath) -> Option<GroupPath> {
    let skeleton_of = |path: &GroupPath| {
        let mut skeleton = String::new();
        group::skeleton(path.as_str(), &mut skeleton);
        skeleton
    };
    let wanted = skeleton_of(path);
    tree.nodes().map(|(id, _)| tree.path(id)).find(|path| skeleton_of(path) == wanted)
}

/// Tells each refusal and what to do about it.
pub(crate) fn told(refusals: &[Refusal]) -> String {
    let told = |refusal: &Refusal| {
        let said = refusal.to_string();
        format!(
            "{}{}\n  {} {}\n",
            Styled(ERROR, tr!("refused: ", "已拒绝：")),
            plain(&said),
            Styled(HINT, "→"),
            refusal.remedy()
        )
    };
    refusals.iter().map(told).collect()
}

/// Says whether a state is there, if only as the journal of a run that was interrupted.
pub(crate) fn has_state(path: &Path) -> bool {
    let mut journal = path.as_os_str().to_owned();
    journal.push(".journal");
    path.exists() || Path::new(&journal).exists()
}
