//! `kill -9` at every boundary of the journal: however far a run has come, one rerun reaches the tree that was asked for.
//!
//! One run is killed before its end. Its journal is then cut after every line, and in the middle of every line, and DingTalk is
//! put where it can have been at that instant: with the groups whose outcomes are recorded, and with or without the one whose
//! outcome is not. From each of these the program itself starts again.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use roomtree::sandbox::{Config, Rate, Sandbox, SandboxGroup};
use serde_json::Value;
use tokio::time::sleep;

const MANIFEST: &str =
    "version: 1\ngroups:\n  - {name: 北京, children: [{name: 望京, children: [A/B, NO]}, 亦庄]}\n  - 上海\n";
const PATHS: [&str; 6] = ["/北京", "/北京/望京", "/北京/望京/A~1B", "/北京/望京/NO", "/北京/亦庄", "/上海"];
const JOURNAL: &str = "rooms.yaml.state.json.journal";
const STATE: &str = "rooms.yaml.state.json";

#[tokio::test(flavor = "multi_thread")]
async fn one_rerun_finishes_whatever_the_journal_holds() {
    let folder = tempfile::tempdir().unwrap();
    let (address, journal, world) = killed_before_its_end(folder.path()).await;
    let ends: Vec<usize> =
        journal.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1).collect();
    let halves = ends.windows(2).map(|pair| usize::midpoint(pair[0], pair[1]));
    let cuts: BTreeSet<usize> = ends.iter().copied().chain(halves).chain([0]).collect();
    assert!(cuts.len() > 20, "a journal worth cutting: {} places", cuts.len());
    for cut in cuts {
        for extra in [0, 1] {
            rerun(folder.path(), address, &journal[..cut], &world, extra).await;
        }
    }
}

/// Kills a run whose last create is carried out but not answered; returns where DingTalk was, the journal and the groups.
async fn killed_before_its_end(folder: &Path) -> (SocketAddr, Vec<u8>, Vec<SandboxGroup>) {
    let faults = vec![format!("create:stall-after(10m)@{}", PATHS.len()).parse().unwrap()];
    let sandbox = Sandbox::start(Config { rate: Rate::Off, faults, ..Config::default() }).await.unwrap();
    let address = sandbox.url().trim_start_matches("http://").parse().unwrap();
    fs::write(folder.join("rooms.yaml"), MANIFEST).unwrap();
    let mut child = apply(folder, address).spawn().unwrap();
    while sandbox.groups().len() < PATHS.len() {
        assert!(child.try_wait().unwrap().is_none(), "the run ends before it is killed");
        sleep(Duration::from_millis(5)).await;
    }
    kill(&mut child);
    let (journal, world) = (fs::read(folder.join(JOURNAL)).unwrap(), sandbox.groups());
    sandbox.stop().await;
    (address, journal, world)
}

fn kill(child: &mut Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

fn apply(folder: &Path, address: SocketAddr) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roomtree"));
    command
        .args(["apply", "rooms.yaml", "--yes", "--qps", "off", "--concurrency", "1"])
        .args(["--settle", "100ms", "--timeout", "10m", "--endpoint", &format!("http://{address}")])
        .current_dir(folder)
        .env_clear()
        .env("DINGTALK_CLIENT_ID", "sandbox")
        .env("DINGTALK_CLIENT_SECRET", "sandbox")
        .env("DINGTALK_UNION_ID", "admin")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Puts everything where it was when the journal ended here, and runs once more.
async fn rerun(folder: &Path, address: SocketAddr, journal: &[u8], world: &[SandboxGroup], extra: usize) {
    let recorded = journal.split(|byte| *byte == b'\n').filter(|line| line.starts_with(br#"{"done""#)).count();
    let there = (recorded + extra).min(world.len());
    let _ = fs::remove_file(folder.join(STATE));
    fs::write(folder.join(JOURNAL), journal).unwrap();
    let sandbox = with_groups(folder, address, &world[..there]).await;
    let ran = tokio::task::spawn_blocking({
        let mut command = apply(folder, address);
        move || command.output().unwrap()
    });
    let place = format!("{} bytes of the journal, {there} groups", journal.len());
    let ran = ran.await.unwrap();
    expect_converged(folder, &sandbox.groups(), &ran, &place);
    sandbox.stop().await;
}

async fn with_groups(folder: &Path, address: SocketAddr, groups: &[SandboxGroup]) -> Sandbox {
    let data = folder.join("dingtalk.jsonl");
    let line = |group: &SandboxGroup| {
        let SandboxGroup { id, name, parent } = group;
        format!("{}\n", serde_json::json!({"put": {"id": id, "name": &**name, "parent": parent}}))
    };
    fs::write(&data, groups.iter().map(line).collect::<String>()).unwrap();
    let config = Config { listen: address, rate: Rate::Off, data: Some(data), ..Config::default() };
    Sandbox::start(config).await.unwrap()
}

fn expect_converged(folder: &Path, groups: &[SandboxGroup], ran: &Output, place: &str) {
    let told = format!("{place}\n{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert_eq!(ran.status.code(), Some(0), "{told}");
    let by_id: BTreeMap<i64, &SandboxGroup> = groups.iter().map(|group| (group.id, group)).collect();
    let live: BTreeMap<String, i64> = groups.iter().map(|group| (path(&by_id, group), group.id)).collect();
    assert_eq!(groups.len(), PATHS.len(), "no group twice and none too few: {told}");
    assert_eq!(live.keys().map(String::as_str).collect::<BTreeSet<_>>(), BTreeSet::from(PATHS), "{told}");
    let state: Value = serde_json::from_slice(&fs::read(folder.join(STATE)).unwrap()).unwrap();
    assert_eq!(state["groups"], serde_json::to_value(live).unwrap(), "{told}");
    assert!(!folder.join(JOURNAL).exists(), "{told}");
}

fn path(by_id: &BTreeMap<i64, &SandboxGroup>, group: &SandboxGroup) -> String {
    let above = by_id.get(&group.parent).map_or_else(String::new, |parent| path(by_id, parent));
    format!("{above}/{}", group.name.replace('~', "~0").replace('/', "~1"))
}
