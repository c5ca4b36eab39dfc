//! Lists DingTalk's groups and plans, until the plan rests on proven facts.
//!
//! A list can be stale. So a recorded group counts as absent only with an [`AbsenceProof`], and a run without recorded groups lists
//! twice before it creates groups next to existing ones. A read that fails in any other way ends the run before the first change.

use std::time::Duration;

use futures::{StreamExt, stream};
use tracing::info;

use crate::apply::reconcile::recover;
use crate::apply::{AbsenceProof, Replan, Suspension};
use crate::cli::args::ScopeArgs;
use crate::cli::context::Context;
use crate::cli::failure::CommandError;
use crate::cli::run::ban_budget::BanBudget;
use crate::cli::run::connection::Target;
use crate::cli::run::planning::{Planning, administrators, log_plan};
use crate::dingtalk;
use crate::dingtalk::{ErrorKind, Presence};
use crate::group::{GroupId, GroupPath};
use crate::inventory::Inventory;
use crate::manifest::Manifest;
use crate::plan::{Action, Checked, LostAdministrators, Plan, Refusal, Refused, Rooms};
use crate::render::style::duration;
use crate::state::{Ledger, Record};
use crate::{localized, tr};

/// How many lists in a row may lack groups that DingTalk still has.
const MOST_LISTS: usize = 6;
/// How many groups are read if none of the recorded groups is listed.
const MOST_READS_IF_REFUSED: usize = 3;

/// The listed groups and the time of the request.
pub(crate) struct Listed {
    pub(crate) live: Inventory,
    pub(crate) at: tokio::time::Instant,
}

/// Everything that is known before the first change.
pub(crate) struct Known {
    pub(crate) ledger: Ledger,
    pub(crate) listed: Listed,
    /// The records that resolve intents of an interrupted run.
    pub(crate) recovered: Vec<Record>,
    pub(crate) plan: Result<Checked, Box<Refused>>,
}

/// The input of a plan, apart from state and inventory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) manifest: &'a Manifest,
    pub(crate) scope: &'a ScopeArgs,
    /// The whole manifest, whose `protect` counts in any case.
    pub(crate) declared: &'a Manifest,
    pub(crate) has_state: bool,
}

impl<'a> Request<'a> {
    fn survey<'l>(&self, ledger: &'l Ledger) -> Result<Planning<'l>, CommandError>
    where
        'a: 'l,
    {
        Planning::new(self.manifest, self.scope, self.declared, ledger, self.has_state)
    }
}

impl Replan for Request<'_> {
    fn plan(&self, ledger: &Ledger, live: &Inventory) -> Option<Plan> {
        self.survey(ledger).ok().map(|survey| survey.plan(Some(live), &Rooms::default()).0)
    }
}

/// How a run lists and reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// How long a list may be stale.
    pub(crate) settle: Duration,
    /// The maximum number of reads in flight.
    pub(crate) concurrency: usize,
    /// The maximum number of calls that count for the monthly quota.
    pub(crate) max_calls: Option<u64>,
}

/// The calls before the first change. It keeps its evidence from one look to the next.
pub(crate) struct Preflight<'a> {
    context: &'a Context,
    target: &'a Target,
    suspension: &'a Suspension,
    bans: &'a BanBudget,
    request: Request<'a>,
    limits: Limits,
    absence: AbsenceProof,
    has_listed_twice: bool,
    /// Whether creates of an interrupted run had the time to appear.
    has_settled: bool,
    rooms: Option<Rooms>,
    administrators: Option<Vec<LostAdministrators>>,
}

impl<'a> Preflight<'a> {
    pub(crate) fn new(
        context: &'a Context,
        target: &'a Target,
        suspension: &'a Suspension,
        bans: &'a BanBudget,
        request: Request<'a>,
        limits: Limits,
    ) -> Self {
        let absence = AbsenceProof::new(limits.settle);
        Self {
            context,
            target,
            suspension,
            bans,
            request,
            limits,
            absence,
            has_listed_twice: false,
            has_settled: false,
            rooms: None,
            administrators: None,
        }
    }

    /// Lists and plans until the plan is proven, or is refused for a reason that another list does not change.
    pub(crate) async fn look(&mut self, ledger: &Ledger) -> Result<Known, CommandError> {
        let mut alive = None;
        // Others may have put rooms into a group since the last look.
        self.rooms = None;
        info!("preflight");
        for _ in 0..MOST_LISTS {
            let mut known = self.list_and_plan(ledger.clone()).await?;
            if self.wants_second_list(&known) {
                self.has_listed_twice = true;
            } else if self.wants_settling(&known) {
                self.has_settled = true;
            } else {
                let mut missing = missing(plan_of(&known.plan));
                if is_foreign(&known.plan) {
                    // Refused in any case: a few reads show whether the list is stale.
                    missing.truncate(MOST_READS_IF_REFUSED);
                }
                alive = self.prove(&missing, &known.listed).await?.or(alive);
                if missing.iter().all(|(_, id)| self.absence.is_proven(*id)) {
                    self.add_rooms(&mut known).await?;
                    self.add_administrators(&mut known).await;
                    log_plan(plan_of(&known.plan), known.plan.is_err());
                    return Ok(known);
                }
            }
            info!(pause_ms = self.limits.settle.as_millis(), "pause: list again");
            tokio::time::sleep(self.limits.settle).await;
        }
        Err(stale(alive))
    }

    async fn list_and_plan(&self, mut ledger: Ledger) -> Result<Known, CommandError> {
        let listed = self.list().await?;
        let recovered = recover(&mut ledger, &listed.live);
        let plan =
            self.request.survey(&ledger)?.checked(&listed.live, self.rooms.as_ref().unwrap_or(&Rooms::default()));
        Ok(Known { ledger, listed, recovered, plan })
    }

    /// Counts the rooms once, if the plan deletes groups.
    async fn add_rooms(&mut self, known: &mut Known) -> Result<(), CommandError> {
        if self.rooms.is_some() {
            return Ok(());
        }
        let survey = self.request.survey(&known.ledger)?;
        self.check_budget(usize::from(survey.deletes(&known.listed.live)))?;
        let rooms = survey.rooms(&self.target.client, &known.listed.live, self.context.terminal).await?;
        known.plan = survey.checked(&known.listed.live, &rooms);
        self.rooms = Some(rooms);
        Ok(())
    }

    /// Adds the administrators that groups lose; they are read once.
    async fn add_administrators(&mut self, known: &mut Known) {
        let Ok(checked) = &mut known.plan else { return };
        let lost = match self.administrators.take() {
            Some(lost) => still_lost(lost, checked.plan()),
            None => administrators(&self.target.client, checked.plan(), self.limits.max_calls).await,
        };
        checked.set_administrators(lost.clone());
        self.administrators = Some(lost);
    }

    /// Returns whether another list has to confirm this one: without recorded groups a stale list cannot be recognized, except an
    /// empty one, which is the normal case of a first run.
    fn wants_second_list(&self, known: &Known) -> bool {
        let root = self.request.manifest.root;
        let creates = plan_of(&known.plan).tally().create > 0;
        let is_first_run = known.ledger.snapshot().groups.is_empty();
        // None of the recorded groups is listed: that may be another organization, or a stale list.
        let none_lives = is_foreign(&known.plan);
        let is_unsure = none_lives || creates && is_first_run && may_show_groups_below(root, &known.listed.live);
        is_unsure && !self.has_listed_twice
    }

    /// Returns whether creates of an interrupted run can still appear in the list while the plan deletes groups: they could be below
    /// one of these, or belong to the groups to delete.
    fn wants_settling(&self, known: &Known) -> bool {
        let plan = plan_of(&known.plan);
        !plan.unsettled.is_empty() && !plan.deletions.is_empty() && !self.has_settled
    }

    /// Reads each group that the list lacks, unless its absence is proven, and then one that it shows. Returns a group that
    /// DingTalk still has.
    async fn prove(
        &mut self,
        missing: &[(GroupPath, GroupId)],
        listed: &Listed,
    ) -> Result<Option<String>, CommandError> {
        let ids: Vec<GroupId> = missing.iter().map(|(_, id)| *id).collect();
        let open = self.absence.open(&ids);
        self.check_budget(self.calls_for(&open))?;
        let mut alive = None;
        for (id, presence) in self.read(&open).await? {
            match presence {
                Presence::Missing(code) => self.absence.missing(id, code, listed.at, tokio::time::Instant::now()),
                Presence::Present(_) => {
                    self.absence.present(id);
                    alive = missing.iter().find(|(_, other)| *other == id).map(|(path, id)| format!("`{path}` ({id})"));
                }
            }
        }
        if open.iter().any(|id| !self.absence.is_proven(*id)) {
            self.check_reads(&listed.live).await?;
        }
        Ok(alive)
    }

    /// Counts the calls that prove the absence of groups: without evidence two reads for each, one of a listed group, and a list.
    fn calls_for(&self, open: &[GroupId]) -> usize {
        let is_first = open.iter().any(|id| !self.absence.has_evidence(*id));
        if is_first { 2 * open.len() + 2 } else { open.len() }
    }

    async fn read(&self, ids: &[GroupId]) -> Result<Vec<(GroupId, Presence)>, CommandError> {
        let client = &self.target.client;
        let reads = stream::iter(ids.iter().map(|id| async move { Ok((*id, client.presence(*id).await?)) }));
        let results: Vec<Result<_, dingtalk::ApiError>> = reads.buffered(self.limits.concurrency).collect().await;
        let read: Result<Vec<_>, _> = results.into_iter().collect();
        read.map_err(|failure| self.unproven(&failure))
    }

    /// Reads a listed group: only while such reads succeed does an error code mean absence.
    async fn check_reads(&self, live: &Inventory) -> Result<(), CommandError> {
        self.check_budget(1)?;
        let Some(control) = live.groups().next().map(|group| group.id) else { return Ok(()) };
        match self.target.client.presence(control).await {
            Ok(Presence::Present(_)) => Ok(()),
            Ok(Presence::Missing(code)) => Err(CommandError::unavailable(localized!(
                "the list shows group {control}, but reading it returns `{code}`",
                "列表中有分组 {control}，但读取它时返回 `{code}`"
            ))
            .hint(localized!(
                "groups that the list lacks cannot be checked now: run again later; nothing was changed",
                "现在无法核实列表中缺少的分组：请稍后重新运行；没有任何改动"
            ))),
            Err(failure) => Err(self.unproven(&failure)),
        }
    }

    fn unproven(&self, failure: &dingtalk::ApiError) -> CommandError {
        self.target.failure(failure).hint(localized!(
            "the list lacks recorded groups, and only this read can show whether they still exist; nothing was changed",
            "列表中缺少已记录的分组，只有这次读取能确认它们是否仍然存在；没有任何改动"
        ))
    }

    /// Lists the groups. A ban is waited out as far as permitted.
    async fn list(&self) -> Result<Listed, CommandError> {
        self.check_budget(1)?;
        loop {
            self.suspension.acknowledge();
            let at = tokio::time::Instant::now();
            match self.target.client.list().await {
                Ok(live) => return Ok(Listed { live, at }),
                Err(failure) => self.wait_for_ban(&failure).await?,
            }
        }
    }

    async fn wait_for_ban(&self, failure: &dingtalk::ApiError) -> Result<(), CommandError> {
        let wait = failure.wait.filter(|wait| failure.kind == ErrorKind::Banned && self.bans.spend(*wait));
        let Some(wait) = wait else { return Err(self.target.failure(failure)) };
        self.context.terminal.note(
            &tr!(format: "DingTalk bans this address; waiting for {}", "本机地址被钉钉封禁，等待 {}", duration(wait)),
        );
        info!(pause_ms = wait.as_millis(), "pause: address banned");
        tokio::time::sleep(wait).await;
        Ok(())
    }

    /// Refuses calls that `--max-calls` does not permit.
    fn check_budget(&self, calls: usize) -> Result<(), CommandError> {
        let made = self.target.client.calls().total().metered;
        match self.limits.max_calls {
            Some(most) if made + calls as u64 > most => Err(CommandError::refused(localized!(
                "{} calls are needed before the first change; --max-calls allows {most}",
                "开始改动之前需要 {} 次调用；`--max-calls` 只允许 {most} 次",
                made + calls as u64
            ))
            .hint(localized!("raise --max-calls; nothing was changed", "请调高 `--max-calls`；没有任何改动"))),
            _ => Ok(()),
        }
    }
}

fn plan_of(plan: &Result<Checked, Box<Refused>>) -> &Plan {
    match plan {
        Ok(checked) => checked.plan(),
        Err(refused) => &refused.plan,
    }
}

fn refusals(plan: &Result<Checked, Box<Refused>>) -> &[Refusal] {
    plan.as_ref().map_or_else(|refused| refused.refusals.as_slice(), |_| &[])
}

/// Says whether a list may show a group below the root: one whose parent the list lacks may be there, too.
fn may_show_groups_below(root: GroupId, live: &Inventory) -> bool {
    live.children(root).len() > 0 || live.groups().any(|group| live.depth(group.id).is_none())
}

/// Returns whether no recorded group is listed: another organization, or a stale list.
fn is_foreign(plan: &Result<Checked, Box<Refused>>) -> bool {
    refusals(plan).iter().any(|refusal| matches!(refusal, Refusal::NothingLives { .. }))
}

/// Leaves out the groups that the current plan does not create again.
fn still_lost(mut lost: Vec<LostAdministrators>, plan: &Plan) -> Vec<LostAdministrators> {
    let recreated = plan.recreated();
    lost.retain(|group| recreated.iter().any(|now| now.path == group.path && now.former == group.former));
    lost
}

/// Returns the recorded groups that the list lacks and that the plan would create again, replace or drop from the state.
fn missing(plan: &Plan) -> Vec<(GroupPath, GroupId)> {
    let rows = plan.rows().filter_map(|(row, group)| match group.decision {
        Action::Create { gone } | Action::Adopt { gone, .. } => Some((plan.path(row), gone?)),
        Action::Keep { .. } | Action::Rename { .. } | Action::Conflict { .. } | Action::Blocked => None,
    });
    let deletions = plan.deletions.iter().filter(|deletion| deletion.gone);
    rows.chain(deletions.map(|deletion| (deletion.path.clone(), deletion.id))).collect()
}

fn stale(alive: Option<String>) -> CommandError {
    let message = match alive {
        Some(group) => {
            localized!("the list lacks {group}, but DingTalk still has it", "列表中缺少 {group}，但钉钉中仍有它")
        }
        None => localized!(
            "the list lacks recorded groups, and reads of them return different error codes",
            "列表中缺少已记录的分组，而读取它们时返回的错误码前后不一"
        ),
    };
    CommandError::refused(message).hint(localized!(
        "the list is stale or incomplete: wait and run again; nothing was changed",
        "列表滞后或不完整：请稍候再运行；没有任何改动"
    ))
}
