//! `roomtree state rebuild`: re-creates a lost or damaged state from the manifest and DingTalk's list.
//!
//! It follows a plan for an empty state: groups that the plan would adopt are recorded, and those that it would create are
//! reported as not listed. A group that the plan would rename is recorded under its present name, so that the next plan renames it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::apply::AbsenceProof;
use crate::apply::reconcile::recover;
use crate::cli::args::{ConnectionArgs, ManifestArgs, ScopeArgs, Span, StateFileArgs};
use crate::cli::command::plan::empty;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::{CommandError, unwritten_after_changes};
use crate::cli::replace_file::is_state_name;
use crate::cli::run::connection;
use crate::cli::run::connection::Target;
use crate::cli::run::execute::holder;
use crate::cli::run::load_manifest;
use crate::cli::run::planning::{Planning, told};
use crate::cli::runtime;
use crate::dingtalk::Presence;
use crate::group::{GroupId, GroupPath};
use crate::inventory::Inventory;
use crate::manifest::Manifest;
use crate::plan::{Action, Plan, Refusal, Rooms};
use crate::pull::protection;
use crate::render::rebuild as drawing;
use crate::render::style::duration;
use crate::state::{ExistingState, Ledger, RebuildStore, Record};
use crate::text::conflict_line;
use crate::{localized, tr};

/// Re-create a lost or damaged state from the manifest and DingTalk's list
///
/// Records every group of the manifest that DingTalk lists exactly once, and reports the others: duplicates, and groups that are
/// not in the list. Lists twice, since a list may be behind; nothing is replaced if the two lists differ, or if they lack a
/// recorded group that DingTalk still has. Exits with 3 if not every group of the manifest is recorded. Changes nothing in
/// DingTalk. Former files are kept aside under another name, and calls whose outcome a former journal left open are taken over.
/// A state that is sound is replaced only after asking: what it records beyond the manifest, or under a name that was changed
/// in DingTalk, is then not recorded any more.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  roomtree state rebuild examples/acme.yaml --sandbox --yes")]
pub(crate) struct RebuildArgs {
    #[command(flatten)]
    manifest: ManifestArgs,
    #[command(flatten)]
    state: StateFileArgs,
    #[command(flatten)]
    connection: ConnectionArgs,

    /// Do not ask before a sound state is replaced
    #[arg(long, short)]
    yes: bool,

    /// Time between the two lists
    #[arg(long, value_name = "TIME", default_value = "3s")]
    settle: Span,
}

pub(crate) fn run(context: &Context, arguments: &RebuildArgs) -> Result<Exit, CommandError> {
    let manifest = load_manifest::manifest(context, &arguments.manifest)?;
    let path = connection::state_path(&arguments.manifest, &arguments.state, arguments.connection.sandbox)?;
    check_place(&arguments.manifest, &path)?;
    runtime::block_on(async {
        let target = Target::open(context, &arguments.connection, &manifest, &path).await?;
        let rebuilding = Rebuilding { context, arguments, manifest: &manifest, target: &target };
        let result = rebuilding.run(&path).await;
        target.close().await;
        result
    })?
}

struct Rebuilding<'a> {
    context: &'a Context,
    arguments: &'a RebuildArgs,
    manifest: &'a Manifest,
    target: &'a Target,
}

impl Rebuilding<'_> {
    async fn run(&self, path: &Path) -> Result<Exit, CommandError> {
        let anew = RebuildStore::open(path, &self.target.identity, &holder(self.context))?;
        let live = self.list(anew.remains()).await?;
        let (plan, refusals) = self.plan(&live)?;
        if let Some(refusal) = refusals.into_iter().find(|refusal| matches!(refusal, Refusal::RootGone { .. })) {
            self.context.terminal.note(&told(&[refusal]));
            return Ok(Exit::Refused);
        }
        let ledger = self.ledger(&anew, &plan, &live)?;
        self.context.terminal.note(&drawing::outlook(anew.remains(), &ledger, anew.unread()));
        if self.confirm(anew.remains()).await? && self.target.client.list().await? != live {
            return Err(changed());
        }
        let aside: Vec<PathBuf> = anew.replace(&ledger)?;
        self.context.terminal.result(&drawing::text(&plan, &ledger, &aside)).map_err(unwritten_after_changes)?;
        Ok(if drawing::is_whole(&plan) { Exit::Done } else { Exit::Partial })
    }

    /// Lists twice, a settle time apart, and proves the absence of groups of the former state that the lists lack. A list that changes
    /// meanwhile proves nothing.
    async fn list(&self, remains: &ExistingState) -> Result<Inventory, CommandError> {
        let mut absence = AbsenceProof::new(self.arguments.settle.0);
        let first = self.list_and_read(remains, &mut absence).await?;
        tokio::time::sleep(self.arguments.settle.0).await;
        let second = self.list_and_read(remains, &mut absence).await?;
        if first == second {
            let unproven = missing(remains, &second).find(|(_, id)| !absence.is_proven(**id));
            let failure = unproven.map(|(path, id)| behind(path, *id));
            return failure.map_or(Ok(second), Err);
        }
        Err(CommandError::refused(localized!(
            "two lists, {} apart, differ; nothing was replaced",
            "相隔 {} 的两次列表不一致；没有替换任何文件",
            duration(self.arguments.settle.0)
        ))
        .hint(localized!(
            "DingTalk's list is behind, or its groups are being changed: run again later, with a longer `--settle`",
            "钉钉的列表滞后，或分组正在变动：请稍后用更长的 `--settle` 重新运行"
        )))
    }

    /// Lists, reads the groups of the former state that the list lacks, and then one that it shows.
    async fn list_and_read(
        &self,
        remains: &ExistingState,
        absence: &mut AbsenceProof,
    ) -> Result<Inventory, CommandError> {
        let (client, listed_at) = (&self.target.client, tokio::time::Instant::now());
        let live = client.list().await?;
        for (path, id) in missing(remains, &live) {
            match client.presence(*id).await? {
                Presence::Present(_) => return Err(behind(path, *id)),
                Presence::Missing(code) => absence.missing(*id, code, listed_at, tokio::time::Instant::now()),
            }
        }
        let control = live.groups().next().filter(|_| missing(remains, &live).next().is_some());
        if let Some(control) = control {
            client.read(control.id).await?;
        }
        Ok(live)
    }

    /// Plans as if nothing were recorded.
    fn plan(&self, live: &Inventory) -> Result<(Plan, Vec<Refusal>), CommandError> {
        let (scope, nothing) = (ScopeArgs::default(), empty(&self.target.identity)?);
        let survey = Planning::new(self.manifest, &scope, self.manifest, &nothing, false)?;
        Ok(survey.plan(Some(live), &Rooms::default()))
    }

    /// Makes the new state, and settles what was left open as far as the list can.
    fn ledger(&self, anew: &RebuildStore, plan: &Plan, live: &Inventory) -> Result<Ledger, CommandError> {
        let mut ledger = anew.begin(&self.target.identity)?;
        let found = found(plan);
        let protection = self.protection(anew, &found);
        for (path, id) in found.into_iter().filter_map(|(path, id)| Some((path, id?))) {
            ledger.apply(&Record::Put { path, id }).map_err(|error| {
                CommandError::input(localized!("what DingTalk has contradicts itself", "钉钉中的分组自相矛盾"))
                    .because(&error)
            })?;
        }
        if let Some(record) = protection {
            ledger.apply(&record).map_err(|error| {
                CommandError::input(localized!("the protection cannot be recorded", "无法记录保护")).because(&error)
            })?;
        }
        if ledger.snapshot().groups.is_empty() {
            return Err(CommandError::refused(localized!("DingTalk has none of the groups of the manifest; nothing was replaced", "清单中的分组，钉钉中一个也没有；没有替换任何文件")).hint(localized!(
                "check the credentials and the endpoint; if all groups are gone on purpose, move the state and its journal away",
                "请检查凭证和接口地址；若分组确已全部删除，请移走状态文件及其日志文件"
            )));
        }
        let _ = recover(&mut ledger, live);
        Ok(ledger)
    }

    /// Returns the protection that the manifest declares, and that a sound state has recorded.
    fn protection(&self, anew: &RebuildStore, found: &[(GroupPath, Option<GroupId>)]) -> Option<Record> {
        let nothing = empty(&self.target.identity).ok()?;
        let former = match anew.remains() {
            ExistingState::Sound(ledger) => ledger,
            ExistingState::Nothing | ExistingState::Damaged(_) => &nothing,
        };
        let changes = protection(self.manifest, found, former);
        let mut protected = former.snapshot().protected.clone();
        if let Some(Record::Protect { protected: added, released }) = changes {
            protected.extend(added);
            for path in released {
                protected.remove(&path);
            }
        }
        let protected: Vec<GroupPath> = protected.into_iter().collect();
        (!protected.is_empty()).then_some(Record::Protect { protected, released: Vec::new() })
    }

    /// Asks before a sound state is replaced; returns whether a prompt was open.
    async fn confirm(&self, remains: &ExistingState) -> Result<bool, CommandError> {
        if self.arguments.yes || !matches!(remains, ExistingState::Sound(_)) {
            return Ok(false);
        }
        let terminal = self.context.terminal;
        let asking = tokio::task::spawn_blocking(move || {
            terminal.ask(tr!("\nReplace it? Only `yes` is taken: ", "\n要替换吗？输入 `yes` 才会替换："))
        });
        match asking.await.ok().flatten().as_deref() {
            Some("yes") => Ok(true),
            Some(_) => Err(CommandError::refused(localized!(
                "not confirmed; the state stays as it is",
                "未经确认；状态保持不变"
            ))),
            None => Err(CommandError::refused(localized!(
                "nobody is there to confirm; the state stays as it is",
                "无人确认；状态保持不变"
            ))
            .hint(localized!(
                "add --yes to replace a sound state without being asked",
                "加上 `--yes` 则不经询问替换完好的状态"
            ))),
        }
    }
}

/// Refuses a path with a file that is no state, not even a damaged one.
fn check_place(arguments: &ManifestArgs, path: &Path) -> Result<(), CommandError> {
    let place = fs::canonicalize(path).ok();
    let same = |input: &OsString| place.is_some() && fs::canonicalize(input).ok() == place;
    let bytes = fs::metadata(path).is_ok_and(|found| found.is_file()).then(|| fs::read(path).unwrap_or_default());
    if !arguments.manifest.iter().any(same) && (is_state_name(path) || bytes.is_none_or(|bytes| may_be_state(&bytes))) {
        return Ok(());
    }
    let file = path.display();
    Err(CommandError::input(localized!(
        "`{file}` is not a state of roomtree; nothing was replaced",
        "`{file}` 不是 roomtree 的状态文件；没有替换任何文件"
    ))
    .hint(localized!("name the state with --state, or move that file away", "用 `--state` 指定状态文件，或移走该文件")))
}

/// Returns whether a file may have been a state: a power failure can leave zeros, and git conflict markers.
fn may_be_state(bytes: &[u8]) -> bool {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace() && **byte != 0);
    first.is_none_or(|byte| *byte == b'{') || conflict_line(bytes).is_some()
}

/// Returns the groups of a sound former state that a list lacks.
fn missing<'a>(remains: &'a ExistingState, live: &'a Inventory) -> impl Iterator<Item = (&'a GroupPath, &'a GroupId)> {
    let former = match remains {
        ExistingState::Sound(former) => Some(former.snapshot().groups.iter()),
        ExistingState::Nothing | ExistingState::Damaged(_) => None,
    };
    former.into_iter().flatten().filter(|(_, id)| live.get(**id).is_none())
}

fn changed() -> CommandError {
    CommandError::refused(localized!(
        "DingTalk changed while the prompt was open; nothing was replaced",
        "在等待确认期间钉钉中发生了变化；没有替换任何文件"
    ))
    .hint(localized!("run the command again", "请重新运行命令"))
}

fn behind(path: &GroupPath, id: GroupId) -> CommandError {
    CommandError::refused(localized!(
        "the list lacks `{path}` ({id}), but DingTalk still has it; nothing was replaced",
        "列表中缺少 `{path}`（{id}），但钉钉中仍有它；没有替换任何文件"
    ))
    .hint(localized!("the list is behind: run again later", "列表滞后：请稍后重新运行"))
}

/// Returns the rows with their ids, if they exist, each under the name that it has now.
fn found(plan: &Plan) -> Vec<(GroupPath, Option<GroupId>)> {
    let mut places: Vec<GroupPath> = Vec::with_capacity(plan.rows.len());
    let mut found = Vec::new();
    for (_, row) in plan.rows() {
        let above = row.parent.map_or_else(GroupPath::top, |parent| places[parent.index()].clone());
        let name = if let Action::Rename { from, .. } = &row.decision { from } else { row.name.as_str() };
        let place = above.join(name);
        found.push((place.clone(), row.id()));
        places.push(place);
    }
    found
}
