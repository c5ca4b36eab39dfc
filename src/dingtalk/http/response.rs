//! What an answer means: a pure function from status, headers and body to an [`CallOutcome`].
//!
//! The first row that fits decides. What is not surely a success is none, and what is not surely a refusal is unknown: a
//! wrong *done* loses a group and a wrong *rejected* makes one twice, whereas a wrong *unknown* costs one list call.
//!
//! | status | body | outcome, kind |
//! |---|---|---|
//! | 3xx | any | unknown, redirect |
//! | any | `"status": 1111` | unknown, banned for `wait` minutes |
//! | below 500 | an HTML page | unknown, banned for 5 minutes; a gateway's error page with a 5xx is no ban |
//! | 2xx | of the older half of the API: an `errcode` other than 0 | as a 4xx with that code |
//! | 2xx | a documented error code, whatever else | unknown, kind of that code: a 2xx is no refusal |
//! | 2xx | the documented answer, in any of the forms of [`lenient`](crate::dingtalk::http::lenient) | done |
//! | 2xx | anything else: empty, `null`, of another type, id ≤ 0 | unknown, unreadable |
//! | 429 | any | throttled for `Retry-After` (1 to 60 s) |
//! | 408 | any | unknown, server |
//! | 4xx | `…QpsLimitForApi`, `…QpsLimit…`, `…QpmLimit…` | throttled |
//! | 4xx | `system.error`, `group.query.error` | unknown, server |
//! | 4xx | another code | rejected, kind of that code or other |
//! | 4xx | no code | unknown, unreadable |
//! | the rest | any | unknown, server |

use std::collections::HashMap;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::dingtalk::api::Api;
use crate::dingtalk::error::codes::kind_of;
use crate::dingtalk::error::error_body::{BAN, ErrorBody};
use crate::dingtalk::error::kind::{ApiError, ErrorKind};
use crate::dingtalk::error::sanitize::Scrub;
use crate::dingtalk::http::lenient::{Flag, Id, IdOrRoot, Label, Seconds};
use crate::dingtalk::outcome::CallOutcome;
use crate::group::GroupId;
use crate::i18n::{Message, misread};
use crate::inventory::ListedGroup;
use crate::localized;

/// The longest `Retry-After` that is believed.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// An HTTP answer, read to its end.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Whether the content type is `text/html`.
    pub(crate) is_html: bool,
    pub(crate) retry_after: Option<Duration>,
    /// By how many seconds its `Date` was ahead of this machine's clock when it arrived.
    pub(crate) ahead: Option<i64>,
    pub(crate) body: Vec<u8>,
}

/// A token that DingTalk has made.
pub(crate) struct Minted {
    pub(crate) token: SecretString,
    /// How long it is good for; `None` if the response does not say.
    pub(crate) lifetime: Option<Duration>,
}

/// Reads the answer to a call: its outcome is done if `read` finds the documented answer in the body.
pub(crate) fn judge<T>(api: Api, answer: &Answer, scrub: &Scrub, read: Reader<T>) -> CallOutcome<T> {
    let judge = Judge { api, answer, scrub, notice: ErrorBody::read(&answer.body) };
    judge.outcome(read)
}

/// Finds what was asked for in a body, or says why it is not there.
pub(crate) type Reader<T> = fn(&[u8]) -> Result<T, Message>;

/// Reads `{"result": <id>}`.
pub(crate) fn created(body: &[u8]) -> Result<GroupId, Message> {
    let Id(id) = result(body)?;
    if id > 0 {
        Ok(GroupId::new(id))
    } else {
        Err(localized!("`{id}` is no id of a group", "`{id}` 不是分组的 ID"))
    }
}

/// Reads `{"result": true}`.
pub(crate) fn confirmed(body: &[u8]) -> Result<(), Message> {
    let Flag(confirmed) = result(body)?;
    if confirmed { Ok(()) } else { Err(localized!("`result` is false", "`result` 为 `false`")) }
}

/// Reads `{"result": [{"groupId", "groupName", "parentId"}]}`.
///
/// An organization is believed to be empty only in the documented form; a list in another form has at least one group.
pub(crate) fn listed(body: &[u8]) -> Result<Vec<ListedGroup>, Message> {
    let documented = parse::<Envelope<Vec<WireGroup>>>(body).map(|envelope| envelope.result);
    let groups = documented.or_else(|why| otherwise_listed(body).ok_or(why))?;
    let groups: Vec<ListedGroup> = groups.into_iter().map(ListedGroup::try_from).collect::<Result<_, _>>()?;
    match contradiction(&groups) {
        Some(id) => Err(localized!(
            "group `{id}` is listed twice, with different names or parents",
            "分组 `{id}` 在列表中出现两次，名称或上级不同"
        )),
        None => Ok(groups),
    }
}

/// Returns an id that the list gives to two different groups: no group can be recognized by such a list.
fn contradiction(groups: &[ListedGroup]) -> Option<GroupId> {
    let mut seen: HashMap<GroupId, &ListedGroup> = HashMap::with_capacity(groups.len());
    groups.iter().find(|group| seen.insert(group.id, group).is_some_and(|other| other != *group)).map(|group| group.id)
}

fn otherwise_listed(body: &[u8]) -> Option<Vec<WireGroup>> {
    let wrapped = parse::<Envelope<Envelope<Vec<WireGroup>>>>(body).map(|envelope| envelope.result.result);
    wrapped.or_else(|_| parse(body)).ok().filter(|groups| !groups.is_empty())
}

/// Reads `{"hasMore", "nextToken", "result": [{"roomGroup": {"groupId"}}]}`: a page of the rooms.
pub(crate) fn rooms(body: &[u8]) -> Result<RoomPage, Message> {
    let page: WireRooms = parse(body)?;
    let is_empty = page.rooms.is_empty();
    let groups = page.rooms.into_iter().filter_map(|room| room.group).map(|group| group.id.0);
    let groups: Vec<i64> = groups.filter(|id| *id != 0).collect();
    if let Some(id) = groups.iter().find(|id| **id < 0) {
        return Err(localized!("`{id}` is no id of a group", "`{id}` 不是分组的 ID"));
    }
    let next = match (page.has_more, page.next.0) {
        (Some(Flag(false)), _) | (None, None) => None,
        // Nothing can be behind a page that has neither a room nor a token.
        (Some(Flag(true)), None) if is_empty => None,
        (Some(Flag(true)), None) => {
            return Err(localized!(
                "it announces more rooms without a `nextToken`",
                "其中表示还有会议室，却没有 `nextToken`"
            ));
        }
        (_, next) => next,
    };
    Ok(RoomPage { groups: groups.into_iter().map(GroupId::new).collect(), next })
}

/// One page of the rooms: the group of each that has one, and the token of the next page.
#[derive(Debug)]
pub(crate) struct RoomPage {
    pub(crate) groups: Vec<GroupId>,
    pub(crate) next: Option<String>,
}

#[derive(Deserialize)]
struct WireRooms {
    #[serde(rename = "hasMore", default)]
    has_more: Option<Flag>,
    /// The documentation does not say whether the token is a text or a number.
    #[serde(rename = "nextToken", default)]
    next: Label,
    #[serde(rename = "result")]
    rooms: Vec<WireRoom>,
}

#[derive(Deserialize)]
struct WireRoom {
    #[serde(rename = "roomGroup")]
    group: Option<WireRoomGroup>,
}

#[derive(Deserialize)]
struct WireRoomGroup {
    #[serde(rename = "groupId", default)]
    id: IdOrRoot,
}

/// Reads `{"groupId", "groupName", "parentId"}`, also as the `result` of an object.
pub(crate) fn one(body: &[u8]) -> Result<ListedGroup, Message> {
    let group = parse::<WireGroup>(body).or_else(|why| result(body).map_err(|_| why))?;
    group.try_into()
}

/// Reads `{"accessToken", "expireIn"}` or `{"access_token", "expires_in"}`.
pub(crate) fn minted(body: &[u8]) -> Result<Minted, Message> {
    let wire: WireToken = parse(body)?;
    let token = [wire.token, wire.organization_token].into_iter().find_map(|token| token.0).unwrap_or_default();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(localized!("the token is no text that a header can carry", "令牌不是请求头能携带的文本"));
    }
    let lifetime = wire.lifetime.0.or(wire.organization_lifetime.0).map(Duration::from_secs);
    Ok(Minted { token: token.into(), lifetime })
}

#[derive(Deserialize)]
struct Envelope<T> {
    result: T,
}

#[derive(Deserialize)]
struct WireGroup {
    #[serde(rename = "groupId")]
    id: Id,
    #[serde(rename = "groupName", default)]
    name: Label,
    #[serde(rename = "parentId", default)]
    parent: IdOrRoot,
}

#[derive(Deserialize)]
struct WireToken {
    #[serde(rename = "accessToken", default)]
    token: Label,
    #[serde(rename = "access_token", default)]
    organization_token: Label,
    #[serde(rename = "expireIn", default)]
    lifetime: Seconds,
    #[serde(rename = "expires_in", default)]
    organization_lifetime: Seconds,
}

impl TryFrom<WireGroup> for ListedGroup {
    type Error = Message;

    fn try_from(group: WireGroup) -> Result<Self, Message> {
        let (Id(id), IdOrRoot(parent)) = (group.id, group.parent);
        if id <= 0 || parent < 0 {
            return Err(localized!(
                "group `{id}` under `{parent}` has no valid id",
                "`{parent}` 之下的分组 `{id}` 没有有效的 ID"
            ));
        }
        Ok(Self { id: GroupId::new(id), name: group.name.0.unwrap_or_default(), parent: GroupId::new(parent) })
    }
}

/// Reads the value of `result`, also where it is wrapped in one object more.
fn result<T: DeserializeOwned>(body: &[u8]) -> Result<T, Message> {
    let documented = parse::<Envelope<T>>(body).map(|envelope| envelope.result);
    documented
        .or_else(|why| parse::<Envelope<Envelope<T>>>(body).map(|envelope| envelope.result.result).map_err(|_| why))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Message> {
    if body.trim_ascii().is_empty() {
        return Err(localized!("it is empty", "内容为空"));
    }
    serde_json::from_slice(body).map_err(|error| misread(&error))
}

struct Judge<'a> {
    api: Api,
    answer: &'a Answer,
    scrub: &'a Scrub,
    notice: Option<ErrorBody>,
}

impl Judge<'_> {
    fn outcome<T>(&self, read: Reader<T>) -> CallOutcome<T> {
        let status = self.answer.status;
        if (300..400).contains(&status) {
            return CallOutcome::Unknown(self.failure(ErrorKind::Redirect, redirected()));
        }
        if let Some(wait) = self.ban() {
            return CallOutcome::Unknown(self.banned(wait));
        }
        match status {
            200..300 if self.api.is_older() && self.code().is_some() => self.refusal(),
            200..300 => self.success(read),
            429 => CallOutcome::Throttled(self.slowed()),
            400..500 if status != 408 => self.refusal(),
            _ => CallOutcome::Unknown(self.failure(ErrorKind::Server, localized!("DingTalk failed", "钉钉出现故障"))),
        }
    }

    fn success<T>(&self, read: Reader<T>) -> CallOutcome<T> {
        let kind = self.code().and_then(|code| kind_of(self.api, code));
        match (kind, read(&self.answer.body)) {
            (Some(kind), _) => CallOutcome::Unknown(self.failure(kind, contradictory())),
            (None, Ok(value)) => CallOutcome::Done(value),
            (None, Err(why)) => CallOutcome::Unknown(self.failure(ErrorKind::Unreadable, unreadable(&why))),
        }
    }

    fn refusal<T>(&self) -> CallOutcome<T> {
        let Some(code) = self.code() else {
            let message = localized!("a refusal without DingTalk's error code", "请求被拒绝，但没有钉钉的错误码");
            return CallOutcome::Unknown(self.failure(ErrorKind::Unreadable, message));
        };
        let kind = kind_of(self.api, code).unwrap_or(ErrorKind::Other);
        let failure = self.failure(kind, localized!("DingTalk gives no reason", "钉钉没有说明原因"));
        match failure.kind {
            ErrorKind::Server => CallOutcome::Unknown(failure),
            ErrorKind::RateOfApp | ErrorKind::RateOfApi | ErrorKind::RateOfMinute => CallOutcome::Throttled(failure),
            _ => CallOutcome::Rejected(failure),
        }
    }

    fn ban(&self) -> Option<Duration> {
        match &self.notice {
            Some(notice) => notice.ban(),
            None => (self.answer.status < 500 && self.is_page()).then_some(BAN),
        }
    }

    fn is_page(&self) -> bool {
        let body = self.answer.body.trim_ascii_start();
        let starts_with =
            |tag: &str| body.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()));
        let is_json = matches!(body.first(), None | Some(b'{' | b'['));
        (self.answer.is_html && !is_json) || ["<!doctype html", "<html", "<head", "<body"].into_iter().any(starts_with)
    }

    fn banned(&self, wait: Duration) -> ApiError {
        let message = localized!(
            "DingTalk bans this address for {} minutes",
            "钉钉封禁此 IP {} 分钟",
            wait.as_secs().div_ceil(60)
        );
        ApiError { wait: Some(wait), ..self.failure(ErrorKind::Banned, message) }
    }

    fn slowed(&self) -> ApiError {
        let kind = self.code().and_then(|code| kind_of(self.api, code)).filter(|kind| is_rate(*kind));
        let wait = self.answer.retry_after.map(|wait| wait.clamp(Duration::from_secs(1), LONGEST_RETRY_AFTER));
        let message = localized!("too many requests", "请求过于频繁");
        ApiError { wait, ..self.failure(kind.unwrap_or(ErrorKind::RateOfApp), message) }
    }

    fn code(&self) -> Option<&str> {
        self.notice.as_ref()?.code(self.api)
    }

    fn failure(&self, kind: ErrorKind, otherwise: Message) -> ApiError {
        let clean = |text: &str| Some(self.scrub.clean(text)).filter(|text| !text.is_empty());
        let notice = self.notice.as_ref();
        ApiError {
            api: self.api,
            kind,
            status: Some(self.answer.status),
            code: self.code().and_then(clean),
            message: notice
                .and_then(ErrorBody::message)
                .and_then(clean)
                .map_or_else(|| otherwise.map(|words| self.scrub.clean(words)), Message::verbatim),
            request_id: notice.and_then(ErrorBody::request_id).and_then(clean),
            wait: None,
        }
    }
}

fn redirected() -> Message {
    localized!("the answer is a redirect, which is refused", "应答是重定向，已拒绝")
}

fn contradictory() -> Message {
    localized!("an error in an answer that says success", "应答表示成功，内容却是错误")
}

fn unreadable(why: &Message) -> Message {
    localized!("the answer cannot be read: {why}", "无法读懂应答：{why}")
}

const fn is_rate(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::RateOfApp | ErrorKind::RateOfApi | ErrorKind::RateOfMinute)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::dingtalk::api::Api;
    use crate::dingtalk::error::sanitize::Scrub;
    use crate::dingtalk::http::response::{Answer, confirmed, created, judge, listed, minted, one};
    use crate::dingtalk::outcome::CallOutcome;

    fn any_answer() -> impl Strategy<Value = Answer> {
        let words =
            "(\\{|\\}|\\[|\"result\"|\"code\"|\"status\"|\"wait\"|:|,|1111|null|true|\"x\"|0|-1|1e9|<html>| ){0,12}";
        let body = prop_oneof![proptest::collection::vec(any::<u8>(), 0..64), words.prop_map(String::into_bytes)];
        let status = prop_oneof![Just(200_u16), any::<u16>()];
        (status, any::<bool>(), body).prop_map(|(status, is_html, body)| Answer {
            status,
            is_html,
            body,
            ..Answer::default()
        })
    }

    #[test]
    fn joiner_in_an_error_code_is_not_printed() {
        let seed = include_bytes!("../../../fuzz/seeds/answer/joiner-in-code");
        let answer = Answer { status: 403, body: seed[1..].to_vec(), ..Answer::default() };
        let outcome = judge(Api::Create, &answer, &Scrub::default(), created);
        assert_eq!(outcome.failure().and_then(|failure| failure.code.as_deref()), Some("wn"));
    }

    proptest! {
        #[test]
        fn nothing_but_a_positive_id_in_a_2xx_creates(answer in any_answer()) {
            let outcome = judge(Api::Create, &answer, &Scrub::default(), created);
            if let CallOutcome::Done(id) = outcome {
                prop_assert!((200..300).contains(&answer.status) && id.get() > 0);
                prop_assert!(String::from_utf8_lossy(&answer.body).contains(&id.to_string()));
            }
        }

        #[test]
        fn bytes_at_random_do_nothing(status in any::<u16>(), body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let answer = Answer { status, body, ..Answer::default() };
            let scrub = Scrub::default();
            prop_assert!(judge(Api::Create, &answer, &scrub, created).failure().is_some());
            prop_assert!(judge(Api::Delete, &answer, &scrub, confirmed).failure().is_some());
            prop_assert!(judge(Api::List, &answer, &scrub, listed).failure().is_some());
            prop_assert!(judge(Api::Read, &answer, &scrub, one).failure().is_some());
            prop_assert!(judge(Api::Token, &answer, &scrub, minted).failure().is_some());
        }
    }
}
