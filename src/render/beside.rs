//! What stands beside the tree of a plan: groups that go, that moved, that are forgotten, unsettled, twins, or nobody's.
//!
//! Twins have a section of their own: many strangers must not hide them.

use crate::dingtalk::Administrator;
use crate::group::{GroupId, GroupPath};
use crate::language::count;
use crate::plan::{Deletion, Forgotten, Holds, LostAdministrators, Plan, Relocation, RowId, Unmanaged};
use crate::render::conflict;
use crate::render::style::{Grouped, shown};
use crate::say;

/// How many administrators of one group are named before the rest is counted.
const MOST_ADMINISTRATORS: usize = 10;

/// A kind of group that stands beside the tree, in the order in which they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Deletions,
    Relocations,
    Forgotten,
    Protected,
    Protections,
    Releases,
    Administrators,
    Unsettled,
    Twins,
    Unmanaged,
    StaleNames,
}

impl Kind {
    /// Returns what stands for it where there is no room for words.
    pub(crate) const fn sign(self) -> char {
        match self {
            Self::Deletions => '-',
            Self::Relocations => '>',
            Self::Unsettled => '?',
            Self::Twins => '2',
            Self::Protections => '*',
            Self::Releases => '/',
            Self::Administrators => '@',
            Self::Forgotten | Self::Protected | Self::Unmanaged | Self::StaleNames => '·',
        }
    }

    /// Returns a word or two for a heading.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Deletions => say!("To delete", "待删除"),
            Self::Relocations => say!("Moved", "移动"),
            Self::Forgotten => say!("Forgotten", "遗留"),
            Self::Protected => say!("Protected", "受保护"),
            Self::Protections => say!("Protect", "设为受保护"),
            Self::Releases => say!("Unprotect", "取消保护"),
            Self::Administrators => say!("Administrators", "分组管理员"),
            Self::Unsettled => say!("Unsettled", "待查证"),
            Self::Twins => say!("Twins", "重名分组"),
            Self::Unmanaged => say!("Unmanaged", "未纳管"),
            Self::StaleNames => say!("Former names", "曾用名"),
        }
    }

    /// Says what that is.
    pub(crate) fn explanation(self) -> &'static str {
        match self {
            Self::Deletions => say!("recorded, but no longer in the manifest", "已记录，但清单中已没有"),
            Self::Relocations => say!(
                "DingTalk cannot move groups, so they are made anew, with new ids",
                "钉钉不能移动分组，只能重新创建，ID 会变"
            ),
            Self::Forgotten => {
                say!("recorded, but no longer in the manifest; kept", "已记录，但清单中已没有；保留不动")
            }
            Self::Protected => say!(
                "recorded and not deleted; `protect: false` in the manifest or `roomtree state forget` ends the protection",
                "已记录，不会删除；在清单中写明 `protect: false`，或运行 `roomtree state forget`，可结束保护"
            ),
            Self::Protections => say!("recorded in the state; DingTalk is not called", "记录到状态中；不调用钉钉"),
            Self::Releases => say!("removed from the state; DingTalk is not called", "从状态中移除；不调用钉钉"),
            Self::Administrators => say!(
                "lost when a group is created again, since no API call sets them; set them again in DingTalk's admin console",
                "重新创建分组后会丢失，且没有接口可以设置；请在钉钉管理后台重新设置"
            ),
            Self::Unsettled => say!(
                "an interrupted run may have made these; apply finds out first",
                "中断的运行可能已创建这些分组；执行时会先查证"
            ),
            Self::Twins => say!(
                "a second group of the same name; delete in DingTalk the one that nobody uses",
                "另有同名分组；请在钉钉中删除没有人使用的那个"
            ),
            Self::Unmanaged => say!("in DingTalk alone; never touched", "只存在于钉钉；从不改动"),
            Self::StaleNames => say!("`was` matches nothing any more", "`was` 已不匹配任何分组"),
        }
    }

    /// Returns title and explanation in one.
    pub(crate) fn heading(self) -> String {
        say!(format: "{}: {}", "{}：{}", self.title(), self.explanation())
    }
}

/// All groups of one kind that stand beside the tree.
#[derive(Debug)]
pub(crate) struct Section<'a> {
    pub(crate) kind: Kind,
    pub(crate) entries: Vec<Entry<'a>>,
}

/// A group that stands beside the tree.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry<'a> {
    Deletion(&'a Deletion),
    Relocation(&'a Relocation),
    Forgotten(&'a Forgotten),
    Unmanaged(&'a Unmanaged),
    Administrators(&'a LostAdministrators),
    /// Nothing but a path is known, or worth telling.
    Path(&'a GroupPath),
    /// A row of the plan.
    Row(&'a Plan, RowId),
}

/// What is said of a group beside the tree, fit to be shown.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) path: String,
    /// Where it would stand, if that is another path.
    pub(crate) to: Option<String>,
    pub(crate) id: Option<GroupId>,
    pub(crate) remark: Option<String>,
    /// What stands against it, or is to be looked at.
    pub(crate) alarm: Option<String>,
}

/// Returns what stands beside the tree; kinds of which there are none are left out.
pub(crate) fn sections(plan: &Plan) -> Vec<Section<'_>> {
    let (twins, strangers): (Vec<&Unmanaged>, Vec<_>) =
        plan.unmanaged.iter().partition(|group| group.twin_of.is_some());
    let (protected, forgotten): (Vec<&Forgotten>, Vec<_>) =
        plan.forgotten.iter().partition(|group| group.protected_by.is_some());
    let all = [
        (Kind::Deletions, plan.deletions.iter().map(Entry::Deletion).collect()),
        (Kind::Relocations, plan.relocations.iter().map(Entry::Relocation).collect()),
        (Kind::Forgotten, forgotten.into_iter().map(Entry::Forgotten).collect()),
        (Kind::Protected, protected.into_iter().map(Entry::Forgotten).collect()),
        (Kind::Protections, plan.protections.iter().map(|row| Entry::Row(plan, *row)).collect()),
        (Kind::Releases, plan.releases.iter().map(Entry::Path).collect()),
        (Kind::Administrators, administrators(plan)),
        (Kind::Unsettled, plan.unsettled.iter().map(Entry::Path).collect()),
        (Kind::Twins, twins.into_iter().map(Entry::Unmanaged).collect()),
        (Kind::Unmanaged, strangers.into_iter().map(Entry::Unmanaged).collect()),
        (Kind::StaleNames, plan.stale_was.iter().map(Entry::Path).collect()),
    ];
    let sections = all.into_iter().map(|(kind, entries): (_, Vec<_>)| Section { kind, entries });
    sections.filter(|section| !section.entries.is_empty()).collect()
}

impl Entry<'_> {
    pub(crate) fn item(self) -> Item {
        match self {
            Self::Deletion(group) => deletion(group),
            Self::Relocation(group) => relocation(group),
            Self::Forgotten(group) => forgotten(group),
            Self::Unmanaged(group) => Item {
                id: Some(group.id),
                alarm: group.twin_of.map(|ours| say!(format: "twin of {ours}", "与 {ours} 重名")),
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
    Item { path: shown(path.as_str()).into_owned(), to: None, id: None, remark: None, alarm: None }
}

/// Leaves out the groups that have no administrator to lose.
fn administrators(plan: &Plan) -> Vec<Entry<'_>> {
    let loses = |group: &&LostAdministrators| group.administrators.as_ref().is_none_or(|members| !members.is_empty());
    plan.administrators.iter().filter(loses).map(Entry::Administrators).collect()
}

fn unknown() -> String {
    say!("not known: DingTalk does not return them", "未知：钉钉没有返回").to_owned()
}

/// Names the first few administrators with their ids, and counts the rest.
fn names(members: &[Administrator]) -> String {
    let name = |member: &Administrator| match member.name.as_str() {
        "" => shown(&member.id).into_owned(),
        name => say!(format: "{} ({})", "{}（{}）", shown(name), shown(&member.id)),
    };
    let named: Vec<String> = members.iter().take(MOST_ADMINISTRATORS).map(name).collect();
    let named = named.join(say!(", ", "、"));
    match members.len().saturating_sub(MOST_ADMINISTRATORS) {
        0 => named,
        more => say!(format: "{named} and {more} more", "{named}，另有 {more} 人"),
    }
}

fn forgotten(group: &Forgotten) -> Item {
    let gone = (group.lives == Some(false)).then(|| say!("gone from DingTalk", "钉钉中已没有").to_owned());
    let below = group.protected_by.as_ref().filter(|path| **path != group.path).map(|path| shown(path.as_str()));
    let below = below.map(|path| say!(format: "contains the protected {path}", "其下有受保护的 {path}"));
    let remark = gone.into_iter().chain(below).collect::<Vec<_>>().join(say!(", ", "，"));
    Item { id: Some(group.id), remark: Some(remark).filter(|remark| !remark.is_empty()), ..bare(&group.path) }
}

fn deletion(group: &Deletion) -> Item {
    let gone = say!("gone from DingTalk already: only the record goes", "钉钉中已没有：只移除记录");
    let alarm = group.holds.map(|Holds { groups, rooms }| {
        let groups = count(Grouped(groups), "group", "个分组");
        let rooms = count(Grouped(rooms), "room", "间会议室");
        say!(format: "holds {groups} that stay and {rooms}", "其中有 {groups}保留，另有 {rooms}")
    });
    let alarm = group.conflict.as_ref().map(conflict::sentence).or(alarm);
    Item { id: Some(group.id), remark: group.gone.then(|| gone.to_owned()), alarm, ..bare(&group.path) }
}

fn relocation(group: &Relocation) -> Item {
    let id = group.id;
    let remark = match group.groups {
        1 => say!(format: "{id} stays in the old place; it gets a new id", "{id} 留在原处；新分组的 ID 会变"),
        groups => {
            let groups = count(Grouped(groups), "group", "个分组");
            say!(format: "{id} stays in the old place; {groups} get new ids", "{id} 留在原处；{groups}的 ID 会变")
        }
    };
    Item { to: Some(shown(group.to.as_str()).into_owned()), remark: Some(remark), ..bare(&group.from) }
}
