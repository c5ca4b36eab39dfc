//! A folder, a sandbox, an environment: where a command runs, sealed from everything else on the machine.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use roomtree::sandbox::{Config, Operation, Rate, Sandbox};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::interruptible::interruptible;
use crate::post;
use crate::ran::Ran;
use crate::running::{Running, until};
use crate::tree::{Tree, placed};

/// The secret of the app, distinctive enough to be searched for.
pub(crate) const CLIENT_SECRET: &str = "s3cr3t-0f-the-app+/=7Qx9";
/// Flags that let nothing wait longer than it must.
pub(crate) const QUICK: &str = "--settle 300ms --timeout 1s --qps off";
/// The manifest of a scene, and its state.
pub(crate) const MANIFEST: &str = "rooms.yaml";
pub(crate) const STATE: &str = "rooms.yaml.state.json";

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
});

/// Where a command runs.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) folder: TempDir,
    pub(crate) sandbox: Sandbox,
    config: Config,
    environment: BTreeMap<String, String>,
    wanted: Tree,
    secrets: RefCell<Vec<String>>,
    may_steer: bool,
}

impl Scene {
    /// A sandbox without a rate, and credentials for it in the environment.
    pub(crate) fn new() -> Self {
        Self::with(Config::default())
    }

    /// A sandbox with these rules; its secret is the scene's, and its rate is off unless it is not the default.
    pub(crate) fn with(config: Config) -> Self {
        let rate = if config.rate == Rate::default() { Rate::Off } else { config.rate };
        let config = Config { client_secret: CLIENT_SECRET.to_owned(), rate, ..config };
        let sandbox = RUNTIME.block_on(Sandbox::start(config.clone())).unwrap();
        let environment = [
            ("DINGTALK_ENDPOINT", sandbox.url()),
            ("DINGTALK_CLIENT_ID", config.client_id.clone()),
            ("DINGTALK_CLIENT_SECRET", CLIENT_SECRET.to_owned()),
            ("DINGTALK_UNION_ID", "the-operator".to_owned()),
        ];
        let scene = Self {
            folder: tempfile::tempdir().unwrap(),
            sandbox,
            config,
            environment: environment.map(|(name, value)| (name.to_owned(), value)).into(),
            wanted: Tree::default(),
            secrets: RefCell::new(vec![CLIENT_SECRET.to_owned()]),
            may_steer: false,
        };
        scene.learn_token();
        scene
    }

    /// A scene whose manifest has a tree of fifteen groups.
    pub(crate) fn of_fifteen() -> Self {
        Self::new().wanting(Tree::fifteen())
    }

    /// Writes the manifest of a tree, and wants it to come true.
    pub(crate) fn wanting(mut self, tree: Tree) -> Self {
        self.want(tree);
        self
    }

    /// Writes the manifest of another tree, and wants that from now on.
    pub(crate) fn want(&mut self, tree: Tree) {
        self.write(MANIFEST, tree.manifest());
        self.wanted = tree;
    }

    /// Something goes wrong from now on.
    pub(crate) fn faulty(self, faults: &[&str]) -> Self {
        faults.iter().for_each(|fault| self.sandbox.add_fault(fault.parse().unwrap()));
        self
    }

    /// Sets a variable.
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Takes a variable away.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.environment.remove(name);
        self
    }

    /// Takes all credentials away, the endpoint too.
    pub(crate) fn without_credentials(mut self) -> Self {
        self.environment.clear();
        self
    }

    /// Output may have colours here.
    pub(crate) fn coloured(mut self) -> Self {
        self.may_steer = true;
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Returns the command as it would run here.
    pub(crate) fn command(&self, program: &str) -> Command {
        let words = interruptible(program);
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).current_dir(self.folder.path()).env_clear().envs(&self.environment);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts a command with these words.
    pub(crate) fn start_words(&self, words: &[&str]) -> Running {
        let child = self.command(env!("CARGO_BIN_EXE_roomtree")).args(words).spawn().unwrap();
        Running::new(words.join(" "), child)
    }

    /// Starts a command; the line is cut at blanks.
    pub(crate) fn start(&self, line: &str) -> Running {
        self.start_words(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs a command to its end; the line is cut at blanks.
    #[track_caller]
    pub(crate) fn run(&self, line: &str) -> Ran {
        self.look_at(self.start(line).ended())
    }

    /// Runs a command with these words to its end.
    #[track_caller]
    pub(crate) fn run_words(&self, words: &[&str]) -> Ran {
        self.look_at(self.start_words(words).ended())
    }

    /// Applies the manifest without waiting longer than need be.
    #[track_caller]
    pub(crate) fn apply(&self) -> Ran {
        self.run(&apply_line())
    }

    pub(crate) fn start_apply(&self) -> Running {
        self.start(&apply_line())
    }

    /// Checks what has to be true of every run: no secrets and nothing that steers a terminal.
    #[track_caller]
    pub(crate) fn look_at(&self, ran: Ran) -> Ran {
        self.keeps_secrets(&format!("standard output of {}", ran.line), &ran.out);
        self.keeps_secrets(&format!("standard error of {}", ran.line), &ran.err);
        for (name, text) in self.texts() {
            self.keeps_secrets(&name, &text);
        }
        if !self.may_steer {
            ran.is_plain();
        }
        ran
    }

    #[track_caller]
    fn keeps_secrets(&self, place: &str, text: &str) {
        for secret in self.secrets.borrow().iter() {
            assert!(!text.contains(secret.as_str()), "`{secret}` in {place}:\n{text}");
        }
    }

    /// From now on this text must not be seen anywhere.
    pub(crate) fn hides(&self, secret: &str) {
        self.secrets.borrow_mut().push(secret.to_owned());
    }

    /// Learns the token that the sandbox gives out, so that it can be searched for. The call is not counted.
    pub(crate) fn learn_token(&self) -> Option<String> {
        let token = post::token(&self.sandbox.url(), &self.config.client_id, &self.config.client_secret);
        self.secrets.borrow_mut().extend(token.clone());
        self.sandbox.forget_calls();
        token
    }

    /// Returns every file in the folder with its text, those that tell the secrets apart.
    fn texts(&self) -> Vec<(String, String)> {
        let is_regular = |name: &str| self.path(name).symlink_metadata().is_ok_and(|found| found.is_file());
        let names = self.files().into_iter().filter(|name| !name.ends_with(".secret") && is_regular(name));
        names
            .map(|name| {
                (name.clone(), String::from_utf8_lossy(&fs::read(self.path(&name)).unwrap_or_default()).into_owned())
            })
            .collect()
    }

    /// Returns the names of all files below the folder, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut all = Vec::new();
        collect(self.folder.path(), self.folder.path(), &mut all);
        all.sort();
        all
    }

    /// Returns how many calls of each operation arrived, such as `token 1, create 15, list 1`.
    pub(crate) fn calls(&self) -> String {
        let counts = self.sandbox.calls().counts;
        let said: Vec<String> = counts.iter().map(|(operation, count)| format!("{operation} {count}")).collect();
        said.join(", ")
    }

    pub(crate) fn count(&self, operation: Operation) -> u64 {
        self.sandbox.calls().counts.get(&operation).copied().unwrap_or_default()
    }

    /// Waits until so many calls of an operation have arrived.
    #[track_caller]
    pub(crate) fn until_calls(&self, operation: Operation, count: u64) {
        until(&format!("{count} calls of {operation} arrive"), || self.count(operation) >= count);
    }

    /// No call arrived that could change anything.
    #[track_caller]
    pub(crate) fn is_unchanged(&self) {
        let changes = [Operation::Create, Operation::Rename, Operation::Delete].map(|change| self.count(change));
        assert_eq!(changes, [0; 3], "creates, renames, deletes");
    }

    /// Writes a manifest with these groups, in YAML, that is to make these paths come true.
    pub(crate) fn want_by(&mut self, paths: &[&str], groups: &str) {
        self.want(Tree::of(paths));
        self.write(MANIFEST, format!("version: 1\ngroups: {groups}\n"));
    }

    /// Gives a group of the manifest a former name.
    pub(crate) fn declare_was(&self, name: &str, was: &str) {
        let mut manifest: Value = serde_yaml::from_str(&self.read(MANIFEST)).unwrap();
        declare_was(&mut manifest["groups"], name, was);
        self.write(MANIFEST, manifest.to_string());
    }

    /// Returns the ids of the groups in the order in which deletes for them arrived.
    pub(crate) fn deleted(&self) -> Vec<i64> {
        let deletes = self.sandbox.requests().into_iter().filter(|request| request.method == "DELETE");
        deletes.map(|request| request.path.rsplit('/').next().unwrap().parse().unwrap()).collect()
    }

    /// Returns the paths of the live groups, sorted; duplicates stand side by side.
    pub(crate) fn live(&self) -> Vec<String> {
        placed(&self.sandbox.groups()).into_iter().map(|(path, _)| path).collect()
    }

    /// Returns the id of the only live group at a path.
    #[track_caller]
    pub(crate) fn id(&self, path: &str) -> i64 {
        let ids: Vec<i64> =
            placed(&self.sandbox.groups()).into_iter().filter(|(at, _)| at == path).map(|(_, id)| id).collect();
        assert_eq!(ids.len(), 1, "{ids:?} at {path}");
        ids[0]
    }

    /// Makes a group as someone else would.
    pub(crate) fn stranger_makes(&self, parent: i64, name: &str) -> i64 {
        self.sandbox.add_group(parent, name)
    }

    /// Returns the recorded groups with their ids.
    pub(crate) fn recorded(&self) -> Vec<(String, i64)> {
        let state: Value = serde_json::from_str(&self.read(STATE)).unwrap();
        let groups = state["groups"].as_object().unwrap();
        let mut all: Vec<(String, i64)> =
            groups.iter().map(|(path, id)| (path.clone(), id.as_i64().expect("a whole number"))).collect();
        all.sort();
        all
    }

    /// Live is what the manifest wants, group by group and nothing else; the state knows each by its id; nothing else is left.
    #[track_caller]
    pub(crate) fn is_true(&self) {
        assert_eq!(self.live(), self.wanted.pointers(), "live, against the manifest");
        assert_eq!(self.recorded(), placed(&self.sandbox.groups()), "state, against live");
        self.is_tidy();
    }

    /// No lock, no journal and no temporary file is left.
    #[track_caller]
    pub(crate) fn is_tidy(&self) {
        let left: Vec<String> = self.files().into_iter().filter(|name| !is_wanted(name)).collect();
        assert_eq!(left, [""; 0], "left behind");
    }
}

/// A token that was renewed meanwhile has to be hidden just as well.
impl Drop for Scene {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.sandbox.clear_faults();
            self.learn_token();
            self.texts().iter().for_each(|(name, text)| self.keeps_secrets(name, text));
        }
    }
}

fn declare_was(groups: &mut Value, name: &str, was: &str) {
    for group in groups.as_array_mut().into_iter().flatten() {
        if group.as_str() == Some(name) {
            *group = serde_json::json!({"name": name});
        }
        if group["name"] == name {
            group["was"] = was.into();
        }
        if let Some(children) = group.get_mut("children") {
            declare_was(children, name, was);
        }
    }
}

fn apply_line() -> String {
    format!("apply {MANIFEST} --yes {QUICK}")
}

fn is_wanted(name: &str) -> bool {
    let is_kept = name.contains(".damaged-") || name.contains(".former-");
    is_kept || [".yaml", ".state.json", ".secret", ".plan.json"].iter().any(|end| name.ends_with(end))
}

fn collect(root: &Path, folder: &Path, all: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, all);
        } else {
            all.push(path.strip_prefix(root).unwrap().to_string_lossy().into_owned());
        }
    }
}
