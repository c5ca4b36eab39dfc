//! As much of GitHub's and GitLab's REST APIs as the example asks for, on loopback: comments, issues, and which pull request a commit
//! came from. Every call needs a token that permits it.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// The token of GitLab's project access token for comments.
pub(crate) const REPORTER: &str = "glpat-reporter";
/// Who writes with the tokens of the jobs.
const BOT: u64 = 42;

pub(crate) static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
});

/// A comment on a pull request.
#[derive(Clone, Debug)]
pub(crate) struct Comment {
    pub(crate) number: u64,
    pub(crate) author: u64,
    pub(crate) body: String,
}

/// An issue.
#[derive(Clone, Debug)]
pub(crate) struct Issue {
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) is_open: bool,
}

/// A pull request that was merged: as this commit, with that last commit of its own.
#[derive(Clone, Debug)]
pub(crate) struct Merge {
    pub(crate) number: u64,
    pub(crate) commit: String,
    pub(crate) head: String,
}

#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) comments: Vec<Comment>,
    pub(crate) issues: Vec<Issue>,
    pub(crate) merges: Vec<Merge>,
    /// What can be fetched without a token: the archive of a release.
    pub(crate) archive: Vec<u8>,
    /// Calls that changed something.
    pub(crate) writes: Vec<String>,
}

/// A forge that serves.
pub(crate) struct Forge {
    address: SocketAddr,
    book: Arc<Mutex<Book>>,
}

impl Forge {
    pub(crate) fn start() -> Self {
        let book = Arc::new(Mutex::new(Book::default()));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&book));
        let listener = RUNTIME.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        RUNTIME.spawn(async move { axum::serve(listener, router).await });
        Self { address, book }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap()
    }

    /// Somebody who is no job comments.
    pub(crate) fn stranger_says(&self, number: u64, body: &str) {
        self.book().comments.push(Comment { number, author: 7, body: body.to_owned() });
    }

    /// Returns the comments of the jobs on a pull request.
    pub(crate) fn comments(&self, number: u64) -> Vec<String> {
        let ours = |comment: &&Comment| comment.number == number && comment.author == BOT;
        self.book().comments.iter().filter(ours).map(|comment| comment.body.clone()).collect()
    }

    /// Returns the issues that are open.
    pub(crate) fn issues(&self) -> Vec<Issue> {
        self.book().issues.iter().filter(|issue| issue.is_open).cloned().collect()
    }
}

type Answer = (StatusCode, Vec<u8>);

async fn answer(
    State(book): State<Arc<Mutex<Book>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let mut book = book.lock().unwrap();
    let path: Vec<&str> = uri.path().trim_start_matches('/').split('/').collect();
    if path == ["roomtree.tar.gz"] {
        return (StatusCode::OK, book.archive.clone());
    }
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let data = serde_json::from_slice(&body).unwrap_or_default();
    let asked = match path.as_slice() {
        ["repos", "acme", "rooms", rest @ ..] => book.github(&method, rest, &data, &header("authorization")),
        ["api", "v4", rest @ ..] => book.gitlab(&method, rest, &data, &header("private-token")),
        _ => Err(StatusCode::NOT_FOUND),
    };
    if asked.is_ok() && method != Method::GET {
        book.writes.push(format!("{method} {}", uri.path()));
    }
    match asked {
        Ok(value) => (StatusCode::OK, page(value, uri.query().unwrap_or_default()).to_string().into_bytes()),
        Err(status) => (status, json!({"message": status.to_string()}).to_string().into_bytes()),
    }
}

/// Cuts a list down to the page that was asked for.
fn page(value: Value, query: &str) -> Value {
    let number = |name: &str| query.split('&').find_map(|part| part.strip_prefix(name)?.parse::<usize>().ok());
    match (value, number("page="), number("per_page=")) {
        (Value::Array(items), Some(page), Some(size)) => items.into_iter().skip((page - 1) * size).take(size).collect(),
        (value, ..) => value,
    }
}

impl Book {
    /// The token of a job says what the job may do: `Bearer job contents=read issues=write`.
    fn github(&mut self, method: &Method, path: &[&str], data: &Value, token: &str) -> Result<Value, StatusCode> {
        let may = |scope: &str| {
            let has = |right: &str| token.split(' ').any(|word| word == format!("{scope}={right}"));
            let is_enough = has("write") || (*method == Method::GET && has("read"));
            if is_enough { Ok(()) } else { Err(StatusCode::FORBIDDEN) }
        };
        match (method.as_str(), path) {
            ("GET", ["issues", number, "comments"]) => may("pull-requests").map(|()| self.told(number, github_comment)),
            ("POST", ["issues", number, "comments"]) => may("pull-requests").map(|()| self.comment(number, data)),
            ("PATCH", ["issues", "comments", id]) => may("pull-requests").map(|()| self.rewrite(id, data)),
            ("GET", ["commits", commit, "pulls"]) => {
                may("pull-requests").map(|()| self.origin_of(commit, github_merge))
            }
            ("GET", ["issues"]) => may("issues").map(|()| self.listed("number")),
            ("POST", ["issues"]) => may("issues").map(|()| self.open(&data["title"], &data["body"])),
            ("PATCH", ["issues", number]) => {
                may("issues").map(|()| self.amend(number, &data["body"], data["state"] == "closed"))
            }
            _ => Err(StatusCode::NOT_FOUND),
        }
    }

    fn gitlab(&mut self, method: &Method, path: &[&str], data: &Value, token: &str) -> Result<Value, StatusCode> {
        if token != REPORTER {
            return Err(StatusCode::UNAUTHORIZED);
        }
        match (method.as_str(), path) {
            ("GET", ["user"]) => Ok(json!({"id": BOT})),
            ("GET", ["projects", "5", "merge_requests", number, "notes"]) => Ok(self.told(number, gitlab_comment)),
            ("POST", ["projects", "5", "merge_requests", number, "notes"]) => Ok(self.comment(number, data)),
            ("PUT", ["projects", "5", "merge_requests", _, "notes", id]) => Ok(self.rewrite(id, data)),
            ("GET", ["projects", "5", "repository", "commits", commit, "merge_requests"]) => {
                Ok(self.origin_of(commit, gitlab_merge))
            }
            ("GET", ["projects", "5", "issues"]) => Ok(self.listed("iid")),
            ("POST", ["projects", "5", "issues"]) => Ok(self.open(&data["title"], &data["description"])),
            ("PUT", ["projects", "5", "issues", number]) => {
                Ok(self.amend(number, &data["description"], data["state_event"] == "close"))
            }
            _ => Err(StatusCode::NOT_FOUND),
        }
    }

    fn told(&self, number: &str, shape: fn(usize, &Comment) -> Value) -> Value {
        let all = self.comments.iter().enumerate();
        all.filter(|(_, comment)| comment.number.to_string() == number)
            .map(|(id, comment)| shape(id, comment))
            .collect()
    }

    fn comment(&mut self, number: &str, data: &Value) -> Value {
        let body = data["body"].as_str().expect("a comment has a body").to_owned();
        assert!(body.encode_utf16().count() <= 65_536, "a comment is too long");
        self.comments.push(Comment { number: number.parse().unwrap(), author: BOT, body });
        json!({})
    }

    fn rewrite(&mut self, id: &str, data: &Value) -> Value {
        let comment = &mut self.comments[id.parse::<usize>().unwrap()];
        assert_eq!(comment.author, BOT, "a job rewrites somebody else's comment");
        data["body"].as_str().expect("a comment has a body").clone_into(&mut comment.body);
        json!({})
    }

    fn origin_of(&self, commit: &str, shape: fn(&Merge) -> Value) -> Value {
        self.merges.iter().filter(|merge| merge.commit == commit).map(shape).collect()
    }

    fn listed(&self, number: &str) -> Value {
        let open = self.issues.iter().enumerate().filter(|(_, issue)| issue.is_open);
        open.map(|(at, issue)| json!({number: at, "title": issue.title})).collect()
    }

    fn open(&mut self, title: &Value, body: &Value) -> Value {
        let text = |value: &Value| value.as_str().expect("an issue has title and text").to_owned();
        self.issues.push(Issue { title: text(title), body: text(body), is_open: true });
        json!({})
    }

    fn amend(&mut self, number: &str, body: &Value, closes: bool) -> Value {
        let issue = &mut self.issues[number.parse::<usize>().unwrap()];
        issue.is_open &= !closes;
        if let Some(body) = body.as_str() {
            body.clone_into(&mut issue.body);
        }
        json!({})
    }
}

fn github_comment(id: usize, comment: &Comment) -> Value {
    let login = if comment.author == BOT { "github-actions[bot]" } else { "somebody" };
    json!({"id": id, "user": {"login": login}, "body": comment.body})
}

fn gitlab_comment(id: usize, comment: &Comment) -> Value {
    json!({"id": id, "author": {"id": comment.author}, "body": comment.body})
}

fn github_merge(merge: &Merge) -> Value {
    json!({"number": merge.number, "merged_at": "2026-01-01T00:00:00Z", "base": {"ref": "main"}, "head": {"sha": merge.head}})
}

fn gitlab_merge(merge: &Merge) -> Value {
    json!({"iid": merge.number, "state": "merged", "target_branch": "main", "sha": merge.head})
}
