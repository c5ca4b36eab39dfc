//! Stories that once went wrong, cut down to what it takes, and written out.

use std::path::Path;
use std::time::Duration;

use roomtree::group::{GroupId, GroupPath};
use roomtree::sandbox::{Config, Sandbox};
use roomtree::state::{Holder, Identity, Record, Store};

use crate::child::Child;
use crate::records::{MANIFEST, Records};
use crate::runner::{Tale, play};
use crate::scenario::{Edit, Story};
use crate::script::{Blow, What, When};

async fn told(story: Story) -> Tale {
    let tale = play(story, std::net::Ipv4Addr::LOCALHOST).await;
    assert_eq!(tale.breach, None, "{:#?}", tale.lines);
    tale
}

/// The intent of the second create was durable and waited for the first one's place. Taken back when the run stopped, it was
/// not written, and nothing woke the run again.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_stops_while_intents_wait_for_a_place_ends() {
    let story = Story { concurrency: 1, latency: 200, ..Story::plain(3) };
    let tale = told(story.round(Edit::Keep, &["create:html@1"], &[])).await;
    assert_eq!((tale.exits[0], tale.slow_farewells), (3, 0));
}

/// The list that looks for duplicates in the end failed, and the run said that all was well.
#[tokio::test(flavor = "multi_thread")]
async fn a_last_look_that_fails_is_no_success() {
    let tale = told(Story::plain(1).round(Edit::Keep, &["create:500-before@1", "list:permission@4"], &[])).await;
    assert_eq!(tale.exits[..2], [3, 0], "{:#?}", tale.lines);
}

/// A recorded group that the manifest no longer asks for was deleted by somebody: each run listed twice and waited.
#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_group_that_is_gone_costs_nothing() {
    let gone = Blow { when: When::After(0), what: What::StrangerDeletes(1) };
    told(Story::plain(2).round(Edit::Keep, &[], &[]).round(Edit::Cut(1), &[], &[gone])).await;
}

/// The run had died between its last call and the end: the next one had nothing to do, and left the journal where it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_with_nothing_to_do_folds_the_journal_of_a_dead_one() {
    let (folder, sandbox) = (tempfile::tempdir().unwrap(), Sandbox::start(Config::default()).await.unwrap());
    std::fs::write(folder.path().join(MANIFEST), "version: 1\ngroups: [北京]\n").unwrap();
    let id = sandbox.add_group(0, "北京");
    die(folder.path(), &sandbox.url(), id);
    assert!(Records::read(folder.path()).has_journal);
    let mut run = Child::start(folder.path(), &sandbox.url(), &["apply", MANIFEST, "--yes"].map(str::to_owned));
    let status = run.wait(Duration::from_secs(20)).await.unwrap();
    let (ran, after) = (run.end(status).await, Records::read(folder.path()));
    assert_eq!((ran.exit, after.has_journal, after.ids().into_iter().collect()), (Some(0), false, vec![id]));
}

/// Leaves what a run leaves that has recorded this group and dies.
fn die(folder: &Path, url: &str, id: i64) {
    let organization = Some("dingsandbox".to_owned());
    let identity = Identity { endpoint: url.to_owned(), organization, root: GroupId::ROOT };
    let holder = Holder { pid: 1, host: String::new(), command: String::new(), since: None };
    let path = folder.join(format!("{MANIFEST}.state.json"));
    let (mut store, _ledger) = Store::open(&path, identity, holder).unwrap();
    let mut journal = store.journal().unwrap();
    let path = GroupPath::parse("/北京").unwrap();
    journal.append(&[Record::Put { path, id: GroupId::new(id) }]).unwrap();
    journal.sync().unwrap();
}
