//! What to do about each kind of failure: one to three sentences, with the page of DingTalk's consoles where there is one.
//!
//! Pages and menus are named in Chinese, as the consoles and DingTalk's documentation name them: `basic-concepts-beta` (who
//! sees which console, where the ids are), `add-api-permission`, `workflow-tutorial` (the whitelist of addresses),
//! `server-api-error-codes-1` (the range of an app), `meeting-room-grouping-operation-process` (who may call),
//! `dingtalk-application-development-platform-billing-model` (where the month's calls are shown).

use crate::dingtalk::api::Api;
use crate::dingtalk::error::kind::{ApiError, ErrorKind};
use crate::tr;

impl ApiError {
    /// Says what to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match (self.kind, self.api) {
            (ErrorKind::Parameter, Api::Token) => ErrorKind::Credentials.remedy(),
            (ErrorKind::Parameter, Api::User) => ErrorKind::NoSuchUser.remedy(),
            (ErrorKind::Permission, Api::User) => may_not_look_up(),
            (kind, Api::User) if is_no_answer(kind) => no_directory(),
            (ErrorKind::Parameter, Api::List | Api::Read | Api::Rooms | Api::Administrators | Api::Delete) => {
                wrong_operator()
            }
            (ErrorKind::Permission, Api::List | Api::Read | Api::Rooms | Api::Administrators) => may_not_read(),
            (ErrorKind::Permission, Api::Create | Api::Rename | Api::Delete) => may_not_write(),
            (kind, _) => kind.remedy(),
        }
    }
}

impl ErrorKind {
    /// Says what to do about it, whatever was called.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Parameter | Self::GroupNotFound | Self::TooManyGroups | Self::TooDeep => of_the_groups(self),
            Self::NotAdmin | Self::NotEmployee | Self::OrganizationNotFound => of_the_operator(self),
            Self::NoSuchUser | Self::UserOutOfReach => of_the_user(self),
            Self::Authentication | Self::TokenExpired | Self::Credentials => of_the_token(self),
            Self::Permission | Self::AddressNotAllowed => of_the_app(self),
            Self::Quota | Self::Banned | Self::RateOfApp | Self::RateOfApi | Self::RateOfMinute => of_the_limits(self),
            Self::Server | Self::Timeout | Self::Interrupted | Self::Unreadable | Self::Other => of_the_answer(self),
            Self::Redirect | Self::Unreachable | Self::Certificate | Self::Proxy => of_the_way(self),
        }
    }
}

fn of_the_groups(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::GroupNotFound => tr!(
            "The group was removed from DingTalk meanwhile. Run `roomtree plan` again to see what is left.",
            "该分组已在钉钉中被删除。请重新运行 `roomtree plan` 查看剩余的改动。"
        ),
        ErrorKind::TooManyGroups => tr!(
            "The organization cannot have more room groups. Remove some, or ask DingTalk for a higher limit.",
            "该企业的会议室分组数量已达上限。请删除一些分组，或联系钉钉提高上限。"
        ),
        ErrorKind::TooDeep => tr!(
            "DingTalk supports three levels of room groups, those above `root` included. Flatten the tree in the manifest.",
            "钉钉的会议室分组最多三级，`root` 之上的层级也计算在内。请在清单中减少层级。"
        ),
        _ => tr!(
            "Check the name and the operator's unionId. DingTalk may refuse lengths and characters of names that it does not document: try a shorter, plainer one.",
            "请检查名称和操作人的 unionId。钉钉可能拒绝某些长度或字符的名称，但文档没有说明：请换一个更短、更简单的名称。"
        ),
    }
}

fn of_the_operator(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::NotAdmin => tr!(
            "Make the operator an admin of the meeting-room app (智能会议室) in DingTalk's admin console (oa.dingtalk.com), or name one as the operator: `--user-id USERID` or DINGTALK_UNION_ID. DingTalk's documentation asks for an admin or sub-admin of the organization.",
            "请在管理后台（oa.dingtalk.com）中将操作人设为智能会议室的管理员，或用 `--user-id USERID` 或 DINGTALK_UNION_ID 指定一位管理员作为操作人。钉钉文档要求操作人是企业的管理员或子管理员。"
        ),
        ErrorKind::NotEmployee => tr!(
            "The operator is nobody of this organization. DINGTALK_UNION_ID takes the unionId of a member; a userId is not a unionId, but `--user-id USERID` looks the unionId up.",
            "操作人不是本企业的成员。DINGTALK_UNION_ID 应为本企业成员的 unionId；userId 不是 unionId，但可以用 `--user-id USERID` 查询 unionId。"
        ),
        _ => tr!(
            "Check that the credentials are those of the organization meant (DINGTALK_CORP_ID; the corpId is on the first page, 首页, of the developer console, open-dev.dingtalk.com) and that its meeting-room app (智能会议室) is in use.",
            "请确认凭证属于目标企业（DINGTALK_CORP_ID；corpId 见开发者后台 open-dev.dingtalk.com 的首页），并且该企业已启用智能会议室。"
        ),
    }
}

fn wrong_operator() -> &'static str {
    tr!(
        "Check the operator's unionId (DINGTALK_UNION_ID): a userId is not a unionId, but `--user-id USERID` looks the unionId up.",
        "请检查操作人的 unionId（DINGTALK_UNION_ID）：userId 不是 unionId，但可以用 `--user-id USERID` 查询 unionId。"
    )
}

fn of_the_user(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::UserOutOfReach => tr!(
            "The app may not see this person. In DingTalk's developer console (open-dev.dingtalk.com), let the app's range (版本管理与发布 → 可使用范围) and its range in the address book (权限管理 → 通讯录权限 → 授权范围) take the person in; or set DINGTALK_UNION_ID, for which nobody is looked up.",
            "应用无权查看此人。请在开发者后台（open-dev.dingtalk.com）中将此人加入应用的可使用范围（版本管理与发布 → 可使用范围）和通讯录授权范围（权限管理 → 通讯录权限 → 授权范围）；或设置 DINGTALK_UNION_ID，这样就无需查询通讯录。"
        ),
        _ => tr!(
            "Check the userId (`--user-id` or DINGTALK_USER_ID): DingTalk's admin console (oa.dingtalk.com) shows it under 通讯录 → 成员管理, at the person's name. It is not the name, the mobile number or the unionId.",
            "请检查 userId（`--user-id` 或 DINGTALK_USER_ID）：在管理后台（oa.dingtalk.com）的“通讯录 → 成员管理”中点击姓名即可看到。它不是姓名、手机号或 unionId。"
        ),
    }
}

fn may_not_look_up() -> &'static str {
    tr!(
        "To look up a userId the app needs `qyapi_get_member` (成员信息读权限). Apply for it on the app's page `Permission management` (应用开发 → the app → 权限管理) in DingTalk's developer console (open-dev.dingtalk.com); or set DINGTALK_UNION_ID, for which nobody is looked up.",
        "查询 userId 需要 `qyapi_get_member`（成员信息读权限）。请在开发者后台（open-dev.dingtalk.com）的“应用开发 → 目标应用 → 权限管理”页面申请；或设置 DINGTALK_UNION_ID，这样就无需查询通讯录。"
    )
}

const fn is_no_answer(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Unreachable | ErrorKind::Timeout | ErrorKind::Interrupted | ErrorKind::Unreadable)
}

fn no_directory() -> &'static str {
    tr!(
        "The userId is looked up at a host of its own (DINGTALK_OAPI_ENDPOINT or --oapi-endpoint; https://oapi.dingtalk.com): check that the network, a proxy or a firewall lets it through. Or set DINGTALK_UNION_ID, for which nobody is looked up.",
        "userId 要到另一个域名查询（DINGTALK_OAPI_ENDPOINT 或 `--oapi-endpoint`；默认 `https://oapi.dingtalk.com`）：请确认网络、代理或防火墙允许访问。或设置 DINGTALK_UNION_ID，这样就无需查询通讯录。"
    )
}

fn of_the_token(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Authentication => tr!(
            "DingTalk refuses even a new token. Check that client id, client secret and organization are of one app, and that the endpoint is the one that issued them.",
            "钉钉连新获取的令牌也拒绝。请确认 Client ID、Client Secret 和企业属于同一个应用，并且接口地址与签发凭证的站点一致。"
        ),
        ErrorKind::TokenExpired => tr!(
            "The ready token (DINGTALK_ACCESS_TOKEN) is invalid or expired and cannot be renewed. Get a new one, or give DINGTALK_CLIENT_ID and DINGTALK_CLIENT_SECRET instead.",
            "现成的令牌（DINGTALK_ACCESS_TOKEN）无效或已过期，且无法续期。请重新获取，或改为提供 DINGTALK_CLIENT_ID 和 DINGTALK_CLIENT_SECRET。"
        ),
        _ => tr!(
            "Check DINGTALK_CLIENT_ID, DINGTALK_CLIENT_SECRET and DINGTALK_CORP_ID against the app's page `Credentials and basic information` (应用开发 → the app → 凭证与基础信息) in DingTalk's developer console (open-dev.dingtalk.com). An app of the international edition needs `--endpoint https://api.dingtalk.io`.",
            "请在开发者后台（open-dev.dingtalk.com）的“应用开发 → 目标应用 → 凭证与基础信息”页面核对 DINGTALK_CLIENT_ID、DINGTALK_CLIENT_SECRET 和 DINGTALK_CORP_ID。国际版的应用需要 `--endpoint https://api.dingtalk.io`。"
        ),
    }
}

fn of_the_app(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::AddressNotAllowed => tr!(
            "Add this machine's egress address to the IP whitelist (服务器出口IP) on the app's page `Security settings` (应用开发 → the app → 安全设置) in DingTalk's developer console (open-dev.dingtalk.com).",
            "请在开发者后台（open-dev.dingtalk.com）的“应用开发 → 目标应用 → 安全设置”页面，将本机的出口 IP 加入“服务器出口 IP”白名单。"
        ),
        _ => tr!(
            "Apply for `VideoConference.Conference.Read` and `VideoConference.Conference.Write` on the app's page `Permission management` (应用开发 → the app → 权限管理) in DingTalk's developer console (open-dev.dingtalk.com).",
            "请在开发者后台（open-dev.dingtalk.com）的“应用开发 → 目标应用 → 权限管理”页面申请 `VideoConference.Conference.Read` 和 `VideoConference.Conference.Write`。"
        ),
    }
}

fn may_not_read() -> &'static str {
    tr!(
        "The app lacks `VideoConference.Conference.Read`. Apply for it, and for `VideoConference.Conference.Write` if you mean to change groups, on the app's page `Permission management` (应用开发 → the app → 权限管理) in DingTalk's developer console (open-dev.dingtalk.com).",
        "应用缺少 `VideoConference.Conference.Read` 权限。请在开发者后台（open-dev.dingtalk.com）的“应用开发 → 目标应用 → 权限管理”页面申请；如需修改分组，请同时申请 `VideoConference.Conference.Write`。"
    )
}

fn may_not_write() -> &'static str {
    tr!(
        "The app lacks `VideoConference.Conference.Write`. Apply for it on the app's page `Permission management` (应用开发 → the app → 权限管理) in DingTalk's developer console (open-dev.dingtalk.com).",
        "应用缺少 `VideoConference.Conference.Write` 权限。请在开发者后台（open-dev.dingtalk.com）的“应用开发 → 目标应用 → 权限管理”页面申请。"
    )
}

fn of_the_limits(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Quota => tr!(
            "The monthly quota is used up: 5,000 calls in the standard edition since 2025-11-19, 10,000 before. Nothing is lost: run again next month, or buy more calls. DingTalk's developer console (open-dev.dingtalk.com) shows them under 资源管理.",
            "该企业本月的 API 调用额度已用完（标准版自 2025-11-19 起每月 5,000 次，此前为 10,000 次）。数据没有丢失：请下月再运行，或购买更多额度。用量见开发者后台（open-dev.dingtalk.com）的“资源管理”。"
        ),
        ErrorKind::Banned => tr!(
            "DingTalk bans this egress address for a few minutes: stop everything that calls it from here, wait, and run again. If it stays, this is not DingTalk's answer: check the endpoint, and whether a proxy, gateway or captive portal answers in its place.",
            "钉钉会将该出口 IP 封禁几分钟：请停止从此处发起的所有调用，等待后再运行。如果一直如此，则这不是钉钉的应答：请检查接口地址，以及是否有代理、网关或登录门户代为应答。"
        ),
        ErrorKind::RateOfApp => tr!(
            "Other callers share this app's rate. Run again with a lower `--qps`, or when they are done.",
            "有其他调用方与本应用共用频率限额。请调低 `--qps` 后再运行，或等它们结束。"
        ),
        ErrorKind::RateOfMinute => tr!(
            "The calls of this minute are used up. Run again in a minute, with a lower `--qps`.",
            "这一分钟的调用次数已用完。请一分钟后调低 `--qps` 再运行。"
        ),
        _ => tr!(
            "DingTalk is busy with everyone's calls. Run again in a few minutes.",
            "钉钉正忙于处理所有企业的调用。请几分钟后再运行。"
        ),
    }
}

fn of_the_answer(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Server => tr!(
            "DingTalk failed. Run again: what happened is looked up first, nothing is made twice. If it stays, give the request id to DingTalk's support.",
            "钉钉出现故障。请重新运行：会先查证已发生的改动，不会重复创建。如果一直如此，请将请求 ID 提供给钉钉技术支持。"
        ),
        ErrorKind::Unreadable => tr!(
            "Check the endpoint, and that no proxy or gateway in between answers in DingTalk's place. Then run again: what happened is looked up first.",
            "请检查接口地址，并确认中间没有代理或网关代替钉钉应答。然后重新运行：会先查证已发生的改动。"
        ),
        ErrorKind::Other => tr!(
            "Look the code up in DingTalk's documentation, or give the request id to its diagnostic tool in the developer console (open-dev.dingtalk.com).",
            "请在钉钉文档中查找该错误码，或在开发者后台（open-dev.dingtalk.com）的诊断工具中查询请求 ID。"
        ),
        _ => tr!(
            "Check the network and run again: what happened is looked up first, nothing is made twice.",
            "请检查网络后重新运行：会先查证已发生的改动，不会重复创建。"
        ),
    }
}

fn of_the_way(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Redirect => tr!(
            "Redirects are refused, since they would carry the token elsewhere. Check the endpoint, and whether a captive portal or proxy wants a login.",
            "重定向一律拒绝，因为它会把令牌带到别处。请检查接口地址，以及是否有登录门户或代理要求登录。"
        ),
        ErrorKind::Certificate => tr!(
            "Check that the endpoint is right and speaks https, this machine's clock, and its root certificates. If a company proxy inspects TLS, add its certificate to the system's store or point SSL_CERT_FILE at it.",
            "请检查接口地址是否正确且支持 HTTPS，以及本机时钟和根证书。如果公司代理会解密 TLS，请将其证书加入系统证书库，或用 SSL_CERT_FILE 指向该证书。"
        ),
        ErrorKind::Proxy => tr!(
            "Check HTTPS_PROXY and ALL_PROXY and the proxy's login, or exempt DingTalk with NO_PROXY.",
            "请检查 HTTPS_PROXY、ALL_PROXY 以及代理的登录信息，或用 NO_PROXY 让钉钉不走代理。"
        ),
        _ => tr!(
            "Check the network, name resolution and the endpoint (DINGTALK_ENDPOINT or --endpoint; https://api.dingtalk.com, or https://api.dingtalk.io outside China). A network that lets traffic out through a proxy alone needs HTTPS_PROXY.",
            "请检查网络、域名解析和接口地址（DINGTALK_ENDPOINT 或 `--endpoint`；国内为 `https://api.dingtalk.com`，国际版为 `https://api.dingtalk.io`）。只能通过代理访问外网时，请设置 HTTPS_PROXY。"
        ),
    }
}

#[cfg(test)]
mod tests {
    use crate::dingtalk::api::Api;
    use crate::dingtalk::error::kind::{ApiError, ErrorKind};
    use crate::i18n::{Language, Message};

    fn remedy(api: Api, kind: ErrorKind) -> &'static str {
        ApiError { kind, ..ApiError::implausible(api, Message::default()) }.remedy()
    }

    #[test]
    fn a_wrong_parameter_is_blamed_on_what_the_call_has() {
        let remedy = |api| remedy(api, ErrorKind::Parameter);
        assert!(remedy(Api::Create).contains("the name"));
        assert!(remedy(Api::Token).contains("DINGTALK_CLIENT_ID"));
        for api in [Api::Token, Api::List, Api::Read, Api::Delete] {
            assert!(!remedy(api).contains("the name"), "{api}");
        }
    }

    #[test]
    fn a_missing_permission_is_named() {
        assert!(
            remedy(Api::List, ErrorKind::Permission).starts_with("The app lacks `VideoConference.Conference.Read`")
        );
        assert!(
            remedy(Api::Create, ErrorKind::Permission).starts_with("The app lacks `VideoConference.Conference.Write`")
        );
    }

    #[test]
    fn a_lookup_that_fails_leads_past_itself() {
        assert!(remedy(Api::User, ErrorKind::Permission).contains("`qyapi_get_member`"));
        assert!(remedy(Api::User, ErrorKind::Unreachable).contains("DINGTALK_OAPI_ENDPOINT"));
        for kind in [ErrorKind::Permission, ErrorKind::Unreachable, ErrorKind::UserOutOfReach] {
            assert!(remedy(Api::User, kind).contains("set DINGTALK_UNION_ID"));
        }
    }

    #[test]
    fn pages_have_the_names_that_the_console_shows_in_both_languages() {
        let pages = [
            (ErrorKind::Credentials, "凭证与基础信息"),
            (ErrorKind::Permission, "权限管理"),
            (ErrorKind::AddressNotAllowed, "安全设置"),
            (ErrorKind::NotAdmin, "智能会议室"),
            (ErrorKind::OrganizationNotFound, "首页"),
            (ErrorKind::Quota, "资源管理"),
            (ErrorKind::NoSuchUser, "成员管理"),
            (ErrorKind::UserOutOfReach, "授权范围"),
        ];
        for (kind, page) in pages {
            for language in Language::ALL {
                language.scope(|| assert!(kind.remedy().contains(page), "{page}: {}", kind.remedy()));
            }
        }
    }

    #[test]
    fn every_kind_has_a_remedy_of_its_own_in_each_language() {
        for kind in ErrorKind::ALL {
            let [english, chinese] = Language::ALL.map(|language| language.scope(|| kind.remedy()));
            assert!(english.is_ascii() || english.contains('('), "{english}");
            assert!(chinese.ends_with('。') && english.ends_with('.'), "{chinese} {english}");
            let is_shared = matches!(kind, ErrorKind::Timeout | ErrorKind::Interrupted);
            let alike = ErrorKind::ALL.iter().filter(|other| other.remedy() == kind.remedy()).count();
            assert_eq!(alike, if is_shared { 2 } else { 1 }, "{english}");
        }
    }
}
