//! The changes: each call is one attempt and has one outcome. Repeating is for the owner of the plan, who can look first.
//!
//! Every change takes a permit, so that an unpaced one does not compile. The one repetition within is that with a new
//! token, after DingTalk refused the old one and so did nothing.

use crate::dingtalk::client::Client;
use crate::dingtalk::http::execute::not_sent;
use crate::dingtalk::http::requests::Request;
use crate::dingtalk::http::response;
use crate::dingtalk::http::response::Reader;
use crate::dingtalk::outcome::CallOutcome;
use crate::dingtalk::pacing::throttle::Permit;
use crate::group::GroupId;

impl Client {
    /// Creates a group under a parent and returns its id (`create-meeting-room-groups`). DingTalk accepts duplicates.
    pub async fn create(&self, permit: Permit, parent: GroupId, name: &str) -> CallOutcome<GroupId> {
        self.change(permit, |operator| Request::create(operator, parent, name), response::created).await
    }

    /// Gives a group another name (`update-meeting-room-groups`). It cannot be moved.
    pub async fn rename(&self, permit: Permit, id: GroupId, name: &str) -> CallOutcome<()> {
        self.change(permit, |operator| Request::rename(operator, id, name), response::confirmed).await
    }

    /// Deletes a group (`delete-a-conference-room-group`), which must hold neither groups nor rooms.
    pub async fn delete(&self, permit: Permit, id: GroupId) -> CallOutcome<()> {
        self.change(permit, |operator| Request::delete(operator, id), response::confirmed).await
    }

    async fn change<T>(
        &self,
        permit: Permit,
        request: impl FnOnce(&str) -> Request,
        read: Reader<T>,
    ) -> CallOutcome<T> {
        match self.operator().await {
            Ok(operator) => {
                let request = request(&operator.union_id).after(permit.attempts());
                self.call(permit, &request, read).await
            }
            Err(failure) => not_sent(failure),
        }
    }
}
