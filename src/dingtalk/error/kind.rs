//! Why a call did not do what it was asked: what DingTalk or the network said, and what to do about it.
//!
//! Texts from outside are cleaned, bounded and redacted before they get here (see `scrub`), so that a failure may be shown,
//! logged and stored as it is.

use std::fmt;
use std::time::Duration;

use thiserror::Error;

use crate::dingtalk::api::Api;
use crate::i18n::Message;
use crate::{localized, tr};

/// What went wrong with one call.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub struct ApiError {
    /// The operation that was called.
    pub api: Api,
    /// What it means for the caller.
    pub kind: ErrorKind,
    /// The HTTP status, if an answer came.
    pub status: Option<u16>,
    /// DingTalk's error code, if the answer had one.
    pub code: Option<String>,
    /// What was said: at most 500 characters, without control characters and secrets.
    pub message: Message,
    /// DingTalk's id of the call: its diagnostic tool explains it for seven days.
    pub request_id: Option<String>,
    /// How long to wait before another call can succeed, where that is known.
    pub wait: Option<Duration>,
}

/// Defines [`ErrorKind`] with a word for each variant, so that no list of the kinds can lack one.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $variant:ident = $word:literal,)+) => {
        /// The kinds of failure that need different remedies.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorKind { $($(#[doc = $doc])+ $variant,)+ }

        impl ErrorKind {
            /// Every kind, in the order of this list.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Returns the word for it, as in `docs/errors.md`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
    };
}

kinds! {
    /// `param.error`: DingTalk does not take a parameter.
    Parameter = "parameter",
    /// `user.not.admin`: the operator is no admin of the meeting-room app.
    NotAdmin = "not-admin",
    /// `user.not.employee`: the operator is not of this organization.
    NotEmployee = "not-employee",
    /// `org.not.found`: the organization has no meeting rooms, or is not that of the credentials.
    OrganizationNotFound = "organization-not-found",
    /// `group.not.found`: the group, or the parent to create under, does not exist.
    GroupNotFound = "group-not-found",
    /// `group.too.much`: the organization cannot have more groups.
    TooManyGroups = "too-many-groups",
    /// `depth.over.limit`: the group would stand too deep.
    TooDeep = "too-deep",
    /// `InvalidAuthentication`, again with a new token.
    Authentication = "authentication",
    /// `InvalidAuthentication` for a ready token, which cannot be renewed.
    TokenExpired = "token-expired",
    /// `invalidClientIdOrSecret`, `invalid.client`, `unsupported.grant.type`: no token for these credentials.
    Credentials = "credentials",
    /// `AccessTokenPermissionDenied`: the app lacks the permission for this operation.
    Permission = "permission",
    /// `IpNotInWhiteList`: the app may not be used from this address.
    AddressNotAllowed = "address-not-allowed",
    /// `ApiCountLimitForOrg`: the month's calls are used up.
    Quota = "quota",
    /// An HTML page or status 1111: the egress address is banned for a while.
    Banned = "banned",
    /// The app's rate for this API, or a plain 429.
    RateOfApp = "rate-of-app",
    /// Everyone's rate for this API.
    RateOfApi = "rate-of-api",
    /// The rate per minute.
    RateOfMinute = "rate-of-minute",
    /// 408, 5xx, `system.error`: DingTalk failed, before or after doing what was asked.
    Server = "server",
    /// The answer did not come in time.
    Timeout = "timeout",
    /// The connection broke after the request was sent.
    Interrupted = "interrupted",
    /// An answer came, but not one that DingTalk documents.
    Unreadable = "unreadable",
    /// An answer that points elsewhere. Redirects are never followed.
    Redirect = "redirect",
    /// DingTalk could not be reached: name not resolved, connection refused, no route.
    Unreachable = "unreachable",
    /// No secure connection: the certificate is not trusted, or TLS failed.
    Certificate = "certificate",
    /// The proxy did not connect.
    Proxy = "proxy",
    /// 33012, 40003, 60121: the address book knows nobody of this userId.
    NoSuchUser = "no-such-user",
    /// 50002: the app may not see the person of this userId.
    UserOutOfReach = "user-out-of-reach",
    /// DingTalk refused with a code that is not documented.
    Other = "other",
}

impl ApiError {
    /// Tells of an answer that cannot be true.
    #[must_use]
    pub fn implausible(api: Api, message: Message) -> Self {
        Self::silent(api, ErrorKind::Unreadable, message)
    }

    /// Tells of a call that an interrupted run left without an answer.
    #[must_use]
    pub fn left_open(api: Api) -> Self {
        let message =
            localized!("the run that called ended before the answer came", "发起调用的那次运行在收到应答前就结束了");
        Self::silent(api, ErrorKind::Interrupted, message)
    }

    fn silent(api: Api, kind: ErrorKind, message: Message) -> Self {
        Self { api, kind, status: None, code: None, message, request_id: None, wait: None }
    }

    /// Returns what DingTalk's support asks for.
    fn facts(&self) -> [Option<String>; 3] {
        let code = self.code.as_ref().map(|code| tr!(format: "code `{code}`", "错误码 `{code}`"));
        let status = self.status.map(|status| format!("HTTP {status}"));
        let request_id = self.request_id.as_ref().map(|id| tr!(format: "request id `{id}`", "请求 ID `{id}`"));
        [code, status, request_id]
    }

    /// Says whether no other call of this run can succeed either, so that going on would only burn quota.
    #[must_use]
    pub const fn ends_run(&self) -> bool {
        self.kind.ends_run()
    }
}

impl ErrorKind {
    /// Says whether no other call of this run can succeed either.
    #[must_use]
    pub const fn ends_run(self) -> bool {
        matches!(
            self,
            Self::NotAdmin
                | Self::NotEmployee
                | Self::OrganizationNotFound
                | Self::Authentication
                | Self::TokenExpired
                | Self::Credentials
                | Self::Permission
                | Self::AddressNotAllowed
                | Self::Quota
                | Self::Banned
                | Self::Certificate
                | Self::NoSuchUser
                | Self::UserOutOfReach
        )
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { api, message, .. } = self;
        f.write_str(&tr!(format: "{api}: {message}", "{api}：{message}"))?;
        let facts: Vec<String> = self.facts().into_iter().flatten().collect();
        match facts.join(tr!(", ", "，")) {
            facts if facts.is_empty() => Ok(()),
            facts => f.write_str(&tr!(format: " ({facts})", "（{facts}）")),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::dingtalk::api::Api;
    use crate::dingtalk::error::kind::{ApiError, ErrorKind};
    use crate::i18n::Language;

    #[test]
    fn a_failure_is_one_line_with_code_and_request_id() {
        let failure = ApiError {
            api: Api::Create,
            kind: ErrorKind::TooDeep,
            status: Some(400),
            code: Some("depth.over.limit".to_owned()),
            message: "too deep".into(),
            request_id: Some("ABC".to_owned()),
            wait: None,
        };
        assert_eq!(failure.to_string(), "create: too deep (code `depth.over.limit`, HTTP 400, request id `ABC`)");
        let chinese = Language::Chinese.scope(|| failure.to_string());
        assert_eq!(chinese, "创建：too deep（错误码 `depth.over.limit`，HTTP 400，请求 ID `ABC`）");
        assert!(failure.remedy().contains("three levels"));
    }
}
