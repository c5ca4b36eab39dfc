//! Measures the built program from outside and prints a table: `cargo bench --bench figures`.
//!
//! Every figure that depends on the machine is also given as a ratio to a bound or to another figure of the same run, since
//! machines are noisy. Nothing here passes or fails. With `-- --json` the table is one JSON document, to compare two commits.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const ROOMTREE: &str = env!("CARGO_BIN_EXE_roomtree");

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let as_json = std::env::args().any(|argument| argument == "--json");
    let mut rows = Vec::new();
    start_up(&mut rows)?;
    for groups in [1_000, 10_000, 100_000, 1_000_000] {
        offline(&mut rows, groups)?;
    }
    for shape in [Shape::City, Shape::Wide, Shape::Caterpillar, Shape::Chain] {
        for latency in [5, 20, 100] {
            schedule(&mut rows, shape, 1_000, latency, 64)?;
        }
    }
    schedule(&mut rows, Shape::City, 10_000, 20, 256)?;
    for groups in [1_000, 10_000, 100_000] {
        throughput(&mut rows, groups)?;
    }
    pace(&mut rows)?;
    let text = if as_json { serde_json::to_string_pretty(&rows)? } else { table(&rows) };
    Ok(writeln!(std::io::stdout(), "{text}")?)
}

fn table(rows: &[Value]) -> String {
    rows.iter().fold(String::new(), |mut text, row| {
        let (what, figures) = (row["what"].as_str().unwrap_or_default(), row["figures"].as_object());
        let said: Vec<String> = figures.into_iter().flatten().map(|(name, value)| format!("{name} {value}")).collect();
        let _ = writeln!(text, "{what:<52} {}", said.join("  "));
        text
    })
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// Runs a command to its end: how long it took, and its peak memory in MiB where the system tells it.
fn run(command: &mut Command) -> Result<(Duration, f64)> {
    let began = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let mut peak = 0.0_f64;
    loop {
        peak = peak.max(peak_of(&child));
        if let Some(status) = child.try_wait()? {
            let took = began.elapsed();
            return if status.success() { Ok((took, peak)) } else { Err(format!("{command:?} failed").into()) };
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn peak_of(child: &Child) -> f64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}

/// The median of several runs.
fn median(times: usize, mut one: impl FnMut() -> Result<Duration>) -> Result<f64> {
    let mut all = (0..times).map(|_| one()).collect::<Result<Vec<_>>>()?;
    all.sort_unstable();
    Ok(all[all.len() / 2].as_secs_f64())
}

fn start_up(rows: &mut Vec<Value>) -> Result<()> {
    let took = median(15, || Ok(run(Command::new(ROOMTREE).arg("--version"))?.0))?;
    let size = fs::metadata(ROOMTREE)?.len() as f64 / 1e6;
    rows.push(json!({"what": "start-up: roomtree --version", "figures": {"ms": rounded(took * 1e3), "binary_MB": rounded(size)}}));
    Ok(())
}

/// Trees of three levels: cities of ten campuses of up to a hundred buildings.
fn city_tree(groups: usize) -> String {
    let mut text = String::from("version: 1\ngroups:\n");
    let mut left = groups;
    let mut city = 0;
    while left > 0 {
        left -= 1;
        city += 1;
        let _ = writeln!(text, "  - name: 城市 {city}\n    children:");
        if left == 0 {
            let _ = writeln!(text, "      []");
        }
        for campus in 0..10.min(left) {
            let buildings = (groups / 100).clamp(1, 100).min(left.saturating_sub(1));
            let names: Vec<String> = (0..buildings).map(|building| format!("{building} 号楼")).collect();
            let _ = writeln!(text, "      - {{name: 园区 {campus}, children: [{}]}}", names.join(", "));
            left = left.saturating_sub(1 + buildings);
            if left == 0 {
                break;
            }
        }
    }
    text
}

/// Validates, and plans without changes, offline.
fn offline(rows: &mut Vec<Value>, groups: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let manifest = folder.path().join("tree.yaml");
    fs::write(&manifest, city_tree(groups))?;
    let (validated, peak) = run(Command::new(ROOMTREE).arg("validate").arg(&manifest))?;
    let per_group = validated.as_secs_f64() * 1e6 / groups as f64;
    rows.push(json!({"what": format!("validate, {groups} groups"), "figures": {
        "s": rounded(validated.as_secs_f64()), "us_per_group": rounded(per_group), "peak_MiB": rounded(peak)}}));
    write_state(folder.path(), &manifest)?;
    let (planned, peak) = run(Command::new(ROOMTREE).args(["plan", "--offline"]).arg(&manifest))?;
    let per_group = planned.as_secs_f64() * 1e6 / groups as f64;
    rows.push(json!({"what": format!("plan without changes, offline, {groups} groups"), "figures": {
        "s": rounded(planned.as_secs_f64()), "us_per_group": rounded(per_group), "peak_MiB": rounded(peak)}}));
    Ok(())
}

/// Writes the state that an apply would have left, from a plan.
fn write_state(folder: &Path, manifest: &Path) -> Result<()> {
    let plan = Command::new(ROOMTREE).args(["plan", "--offline", "--format", "json"]).arg(manifest).output()?;
    let plan: Value = serde_json::from_slice(&plan.stdout)?;
    let mut paths: Vec<&str> =
        plan["groups"].as_array().ok_or("no groups")?.iter().filter_map(|group| group["path"].as_str()).collect();
    paths.sort_unstable();
    let groups: serde_json::Map<String, Value> =
        paths.iter().zip(1001..).map(|(path, id)| ((*path).to_owned(), json!(id))).collect();
    let state = json!({"format": 1, "lineage": "bench", "serial": 1, "endpoint": "https://api.dingtalk.com",
        "organization": null, "root": 0, "groups": groups});
    Ok(fs::write(folder.join("tree.yaml.state.json"), serde_json::to_vec_pretty(&state)?)?)
}

/// What a tree looks like.
#[derive(Clone, Copy, Debug)]
enum Shape {
    /// Three levels.
    City,
    /// One level.
    Wide,
    /// A chain of half the groups, with a leaf on each.
    Caterpillar,
    /// Chains of a hundred.
    Chain,
}

impl Shape {
    /// Returns the manifest and the height of the tree.
    fn manifest(self, groups: usize) -> (String, usize) {
        match self {
            Self::City => (city_tree(groups), 3),
            Self::Wide => {
                let names: String = (0..groups).map(|index| format!("  - 会议区 {index}\n")).collect();
                (format!("version: 1\ngroups:\n{names}"), 1)
            }
            Self::Caterpillar => (chain(1, groups / 2, true), groups / 2 + 1),
            Self::Chain => (chain(groups / 100, 100, false), 100),
        }
    }
}

fn chain(chains: usize, length: usize, has_leaves: bool) -> String {
    let mut text = String::from("version: 1\nlimits: {depth: 1000}\ngroups:\n");
    for chain in 0..chains {
        for level in 0..length {
            let leaf = if has_leaves { "叶, " } else { "" };
            let _ = write!(
                text,
                "{}",
                if level == 0 {
                    format!("  - {{name: 链 {chain}, children: [{leaf}")
                } else {
                    format!("{{name: 节 {level}, children: [{leaf}")
                }
            );
        }
        let _ = writeln!(text, "{}", "]}".repeat(length));
    }
    text
}

/// A sandbox in a process of its own.
struct Sandbox {
    child: Child,
    url: String,
}

impl Sandbox {
    fn start(arguments: &[&str]) -> Result<Self> {
        let mut child = Command::new(ROOMTREE)
            .args(["sandbox", "--depth", "2000"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut url = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut url)?;
        Ok(Self { child, url: url.trim().to_owned() })
    }

    /// Returns the arrival times of the creates, in seconds, and how many calls were throttled.
    fn creates(&self) -> Result<(Vec<f64>, usize)> {
        let address = self.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address)?;
        write!(stream, "GET /sandbox/calls HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let body = answer.windows(4).position(|window| window == b"\r\n\r\n").map(|at| &answer[at + 4..]);
        let calls: Value = serde_json::from_slice(&dechunked(body.ok_or("no body")?))?;
        let arrivals = calls["arrivals"].as_array().ok_or("no arrivals")?;
        let creates = arrivals.iter().filter(|call| call["operation"] == "create");
        let throttled = creates.clone().filter(|call| call["status"] != 200).count();
        let mut times: Vec<f64> = creates.filter_map(|call| call["at"].as_f64()).map(|at| at / 1e6).collect();
        times.sort_by(f64::total_cmp);
        Ok((times, throttled))
    }
}

/// Undoes the chunked transfer encoding, where it is used.
fn dechunked(body: &[u8]) -> Vec<u8> {
    if body.first().is_some_and(|byte| *byte == b'{') {
        return body.to_vec();
    }
    let (mut rest, mut whole) = (body, Vec::new());
    while let Some(end) = rest.windows(2).position(|window| window == b"\r\n") {
        let size = std::str::from_utf8(&rest[..end]).ok().and_then(|text| usize::from_str_radix(text, 16).ok());
        let Some(size) = size.filter(|size| *size > 0) else { break };
        whole.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
    whole
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn apply(sandbox: &Sandbox, manifest: &str, arguments: &[&str]) -> Result<(Duration, f64)> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("tree.yaml");
    fs::write(&path, manifest)?;
    run(Command::new(ROOMTREE)
        .args(["apply", "--yes", "--endpoint", &sandbox.url])
        .args(arguments)
        .arg(&path)
        .env("DINGTALK_CLIENT_ID", "sandbox")
        .env("DINGTALK_CLIENT_SECRET", "sandbox")
        .env("DINGTALK_UNION_ID", "bench"))
}

/// The time that the creates take against the lower bound, from the first arrival to the last answer.
fn schedule(rows: &mut Vec<Value>, shape: Shape, groups: usize, latency: u64, in_flight: usize) -> Result<()> {
    let sandbox = Sandbox::start(&["--rate", "off", "--latency", &format!("{latency}ms")])?;
    let (manifest, height) = shape.manifest(groups);
    apply(&sandbox, &manifest, &["--qps", "off", "--concurrency", &in_flight.to_string()])?;
    let (times, _) = sandbox.creates()?;
    let latency_s = latency as f64 / 1e3;
    let took = times[times.len() - 1] - times[0] + latency_s;
    let bound = (height as f64 * latency_s).max(times.len() as f64 * latency_s / in_flight as f64);
    rows.push(
        json!({"what": format!("schedule: {shape:?}, {} groups, {latency} ms, {in_flight} in flight", times.len()),
        "figures": {"s": rounded(took), "bound_s": rounded(bound), "ratio": rounded(took / bound)}}),
    );
    Ok(())
}

/// Creates per second with no latency and no limit, the sandbox on the same machine.
fn throughput(rows: &mut Vec<Value>, groups: usize) -> Result<()> {
    let sandbox = Sandbox::start(&["--rate", "off"])?;
    let (took, peak) = apply(&sandbox, &city_tree(groups), &["--qps", "off", "--concurrency", "64"])?;
    let rate = groups as f64 / took.as_secs_f64();
    rows.push(json!({"what": format!("throughput: {groups} groups, no latency"), "figures": {
        "s": rounded(took.as_secs_f64()), "creates_per_s": rate.round(), "us_per_create": rounded(1e6 / rate), "peak_MiB": rounded(peak)}}));
    Ok(())
}

/// How much of a permitted rate is used, and whether the server ever counted one call too many in any second.
fn pace(rows: &mut Vec<Value>) -> Result<()> {
    let sandbox = Sandbox::start(&["--latency", "20ms"])?;
    apply(&sandbox, &city_tree(600), &[])?;
    let (times, throttled) = sandbox.creates()?;
    let rate = (times.len() - 1) as f64 / (times[times.len() - 1] - times[0]);
    rows.push(json!({"what": "pace: 600 groups at 20 a second", "figures": {
        "per_s": rounded(rate), "of_permitted": rounded(rate / 20.0), "throttled": throttled}}));
    Ok(())
}
