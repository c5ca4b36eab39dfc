//! Takes calls in, asks the world, and delivers what it says, well or badly.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use futures::stream;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::sandbox::api::api_error::ApiRefusal;
use crate::sandbox::api::request::Call;
use crate::sandbox::api::response::Reply;
use crate::sandbox::faults::duration::LONGEST;
use crate::sandbox::faults::latency::Clock;
use crate::sandbox::http::delivery::{Answer, Delivery};
use crate::sandbox::http::socket::Line;
use crate::sandbox::state::SandboxState;

/// More than any call of the API needs.
const LARGEST_BODY: usize = 1 << 20;

/// What all handlers share.
#[derive(Debug)]
pub(crate) struct Service {
    world: Mutex<SandboxState>,
    clock: Clock,
    /// Work that is done after its call was answered.
    late: Mutex<JoinSet<()>>,
    /// Ends when the sandbox stops.
    open: watch::Receiver<()>,
}

/// Serves one call of the API.
pub(crate) async fn serve(
    State(service): State<Arc<Service>>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: Request,
) -> Response {
    let arrival = Instant::now();
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST_BODY).await else {
        return whole(&ApiRefusal::malformed("the body is too large or broke off").into(), 0);
    };
    let (number, latency, answer) = service.receive(Call::new(parts, body));
    service.pause(arrival, latency, &line).await;
    service.deliver(&answer, number, &line).await
}

impl Service {
    pub(crate) fn new(world: SandboxState, open: watch::Receiver<()>) -> Self {
        Self { world: Mutex::new(world), clock: Clock::new(), late: Mutex::default(), open }
    }

    /// Returns the world; to be held briefly, never across an await.
    pub(crate) fn world(&self) -> MutexGuard<'_, SandboxState> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn receive(self: &Arc<Self>, call: Call) -> (u64, Duration, Answer) {
        let call = Arc::new(call);
        let mut world = self.world();
        let (number, answer) = world.receive(&call);
        let latency = world.latency();
        drop(world);
        if let Some(after) = answer.later {
            self.perform_later(call, after);
        }
        (number, latency, answer)
    }

    fn perform_later(self: &Arc<Self>, call: Arc<Call>, after: Duration) {
        let service = Arc::downgrade(self);
        let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        while late.try_join_next().is_some() {}
        late.spawn(perform_after(service, call, after));
    }

    /// Gives up what was to be done later, and gives the data file back.
    pub(crate) fn close(&self) {
        self.late.lock().unwrap_or_else(PoisonError::into_inner).abort_all();
        self.world().groups.close();
    }

    async fn pause(&self, arrival: Instant, latency: Duration, line: &Line) {
        if latency.is_zero() {
            return;
        }
        tokio::select! {
            () = self.clock.wait_until(arrival + latency.min(LONGEST)) => {}
            () = closed(self.open.clone()) => line.cut(),
        }
    }

    async fn deliver(&self, answer: &Answer, number: u64, line: &Line) -> Response {
        match answer.delivery {
            Delivery::Whole => {}
            Delivery::Reset => line.cut(),
            Delivery::Stalled(time) => self.pause(Instant::now(), time, line).await,
            Delivery::Truncated => return truncated(&answer.reply, number),
            Delivery::Huge(megabytes) => return huge(&answer.reply, megabytes),
        }
        whole(&answer.reply, number)
    }
}

/// Returns when the sandbox stops.
pub(crate) async fn closed(mut open: watch::Receiver<()>) {
    while open.changed().await.is_ok() {}
}

async fn perform_after(service: Weak<Service>, call: Arc<Call>, after: Duration) {
    tokio::time::sleep(after).await;
    if let (Some(service), Some(route)) = (service.upgrade(), call.route()) {
        service.world().perform(route, &call, Instant::now());
    }
}

fn whole(reply: &Reply, number: u64) -> Response {
    reply.dress(Body::from(reply.encode(number)))
}

/// Promises the whole body, sends half of it, and breaks off.
fn truncated(reply: &Reply, number: u64) -> Response {
    let body = reply.encode(number);
    let length = HeaderValue::from(body.len());
    let half = body.slice(..body.len() / 2);
    let mut response = reply.dress(Body::from_stream(stream::unfold(Some(half), then_break_off)));
    response.headers_mut().insert(CONTENT_LENGTH, length);
    response
}

/// Yields the part; the next time, once that has been flushed, an error.
async fn then_break_off(part: Option<Bytes>) -> Option<(Result<Bytes, std::io::Error>, Option<Bytes>)> {
    if let Some(part) = part {
        return Some((Ok(part), None));
    }
    tokio::task::yield_now().await;
    Some((Err(std::io::ErrorKind::BrokenPipe.into()), None))
}

/// A body of blanks, a megabyte at a time.
fn huge(reply: &Reply, megabytes: u32) -> Response {
    let megabyte = Bytes::from(vec![b' '; 1 << 20]);
    let chunks = (0..megabytes).map(move |_| Ok::<_, std::io::Error>(megabyte.clone()));
    reply.dress(Body::from_stream(stream::iter(chunks)))
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Read, Write};
    use std::net::TcpStream;
    use std::time::Duration;

    use reqwest::Method;
    use serde_json::json;

    use crate::sandbox::testing::{TestSandbox, refused};
    use crate::sandbox::{Config, Sandbox};

    /// Says whether the answer to a create failed, and what groups there are after it.
    async fn create_under(fault: &str) -> (bool, Vec<String>) {
        let trial = TestSandbox::with(&[fault]).await;
        let failed = trial.create(0, "a").await.is_err();
        (failed, trial.names())
    }

    /// Waits until there is a group, far longer than it should take.
    async fn until_there_is_a_group(sandbox: &Sandbox) {
        for _ in 0..6000 {
            if !sandbox.groups().is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the late work was never done");
    }

    #[tokio::test]
    async fn a_reset_loses_the_answer_before_or_after_the_work() {
        assert_eq!(create_under("create:reset-before").await, (true, vec![]));
        assert_eq!(create_under("create:reset-after").await, (true, vec!["a".to_owned()]));
    }

    #[tokio::test]
    async fn a_reset_is_a_tcp_reset() {
        let trial = TestSandbox::with(&["token:reset-before"]).await;
        let url = trial.sandbox.url();
        let read = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
            let head = "POST /v1.0/oauth2/accessToken HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}";
            stream.write_all(head.as_bytes()).unwrap();
            stream.read(&mut [0; 16]).map_err(|error| error.kind())
        });
        assert_eq!(read.await.unwrap(), Err(ErrorKind::ConnectionReset));
    }

    #[tokio::test]
    async fn a_server_error_comes_before_or_after_the_work() {
        for (fault, status, groups) in
            [("create:502-before", 502, 0), ("create:504-after", 504, 1), ("create:500-after", 500, 1)]
        {
            let trial = TestSandbox::with(&[fault]).await;
            assert_eq!(trial.create(0, "a").await.unwrap().0, status, "{fault}");
            assert_eq!(trial.names().len(), groups, "{fault}");
        }
        let trial = TestSandbox::with(&["create:500-before"]).await;
        assert_eq!(refused(trial.create(0, "a").await), (500, "system.error".into()));
    }

    async fn create_times_out_under(fault: &str) -> TestSandbox {
        let trial = TestSandbox::with(&[fault]).await;
        let body = json!({"unionId": "a", "groupName": "a", "parentGroupId": 0});
        let call = trial.request(Method::POST, "/v1.0/rooms/groups", Some(body));
        let error = call.timeout(Duration::from_millis(500)).send().await.unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
        trial
    }

    #[tokio::test]
    async fn a_stall_outlasts_the_caller_before_or_after_the_work() {
        let trial = create_times_out_under("create:stall-before(10m)").await;
        assert_eq!(trial.names(), [""; 0]);
        let trial = create_times_out_under("create:stall-after(10m)").await;
        until_there_is_a_group(&trial.sandbox).await;
    }

    #[tokio::test]
    async fn a_stall_that_the_caller_outlasts_ends_in_an_answer() {
        let trial = TestSandbox::with(&["create:stall-before(30ms)", "list:stall-after(30ms)"]).await;
        let start = std::time::Instant::now();
        assert_eq!(trial.create(0, "a").await.unwrap().0, 504);
        assert_eq!(trial.list().await.unwrap(), (200, json!({"result": []})));
        assert!(start.elapsed() >= Duration::from_millis(50), "two stalls of 30 ms, each right to a few ms");
    }

    #[tokio::test]
    async fn late_work_is_done_after_the_answer_was_lost() {
        let trial = TestSandbox::with(&["create:late(1s)@1"]).await;
        assert!(trial.create(0, "late").await.is_err());
        until_there_is_a_group(&trial.sandbox).await;
        assert_eq!(trial.names(), ["late"]);
        let trial = TestSandbox::with(&["create:late-stall(1ms,20ms)@1"]).await;
        assert_eq!(trial.create(0, "late").await.unwrap().0, 504);
        until_there_is_a_group(&trial.sandbox).await;
    }

    #[tokio::test]
    async fn late_work_is_not_done_at_once() {
        let trial = TestSandbox::with(&["create:late(10m)@1"]).await;
        assert!(trial.create(0, "late").await.is_err());
        assert_eq!(trial.names(), [""; 0]);
        assert_eq!(trial.create(0, "after").await.unwrap().1, json!({"result": 1001}));
    }

    #[tokio::test]
    async fn refusals_have_their_codes_and_do_nothing() {
        for (fault, status, code) in [
            ("qps", 403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"),
            ("qps-all", 403, "Forbidden.AccessDenied.QpsLimitForApi"),
            ("qpm", 403, "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi"),
            ("quota", 403, "Forbidden.AccessDenied.ApiCountLimitForOrg"),
            ("permission", 403, "Forbidden.AccessDenied.AccessTokenPermissionDenied"),
            ("ip", 403, "Forbidden.AccessDenied.IpNotInWhiteList"),
            ("error(400,org.not.found)", 400, "org.not.found"),
            ("error(500,group.query.error)", 500, "group.query.error"),
        ] {
            let trial = TestSandbox::with(&[&format!("create:{fault}")]).await;
            assert_eq!(refused(trial.create(0, "a").await), (status, code.to_owned()));
            assert_eq!(trial.names(), [""; 0]);
        }
    }

    #[tokio::test]
    async fn an_expired_token_stays_expired_until_a_new_one_is_asked_for() {
        let mut trial = TestSandbox::with(&["create:expired@2"]).await;
        let expired = (400, "InvalidAuthentication".to_owned());
        assert_eq!(trial.create(0, "a").await.unwrap().0, 200);
        assert_eq!(refused(trial.create(0, "b").await), expired);
        assert_eq!(refused(trial.create(0, "b").await), expired);
        trial.token = trial.fresh_token().await;
        assert_eq!(trial.create(0, "b").await.unwrap().0, 200);
        assert_eq!(trial.names(), ["a", "b"]);
    }

    #[tokio::test]
    async fn a_ban_answers_with_a_page_and_does_nothing() {
        let trial = TestSandbox::with(&["create:deny@1", "create:html(10m)@2"]).await;
        let denied = json!({"status": 1111, "wait": 5, "source": "x5", "punish": "deny", "uuid": "x"});
        assert_eq!(trial.create(0, "a").await.unwrap(), (200, denied));
        for _ in 0..3 {
            let (status, page) = trial.create(0, "a").await.unwrap();
            assert!(status == 200 && page.as_str().is_some_and(|page| page.starts_with("<!doctype html>")), "{page}");
        }
        assert_eq!(trial.list().await.unwrap(), (200, json!({"result": []})));
    }

    #[tokio::test]
    async fn a_body_is_spoilt_before_or_after_the_work() {
        for (moment, groups) in [("before", 0), ("after", 1)] {
            for (damage, status, shown) in
                [("garbage", 200, None), ("empty", 200, Some("")), ("redirect", 302, Some(""))]
            {
                let trial = TestSandbox::with(&[&format!("create:{damage}-{moment}")]).await;
                let (seen, body) = trial.create(0, "a").await.unwrap();
                assert!(seen == status && body.is_string(), "{damage}: {body}");
                assert!(shown.is_none_or(|shown| body == shown), "{damage}: {body}");
                assert_eq!(trial.names().len(), groups, "{damage}-{moment}");
            }
            let trial = TestSandbox::with(&[&format!("create:null-{moment}")]).await;
            assert_eq!(trial.create(0, "a").await.unwrap(), (200, json!({"result": null})));
            assert_eq!(trial.names().len(), groups, "null-{moment}");
        }
    }

    #[tokio::test]
    async fn a_truncated_body_has_a_status_and_half_of_what_it_promised() {
        let trial = TestSandbox::with(&["create:truncated-after"]).await;
        let body = json!({"unionId": "a", "groupName": "a", "parentGroupId": 0});
        let mut answer = trial.request(Method::POST, "/v1.0/rooms/groups", Some(body)).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.content_length()), (200, Some(15)));
        assert_eq!(answer.chunk().await.unwrap().as_deref(), Some(&b"{\"resul"[..]));
        assert!(answer.chunk().await.is_err());
        assert_eq!(trial.names(), ["a"]);
    }

    #[tokio::test]
    async fn a_huge_body_is_as_large_as_it_was_asked_for() {
        let trial = TestSandbox::with(&["create:huge-after(3)"]).await;
        let (status, body) = trial.create(0, "a").await.unwrap();
        assert_eq!((status, body.as_str().map(str::len)), (200, Some(3 << 20)));
        assert_eq!(trial.names(), ["a"]);
    }

    #[tokio::test]
    async fn a_stale_list_shows_what_was_there_before() {
        let trial = TestSandbox::with(&["list:stale(10m)@1", "list:stale(1us)@2"]).await;
        trial.create(0, "a").await.unwrap();
        assert_eq!(trial.list().await.unwrap(), (200, json!({"result": []})));
        assert_eq!(trial.list().await.unwrap().1["result"][0]["groupName"], "a");
    }

    #[tokio::test]
    async fn a_list_that_lacks_groups_is_followed_by_a_whole_one() {
        let trial = TestSandbox::with(&["list:lacks(50%)@1"]).await;
        for name in ["a", "b", "c", "d"] {
            trial.create(0, name).await.unwrap();
        }
        for shown in [2, 4] {
            assert_eq!(trial.list().await.unwrap().1["result"].as_array().map(Vec::len), Some(shown));
        }
    }

    #[tokio::test]
    async fn read_fails_only_for_a_group_that_the_list_lacks() {
        let trial = TestSandbox::with(&["list:lacks(50%)@1", "read:of-hidden(50%,permission)"]).await;
        for name in ["a", "b", "c", "d"] {
            trial.create(0, name).await.unwrap();
        }
        let list = trial.list().await.unwrap().1;
        let shown: Vec<_> =
            list["result"].as_array().unwrap().iter().filter_map(|group| group["groupId"].as_i64()).collect();
        for id in 1001..=1004 {
            let read = trial.send(Method::GET, &format!("/v1.0/rooms/groups/{id}?unionId=admin"), None).await.unwrap();
            assert_eq!(read.0 == 200, shown.contains(&id), "{id}: {read:?}");
        }
    }

    #[tokio::test]
    async fn an_id_on_demand_is_answered_whatever_was_done() {
        for (fault, groups) in [("create:id-before(7)", 0), ("create:id-after(7)", 1)] {
            let trial = TestSandbox::with(&[fault]).await;
            assert_eq!(trial.create(0, "a").await.unwrap(), (200, json!({"result": 7})));
            assert_eq!(trial.names().len(), groups, "{fault}");
        }
    }

    #[tokio::test]
    async fn ids_have_the_form_that_is_asked_for() {
        for (form, created, top) in [
            ("text-ids", json!("1001"), json!({"groupId": "1001", "groupName": "a", "parentId": "0"})),
            ("null-parent", json!(1001), json!({"groupId": 1001, "groupName": "a", "parentId": null})),
            ("no-parent", json!(1001), json!({"groupId": 1001, "groupName": "a"})),
            ("empty-parent", json!(1001), json!({"groupId": 1001, "groupName": "a", "parentId": ""})),
        ] {
            let trial = TestSandbox::with(&[&format!("*:{form}")]).await;
            assert_eq!(trial.create(0, "a").await.unwrap(), (200, json!({"result": created})));
            trial.create(1001, "b").await.unwrap();
            let list = trial.list().await.unwrap().1;
            assert_eq!((&list["result"][0], list["result"][1]["parentId"].is_null()), (&top, false));
            assert_ne!(list["result"][1]["parentId"], "");
            let read = trial.send(Method::GET, "/v1.0/rooms/groups/1001?unionId=admin", None).await;
            assert_eq!(read.unwrap(), (200, top));
            assert_eq!(trial.rename(1001, "c").await.unwrap(), (200, json!({"result": true})));
            assert_eq!(refused(trial.rename(7, "c").await).1, "group.not.found");
        }
    }

    #[tokio::test]
    async fn answers_take_the_latency() {
        let trial = TestSandbox::new(Config { latency: "20ms".parse().unwrap(), ..Config::default() }).await;
        let start = std::time::Instant::now();
        for _ in 0..10 {
            trial.list().await.unwrap();
        }
        assert!(start.elapsed() >= Duration::from_millis(180), "ten of 20 ms, each right to two ms");
    }

    #[tokio::test]
    async fn a_body_that_is_too_large_is_refused() {
        let trial = TestSandbox::new(Config::default()).await;
        let name = "x".repeat(2 << 20);
        let answer = trial.create(0, &name).await;
        assert!(answer.is_err() || refused(answer) == (400, "param.error".into()), "it may be cut off while it sends");
    }
}
