//! Each check against facts that were made up for it.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::dingtalk::{Api, ApiError, CallOutcome, ErrorKind, Found, OperatorIdentity};
use crate::doctor::{
    Check, CheckResult, Contact, Detail, Environment, Facts, Memory, Probe, Reason, Report, Trouble, Verdict, examine,
};
use crate::group::{GroupId, GroupPath};
use crate::inventory::{Inventory, ListedGroup};
use crate::state::{Change, Identity, Ledger, Record, Seq, Snapshot, StateError};

fn failure(api: Api, kind: ErrorKind) -> ApiError {
    let message = "no".into();
    ApiError { api, kind, status: None, code: None, message, request_id: None, wait: None }
}

fn found() -> Probe {
    Probe::Made(CallOutcome::Rejected(failure(Api::Rename, ErrorKind::GroupNotFound)))
}

fn live(groups: &[(i64, &str, i64)]) -> Inventory {
    let group = |&(id, name, parent): &(i64, &str, i64)| ListedGroup {
        id: GroupId::new(id),
        name: name.to_owned(),
        parent: GroupId::new(parent),
    };
    Inventory::new(groups.iter().map(group).collect())
}

fn ledger(groups: &[(&str, i64)]) -> Ledger {
    let identity = Identity { endpoint: "e".to_owned(), organization: None, root: GroupId::ROOT };
    let mut ledger = Ledger::new(Snapshot::new(&identity)).unwrap();
    for (path, id) in groups {
        ledger.apply(&Record::Put { path: GroupPath::parse(path).unwrap(), id: GroupId::new(*id) }).unwrap();
    }
    ledger
}

static BOSS: LazyLock<OperatorIdentity> =
    LazyLock::new(|| OperatorIdentity { union_id: "u-boss".to_owned(), found: None });

/// Facts with which all is well.
fn healthy<'a>(live: &'a Inventory) -> Facts<'a> {
    Facts {
        access: None,
        environment: Environment::Variables { set: vec!["DINGTALK_UNION_ID"], idle: Vec::new(), trouble: None },
        endpoint: Ok("https://api.dingtalk.com".to_owned()),
        contact: Contact::Listed(live),
        operator: Some(&BOSS),
        skew: Some(0),
        probe: found(),
        memory: Memory::Empty,
        root: GroupId::ROOT,
        contested: HashSet::new(),
        bound: HashSet::new(),
        depth: 3,
    }
}

fn finding(report: &Report, check: Check) -> &CheckResult {
    report.findings.iter().find(|finding| finding.check == check).expect("every check is reported")
}

fn verdict(facts: &Facts<'_>, check: Check) -> Verdict {
    finding(&examine(facts), check).verdict
}

fn verdicts(report: &Report) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.verdict.as_str()).collect()
}

fn failed(failure: &ApiError, ready_token: bool) -> Contact<'_> {
    Contact::Failed { failure, ready_token }
}

#[test]
fn all_is_well() {
    let live = live(&[(1, "A", 0)]);
    let report = examine(&healthy(&live));
    assert_eq!(verdicts(&report), ["ok"; 11]);
    assert_eq!(report.reason(), None);
}

#[test]
fn what_is_not_ok_says_what_to_do() {
    let live = live(&[(1, "A", 0), (2, "A", 0), (3, "B", 99)]);
    let ledger = ledger(&[("/A", 1), ("/C", 8)]);
    let memory = Memory::Known { ledger: &ledger, run: None };
    let facts = Facts { memory, skew: None, probe: Probe::Made(CallOutcome::Done(())), ..healthy(&live) };
    let report = examine(&facts);
    assert_eq!(report.count(|verdict| verdict == Verdict::Warning), 5);
    for finding in &report.findings {
        assert_eq!(finding.remedy.is_some(), finding.verdict != Verdict::Ok, "{finding:?}");
    }
}

#[test]
fn without_credentials_nothing_is_called() {
    let live = Inventory::default();
    let trouble = Trouble { reason: Reason::Input, message: "it is not set".into(), remedy: "set it".into() };
    let environment = Environment::Variables { set: Vec::new(), idle: Vec::new(), trouble: Some(trouble) };
    let facts = Facts { environment, contact: Contact::None, probe: Probe::NotMade, ..healthy(&live) };
    let report = examine(&facts);
    let skipped = ["skipped"; 6];
    assert_eq!(verdicts(&report)[..7], [&["failed"], &skipped[..]].concat());
    assert_eq!(report.reason(), Some(Reason::Input));
}

#[test]
fn the_first_thing_in_the_way_is_blamed() {
    let empty = Inventory::default();
    for (api, kind, ready, blamed) in [
        (Api::Token, ErrorKind::Unreachable, false, Check::Endpoint),
        (Api::Token, ErrorKind::Certificate, false, Check::Endpoint),
        (Api::List, ErrorKind::Timeout, true, Check::Endpoint),
        (Api::List, ErrorKind::Timeout, false, Check::Read),
        (Api::Token, ErrorKind::Credentials, false, Check::Token),
        (Api::Token, ErrorKind::AddressNotAllowed, false, Check::Token),
        (Api::List, ErrorKind::TokenExpired, true, Check::Token),
        (Api::User, ErrorKind::TokenExpired, true, Check::Token),
        (Api::User, ErrorKind::Unreachable, false, Check::Operator),
        (Api::User, ErrorKind::Unreachable, true, Check::Operator),
        (Api::User, ErrorKind::NoSuchUser, false, Check::Operator),
        (Api::User, ErrorKind::Permission, true, Check::Operator),
        (Api::List, ErrorKind::Permission, false, Check::Read),
        (Api::List, ErrorKind::NotEmployee, true, Check::Read),
    ] {
        let failure = failure(api, kind);
        let operator = (api != Api::User).then_some(&*BOSS);
        let facts = Facts { contact: failed(&failure, ready), operator, probe: Probe::NotMade, ..healthy(&empty) };
        let report = examine(&facts);
        let first = report.findings.iter().find(|finding| finding.verdict != Verdict::Ok);
        assert_eq!(first.map(|finding| finding.check), Some(blamed), "{api} {kind:?} {ready}");
        assert_eq!(report.count(|verdict| matches!(verdict, Verdict::Failed(_))), 1, "{api} {kind:?} {ready}");
        assert_eq!(report.reason(), Some(Reason::Unavailable));
        assert_eq!(finding(&report, Check::Write).verdict, Verdict::Skipped);
    }
}

#[test]
fn who_a_user_id_is_can_be_set_instead() {
    let live = live(&[]);
    let user_id = "zhang".to_owned();
    let found = Some(Found { user_id: user_id.clone(), name: Some("张三".to_owned()) });
    let person = OperatorIdentity { union_id: "u-zhang".to_owned(), found };
    let report = examine(&Facts { operator: Some(&person), ..healthy(&live) });
    let finding = finding(&report, Check::Operator);
    assert_eq!((finding.verdict, finding.detail.to_string().as_str()), (Verdict::Ok, "The userId `zhang` is 张三."));
    let operator = Detail::Operator { user_id, union_id: "u-zhang".to_owned(), name: Some("张三".to_owned()) };
    assert_eq!(finding.evidence, [operator]);
    assert!(finding.remedy.is_some());
}

#[test]
fn a_ready_token_that_was_not_tried_is_not_said_to_be_taken() {
    let (empty, failure) = (Inventory::default(), failure(Api::User, ErrorKind::NoSuchUser));
    let facts = Facts { contact: failed(&failure, true), operator: None, probe: Probe::NotMade, ..healthy(&empty) };
    let report = examine(&facts);
    for check in [Check::Endpoint, Check::Token] {
        assert!(finding(&report, check).detail.to_string().contains("not"), "{check:?}");
    }
}

#[test]
fn a_clock_may_be_a_minute_off() {
    let empty = Inventory::default();
    for (skew, is_ok) in [(Some(60), true), (Some(-60), true), (Some(61), false), (Some(-61), false), (None, false)] {
        let expected = if is_ok { Verdict::Ok } else { Verdict::Warning };
        assert_eq!(verdict(&Facts { skew, ..healthy(&empty) }, Check::Clock), expected, "{skew:?}");
    }
    let slow = examine(&Facts { skew: Some(90), ..healthy(&empty) });
    assert_eq!(finding(&slow, Check::Clock).detail.as_str(), "This machine's clock is 90 seconds slow.");
}

#[test]
fn the_probe_is_believed_only_as_far_as_it_goes() {
    let (empty, refused) = (Inventory::default(), Verdict::Failed(Reason::Unavailable));
    let no = |kind| failure(Api::Rename, kind);
    for (outcome, expected) in [
        (CallOutcome::Rejected(no(ErrorKind::GroupNotFound)), Verdict::Ok),
        (CallOutcome::Rejected(no(ErrorKind::Parameter)), Verdict::Warning),
        (CallOutcome::Rejected(no(ErrorKind::Other)), Verdict::Warning),
        (CallOutcome::Rejected(no(ErrorKind::NotAdmin)), refused),
        (CallOutcome::Rejected(no(ErrorKind::Permission)), refused),
        (CallOutcome::Throttled(no(ErrorKind::RateOfApp)), Verdict::Warning),
        (CallOutcome::Unknown(no(ErrorKind::Server)), Verdict::Warning),
        (CallOutcome::Unknown(no(ErrorKind::Banned)), refused),
        (CallOutcome::Unreachable(no(ErrorKind::Unreachable)), refused),
        (CallOutcome::Done(()), Verdict::Warning),
    ] {
        let facts = Facts { probe: Probe::Made(outcome.clone()), ..healthy(&empty) };
        assert_eq!(verdict(&facts, Check::Write), expected, "{outcome:?}");
    }
    assert_eq!(verdict(&Facts { probe: Probe::LeftOut, ..healthy(&empty) }, Check::Write), Verdict::Skipped);
}

#[test]
fn drift_is_told_group_by_group() {
    let live = live(&[(1, "A", 0), (2, "renamed", 1), (3, "moved", 0)]);
    let ledger = ledger(&[("/A", 1), ("/A/B", 2), ("/A/moved", 3), ("/A/gone", 4)]);
    let report = examine(&Facts { memory: Memory::Known { ledger: &ledger, run: None }, ..healthy(&live) });
    let drift = finding(&report, Check::Drift);
    assert_eq!(drift.verdict, Verdict::Failed(Reason::Refused));
    assert_eq!(drift.detail.as_str(), "Of 4 recorded groups, 1 gone, 1 renamed, 1 moved in DingTalk.");
    assert_eq!(drift.evidence.len(), 3);
}

#[test]
fn a_name_that_differs_is_no_more_than_a_warning() {
    let live = live(&[(1, "B", 0)]);
    let ledger = ledger(&[("/A", 1)]);
    let facts = Facts { memory: Memory::Known { ledger: &ledger, run: None }, ..healthy(&live) };
    assert_eq!(verdict(&facts, Check::Drift), Verdict::Warning);
}

#[test]
fn a_state_of_which_nothing_lives_is_refused() {
    let live = live(&[(7, "X", 0)]);
    let ledger = ledger(&[("/A", 1)]);
    let report = examine(&Facts { memory: Memory::Known { ledger: &ledger, run: None }, ..healthy(&live) });
    assert_eq!(report.reason(), Some(Reason::Refused));
}

#[test]
fn a_root_that_is_gone_is_refused() {
    let live = live(&[(7, "X", 0)]);
    assert_eq!(verdict(&Facts { root: GroupId::new(7), ..healthy(&live) }, Check::Drift), Verdict::Ok);
    let refused = Verdict::Failed(Reason::Refused);
    assert_eq!(verdict(&Facts { root: GroupId::new(8), ..healthy(&live) }, Check::Drift), refused);
}

#[test]
fn open_calls_and_a_held_lock_are_warnings() {
    let live = Inventory::default();
    let mut ledger = ledger(&[]);
    let change = Change::Create { path: GroupPath::top().join("A"), parent: GroupId::ROOT };
    ledger.apply(&Record::Intent { seq: Seq::new(1), change }).unwrap();
    let open = Facts { memory: Memory::Known { ledger: &ledger, run: None }, ..healthy(&live) };
    assert_eq!(verdict(&open, Check::State), Verdict::Warning);
    assert_eq!(finding(&examine(&open), Check::State).evidence.len(), 1);
    let run = StateError::Locked { path: "s.lock".into(), holder: None };
    let busy = Facts { memory: Memory::Known { ledger: &ledger, run: Some(&run) }, ..healthy(&live) };
    assert_eq!(verdict(&busy, Check::State), Verdict::Warning);
}

#[test]
fn another_ones_state_is_refused_and_not_compared() {
    let live = Inventory::default();
    let error = StateError::Foreign { path: "s".into(), what: "root", recorded: "1".into(), wanted: "2".into() };
    let report = examine(&Facts { memory: Memory::Unusable(&error), ..healthy(&live) });
    assert_eq!(finding(&report, Check::State).verdict, Verdict::Failed(Reason::Refused));
    assert_eq!(finding(&report, Check::Drift).verdict, Verdict::Skipped);
    assert_eq!(finding(&report, Check::Duplicates).verdict, Verdict::Ok);
}

#[test]
fn duplicates_stop_an_apply_only_when_the_manifest_asks_for_one_of_them() {
    let live = live(&[(1, "A", 0), (2, "A", 0)]);
    assert_eq!(verdict(&healthy(&live), Check::Duplicates), Verdict::Warning);
    let contested = HashSet::from([GroupId::new(1), GroupId::new(2)]);
    let refused = Verdict::Failed(Reason::Refused);
    assert_eq!(verdict(&Facts { contested, ..healthy(&live) }, Check::Duplicates), refused);
}

#[test]
fn a_list_that_is_no_tree_or_too_deep_is_told() {
    let broken = live(&[(1, "a", 2), (2, "b", 1), (3, "c", 99), (4, "d", 3)]);
    let report = examine(&healthy(&broken));
    assert_eq!(finding(&report, Check::Tree).verdict, Verdict::Warning);
    assert_eq!(finding(&report, Check::Tree).evidence.len(), 3);
    let deep = live(&[(1, "a", 0), (2, "b", 1), (3, "c", 2), (4, "d", 3)]);
    assert_eq!(finding(&examine(&healthy(&deep)), Check::Tree).evidence.len(), 1);
    assert_eq!(verdict(&Facts { depth: 4, ..healthy(&deep) }, Check::Tree), Verdict::Ok);
}
