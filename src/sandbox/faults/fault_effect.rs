//! What a fault does to one call, and how that is written.
//!
//! Where it matters whether DingTalk had done the work when the fault struck, the name says so: `-before` the commit or
//! `-after` it. The grammar stands at [`Fault`](crate::sandbox::Fault).

use std::fmt;
use std::time::Duration;

use crate::sandbox::api::api_error::ApiRefusal;
use crate::sandbox::faults::duration;

/// What a fault does to one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultEffect {
    /// The answer is spoilt; the work is done or not, as the moment says.
    Spoil(Damage, Moment),
    /// The answer is lost now, the work is done this much later: by a reset, or by silence for the second time given.
    Late(Duration, Option<Duration>),
    /// DingTalk refuses the call with an error.
    Refuse(ApiRefusal),
    /// All tokens end at this call.
    Expire,
    /// The caller's address is banned: a page instead of an answer, for this call and the time given.
    Ban(Page, Duration),
    /// A list shows the groups as they were this long ago.
    Stale(Duration),
    /// A list lacks this share of the groups, in percent; the seed chooses them.
    Lacks(u8),
    /// This happens to a read of a group that a list without this share of the groups lacks.
    OfHidden(u8, Box<FaultEffect>),
    /// The answer has its ids in another form.
    Reshape(Form),
}

/// A form of ids in answers that DingTalk's documentation does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Ids are strings.
    TextIds,
    /// The `parentId` of a group at the top is null.
    NullParent,
    /// A group at the top has no `parentId`.
    NoParent,
    /// The `parentId` of a group at the top is an empty string.
    EmptyParent,
}

/// How an answer is spoilt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The connection is reset (TCP RST) instead of an answer.
    Reset,
    /// This status instead of the answer: 500 with DingTalk's `system.error`, others with a gateway's page.
    Status(u16),
    /// Silence for this long, then the answer (`-after`) or 504 (`-before`).
    Stall(Duration),
    /// The connection ends in the middle of the body.
    Truncated,
    /// A body that is not JSON.
    Garbage,
    /// No body at all, with status 200.
    Empty,
    /// `{"result":null}` with status 200.
    Null,
    /// `{"result":<id>}` with status 200, whatever was done.
    Id(i64),
    /// A body of so many megabytes, streamed.
    Huge(u32),
    /// 302 to another path.
    Redirect,
}

/// Whether the work was done when the fault struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Nothing was done.
    Before,
    /// All was done.
    After,
}

/// What a banned caller gets, with status 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// An HTML page.
    Html,
    /// `{"status":1111,…}`
    Deny,
}

impl FaultEffect {
    /// Reads an effect as it is written in a fault.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (name, argument) = arguments(text)?;
        if name == "of-hidden" {
            return of_hidden(argument?);
        }
        if let Some(stem) = name.strip_suffix("-before") {
            return Damage::parse(stem, argument).map(|damage| Self::Spoil(damage, Moment::Before));
        }
        if let Some(stem) = name.strip_suffix("-after") {
            return Damage::parse(stem, argument).map(|damage| Self::Spoil(damage, Moment::After));
        }
        match argument {
            None => Self::bare(name),
            Some(argument) => Self::with(name, argument),
        }
    }

    fn bare(name: &str) -> Option<Self> {
        match name {
            "expired" => Some(Self::Expire),
            "html" => Some(Self::Ban(Page::Html, Duration::ZERO)),
            "deny" => Some(Self::Ban(Page::Deny, Duration::ZERO)),
            _ => Form::parse(name).map(Self::Reshape).or_else(|| shorthand(name).map(Self::Refuse)),
        }
    }

    fn with(name: &str, argument: &str) -> Option<Self> {
        match name {
            "late" => duration::parse(argument).map(|after| Self::Late(after, None)),
            "late-stall" => pair(argument).map(|(after, hold)| Self::Late(after, Some(hold))),
            "html" => duration::parse(argument).map(|time| Self::Ban(Page::Html, time)),
            "deny" => duration::parse(argument).map(|time| Self::Ban(Page::Deny, time)),
            "stale" => duration::parse(argument).map(Self::Stale),
            "lacks" => share(argument).map(Self::Lacks),
            "error" => error(argument).map(Self::Refuse),
            _ => None,
        }
    }

    /// Says whether the effect is for lists only.
    pub(crate) fn is_for_lists(&self) -> bool {
        matches!(self, Self::Stale(_) | Self::Lacks(_))
    }

    /// Returns whether the effect is for reads only.
    pub(crate) fn is_for_reads(&self) -> bool {
        matches!(self, Self::OfHidden(..))
    }
}

impl Form {
    const ALL: [Self; 4] = [Self::TextIds, Self::NullParent, Self::NoParent, Self::EmptyParent];

    const fn name(self) -> &'static str {
        match self {
            Self::TextIds => "text-ids",
            Self::NullParent => "null-parent",
            Self::NoParent => "no-parent",
            Self::EmptyParent => "empty-parent",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }
}

impl Damage {
    fn parse(stem: &str, argument: Option<&str>) -> Option<Self> {
        match (stem, argument) {
            ("reset", None) => Some(Self::Reset),
            ("truncated", None) => Some(Self::Truncated),
            ("garbage", None) => Some(Self::Garbage),
            ("empty", None) => Some(Self::Empty),
            ("null", None) => Some(Self::Null),
            ("redirect", None) => Some(Self::Redirect),
            ("stall", Some(time)) => duration::parse(time).map(Self::Stall),
            ("id", Some(id)) => id.parse().ok().map(Self::Id),
            ("huge", Some(megabytes)) => megabytes.parse().ok().map(Self::Huge),
            (status, None) => status.parse().ok().filter(|status| (500..600).contains(status)).map(Self::Status),
            _ => None,
        }
    }
}

/// Splits `name(argument)`.
fn arguments(text: &str) -> Option<(&str, Option<&str>)> {
    match text.split_once('(') {
        None => Some((text, None)),
        Some((name, rest)) => rest.strip_suffix(')').map(|argument| (name, Some(argument))),
    }
}

fn pair(argument: &str) -> Option<(Duration, Duration)> {
    let (first, second) = argument.split_once(',')?;
    duration::parse(first).zip(duration::parse(second))
}

/// Reads a share and the effect on reads of the groups in it, which may be any but another one of this kind.
fn of_hidden(argument: &str) -> Option<FaultEffect> {
    let (percent, effect) = argument.split_once(',')?;
    let effect = FaultEffect::parse(effect).filter(|effect| !effect.is_for_lists() && !effect.is_for_reads())?;
    Some(FaultEffect::OfHidden(share(percent)?, Box::new(effect)))
}

/// Reads a share from 1 to 100 percent.
fn share(argument: &str) -> Option<u8> {
    argument.strip_suffix('%')?.parse().ok().filter(|share| (1..=100).contains(share))
}

fn error(argument: &str) -> Option<ApiRefusal> {
    let (status, code) = argument.split_once(',')?;
    let status = status.parse().ok().filter(|status| (400..600).contains(status))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let code = Some(code).filter(|code| !code.is_empty() && code.chars().all(plain))?;
    Some(ApiRefusal::on_demand(status, code))
}

/// The refusals that have a short name.
const SHORTHANDS: [(&str, ApiRefusal); 6] = [
    ("qps", ApiRefusal::QPS),
    ("qps-all", ApiRefusal::QPS_ALL),
    ("qpm", ApiRefusal::QPM),
    ("quota", ApiRefusal::QUOTA),
    ("permission", ApiRefusal::PERMISSION),
    ("ip", ApiRefusal::ADDRESS),
];

fn shorthand(name: &str) -> Option<ApiRefusal> {
    SHORTHANDS.into_iter().find(|(short, _)| *short == name).map(|(_, refusal)| refusal)
}

impl fmt::Display for FaultEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spoil(damage, moment) => show_damage(f, *damage, *moment),
            Self::Late(after, None) => write!(f, "late({})", duration::show(*after)),
            Self::Late(after, Some(hold)) => {
                write!(f, "late-stall({},{})", duration::show(*after), duration::show(*hold))
            }
            Self::Refuse(refusal) => show_refusal(f, refusal),
            Self::Expire => f.write_str("expired"),
            Self::Ban(page, time) if time.is_zero() => f.write_str(page.name()),
            Self::Ban(page, time) => write!(f, "{}({})", page.name(), duration::show(*time)),
            Self::Stale(age) => write!(f, "stale({})", duration::show(*age)),
            Self::Lacks(share) => write!(f, "lacks({share}%)"),
            Self::OfHidden(share, effect) => write!(f, "of-hidden({share}%,{effect})"),
            Self::Reshape(form) => f.write_str(form.name()),
        }
    }
}

impl Page {
    const fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Deny => "deny",
        }
    }
}

fn show_damage(f: &mut fmt::Formatter<'_>, damage: Damage, moment: Moment) -> fmt::Result {
    let when = match moment {
        Moment::Before => "before",
        Moment::After => "after",
    };
    match damage {
        Damage::Reset => write!(f, "reset-{when}"),
        Damage::Status(status) => write!(f, "{status}-{when}"),
        Damage::Stall(time) => write!(f, "stall-{when}({})", duration::show(time)),
        Damage::Truncated => write!(f, "truncated-{when}"),
        Damage::Garbage => write!(f, "garbage-{when}"),
        Damage::Empty => write!(f, "empty-{when}"),
        Damage::Null => write!(f, "null-{when}"),
        Damage::Id(id) => write!(f, "id-{when}({id})"),
        Damage::Huge(megabytes) => write!(f, "huge-{when}({megabytes})"),
        Damage::Redirect => write!(f, "redirect-{when}"),
    }
}

fn show_refusal(f: &mut fmt::Formatter<'_>, refusal: &ApiRefusal) -> fmt::Result {
    match SHORTHANDS.iter().find(|(_, known)| known == refusal) {
        Some((short, _)) => f.write_str(short),
        None => write!(f, "error({},{})", refusal.status, refusal.code),
    }
}

#[cfg(test)]
mod tests {
    use crate::sandbox::faults::fault_effect::FaultEffect;

    fn message(text: &str) -> String {
        match FaultEffect::parse(text) {
            Some(FaultEffect::Refuse(refusal)) => refusal.message.into_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_error_on_demand_says_what_belongs_to_its_code() {
        assert_eq!(message("error(400,group.too.much)"), "the organization has as many groups as it may");
        assert_eq!(message("error(400,surprise)"), "asked for by a fault");
    }
}
