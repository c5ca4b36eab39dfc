//! The changes: each call is one attempt and has one outcome. Repeating is for the owner of the plan, who can look first.
//!
//! Every change takes a permit, so that an unpaced one does not compile. The one repetition within is that with a new
//! token, after DingTalk refused the old one and so did nothing.

use crate::dingtalk::answer;
use crate::dingtalk::client::Client;
use crate::dingtalk::outcome::Outcome;
use crate::dingtalk::throttle::Permit;
use crate::dingtalk::wire::Request;
use crate::group::GroupId;

impl Client {
    /// Creates a group under a parent and returns its id (`create-meeting-room-groups`). DingTalk accepts twins.
    pub async fn create(&self, permit: Permit, parent: GroupId, name: &str) -> Outcome<GroupId> {
        let request = Request::create(&self.0.credentials.operator, parent, name);
        self.call(permit, &request, answer::created).await
    }

    /// Gives a group another name (`update-meeting-room-groups`). It cannot be moved.
    pub async fn rename(&self, permit: Permit, id: GroupId, name: &str) -> Outcome<()> {
        let request = Request::rename(&self.0.credentials.operator, id, name);
        self.call(permit, &request, answer::confirmed).await
    }

    /// Deletes a group (`delete-a-conference-room-group`), which must hold neither groups nor rooms.
    pub async fn delete(&self, permit: Permit, id: GroupId) -> Outcome<()> {
        let request = Request::delete(&self.0.credentials.operator, id);
        self.call(permit, &request, answer::confirmed).await
    }
}
