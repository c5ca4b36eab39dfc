//! Groups outside the tree of a plan: possible renames, deletions, retained, unsettled, duplicates, unmanaged.
//!
//! Duplicates have a section of their own: many strangers must not hide them.

use crate::dingtalk::Administrator;
use crate::group::{GroupId, GroupPath};
use crate::i18n::count;
use crate::manifest::scalar;
use crate::plan::{
    Action, Deletion, Holds, LostAdministrators, Plan, PossibleRename, Relocation, Retained, RowId, Unmanaged,
};
use crate::render::plan::action::ActionKind;
use crate::render::plan::conflict;
use crate::render::style::{Grouped, shown};
use crate::tr;

/// How many administrators of one group are named before the rest is counted.
const MOST_ADMINISTRATORS: usize = 10;

/// A kind of group that stands beside the tree, in the order in which they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Renames,
    Deletions,
    Retained,
    Protected,
    Protections,
    Releases,
    Administrators,
    Unsettled,
    Duplicates,
    Unmanaged,
    StaleNames,
}

impl Kind {
    /// Returns what stands for it where there is no room for words.
    pub(crate) const fn sign(self) -> char {
        match self {
            Self::Deletions => '-',
            Self::Renames => '~',
            Self::Unsettled => '?',
            Self::Duplicates => '2',
            Self::Protections => '*',
            Self::Releases => '/',
            Self::Administrators => '@',
            Self::Retained | Self::Protected | Self::Unmanaged | Self::StaleNames => '·',
        }
    }

    /// Returns a word or two for a heading.
    fn title(self) -> &'static str {
        match self {
            Self::Deletions => tr!("To delete", "待删除"),
            Self::Renames => tr!("Possible renames", "可能是改名"),
            Self::Retained => tr!("Not in the manifest (kept)", "不在清单中（已保留）"),
            Self::Protected => tr!("Protected", "受保护"),
            Self::Protections => tr!("Protect", "设为受保护"),
            Self::Releases => tr!("Unprotect", "取消保护"),
            Self::Administrators => tr!("Administrators", "分组管理员"),
            Self::Unsettled => tr!("Unsettled", "待查证"),
            Self::Duplicates => tr!("Duplicates", "重名分组"),
            Self::Unmanaged => tr!("Unmanaged", "未纳管"),
            Self::StaleNames => tr!("Former names", "曾用名"),
        }
    }

    /// Returns the action in whose colors the entries are drawn.
    pub(crate) fn action(self) -> ActionKind {
        match self {
            Self::Renames => ActionKind::Rename,
            Self::Deletions => ActionKind::Delete,
            Self::Retained
            | Self::Protected
            | Self::Protections
            | Self::Releases
            | Self::Administrators
            | Self::Unsettled
            | Self::Duplicates
            | Self::Unmanaged
            | Self::StaleNames => ActionKind::Keep,
        }
    }

    /// Returns whether the entries matter for the decision to apply, so that they are shown as far as there is room.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Renames | Self::Deletions)
    }

    fn explanation(self) -> &'static str {
        match self {
            Self::Renames => tr!(
                "without `was` a new group is created, and the existing one does not keep its place",
                "没有 `was` 就会创建新分组，而不会沿用已有的分组"
            ),
            Self::Deletions => tr!("recorded, but no longer in the manifest", "已记录，但清单中已没有"),
            Self::Retained => tr!(
                "recorded; deleted only with `--prune`, and never while protected",
                "已记录；只有加上 `--prune` 才会删除，受保护时从不删除"
            ),
            Self::Protected => tr!(
                "recorded and not deleted; `protect: false` in the manifest or `roomtree state forget` ends the protection",
                "已记录，不会删除；在清单中写明 `protect: false`，或运行 `roomtree state forget`，可结束保护"
            ),
            Self::Protections => tr!("recorded in the state; DingTalk is not called", "记录到状态中；不调用钉钉"),
            Self::Releases => tr!("removed from the state; DingTalk is not called", "从状态中移除；不调用钉钉"),
            Self::Administrators => tr!(
                "lost when a group is created again, since no API call sets them; set them again in DingTalk's admin console",
                "重新创建分组后会丢失，且没有接口可以设置；请在钉钉管理后台重新设置"
            ),
            Self::Unsettled => tr!(
                "an interrupted run may have made these; apply finds out first",
                "中断的运行可能已创建这些分组；执行时会先查证"
            ),
            Self::Duplicates => tr!(
                "a second group of the same name; delete the unused one in DingTalk",
                "另有同名分组；请在钉钉中删除没有人使用的那个"
            ),
            Self::Unmanaged => tr!("in DingTalk alone; never touched", "只存在于钉钉；从不改动"),
            Self::StaleNames => tr!("`was` has no effect", "`was` 不起作用"),
        }
    }

    /// Returns the explanation for a plan that deletes all recorded groups, whatever the manifest has.
    fn explanation_of_destroy(self) -> &'static str {
        match self {
            Self::Deletions => tr!("all groups that the state records", "状态中记录的所有分组"),
            Self::Retained => tr!("recorded and protected, or above a protected group", "已记录，本身或下级受保护"),
            Self::Unmanaged => tr!("not recorded in the state; never touched", "状态中没有记录；从不改动"),
            kind => kind.explanation(),
        }
    }
}

/// All groups of one kind that stand beside the tree.
#[derive(Debug)]
pub(crate) struct Section<'a> {
    pub(crate) kind: Kind,
    pub(crate) entries: Vec<Entry<'a>>,
    destroys: bool,
}

impl Section<'_> {
    /// Returns a word or two for a heading.
    pub(crate) fn title(&self) -> &'static str {
        match (self.destroys, self.kind) {
            (true, Kind::Retained) => tr!("Protected (kept)", "受保护（已保留）"),
            (_, kind) => kind.title(),
        }
    }

    /// Explains the entries.
    pub(crate) fn explanation(&self) -> &'static str {
        if self.destroys { self.kind.explanation_of_destroy() } else { self.kind.explanation() }
    }

    /// Returns title and explanation in one.
    pub(crate) fn heading(&self) -> String {
        tr!(format: "{}: {}", "{}：{}", self.title(), self.explanation())
    }
}

/// A group that stands beside the tree.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry<'a> {
    Rename(&'a PossibleRename),
    Deletion(&'a Deletion),
    Retained(&'a Retained),
    Unmanaged(&'a Unmanaged),
    Administrators(&'a LostAdministrators),
    /// A row whose `was` has no effect.
    StaleName(&'a Plan, RowId),
    /// Nothing but a path is known, or worth telling.
    Path(&'a GroupPath),
    /// A row of the plan.
    Row(&'a Plan, RowId),
}

/// What is said of a group beside the tree, fit to be shown.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) path: String,
    pub(crate) id: Option<GroupId>,
    pub(crate) remark: Option<String>,
    /// What stands against it, or is to be looked at.
    pub(crate) alarm: Option<String>,
}

/// Returns what stands beside the tree; kinds of which there are none are left out.
pub(crate) fn sections(plan: &Plan) -> Vec<Section<'_>> {
    let (duplicates, strangers): (Vec<&Unmanaged>, Vec<_>) =
        plan.unmanaged.iter().partition(|group| group.duplicate_of.is_some());
    let (protected, retained): (Vec<&Retained>, Vec<_>) =
        plan.retained.iter().partition(|group| group.protected_by.is_some());
    let all = [
        (Kind::Renames, plan.possible_renames.iter().map(Entry::Rename).collect()),
        (Kind::Deletions, plan.deletions.iter().map(Entry::Deletion).collect()),
        (Kind::Retained, retained.into_iter().map(Entry::Retained).collect()),
        (Kind::Protected, protected.into_iter().map(Entry::Retained).collect()),
        (Kind::Protections, plan.protections.iter().map(|row| Entry::Row(plan, *row)).collect()),
        (Kind::Releases, plan.releases.iter().map(Entry::Path).collect()),
        (Kind::Administrators, administrators(plan)),
        (Kind::Unsettled, plan.unsettled.iter().map(Entry::Path).collect()),
        (Kind::Duplicates, duplicates.into_iter().map(Entry::Unmanaged).collect()),
        (Kind::Unmanaged, strangers.into_iter().map(Entry::Unmanaged).collect()),
        (Kind::StaleNames, plan.stale_was.iter().map(|row| Entry::StaleName(plan, *row)).collect()),
    ];
    let sections =
        all.into_iter().map(|(kind, entries): (_, Vec<_>)| Section { kind, entries, destroys: plan.destroys });
    sections.filter(|section| !section.entries.is_empty()).collect()
}

impl Entry<'_> {
    pub(crate) fn item(self) -> Item {
        match self {
            Self::Deletion(group) => deletion(group),
            Self::Rename(found) => Item { alarm: Some(rename(found)), ..bare(&found.path) },
            Self::Retained(group) => retained(group),
            Self::StaleName(plan, row) => {
                Item { remark: Some(unused(&plan.row(row).decision)), ..bare(&plan.path(row)) }
            }
            Self::Unmanaged(group) => Item {
                id: Some(group.id),
                alarm: group.duplicate_of.map(|ours| tr!(format: "duplicate of {ours}", "与 {ours} 重名")),
                ..bare(&group.path)
            },
            Self::Administrators(group) => Item {
                id: Some(group.former),
                remark: Some(group.administrators.as_ref().map_or_else(unknown, |members| names(members))),
                ..bare(&group.path)
            },
            Self::Path(path) => bare(path),
            Self::Row(plan, row) => bare(&plan.path(row)),
        }
    }
}

fn bare(path: &GroupPath) -> Item {
    Item { path: shown(path.as_str()).into_owned(), id: None, remark: None, alarm: None }
}

/// Leaves out the groups that have no administrator to lose.
fn administrators(plan: &Plan) -> Vec<Entry<'_>> {
    let loses = |group: &&LostAdministrators| group.administrators.as_ref().is_none_or(|members| !members.is_empty());
    plan.administrators.iter().filter(loses).map(Entry::Administrators).collect()
}

fn unknown() -> String {
    tr!("not known: DingTalk does not return them", "未知：钉钉没有返回").to_owned()
}

/// Names the first few administrators with their ids, and counts the rest.
fn names(members: &[Administrator]) -> String {
    let name = |member: &Administrator| match member.name.as_str() {
        "" => shown(&member.id).into_owned(),
        name => tr!(format: "{} ({})", "{}（{}）", shown(name), shown(&member.id)),
    };
    let named: Vec<String> = members.iter().take(MOST_ADMINISTRATORS).map(name).collect();
    let named = named.join(tr!(", ", "、"));
    match members.len().saturating_sub(MOST_ADMINISTRATORS) {
        0 => named,
        more => tr!(format: "{named} and {more} more", "{named}，另有 {more} 人"),
    }
}

fn retained(group: &Retained) -> Item {
    let gone = (group.lives == Some(false)).then(|| tr!("gone from DingTalk", "钉钉中已没有").to_owned());
    let below = group.protected_by.as_ref().filter(|path| **path != group.path).map(|path| shown(path.as_str()));
    let below = below.map(|path| tr!(format: "contains the protected {path}", "其下有受保护的 {path}"));
    let remark = gone.into_iter().chain(below).collect::<Vec<_>>().join(tr!(", ", "，"));
    let alarm = group.moved.as_ref().map(moved);
    Item { id: Some(group.id), remark: Some(remark).filter(|remark| !remark.is_empty()), alarm, ..bare(&group.path) }
}

fn deletion(group: &Deletion) -> Item {
    let gone = tr!("gone from DingTalk already: only the record goes", "钉钉中已没有：只移除记录");
    let alarm = group.holds.map(|Holds { groups, rooms }| {
        let groups = count(Grouped(groups), "group", "个分组");
        let rooms = count(Grouped(rooms), "room", "间会议室");
        tr!(format: "holds {groups} that stay and {rooms}", "其中有 {groups}保留，另有 {rooms}")
    });
    let alarm = group.conflict.as_ref().map(conflict::sentence).or(alarm);
    let alarm = [group.moved.as_ref().map(moved), alarm].into_iter().flatten().reduce(|a, b| format!("{a}  {b}"));
    Item { id: Some(group.id), remark: group.gone.then(|| gone.to_owned()), alarm, ..bare(&group.path) }
}

/// Describes a group that the manifest has elsewhere. Whether the former one is kept or deleted is not said here.
fn moved(moved: &Relocation) -> String {
    let (to, groups) = (shown(moved.to.as_str()), count(Grouped(moved.groups), "group", "个分组"));
    tr!(
        format: "now at {to} in the manifest: DingTalk cannot move groups, so a new one is created there ({groups})",
        "在清单中位于 {to}：钉钉不能移动分组，将在那里重新创建（{groups}）"
    )
}

/// Suggests a `was`.
fn rename(found: &PossibleRename) -> String {
    let PossibleRename { path, was, matching, children, .. } = found;
    let name = path.name().unwrap_or_default();
    let value = scalar(was).unwrap_or_else(|| was.clone());
    let (name, was, value) = (shown(&name), shown(was), shown(&value));
    match children {
        0 => tr!(
            format: "`{name}` looks like `{was}` renamed (similar names); add `was: {value}`",
            "`{name}` 像是 `{was}` 改名而来（名称相似）；请加上 `was: {value}`"
        ),
        _ => tr!(
            format: "`{name}` looks like `{was}` renamed ({matching} of {children} children match); add `was: {value}`",
            "`{name}` 像是 `{was}` 改名而来（{children} 个下级分组中有 {matching} 个相同）；请加上 `was: {value}`"
        ),
    }
}

/// Says why a `was` has no effect.
fn unused(decision: &Action) -> String {
    let reason = match decision {
        Action::Create { .. } => {
            tr!("no group has a former name of it, so a new one is created", "没有分组使用它的曾用名，因此会创建新分组")
        }
        _ => tr!("the group has its name already", "分组已使用现在的名称"),
    };
    reason.to_owned()
}
