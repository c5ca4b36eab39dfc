//! One answer read in every way there is, for the fuzz targets.

use secrecy::SecretString;

use crate::dingtalk::administrators::administrators;
use crate::dingtalk::api::Api;
use crate::dingtalk::error::sanitize::Scrub;
use crate::dingtalk::http::response;
use crate::dingtalk::http::response::{Answer, Minted, Reader, RoomPage, judge};
use crate::dingtalk::operator;
use crate::dingtalk::outcome::CallOutcome;
use crate::group::GroupId;
use crate::inventory::ListedGroup;

/// What one answer would mean to each call.
#[derive(Debug)]
pub struct Readings {
    /// To a create: the id of the new group.
    pub created: CallOutcome<GroupId>,
    /// To a rename or a delete.
    pub confirmed: CallOutcome<()>,
    /// To a list.
    pub listed: CallOutcome<Vec<ListedGroup>>,
    /// To a read of one group.
    pub one: CallOutcome<ListedGroup>,
    /// To a page of the rooms: how many groups it names.
    pub rooms: CallOutcome<usize>,
    /// To a question about the administrators of a group: how many there are.
    pub administrators: CallOutcome<usize>,
    /// To a token call: the lifetime in seconds, 0 if it is unknown.
    pub minted: CallOutcome<u64>,
    /// To a question about a user: the unionId.
    pub user: CallOutcome<String>,
}

/// Reads an answer with this status and body; the secret is to be hidden.
#[must_use]
pub fn read(status: u16, is_html: bool, body: &[u8], secret: &str) -> Readings {
    let answer = Answer { status, is_html, body: body.to_vec(), ..Answer::default() };
    let desk = Desk { answer, scrub: Scrub::new(vec![SecretString::from(secret)]) };
    Readings {
        created: desk.judge(Api::Create, response::created),
        confirmed: desk.judge(Api::Delete, response::confirmed),
        listed: desk.judge(Api::List, response::listed),
        one: desk.judge(Api::Read, response::one),
        rooms: desk.judge(Api::Rooms, |body| response::rooms(body).map(|page: RoomPage| page.groups.len())),
        administrators: desk.judge(Api::Administrators, |body| administrators(body).map(|read| read.members.len())),
        minted: desk.judge(Api::Token, |body| {
            response::minted(body).map(|minted: Minted| minted.lifetime.map_or(0, |life| life.as_secs()))
        }),
        user: desk.judge(Api::User, |body| operator::entry(body).map(|entry| entry.union_id)),
    }
}

struct Desk {
    answer: Answer,
    scrub: Scrub,
}

impl Desk {
    fn judge<T>(&self, api: Api, read: Reader<T>) -> CallOutcome<T> {
        judge(api, &self.answer, &self.scrub, read)
    }
}
