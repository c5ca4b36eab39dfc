//! Who is in the organization: userIds and the unionIds that belong to them [query-user-details].
//!
//! The call is one of the older half of DingTalk's API: its token stands in the query, and it refuses with status 200 and a
//! number [server-api-error-codes-1]. Which numbers come wrapped in 88 is documented for the lack of a permission and was seen
//! for a wrong token; for the rest it is the sandbox's own choice, as is every text.

use std::borrow::Cow;
use std::str::FromStr;

use serde::Serialize;
use thiserror::Error;

use crate::sandbox::api::api_error::ApiRefusal;
use crate::tr;

/// A member of the organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The id within the organization.
    pub user_id: String,
    /// The id that calls of the room API name.
    pub union_id: String,
}

/// Why a text is no member.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}", tr!(format: "`{}` is not a member: write USERID=UNIONID", "`{}` 不是成员：请写成 `USERID=UNIONID`", .0))]
pub struct MemberError(pub String);

impl FromStr for Member {
    type Err = MemberError;

    fn from_str(text: &str) -> Result<Self, MemberError> {
        let parts = text.split_once('=').filter(|(user_id, union_id)| !user_id.is_empty() && !union_id.is_empty());
        let (user_id, union_id) = parts.ok_or_else(|| MemberError(text.to_owned()))?;
        Ok(Self { user_id: user_id.to_owned(), union_id: union_id.to_owned() })
    }
}

/// Finds the member of a userId. Where nobody is listed everybody is one, with a unionId made from the userId.
pub(crate) fn find(members: Option<&[Member]>, user_id: &str) -> Result<Member, ApiRefusal> {
    let known = members.map(|members| members.iter().find(|member| member.user_id == user_id));
    match known {
        _ if user_id.is_empty() => Err(ApiRefusal::malformed("the userid is empty")),
        Some(Some(member)) => Ok(member.clone()),
        Some(None) => Err(ApiRefusal::NO_USER),
        None => Ok(Member { user_id: user_id.to_owned(), union_id: format!("{user_id}-union") }),
    }
}

#[derive(Serialize)]
struct Found<'a> {
    errcode: i64,
    errmsg: &'a str,
    result: FoundMember<'a>,
    request_id: &'a str,
}

#[derive(Serialize)]
struct FoundMember<'a> {
    userid: &'a str,
    unionid: &'a str,
    name: &'a str,
    active: bool,
    admin: bool,
}

/// Writes what is said of a member.
pub(crate) fn found(member: &Member) -> Vec<u8> {
    let Member { user_id, union_id } = member;
    let result = FoundMember { userid: user_id, unionid: union_id, name: user_id, active: true, admin: true };
    let found = Found { errcode: 0, errmsg: "ok", result, request_id: "sandbox" };
    serde_json::to_vec(&found).expect("text and integers always make JSON")
}

#[derive(Serialize)]
struct Refused<'a> {
    errcode: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_msg: Option<&'a str>,
    errmsg: Cow<'a, str>,
    request_id: String,
}

/// Writes a refusal as the older half of the API does.
pub(crate) fn refused(refusal: &ApiRefusal, request_id: String) -> Vec<u8> {
    let (message, number) = (refusal.shown(), number(&refusal.code));
    let refused = match number {
        sub_code @ ("40014" | "60011") => Refused {
            errcode: 88,
            sub_code: Some(sub_code),
            sub_msg: Some(message),
            errmsg: format!("ding talk error[subcode={sub_code},submsg={message}]").into(),
            request_id,
        },
        number => {
            let errcode = number.parse().unwrap_or(-1);
            Refused { errcode, sub_code: None, sub_msg: None, errmsg: message.into(), request_id }
        }
    };
    serde_json::to_vec(&refused).expect("text and integers always make JSON")
}

/// Returns the number for what the room API says in words; a fault may say a number itself.
fn number(code: &str) -> &str {
    match code {
        "InvalidAuthentication" => "40014",
        "param.error" => "400002",
        "Forbidden.AccessDenied.AccessTokenPermissionDenied" => "60011",
        "Forbidden.AccessDenied.IpNotInWhiteList" => "60020",
        "Forbidden.AccessDenied.QpsLimitForApi" => "90002",
        "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi" => "90018",
        "Forbidden.AccessDenied.ApiCountLimitForOrg" => "90020",
        number if number.parse::<i64>().is_ok() => number,
        _ => "-1",
    }
}

#[cfg(test)]
mod tests {
    use reqwest::Method;
    use serde_json::{Value, json};

    use crate::sandbox::testing::TestSandbox;
    use crate::sandbox::{Config, Member, MemberError};

    async fn ask(trial: &TestSandbox, token: &str, body: Value) -> Value {
        let path = format!("/topapi/v2/user/get?access_token={token}");
        let (status, mut answer) = trial.send(Method::POST, &path, Some(body)).await.unwrap();
        assert_eq!(status, 200, "{answer}");
        let request_id = answer.as_object_mut().unwrap().remove("request_id");
        assert!(request_id.is_some_and(|id| id.is_string()));
        answer
    }

    fn zhang() -> Value {
        json!({"language": "zh_CN", "userid": "zhang"})
    }

    #[tokio::test]
    async fn anybody_is_a_member_until_members_are_listed() {
        let trial = TestSandbox::new(Config::default()).await;
        let answer = ask(&trial, &trial.token, zhang()).await;
        let result =
            json!({"userid": "zhang", "unionid": "zhang-union", "name": "zhang", "active": true, "admin": true});
        assert_eq!(answer, json!({"errcode": 0, "errmsg": "ok", "result": result}));
        let members = Some(vec!["zhang=U1".parse().unwrap()]);
        let trial = TestSandbox::new(Config { members, ..Config::default() }).await;
        assert_eq!(ask(&trial, &trial.token, zhang()).await["result"]["unionid"], "U1");
        let stranger = ask(&trial, &trial.token, json!({"userid": "li"})).await;
        assert_eq!(stranger, json!({"errcode": 60121, "errmsg": "there is no such user"}));
    }

    #[tokio::test]
    async fn refusals_come_as_numbers_with_status_200() {
        let trial = TestSandbox::new(Config { quota: Some(0), ..Config::default() }).await;
        assert_eq!(ask(&trial, "wrong", zhang()).await["sub_code"], "40014", "a header is not looked at");
        assert_eq!(ask(&trial, &trial.token, json!({"userid": ""})).await["errcode"], 400_002);
        assert_eq!(ask(&trial, &trial.token, json!({"user": "x"})).await["errcode"], 400_002);
        assert_eq!(ask(&trial, &trial.token, zhang()).await["errcode"], 0, "it is outside the quota");
        for (fault, number) in [
            ("user:permission", json!(88)),
            ("user:ip", json!(60_020)),
            ("user:qps", json!(90_018)),
            ("user:qps-all", json!(90_002)),
            ("user:error(400,50002)", json!(50_002)),
            ("user:500-before", json!(-1)),
        ] {
            trial.sandbox.clear_faults();
            trial.sandbox.add_fault(fault.parse().unwrap());
            assert_eq!(ask(&trial, &trial.token, zhang()).await["errcode"], number, "{fault}");
        }
        assert_eq!(
            trial.sandbox.calls().arrivals.last().and_then(|call| call.code.clone()).as_deref(),
            Some("system.error")
        );
    }

    #[test]
    fn the_token_in_the_query_is_never_shown() {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let shown = runtime.block_on(async {
            let trial = TestSandbox::new(Config::default()).await;
            ask(&trial, &trial.token, zhang()).await;
            let shown = trial.sandbox.requests().pop().unwrap();
            assert!(!format!("{shown:?}").contains(&trial.token));
            shown
        });
        assert!(shown.token && shown.query.is_empty() && shown.raw_query.is_none(), "{shown:?}");
    }

    #[test]
    fn members_are_written_with_both_ids() {
        let member = Member { user_id: "zhang".to_owned(), union_id: "a=b".to_owned() };
        assert_eq!("zhang=a=b".parse(), Ok(member));
        for wrong in ["zhang", "=U", "zhang=", ""] {
            assert_eq!(wrong.parse::<Member>(), Err(MemberError(wrong.to_owned())));
        }
    }
}
