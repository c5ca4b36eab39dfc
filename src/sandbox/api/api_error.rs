//! The errors with which DingTalk refuses a call: HTTP status, code and message.
//!
//! Codes and statuses are the documented ones. Not documented, and so the sandbox's own choice: every message,
//! `InvalidAction.NotFound` for an unknown path, and `param.error` for malformed bodies of token calls.

use std::borrow::Cow;

use crate::tr;

/// One error of DingTalk's API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiRefusal {
    /// The HTTP status.
    pub status: u16,
    /// DingTalk's code.
    pub code: Cow<'static, str>,
    /// A sentence for people.
    pub message: Cow<'static, str>,
    /// The same in Chinese.
    pub(crate) chinese: &'static str,
}

impl ApiRefusal {
    pub(crate) const NO_API: Self = Self::new(
        404,
        "InvalidAction.NotFound",
        "no such API: check the path and the method",
        "没有这个接口：请检查路径和方法",
    );
    pub(crate) const TOKEN: Self = Self::new(
        400,
        "InvalidAuthentication",
        "the access token is missing, unknown or expired",
        "访问令牌缺失、无效或已过期",
    );
    pub(crate) const APP: Self = Self::new(
        400,
        "invalidClientIdOrSecret",
        "the client id or the client secret is wrong",
        "Client ID 或 Client Secret 错误",
    );
    pub(crate) const CLIENT: Self = Self::new(
        400,
        "invalid.client",
        "the client id, the secret or the organization is wrong",
        "Client ID、Client Secret 或企业错误",
    );
    pub(crate) const GRANT: Self = Self::new(
        400,
        "unsupported.grant.type",
        "the grant type must be client_credentials",
        "grant_type 必须是 client_credentials",
    );
    pub(crate) const NOT_ADMIN: Self =
        Self::new(400, "user.not.admin", "the operator is not an admin of meeting rooms", "操作人不是会议室管理员");
    pub(crate) const NOT_EMPLOYEE: Self =
        Self::new(400, "user.not.employee", "the operator is not in the organization", "操作人不是本企业的成员");
    pub(crate) const NO_USER: Self = Self::new(400, "60121", "there is no such user", "没有这个用户");
    pub(crate) const NO_GROUP: Self = Self::new(400, "group.not.found", "there is no such group", "没有这个分组");
    pub(crate) const TOO_DEEP: Self =
        Self::new(400, "depth.over.limit", "groups may not be nested that deep", "分组层级超过上限");
    pub(crate) const TOO_MANY: Self =
        Self::new(400, "group.too.much", "the organization has as many groups as it may", "企业的分组数量已达上限");
    pub(crate) const SYSTEM: Self = Self::new(500, "system.error", "internal error", "系统内部错误");
    pub(crate) const QPS: Self = Self::forbidden(
        "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi",
        "the app calls this API too often in a second",
        "应用每秒调用此接口的次数过多",
    );
    pub(crate) const QPS_ALL: Self = Self::forbidden(
        "Forbidden.AccessDenied.QpsLimitForApi",
        "this API is called too often in a second",
        "此接口每秒被调用的次数过多",
    );
    pub(crate) const QPM: Self = Self::forbidden(
        "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi",
        "the app calls this API too often in a minute",
        "应用每分钟调用此接口的次数过多",
    );
    pub(crate) const QUOTA: Self = Self::forbidden(
        "Forbidden.AccessDenied.ApiCountLimitForOrg",
        "the organization has used up its calls of this month",
        "企业本月的调用额度已用完",
    );
    pub(crate) const PERMISSION: Self = Self::forbidden(
        "Forbidden.AccessDenied.AccessTokenPermissionDenied",
        "the app lacks the permission for this API",
        "应用没有此接口的权限",
    );
    pub(crate) const ADDRESS: Self = Self::forbidden(
        "Forbidden.AccessDenied.IpNotInWhiteList",
        "the caller's address is not in the app's list",
        "调用方的 IP 不在应用的白名单中",
    );

    const ORGANIZATION: Self = Self::new(400, "org.not.found", "there is no such organization", "没有这个企业");
    const PARAMETER: Self = Self::new(400, "param.error", "a parameter is wrong", "参数错误");

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

    /// Returns an error with any status and code, with the message of the code if it is a known one.
    pub(crate) fn on_demand(status: u16, code: &str) -> Self {
        let known = Self::ALL.into_iter().find(|known| known.code == code);
        let known = known.unwrap_or(Self::new(400, "", "asked for by a fault", "按故障设定返回"));
        Self { status, code: Cow::Owned(code.to_owned()), ..known }
    }

    /// Returns the message in the language of this process.
    pub(crate) fn shown(&self) -> &str {
        tr!(&*self.message, self.chinese)
    }

    const fn new(status: u16, code: &'static str, message: &'static str, chinese: &'static str) -> Self {
        Self { status, code: Cow::Borrowed(code), message: Cow::Borrowed(message), chinese }
    }

    const fn forbidden(code: &'static str, message: &'static str, chinese: &'static str) -> Self {
        Self::new(403, code, message, chinese)
    }

    /// `param.error`: what the call asks is malformed.
    pub(crate) fn malformed(message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), ..Self::PARAMETER }
    }
}

#[cfg(test)]
mod tests {
    use crate::i18n::Language;
    use crate::sandbox::api::api_error::ApiRefusal;

    #[test]
    fn error_is_shown_in_the_language_of_the_process() {
        assert_eq!(ApiRefusal::TOO_DEEP.shown(), "groups may not be nested that deep");
        Language::Chinese.scope(|| {
            assert_eq!(ApiRefusal::TOO_DEEP.shown(), "分组层级超过上限");
            assert_eq!(ApiRefusal::malformed("the groupName is empty").shown(), "参数错误");
            assert!(ApiRefusal::ALL.iter().all(|refusal| !refusal.shown().is_ascii()));
        });
    }
}
