//! A sandbox and a caller for the tests of this folder.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::sandbox::{Config, Rate, Sandbox};

/// A sandbox and a caller with a token.
pub(crate) struct TestSandbox {
    pub(crate) sandbox: Sandbox,
    pub(crate) http: reqwest::Client,
    pub(crate) token: String,
}

/// Status and body of an answer, or how it failed.
pub(crate) type Answered = Result<(u16, Value), reqwest::Error>;

impl TestSandbox {
    /// Starts a sandbox without a rate, unless the configuration has another than the default.
    pub(crate) async fn new(config: Config) -> Self {
        let rate = if config.rate == Rate::default() { Rate::Off } else { config.rate };
        let sandbox = Sandbox::start(Config { rate, ..config }).await.unwrap();
        let mut trial = Self { sandbox, http: client(), token: String::new() };
        trial.token = trial.fresh_token().await;
        trial
    }

    /// Starts a sandbox with these faults, which do not strike the first token call.
    pub(crate) async fn with(faults: &[&str]) -> Self {
        let trial = Self::new(Config::default()).await;
        faults.iter().for_each(|fault| trial.sandbox.add_fault(fault.parse().unwrap()));
        trial
    }

    pub(crate) async fn fresh_token(&self) -> String {
        let body = json!({"appKey": "sandbox", "appSecret": "sandbox"});
        let (_, answer) = self.send(Method::POST, "/v1.0/oauth2/accessToken", Some(body)).await.unwrap();
        answer["accessToken"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn request(&self, method: Method, path: &str, body: Option<Value>) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.sandbox.url()));
        let request = request.header("x-acs-dingtalk-access-token", &self.token);
        if let Some(body) = body { request.json(&body) } else { request }
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answered {
        let response = self.request(method, path, body).send().await?;
        let status = response.status().as_u16();
        let bytes = response.bytes().await?;
        let text = || Value::from(String::from_utf8_lossy(&bytes).into_owned());
        Ok((status, serde_json::from_slice(&bytes).unwrap_or_else(|_| text())))
    }

    pub(crate) async fn create(&self, parent: i64, name: &str) -> Answered {
        let body = json!({"unionId": "admin", "groupName": name, "parentGroupId": parent});
        self.send(Method::POST, "/v1.0/rooms/groups", Some(body)).await
    }

    pub(crate) async fn rename(&self, id: i64, name: &str) -> Answered {
        let body = json!({"unionId": "admin", "groupName": name, "groupId": id});
        self.send(Method::PUT, "/v1.0/rooms/groups", Some(body)).await
    }

    pub(crate) async fn delete(&self, id: i64) -> Answered {
        self.send(Method::DELETE, &format!("/v1.0/rooms/groups/{id}?unionId=admin"), None).await
    }

    pub(crate) async fn list(&self) -> Answered {
        self.send(Method::GET, "/v1.0/rooms/groupLists?unionId=admin", None).await
    }

    /// Returns the names of all groups.
    pub(crate) fn names(&self) -> Vec<String> {
        self.sandbox.groups().iter().map(|group| group.name.to_string()).collect()
    }
}

/// Returns status and code of an error.
pub(crate) fn refused(answer: Answered) -> (u16, String) {
    let (status, body) = answer.unwrap();
    assert!(body["message"].is_string() && body["requestid"].is_string(), "{body}");
    (status, body["code"].as_str().unwrap().to_owned())
}

pub(crate) fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    builder.retry(reqwest::retry::never()).build().unwrap()
}
