//! On whose behalf calls are made: whom a userId turned out to be, so that the unionId can be set and the lookup spared.

use crate::dingtalk::Found;
use crate::doctor::connection_checks::unavailable;
use crate::doctor::facts::{Contact, Facts};
use crate::doctor::finding::{Check, CheckResult, Detail};
use crate::i18n::Message;
use crate::localized;

/// Whether the operator is known. Whether they may do anything is told by the calls that follow.
pub(crate) fn check(facts: &Facts<'_>) -> CheckResult {
    let Some(person) = facts.operator else { return unknown(facts.contact) };
    let union_id = &person.union_id;
    let Some(found) = &person.found else {
        let detail = localized!("Calls are made for the unionId `{union_id}`.", "以 unionId `{union_id}` 的身份调用。");
        return CheckResult::ok(Check::Operator, detail);
    };
    let evidence =
        Detail::Operator { user_id: found.user_id.clone(), union_id: union_id.clone(), name: found.name.clone() };
    let finding = CheckResult::ok(Check::Operator, introduced(found)).because(vec![evidence]);
    CheckResult { remedy: Some(spared()), ..finding }
}

fn introduced(found: &Found) -> Message {
    let Found { user_id, name } = found;
    match name {
        Some(name) => localized!("The userId `{user_id}` is {name}.", "userId `{user_id}` 是{name}。"),
        None => localized!("The userId `{user_id}` is known.", "已查到 userId `{user_id}`。"),
    }
}

fn spared() -> Message {
    localized!(
        "With this set, nobody is looked up, and the app needs no permission for it.",
        "设置后即可省去查询，应用也无需相应的权限。"
    )
}

fn unknown(contact: Contact<'_>) -> CheckResult {
    match contact {
        Contact::Failed { failure, .. } => unavailable(Check::Operator, failure),
        Contact::None | Contact::Listed(_) => {
            CheckResult::skipped(Check::Operator, localized!("Nobody was looked up.", "没有查询操作人。"))
        }
    }
}
