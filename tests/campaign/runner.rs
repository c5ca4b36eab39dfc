//! Plays a story: sandbox, rounds, reruns until all is well, and the oracle after each run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use roomtree::sandbox::{Config, Latency, Operation, Rate, Sandbox, SandboxGroup};
use tempfile::TempDir;

use crate::child::{Child, Ran};
use crate::lag;
use crate::oracle::Scene;
use crate::others::Others;
use crate::records::{MANIFEST, Records};
use crate::scenario::{Damage, Edit, Found, LONG, Round, Story};
use crate::script::{Blow, Change, What, When};
use crate::theme;
use crate::tools;
use crate::tree::Tree;

/// The most runs until a story has to be at its end.
const MOST_RERUNS: usize = 8;
/// How long a run with faults may take before it is interrupted, as a person does who has waited enough.
const PATIENCE: Duration = Duration::from_secs(12);
/// How long anything may take that nothing delays but the machine.
const FOREVER: Duration = Duration::from_secs(120);
/// How long it may then take to end in good order.
const FAREWELL: Duration = Duration::from_secs(40);
/// How long a run is stopped: after more than two seconds it has to list again before its next change.
const SUSPENSION: Duration = Duration::from_millis(3200);

/// What a story has come to.
#[derive(Debug, Default)]
pub(crate) struct Tale {
    /// What happened, in order.
    pub(crate) lines: Vec<String>,
    pub(crate) runs: usize,
    pub(crate) kills: usize,
    pub(crate) slow_farewells: usize,
    /// Runs by exit code; 9 for those that a signal ended.
    pub(crate) exits: Vec<i32>,
    /// Groups that roomtree had made and could not know of.
    pub(crate) duplicates_told: usize,
    pub(crate) is_strict: bool,
    /// The faults of its theme that took effect.
    pub(crate) struck: BTreeSet<&'static str>,
    /// What went wrong, if anything did.
    pub(crate) breach: Option<String>,
}

/// Plays a story on a loopback address of its own.
pub(crate) async fn play(story: Story, address: Ipv4Addr) -> Tale {
    let mut stage = Stage::set(story, address).await;
    let breach = stage.play().await.err();
    let mut tale = stage.tale;
    tale.breach = breach;
    tale
}

struct Stage {
    story: Story,
    tree: Tree,
    folder: TempDir,
    config: Config,
    sandbox: Option<Sandbox>,
    root: i64,
    others: Others,
    began: Instant,
    tale: Tale,
}

impl Stage {
    async fn set(story: Story, address: Ipv4Addr) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let elsewhere = folder.path().join("dingtalk");
        fs::create_dir_all(&elsewhere).expect("a folder for the sandbox");
        fs::create_dir_all(folder.path().join("work")).expect("a folder for roomtree");
        let mut config = Config {
            listen: SocketAddr::from((address, 0)),
            data: Some(elsewhere.join("groups")),
            rate: Rate::Off,
            latency: Latency::Fixed(Duration::from_millis(story.latency)),
            token_life: Duration::from_millis(story.token_life),
            seed: story.seed,
            remembered_calls: 2000,
            remembered_requests: 8,
            ..Config::default()
        };
        if story.qps == "100" {
            config.rate = Rate::PerSecond(NonZeroU32::MIN.saturating_add(79));
        }
        let sandbox = Sandbox::start(config.clone()).await.expect("the sandbox starts");
        config.listen = sandbox.url().trim_start_matches("http://").parse().expect("an address");
        let tree = story.tree.clone();
        let (others, tale, began) = (Others::default(), Tale::default(), Instant::now());
        let mut stage = Self { story, tree, folder, config, sandbox: Some(sandbox), root: 0, others, began, tale };
        stage.furnish();
        stage
    }

    /// Puts there what is there before the first run.
    fn furnish(&mut self) {
        let Self { story, tree, sandbox: Some(sandbox), root, others, .. } = self else { return };
        if story.is_rooted {
            *root = others.make(sandbox, 0, "the root", false);
        }
        for found in &story.scene {
            match *found {
                Found::Unrelated => _ = others.make(sandbox, 0, "somebody else's", false),
                Found::Made(at) => _ = others.make_node(sandbox, tree, *root, at),
                Found::Duplicates(at) => {
                    others.make_node(sandbox, tree, *root, at);
                    others.make_node(sandbox, tree, *root, at);
                }
            }
        }
    }

    fn sandbox(&self) -> &Sandbox {
        self.sandbox.as_ref().expect("the sandbox is there between blows")
    }

    fn work(&self) -> std::path::PathBuf {
        self.folder.path().join("work")
    }

    /// Says whether roomtree could know everything, as far as this machine was not too busy.
    fn is_strict(&self) -> bool {
        if self.story.loses_nothing() {
            return true;
        }
        let slack = Duration::from_millis(self.story.slack() + 100) + lag::since(self.began);
        Duration::from_millis(self.story.settle) > slack
    }

    async fn play(&mut self) -> Result<(), String> {
        // What was there before has been there for long.
        tokio::time::sleep(Duration::from_millis(self.story.slack())).await;
        for round in self.story.rounds.clone() {
            round.edit.apply(&mut self.tree);
            if matches!(round.edit, Edit::LoseState) {
                self.lose_state();
            }
            self.run(&round).await?;
        }
        self.converge().await?;
        self.conclude().await
    }

    /// Removes the state. What roomtree has made is then a group like any other.
    fn lose_state(&mut self) {
        if !Records::read(&self.work()).has_journal {
            remove_state(&self.work());
            let live = self.sandbox().groups();
            self.others.inherit(&live);
        }
    }

    /// Runs without faults until all is done, settling conflicts as a person would who reads what roomtree says.
    async fn converge(&mut self) -> Result<(), String> {
        self.lengthen_tokens().await;
        for _ in 0..MOST_RERUNS {
            match self.run(&Round::default()).await? {
                Some(0) => return Ok(()),
                Some(4) => self.settle()?,
                _ => {}
            }
        }
        Err(format!("not done after {MOST_RERUNS} runs without faults"))
    }

    /// Restarts the sandbox with tokens that live for long: on a busy machine a short one can end before each call.
    async fn lengthen_tokens(&mut self) {
        if self.story.token_life < LONG {
            self.config.token_life = Duration::from_millis(LONG);
            self.go_away(0).await;
        }
    }

    /// One run, and what the oracle says to it.
    async fn run(&mut self, round: &Round) -> Result<Option<i32>, String> {
        self.write_manifest();
        self.install_faults(round);
        let (before, touched) = (Records::read(&self.work()), self.others_touch());
        let (slow, live_before, seen) = (self.tale.slow_farewells, self.sandbox().groups(), self.arrivals());
        let is_outdated = self.prepare(round).await?;
        self.damage(round, &before);
        let runs = self.strike(round).await;
        self.repair(round, &before);
        let mut struck = self.struck(seen, before.state.is_some());
        struck.extend(round.damage.map(|_| theme::WRONG_RECORD));
        let is_saved = round.saved.is_some() && touched != self.others_touch();
        struck.extend(is_saved.then_some(theme::AFTER_PLAN));
        struck.extend(self.prunes_protected(round, &before).then_some(theme::PROTECTED));
        // What others do while a run asks or is stopped is a reason to refuse, too.
        let is_deceived = struck
            .iter()
            .any(|fault| fault.starts_with("hidden") || [theme::WRONG_ID, theme::WRONG_RECORD].contains(fault))
            || touched != self.others_touch();
        self.tale.struck.extend(struck);
        let is_quiet = round.script.staleness == 0 && !is_deceived;
        let exit = runs[0].exit;
        let is_orderly = runs.iter().all(Ran::is_orderly);
        runs.iter().for_each(|ran| self.note(ran));
        if self.tale.slow_farewells > slow {
            return Err("it hangs".to_owned());
        }
        let (live, after, is_strict) = (self.sandbox().groups(), Records::read(&self.work()), self.is_strict());
        for ran in &runs {
            let scene = Scene {
                tree: &self.tree,
                root: self.root,
                ran,
                before: &before,
                after: &after,
                live: &live,
                live_before: &live_before,
                others: &self.others,
                is_strict,
                is_quiet: is_quiet && is_strict,
                has_rival: runs.len() > 1,
                is_orderly,
                is_deceived,
                prunes: round.prunes,
                must_refuse: match round.damage {
                    Some(_) => Some("the state is damaged"),
                    None => is_outdated.then_some("the saved plan is outdated"),
                },
            };
            scene.judge()?;
        }
        Ok(exit)
    }

    /// Lets others delete groups, and saves the plan that the run applies. Returns whether others changed DingTalk since the plan.
    async fn prepare(&mut self, round: &Round) -> Result<bool, String> {
        let sandbox = self.sandbox.as_ref().expect("there");
        for at in &round.deleted_before {
            self.others.delete(sandbox, &self.tree, self.root, *at);
        }
        let Some(change) = round.saved else { return Ok(false) };
        let mut arguments = self.arguments("plan", round);
        arguments.extend(["--out".to_owned(), self.saved_plan()]);
        let mut child = Child::start(&self.work(), &self.url(), &arguments);
        let status = child.wait(FOREVER).await.ok_or("the plan takes too long")?;
        let ran = child.end(status).await;
        if ran.exit != Some(0) {
            return Err(format!("no plan to save: exit {:?}: {}", ran.exit, ran.stderr));
        }
        Ok(change.is_some_and(|change| self.change(change, theme::AFTER_PLAN)))
    }

    fn saved_plan(&self) -> String {
        self.folder.path().join("plan.json").display().to_string()
    }

    fn url(&self) -> String {
        format!("http://{}", self.config.listen)
    }

    /// Damages the state if the round says so.
    fn damage(&self, round: &Round, sound: &Records) {
        let record = |at: usize, of: usize| Some((self.tree.path(at), *sound.groups.get(&self.tree.path(of))?));
        let ids: Option<Vec<_>> = match round.damage {
            None => None,
            Some(Damage::Swap(one, other)) => {
                record(one, other).into_iter().chain(record(other, one)).map(Some).collect()
            }
            Some(Damage::Stranger(at)) => self.others.made.keys().next().map(|id| vec![(self.tree.path(at), *id)]),
        };
        ids.iter().for_each(|ids| sound.falsify(&self.work(), ids));
    }

    /// Undoes the damage, as a person does from version control.
    fn repair(&self, round: &Round, sound: &Records) {
        if round.damage.is_some() {
            sound.restore(&self.work());
        }
    }

    /// Returns whether a run prunes while a protected group, recorded, is not in the manifest.
    fn prunes_protected(&self, round: &Round, before: &Records) -> bool {
        let is_lost = |at: usize| self.tree.nodes[at].is_protected && !self.tree.is_asked(at);
        let is_recorded = |at: usize| before.groups.contains_key(&self.tree.path(at));
        round.prunes && (0..self.tree.nodes.len()).any(|at| is_lost(at) && is_recorded(at))
    }

    /// The form of ids comes last, since of several faults the first one strikes.
    fn install_faults(&self, round: &Round) {
        self.sandbox().clear_faults();
        let form = self.story.form.map(|form| format!("*:{form}"));
        for fault in round.script.faults.iter().chain(&form) {
            self.sandbox().add_fault(fault.parse().expect("a fault of the grammar"));
        }
    }

    fn arrivals(&self) -> usize {
        self.sandbox().calls().arrivals.len()
    }

    /// Returns the faults of themes that struck a call since so many.
    fn struck(&self, seen: usize, has_state: bool) -> BTreeSet<&'static str> {
        let calls = self.sandbox().calls().arrivals;
        let faults = calls.into_iter().skip(seen).filter_map(|call| call.fault);
        faults.filter_map(|fault| label(&fault, has_state)).collect()
    }

    fn others_touch(&self) -> [usize; 4] {
        let Others { made, renamed, muddied, deleted } = &self.others;
        [made.len(), renamed.len(), muddied.len(), deleted.len()]
    }

    fn write_manifest(&self) {
        fs::write(self.work().join(MANIFEST), self.tree.manifest(self.root)).expect("the manifest can be written");
    }

    fn arguments(&self, command: &str, round: &Round) -> Vec<String> {
        let Story { settle, concurrency, qps, is_json, .. } = &self.story;
        let timeout = self.story.timeout_of(round);
        let format = if *is_json || command == "plan" { "json" } else { "text" };
        let mut line = format!(
            "{command} {MANIFEST} --timeout {timeout}ms --concurrency {concurrency} --qps {qps} --format {format}"
        );
        if command == "apply" {
            line += &format!(" --yes --settle {settle}ms");
        }
        line.split(' ').map(str::to_owned).collect()
    }

    fn start(&self, round: &Round) -> Child {
        let (url, mut arguments) = (self.url(), self.arguments("apply", round));
        if round.saved.is_some() {
            arguments[1] = self.saved_plan();
        }
        if round.prunes {
            arguments.extend(["--prune", "--max-deletes", "1000"].map(str::to_owned));
        }
        if !round.asks || !can_ask() {
            return Child::start(&self.work(), &url, &arguments);
        }
        arguments.retain(|argument| argument != "--yes");
        Child::start_on_terminal(&self.work(), &url, &arguments, self.folder.path().join("result"))
    }

    /// Runs roomtree and lets the blows fall. Returns the run, and its rival if there was one.
    async fn strike(&mut self, round: &Round) -> Vec<Ran> {
        let (began, base) = (Instant::now(), self.creates());
        let (mut child, mut rival) = (self.start(round), None);
        let patience = if round.is_calm() { FOREVER } else { PATIENCE };
        let mut blows = round.script.blows.clone();
        let status = loop {
            let due: Vec<Blow> = blows.extract_if(.., |blow| self.is_due(blow, &child, began, base)).collect();
            // The prompt may appear after the blows were looked for.
            let is_struck = blows.iter().all(|blow| !matches!(blow.when, When::AtPrompt)) || !due.is_empty();
            for blow in due {
                self.fall(blow, &mut child, &mut rival, began).await;
            }
            if is_struck && child.is_asking() {
                child.confirm().await;
            }
            let is_idle = blows.is_empty() && !child.can_ask();
            let pause = if is_idle { patience.saturating_sub(began.elapsed()) } else { Duration::from_millis(1) };
            match child.wait(pause).await {
                Some(status) => break status,
                None if began.elapsed() > patience => break self.bid_farewell(&mut child).await,
                None => {}
            }
        };
        let mut runs = vec![child.end(status).await];
        if let Some(mut rival) = rival {
            let status = match rival.wait(PATIENCE).await {
                Some(status) => status,
                None => self.bid_farewell(&mut rival).await,
            };
            runs.push(rival.end(status).await);
        }
        runs
    }

    async fn bid_farewell(&mut self, child: &mut Child) -> std::process::ExitStatus {
        self.tale.lines.push("took too long, interrupted".to_owned());
        child.interrupt().await;
        loop {
            match child.wait(FAREWELL).await {
                Some(status) => return status,
                None => {
                    self.tale.slow_farewells += 1;
                    self.tale.lines.push("does not end, killed".to_owned());
                    child.kill();
                }
            }
        }
    }

    fn creates(&self) -> u64 {
        self.sandbox().calls().counts.get(&Operation::Create).copied().unwrap_or_default()
    }

    fn is_due(&self, blow: &Blow, child: &Child, began: Instant, base: u64) -> bool {
        match blow.when {
            When::After(time) => began.elapsed() >= Duration::from_millis(time),
            When::AtCreate(number) => self.creates().saturating_sub(base) >= number,
            When::AtPrompt => child.is_asking(),
        }
    }

    async fn fall(&mut self, blow: Blow, child: &mut Child, rival: &mut Option<Child>, began: Instant) {
        let struck = match blow.what {
            What::Kill => {
                self.tale.kills += 1;
                child.kill();
                true
            }
            What::Interrupt => {
                child.interrupt().await;
                true
            }
            What::InterruptTwice => {
                child.interrupt().await;
                child.interrupt().await;
                true
            }
            What::Rival => rival.replace(self.start(&Round::default())).is_none(),
            What::Revoke => {
                self.sandbox().revoke_tokens();
                true
            }
            What::Outage(time) => self.go_away(time).await,
            What::StrangerMakes(at) => {
                self.others.race(self.sandbox.as_ref().expect("there"), &self.tree, self.root, at)
            }
            What::StrangerDeletes(at) => {
                self.others.delete(self.sandbox.as_ref().expect("there"), &self.tree, self.root, at)
            }
            What::StrangerRenames(at) => {
                self.others.rename(self.sandbox.as_ref().expect("there"), &self.tree, self.root, at)
            }
            What::WhileAsked(change) => self.change(change, theme::WHILE_ASKED),
            What::WhileStopped(change) => {
                child.suspend(true).await;
                let is_changed = self.change(change, theme::WHILE_STOPPED);
                tokio::time::sleep(SUSPENSION).await;
                child.suspend(false).await;
                is_changed
            }
        };
        let effect = if struck { "" } else { ": in vain" };
        self.tale.lines.push(format!("  {} ms: {:?}{effect}", began.elapsed().as_millis(), blow.what));
    }

    fn change(&mut self, change: Change, fault: &'static str) -> bool {
        let open = Records::read(&self.work()).open.into_values().map(|(_, _, path)| path).collect();
        let sandbox = self.sandbox.as_ref().expect("there");
        let is_changed = self.others.change(sandbox, &self.tree, self.root, change, &open);
        self.tale.struck.extend(is_changed.then_some(fault));
        is_changed
    }

    /// The sandbox is stopped and started again on its port, with its groups and the faults that it had.
    async fn go_away(&mut self, time: u64) -> bool {
        if let Some(sandbox) = self.sandbox.take() {
            sandbox.stop().await;
        }
        tokio::time::sleep(Duration::from_millis(time)).await;
        self.sandbox = Some(self.come_back().await);
        true
    }

    /// Starts the sandbox on its port, which the system may need a moment to free.
    async fn come_back(&self) -> Sandbox {
        let began = Instant::now();
        loop {
            match Sandbox::start(self.config.clone()).await {
                Ok(sandbox) => return sandbox,
                Err(error) if began.elapsed() > FAREWELL => panic!("the sandbox does not start again: {error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }

    fn note(&mut self, ran: &Ran) {
        self.tale.runs += 1;
        self.tale.exits.push(ran.exit.unwrap_or(9));
        let told = ran.document("report").map(|report| {
            let [ending, counts, removed, left] =
                ["ending", "counts", "duplicates_removed", "duplicates_left"].map(|key| &report[key]);
            format!("{ending} {counts} removed {removed} left {left}")
        });
        let said = told.unwrap_or_else(|| ran.stderr.lines().last().unwrap_or_default().to_owned());
        self.tale.lines.push(format!("run {}: exit {:?}: {said}", self.tale.runs, ran.exit));
    }

    /// Does what a person does who is told of a conflict: of groups with the same name only one stays, orphans go, and a
    /// state of which nothing lives is put away.
    fn settle(&mut self) -> Result<(), String> {
        let records = Records::read(&self.work());
        let ids = records.ids();
        let lives = |id: &i64| self.sandbox().groups().iter().any(|group| group.id == *id);
        let is_void = !ids.is_empty() && !ids.iter().any(lives);
        let mut victims = surplus(&self.sandbox().groups(), &ids);
        victims.extend(usurpers(&self.sandbox().groups(), &records.groups));
        let renamed = drifted(&self.sandbox().groups(), &records.groups);
        self.tale.lines.push(format!(
            "  settled by hand: {victims:?} removed, {renamed:?} renamed back, state put away: {is_void}"
        ));
        if is_void {
            remove_state(&self.work());
        }
        let sandbox = self.sandbox.as_ref().expect("there");
        victims.iter().for_each(|id| self.others.remove(sandbox, *id));
        renamed.iter().for_each(|(id, name)| self.others.give_name(sandbox, *id, name.clone()));
        if is_void || !victims.is_empty() || !renamed.is_empty() {
            Ok(())
        } else {
            Err("refused, but nothing is to be settled".to_owned())
        }
    }

    /// All is over: nothing is left to do, and to find that out costs one call.
    async fn conclude(&mut self) -> Result<(), String> {
        // Whatever still lands late has landed.
        tokio::time::sleep(Duration::from_millis(self.story.slack())).await;
        let mut child = Child::start(&self.work(), &self.url(), &self.arguments("plan", &Round::default()));
        let status = child.wait(FOREVER).await.ok_or("the plan takes too long")?;
        let planned = child.end(status).await;
        let plan = planned.document("plan").ok_or_else(|| format!("there is no plan: {}", planned.stderr))?;
        let (live, after) = (self.sandbox().groups(), Records::read(&self.work()));
        self.tale.is_strict = self.is_strict();
        let scene = Scene {
            tree: &self.tree,
            root: self.root,
            ran: &planned,
            before: &after,
            after: &after,
            live: &live,
            live_before: &live,
            others: &self.others,
            is_strict: self.tale.is_strict,
            is_quiet: true,
            has_rival: false,
            is_orderly: true,
            is_deceived: false,
            prunes: false,
            must_refuse: None,
        };
        scene.conclude(&plan)?;
        self.tale.duplicates_told = scene.unrecorded().count();
        self.rerun(&after).await
    }

    async fn rerun(&mut self, before: &Records) -> Result<(), String> {
        self.sandbox().forget_calls();
        let exit = self.run(&Round::default()).await?;
        let (calls, after) = (self.sandbox().calls().counts, Records::read(&self.work()));
        let others: Vec<_> = calls.iter().filter(|(operation, _)| **operation != Operation::Token).collect();
        let is_cheap = others == [(&Operation::List, &1)];
        if exit != Some(0) || !is_cheap || after.state != before.state {
            return Err(format!("a rerun without changes: exit {exit:?}, calls {calls:?}"));
        }
        Ok(())
    }
}

/// Returns the recorded groups that have another name than their record, with the recorded name.
fn drifted(live: &[SandboxGroup], recorded: &BTreeMap<String, i64>) -> Vec<(i64, String)> {
    let name = |path: &String| path.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
    let has_name = |id: i64, name: &String| live.iter().any(|group| group.id == id && *group.name == *name);
    let known = recorded.iter().filter(|(_, id)| live.iter().any(|group| group.id == **id));
    known.map(|(path, id)| (*id, name(path))).filter(|(id, name)| !has_name(*id, name)).collect()
}

/// Says whether a run can be started on a terminal.
fn can_ask() -> bool {
    cfg!(target_os = "linux") && tools::has("script")
}

/// Returns what the summary calls a fault of a theme.
fn label(fault: &str, has_state: bool) -> Option<&'static str> {
    let (target, effect) = fault.split_once(':')?;
    match (target, effect) {
        (_, effect) if effect.starts_with("lacks") && has_state => Some(theme::HIDDEN_WITH_STATE),
        (_, effect) if effect.starts_with("lacks") => Some(theme::HIDDEN_WITHOUT_STATE),
        (_, effect) if effect.starts_with("id-") => Some(theme::WRONG_ID),
        (_, "text-ids") => Some(theme::TEXT_IDS),
        (_, "null-parent" | "no-parent" | "empty-parent") => Some(theme::NO_PARENT),
        ("read", _) => Some(theme::FAILING_READ),
        _ => None,
    }
}

fn remove_state(work: &std::path::Path) {
    for name in ["tree.yaml.state.json", "tree.yaml.state.json.journal"] {
        let _ = fs::remove_file(work.join(name));
    }
}

/// Returns the groups of others that took the name of a recorded one which somebody renamed.
fn usurpers(live: &[SandboxGroup], recorded: &BTreeMap<String, i64>) -> Vec<i64> {
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
    let renamed = recorded.iter().filter_map(|(path, id)| {
        let group = live.iter().find(|group| group.id == *id && *group.name != name(path))?;
        Some((group.parent, name(path)))
    });
    let is_ours = |id: i64| recorded.values().any(|ours| *ours == id);
    let took = |(parent, name): (i64, String)| {
        live.iter().filter(move |group| group.parent == parent && *group.name == name).map(|group| group.id)
    };
    renamed.flat_map(took).filter(|id| !is_ours(*id)).collect()
}

/// Returns the groups that stand in the way: second ones of a name, if possible not the recorded ones, and orphans.
fn surplus(live: &[SandboxGroup], recorded: &BTreeSet<i64>) -> Vec<i64> {
    let is_there = |id: i64| id == 0 || live.iter().any(|group| group.id == id);
    let better = |group: &SandboxGroup| (!recorded.contains(&group.id), group.id);
    let is_surplus = |group: &&SandboxGroup| {
        let mut duplicates = live.iter().filter(|other| other.parent == group.parent && other.name == group.name);
        group.name.as_ref() != "somebody else's" && duplicates.any(|other| better(other) < better(group))
            || !is_there(group.parent)
    };
    live.iter().filter(is_surplus).map(|group| group.id).collect()
}
