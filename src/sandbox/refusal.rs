//! The errors with which DingTalk refuses a call: HTTP status, code and message.
//!
//! Codes and statuses are the documented ones. Not documented, and so the sandbox's own choice: every message,
//! `InvalidAction.NotFound` for an unknown path, and `param.error` for malformed bodies of token calls.

use std::borrow::Cow;

/// One error of DingTalk's API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// DingTalk's code.
    pub code: Cow<'static, str>,
    /// A sentence for people.
    pub message: Cow<'static, str>,
}

impl Refusal {
    pub(crate) const NO_API: Self =
        Self::new(404, "InvalidAction.NotFound", "no such API: check the path and the method");
    pub(crate) const TOKEN: Self =
        Self::new(400, "InvalidAuthentication", "the access token is missing, unknown or expired");
    pub(crate) const APP: Self =
        Self::new(400, "invalidClientIdOrSecret", "the client id or the client secret is wrong");
    pub(crate) const CLIENT: Self =
        Self::new(400, "invalid.client", "the client id, the secret or the organization is wrong");
    pub(crate) const GRANT: Self =
        Self::new(400, "unsupported.grant.type", "the grant type must be client_credentials");
    pub(crate) const NOT_ADMIN: Self =
        Self::new(400, "user.not.admin", "the operator is not an admin of meeting rooms");
    pub(crate) const NOT_EMPLOYEE: Self =
        Self::new(400, "user.not.employee", "the operator is not in the organization");
    pub(crate) const NO_USER: Self = Self::new(400, "60121", "there is no such user");
    pub(crate) const NO_GROUP: Self = Self::new(400, "group.not.found", "there is no such group");
    pub(crate) const TOO_DEEP: Self = Self::new(400, "depth.over.limit", "groups may not be nested that deep");
    pub(crate) const TOO_MANY: Self = Self::new(400, "group.too.much", "the organization has as many groups as it may");
    pub(crate) const SYSTEM: Self = Self::new(500, "system.error", "internal error");
    pub(crate) const QPS: Self = Self::forbidden(
        "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi",
        "the app calls this API too often in a second",
    );
    pub(crate) const QPS_ALL: Self =
        Self::forbidden("Forbidden.AccessDenied.QpsLimitForApi", "this API is called too often in a second");
    pub(crate) const QPM: Self = Self::forbidden(
        "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi",
        "the app calls this API too often in a minute",
    );
    pub(crate) const QUOTA: Self = Self::forbidden(
        "Forbidden.AccessDenied.ApiCountLimitForOrg",
        "the organization has used up its calls of this month",
    );
    pub(crate) const PERMISSION: Self = Self::forbidden(
        "Forbidden.AccessDenied.AccessTokenPermissionDenied",
        "the app lacks the permission for this API",
    );
    pub(crate) const ADDRESS: Self =
        Self::forbidden("Forbidden.AccessDenied.IpNotInWhiteList", "the caller's address is not in the app's list");

    const ORGANIZATION: Self = Self::new(400, "org.not.found", "there is no such organization");
    const PARAMETER: Self = Self::new(400, "param.error", "a parameter is wrong");

    /// Every error that has a message of its own.
    const ALL: [Self; 20] = [
        Self::NO_API,
        Self::TOKEN,
        Self::APP,
        Self::CLIENT,
        Self::GRANT,
        Self::NOT_ADMIN,
        Self::NOT_EMPLOYEE,
        Self::NO_USER,
        Self::NO_GROUP,
        Self::TOO_DEEP,
        Self::TOO_MANY,
        Self::SYSTEM,
        Self::QPS,
        Self::QPS_ALL,
        Self::QPM,
        Self::QUOTA,
        Self::PERMISSION,
        Self::ADDRESS,
        Self::ORGANIZATION,
        Self::PARAMETER,
    ];

    /// Returns what is said with a code, if it is a known one.
    pub(crate) fn message_of(code: &str) -> Option<Cow<'static, str>> {
        Self::ALL.into_iter().find(|known| known.code == code).map(|known| known.message)
    }

    const fn new(status: u16, code: &'static str, message: &'static str) -> Self {
        Self { status, code: Cow::Borrowed(code), message: Cow::Borrowed(message) }
    }

    const fn forbidden(code: &'static str, message: &'static str) -> Self {
        Self::new(403, code, message)
    }

    /// `param.error`: what the call asks is malformed.
    pub(crate) fn malformed(message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), ..Self::new(400, "param.error", "") }
    }
}
