//! A repository made from the example, the platform that has it, and a DingTalk that has what its state says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use roomtree::sandbox::{Config, Operation, Rate, Sandbox};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::forge::{Forge, Merge, RUNTIME};
use crate::github;
use crate::github::Event;
use crate::gitlab;
use crate::gitlab::Trigger;
use crate::origin::{Origin, Pull};
use crate::shell::{Ran, Shell, Stroke, Variables, variables};
use crate::tools;

pub(crate) const MANIFEST: &str = "rooms.yaml";
pub(crate) const STATE: &str = "rooms.yaml.state.json";
pub(crate) const JOURNAL: &str = "rooms.yaml.state.json.journal";
pub(crate) const SECRET: &str = "s3cr3t-of-the-app";

/// Whose runners run the pipelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Platform {
    GitHub,
    GitLab,
}

/// Returns both platforms; none where a tool is missing that the scripts need, unless this is CI.
pub(crate) fn platforms() -> Vec<Platform> {
    let has_all = ["bash", "curl", "git", "jq", "sha256sum", "tar"].into_iter().all(tools::has);
    if has_all { vec![Platform::GitHub, Platform::GitLab] } else { Vec::new() }
}

/// What became of a pipeline.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// The code of the first script that failed, or 0.
    pub(crate) code: i32,
    /// What its scripts said, and what stands on its page.
    pub(crate) said: String,
    /// The jobs that ran.
    pub(crate) jobs: Vec<String>,
    /// What each script had in its environment.
    pub(crate) environments: Vec<Variables>,
}

impl Outcome {
    pub(crate) fn took(&mut self, ran: Ran, variables: Variables, summary: &str) {
        self.code = if self.code == 0 { ran.code } else { self.code };
        self.said += &format!("{}{summary}", ran.said);
        self.environments.push(variables);
    }

    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.said);
        self
    }

    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.said.contains(text), "`{text}` is not in:\n{}", self.said);
        self
    }

    /// Returns the fingerprint that it says an apply by hand needs: the last one it names.
    #[track_caller]
    pub(crate) fn fingerprint(&self) -> String {
        fingerprint(&self.said)
    }
}

/// Returns the last fingerprint that a text names between backticks.
#[track_caller]
pub(crate) fn fingerprint(text: &str) -> String {
    let is_one = |word: &&str| word.len() == 64 && word.chars().all(|digit| digit.is_ascii_hexdigit());
    let found = text.split('`').rfind(is_one);
    found.unwrap_or_else(|| panic!("there is no fingerprint in:\n{text}")).to_owned()
}

/// Everything that a pipeline meets.
pub(crate) struct World {
    pub(crate) platform: Platform,
    pub(crate) sandbox: Sandbox,
    pub(crate) forge: Forge,
    pub(crate) origin: Origin,
    pub(crate) shell: Shell,
    pub(crate) secrets: Variables,
    folder: TempDir,
}

impl World {
    /// The example's repository, as a team has it that has applied it once.
    pub(crate) fn new(platform: Platform) -> Self {
        let config = Config { client_secret: SECRET.to_owned(), rate: Rate::Off, ..Config::default() };
        let sandbox = RUNTIME.block_on(Sandbox::start(config)).unwrap();
        let (forge, folder) = (Forge::start(), tempfile::tempdir().unwrap());
        forge.book().archive = archive(folder.path());
        let repository = folder.path().join("repository");
        copy(&example(), &repository);
        settle_in(&repository, &sandbox, &forge);
        let secrets = secrets();
        apply(&repository, &sandbox, &secrets);
        sandbox.forget_calls();
        let origin = Origin::of(&repository);
        let shell = Shell::new(&folder.path().join("tools"));
        Self { platform, sandbox, forge, origin, shell, secrets, folder }
    }

    /// The pipeline of a pull request, for its last commit.
    pub(crate) fn plan(&self, pull: &Pull) -> Outcome {
        self.plan_from("acme/rooms", pull)
    }

    /// The pipeline of a pull request from another repository.
    pub(crate) fn plan_from(&self, repository: &str, pull: &Pull) -> Outcome {
        let number = pull.number.to_string();
        match self.platform {
            Platform::GitHub => {
                let event = Event::new(
                    &format!("refs/pull/{number}/merge"),
                    &[
                        ("github.event.pull_request.number", &number),
                        ("github.event.pull_request.head.sha", &pull.head),
                        ("github.event.pull_request.base.sha", &pull.base),
                        ("github.event.pull_request.head.repo.full_name", repository),
                    ],
                );
                github::run(self, "plan.yml", &event, None)
            }
            Platform::GitLab => {
                let trigger = Trigger { source: "merge_request_event", pull: Some(pull), fingerprint: "" };
                gitlab::run(self, &trigger, None)
            }
        }
    }

    /// Merges, without the pipeline that this starts.
    pub(crate) fn merge(&self, pull: &Pull) {
        let commit = self.origin.merge(pull);
        self.forge.book().merges.push(Merge { number: pull.number, commit, head: pull.head.clone() });
    }

    /// The pipeline that a push to the branch starts.
    pub(crate) fn after_push(&self) -> Outcome {
        self.apply(None, None)
    }

    /// The pipeline that somebody starts who has looked at a plan.
    pub(crate) fn by_hand(&self, fingerprint: &str) -> Outcome {
        self.apply(Some(fingerprint), None)
    }

    pub(crate) fn apply(&self, fingerprint: Option<&str>, stroke: Option<&Stroke<'_>>) -> Outcome {
        match self.platform {
            Platform::GitHub => {
                let mut event = Event::new("main", &[("github.ref", "refs/heads/main")]);
                event.values.extend(fingerprint.map(|it| ("inputs.fingerprint".to_owned(), it.to_owned())));
                github::run(self, "apply.yml", &event, stroke)
            }
            Platform::GitLab => {
                let source = if fingerprint.is_some() { "web" } else { "push" };
                let trigger = Trigger { source, pull: None, fingerprint: fingerprint.unwrap_or_default() };
                gitlab::run(self, &trigger, stroke)
            }
        }
    }

    /// The nightly check.
    pub(crate) fn at_night(&self) -> Outcome {
        match self.platform {
            Platform::GitHub => {
                github::run(self, "drift.yml", &Event::new("main", &[("github.ref", "refs/heads/main")]), None)
            }
            Platform::GitLab => gitlab::run(self, &Trigger { source: "schedule", pull: None, fingerprint: "" }, None),
        }
    }

    /// Returns manifest and state as somebody pulls them who begins with what DingTalk has.
    pub(crate) fn pulled(&self) -> (String, String) {
        let folder = tempfile::tempdir().unwrap();
        roomtree(folder.path(), "pull rooms.yaml --record", &self.sandbox, &self.secrets);
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        (read(MANIFEST), read(STATE))
    }

    /// Returns a file as it is at a commit or branch of the repository.
    pub(crate) fn source(&self, name: &str, reference: &str) -> String {
        crate::origin::git_in(&self.folder.path().join("rooms.git"), &["show", &format!("{reference}:{name}")])
    }

    /// Keeps an artifact, if it is there.
    pub(crate) fn keep(&self, path: &Path, artifact: &str, name: &str) {
        let place = self.artifact(artifact).join(Path::new(name).file_name().unwrap());
        if path.is_dir() {
            copy(path, &place);
        } else if path.is_file() {
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::copy(path, place).unwrap();
        }
    }

    /// Brings an artifact into a folder.
    pub(crate) fn bring(&self, artifact: &str, folder: &Path) {
        copy(&self.artifact(artifact), folder);
    }

    fn artifact(&self, name: &str) -> PathBuf {
        self.folder.path().join("artifacts").join(name)
    }

    /// Returns how many calls of an operation arrived.
    pub(crate) fn count(&self, operation: Operation) -> u64 {
        self.sandbox.calls().counts.get(&operation).copied().unwrap_or_default()
    }

    /// Returns the names of the groups there are, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.sandbox.groups().into_iter().map(|group| group.name.to_string()).collect();
        names.sort();
        names
    }

    /// Returns the id of the group of this name.
    #[track_caller]
    pub(crate) fn id(&self, name: &str) -> i64 {
        let groups = self.sandbox.groups();
        let found: Vec<_> = groups.iter().filter(|group| *group.name == *name).map(|group| group.id).collect();
        assert_eq!(found.len(), 1, "{found:?} are called {name}");
        found[0]
    }

    /// The state in the repository knows every group that there is, and a plan finds nothing to do.
    #[track_caller]
    pub(crate) fn is_recorded(&self) {
        let state: serde_json::Value = serde_json::from_str(&self.origin.read(STATE).expect("a state")).unwrap();
        let mut recorded: Vec<i64> =
            state["groups"].as_object().unwrap().values().map(|id| id.as_i64().unwrap()).collect();
        let mut live: Vec<i64> = self.sandbox.groups().iter().map(|group| group.id).collect();
        recorded.sort_unstable();
        live.sort_unstable();
        assert_eq!(recorded, live, "the state, against DingTalk");
        assert_eq!(self.origin.read(JOURNAL), None, "a journal is left");
    }
}

/// Returns the folder of the example.
pub(crate) fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/gitops")
}

/// What a team changes when it takes the example over: the release, and here also where DingTalk is.
fn settle_in(repository: &Path, sandbox: &Sandbox, forge: &Forge) {
    let settings = repository.join("ci/settings.sh");
    let text = fs::read_to_string(&settings).unwrap();
    let sum: String = Sha256::digest(&forge.book().archive).iter().map(|byte| format!("{byte:02x}")).collect();
    let changes = [
        (
            "https://downloads.example.com/roomtree-0.1.0-x86_64-unknown-linux-musl.tar.gz",
            format!("{}/roomtree.tar.gz", forge.url()),
        ),
        (&"0".repeat(64), sum),
        ("DINGTALK_ENDPOINT:-https://api.dingtalk.com", format!("DINGTALK_ENDPOINT:-{}", sandbox.url())),
    ];
    let settled = changes.iter().fold(text, |text, (before, after)| {
        assert!(text.contains(before), "the settings have no {before}");
        text.replace(before, after)
    });
    fs::write(settings, settled).unwrap();
}

/// Packs a release as ours are packed: one folder, and the program in it. The program hands over to the one that is tested.
fn archive(folder: &Path) -> Vec<u8> {
    let release = folder.join("roomtree-0.1.0-x86_64-unknown-linux-musl");
    fs::create_dir(&release).unwrap();
    let program = release.join("roomtree");
    fs::write(&program, format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_roomtree"))).unwrap();
    crate::shell::make_executable(&program);
    let name = release.file_name().unwrap();
    let packed = Command::new("tar").args(["-czf", "-", "-C"]).arg(folder).arg(name).output().unwrap();
    assert!(packed.status.success());
    packed.stdout
}

fn secrets() -> Variables {
    variables(&[
        ("DINGTALK_CLIENT_ID", "sandbox"),
        ("DINGTALK_CLIENT_SECRET", SECRET),
        ("DINGTALK_UNION_ID", "the-operator"),
    ])
}

/// The first apply of all.
fn apply(repository: &Path, sandbox: &Sandbox, secrets: &Variables) {
    fs::remove_file(repository.join(STATE)).unwrap();
    roomtree(repository, "apply rooms.yaml --yes --qps off --concurrency 1", sandbox, secrets);
}

/// Runs roomtree as somebody does on a machine of their own.
fn roomtree(folder: &Path, line: &str, sandbox: &Sandbox, secrets: &Variables) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roomtree"));
    command.args(line.split(' ')).current_dir(folder);
    let ran = command.env_clear().envs(secrets).env("DINGTALK_ENDPOINT", sandbox.url()).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let place = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}
