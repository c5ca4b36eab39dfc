//! A fault on demand: which calls, what happens to them, and when.
//!
//! The text form is the interface: flags, tests and `POST /sandbox/faults` all use it.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::sandbox::api::operation::Operation;
use crate::sandbox::faults::fault_effect::FaultEffect;
use crate::tr;

/// A fault, written `TARGET:EFFECT[WHEN]`, such as `create:reset-after@3`.
///
/// ```text
#[doc = include_str!("fault.txt")]
/// ```
///
/// Times are whole numbers of `us`, `ms`, `s` or `m`. Each fault counts and draws for itself: the calls of its target since it
/// was installed that were not banned, had a valid token and were within the rate. Of several that strike the same call, the
/// first installed wins; the others have counted it all the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Which calls it may strike.
    pub target: Target,
    /// What it does to them.
    pub effect: FaultEffect,
    /// Which of them it strikes.
    pub when: When,
}

/// Which calls a fault may strike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// All calls, token calls included.
    Every,
    /// The calls of one operation.
    Only(Operation),
}

/// Which of its target's calls a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    /// Every one.
    Always,
    /// Those with these numbers, the first call being 1; no second number means all that follow.
    Calls(u64, Option<u64>),
    /// Each with this probability, in percent.
    Percent(f64),
}

/// Why a text is not a fault.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FaultError {
    /// There is no `:`.
    #[error("{}", tr!(
        format: "`{}` is not a fault: write TARGET:EFFECT[WHEN], such as `create:reset-after@3`",
        "`{}` 不是故障：请写成 `目标:效果[时机]`，例如 `create:reset-after@3`", .0
    ))]
    Shape(String),
    /// What stands before the `:` is no operation.
    #[error("{}", tr!(
        format: "`{}` is not the target of a fault: write token, create, rename, delete, list, read, rooms, user or *",
        "`{}` 不是故障的对象：请写 `token`、`create`、`rename`、`delete`、`list`、`read`、`rooms`、`user` 或 `*`", .0
    ))]
    Target(String),
    /// The effect is unknown, or has the wrong argument.
    #[error("{}", tr!(
        format: "`{}` is not the effect of a fault: for example reset-after, stall-before(30s), late(300ms), qps, stale(2s)",
        "`{}` 不是故障的效果：例如 `reset-after`、`stall-before(30s)`、`late(300ms)`、`qps`、`stale(2s)`", .0
    ))]
    Effect(String),
    /// What follows the effect says no time.
    #[error("{}", tr!(
        format: "`{}` does not say when a fault strikes: write @3, @3..5, @3.. or =5%",
        "`{}` 没有说明故障何时发生：请写 `@3`、`@3..5`、`@3..` 或 `=5%`", .0
    ))]
    When(String),
    /// The effect is for lists only.
    #[error("{}", tr!(format: "`{}` is for `list` only", "`{}` 只能用于 `list`", .0))]
    OnlyList(String),
    /// The effect is for reads only.
    #[error("{}", tr!(format: "`{}` is for `read` only", "`{}` 只能用于 `read`", .0))]
    OnlyRead(String),
}

impl Fault {
    /// How faults are written, for the help of commands.
    pub const GRAMMAR: &str = include_str!("fault.txt");
}

impl Target {
    /// Says whether calls of this operation are meant.
    #[must_use]
    pub fn covers(self, operation: Operation) -> bool {
        match self {
            Self::Every => true,
            Self::Only(only) => only == operation,
        }
    }

    fn parse(text: &str) -> Result<Self, FaultError> {
        match text {
            "*" => Ok(Self::Every),
            name => name.parse().map(Self::Only).map_err(|()| FaultError::Target(text.to_owned())),
        }
    }
}

impl When {
    fn parse(text: &str) -> Result<Self, FaultError> {
        let parsed = match text.split_at_checked(1) {
            None => Some(Self::Always),
            Some(("@", calls)) => Self::calls(calls),
            Some((_, percent)) => Self::percent(percent),
        };
        parsed.ok_or_else(|| FaultError::When(text.to_owned()))
    }

    fn calls(text: &str) -> Option<Self> {
        let number = |text: &str| text.parse::<u64>().ok().filter(|number| *number > 0);
        let (first, last) = match text.split_once("..") {
            None => (number(text)?, number(text)),
            Some((first, "")) => (number(first)?, None),
            Some((first, last)) => (number(first)?, Some(number(last)?)),
        };
        last.is_none_or(|last| first <= last).then_some(Self::Calls(first, last))
    }

    fn percent(text: &str) -> Option<Self> {
        let percent = text.strip_suffix('%')?.parse().ok()?;
        (0.0..=100.0).contains(&percent).then_some(Self::Percent(percent))
    }
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let (target, rest) = text.split_once(':').ok_or_else(|| FaultError::Shape(text.to_owned()))?;
        let (effect, when) = rest.split_at(rest.find(['@', '=']).unwrap_or(rest.len()));
        let target = Target::parse(target)?;
        let when = When::parse(when)?;
        let text = effect;
        let effect = FaultEffect::parse(text).ok_or_else(|| FaultError::Effect(text.to_owned()))?;
        if effect.is_for_lists() && target != Target::Only(Operation::List) {
            return Err(FaultError::OnlyList(text.to_owned()));
        }
        if effect.is_for_reads() && target != Target::Only(Operation::Read) {
            return Err(FaultError::OnlyRead(text.to_owned()));
        }
        Ok(Self { target, effect, when })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}{}", self.target, self.effect, self.when)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every => f.write_str("*"),
            Self::Only(operation) => operation.fmt(f),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => Ok(()),
            Self::Calls(first, Some(last)) if first == last => write!(f, "@{first}"),
            Self::Calls(first, Some(last)) => write!(f, "@{first}..{last}"),
            Self::Calls(first, None) => write!(f, "@{first}.."),
            Self::Percent(percent) => write!(f, "={percent}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::sandbox::{Fault, FaultError};

    #[test]
    fn every_fault_is_shown_as_it_is_written() {
        let faults = [
            "create:reset-before",
            "create:reset-after@3",
            "create:reset-after=5%",
            "*:500-before",
            "*:502-after",
            "rename:stall-before(30s)",
            "delete:stall-after(20ms)@2..4",
            "list:truncated-after",
            "read:garbage-after",
            "token:empty-after",
            "create:null-before=0.5%",
            "create:id-after(500)@1",
            "create:huge-after(64)",
            "*:redirect-before",
            "create:late(300ms)",
            "create:late-stall(300ms,30s)",
            "*:qps=1%",
            "*:qps-all",
            "*:qpm",
            "*:quota@100..",
            "*:permission",
            "*:ip",
            "*:error(400,org.not.found)",
            "*:expired@7",
            "*:html",
            "*:html(3s)@50",
            "*:deny@50..60",
            "*:deny(5m)@1",
            "list:stale(2s)=100%",
            "list:lacks(60%)@1..2",
            "read:of-hidden(60%,permission)@1..2",
            "read:of-hidden(60%,stall-before(4s))",
            "*:text-ids",
            "*:empty-parent",
            "list:null-parent=50%",
            "read:no-parent",
        ];
        for text in faults {
            assert_eq!(text.parse::<Fault>().map(|fault| fault.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn the_grammar_names_only_effects_that_there_are() {
        let effects =
            Fault::GRAMMAR.split("EFFECT").nth(1).unwrap().lines().filter_map(|line| line.get(8..)?.split("  ").next());
        let words = effects.filter(|words| !words.ends_with(':') && !words.contains("nothing is done"));
        let known = words.flat_map(|words| words.split(", ")).filter(|word| !word.is_empty() && !word.starts_with(' '));
        let known: Vec<_> = known.map(|word| word.replace("-M", "-after")).collect();
        for effect in &known {
            let is_known = |target: &str| format!("{target}:{effect}").parse::<Fault>().is_ok();
            assert!(is_known("list") || is_known("read"), "{effect}");
        }
        assert_eq!(known.len(), 31, "{known:?}");
    }

    #[test]
    fn what_is_no_fault_is_refused_with_the_part_that_is_wrong() {
        let error = |text: &str| text.parse::<Fault>().unwrap_err();
        assert_eq!(error("reset-after"), FaultError::Shape("reset-after".into()));
        assert_eq!(error("move:qps"), FaultError::Target("move".into()));
        for effect in [
            "reset",
            "reset-after(1s)",
            "stall-after",
            "404-after",
            "late",
            "late(1)",
            "error(200,x)",
            "error(400,)",
            "qps(1s",
            "lacks(0%)",
            "lacks(101%)",
            "lacks(5)",
            "of-hidden(5%)",
            "of-hidden(5%,lacks(5%))",
            "of-hidden(5%,of-hidden(5%,ip))",
            "id-after",
            "text-ids(1s)",
        ] {
            assert_eq!(error(&format!("*:{effect}")), FaultError::Effect(effect.into()));
        }
        for when in ["@0", "@x", "@5..3", "@..3", "=5", "=101%", "=-1%", "=NaN%"] {
            assert_eq!(error(&format!("*:qps{when}")), FaultError::When(when.into()));
        }
        assert_eq!(error("create:stale(2s)"), FaultError::OnlyList("stale(2s)".into()));
        assert_eq!(error("list:of-hidden(5%,ip)"), FaultError::OnlyRead("of-hidden(5%,ip)".into()));
        assert_eq!(error("*:lacks(5%)"), FaultError::OnlyList("lacks(5%)".into()));
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_written_so_that_it_is_read_again(
            text in "(create|list|\\*|.{0,2}):(late|stall-after|stale|lacks|id-after|text-ids|error|huge-after|html|qps|.{0,3})(\\((\\PC{0,3}|[0-9]{0,22}(us|ms|s|m)?|400,x)\\))?([@=][0-9.%]{0,22}|.{0,3})",
        ) {
            if let Ok(fault) = text.parse::<Fault>() {
                prop_assert_eq!(fault.to_string().parse(), Ok(fault));
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".*") {
            let _ = text.parse::<Fault>();
        }
    }
}
