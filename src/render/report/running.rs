//! Says which run has the state just now.

use schemars::JsonSchema;
use serde::Serialize;

use crate::render::style::{Styled, WARNING, plain};
use crate::state::Running;
use crate::tr;

/// The run that has the state just now.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[schemars(title = "running")]
pub(crate) struct RunningDocument<'a> {
    /// Its process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pid: Option<u32>,
    /// The machine that it runs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<&'a str>,
    /// Its command.
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<&'a str>,
    /// When it began, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<&'a str>,
}

impl<'a> RunningDocument<'a> {
    pub(crate) fn of(running: &'a Running) -> Self {
        let holder = running.holder.as_ref();
        Self {
            pid: holder.map(|holder| holder.pid),
            host: holder.map(|holder| holder.host.as_str()),
            command: holder.map(|holder| holder.command.as_str()),
            since: holder.and_then(|holder| holder.since.as_deref()),
        }
    }
}

/// Writes a note about the run that has the state just now; nothing if there is none.
#[must_use]
pub fn note(running: Option<&Running>) -> String {
    let Some(Running { holder }) = running else { return String::new() };
    let holder = holder.as_ref().map_or_else(
        || tr!("its holder cannot be read", "无法读取其信息").to_owned(),
        |holder| plain(&holder.to_string()).into_owned(),
    );
    let word = Styled(WARNING, tr!("note: ", "注意："));
    tr!(
        format: "{word}a run has this state just now ({holder}); its next changes are not shown here\n",
        "{word}有一个运行正在使用此状态（{holder}）；它接下来的改动不会显示在这里\n"
    )
}
