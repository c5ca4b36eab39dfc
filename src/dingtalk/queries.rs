//! What is harmless to ask, and is asked again by itself when the answer fails to come.

use std::collections::{HashMap, HashSet};
use std::future::Future;

use tokio::time::{Instant, sleep, timeout};
use tracing::info;

use crate::dingtalk::administrators::{Administrator, administrators};
use crate::dingtalk::api::Api;
use crate::dingtalk::client::Client;
use crate::dingtalk::error::kind::ApiError;
use crate::dingtalk::http::requests::Request;
use crate::dingtalk::http::response;
use crate::dingtalk::outcome::CallOutcome;
use crate::group::GroupId;
use crate::inventory::{Inventory, ListedGroup};
use crate::localized;

/// No organization has a hundred thousand rooms: a list of more pages has no end.
const MOST_PAGES: usize = 1000;

/// The error codes of a read (`query-meeting-room-groups`) that can mean "no such group". DingTalk documents these codes for the
/// operation, but none of them for this case: that is an assumption.
pub const ABSENCE_CODES: [&str; 3] = ["group.not.found", "group.query.error", "param.error"];

/// The result of looking a group up by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    /// DingTalk has the group.
    Present(ListedGroup),
    /// DingTalk answered with one of [`ABSENCE_CODES`]: the group may not exist.
    Missing(&'static str),
}

/// How many times the timeout of one call all pages of rooms may take together.
const MOST_TIMEOUTS: u32 = 20;

impl Client {
    /// Lists every group of the organization, in one call (`query-meeting-rooms-groups`).
    ///
    /// # Errors
    /// [`ApiError`] when DingTalk refuses, or stays unreachable, throttled or unreadable for longer than the retry policy bears.
    pub async fn list(&self) -> Result<Inventory, ApiError> {
        let began = Instant::now();
        let request = Request::list(&self.operator().await?.union_id);
        let groups = self.repeat(Api::List, || self.ask(&request, response::listed)).await?;
        info!(groups = groups.len(), ms = began.elapsed().as_millis(), "list");
        Ok(Inventory::new(groups))
    }

    /// Reads one group (`query-meeting-room-groups`).
    ///
    /// # Errors
    /// As [`Client::list`]; also when the answer is about another group.
    pub async fn read(&self, id: GroupId) -> Result<ListedGroup, ApiError> {
        let request = Request::read(&self.operator().await?.union_id, id);
        let group = self.repeat(Api::Read, || self.ask(&request, response::one)).await?;
        if group.id == id { Ok(group) } else { Err(about_another(Api::Read, id, group.id)) }
    }

    /// Reads the administrators of one group (`api-querymeetingroomgroupadmin`).
    ///
    /// # Errors
    /// [`ApiError`] when DingTalk refuses, cannot be reached, or answers about another group. Nothing is repeated: the answer
    /// is information only.
    pub async fn administrators(&self, id: GroupId) -> Result<Vec<Administrator>, ApiError> {
        let api = Api::Administrators;
        let request = Request::administrators(&self.operator().await?.union_id, id);
        let read = settled(self.ask(&request, administrators).await)?;
        match read.group.filter(|group| *group != id) {
            None => Ok(read.members),
            Some(other) => Err(about_another(api, id, other)),
        }
    }

    /// Looks a group up that a list lacks. Only an application error out of [`ABSENCE_CODES`] suggests that it does not exist.
    ///
    /// # Errors
    /// As [`Client::read`], for every other failure: it says nothing about the group.
    pub async fn presence(&self, id: GroupId) -> Result<Presence, ApiError> {
        let request = Request::read(&self.operator().await?.union_id, id);
        let ask = || async { presence_of(id, self.ask(&request, response::one).await) };
        self.repeat(Api::Read, ask).await
    }

    /// Counts the meeting rooms of each group, a call for each hundred rooms (`check-the-meeting-room-list`).
    ///
    /// # Errors
    /// As [`Client::list`]; also when the pages do not come to an end, or not within twenty times the timeout of one call.
    pub async fn rooms(&self) -> Result<HashMap<GroupId, usize>, ApiError> {
        let pages = self.room_pages();
        timeout(self.0.settings.timeout * MOST_TIMEOUTS, pages).await.unwrap_or_else(|_| Err(endless()))
    }

    async fn room_pages(&self) -> Result<HashMap<GroupId, usize>, ApiError> {
        let operator = self.operator().await?;
        let (mut rooms, mut asked, mut next) = (HashMap::new(), HashSet::new(), None);
        while asked.len() < MOST_PAGES {
            let request = Request::rooms(&operator.union_id, next.as_deref());
            let page = self.repeat(Api::Rooms, || self.ask(&request, response::rooms)).await?;
            page.groups.into_iter().for_each(|group| *rooms.entry(group).or_default() += 1);
            match page.next {
                None => return Ok(rooms),
                Some(token) if !asked.insert(token.clone()) => break,
                token => next = token,
            }
        }
        Err(endless())
    }

    pub(crate) async fn ask<T>(&self, request: &Request, read: response::Reader<T>) -> CallOutcome<T> {
        self.call(self.permit(request.api).await, request, read).await
    }

    /// Makes attempts until one stands by the retry policy. A failure of another API, to get a token, has had its own attempts.
    pub(crate) async fn repeat<T, F>(&self, api: Api, attempt: impl Fn() -> F) -> Result<T, ApiError>
    where
        F: Future<Output = CallOutcome<T>>,
    {
        let mut retries = self.0.policy.begin();
        loop {
            let outcome = attempt().await;
            let is_own = outcome.failure().is_none_or(|failure| failure.api == api);
            match retries.next(&outcome, fastrand::f64()).filter(|_| is_own) {
                Some(wait) => {
                    let kind = outcome.failure().map(|failure| failure.kind.as_str());
                    info!(api = api.as_str(), outcome = outcome.as_str(), kind, wait_ms = wait.as_millis(), "retry");
                    sleep(wait).await;
                }
                None => return settled(outcome),
            }
        }
    }
}

/// A missing group is a result, not a failure: it is not read again, whatever the HTTP status of the error is.
fn presence_of(id: GroupId, outcome: CallOutcome<ListedGroup>) -> CallOutcome<Presence> {
    let code = outcome.failure().and_then(|failure| failure.code.as_deref());
    if let Some(code) = ABSENCE_CODES.into_iter().find(|known| code == Some(known)) {
        return CallOutcome::Done(Presence::Missing(code));
    }
    match outcome {
        CallOutcome::Done(group) if group.id != id => CallOutcome::Unknown(about_another(Api::Read, id, group.id)),
        outcome => outcome.map(Presence::Present),
    }
}

fn settled<T>(outcome: CallOutcome<T>) -> Result<T, ApiError> {
    match outcome {
        CallOutcome::Done(value) => Ok(value),
        CallOutcome::Rejected(failure)
        | CallOutcome::Throttled(failure)
        | CallOutcome::Unreachable(failure)
        | CallOutcome::Unknown(failure) => Err(failure),
    }
}

fn endless() -> ApiError {
    let message = localized!("the pages of the room list do not come to an end", "会议室列表的分页没有尽头");
    ApiError::implausible(Api::Rooms, message)
}

fn about_another(api: Api, id: GroupId, other: GroupId) -> ApiError {
    let message = localized!(
        "asked for group {id}, DingTalk answered about group {}",
        "查询的是分组 {id}，钉钉答复的却是分组 {}",
        other
    );
    ApiError::implausible(api, message)
}
