//! The flags that several commands share.

use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::dingtalk::Pace;
use crate::group::GroupPath;
use crate::plan::Rate;
use crate::tr;

/// The endpoint of the built-in sandbox, as the state names it.
pub(crate) const SANDBOX: &str = "sandbox";

/// What to read.
#[derive(Clone, Debug, Args)]
pub(crate) struct ManifestArgs {
    /// The manifest: files, a folder of *.yaml and *.yml, or - for standard input
    #[arg(value_name = "MANIFEST", required = true)]
    pub(crate) manifest: Vec<OsString>,
}

/// Where the state is.
#[derive(Clone, Debug, Args)]
pub(crate) struct StateFileArgs {
    /// The state file [default: MANIFEST.state.json beside the manifest]
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
}

/// What to take in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args, Serialize, Deserialize)]
pub(crate) struct ScopeArgs {
    /// Delete recorded groups that the manifest no longer has; never groups that roomtree did not record
    #[arg(long)]
    pub(crate) prune: bool,

    /// The most groups that may be deleted [default: a tenth of the recorded ones, but at least one]
    #[arg(long, value_name = "N")]
    pub(crate) max_deletes: Option<usize>,

    /// Take in only the group at this path, what is below it and what is above it; more than once for several
    #[arg(long, value_name = "PATH", value_parser = GroupPath::parse)]
    pub(crate) only: Vec<GroupPath>,

    /// Whether all recorded groups are deleted: `destroy`, which has no flag for it.
    #[arg(skip)]
    #[serde(skip)]
    pub(crate) destroy: bool,
}

/// How to reach DingTalk.
#[derive(Clone, Debug, Args)]
pub(crate) struct ConnectionArgs {
    /// Use a DingTalk of our own inside this process: no account needed; its groups are kept in .roomtree/
    #[arg(long)]
    pub(crate) sandbox: bool,

    /// The address of the API [default: $DINGTALK_ENDPOINT, or else https://api.dingtalk.com]
    #[arg(long, value_name = "URL", conflicts_with = "sandbox")]
    pub(crate) endpoint: Option<String>,

    /// The operator's userId, as DingTalk's admin console shows it; the unionId is looked up, once a run [default:
    /// $DINGTALK_UNION_ID, or else $DINGTALK_USER_ID]
    #[arg(long, value_name = "USERID", conflicts_with = "sandbox")]
    pub(crate) user_id: Option<String>,

    /// Where a userId is looked up [default: $DINGTALK_OAPI_ENDPOINT, or else https://oapi.dingtalk.com, and with another
    /// --endpoint what goes with that]
    #[arg(long, value_name = "URL", conflicts_with = "sandbox")]
    pub(crate) oapi_endpoint: Option<String>,

    /// Calls a second that each API permits: a number, `auto` to find out and hold it, or `off` for no pacing
    #[arg(long, value_name = "RATE", default_value = "20", allow_negative_numbers = true)]
    pub(crate) qps: Qps,

    /// The most calls in flight at once
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) concurrency: u16,

    /// How long one call may take before its outcome counts as unknown
    #[arg(long, value_name = "TIME", default_value = "15s")]
    pub(crate) timeout: Span,
}

impl ConnectionArgs {
    /// Returns the flags that lead another command to the same DingTalk, as the same operator.
    pub(crate) fn words(&self) -> Vec<String> {
        let valued =
            [("--endpoint", &self.endpoint), ("--user-id", &self.user_id), ("--oapi-endpoint", &self.oapi_endpoint)];
        let valued = valued.into_iter().filter_map(|(flag, value)| Some([flag.to_owned(), value.clone()?]));
        self.sandbox.then(|| "--sandbox".to_owned()).into_iter().chain(valued.flatten()).collect()
    }
}

/// How a result is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// How a plan is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
    /// For a comment on a pull request, on GitHub or GitLab
    Markdown,
    /// One page for a browser, with filters and search
    Html,
    /// A picture
    Svg,
    /// A picture that Graphviz draws
    Dot,
    /// A picture that Mermaid draws, in Markdown on GitHub or GitLab
    Mermaid,
}

/// How a run is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RunFormat {
    /// For people
    #[default]
    Text,
    /// For programs: the report
    Json,
    /// For programs that follow along: each event as it happens, one a line, and the report as the last line
    Jsonl,
}

/// Calls a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Qps(pub(crate) Pace);

impl Qps {
    /// Returns the rate that a plan can count on.
    pub(crate) fn rate(self) -> Rate {
        match self.0 {
            Pace::Fixed(qps) => Rate(Some(qps)),
            Pace::Off | Pace::Auto => Rate(None),
        }
    }
}

impl FromStr for Qps {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.parse::<f64>()) {
            ("auto", _) => Ok(Self(Pace::Auto)),
            ("off", _) | (_, Ok(0.0)) => Ok(Self(Pace::Off)),
            (_, Ok(rate)) if rate.is_finite() && rate >= 0.01 => Ok(Self(Pace::Fixed(rate))),
            _ => Err(tr!(
                "a number of calls a second from 0.01, `auto` or `off`",
                "每秒调用次数（不小于 0.01）、`auto` 或 `off`"
            )
            .to_owned()),
        }
    }
}

/// A length of time: `300ms`, `15s`, `2m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span(pub(crate) Duration);

/// A hundred years. Longer spans are shortened to it: the clock of the system cannot count them.
const LONGEST_SPAN: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let unit = match &text[digits.len()..] {
            "ms" => 0.001,
            "s" => 1.0,
            "m" | "min" => 60.0,
            _ => {
                return Err(
                    tr!("a time needs a unit: 300ms, 15s or 2m", "时长须带单位：`300ms`、`15s` 或 `2m`").to_owned()
                );
            }
        };
        let number: f64 = digits.parse().map_err(|_| {
            tr!("a time is a number with a unit: 300ms, 15s or 2m", "时长是数字加单位：`300ms`、`15s` 或 `2m`")
                .to_owned()
        })?;
        Duration::try_from_secs_f64(number * unit)
            .map(|span| Self(span.min(LONGEST_SPAN)))
            .map_err(|_| tr!("a time is not negative", "时长不能是负数").to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::cli::args::{LONGEST_SPAN, Qps, Span};
    use crate::dingtalk::Pace;

    #[test]
    fn times_need_units() {
        assert_eq!("300ms".parse(), Ok(Span(Duration::from_millis(300))));
        assert_eq!("1.5s".parse(), Ok(Span(Duration::from_millis(1500))));
        assert_eq!("2m".parse(), Ok(Span(Duration::from_secs(120))));
        assert!("15".parse::<Span>().is_err());
        assert!("-1s".parse::<Span>().is_err());
    }

    #[test]
    fn span_of_any_accepted_form_keeps_its_meaning() {
        for (text, nanos) in [
            ("0s", 0),
            ("-0s", 0),
            ("0.0000000001s", 0),
            ("0.5ms", 500_000),
            ("1e-3s", 1_000_000),
            ("300ms", 300_000_000),
            (".5s", 500_000_000),
            ("1.s", 1_000_000_000),
            ("+1s", 1_000_000_000),
            ("1.0001s", 1_000_100_000),
            ("1e1s", 10_000_000_000),
            ("1.5m", 90_000_000_000),
            ("2min", 120_000_000_000),
            ("1e9s", 1_000_000_000_000_000_000),
        ] {
            assert_eq!(text.parse(), Ok(Span(Duration::from_nanos(nanos))), "{text}");
        }
    }

    #[test]
    fn span_beyond_a_century_is_shortened() {
        for text in ["1e10s", "1e18s", "1e17m"] {
            let span: Span = text.parse().unwrap();
            assert_eq!(span.0, LONGEST_SPAN, "{text}");
        }
    }

    #[test]
    fn span_of_any_other_form_is_refused() {
        for text in [
            "",
            "0",
            "s",
            "1h",
            "1d",
            "1M",
            "1S",
            "1us",
            "1sec",
            "1 s",
            " 1s",
            "1s ",
            "1m30s",
            "PT1S",
            "1,5s",
            "1_000s",
            "infs",
            "NaNs",
            "1e400s",
            "18446744073709551616s",
        ] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_rate_can_be_off() {
        assert_eq!("off".parse(), Ok(Qps(Pace::Off)));
        assert_eq!("0".parse(), Ok(Qps(Pace::Off)));
        assert_eq!("auto".parse(), Ok(Qps(Pace::Auto)));
        assert_eq!("0.5".parse(), Ok(Qps(Pace::Fixed(0.5))));
        assert!("-1".parse::<Qps>().is_err());
        assert!("NaN".parse::<Qps>().is_err());
    }
}
