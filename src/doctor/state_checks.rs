//! Whether what is remembered can be used, and whether it is still so.

use crate::doctor::facts::{Facts, Memory};
use crate::doctor::finding::{Check, CheckResult, Detail, Opened, Reason};
use crate::doctor::format::{not_listed, sentence};
use crate::group::{GroupId, GroupPath};
use crate::i18n::{Message, cause, count};
use crate::inventory::Inventory;
use crate::localized;
use crate::plan::RecordMatch;
use crate::state::{Change, Ledger, StateError, StateErrorKind};

/// Whether the state can be read, belongs here, and is at rest.
pub(crate) fn state(facts: &Facts<'_>) -> CheckResult {
    match &facts.memory {
        Memory::NotNamed => CheckResult::skipped(
            Check::State,
            localized!("Neither a manifest nor --state was given.", "既没有给出清单，也没有给出 `--state`。"),
        ),
        Memory::Empty => CheckResult::ok(
            Check::State,
            localized!("There is none yet; the first apply makes it.", "还没有状态文件；第一次执行时会创建。"),
        ),
        Memory::Unusable(error) => unusable(error),
        Memory::Known { run: Some(run), .. } => busy(run),
        Memory::Known { ledger, run: None } => at_rest(ledger),
    }
}

fn unusable(error: &StateError) -> CheckResult {
    let reason = match error.kind() {
        StateErrorKind::Refused => Reason::Refused,
        StateErrorKind::Input | StateErrorKind::Disk => Reason::Input,
    };
    let message = match std::error::Error::source(error).map(cause) {
        Some(cause) => localized!("{error}: {cause}", "{error}：{cause}"),
        None => Message::shown(error),
    };
    CheckResult::failed(Check::State, reason, sentence(&message), sentence(&Message::of(|| error.remedy())))
}

fn busy(run: &StateError) -> CheckResult {
    let told = sentence(&Message::shown(run));
    let detail = localized!(
        "{told} What it has just done may show below as drift or duplicates.",
        "{told}它刚做的改动可能会在下面显示为漂移或重名分组。"
    );
    CheckResult::warning(Check::State, detail, sentence(&Message::of(|| run.remedy())))
}

fn at_rest(ledger: &Ledger) -> CheckResult {
    let open: Vec<Detail> = ledger.open().map(|(_, change)| left_open(change)).collect();
    if open.is_empty() {
        let groups = count(ledger.snapshot().groups.len(), "group", "个分组");
        let detail = localized!("{groups} recorded; no call is open.", "记录了 {groups}；没有结果未知的调用。");
        return CheckResult::ok(Check::State, detail);
    }
    let calls = count(open.len(), "call", "次调用");
    let detail = localized!(
        "An interrupted run left {calls} whose outcome is not known.",
        "上次运行中断，留下 {calls}结果未知。"
    );
    let remedy = localized!(
        "Run `roomtree apply`: it finds out first, and makes nothing twice.",
        "运行 `roomtree apply`：它会先查证结果，不会重复创建。"
    );
    CheckResult::warning(Check::State, detail, remedy).because(open)
}

fn left_open(change: &Change) -> Detail {
    match change {
        Change::Create { path, .. } | Change::Stray { path, .. } => {
            Detail::Open { change: Opened::Create, path: path.clone() }
        }
        Change::Rename { to, .. } => Detail::Open { change: Opened::Rename, path: to.clone() },
        Change::Delete { path, .. } => Detail::Open { change: Opened::Delete, path: path.clone() },
    }
}

/// Whether live still has the recorded groups, where and as they are recorded.
pub(crate) fn drift(facts: &Facts<'_>) -> CheckResult {
    let Some(live) = facts.live() else { return CheckResult::skipped(Check::Drift, not_listed()) };
    if facts.root != GroupId::ROOT && live.get(facts.root).is_none() {
        return rootless(facts.root);
    }
    let Some(ledger) = facts.ledger() else {
        return CheckResult::ok(Check::Drift, localized!("Nothing is recorded yet.", "还没有任何记录。"));
    };
    let drifted = drifted(ledger, live);
    match drifted.len() {
        0 => CheckResult::ok(
            Check::Drift,
            localized!("Every recorded group is where it is recorded.", "记录的分组都在原处，名称也没有变。"),
        ),
        _ => summed_up(ledger, drifted),
    }
}

fn rootless(root: GroupId) -> CheckResult {
    CheckResult::failed(
        Check::Drift,
        Reason::Refused,
        localized!(
            "The group to build under, `root: {root}`, is not in DingTalk.",
            "作为根的分组 `root: {root}` 在钉钉中不存在。"
        ),
        localized!(
            "Correct `root` in the manifest, or use the credentials of the organization that has this group.",
            "改正清单中的 `root`，或使用该分组所在企业的凭证。"
        ),
    )
}

fn summed_up(ledger: &Ledger, drifted: Vec<Detail>) -> CheckResult {
    let number = |is_meant: fn(&Detail) -> bool| drifted.iter().filter(|evidence| is_meant(evidence)).count();
    let gone = number(|evidence| matches!(evidence, Detail::Gone { .. }));
    let moved = number(|evidence| matches!(evidence, Detail::Moved { .. }));
    let renamed = number(|evidence| matches!(evidence, Detail::Renamed { .. }));
    let recorded = count(ledger.snapshot().groups.len(), "recorded group", "个已记录的分组");
    let detail = localized!(
        "Of {recorded}, {gone} gone, {renamed} renamed, {moved} moved in DingTalk.",
        "{recorded}中，{gone} 个已不在钉钉中，{renamed} 个被改名，{moved} 个被移动。"
    );
    let finding = if gone == ledger.snapshot().groups.len() {
        CheckResult::failed(Check::Drift, Reason::Refused, detail, all_gone())
    } else if moved > 0 {
        CheckResult::failed(Check::Drift, Reason::Refused, detail, put_back())
    } else {
        CheckResult::warning(Check::Drift, detail, see_plan())
    };
    finding.because(drifted)
}

fn all_gone() -> Message {
    localized!(
        "Check that credentials and state are of one organization. If every group was really deleted, move the state file \
         away: the next `apply` creates all of them again.",
        "确认凭证与状态文件属于同一个企业。如果分组确实都被删除了，请移走状态文件，下次执行会全部重新创建。"
    )
}

fn put_back() -> Message {
    localized!(
        "DingTalk's API cannot move groups, and `apply` refuses until this is resolved: move the group back in the admin console \
         (oa.dingtalk.com), or write it under its present parent in the manifest.",
        "钉钉的接口不能移动分组，解决之前 `apply` 会拒绝执行：请在钉钉管理后台（oa.dingtalk.com）移回原处，或在清单中写到现在的上级之下。"
    )
}

fn see_plan() -> Message {
    localized!(
        "Run `roomtree plan` to see the effect: groups that no longer exist are created again; a renamed group is a conflict \
         unless `was` or `id` in the manifest identifies it.",
        "用 `roomtree plan` 查看结果：已不存在的分组会重新创建；改了名的分组会报告冲突，除非清单用 `was` 或 `id` 指明了它。"
    )
}

fn drifted(ledger: &Ledger, live: &Inventory) -> Vec<Detail> {
    ledger.snapshot().groups.iter().filter_map(|(path, id)| drift_of(ledger, live, path, *id)).collect()
}

fn drift_of(ledger: &Ledger, live: &Inventory, path: &GroupPath, id: GroupId) -> Option<Detail> {
    let path = path.clone();
    match RecordMatch::of(id, ledger, live) {
        RecordMatch::Same => None,
        RecordMatch::Renamed => {
            let name = live.get(id).map(|group| group.name.clone()).unwrap_or_default();
            Some(Detail::Renamed { path, id, name })
        }
        RecordMatch::Moved => Some(Detail::Moved { path, id, stands: live.path(id) }),
        RecordMatch::Missing => Some(Detail::Gone { path, id }),
    }
}
