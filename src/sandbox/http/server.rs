//! A running sandbox, and the handle on it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::sandbox::api::group::{SandboxGroup, SandboxMember};
use crate::sandbox::api::rooms::SandboxRoom;
use crate::sandbox::config::Config;
use crate::sandbox::error::SandboxError;
use crate::sandbox::faults::fault::Fault;
use crate::sandbox::http::admin_api;
use crate::sandbox::http::request_log::{Calls, SeenRequest};
use crate::sandbox::http::service;
use crate::sandbox::http::service::Service;
use crate::sandbox::http::socket::{Door, Line};
use crate::sandbox::state::SandboxState;

/// How long `stop` waits for connections to end by themselves.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(2);

/// A DingTalk for one's own, running until it is stopped or dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    service: Arc<Service>,
    server: JoinHandle<()>,
    open: watch::Sender<()>,
}

impl Sandbox {
    /// Starts a sandbox on the caller's runtime; it serves when this returns.
    ///
    /// # Errors
    /// [`SandboxError`] when the address is not a loopback address or is taken, or the data file cannot be had.
    pub async fn start(config: Config) -> Result<Self, SandboxError> {
        let listener = listen(config.listen).await?;
        let address =
            listener.local_addr().map_err(|source| SandboxError::Listen { address: config.listen, source })?;
        let (open, closing) = watch::channel(());
        let service = Arc::new(Service::new(SandboxState::open(config)?, closing.clone()));
        let server = tokio::spawn(run(listener, service.clone(), closing));
        Ok(Self { address, service, server, open })
    }

    /// Returns where it serves, such as `http://127.0.0.1:40000`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns every group, by id.
    #[must_use]
    pub fn groups(&self) -> Vec<SandboxGroup> {
        self.service.world().groups.all()
    }

    /// Returns what was called.
    #[must_use]
    pub fn calls(&self) -> Calls {
        self.service.world().log.calls()
    }

    /// Returns the last requests whole, less tokens and secrets.
    #[must_use]
    pub fn requests(&self) -> Vec<SeenRequest> {
        let requests = self.service.world().log.requests();
        requests.iter().map(|call| SeenRequest::from(&**call)).collect()
    }

    /// Forgets calls and requests.
    pub fn forget_calls(&self) {
        self.service.world().log.clear();
    }

    /// Makes a group as someone else would, outside the API; no rule applies, the parent need not exist. Returns its id, or 0 if
    /// the data file cannot be written: the API answers `system.error` from then on.
    pub fn add_group(&self, parent: i64, name: &str) -> i64 {
        self.service.world().groups.add(parent, name).unwrap_or_default()
    }

    /// Renames a group as someone else would. One that does not exist stays so.
    pub fn rename_group(&self, id: i64, name: &str) {
        let _ = self.service.world().groups.rename(id, name);
    }

    /// Removes a group as someone else would, whatever is in it.
    pub fn remove_group(&self, id: i64) {
        let _ = self.service.world().groups.take(id);
    }

    /// Returns every room, by number.
    #[must_use]
    pub fn rooms(&self) -> Vec<SandboxRoom> {
        self.service.world().groups.rooms().all().cloned().collect()
    }

    /// Puts a new room into a group as someone else would. Returns its number, or 0 if the data file cannot be written.
    pub fn add_room(&self, group: i64, name: &str) -> u64 {
        self.service.world().groups.add_room(group, name).unwrap_or_default()
    }

    /// Appoints the administrators of a group: their ids and names.
    pub fn appoint(&self, group: i64, members: &[(&str, &str)]) {
        let member = |(id, name): &(&str, &str)| SandboxMember { member_id: (*id).into(), member_name: (*name).into() };
        let _ = self.service.world().groups.appoint(group, members.iter().map(member).collect());
    }

    /// Takes a room away as someone else would.
    pub fn remove_room(&self, number: u64) {
        let _ = self.service.world().groups.take_room(number);
    }

    /// Installs a fault; it counts from now.
    pub fn add_fault(&self, fault: Fault) {
        self.service.world().faults.install(fault);
    }

    /// Takes all faults away, bans too.
    pub fn clear_faults(&self) {
        self.service.world().faults.clear();
    }

    /// Ends all tokens.
    pub fn revoke_tokens(&self) {
        self.service.world().tokens.revoke();
    }

    /// Stops: calls in flight end, late work is given up, the data file is free.
    pub async fn stop(mut self) {
        drop(self.open);
        if tokio::time::timeout(SHUTDOWN_LIMIT, &mut self.server).await.is_err() {
            self.server.abort();
        }
        self.service.close();
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, SandboxError> {
    if !address.ip().is_loopback() {
        return Err(SandboxError::NotLoopback(address));
    }
    TcpListener::bind(address).await.map_err(|source| SandboxError::Listen { address, source })
}

async fn run(listener: TcpListener, service: Arc<Service>, closing: watch::Receiver<()>) {
    let router = admin_api::router().fallback(service::serve).with_state(service);
    let serve = axum::serve(Door(listener), router.into_make_service_with_connect_info::<Line>());
    // A custom listener has no error to give: it tries again.
    let _ = serve.with_graceful_shutdown(service::closed(closing)).await;
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;
    use std::time::Duration;

    use crate::sandbox::testing::TestSandbox;
    use crate::sandbox::{Config, Sandbox, SandboxError};

    #[tokio::test]
    async fn it_listens_on_loopback_alone() {
        let listen: SocketAddr = "0.0.0.0:0".parse().unwrap();
        let refused = Sandbox::start(Config { listen, ..Config::default() }).await;
        assert!(matches!(refused, Err(SandboxError::NotLoopback(address)) if address == listen));
    }

    #[tokio::test]
    async fn a_taken_port_is_an_error() {
        let first = Sandbox::start(Config::default()).await.unwrap();
        let second = Sandbox::start(Config { listen: first.address, ..Config::default() }).await;
        assert!(matches!(second, Err(SandboxError::Listen { address, .. }) if address == first.address));
    }

    #[tokio::test]
    async fn what_was_answered_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data: Some(folder.path().join("groups")), first_id: 1 << 60, ..Config::default() };
        let trial = TestSandbox::new(config.clone()).await;
        let (_, made) = trial.create(0, "北京").await.unwrap();
        let taken = Sandbox::start(config.clone()).await;
        assert!(matches!(taken, Err(SandboxError::InUse(_))));
        let written = std::fs::read_to_string(folder.path().join("groups")).unwrap();
        assert!(written.contains("北京"), "written before the answer: {written}");
        trial.sandbox.stop().await;
        let again = TestSandbox::new(config).await;
        assert_eq!(again.names(), ["北京"]);
        assert_eq!(again.create(0, "b").await.unwrap().1["result"].as_i64(), made["result"].as_i64().map(|id| id + 1));
    }

    #[tokio::test]
    async fn stopping_ends_connections_and_calls_in_flight() {
        let trial = TestSandbox::with(&["list:stall-after(10m)"]).await;
        let list = trial.request(reqwest::Method::GET, "/v1.0/rooms/groupLists?unionId=a", None).send();
        let in_flight = tokio::spawn(list);
        while trial.sandbox.calls().counts.len() < 2 {
            tokio::task::yield_now().await;
        }
        trial.sandbox.stop().await;
        let ended = tokio::time::timeout(Duration::from_secs(30), in_flight).await.unwrap();
        assert!(ended.unwrap().is_err());
    }
}
