//! What DingTalk's error codes mean: the tables of its documentation, as far as a call of roomtree can meet them.
//!
//! The room API has codes in words. The older half of the API, where the address book is, has numbers
//! (`server-api-error-codes-1`, `query-user-details`, `how-to-process-api-throttling-on-the-dingtalk-server`): there a
//! refusal comes with status 200, and one that is about the token or a permission as 88 with the number in `sub_code`.

use crate::dingtalk::api::Api;
use crate::dingtalk::error::kind::FailureKind;

/// The codes of the room API and of the token calls.
pub const CODES: [(&str, FailureKind); 21] = [
    ("param.error", FailureKind::Parameter),
    ("user.not.admin", FailureKind::NotAdmin),
    ("user.not.employee", FailureKind::NotEmployee),
    ("org.not.found", FailureKind::OrganizationNotFound),
    ("group.not.found", FailureKind::GroupNotFound),
    ("group.too.much", FailureKind::TooManyGroups),
    ("depth.over.limit", FailureKind::TooDeep),
    ("InvalidAuthentication", FailureKind::Authentication),
    ("invalidClientIdOrSecret", FailureKind::Credentials),
    ("invalid.client", FailureKind::Credentials),
    ("unsupported.grant.type", FailureKind::Credentials),
    ("system.error", FailureKind::Server),
    ("group.query.error", FailureKind::Server),
    ("Forbidden.AccessDenied.AccessTokenPermissionDenied", FailureKind::Permission),
    ("Forbidden.AccessDenied.IpNotInWhiteList", FailureKind::AddressNotAllowed),
    ("Forbidden.AccessDenied.ApiCountLimitForOrg", FailureKind::Quota),
    ("Forbidden.AccessDenied.QpsLimitForApi", FailureKind::RateOfApi),
    ("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", FailureKind::RateOfApp),
    ("Forbidden.AccessDenied.QpsLimitForSuitekeyAndOrgAndApi", FailureKind::RateOfApp),
    ("Forbidden.AccessDenied.QpmLimitForAppkeyAndApi", FailureKind::RateOfMinute),
    ("Forbidden.AccessDenied.QpmLimitForSuitekeyAndOrgAndApi", FailureKind::RateOfMinute),
];

/// The numbers of the address book.
pub const ERRCODES: [(&str, FailureKind); 14] = [
    ("33012", FailureKind::NoSuchUser),
    ("40003", FailureKind::NoSuchUser),
    ("60121", FailureKind::NoSuchUser),
    ("50002", FailureKind::UserOutOfReach),
    ("40014", FailureKind::Authentication),
    ("42001", FailureKind::Authentication),
    ("60011", FailureKind::Permission),
    ("60020", FailureKind::AddressNotAllowed),
    ("90020", FailureKind::Quota),
    ("90018", FailureKind::RateOfApp),
    ("90002", FailureKind::RateOfApi),
    ("40035", FailureKind::Parameter),
    ("400002", FailureKind::Parameter),
    ("-1", FailureKind::Server),
];

/// Returns what a code means as the answer to a call; `None` for one that is not documented.
pub(crate) fn kind_of(api: Api, code: &str) -> Option<FailureKind> {
    let numbers: &[_] = if api.is_older() { &ERRCODES } else { &[] };
    let known = numbers.iter().chain(&CODES).find(|(known, _)| *known == code);
    known.map(|(_, kind)| *kind).or_else(|| limit(code))
}

/// Returns what a limit means whose name is new, but tells its span.
fn limit(code: &str) -> Option<FailureKind> {
    match code.strip_prefix("Forbidden.AccessDenied.")? {
        qps if qps.starts_with("QpsLimit") => Some(FailureKind::RateOfApp),
        qpm if qpm.starts_with("QpmLimit") => Some(FailureKind::RateOfMinute),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::dingtalk::api::Api;
    use crate::dingtalk::error::codes::{CODES, ERRCODES, kind_of};
    use crate::dingtalk::error::kind::FailureKind;

    #[test]
    fn no_code_has_two_meanings() {
        for table in [CODES.as_slice(), ERRCODES.as_slice()] {
            for (code, _) in table {
                assert_eq!(table.iter().filter(|(other, _)| other == code).count(), 1, "{code}");
            }
        }
    }

    #[test]
    fn numbers_mean_something_in_the_address_book_alone() {
        assert_eq!(kind_of(Api::User, "60121"), Some(FailureKind::NoSuchUser));
        assert_eq!(kind_of(Api::List, "60121"), None);
    }

    #[test]
    fn a_limit_with_a_new_name_is_a_limit() {
        let kind = |code| kind_of(Api::Create, code);
        assert_eq!(kind("Forbidden.AccessDenied.QpsLimitForSomethingNew"), Some(FailureKind::RateOfApp));
        assert_eq!(kind("Forbidden.AccessDenied.QpmLimitForSomethingNew"), Some(FailureKind::RateOfMinute));
        assert_eq!(kind("Forbidden.AccessDenied.SomethingNew"), None);
    }
}
