//! Where the commands of a page are run: a folder of its own with the examples in it, and nothing of this process's environment.
//!
//! A command that ends with `&` is a sandbox that serves in the background, on `127.0.0.1:8080` as the pages have it; here it gets
//! a port of its own, and no rate: on a busy machine, calls that were sent in time could arrive together and be throttled.
//! `kill %1` ends it. `timeout -s KILL 5 …` kills the command when a fault has struck, however long that takes. What is exported
//! stays exported until the end of the page.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::interruptible::interruptible;
use crate::page::{Tongue, house};
use crate::say::progress;
use crate::script::{Act, Step};

/// The binary that is tested.
pub(crate) const ROOMTREE: &str = env!("CARGO_BIN_EXE_roomtree");

/// How the pages kill a command.
const KILLED: &str = "timeout -s KILL 5 ";

/// The address at which the pages have the sandbox serve.
const ADDRESS: &str = "127.0.0.1:8080";

/// A place for the commands of one page.
pub(crate) struct Stage {
    folder: TempDir,
    tongue: Tongue,
    exports: String,
    serving: Option<Serving>,
}

impl Stage {
    pub(crate) fn new(tongue: Tongue) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&house("examples"), &folder.path().join("examples"));
        Self { folder, tongue, exports: String::new(), serving: None }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Does what a page asks for; what a command says is to be compared with what the page has.
    pub(crate) fn play(&mut self, act: &Act) -> String {
        match act {
            Act::Write { name, text } => self.write(name, text),
            Act::Run(step) => self.run(step),
        }
    }

    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.path().join(name), text).unwrap();
        String::new()
    }

    fn run(&mut self, step: &Step) -> String {
        let command = step.command.replace("cargo run --release --", "roomtree");
        match (command.strip_suffix(" &"), command.as_str()) {
            (Some(sandbox), _) => self.serve(sandbox),
            (None, "kill %1") => self.serving.take().map_or_else(String::new, |_| String::new()),
            (None, export) if export.starts_with("export ") => self.export(export),
            (None, command) if command.starts_with(KILLED) => self.kill(command.trim_start_matches(KILLED)),
            (None, command) => self.say(command),
        }
    }

    fn export(&mut self, export: &str) -> String {
        self.exports += &format!("{export}; ");
        String::new()
    }

    fn say(&self, command: &str) -> String {
        let output = self.shell(command).output().unwrap();
        let address = self.serving.as_ref().map_or(ADDRESS, Serving::address);
        String::from_utf8(output.stdout).unwrap().replace(address, ADDRESS)
    }

    fn shell(&self, command: &str) -> Command {
        let address = self.serving.as_ref().map_or(ADDRESS, Serving::address);
        let script = format!("exec 2>&1; {}{command}", self.exports).replace(ADDRESS, address);
        let mut shell = self.command("sh");
        shell.args(["-c", &script]);
        shell
    }

    /// Runs a command, with its output in `log`, until a fault of the sandbox has struck one of its calls and it has shown the
    /// outcomes of the calls before. Then kills it.
    fn kill(&self, command: &str) -> String {
        let serving = self.serving.as_ref().expect("a sandbox serves");
        let mut child = self.shell(&format!("exec {command}")).spawn().unwrap();
        let shown =
            || fs::read_to_string(self.path().join("log")).unwrap_or_default().lines().filter_map(progress).count();
        while serving.creates_before_the_fault().is_none_or(|creates| shown() < creates) {
            assert!(child.try_wait().unwrap().is_none(), "`{command}` ended by itself");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        String::new()
    }

    fn serve(&mut self, sandbox: &str) -> String {
        let script = format!("exec {} --rate off", sandbox.replace(ADDRESS, "127.0.0.1:0"));
        let serving = Serving::start(self.command("sh").args(["-c", &script]));
        let said = serving.url.replace(serving.address(), ADDRESS);
        self.serving = Some(serving);
        said
    }

    /// A command in the folder, with nothing in its environment but the language and the way to roomtree and the shell's tools.
    pub(crate) fn command(&self, program: &str) -> Command {
        let here = Path::new(ROOMTREE).parent().unwrap().display().to_string();
        let path = std::env::var("PATH").unwrap_or_default();
        let words = interruptible(program);
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).current_dir(self.path()).env_clear().stdin(Stdio::null());
        command.env("PATH", format!("{here}:{path}")).env("LANG", self.tongue.locale());
        command
    }

    /// Runs roomtree.
    pub(crate) fn roomtree(&self, arguments: &str) -> Output {
        self.command(ROOMTREE).args(arguments.split(' ')).output().unwrap()
    }
}

/// Copies a folder with all that is in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// A sandbox that is a process of its own, ended with the test.
pub(crate) struct Serving {
    process: Child,
    pub(crate) url: String,
}

impl Serving {
    /// Starts it, and waits until it says where it serves.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { process, url: url.trim().to_owned() }
    }

    fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Returns how many creates came before the first call that a fault has struck; `None` before that.
    fn creates_before_the_fault(&self) -> Option<usize> {
        let mut connection = TcpStream::connect(self.address()).unwrap();
        write!(connection, "GET /sandbox/calls HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        let calls: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
        let calls = calls["arrivals"].as_array().unwrap();
        let struck = calls.iter().position(|call| call["fault"].is_string())?;
        Some(calls[..struck].iter().filter(|call| call["operation"] == "create").count())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
