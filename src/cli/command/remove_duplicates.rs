//! Removes duplicates that can be removed safely, under the lock of the state, after a confirmation.
//!
//! The locked state and a list determine them; another list follows the prompt and each suspension of the process. A list can be
//! stale, so both groups are read before each delete.

use std::collections::HashSet;
use std::path::Path;

use tokio::sync::watch;

use crate::apply::{ApiCall, Suspension};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::CommandError;
use crate::cli::run::connection::Target;
use crate::cli::run::execute::holder;
use crate::dingtalk::{self, Api, CallOutcome};
use crate::doctor::{Fate, RemovableDuplicate, Removal, sharing, spare};
use crate::group::GroupId;
use crate::i18n::Message;
use crate::inventory::Inventory;
use crate::render::doctor as drawing;
use crate::state::{Ledger, Record, Store};
use crate::{localized, tr};

/// How often a removal that DingTalk throttles is asked for.
const ATTEMPTS: usize = 3;

/// One removal of duplicates.
pub(crate) struct Removing<'a> {
    pub(crate) context: &'a Context,
    pub(crate) target: &'a Target,
    pub(crate) path: &'a Path,
    /// The groups that the manifest binds by their ids.
    pub(crate) bound: HashSet<GroupId>,
    /// The protection that the manifest declares.
    pub(crate) declared: Record,
    /// Whether somebody has to confirm.
    pub(crate) asks: bool,
    pub(crate) suspension: Suspension,
}

impl Removing<'_> {
    /// Offers the spare duplicates, removes what is confirmed, and lists once more.
    pub(crate) async fn run(&self) -> Result<Removal, CommandError> {
        // The store is the lock: it is held to the end, and nothing is written to it.
        let (_lock, mut ledger) = Store::open(self.path, self.target.identity.clone(), holder(self.context))?;
        if ledger.open().next().is_some() {
            return Err(CommandError::refused(localized!(
                "an interrupted run left calls whose outcome is not known; no duplicate was removed",
                "中断的运行留下了结果未知的调用；没有删除任何重名分组"
            ))
            .hint(localized!(
                "run `roomtree apply` first: it finds out, and removes duplicates of its own making",
                "请先运行 `roomtree apply`：它会查证，并删除自己造成的重名分组"
            )));
        }
        // Paths of a manifest are never empty, so the ledger accepts them.
        let _ = ledger.apply(&self.declared);
        let live = self.list().await?;
        let spare = self.confirmed(&ledger, &live).await?;
        if spare.is_empty() {
            return Ok(Removal { duplicates_left: sharing(&live), ..Removal::default() });
        }
        let groups = self.remove_all(spare, &ledger).await;
        Ok(self.verified(groups).await)
    }

    /// Returns the duplicates that may go, which somebody has confirmed.
    async fn confirmed(&self, ledger: &Ledger, live: &Inventory) -> Result<Vec<RemovableDuplicate>, CommandError> {
        let offered = spare(live, ledger, &self.bound);
        if offered.is_empty() {
            return Ok(offered);
        }
        self.context.terminal.note(&drawing::offer(&offered));
        if !self.asks {
            return Ok(offered);
        }
        self.ask().await?;
        let still = spare(&self.list().await?, ledger, &self.bound);
        Ok(offered.into_iter().filter(|spare| still.contains(spare)).collect())
    }

    /// Lists the groups. The list shows the changes during a suspension.
    async fn list(&self) -> Result<Inventory, dingtalk::ApiError> {
        self.suspension.acknowledge();
        self.target.client.list().await
    }

    async fn ask(&self) -> Result<(), CommandError> {
        let terminal = self.context.terminal;
        let asking = tokio::task::spawn_blocking(move || {
            terminal.ask(tr!("\nRemove them? Only `yes` is taken: ", "\n要删除吗？输入 `yes` 才会删除："))
        });
        match asking.await.ok().flatten().as_deref() {
            Some("yes") => Ok(()),
            Some(_) => Err(CommandError::refused(localized!(
                "not confirmed; nothing was removed",
                "未经确认；没有删除任何分组"
            ))),
            None => Err(CommandError::refused(localized!(
                "nobody is there to confirm; nothing was removed",
                "无人确认；没有删除任何分组"
            ))
            .hint(localized!("add --yes to remove them without being asked", "加上 `--yes` 则不经询问直接删除"))),
        }
    }

    async fn remove_all(&self, spare: Vec<RemovableDuplicate>, ledger: &Ledger) -> Vec<(RemovableDuplicate, Fate)> {
        let mut groups = Vec::with_capacity(spare.len());
        let mut stopped = None;
        for spare in spare {
            let fate = match &stopped {
                None => self.remove(&spare, ledger).await.unwrap_or_else(|failure| {
                    // Without a list, the changes during a suspension are unknown.
                    let ends_run = failure.ends_run() || failure.api == Api::List;
                    stopped = ends_run.then(|| Message::shown(&failure));
                    fate_of(&failure)
                }),
                Some(why) => Fate::Kept {
                    why: localized!(
                        "not tried, since no call would succeed: {why}",
                        "没有尝试，因为调用都会失败：{why}"
                    ),
                },
            };
            groups.push((spare, fate));
        }
        groups
    }

    /// Removes one group, unless it or the one that stays has changed.
    async fn remove(&self, spare: &RemovableDuplicate, ledger: &Ledger) -> Result<Fate, dingtalk::ApiError> {
        let mut throttled = None;
        for _ in 0..ATTEMPTS {
            if let Some(why) = self.change(spare, ledger).await? {
                return Ok(Fate::Kept { why });
            }
            match self.delete(spare.id).await {
                None => {}
                Some(CallOutcome::Throttled(failure)) => throttled = Some(failure),
                Some(outcome) => return settled(outcome),
            }
        }
        throttled.map_or_else(|| Ok(Fate::Kept { why: suspended() }), Err)
    }

    /// Returns the reason why a group must not be removed any more.
    async fn change(&self, spare: &RemovableDuplicate, ledger: &Ledger) -> Result<Option<Message>, dingtalk::ApiError> {
        if self.suspension.check() && !self::spare(&self.list().await?, ledger, &self.bound).contains(spare) {
            return Ok(Some(localized!(
                "it can no longer be removed safely: DingTalk changed while roomtree was suspended",
                "它已不能安全删除：roomtree 暂停期间钉钉中发生了变化"
            )));
        }
        if !self.is_unchanged(spare.keeper, spare).await? {
            return Ok(Some(localized!(
                "the recorded group {} was renamed or moved meanwhile",
                "已记录的分组 {} 其间被改名或移动",
                spare.keeper
            )));
        }
        let is_unchanged = self.is_unchanged(spare.id, spare).await?;
        Ok((!is_unchanged).then(|| localized!("it was renamed or moved meanwhile", "它其间被改名或移动")))
    }

    /// Reads a group and compares its name and parent.
    async fn is_unchanged(&self, id: GroupId, spare: &RemovableDuplicate) -> Result<bool, dingtalk::ApiError> {
        let group = self.target.client.read(id).await?;
        Ok(group.name == spare.name && group.parent == spare.parent)
    }

    /// Deletes a group; `None` if the process was suspended before the call was sent.
    async fn delete(&self, id: GroupId) -> Option<CallOutcome<GroupId>> {
        let permit = self.target.client.permit(Api::Delete).await;
        let (_goes_on, ends) = watch::channel(false);
        ApiCall::Delete { id }.carry_out(&self.target.client, permit, ends, &self.suspension).await
    }

    async fn verified(&self, groups: Vec<(RemovableDuplicate, Fate)>) -> Removal {
        let mut removal = Removal { groups, ..Removal::default() };
        match self.target.client.list().await {
            Ok(live) => {
                removal.verify(|id| live.get(id).is_some());
                removal.duplicates_left = sharing(&live);
            }
            Err(failure) => removal.unverified = Some(Message::shown(&failure)),
        }
        removal
    }

    /// Returns the exit code if not all that was offered is gone.
    pub(crate) fn exit(&self, removal: &Removal) -> Option<Exit> {
        let is_unknown = |(_, fate): &(RemovableDuplicate, Fate)| matches!(fate, Fate::Unknown { .. });
        let may_have_changed = removal.removed().next().is_some() || removal.groups.iter().any(is_unknown);
        match (removal.is_complete(), may_have_changed) {
            (true, _) => None,
            (false, true) => Some(Exit::Partial),
            (false, false) => Some(Exit::Unavailable),
        }
    }
}

fn suspended() -> Message {
    localized!("the process was suspended before each attempt; run again", "每次尝试之前进程都被暂停；请重新运行")
}

fn settled(outcome: CallOutcome<GroupId>) -> Result<Fate, dingtalk::ApiError> {
    match outcome {
        CallOutcome::Done(_) => Ok(Fate::Removed),
        CallOutcome::Unknown(failure) if !failure.ends_run() => Ok(Fate::Unknown { why: Message::shown(&failure) }),
        CallOutcome::Rejected(failure)
        | CallOutcome::Throttled(failure)
        | CallOutcome::Unreachable(failure)
        | CallOutcome::Unknown(failure) => Err(failure),
    }
}

fn fate_of(failure: &dingtalk::ApiError) -> Fate {
    let why = match failure.api {
        Api::Delete => localized!(
            "{failure}. DingTalk refuses to delete groups that hold rooms or groups.",
            "{failure}。钉钉不允许删除含有会议室或下级分组的分组。"
        ),
        _ => localized!("{failure}.", "{failure}。"),
    };
    Fate::Kept { why }
}
