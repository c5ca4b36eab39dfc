//! Whether DingTalk can be reached, with what rights, and by whom.
//!
//! All of it is told from two calls: one list, and one rename of a group that no list has. What the list call says is about
//! the first thing that failed on its way: the address, then the token, then the right to read.

use crate::dingtalk::{Api, Failure, FailureKind, Outcome};
use crate::doctor::facts::{Contact, Environment, Facts, Probe, Trouble};
use crate::doctor::finding::{Check, Finding, Reason};
use crate::doctor::words::{count, sentence};

/// A clock that is further off than this, in seconds, is told: TLS and tokens rest on the time.
const MOST_SKEW: u64 = 60;

/// Which variables are set, and whether they are enough.
pub(crate) fn environment(facts: &Facts<'_>) -> Finding {
    let Environment::Variables { set, idle, trouble } = &facts.environment else {
        return Finding::ok(Check::Environment, "The sandbox brings its own credentials; no variable is needed.");
    };
    match (trouble, idle.as_slice()) {
        (Some(trouble), _) => {
            troubled(Check::Environment, trouble, &format!("{} {}", sentence(&trouble.message), listed(set)))
        }
        (None, []) => Finding::ok(Check::Environment, listed(set)),
        (None, idle) => Finding::warning(
            Check::Environment,
            format!("{} Without effect, since another comes first: {}.", listed(set), idle.join(", ")),
            "Unset what is not meant, so that nobody takes it for what is used.",
        ),
    }
}

fn listed(set: &[&str]) -> String {
    if set.is_empty() { "No variable is set.".to_owned() } else { format!("Set: {}.", set.join(", ")) }
}

/// Whether the address can be used, and whether DingTalk answers there.
pub(crate) fn endpoint(facts: &Facts<'_>) -> Finding {
    let address = match &facts.endpoint {
        Ok(address) => address,
        Err(trouble) => return troubled(Check::Endpoint, trouble, &sentence(&trouble.message)),
    };
    match facts.contact {
        Contact::None => {
            Finding::skipped(Check::Endpoint, format!("`{address}` was not called: waits for `environment`."))
        }
        Contact::Failed { failure, .. } if stage(facts.contact) == Some(Check::Endpoint) => {
            unavailable(Check::Endpoint, failure)
        }
        Contact::Listed(_) | Contact::Failed { .. } => {
            Finding::ok(Check::Endpoint, format!("DingTalk answers at `{address}`."))
        }
    }
}

/// Whether this machine's clock is right.
pub(crate) fn clock(facts: &Facts<'_>) -> Finding {
    match facts.skew {
        None => Finding::warning(
            Check::Clock,
            "No answer told the time.",
            "Compare this machine's clock with another; a proxy in between may take the `Date` away.",
        ),
        Some(skew) if skew.unsigned_abs() > MOST_SKEW => Finding::warning(
            Check::Clock,
            format!("This machine's clock is {} {}.", off(skew), if skew > 0 { "slow" } else { "fast" }),
            "Set the clock, best by NTP: certificates and tokens are judged by it.",
        ),
        Some(skew) => Finding::ok(Check::Clock, format!("Within {} of DingTalk's clock.", off(skew.abs().max(1)))),
    }
}

fn off(skew: i64) -> String {
    count(skew.unsigned_abs(), "second")
}

/// Whether there is a token.
pub(crate) fn token(facts: &Facts<'_>) -> Finding {
    match facts.contact {
        Contact::Failed { failure, .. } if stage(facts.contact) == Some(Check::Token) => {
            unavailable(Check::Token, failure)
        }
        Contact::None | Contact::Listed(_) | Contact::Failed { .. } => {
            Finding::ok(Check::Token, "DingTalk takes the credentials.")
        }
    }
}

/// Whether the groups can be listed.
pub(crate) fn read(facts: &Facts<'_>) -> Finding {
    match facts.contact {
        Contact::Failed { failure, .. } => unavailable(Check::Read, failure),
        Contact::Listed(live) => {
            Finding::ok(Check::Read, format!("The operator may list the groups: there {}.", standing(live.len())))
        }
        Contact::None => Finding::skipped(Check::Read, "The groups were not listed."),
    }
}

fn standing(groups: usize) -> String {
    format!("{} {}", if groups == 1 { "is" } else { "are" }, count(groups as u64, "group"))
}

/// Whether groups can be changed.
pub(crate) fn write(facts: &Facts<'_>) -> Finding {
    match &facts.probe {
        Probe::LeftOut => Finding::skipped(Check::Write, "Left out, since only reading was asked for (--read-only)."),
        Probe::NotMade => Finding::skipped(Check::Write, "Not tried."),
        Probe::Made(Outcome::Done(())) => inconclusive("DingTalk says it renamed a group that is not listed."),
        Probe::Made(Outcome::Rejected(failure)) => rejected(failure),
        Probe::Made(Outcome::Unreachable(failure)) => unavailable(Check::Write, failure),
        Probe::Made(Outcome::Unknown(failure)) if failure.ends_run() => unavailable(Check::Write, failure),
        Probe::Made(Outcome::Throttled(failure) | Outcome::Unknown(failure)) => inconclusive(&failure.to_string()),
    }
}

fn rejected(failure: &Failure) -> Finding {
    match failure.kind {
        FailureKind::GroupNotFound => {
            Finding::ok(Check::Write, "The app may change groups and the operator is an admin of the meeting-room app.")
        }
        FailureKind::Parameter | FailureKind::Other => inconclusive(&failure.to_string()),
        _ => unavailable(Check::Write, failure),
    }
}

fn inconclusive(said: &str) -> Finding {
    Finding::warning(
        Check::Write,
        format!("Cannot be told without changing something: {}", sentence(said)),
        "Check that the app has `VideoConference.Conference.Write` on its page `Permission management` (权限管理) in DingTalk's developer \
         console (open-dev.dingtalk.com), and that the operator is an admin of the meeting-room app (智能会议室) in DingTalk's \
         admin console (oa.dingtalk.com).",
    )
}

/// Returns the check that a failed list call is about.
fn stage(contact: Contact<'_>) -> Option<Check> {
    let Contact::Failed { failure, ready_token } = contact else { return None };
    // Once there was a token from DingTalk, DingTalk had answered.
    let is_first_call = ready_token || failure.api == Api::Token;
    Some(match failure.kind {
        kind if is_first_call && is_about_the_way(kind) => Check::Endpoint,
        FailureKind::Authentication | FailureKind::TokenExpired | FailureKind::Credentials => Check::Token,
        _ if failure.api == Api::Token => Check::Token,
        _ => Check::Read,
    })
}

/// Says whether it means that DingTalk itself did not answer.
const fn is_about_the_way(kind: FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::Unreachable
            | FailureKind::Certificate
            | FailureKind::Proxy
            | FailureKind::Timeout
            | FailureKind::Interrupted
            | FailureKind::Redirect
            | FailureKind::Unreadable
            | FailureKind::Banned
    )
}

fn unavailable(check: Check, failure: &Failure) -> Finding {
    Finding::failed(check, Reason::Unavailable, sentence(&failure.to_string()), failure.remedy())
}

fn troubled(check: Check, trouble: &Trouble, detail: &str) -> Finding {
    Finding::failed(check, trouble.reason, detail, sentence(&trouble.remedy))
}
