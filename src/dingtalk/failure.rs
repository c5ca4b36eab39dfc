//! Why a call did not do what it was asked: what DingTalk or the network said, and what to do about it.
//!
//! Texts from outside are cleaned, bounded and redacted before they get here (see `scrub`), so that a failure may be shown,
//! logged and stored as it is.

use std::fmt;
use std::time::Duration;

use thiserror::Error;

use crate::dingtalk::api::Api;

/// What went wrong with one call.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub struct Failure {
    /// The operation that was called.
    pub api: Api,
    /// What it means for the caller.
    pub kind: FailureKind,
    /// The HTTP status, if an answer came.
    pub status: Option<u16>,
    /// DingTalk's error code, if the answer had one.
    pub code: Option<String>,
    /// What was said: at most 500 characters, without control characters and secrets.
    pub message: String,
    /// DingTalk's id of the call: its diagnostic tool explains it for seven days.
    pub request_id: Option<String>,
    /// How long to wait before another call can succeed, where that is known.
    pub wait: Option<Duration>,
}

/// The kinds of failure that need different remedies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// `param.error`: DingTalk does not take a parameter.
    Parameter,
    /// `user.not.admin`: the operator is no admin of the meeting-room app.
    NotAdmin,
    /// `user.not.employee`: the operator is not of this organization.
    NotEmployee,
    /// `org.not.found`: the organization has no meeting rooms, or is not that of the credentials.
    OrganizationNotFound,
    /// `group.not.found`: the group, or the parent to create under, does not exist.
    GroupNotFound,
    /// `group.too.much`: the organization cannot have more groups.
    TooManyGroups,
    /// `depth.over.limit`: the group would stand too deep.
    TooDeep,
    /// `InvalidAuthentication`, again with a new token.
    Authentication,
    /// `InvalidAuthentication` for a ready token, which cannot be renewed.
    TokenExpired,
    /// `invalidClientIdOrSecret`, `invalid.client`, `unsupported.grant.type`: no token for these credentials.
    Credentials,
    /// `AccessTokenPermissionDenied`: the app lacks the permission for this operation.
    Permission,
    /// `IpNotInWhiteList`: the app may not be used from this address.
    AddressNotAllowed,
    /// `ApiCountLimitForOrg`: the month's calls are used up.
    Quota,
    /// An HTML page or status 1111: the egress address is banned for a while.
    Banned,
    /// The app's rate for this API, or a plain 429.
    RateOfApp,
    /// Everyone's rate for this API.
    RateOfApi,
    /// The rate per minute.
    RateOfMinute,
    /// 408, 5xx, `system.error`: DingTalk failed, before or after doing what was asked.
    Server,
    /// The answer did not come in time.
    Timeout,
    /// The connection broke after the request was sent.
    Interrupted,
    /// An answer came, but not one that DingTalk documents.
    Unreadable,
    /// An answer that points elsewhere. Redirects are never followed.
    Redirect,
    /// DingTalk could not be reached: name not resolved, connection refused, no route.
    Unreachable,
    /// No secure connection: the certificate is not trusted, or TLS failed.
    Certificate,
    /// The proxy did not connect.
    Proxy,
    /// DingTalk refused with a code that is not documented.
    Other,
}

impl Failure {
    /// Tells of an answer that cannot be true.
    #[must_use]
    pub fn implausible(api: Api, message: String) -> Self {
        Self::silent(api, FailureKind::Unreadable, message)
    }

    /// Tells of a call that an interrupted run left without an answer.
    #[must_use]
    pub fn left_open(api: Api) -> Self {
        Self::silent(api, FailureKind::Interrupted, "the run that called ended before the answer came".to_owned())
    }

    const fn silent(api: Api, kind: FailureKind, message: String) -> Self {
        Self { api, kind, status: None, code: None, message, request_id: None, wait: None }
    }

    /// Says what to do about it, in one or two sentences.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match (self.kind, self.api) {
            (FailureKind::Parameter, Api::Token) => FailureKind::Credentials.remedy(),
            (FailureKind::Parameter, Api::List | Api::Read | Api::Rooms | Api::Delete) => {
                "Check the operator's unionId (DINGTALK_UNION_ID): a userId is not a unionId."
            }
            (kind, _) => kind.remedy(),
        }
    }

    /// Says whether no other call of this run can succeed either, so that going on would only burn quota.
    #[must_use]
    pub const fn ends_run(&self) -> bool {
        self.kind.ends_run()
    }
}

impl FailureKind {
    /// Says what to do about it, in one or two sentences.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Parameter => {
                "Check the name and the operator's unionId. DingTalk may refuse lengths and characters of names that it does not document: try a shorter, plainer one."
            }
            Self::NotAdmin => {
                "Make the operator (DINGTALK_UNION_ID) an admin of the meeting-room app (智能会议室) in DingTalk's admin console (oa.dingtalk.com), or use the unionId of one."
            }
            Self::NotEmployee => {
                "Use the unionId of a member of this organization as the operator (DINGTALK_UNION_ID). A userId is not a unionId."
            }
            Self::OrganizationNotFound => {
                "Check that the credentials are those of the organization meant (DINGTALK_CORP_ID) and that its meeting-room app (智能会议室) is in use."
            }
            Self::GroupNotFound => {
                "The group was removed from DingTalk meanwhile. Run `roomtree plan` again to see what is left."
            }
            Self::TooManyGroups => {
                "The organization cannot have more room groups. Remove some, or ask DingTalk for a higher limit."
            }
            Self::TooDeep => {
                "DingTalk supports three levels of room groups, those above `root` included. Flatten the tree in the manifest."
            }
            Self::Authentication => {
                "DingTalk refuses even a new token. Check that client id, client secret and organization are of one app, and that the endpoint is the one that issued them."
            }
            Self::TokenExpired => {
                "The ready token (DINGTALK_ACCESS_TOKEN) is invalid or expired and cannot be renewed. Get a new one, or give DINGTALK_CLIENT_ID and DINGTALK_CLIENT_SECRET instead."
            }
            Self::Credentials => {
                "Check DINGTALK_CLIENT_ID, DINGTALK_CLIENT_SECRET and DINGTALK_CORP_ID against the app's page `Credentials and basic information` (凭证与基础信息) in DingTalk's developer console (open-dev.dingtalk.com)."
            }
            Self::Permission => {
                "Apply for `VideoConference.Conference.Read` and `VideoConference.Conference.Write` on the app's page `Permission management` (权限管理) in DingTalk's developer console (open-dev.dingtalk.com)."
            }
            Self::AddressNotAllowed => {
                "Add this machine's egress address to the IP whitelist on the app's page `Security settings` (安全设置) in DingTalk's developer console (open-dev.dingtalk.com)."
            }
            Self::Quota => {
                "The organization's calls of this month are used up. Nothing is lost: run again next month, or buy more calls in DingTalk's developer console (open-dev.dingtalk.com)."
            }
            Self::Banned => {
                "DingTalk bans this egress address for a few minutes: stop everything that calls it from here, wait, and run again. If it stays, a proxy or gateway in between gave this answer."
            }
            Self::RateOfApp => {
                "Other callers share this app's rate. Run again with a lower `--qps`, or when they are done."
            }
            Self::RateOfApi => "DingTalk is busy with everyone's calls. Run again in a few minutes.",
            Self::RateOfMinute => "The calls of this minute are used up. Run again in a minute, with a lower `--qps`.",
            Self::Server => {
                "DingTalk failed. Run again: what happened is looked up first, nothing is made twice. If it stays, give the request id to DingTalk's support."
            }
            Self::Timeout | Self::Interrupted => {
                "Check the network and run again: what happened is looked up first, nothing is made twice."
            }
            Self::Unreadable => {
                "Check the endpoint, and that no proxy or gateway in between answers in DingTalk's place. Then run again: what happened is looked up first."
            }
            Self::Redirect => {
                "Redirects are refused, since they would carry the token elsewhere. Check the endpoint, and whether a captive portal or proxy wants a login."
            }
            Self::Unreachable => {
                "Check the network, name resolution and the endpoint (DINGTALK_ENDPOINT or --endpoint; https://api.dingtalk.com, or https://api.dingtalk.io outside China)."
            }
            Self::Certificate => {
                "Check this machine's clock and root certificates. If a company proxy inspects TLS, add its certificate to the system's store or point SSL_CERT_FILE at it."
            }
            Self::Proxy => "Check HTTPS_PROXY and ALL_PROXY and the proxy's login, or exempt DingTalk with NO_PROXY.",
            Self::Other => {
                "Look the code up in DingTalk's documentation, or give the request id to its diagnostic tool in the developer console (open-dev.dingtalk.com)."
            }
        }
    }

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
        )
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.api, self.message)?;
        let status = self.status.map(|status| format!("HTTP {status}"));
        let code = self.code.as_ref().map(|code| format!("code `{code}`"));
        let request_id = self.request_id.as_ref().map(|id| format!("request id `{id}`"));
        let facts: Vec<String> = [code, status, request_id].into_iter().flatten().collect();
        if facts.is_empty() { Ok(()) } else { write!(f, " ({})", facts.join(", ")) }
    }
}

#[cfg(test)]
mod tests {
    use crate::dingtalk::api::Api;
    use crate::dingtalk::failure::{Failure, FailureKind};

    #[test]
    fn a_failure_is_one_line_with_code_and_request_id() {
        let failure = Failure {
            api: Api::Create,
            kind: FailureKind::TooDeep,
            status: Some(400),
            code: Some("depth.over.limit".to_owned()),
            message: "too deep".to_owned(),
            request_id: Some("ABC".to_owned()),
            wait: None,
        };
        assert_eq!(failure.to_string(), "create: too deep (code `depth.over.limit`, HTTP 400, request id `ABC`)");
        assert!(failure.remedy().contains("three levels"));
    }

    #[test]
    fn a_wrong_parameter_is_blamed_on_what_the_call_has() {
        let remedy = |api| {
            let mut failure = Failure::implausible(api, String::new());
            failure.kind = FailureKind::Parameter;
            failure.remedy()
        };
        assert!(remedy(Api::Create).contains("the name"));
        assert!(remedy(Api::Token).contains("DINGTALK_CLIENT_ID"));
        for api in [Api::Token, Api::List, Api::Read, Api::Delete] {
            assert!(!remedy(api).contains("the name"), "{api}");
        }
    }

    #[test]
    fn pages_have_the_names_that_the_console_shows() {
        let pages = [
            (FailureKind::Credentials, "凭证与基础信息"),
            (FailureKind::Permission, "权限管理"),
            (FailureKind::AddressNotAllowed, "安全设置"),
            (FailureKind::NotAdmin, "智能会议室"),
        ];
        for (kind, page) in pages {
            assert!(kind.remedy().contains(page), "{page}");
        }
    }
}
