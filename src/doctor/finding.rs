//! What a check found: a verdict, a line about it, what to do, and what it rests on.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::doctor::duplicate_groups::Duplicates;
use crate::group::{GroupId, GroupPath};
use crate::i18n::Message;
use crate::tr;

/// What is looked at, in the order of looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Check {
    /// The environment variables that credentials come from.
    Environment,
    /// The address of the API, and whether DingTalk answers there.
    Endpoint,
    /// This machine's clock against DingTalk's.
    Clock,
    /// Whether there is an access token.
    Token,
    /// On whose behalf calls are made.
    Operator,
    /// Whether the groups can be listed for this operator.
    Read,
    /// Whether groups can be changed by this operator.
    Write,
    /// Whether the state can be read and belongs here.
    State,
    /// Whether live still has what the state records.
    Drift,
    /// Whether groups of one name stand under one parent.
    Duplicates,
    /// Whether the live groups make a tree of bearable depth.
    Tree,
}

impl Check {
    /// Returns the word that people read for the check.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Environment => tr!("environment", "环境变量"),
            Self::Endpoint => tr!("endpoint", "接口地址"),
            Self::Clock => tr!("clock", "时钟"),
            Self::Token => tr!("token", "令牌"),
            Self::Operator => tr!("operator", "操作人"),
            Self::Read => tr!("read", "读取权限"),
            Self::Write => tr!("write", "写入权限"),
            Self::State => tr!("state", "状态"),
            Self::Drift => tr!("drift", "漂移"),
            Self::Duplicates => tr!("duplicates", "重名分组"),
            Self::Tree => tr!("tree", "层级结构"),
        }
    }

    /// Returns the word that programs read for the check.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Endpoint => "endpoint",
            Self::Clock => "clock",
            Self::Token => "token",
            Self::Operator => "operator",
            Self::Read => "read",
            Self::Write => "write",
            Self::State => "state",
            Self::Drift => "drift",
            Self::Duplicates => "duplicates",
            Self::Tree => "tree",
        }
    }
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All is well.
    Ok,
    /// Something to look at, which stops no apply; or nothing could be told.
    Warning,
    /// An apply cannot succeed like this.
    Failed(Reason),
    /// Not looked at.
    Skipped,
}

impl Verdict {
    /// Returns the word that people read for the verdict.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => tr!("ok", "正常"),
            Self::Warning => tr!("warning", "警告"),
            Self::Failed(_) => tr!("failed", "失败"),
            Self::Skipped => tr!("skipped", "跳过"),
        }
    }

    /// Returns the word that programs read for the verdict.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed(_) => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// Whose move it is after a failed check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reason {
    /// What was given is wrong: variables, flags, files.
    Input,
    /// State, organization or groups do not fit together.
    Refused,
    /// DingTalk refuses, or cannot be reached.
    Unavailable,
}

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult {
    /// What was looked at.
    pub check: Check,
    /// How it ended.
    pub verdict: Verdict,
    /// One line about it.
    pub detail: Message,
    /// What to do about it.
    pub remedy: Option<Message>,
    /// The groups and calls that it rests on.
    pub evidence: Vec<Detail>,
}

/// One thing that a finding rests on. Names are as they came: whoever shows them makes them fit to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Detail {
    /// A recorded group that live does not have.
    Gone {
        /// Where it is recorded.
        path: GroupPath,
        /// Its id.
        id: GroupId,
    },
    /// A recorded group that has another name in live.
    Renamed {
        /// Where it is recorded.
        path: GroupPath,
        /// Its id.
        id: GroupId,
        /// Its name in live.
        name: String,
    },
    /// A recorded group that stands under another parent in live.
    Moved {
        /// Where it is recorded.
        path: GroupPath,
        /// Its id.
        id: GroupId,
        /// Where it stands in live, if it hangs from the top.
        stands: Option<GroupPath>,
    },
    /// A call of an interrupted run whose outcome is not known.
    Open {
        /// What it was to do.
        change: Opened,
        /// Where.
        path: GroupPath,
    },
    /// The person that a userId turned out to be.
    Operator {
        /// The id within the organization.
        user_id: String,
        /// The id that calls name.
        union_id: String,
        /// The name, if DingTalk told it.
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// Groups of one name under one parent.
    Duplicates(Duplicates),
    /// A live group whose parent live does not have.
    Dangling {
        /// Its id.
        id: GroupId,
        /// Its name.
        name: String,
        /// The parent that is not there.
        parent: GroupId,
    },
    /// A live group that stands, over others, below itself.
    Circle {
        /// Its id.
        id: GroupId,
        /// Its name.
        name: String,
        /// The group it stands under.
        parent: GroupId,
    },
    /// A live group that stands deeper than is allowed.
    Deep {
        /// Where it stands.
        path: GroupPath,
        /// Its id.
        id: GroupId,
        /// How deep that is, from 1.
        depth: usize,
    },
}

/// What a call whose outcome is not known was to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Opened {
    /// To make a group.
    Create,
    /// To give a group another name.
    Rename,
    /// To remove a group.
    Delete,
}

impl fmt::Display for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Create => tr!("create", "创建"),
            Self::Rename => tr!("rename", "改名"),
            Self::Delete => tr!("delete", "删除"),
        })
    }
}

impl CheckResult {
    pub(crate) fn ok(check: Check, detail: Message) -> Self {
        Self::new(check, Verdict::Ok, detail, None)
    }

    pub(crate) fn warning(check: Check, detail: Message, remedy: Message) -> Self {
        Self::new(check, Verdict::Warning, detail, Some(remedy))
    }

    pub(crate) fn failed(check: Check, reason: Reason, detail: Message, remedy: Message) -> Self {
        Self::new(check, Verdict::Failed(reason), detail, Some(remedy))
    }

    pub(crate) fn skipped(check: Check, detail: Message) -> Self {
        Self::new(check, Verdict::Skipped, detail, None)
    }

    pub(crate) fn because(self, evidence: Vec<Detail>) -> Self {
        Self { evidence, ..self }
    }

    fn new(check: Check, verdict: Verdict, detail: Message, remedy: Option<Message>) -> Self {
        Self { check, verdict, detail, remedy, evidence: Vec::new() }
    }
}
