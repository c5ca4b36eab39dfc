//! What DingTalk's error codes mean: the tables of its documentation, as far as a call of roomtree can meet them.
//!
//! The room API has codes in words. The older half of the API, where the address book is, has numbers
//! (`server-api-error-codes-1`, `query-user-details`, `how-to-process-api-throttling-on-the-dingtalk-server`): there a
//! refusal comes with status 200, and one that is about the token or a permission as 88 with the number in `sub_code`.

use crate::dingtalk::api::Api;
use crate::dingtalk::error::kind::ErrorKind;

/// The codes of the room API and of the token calls.
pub const CODES: [(&str, ErrorKind); 21] = [
    ("param.error", ErrorKind::Parameter),
    ("user.not.admin", ErrorKind::NotAdmin),
    ("user.not.employee", ErrorKind::NotEmployee),
    ("org.not.found", ErrorKind::OrganizationNotFound),
    ("group.not.found", ErrorKind::GroupNotFound),
    ("group.too.much", ErrorKind::TooManyGroups),
    ("depth.over.limit", ErrorKind::TooDeep),
    ("InvalidAuthentication", ErrorKind::Authentication),
    ("invalidClientIdOrSecret", ErrorKind::Credentials),
    ("invalid.client", ErrorKind::Credentials),
    ("unsupported.grant.type", ErrorKind::Credentials),
    ("system.error", ErrorKind::Server),
    ("group.query.error", ErrorKind::Server),
    ("Forbidden.AccessDenied.AccessTokenPermissionDenied", ErrorKind::Permission),
    ("Forbidden.AccessDenied.IpNotInWhiteList", ErrorKind::AddressNotAllowed),
    ("Forbidden.AccessDenied.ApiCountLimitForOrg", ErrorKind::Quota),
    ("Forbidden.AccessDenied.QpsLimitForApi", ErrorKind::RateOfApi),
    ("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", ErrorKind::RateOfApp),
    ("Forbidden.AccessDenied.QpsLimitForSuitekeyAndOrgAndApi", ErrorKind::RateOfApp),
    ("Forbidden.AccessDenied.QpmLimitForAppkeyAndApi", ErrorKind::RateOfMinute),
    ("Forbidden.AccessDenied.QpmLimitForSuitekeyAndOrgAndApi", ErrorKind::RateOfMinute),
];

/// The numbers of the address book.
pub const ERRCODES: [(&str, ErrorKind); 14] = [
    ("33012", ErrorKind::NoSuchUser),
    ("40003", ErrorKind::NoSuchUser),
    ("60121", ErrorKind::NoSuchUser),
    ("50002", ErrorKind::UserOutOfReach),
    ("40014", ErrorKind::Authentication),
    ("42001", ErrorKind::Authentication),
    ("60011", ErrorKind::Permission),
    ("60020", ErrorKind::AddressNotAllowed),
    ("90020", ErrorKind::Quota),
    ("90018", ErrorKind::RateOfApp),
    ("90002", ErrorKind::RateOfApi),
    ("40035", ErrorKind::Parameter),
    ("400002", ErrorKind::Parameter),
    ("-1", ErrorKind::Server),
];

/// Returns what a code means as the answer to a call; `None` for one that is not documented.
pub(crate) fn kind_of(api: Api, code: &str) -> Option<ErrorKind> {
    let numbers: &[_] = if api.is_older() { &ERRCODES } else { &[] };
    let known = numbers.iter().chain(&CODES).find(|(known, _)| *known == code);
    known.map(|(_, kind)| *kind).or_else(|| limit(code))
}

/// Describes a limit whose name is unknown but contains its span.
fn limit(code: &str) -> Option<ErrorKind> {
    match code.strip_prefix("Forbidden.AccessDenied.")? {
        qps if qps.starts_with("QpsLimit") => Some(ErrorKind::RateOfApp),
        qpm if qpm.starts_with("QpmLimit") => Some(ErrorKind::RateOfMinute),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::dingtalk::api::Api;
    use crate::dingtalk::error::codes::{CODES, ERRCODES, kind_of};
    use crate::dingtalk::error::kind::ErrorKind;

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
        assert_eq!(kind_of(Api::User, "60121"), Some(ErrorKind::NoSuchUser));
        assert_eq!(kind_of(Api::List, "60121"), None);
    }

    #[test]
    fn a_limit_with_a_new_name_is_a_limit() {
        let kind = |code| kind_of(Api::Create, code);
        assert_eq!(kind("Forbidden.AccessDenied.QpsLimitForSomethingNew"), Some(ErrorKind::RateOfApp));
        assert_eq!(kind("Forbidden.AccessDenied.QpmLimitForSomethingNew"), Some(ErrorKind::RateOfMinute));
        assert_eq!(kind("Forbidden.AccessDenied.SomethingNew"), None);
    }
}
