//! All that the sandbox knows, and what it decides about each call.
//!
//! A call passes, in this order: bans, the token, the rate, faults, the app's permissions, the quota, the form of what it asks,
//! the operator, the rules of groups. Faults come after token and rate, so that their counts depend on neither.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::sandbox::api::api_error::ApiRefusal;
use crate::sandbox::api::group::SandboxGroup;
use crate::sandbox::api::groups::Groups;
use crate::sandbox::api::operation::Operation;
use crate::sandbox::api::rate::Window;
use crate::sandbox::api::request;
use crate::sandbox::api::request::{AppToken, Call, Create, OrganizationToken, Rename, User};
use crate::sandbox::api::response::Reply;
use crate::sandbox::api::route::Route;
use crate::sandbox::api::token::Tokens;
use crate::sandbox::api::users;
use crate::sandbox::config::Config;
use crate::sandbox::error::SandboxError;
use crate::sandbox::faults::fault_effect::{Damage, FaultEffect, Moment};
use crate::sandbox::faults::installed::{Faults, Strike};
use crate::sandbox::http::delivery::Answer;
use crate::sandbox::http::request_log::Log;

/// The sandbox's state.
#[derive(Debug)]
pub(crate) struct SandboxState {
    pub(crate) config: Config,
    pub(crate) groups: Groups,
    pub(crate) tokens: Tokens,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
    windows: [Window; Operation::ALL.len()],
    quota_used: u64,
    random: fastrand::Rng,
}

impl SandboxState {
    pub(crate) fn open(config: Config) -> Result<Self, SandboxError> {
        Ok(Self {
            groups: Groups::open(&config)?,
            tokens: Tokens::new(config.token_life),
            faults: Faults::new(config.seed, &config.faults),
            log: Log::new(Instant::now(), config.remembered_calls, config.remembered_requests),
            windows: Default::default(),
            quota_used: 0,
            random: fastrand::Rng::with_seed(config.seed),
            config,
        })
    }

    /// Draws how long the next answer takes.
    pub(crate) fn latency(&mut self) -> Duration {
        self.config.latency.draw(&mut self.random)
    }

    /// Decides about a call and notes it. Returns its number and its answer.
    pub(crate) fn receive(&mut self, call: &Arc<Call>) -> (u64, Answer) {
        let (now, number) = (Instant::now(), self.log.saw(call));
        let Some(route) = call.route() else { return (number, Answer::whole(ApiRefusal::NO_API)) };
        let answer = self.decide(route, call, now).in_the_manner_of(route.operation());
        self.log.note(route.operation(), now, &answer);
        (number, answer)
    }

    fn decide(&mut self, route: Route<'_>, call: &Call, now: Instant) -> Answer {
        if let Some(strike) = self.faults.banned(route.operation(), now) {
            return self.struck(strike, route, call, now);
        }
        if let Err(refusal) = self.admit(route.operation(), call, now) {
            return Answer::whole(refusal);
        }
        match self.faults.strike(route.operation(), now) {
            Some(strike) => self.struck(strike, route, call, now),
            None => Answer::whole(self.perform(route, call, now)),
        }
    }

    /// Checks the token and the rate. Token calls need neither.
    fn admit(&mut self, operation: Operation, call: &Call, now: Instant) -> Result<(), ApiRefusal> {
        if operation == Operation::Token {
            return Ok(());
        }
        let token = match operation {
            Operation::User => call.query_token().into_bytes(),
            _ => call.token().to_vec(),
        };
        if !self.tokens.accepts(&token, now) {
            return Err(ApiRefusal::TOKEN);
        }
        let in_time = self.windows[operation as usize].admit(self.config.rate, now);
        if in_time { Ok(()) } else { Err(ApiRefusal::QPS) }
    }

    fn struck(&mut self, strike: Strike, route: Route<'_>, call: &Call, now: Instant) -> Answer {
        let answer = match strike.effect {
            FaultEffect::Spoil(damage, Moment::Before) => Answer::spoilt(damage, undone(damage)),
            FaultEffect::Spoil(damage, Moment::After) => Answer::spoilt(damage, self.perform(route, call, now)),
            FaultEffect::Late(after, hold) => Answer::late(after, hold),
            FaultEffect::Refuse(refusal) => Answer::whole(refusal),
            FaultEffect::Expire => self.expire(),
            FaultEffect::Ban(page, _) => Answer::whole(Reply::banned(page)),
            FaultEffect::Stale(age) => {
                let moment = now.checked_sub(age).unwrap_or(now);
                Answer::whole(self.listing(call, |groups, _| groups.all_before(moment)))
            }
            FaultEffect::OfHidden(share, effect) => {
                return self.struck_if_hidden(share, Strike { effect: *effect, text: strike.text }, route, call, now);
            }
            FaultEffect::Lacks(share) => Answer::whole(self.listing(call, |groups, seed| groups.without(share, seed))),
            FaultEffect::Reshape(form) => Answer::whole(self.perform(route, call, now).reshaped(form)),
        };
        Answer { fault: Some(strike.text), ..answer }
    }

    /// Lets a fault strike a read of a group that a list without this share of the groups lacks; other reads succeed.
    fn struck_if_hidden(&mut self, share: u8, strike: Strike, route: Route<'_>, call: &Call, now: Instant) -> Answer {
        let shown = self.groups.without(share, self.config.seed);
        match route {
            Route::Read(id) if shown.iter().all(|group| Some(group.id) != id.parse().ok()) => {
                self.struck(strike, route, call, now)
            }
            _ => Answer::whole(self.perform(route, call, now)),
        }
    }

    fn expire(&mut self) -> Answer {
        self.tokens.revoke();
        Answer::whole(ApiRefusal::TOKEN)
    }

    /// Answers a list with other groups than there are.
    fn listing(&mut self, call: &Call, groups: impl FnOnce(&Groups, u64) -> Vec<SandboxGroup>) -> Reply {
        let allowed = self.enter(Operation::List).and_then(|()| self.reader(&call.operator()?));
        allowed.map_or_else(Reply::from, |()| Reply::listing(groups(&self.groups, self.config.seed)))
    }

    /// Carries a call out.
    pub(crate) fn perform(&mut self, route: Route<'_>, call: &Call, now: Instant) -> Reply {
        let done = self.enter(route.operation()).and_then(|()| match route {
            Route::AppToken => self.app_token(call, now),
            Route::OrganizationToken(organization) => self.organization_token(organization, call, now),
            Route::Create => self.create(call),
            Route::Rename => self.rename(call),
            Route::Delete(id) => self.delete(id, call),
            Route::List => self.list(call),
            Route::Read(id) => self.read(id, call),
            Route::Rooms => self.rooms(call),
            Route::Administrators(id) => self.administrators(id, call),
            Route::User => self.user(call),
        });
        done.unwrap_or_else(Reply::from)
    }

    /// Checks what the app may do at all, and counts the call.
    fn enter(&mut self, operation: Operation) -> Result<(), ApiRefusal> {
        if !self.config.known_address {
            return Err(ApiRefusal::ADDRESS);
        }
        if matches!(operation, Operation::Token | Operation::User) {
            return Ok(());
        }
        let permitted = if operation.is_change() { self.config.may_write } else { self.config.may_read };
        if !permitted {
            return Err(ApiRefusal::PERMISSION);
        }
        self.spend()
    }

    fn spend(&mut self) -> Result<(), ApiRefusal> {
        if self.config.quota.is_some_and(|quota| self.quota_used >= quota) {
            return Err(ApiRefusal::QUOTA);
        }
        self.quota_used += 1;
        Ok(())
    }

    fn app_token(&mut self, call: &Call, now: Instant) -> Result<Reply, ApiRefusal> {
        let asked: AppToken<'_> = call.asks()?;
        if asked.app_key != self.config.client_id || asked.app_secret != self.config.client_secret {
            return Err(ApiRefusal::APP);
        }
        let (token, life) = self.tokens.issue(now);
        Ok(Reply::json(format!("{{\"accessToken\":\"{token}\",\"expireIn\":{life}}}")))
    }

    fn organization_token(&mut self, organization: &str, call: &Call, now: Instant) -> Result<Reply, ApiRefusal> {
        let asked: OrganizationToken<'_> = call.asks()?;
        if asked.grant_type != "client_credentials" {
            return Err(ApiRefusal::GRANT);
        }
        let app = (&*asked.client_id, &*asked.client_secret, organization);
        if app != (&*self.config.client_id, &*self.config.client_secret, &*self.config.corp_id) {
            return Err(ApiRefusal::CLIENT);
        }
        let (token, life) = self.tokens.issue(now);
        Ok(Reply::json(format!("{{\"access_token\":\"{token}\",\"expires_in\":{life}}}")))
    }

    fn create(&mut self, call: &Call) -> Result<Reply, ApiRefusal> {
        let asked: Create<'_> = call.asks()?;
        let name = request::group_name(&asked.group_name)?;
        self.admin(&asked.union_id)?;
        self.groups.create(asked.parent_group_id, name).map(Reply::result)
    }

    fn rename(&mut self, call: &Call) -> Result<Reply, ApiRefusal> {
        let asked: Rename<'_> = call.asks()?;
        let name = request::group_name(&asked.group_name)?;
        self.admin(&asked.union_id)?;
        self.groups.rename(asked.group_id, name).map(|()| Reply::result(true))
    }

    fn delete(&mut self, id: &str, call: &Call) -> Result<Reply, ApiRefusal> {
        let id = request::group_id(id)?;
        self.admin(&call.operator()?)?;
        self.groups.delete(id).map(|()| Reply::result(true))
    }

    fn list(&self, call: &Call) -> Result<Reply, ApiRefusal> {
        self.reader(&call.operator()?)?;
        Ok(Reply::listing(self.groups.all()))
    }

    fn read(&self, id: &str, call: &Call) -> Result<Reply, ApiRefusal> {
        let id = request::group_id(id)?;
        self.reader(&call.operator()?)?;
        self.groups.get(id).map(Reply::group)
    }

    fn administrators(&self, id: &str, call: &Call) -> Result<Reply, ApiRefusal> {
        let id = request::group_id(id)?;
        self.reader(&call.operator()?)?;
        self.groups.get(id).map(|group| Reply::administrators(group, self.groups.administrators(id)))
    }

    fn rooms(&self, call: &Call) -> Result<Reply, ApiRefusal> {
        let (from, most) = call.paging()?.range()?;
        self.reader(&call.operator()?)?;
        let page = self.groups.rooms().page(from, most);
        Ok(Reply::rooms(&self.config.corp_id, &page, |group| self.groups.get(group).ok()))
    }

    fn user(&self, call: &Call) -> Result<Reply, ApiRefusal> {
        let asked: User<'_> = call.asks()?;
        users::find(self.config.members.as_deref(), &asked.userid).map(|member| Reply::json(users::found(&member)))
    }

    /// Checks that the operator may change groups.
    fn admin(&self, operator: &str) -> Result<(), ApiRefusal> {
        present(operator)?;
        if listed(self.config.admins.as_deref(), operator) { Ok(()) } else { Err(ApiRefusal::NOT_ADMIN) }
    }

    /// Checks that the operator may read groups: admins may, too.
    fn reader(&self, operator: &str) -> Result<(), ApiRefusal> {
        present(operator)?;
        let admin = self.config.admins.is_some() && self.admin(operator).is_ok();
        if admin || listed(self.config.employees.as_deref(), operator) { Ok(()) } else { Err(ApiRefusal::NOT_EMPLOYEE) }
    }
}

/// Returns what a spoilt answer is made from when nothing was done.
fn undone(damage: Damage) -> Reply {
    match damage {
        Damage::Stall(_) => Reply::gateway(504),
        _ => Reply::result(true),
    }
}

fn present(operator: &str) -> Result<(), ApiRefusal> {
    if operator.is_empty() { Err(ApiRefusal::malformed("the unionId is empty")) } else { Ok(()) }
}

fn listed(operators: Option<&[String]>, operator: &str) -> bool {
    operators.is_none_or(|operators| operators.iter().any(|one| one == operator))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::Method;
    use serde_json::{Value, json};

    use crate::sandbox::Config;
    use crate::sandbox::testing::{TestSandbox, refused};

    #[tokio::test]
    async fn a_group_is_made_read_renamed_listed_and_deleted() {
        let trial = TestSandbox::new(Config { first_id: (1 << 53) + 1, ..Config::default() }).await;
        let id = trial.create(0, "北京/\"A\" 座").await.unwrap().1["result"].as_i64().unwrap();
        assert_eq!(id, 9_007_199_254_740_993);
        let path = format!("/v1.0/rooms/groups/{id}?unionId=a");
        let read = || trial.send(Method::GET, &path, None);
        let shown = |name: &str| json!({"groupId": id, "groupName": name, "parentId": 0});
        assert_eq!(read().await.unwrap(), (200, shown("北京/\"A\" 座")));
        assert_eq!(trial.rename(id, "NO").await.unwrap(), (200, json!({"result": true})));
        assert_eq!(trial.list().await.unwrap(), (200, json!({"result": [shown("NO")]})));
        assert_eq!(trial.delete(id).await.unwrap(), (200, json!({"result": true})));
        assert_eq!(trial.list().await.unwrap(), (200, json!({"result": []})));
        assert_eq!(refused(read().await), (400, "group.not.found".into()));
    }

    #[tokio::test]
    async fn both_token_calls_give_the_same_token_and_say_its_life() {
        let trial = TestSandbox::new(Config { token_life: Duration::from_secs(60), ..Config::default() }).await;
        let body = json!({"client_id": "sandbox", "client_secret": "sandbox", "grant_type": "client_credentials"});
        let answer = trial.send(Method::POST, "/v1.0/oauth2/dingsandbox/token", Some(body)).await.unwrap();
        assert_eq!(answer, (200, json!({"access_token": trial.token, "expires_in": 60})));
        assert_eq!(trial.fresh_token().await, trial.token);
    }

    #[tokio::test]
    async fn wrong_credentials_are_refused_with_the_codes_of_each_token_call() {
        let trial = TestSandbox::new(Config::default()).await;
        let app = |key: &str, secret: &str| {
            let body = json!({"appKey": key, "appSecret": secret});
            trial.send(Method::POST, "/v1.0/oauth2/accessToken", Some(body))
        };
        assert_eq!(refused(app("sandbox", "x").await), (400, "invalidClientIdOrSecret".into()));
        assert_eq!(refused(app("x", "sandbox").await), (400, "invalidClientIdOrSecret".into()));
        let organization = |path: &'static str, secret: &str, grant: &str| {
            let body = json!({"client_id": "sandbox", "client_secret": secret, "grant_type": grant});
            trial.send(Method::POST, path, Some(body))
        };
        let right = "/v1.0/oauth2/dingsandbox/token";
        let invalid = (400, "invalid.client".to_owned());
        assert_eq!(refused(organization(right, "x", "client_credentials").await), invalid);
        assert_eq!(refused(organization("/v1.0/oauth2/other/token", "sandbox", "client_credentials").await), invalid);
        assert_eq!(refused(organization(right, "sandbox", "password").await), (400, "unsupported.grant.type".into()));
    }

    #[tokio::test]
    async fn a_missing_an_unknown_and_an_expired_token_are_refused() {
        let invalid = (400, "InvalidAuthentication".to_owned());
        let mut trial = TestSandbox::new(Config { token_life: Duration::ZERO, ..Config::default() }).await;
        assert_eq!(refused(trial.list().await), invalid, "expired");
        trial.token = "unknown".into();
        assert_eq!(refused(trial.list().await), invalid);
        let bare = trial.http.get(format!("{}/v1.0/rooms/groupLists?unionId=a", trial.sandbox.url()));
        assert_eq!(bare.send().await.unwrap().json::<Value>().await.unwrap()["code"], invalid.1);
    }

    #[tokio::test]
    async fn a_malformed_call_is_refused_and_does_nothing() {
        let trial = TestSandbox::new(Config::default()).await;
        let malformed = (400, "param.error".to_owned());
        let id = trial.create(0, "a").await.unwrap().1["result"].as_i64().unwrap();
        for body in [
            json!({"unionId": "a", "groupName": "b"}),
            json!({"unionId": "a", "parentGroupId": 0}),
            json!({"groupName": "b", "parentGroupId": 0}),
            json!({"unionId": "a", "groupName": "b", "parentGroupId": id.to_string()}),
            json!({"unionId": "a", "groupName": "b", "parentGroupId": 1001.0}),
            json!({"unionId": "a", "groupName": "b", "parentGroupId": null}),
            json!({"unionId": "a", "groupName": 7, "parentGroupId": 0}),
            json!({"unionId": "a", "groupName": "", "parentGroupId": 0}),
            json!({"unionId": "", "groupName": "b", "parentGroupId": 0}),
            json!([]),
        ] {
            assert_eq!(
                refused(trial.send(Method::POST, "/v1.0/rooms/groups", Some(body.clone())).await),
                malformed,
                "{body}"
            );
        }
        let rename = json!({"unionId": "a", "groupName": "b", "groupId": id.to_string()});
        assert_eq!(refused(trial.send(Method::PUT, "/v1.0/rooms/groups", Some(rename)).await), malformed);
        for path in ["/v1.0/rooms/groups/1001", "/v1.0/rooms/groups/1001?unionId=", "/v1.0/rooms/groups/1e3?unionId=a"]
        {
            assert_eq!(refused(trial.send(Method::DELETE, path, None).await), malformed, "{path}");
        }
        assert_eq!(refused(trial.send(Method::GET, "/v1.0/rooms/groupLists", None).await), malformed);
        assert_eq!(trial.names(), ["a"]);
    }

    #[tokio::test]
    async fn the_rules_of_groups_are_answered_with_their_codes() {
        let trial = TestSandbox::new(Config { group_limit: Some(4), ..Config::default() }).await;
        for parent in [0, 1001, 1002] {
            trial.create(parent, "x").await.unwrap();
        }
        assert_eq!(refused(trial.create(1003, "x").await), (400, "depth.over.limit".into()));
        assert_eq!(refused(trial.create(7, "x").await), (400, "group.not.found".into()));
        assert_eq!(refused(trial.rename(7, "x").await), (400, "group.not.found".into()));
        assert_eq!(refused(trial.delete(7).await), (400, "group.not.found".into()));
        assert_eq!(refused(trial.delete(1001).await), (400, "param.error".into()));
        trial.create(0, "x").await.unwrap();
        assert_eq!(refused(trial.create(0, "x").await), (400, "group.too.much".into()));
    }

    #[tokio::test]
    async fn rooms_are_listed_page_by_page() {
        let trial = TestSandbox::new(Config::default()).await;
        let group = trial.create(0, "北京").await.unwrap().1["result"].as_i64().unwrap();
        for number in 0..25 {
            trial.sandbox.add_room(group, &format!("{number} 号"));
        }
        trial.sandbox.add_room(0, "nowhere");
        let list = |query: &str| {
            let path = format!("/v1.0/rooms/meetingRoomLists?unionId=a{query}");
            async { trial.send(Method::GET, &{ path }, None).await }
        };
        let (_, first) = list("").await.unwrap();
        assert_eq!(first["result"].as_array().map(Vec::len), Some(20));
        let room = json!({"roomId": "room1", "roomName": "0 号", "corpId": "dingsandbox", "roomStatus": 0,
            "roomGroup": {"groupId": group, "groupName": "北京", "parentId": 0}});
        assert_eq!((&first["result"][0], &first["hasMore"]), (&room, &json!(true)));
        let next = first["nextToken"].as_str().unwrap();
        let (_, second) = list(&format!("&nextToken={next}&maxResults=100")).await.unwrap();
        assert_eq!(second["result"].as_array().map(Vec::len), Some(6));
        assert_eq!((&second["hasMore"], second.get("nextToken")), (&json!(false), None));
        assert_eq!(second["result"][5].get("roomGroup"), None, "it is in no group");
        for wrong in ["&maxResults=0", "&maxResults=101", "&maxResults=x", "&nextToken=x"] {
            assert_eq!(refused(list(wrong).await), (400, "param.error".into()), "{wrong}");
        }
        assert_eq!(refused(trial.delete(group).await), (400, "param.error".into()));
    }

    #[tokio::test]
    async fn operators_are_checked_when_they_are_listed() {
        let admins = Some(vec!["boss".to_owned()]);
        let trial =
            TestSandbox::new(Config { admins, employees: Some(vec!["clerk".to_owned()]), ..Config::default() }).await;
        assert_eq!(refused(trial.create(0, "a").await), (400, "user.not.admin".into()));
        assert_eq!(refused(trial.list().await), (400, "user.not.employee".into()));
        for operator in ["boss", "clerk"] {
            let path = format!("/v1.0/rooms/groupLists?unionId={operator}");
            assert_eq!(trial.send(Method::GET, &path, None).await.unwrap().0, 200, "{operator}");
        }
        let clerk = json!({"unionId": "clerk", "groupName": "a", "parentGroupId": 0});
        assert_eq!(refused(trial.send(Method::POST, "/v1.0/rooms/groups", Some(clerk)).await).1, "user.not.admin");
    }

    #[tokio::test]
    async fn permissions_and_addresses_are_checked() {
        let denied = (403, "Forbidden.AccessDenied.AccessTokenPermissionDenied".to_owned());
        let trial = TestSandbox::new(Config { may_write: false, ..Config::default() }).await;
        assert_eq!(refused(trial.create(0, "a").await), denied);
        assert_eq!(trial.list().await.unwrap().0, 200);
        let trial = TestSandbox::new(Config { may_read: false, ..Config::default() }).await;
        assert_eq!(refused(trial.list().await), denied);
        assert_eq!(trial.create(0, "a").await.unwrap().0, 200);
        let trial = TestSandbox::new(Config { known_address: false, ..Config::default() }).await;
        let body = json!({"appKey": "sandbox", "appSecret": "sandbox"});
        let answer = trial.send(Method::POST, "/v1.0/oauth2/accessToken", Some(body)).await;
        assert_eq!(refused(answer), (403, "Forbidden.AccessDenied.IpNotInWhiteList".into()));
    }

    #[tokio::test]
    async fn the_rate_is_kept_by_each_operation_and_not_by_token_calls() {
        // At one call per second only a stall of a second between two calls could let the second one in: then try again.
        let rate = "1".parse().unwrap();
        let throttled = loop {
            let trial = TestSandbox::new(Config { rate, quota: Some(1), ..Config::default() }).await;
            let start = std::time::Instant::now();
            assert_eq!(trial.create(0, "a").await.unwrap().0, 200);
            let second = trial.create(0, "b").await;
            if start.elapsed() < Duration::from_secs(1) {
                trial.fresh_token().await;
                assert_eq!(refused(trial.list().await).1, "Forbidden.AccessDenied.ApiCountLimitForOrg");
                break second;
            }
        };
        assert_eq!(refused(throttled), (403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi".into()));
    }

    #[tokio::test]
    async fn the_quota_counts_every_operation_but_tokens() {
        let trial = TestSandbox::new(Config { quota: Some(2), ..Config::default() }).await;
        trial.fresh_token().await;
        assert_eq!(trial.create(0, "a").await.unwrap().0, 200);
        assert_eq!(trial.list().await.unwrap().0, 200);
        let used_up = (403, "Forbidden.AccessDenied.ApiCountLimitForOrg".to_owned());
        assert_eq!(refused(trial.create(0, "b").await), used_up);
        assert_eq!(trial.names(), ["a"]);
    }

    #[tokio::test]
    async fn an_unknown_path_is_refused_in_the_shape_of_the_api() {
        let trial = TestSandbox::new(Config::default()).await;
        for (method, path) in [(Method::GET, "/"), (Method::GET, "/v1.0/rooms/groups"), (Method::PATCH, "/v1.0/x")] {
            assert_eq!(refused(trial.send(method, path, None).await), (404, "InvalidAction.NotFound".into()), "{path}");
        }
    }
}
