//! `roomtree state forget`: drop records, and call nobody.
//!
//! The records go through the journal as those of an apply do, so that a crash leaves all of them or none that was told.

use std::collections::BTreeSet;

use clap::Args;

use crate::cli::command::state::Place;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::{CommandError, unwritten_after_changes};
use crate::cli::run::execute::holder;
use crate::group::{GroupId, GroupPath};
use crate::localized;
use crate::render::state as drawing;
use crate::state::{Identity, Ledger, Record, Store};

/// Forget recorded groups, without touching them in DingTalk
///
/// The next plan searches a forgotten group by its name again: it adopts the group if DingTalk has exactly one of that name
/// there, and creates a new one if it has none. Recorded protection of the path ends too. The records below a path remain,
/// unless --below is given.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  roomtree state forget examples/acme.yaml --sandbox /北京 --below")]
pub(crate) struct ForgetArgs {
    #[command(flatten)]
    place: Place,

    /// The paths to forget: /北京/望京园区, with ~1 for a slash and ~0 for a tilde within a name
    #[arg(value_name = "PATH", required = true, value_parser = GroupPath::parse)]
    paths: Vec<GroupPath>,

    /// Forget what is recorded below the paths too
    #[arg(long)]
    below: bool,
}

pub(crate) fn run(context: &Context, arguments: &ForgetArgs) -> Result<Exit, CommandError> {
    let snapshot = arguments.place.ledger()?.snapshot().clone();
    let identity = Identity { endpoint: snapshot.endpoint, organization: snapshot.organization, root: snapshot.root };
    let (mut store, mut ledger) = Store::open(&arguments.place.path()?, identity, holder(context))?;
    let forgotten = meant(&ledger, arguments)?;
    let records = records(&forgotten, &ledger);
    for record in &records {
        ledger.apply(record).map_err(|error| {
            CommandError::input(localized!("this cannot be forgotten", "无法移除这些记录")).because(&error)
        })?;
    }
    let mut journal = store.journal()?;
    journal.append(&records)?;
    journal.sync()?;
    store.checkpoint(Some(journal), &ledger)?;
    context
        .terminal
        .result(&drawing::forgotten(&forgotten, left_below(&ledger, arguments)))
        .map_err(unwritten_after_changes)?;
    Ok(Exit::Done)
}

/// Drops the groups and ends the protection of their paths.
fn records(forgotten: &[(GroupPath, Option<GroupId>)], ledger: &Ledger) -> Vec<Record> {
    let recorded = forgotten.iter().filter(|(_, id)| id.is_some());
    let protected = &ledger.snapshot().protected;
    let released: Vec<GroupPath> =
        forgotten.iter().map(|(path, _)| path).filter(|path| protected.contains(path)).cloned().collect();
    let release = (!released.is_empty()).then(|| Record::Protect { protected: Vec::new(), released });
    recorded.map(|(path, _)| Record::Drop { path: path.clone() }).chain(release).collect()
}

/// Returns the recorded groups and protected paths to forget, each once; every given path must match at least one.
fn meant(ledger: &Ledger, arguments: &ForgetArgs) -> Result<Vec<(GroupPath, Option<GroupId>)>, CommandError> {
    let known: BTreeSet<&GroupPath> = ledger.snapshot().groups.keys().chain(&ledger.snapshot().protected).collect();
    let mut meant = BTreeSet::new();
    for given in &arguments.paths {
        let is_meant = |path: &GroupPath| path == given || arguments.below && path.is_within(given);
        let mut found = known.iter().filter(|path| is_meant(path)).peekable();
        if found.peek().is_none() {
            return Err(arguments.place.lacks(given));
        }
        meant.extend(found.map(|path| ((*path).clone(), ledger.id_of(path))));
    }
    Ok(meant.into_iter().collect())
}

/// Counts what stays recorded below the forgotten paths.
fn left_below(ledger: &Ledger, arguments: &ForgetArgs) -> usize {
    let left: BTreeSet<&GroupPath> =
        arguments.paths.iter().flat_map(|given| ledger.below(given)).map(|(path, _)| path).collect();
    left.len()
}
