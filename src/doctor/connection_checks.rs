//! Whether DingTalk can be reached, with what rights, and by whom.
//!
//! All of it is told from two calls: one list, and one rename of a group that no list has. What the list call says is about
//! the first thing that failed on its way: the address, then the token, then the operator, then the right to read.

use std::path::PathBuf;

use crate::dingtalk::{Api, ApiError, CallOutcome, ErrorKind, RootSource, Route};
use crate::doctor::facts::{Contact, Environment, Facts, Probe, Trouble};
use crate::doctor::finding::{Check, CheckResult, Reason};
use crate::doctor::format::{not_listed, sentence};
use crate::i18n::{Count, Message, count};
use crate::{localized, tr};

/// A clock that is further off than this, in seconds, is told: TLS and tokens rest on the time.
const MOST_SKEW: u64 = 60;

/// Which variables are set, and whether they are enough.
pub(crate) fn environment(facts: &Facts<'_>) -> CheckResult {
    let Environment::Variables { set, idle, trouble } = &facts.environment else {
        let detail = localized!(
            "The sandbox brings its own credentials; no variable is needed.",
            "沙盒自带凭证，不需要环境变量。"
        );
        return CheckResult::ok(Check::Environment, detail);
    };
    match (trouble, idle.as_slice()) {
        (Some(trouble), _) => {
            let told = sentence(&trouble.message);
            troubled(Check::Environment, trouble, localized!("{told} {}", "{told}{}", listed(set)))
        }
        (None, []) => CheckResult::ok(Check::Environment, listed(set)),
        (None, idle) => CheckResult::warning(
            Check::Environment,
            localized!(
                "{} Without effect, since another comes first: {}.",
                "{}不起作用（另有变量优先）：{}。",
                listed(set),
                list(idle)
            ),
            localized!(
                "Unset what is not meant, so that nobody takes it for what is used.",
                "取消不需要的变量，以免误以为它在起作用。"
            ),
        ),
    }
}

fn listed(set: &[&str]) -> Message {
    match set {
        [] => localized!("No variable is set.", "没有设置环境变量。"),
        set => localized!("Set: {}.", "已设置：{}。", list(set)),
    }
}

fn list(names: &[&str]) -> String {
    names.join(tr!(", ", "、"))
}

/// Whether the address can be used, which way leads there, and whether DingTalk answers.
pub(crate) fn endpoint(facts: &Facts<'_>) -> CheckResult {
    let finding = answer(facts);
    let Some(access) = &facts.access else { return finding };
    let parts = [
        Some(finding.detail.clone()),
        route(&access.route),
        access.roots.as_ref().map(|roots| certificates(&roots.source)),
    ];
    let detail = parts.into_iter().flatten().reduce(|before, part| localized!("{before} {part}", "{before}{part}"));
    CheckResult { detail: detail.unwrap_or_default(), ..finding }
}

/// Reports the proxy; `None` if no variable names one.
fn route(route: &Route) -> Option<Message> {
    Some(match route {
        Route::Unset => return None,
        Route::OtherScheme(variable) => {
            localized!("No proxy: {variable} is for `http` only.", "未使用代理：{variable} 只用于 `http`。")
        }
        Route::Loopback(variable) => localized!(
            "No proxy: {variable} is not used, because the endpoint is on this machine.",
            "未使用代理：接口地址在本机，{variable} 不起作用。"
        ),
        Route::Exempt(variable, exempting) => localized!(
            "No proxy: {exempting} exempts the endpoint from {variable}.",
            "未使用代理：{exempting} 将该地址排除在 {variable} 之外。"
        ),
        Route::Proxy(proxy) => {
            let variable = proxy.variable;
            localized!("Proxy: `{proxy}` ({variable}).", "代理：`{proxy}`（{variable}）。")
        }
    })
}

/// Reports where the root certificates come from.
fn certificates(source: &RootSource) -> Message {
    match source {
        RootSource::System(None) => localized!("Certificates: the system's.", "证书：系统证书。"),
        RootSource::System(Some(path)) => {
            localized!("Certificates: the system's, `{}`.", "证书：系统证书，`{}`。", path.display())
        }
        RootSource::BuiltIn => {
            localized!("Certificates: built in, because the system has none.", "证书：系统没有证书，使用内置证书。")
        }
        RootSource::Variables(paths) => {
            let named = |(variable, path): &(&str, PathBuf)| {
                let path = path.display();
                tr!(format: "`{path}` ({variable})", "`{path}`（{variable}）")
            };
            let named = Message::of(|| paths.iter().map(named).collect::<Vec<_>>().join(tr!(", ", "、")));
            localized!("Certificates: {named}.", "证书：{named}。")
        }
    }
}

fn answer(facts: &Facts<'_>) -> CheckResult {
    let address = match &facts.endpoint {
        Ok(address) => address,
        Err(trouble) => return troubled(Check::Endpoint, trouble, sentence(&trouble.message)),
    };
    match facts.contact {
        Contact::None => {
            let waits_for = Check::Environment;
            let detail = localized!(
                "`{address}` was not called: waits for `{}`.",
                "没有调用 `{address}`：先要解决“{}”一项。",
                waits_for.word()
            );
            CheckResult::skipped(Check::Endpoint, detail)
        }
        Contact::Failed { failure, .. } if stage(facts.contact) == Some(Check::Endpoint) => {
            unavailable(Check::Endpoint, failure)
        }
        contact if is_untried(contact) => {
            CheckResult::ok(Check::Endpoint, localized!("`{address}` was not called yet.", "还没有调用 `{address}`。"))
        }
        Contact::Listed(_) | Contact::Failed { .. } => CheckResult::ok(
            Check::Endpoint,
            localized!("DingTalk answers at `{address}`.", "钉钉在 `{address}` 有应答。"),
        ),
    }
}

/// Whether this machine's clock is right.
pub(crate) fn clock(facts: &Facts<'_>) -> CheckResult {
    match facts.skew {
        None => CheckResult::warning(
            Check::Clock,
            localized!("No answer told the time.", "没有应答带有时间。"),
            localized!(
                "Compare this machine's clock with another; a proxy in between may take the `Date` away.",
                "请与其他时钟核对本机时间；中间的代理可能去掉了 `Date`。"
            ),
        ),
        Some(skew) if skew.unsigned_abs() > MOST_SKEW => CheckResult::warning(
            Check::Clock,
            wrong_by(skew),
            localized!(
                "Set the clock, best by NTP: certificates and tokens are judged by it.",
                "请校准时钟，最好用 NTP：证书和令牌是否有效都以它为准。"
            ),
        ),
        Some(skew) => {
            let seconds = seconds(skew.abs().max(1));
            CheckResult::ok(
                Check::Clock,
                localized!("Within {seconds} of DingTalk's clock.", "与钉钉的时钟相差不到 {seconds}。"),
            )
        }
    }
}

fn wrong_by(skew: i64) -> Message {
    let seconds = seconds(skew);
    match skew {
        1.. => localized!("This machine's clock is {seconds} slow.", "本机时钟慢 {seconds}。"),
        _ => localized!("This machine's clock is {seconds} fast.", "本机时钟快 {seconds}。"),
    }
}

fn seconds(skew: i64) -> Count<u64> {
    count(skew.unsigned_abs(), "second", "秒")
}

/// Whether there is a token.
pub(crate) fn token(facts: &Facts<'_>) -> CheckResult {
    match facts.contact {
        Contact::Failed { failure, .. } if stage(facts.contact) == Some(Check::Token) => {
            unavailable(Check::Token, failure)
        }
        contact if is_untried(contact) => {
            CheckResult::ok(Check::Token, localized!("The ready token was not tried yet.", "还没有试用现成的令牌。"))
        }
        Contact::None | Contact::Listed(_) | Contact::Failed { .. } => {
            CheckResult::ok(Check::Token, localized!("DingTalk takes the credentials.", "钉钉接受这些凭证。"))
        }
    }
}

/// Whether the groups can be listed.
pub(crate) fn read(facts: &Facts<'_>) -> CheckResult {
    match facts.contact {
        Contact::Failed { failure, .. } => unavailable(Check::Read, failure),
        Contact::Listed(live) => CheckResult::ok(Check::Read, standing(live.len())),
        Contact::None => CheckResult::skipped(Check::Read, not_listed()),
    }
}

fn standing(number: usize) -> Message {
    let groups = count(number, "group", "个分组");
    match number {
        1 => localized!("The operator may list the groups: there is {groups}.", "操作人可以列出分组：共 {groups}。"),
        _ => localized!("The operator may list the groups: there are {groups}.", "操作人可以列出分组：共 {groups}。"),
    }
}

/// Whether groups can be changed.
pub(crate) fn write(facts: &Facts<'_>) -> CheckResult {
    match &facts.probe {
        Probe::LeftOut => CheckResult::skipped(
            Check::Write,
            localized!(
                "Left out, since only reading was asked for (--read-only).",
                "未检查：只要求读取（`--read-only`）。"
            ),
        ),
        Probe::NotMade => CheckResult::skipped(Check::Write, localized!("Not tried.", "没有尝试。")),
        Probe::Made(CallOutcome::Done(())) => inconclusive(&localized!(
            "DingTalk says it renamed a group that is not listed.",
            "钉钉称已给一个不在列表中的分组改名。"
        )),
        Probe::Made(CallOutcome::Rejected(failure)) => rejected(failure),
        Probe::Made(CallOutcome::Unreachable(failure)) => unavailable(Check::Write, failure),
        Probe::Made(CallOutcome::Unknown(failure)) if failure.ends_run() => unavailable(Check::Write, failure),
        Probe::Made(CallOutcome::Throttled(failure) | CallOutcome::Unknown(failure)) => {
            inconclusive(&Message::shown(failure))
        }
    }
}

fn rejected(failure: &ApiError) -> CheckResult {
    match failure.kind {
        ErrorKind::GroupNotFound => {
            let detail = localized!(
                "The app may change groups and the operator is an admin of the meeting-room app.",
                "应用可以修改分组，操作人是智能会议室的管理员。"
            );
            CheckResult::ok(Check::Write, detail)
        }
        ErrorKind::Parameter | ErrorKind::Other => inconclusive(&Message::shown(failure)),
        _ => unavailable(Check::Write, failure),
    }
}

fn inconclusive(said: &Message) -> CheckResult {
    let told = sentence(said);
    let detail = localized!("Cannot be told without changing something: {told}", "不做改动就无法判断：{told}");
    let remedy = localized!(
        "Check that the app has `VideoConference.Conference.Write` on its page `Permission management` (权限管理) in DingTalk's \
         developer console (open-dev.dingtalk.com), and that the operator is an admin of the meeting-room app (智能会议室) in \
         DingTalk's admin console (oa.dingtalk.com).",
        "请确认：应用在钉钉开发者后台（open-dev.dingtalk.com）的“权限管理”中已有 `VideoConference.Conference.Write`；操作人在钉钉管理后台（oa.dingtalk.com）是“智能会议室”的管理员。"
    );
    CheckResult::warning(Check::Write, detail, remedy)
}

/// Returns the check that a failed list call is about.
fn stage(contact: Contact<'_>) -> Option<Check> {
    let Contact::Failed { failure, ready_token } = contact else { return None };
    // Once there was a token from DingTalk, DingTalk had answered.
    let is_first_call = ready_token || failure.api == Api::Token;
    Some(match (failure.kind, failure.api) {
        (ErrorKind::Authentication | ErrorKind::TokenExpired | ErrorKind::Credentials, _) => Check::Token,
        (_, Api::User) => Check::Operator,
        (kind, _) if is_first_call && is_about_the_way(kind) => Check::Endpoint,
        (_, Api::Token) => Check::Token,
        _ => Check::Read,
    })
}

/// Says whether the run ended at the address book, before the room API was called with the ready token.
fn is_untried(contact: Contact<'_>) -> bool {
    matches!(contact, Contact::Failed { ready_token: true, .. }) && stage(contact) == Some(Check::Operator)
}

/// Says whether it means that DingTalk itself did not answer.
const fn is_about_the_way(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Unreachable
            | ErrorKind::Certificate
            | ErrorKind::Proxy
            | ErrorKind::Timeout
            | ErrorKind::Interrupted
            | ErrorKind::Redirect
            | ErrorKind::Unreadable
            | ErrorKind::Banned
    )
}

pub(crate) fn unavailable(check: Check, failure: &ApiError) -> CheckResult {
    CheckResult::failed(
        check,
        Reason::Unavailable,
        sentence(&Message::shown(failure)),
        Message::of(|| failure.remedy()),
    )
}

fn troubled(check: Check, trouble: &Trouble, detail: Message) -> CheckResult {
    CheckResult::failed(check, trouble.reason, detail, sentence(&trouble.remedy))
}
