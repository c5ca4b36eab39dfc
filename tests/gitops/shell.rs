//! Running a script of a pipeline as a runner does: in a folder, with nothing in the environment but what the pipeline gives it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::interruptible::interruptible;

/// The variables of a script.
pub(crate) type Variables = BTreeMap<String, String>;

/// How a job is ended from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blow {
    /// Somebody cancels it: the first process is told, and may end in an orderly way.
    Cancel,
    /// Its machine loses patience: every process of the step is killed.
    Kill,
}

/// A blow, and when it falls.
pub(crate) struct Stroke<'a> {
    pub(crate) blow: Blow,
    pub(crate) when: &'a dyn Fn() -> bool,
}

/// What became of a script.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) said: String,
}

/// Returns variables from pairs.
pub(crate) fn variables(pairs: &[(&str, &str)]) -> Variables {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A folder of tools that no machine of ours has, and where scripts and what they say are kept.
pub(crate) struct Shell {
    folder: PathBuf,
}

impl Shell {
    pub(crate) fn new(folder: &Path) -> Self {
        let shell = Self { folder: folder.to_owned() };
        fs::create_dir_all(&shell.folder).unwrap();
        // Alpine's package manager: what it would install is here already.
        shell.tool("apk", "#!/bin/sh\nexit 0\n");
        shell
    }

    pub(crate) fn tool(&self, name: &str, text: &str) {
        let path = self.folder.join(name);
        fs::write(&path, text).unwrap();
        make_executable(&path);
    }

    /// Returns the place of a file that belongs to no workspace.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Runs a script with `bash -e` or `sh -e`, both outputs in one.
    pub(crate) fn run(
        &self,
        shell: &str,
        script: &str,
        within: &Path,
        variables: &Variables,
        stroke: Option<&Stroke<'_>>,
    ) -> Ran {
        let (file, said) = (self.folder.join("script"), self.folder.join("said"));
        fs::write(&file, script).unwrap();
        let out = File::create(&said).unwrap();
        let path = format!("{}:/usr/local/bin:/usr/bin:/bin", self.folder.display());
        let words = interruptible(shell);
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .arg("-e")
            .arg(&file)
            .current_dir(within)
            .env_clear()
            .envs(git())
            .envs(variables)
            .env("PATH", path);
        command.stdin(Stdio::null()).stderr(out.try_clone().unwrap()).stdout(out).process_group(0);
        let status = ended(command.spawn().unwrap(), stroke);
        let said = String::from_utf8_lossy(&fs::read(said).unwrap()).into_owned();
        Ran { code: status.code().unwrap_or(137), said }
    }
}

/// Waits for a child; the blow falls once.
fn ended(mut child: Child, stroke: Option<&Stroke<'_>>) -> ExitStatus {
    let began = Instant::now();
    let mut stroke = stroke;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        assert!(began.elapsed() < Duration::from_secs(120), "a script does not end");
        if let Some(Stroke { blow, .. }) = stroke.filter(|stroke| (stroke.when)()) {
            let (signal, whom) = match blow {
                Blow::Cancel => ("-INT", child.id().to_string()),
                Blow::Kill => ("-KILL", format!("-{}", child.id())),
            };
            assert!(Command::new("kill").args([signal, "--", &whom]).status().unwrap().success());
            stroke = None;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// What keeps git from reading anything of this machine.
pub(crate) fn git() -> Variables {
    variables(&[
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("HOME", "/nonexistent"),
        ("LANG", "C.UTF-8"),
    ])
}

pub(crate) fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}
