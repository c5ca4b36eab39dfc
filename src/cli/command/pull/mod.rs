//! `roomtree pull`: DingTalk's groups as a manifest. Changes nothing in DingTalk.
//!
//! What is written is read again first: a text that does not say what was meant never takes a file's place.

pub(super) mod former;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::apply::reconcile::recover;
use crate::cli::args::{ConnectionArgs, ManifestArgs, StateFileArgs};
use crate::cli::command::plan;
use crate::cli::command::pull::former::Former;
use crate::cli::context::{Context, quoted};
use crate::cli::exit::Exit;
use crate::cli::failure::{CommandError, unwritten};
use crate::cli::replace_file::{Destination, overwrite};
use crate::cli::run::connection;
use crate::cli::run::connection::{About, Target};
use crate::cli::run::execute::holder;
use crate::cli::run::planning;
use crate::cli::runtime;
use crate::cli::spreadsheet::{Spreadsheet, WritingArgs, is_named_spreadsheet, no_terminal};
use crate::group::GroupId;
use crate::inventory::Inventory;
use crate::manifest::{Manifest, RoundtripError, amend, compose, is_same, reads_as};
use crate::plan::{PlanInput as Planned, Scope, compare};
use crate::pull::{MergeInput, PullNote, Pulled, merge, recording, table};
use crate::render::pull as drawing;
use crate::render::style::{GOOD, Styled, plain};
use crate::state;
use crate::state::{Identity, Ledger, Record, Store};
use crate::{localized, tr};

/// Write DingTalk's groups as a manifest
///
/// Costs one call and changes nothing in DingTalk. Without a manifest, one is written to standard output, to --out, or to the
/// file that MANIFEST names. A manifest that is there is brought up to date: new groups stand behind their siblings, names
/// follow DingTalk, and comments and order stay. Groups that DingTalk does not have stay, unless --prune is given.
///
/// With --format csv or xlsx a spreadsheet is written instead, which `roomtree import` makes a manifest of.
///
/// Groups that a manifest cannot have (duplicates, names with control characters) are told and left out, and the exit code is 3.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  roomtree pull --sandbox\n  roomtree pull --format xlsx --out rooms.xlsx --sandbox\n  roomtree pull tree.yaml --record --sandbox\n  roomtree pull examples/minimal.yaml --out pulled.yaml --sandbox"
)]
pub(crate) struct PullArgs {
    /// The manifest to write or to bring up to date: a file; also a folder or several files if --out is given
    #[arg(value_name = "MANIFEST")]
    manifest: Vec<OsString>,

    /// Write to this file, which must not exist yet, and leave MANIFEST as it is
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    #[command(flatten)]
    state: StateFileArgs,

    /// Record every pulled group in the state, as an apply would; to name one with --state does so, too
    #[arg(long)]
    record: bool,

    /// Remove groups from the manifest that DingTalk does not have
    #[arg(long)]
    prune: bool,

    #[command(flatten)]
    writing: WritingArgs,

    /// Pull what is below this group [default: the manifest's root, or else everything]
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(i64).range(0..))]
    root: Option<i64>,

    #[command(flatten)]
    connection: ConnectionArgs,
}

pub(crate) fn run(context: &Context, arguments: &PullArgs) -> Result<Exit, CommandError> {
    check(arguments)?;
    let former = Former::read(context, &arguments.manifest, arguments.root)?;
    runtime::block_on(async {
        let about = About::of(&former.manifest);
        let state = arguments.state_path();
        let target =
            Target::open_for(context, &arguments.connection, &about, state.as_deref().unwrap_or(Path::new(""))).await?;
        let pull = Pull { context, arguments, former: &former, target: &target, state };
        let result = pull.run().await;
        target.close().await;
        result
    })?
}

impl PullArgs {
    /// Returns the file that is made or brought up to date; `None` for standard output.
    fn file(&self) -> Option<&Path> {
        match (&self.out, self.manifest.as_slice()) {
            (Some(out), _) => Some(out),
            (None, [one]) if one != "-" => Some(Path::new(one)),
            _ => None,
        }
    }

    /// Says whether the state is to be written.
    fn records(&self) -> bool {
        self.record || self.state.state.is_some()
    }

    /// Says what spreadsheet is to be written; `None` for a manifest.
    fn spreadsheet(&self) -> Option<Spreadsheet> {
        self.writing.spreadsheet(self.out.as_deref())
    }

    /// Returns where the state is: beside the manifest, or beside the one that is made.
    fn state_path(&self) -> Option<PathBuf> {
        let beside = match (self.manifest.is_empty(), &self.out) {
            (true, Some(out)) => vec![out.clone().into_os_string()],
            _ => self.manifest.clone(),
        };
        let manifest = ManifestArgs { manifest: beside };
        connection::state_path(&manifest, &self.state, self.connection.sandbox).ok()
    }
}

fn check(arguments: &PullArgs) -> Result<(), CommandError> {
    if let Some(spreadsheet) = arguments.spreadsheet() {
        check_spreadsheet(arguments, spreadsheet)?;
    }
    check_manifest(&arguments.manifest)?;
    arguments.writing.check(arguments.out.as_deref())?;
    let is_taken = |out: &&Path| Destination::untouched(out) == Destination::Taken;
    if let Some(out) = arguments.out.as_deref().filter(is_taken) {
        return Err(CommandError::input(localized!("`{}` exists already", "`{}` 已存在", out.display())).hint(
            localized!(
                "name it as MANIFEST, without --out, to have it brought up to date; or name another file",
                "要更新它，请去掉 `--out`，把它作为清单给出；否则请另取文件名"
            ),
        ));
    }
    if arguments.records() && arguments.state_path().is_none() {
        return Err(CommandError::input(localized!(
            "where the state is to be recorded cannot be told",
            "无法确定状态要记录到哪里"
        ))
        .hint(localized!("name it with --state FILE", "请用 `--state <文件>` 指定")));
    }
    Ok(())
}

/// Refuses a spreadsheet as the manifest to bring up to date.
fn check_manifest(manifest: &[OsString]) -> Result<(), CommandError> {
    let Some(file) = manifest.iter().map(Path::new).find(|file| is_named_spreadsheet(file)) else { return Ok(()) };
    let (shown, word) = (file.display(), quoted(&file.to_string_lossy()));
    Err(CommandError::input(localized!(
        "`{shown}` is a spreadsheet by its name; the manifest that `pull` brings up to date is YAML",
        "`{shown}` 的扩展名是电子表格的；`pull` 更新的是 YAML 清单"
    ))
    .hint(localized!(
        "to write a new workbook of DingTalk's groups: `roomtree pull --out FILE.xlsx`",
        "把钉钉中的分组写成新的工作簿：`roomtree pull --out 文件.xlsx`"
    ))
    .hint(localized!(
        "to make a manifest of a spreadsheet: `roomtree import {word}`",
        "把电子表格转换成清单：`roomtree import {word}`"
    )))
}

/// A spreadsheet has what DingTalk has, whole: no manifest is brought up to date, and nothing is recorded.
fn check_spreadsheet(arguments: &PullArgs, spreadsheet: Spreadsheet) -> Result<(), CommandError> {
    if !arguments.manifest.is_empty() || arguments.records() || arguments.prune {
        return Err(CommandError::input(tr!(
            "a spreadsheet is made of what DingTalk has, without a manifest and without a state",
            "电子表格只根据钉钉中的分组生成，不涉及清单和状态"
        ))
        .hint(tr!(
            "leave MANIFEST, --record, --state and --prune out; --out names the file",
            "去掉 `<清单>`、`--record`、`--state` 和 `--prune`；用 `--out` 指定要写的文件"
        )));
    }
    match (spreadsheet, &arguments.out) {
        (Spreadsheet::Xlsx, None) => Err(no_terminal()),
        _ => Ok(()),
    }
}

struct Pull<'a> {
    context: &'a Context,
    arguments: &'a PullArgs,
    former: &'a Former,
    target: &'a Target,
    state: Option<PathBuf>,
}

impl Pull<'_> {
    async fn run(&self) -> Result<Exit, CommandError> {
        let (store, mut ledger) = self.known()?;
        let live = self.target.client.list().await?;
        let recovered = recover(&mut ledger, &live);
        self.guard(&ledger, &live)?;
        let pulled = self.merge(&ledger, &live);
        self.context.terminal.note(&drawing::findings(&pulled.findings));
        if let Some(exit) = self.write(&pulled)? {
            return Ok(exit);
        }
        if let Some(store) = store {
            record(store, ledger, recovered, &pulled)?;
        }
        let is_whole = !pulled.findings.iter().any(PullNote::leaves_out);
        Ok(if is_whole { Exit::Done } else { Exit::Partial })
    }

    /// Reads the state; takes its lock too if it is to be written.
    fn known(&self) -> Result<(Option<Store>, Ledger), CommandError> {
        let identity = &self.target.identity;
        match &self.state {
            Some(path) if self.arguments.records() => {
                let (store, ledger) = Store::open(path, identity.clone(), holder(self.context))?;
                Ok((Some(store), ledger))
            }
            Some(path) => Ok((None, remembered(path, identity)?)),
            None => Ok((None, plan::empty(identity)?)),
        }
    }

    /// Refuses what can only be a mistake: a root that is not there, or another organization.
    fn guard(&self, ledger: &Ledger, live: &Inventory) -> Result<(), CommandError> {
        let root = self.former.manifest.root;
        if root != GroupId::ROOT && live.depth(root).is_none() {
            return Err(CommandError::input(localized!(
                "the root group {root} is not in DingTalk",
                "钉钉中没有根分组 {root}"
            ))
            .hint(localized!(
                "`roomtree pull` without --root writes every group, and --record records the ids",
                "不带 `--root` 的 `roomtree pull` 会写出全部分组，加上 `--record` 还会记录 ID"
            )));
        }
        let mut recorded = ledger.snapshot().groups.values().peekable();
        if recorded.peek().is_some() && recorded.all(|id| live.get(*id).is_none()) {
            return Err(CommandError::refused(localized!(
                "none of the recorded groups is in DingTalk; is this another organization?",
                "已记录的分组，钉钉中一个也没有；是不是换了企业？"
            ))
            .hint(localized!(
                "check the credentials; if all is meant to be new, move the state file away",
                "请检查凭证；若确要全部新建，请移走状态文件"
            )));
        }
        if self.arguments.records() && ledger.open().next().is_some() {
            return Err(CommandError::refused(localized!(
                "an interrupted run left calls whose outcome is not known; nothing was recorded",
                "中断的运行留下了结果未知的调用；没有记录任何内容"
            ))
            .hint(localized!(
                "run `roomtree apply` first, which finds out, or pull without --record",
                "请先运行 `roomtree apply` 查证，或者去掉 `--record`"
            )));
        }
        Ok(())
    }

    fn merge(&self, ledger: &Ledger, live: &Inventory) -> Pulled {
        let mut manifest = self.former.manifest.clone();
        if !self.former.exists {
            manifest.organization = self.target.identity.organization.clone();
        }
        let has_state = self.state.as_deref().is_some_and(planning::has_state);
        let scope = Scope { follows_renames: true, ..Scope::default() };
        let planned = Planned { manifest: &manifest, ledger, live: Some(live), has_state, scope };
        let plan = compare(planned);
        merge(MergeInput { manifest: &manifest, plan: &plan, ledger, live, prune: self.arguments.prune })
    }

    /// Writes the new manifest; returns the exit code if the pull ends here.
    fn write(&self, pulled: &Pulled) -> Result<Option<Exit>, CommandError> {
        if let Some(spreadsheet) = self.arguments.spreadsheet() {
            let rows = table(&pulled.manifest.tree, &pulled.ids);
            spreadsheet.write(self.context, &rows, self.arguments.out.as_deref())?;
            return Ok(None);
        }
        if !self.former.exists {
            let text = composed(&pulled.manifest)?;
            self.place(&text)?;
            return Ok(None);
        }
        self.update(pulled)
    }

    fn update(&self, pulled: &Pulled) -> Result<Option<Exit>, CommandError> {
        let is_settled = is_same(&self.former.manifest, &pulled.manifest);
        if is_settled && self.arguments.out.is_none() {
            self.context
                .terminal
                .note(tr!("Nothing to change: the manifest says what DingTalk has", "无需改动：清单与钉钉一致"));
            return Ok(None);
        }
        let former = self.former.text.as_deref();
        let text = match (former.and_then(|text| self.amended(text, pulled)), &self.arguments.out) {
            (Some(text), _) => text,
            (None, Some(_)) => composed(&pulled.manifest)?,
            (None, None) => return self.show_only(former, &composed(&pulled.manifest)?).map(Some),
        };
        self.show(former, &text)?;
        self.place(&text)?;
        Ok(None)
    }

    /// Changes the text where the groups changed, and only there.
    fn amended(&self, text: &str, pulled: &Pulled) -> Option<String> {
        let text = amend(text, &self.former.manifest, &pulled.manifest, &pulled.origins)?;
        reads_as(&text, &pulled.manifest).ok().map(|()| text)
    }

    fn show(&self, former: Option<&str>, text: &str) -> Result<(), CommandError> {
        let name = self.arguments.file().map_or_else(|| "manifest".into(), Path::to_string_lossy);
        let shown = former.map_or_else(String::new, |former| drawing::difference(&name, former, text));
        self.context.terminal.result(&shown).map_err(unwritten)
    }

    fn show_only(&self, former: Option<&str>, text: &str) -> Result<Exit, CommandError> {
        self.show(former, text)?;
        Err(CommandError::refused(localized!(
            "the manifest cannot be brought up to date where it stands; nothing was written",
            "无法就地更新清单；没有写入任何内容"
        ))
        .hint(localized!(
            "aliases, several files, or the layout are in the way: add --out FILE to write a new one",
            "别名、多个文件或排版使其无法更新：请加上 `--out <文件>` 另写一份"
        )))
    }

    /// Writes to the file or to standard output.
    fn place(&self, text: &str) -> Result<(), CommandError> {
        let Some(file) = self.arguments.file() else {
            return self.context.terminal.result(text).map_err(unwritten);
        };
        match &self.arguments.out {
            Some(out) => Destination::untouched(out).write(self.context, out, text.as_bytes())?,
            None => overwrite(file, self.former.text.as_deref(), text)?,
        }
        self.context.terminal.note(&format!(
            "{}{}",
            Styled(GOOD, tr!("Written: ", "已写入：")),
            plain(&file.to_string_lossy())
        ));
        Ok(())
    }
}

fn remembered(path: &Path, identity: &Identity) -> Result<Ledger, CommandError> {
    let Some(ledger) = state::read(path)? else { return plan::empty(identity) };
    identity.check(&ledger.snapshot().identity(), path)?;
    Ok(ledger)
}

/// Writes a manifest anew, and reads it again.
fn composed(manifest: &Manifest) -> Result<String, CommandError> {
    let text = compose(manifest).map_err(|error| {
        CommandError::input(localized!("the manifest cannot be written as YAML", "清单无法写成 YAML")).because(&error)
    })?;
    match reads_as(&text, manifest) {
        Ok(()) => Ok(text),
        Err(RoundtripError::Invalid(problem)) => {
            let settle = || localized!("settle it in the manifest, then pull again", "请在清单中解决，然后重新取回");
            Err(CommandError::input(localized!(
                "the pulled groups make no valid manifest: {}",
                "取回的分组不能构成有效的清单：{}",
                problem.message
            ))
            .hint(problem.help.unwrap_or_else(settle)))
        }
        Err(RoundtripError::Other) => Err(CommandError::input(localized!(
            "the manifest does not read back as it was meant; nothing was written",
            "写出的清单读回后与原意不符；没有写入任何内容"
        ))
        .hint(localized!("please report this", "请反馈此问题"))),
    }
}

fn record(mut store: Store, mut ledger: Ledger, mut records: Vec<Record>, pulled: &Pulled) -> Result<(), CommandError> {
    for record in recording(pulled, &ledger) {
        ledger.apply(&record).map_err(|error| {
            CommandError::input(localized!("the state cannot record what was pulled", "状态无法记录取回的分组"))
                .because(&error)
        })?;
        records.push(record);
    }
    if records.is_empty() {
        store.checkpoint(None, &ledger)?;
        return Ok(());
    }
    let mut journal = store.journal()?;
    journal.append(&records)?;
    journal.sync()?;
    store.checkpoint(Some(journal), &ledger)?;
    Ok(())
}
