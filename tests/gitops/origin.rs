//! The repository as the platform has it, and somebody's clone of it: branches, pull requests, merges.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{git, make_executable};

/// A push needs this variable, or GitLab's token for it.
const HOOK: &str = "#!/bin/sh\n[ \"$MAY_PUSH\" = yes ] || [ \"$STATE_TOKEN\" = glpat-state ] || { echo 'this push is not permitted' >&2; exit 1; }\n";

/// A pull request.
#[derive(Clone, Debug)]
pub(crate) struct Pull {
    pub(crate) number: u64,
    pub(crate) head: String,
    pub(crate) base: String,
}

/// The bare repository, and a clone in which people work.
pub(crate) struct Origin {
    bare: PathBuf,
    clone: PathBuf,
}

impl Origin {
    /// Makes a repository whose first commit is this folder.
    pub(crate) fn of(folder: &Path) -> Self {
        let origin = Self { bare: folder.with_file_name("rooms.git"), clone: folder.to_owned() };
        git_in(folder, &["init", "--quiet", "--bare", "--initial-branch=main", &origin.bare.to_string_lossy()]);
        fs::write(origin.bare.join("hooks/pre-receive"), HOOK).unwrap();
        make_executable(&origin.bare.join("hooks/pre-receive"));
        git_in(&origin.bare, &["config", "uploadpack.allowAnySHA1InWant", "true"]);
        origin.git(&["init", "--quiet", "--initial-branch=main"]);
        origin.git(&["remote", "add", "origin", &origin.url()]);
        origin.commit("Begin");
        origin.push("HEAD:main");
        origin
    }

    pub(crate) fn url(&self) -> String {
        format!("file://{}", self.bare.display())
    }

    /// Returns what a file of the branch says; `None` if there is none.
    pub(crate) fn read(&self, name: &str) -> Option<String> {
        let shown = command(&self.bare, &["show", &format!("main:{name}")]).output().unwrap();
        shown.status.success().then(|| String::from_utf8(shown.stdout).unwrap())
    }

    /// Returns the subjects of the branch's commits, the newest first.
    pub(crate) fn log(&self) -> Vec<String> {
        git_in(&self.bare, &["log", "--first-parent", "--format=%s", "main"]).lines().map(str::to_owned).collect()
    }

    /// Returns the branches there are.
    pub(crate) fn branches(&self) -> Vec<String> {
        git_in(&self.bare, &["branch", "--format=%(refname:short)"]).lines().map(str::to_owned).collect()
    }

    pub(crate) fn tip(&self) -> String {
        self.of_ref("main")
    }

    fn of_ref(&self, name: &str) -> String {
        git_in(&self.bare, &["rev-parse", name]).trim().to_owned()
    }

    /// Opens a pull request that gives a file another text, from where the branch is now.
    pub(crate) fn pull(&self, number: u64, name: &str, text: &str) -> Pull {
        self.git(&["fetch", "--quiet", "origin"]);
        self.git(&["checkout", "--quiet", "-B", &format!("change-{number}"), "origin/main"]);
        self.pushed(number, name, text)
    }

    /// Pushes one more commit to a pull request.
    pub(crate) fn push_to(&self, pull: &Pull, name: &str, text: &str) -> Pull {
        self.git(&["checkout", "--quiet", &format!("change-{}", pull.number)]);
        self.pushed(pull.number, name, text)
    }

    fn pushed(&self, number: u64, name: &str, text: &str) -> Pull {
        fs::write(self.clone.join(name), text).unwrap();
        self.commit(&format!("Change {name}"));
        self.push(&format!("HEAD:refs/heads/change-{number}"));
        self.push(&format!("HEAD:refs/merge-requests/{number}/head"));
        self.refresh(number)
    }

    /// Makes the platform's preview of the merge, and returns the pull request as it is now.
    pub(crate) fn refresh(&self, number: u64) -> Pull {
        let branch = format!("change-{number}");
        let (base, head) = (self.tip(), self.of_ref(&branch));
        self.git(&["fetch", "--quiet", "origin"]);
        self.git(&["checkout", "--quiet", "--detach", "origin/main"]);
        self.git(&["merge", "--quiet", "--no-ff", "--no-edit", &head]);
        self.push(&format!("HEAD:refs/pull/{number}/merge"));
        Pull { number, head, base }
    }

    /// Merges a pull request, and returns the commit.
    pub(crate) fn merge(&self, pull: &Pull) -> String {
        self.git(&["fetch", "--quiet", "origin"]);
        self.git(&["checkout", "--quiet", "--detach", "origin/main"]);
        self.git(&["merge", "--quiet", "--no-ff", "--no-edit", &pull.head]);
        self.push("HEAD:main");
        self.tip()
    }

    /// Somebody commits to the branch without asking anybody.
    pub(crate) fn commit_to_main(&self, name: &str, text: &str) {
        self.git(&["fetch", "--quiet", "origin"]);
        self.git(&["checkout", "--quiet", "--detach", "origin/main"]);
        fs::write(self.clone.join(name), text).unwrap();
        self.commit(&format!("Write {name}"));
        self.push("HEAD:main");
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    fn push(&self, what: &str) {
        self.git(&["push", "--quiet", "--force", "origin", what]);
    }

    fn git(&self, words: &[&str]) -> String {
        git_in(&self.clone, words)
    }
}

fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=somebody", "-c", "user.email=somebody@localhost"]).args(words);
    command.current_dir(folder).envs(git()).env("MAY_PUSH", "yes");
    command
}

/// Runs git, and returns what it says.
pub(crate) fn git_in(folder: &Path, words: &[&str]) -> String {
    let ran = command(folder, words).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "git {words:?}: {out}{err}");
    out.into_owned()
}
