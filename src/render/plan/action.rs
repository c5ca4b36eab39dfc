//! Says of one decision what a line of a plan has: a sign, a word, a note.
//!
//! The sign says it all without colour, in every format.

use anstyle::Style;

use crate::plan::{Action, Confusable, Plan, RowId, Tally};
use crate::render::style::{ADOPT, CREATE, DELETE, DIM, ERROR, RENAME, grouped, shown};
use crate::tr;

/// What is to become of a group, in the order in which it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ActionKind {
    Create,
    Adopt,
    Rename,
    Delete,
    Conflict,
    Blocked,
    Keep,
}

impl ActionKind {
    pub(crate) const ALL: [Self; 7] =
        [Self::Create, Self::Adopt, Self::Rename, Self::Delete, Self::Conflict, Self::Blocked, Self::Keep];

    pub(crate) fn of(decision: &Action) -> Self {
        match decision {
            Action::Keep { .. } => Self::Keep,
            Action::Create { .. } => Self::Create,
            Action::Adopt { .. } => Self::Adopt,
            Action::Rename { .. } => Self::Rename,
            Action::Conflict { .. } => Self::Conflict,
            Action::Blocked => Self::Blocked,
        }
    }

    pub(crate) const fn sign(self) -> char {
        match self {
            Self::Create => '+',
            Self::Adopt => '&',
            Self::Rename => '~',
            Self::Delete => '-',
            Self::Conflict => '!',
            Self::Blocked => '?',
            Self::Keep => '=',
        }
    }

    pub(crate) const fn style(self) -> Style {
        match self {
            Self::Create => CREATE,
            Self::Adopt => ADOPT,
            Self::Rename => RENAME,
            Self::Delete => DELETE,
            Self::Conflict => ERROR,
            Self::Blocked => DIM,
            Self::Keep => Style::new(),
        }
    }

    /// Returns a word or two that explain the sign.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Create => tr!("create", "创建"),
            Self::Adopt => tr!("adopt", "接管"),
            Self::Rename => tr!("rename", "改名"),
            Self::Delete => tr!("delete", "删除"),
            Self::Conflict => tr!("conflict", "冲突"),
            Self::Blocked => tr!("waits for a conflict", "等待冲突解决"),
            Self::Keep => tr!("unchanged", "不变"),
        }
    }

    /// Returns the words that follow a number of groups.
    pub(crate) fn to_do(self) -> &'static str {
        match self {
            Self::Create => tr!("to create", "个待创建"),
            Self::Adopt => tr!("to adopt", "个待接管"),
            Self::Rename => tr!("to rename", "个待改名"),
            Self::Delete => tr!("to delete", "个待删除"),
            Self::Conflict => tr!("in conflict", "个有冲突"),
            Self::Blocked => tr!("blocked", "个因冲突受阻"),
            Self::Keep => tr!("unchanged", "个不变"),
        }
    }
}

/// Returns the number of groups for each action that there is.
pub(crate) fn counts(tally: &Tally) -> impl Iterator<Item = (usize, ActionKind)> {
    let counts = [
        (tally.create, ActionKind::Create),
        (tally.adopt, ActionKind::Adopt),
        (tally.rename, ActionKind::Rename),
        (tally.delete, ActionKind::Delete),
        (tally.conflict, ActionKind::Conflict),
        (tally.blocked, ActionKind::Blocked),
        (tally.keep, ActionKind::Keep),
    ];
    counts.into_iter().filter(|(number, _)| *number > 0)
}

/// Says how many groups there are of each kind: `28 to create, 3 unchanged`.
pub(crate) fn totals(tally: &Tally) -> String {
    let protection =
        [(tally.protect, tr!("to protect", "个将设为受保护")), (tally.unprotect, tr!("to unprotect", "个将取消保护"))];
    let words = counts(tally).map(|(number, action)| (number, action.to_do()));
    let words = words.chain(protection.into_iter().filter(|(number, _)| *number > 0));
    let said: Vec<String> = words.map(|(number, words)| format!("{} {words}", grouped(number))).collect();
    said.join(tr!(", ", "，"))
}

/// Describes a row beyond its sign; empty if the sign is enough.
pub(crate) fn row_note(plan: &Plan, row: RowId) -> String {
    let confusable = plan.confusable(row).map(confusable).unwrap_or_default();
    let notes = [note(&plan.row(row).decision), confusable];
    notes.into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join(tr!("; ", "；"))
}

fn confusable(Confusable { id, name, .. }: &Confusable) -> String {
    tr!(
        format: "looks like the existing `{}` ({id}): write the name like that, or add `id: {id}`",
        "与已有的 `{}`（ID {id}）相似：请把名称写成一样，或加上 `id: {id}`", shown(name)
    )
}

/// Says what a sign cannot; nothing where there is no more to say.
pub(crate) fn note(decision: &Action) -> String {
    match decision {
        Action::Keep { .. } | Action::Create { gone: None } | Action::Conflict { .. } => String::new(),
        Action::Create { gone: Some(id) } => {
            tr!(format: "anew: {id} is gone from DingTalk", "重新创建：钉钉中已没有 {id}")
        }
        Action::Adopt { id, gone: None } => {
            tr!(format: "adopt {id}, which is there already", "接管已存在的 {id}")
        }
        Action::Adopt { id, gone: Some(gone) } => {
            tr!(format: "adopt {id}: {gone} is gone from DingTalk", "接管 {id}：钉钉中已没有 {gone}")
        }
        Action::Rename { id, from } => {
            tr!(format: "rename {id} from `{}`", "将 {id} 改名，原名 `{}`", shown(from))
        }
        Action::Blocked => tr!("waits for the conflict above", "等待上级的冲突解决").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::group::GroupId;
    use crate::i18n::Language;
    use crate::plan::{Action, Tally};
    use crate::render::plan::action::{note, totals};

    #[test]
    fn totals_name_what_there_is() {
        let tally = Tally { create: 1200, keep: 3, ..Tally::default() };
        assert_eq!(totals(&tally), "1,200 to create, 3 unchanged");
        Language::Chinese.scope(|| assert_eq!(totals(&tally), "1,200 个待创建，3 个不变"));
    }

    #[test]
    fn a_name_from_outside_is_shown_without_its_force() {
        let rename = Action::Rename { id: GroupId::new(7), from: "\u{1b}[2J".to_owned() };
        assert_eq!(note(&rename), "rename 7 from `\u{FFFD}[2J`");
    }
}
