//! No plan makes two statements about one group, in any format.
//!
//! A statement says what a run does with an existing group: it is kept, adopted, renamed, deleted, retained, unmanaged, or a
//! duplicate; or it is gone, so that a row creates or adopts another group in its place. A group is identified by its id. A group in a
//! conflict has no statement: the conflict mentions it. The advice about possible renames is no statement either. Each format is
//! read back, and every id in it has to come with the statement that the plan makes.

use std::collections::{BTreeMap, BTreeSet};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use roomtree::group::GroupId;
use roomtree::plan::{Action, Conflict, Plan, PlanInput, Rate, Scope, compare};
use roomtree::render::Extent;
use roomtree::render::plan::{diagram, html, markdown, text as drawing};
use roomtree::render::{PlanView, json};

use crate::plans::{World, apply, ledger, manifest, meddle, meddling, wishes};

const CASES: usize = 150;
/// Ids from here on are no other numbers of a plan.
const FIRST: i64 = 700_000;

/// An id, with the statement that a format makes about it.
type Statement = (i64, &'static str);

#[test]
fn plan_makes_one_statement_about_each_group() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let story = (wishes(2), wishes(2), meddling(), 0..8_u8);
    let mut seen = BTreeSet::new();
    for _ in 0..CASES {
        let (first, second, between, flags) = story.new_tree(&mut runner).unwrap().current();
        let has = |flag: u8| flags & flag != 0;
        let (mut world, mut ledger) = (World { last: FIRST, ..World::default() }, ledger());
        let _ = apply(&manifest(&first), &mut ledger, &mut world, false);
        meddle(&mut world, &between);
        let (whole, live) = (manifest(&second), world.live());
        let empty = manifest(&[]);
        let scope = Scope { prune: has(1), destroy: has(1) && has(4), declared: Some(&whole), ..Scope::default() };
        let planned = if scope.destroy { &empty } else { &whole };
        let live = Some(&live).filter(|_| !has(2));
        let plan = compare(PlanInput { manifest: planned, ledger: &ledger, live, has_state: true, scope });
        seen.extend(assert_consistent(&plan).into_values());
    }
    let all = ["adopted", "deleted", "duplicate", "gone", "kept", "renamed", "retained", "unmanaged"];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), all, "each statement occurs");
}

/// Checks the plan itself and every format of it.
fn assert_consistent(plan: &Plan) -> BTreeMap<i64, &'static str> {
    let expected = expected(plan);
    let mut pairs = BTreeSet::new();
    let moved = plan.retained.iter().map(|group| &group.moved).chain(plan.deletions.iter().map(|group| &group.moved));
    let new = moved.flatten().map(|moved| &moved.to).chain(plan.possible_renames.iter().map(|rename| &rename.path));
    new.for_each(|path| assert!(pairs.insert(path), "{path} is in two pairs: {plan:#?}"));
    let extent = Extent::Everything;
    let exhibit = PlanView { plan, refusals: &[], rate: Rate(None), extent, whole: "roomtree plan" };
    let document: Value = serde_json::from_str(&json::plan(plan, &[], Rate(None), None)).unwrap();
    let text = drawing::text(plan, Rate(None), extent);
    let formats = [
        ("json", of_json(&document)),
        ("text", of_lines(&anstream::adapter::strip_str(&text).to_string())),
        ("markdown", of_lines(&markdown::markdown(exhibit))),
        ("html", of_html(&html::html(exhibit))),
        ("svg", of_svg(&diagram::svg(exhibit))),
        ("dot", of_nodes(&diagram::dot(exhibit))),
        ("mermaid", of_nodes(&diagram::mermaid(exhibit))),
    ];
    for (format, statements) in formats {
        for (id, statement) in statements {
            let is_known = expected.contains_key(&id) || conflicting(plan).contains(&id);
            let is_mentioned = statement == MENTION && is_known;
            assert!(is_mentioned || expected.get(&id) == Some(&statement), "{format}: {id} is {statement}: {plan:#?}");
        }
    }
    expected
}

/// Returns the one statement about each id.
fn expected(plan: &Plan) -> BTreeMap<i64, &'static str> {
    let mut all: Vec<(GroupId, &'static str)> = Vec::new();
    for row in &plan.rows {
        match row.decision {
            Action::Keep { id } => all.push((id, "kept")),
            Action::Adopt { id, gone } => {
                all.push((id, "adopted"));
                all.extend(gone.map(|gone| (gone, "gone")));
            }
            Action::Rename { id, .. } => all.push((id, "renamed")),
            Action::Create { gone } => all.extend(gone.map(|gone| (gone, "gone"))),
            Action::Conflict { .. } | Action::Blocked => {}
        }
    }
    all.extend(plan.deletions.iter().map(|group| (group.id, "deleted")));
    all.extend(plan.retained.iter().map(|group| (group.id, "retained")));
    all.extend(plan.unmanaged.iter().map(|group| (group.id, group.duplicate_of.map_or("unmanaged", |_| "duplicate"))));
    let mut expected = BTreeMap::new();
    for (id, statement) in all {
        assert_eq!(expected.insert(id.get(), statement), None, "{id} has two statements: {plan:#?}");
    }
    for id in conflicting(plan) {
        assert!(!expected.contains_key(&id), "{id} is in conflict and has a statement: {plan:#?}");
    }
    expected
}

/// Returns the ids that only a conflict is about: of two entries that claim one group, one has the statement.
fn conflicting(plan: &Plan) -> BTreeSet<i64> {
    let ids = plan.conflicts().flat_map(|(_, conflict)| match conflict {
        Conflict::WasDeclared { .. } => Vec::new(),
        conflict => of_value(&serde_json::to_value(conflict).unwrap()),
    });
    ids.collect()
}

fn of_value(conflict: &Value) -> Vec<i64> {
    let ids = conflict["ids"].as_array().cloned().unwrap_or_default();
    ids.iter().chain([&conflict["id"], &conflict["recorded"]]).filter_map(Value::as_i64).collect()
}

const MENTION: &str = "mentioned";

/// Returns the ids in a text.
fn ids(text: &str) -> Vec<i64> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter_map(|word| word.parse().ok()).filter(|id| (FIRST..FIRST + 1_000).contains(id)).collect()
}

/// Returns the statements of a line with this sign.
fn signed(sign: char, text: &str) -> Vec<Statement> {
    let ids = ids(text).into_iter().enumerate();
    ids.map(|(at, id)| match (sign, at) {
        ('&', 0) => (id, "adopted"),
        ('+' | '&', _) => (id, "gone"),
        ('~', _) => (id, "renamed"),
        ('=', _) => (id, "kept"),
        ('-', _) => (id, "deleted"),
        _ => (id, MENTION),
    })
    .collect()
}

/// Returns the statement of a line about its first id; another one is that of the group which a duplicate repeats.
fn stated(statement: &'static str, text: &str) -> Vec<Statement> {
    let ids = ids(text).into_iter().enumerate();
    ids.map(|(at, id)| (id, if at == 0 { statement } else { MENTION })).collect()
}

/// Returns the statement of a section of this title; `None` for other text.
fn section(title: &str) -> Option<&'static str> {
    let sections = [
        ("Possible renames", MENTION),
        ("Conflicts", MENTION),
        ("To delete", "deleted"),
        ("Not in the manifest (kept)", "retained"),
        ("Protected (kept)", "retained"),
        ("Duplicates", "duplicate"),
        ("Unmanaged", "unmanaged"),
    ];
    sections.iter().find(|(start, _)| title.starts_with(start)).map(|(_, statement)| *statement)
}

/// Reads text and Markdown: the lines of the tree have signs, the lines of a section belong to its heading.
fn of_lines(text: &str) -> Vec<Statement> {
    let (mut statements, mut heading) = (Vec::new(), None);
    for line in text.lines() {
        let title = line.trim_start_matches("#### ").trim_start_matches("<details><summary><b>");
        if let Some(found) = section(title) {
            heading = Some(found);
        } else if line == "```diff" && heading == Some(MENTION) {
            heading = None;
        }
        match heading {
            Some(statement) => statements.extend(stated(statement, line)),
            None => {
                let row = line.trim_start_matches([' ', '│', '├', '└', '─']);
                statements.extend(signed(row.chars().next().unwrap_or(' '), line));
            }
        }
    }
    statements
}

fn of_html(page: &str) -> Vec<Statement> {
    let items = page.split("<li").skip(1).map(|item| item.split("</li>").next().unwrap_or_default());
    items
        .flat_map(|item| {
            let kind = item.split("data-a=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
            let all = |statement| stated(statement, item);
            match kind {
                "create" => signed('+', item),
                "adopt" => signed('&', item),
                "rename" => all("renamed"),
                "keep" => all("kept"),
                "delete" => all("deleted"),
                "retained" => all("retained"),
                "duplicate" => all("duplicate"),
                "unmanaged" => all("unmanaged"),
                _ => all(MENTION),
            }
        })
        .collect()
}

fn of_svg(picture: &str) -> Vec<Statement> {
    let (mut statements, mut heading, mut sign) = (Vec::new(), None, ' ');
    for part in picture.split("<text").skip(1) {
        let (tag, said) = part.split_once('>').unwrap();
        let said = said.split("</text>").next().unwrap_or_default();
        if tag.contains("heading") {
            heading = section(said);
        } else if tag.contains("sign") {
            sign = said.replace("&amp;", "&").chars().next().unwrap_or(' ');
        } else {
            match heading {
                Some(statement) => statements.extend(stated(statement, said)),
                None => statements.extend(signed(sign, said)),
            }
        }
    }
    statements
}

/// Reads DOT and Mermaid: each node has a line of its own.
fn of_nodes(picture: &str) -> Vec<Statement> {
    let nodes = picture.lines().map(str::trim_start).filter(|line| line.contains('"'));
    nodes
        .flat_map(|line| {
            let signs = [("#43;", "+"), ("#38;", "&"), ("&amp;", "&"), ("#126;", "~"), ("#61;", "="), ("#45;", "-")];
            let label = line.split('"').nth(1).unwrap_or_default().to_owned();
            let label = signs.iter().fold(label, |label, (code, sign)| label.replace(code, sign));
            let sign = if line.starts_with(['r', 'R']) { ' ' } else { label.chars().next().unwrap_or(' ') };
            signed(sign, &label)
        })
        .collect()
}

fn of_json(document: &Value) -> Vec<Statement> {
    let list = |key: &str| document[key].as_array().unwrap().clone();
    let mut statements: Vec<Statement> = Vec::new();
    for group in list("groups") {
        let statement = match group["action"].as_str().unwrap() {
            "keep" => "kept",
            "adopt" => "adopted",
            "rename" => "renamed",
            _ => MENTION,
        };
        statements.extend(group["id"].as_i64().map(|id| (id, statement)));
        statements.extend(group["gone"].as_i64().map(|id| (id, "gone")));
    }
    for (key, statement) in [("deletions", "deleted"), ("retained", "retained"), ("possible_renames", MENTION)] {
        statements.extend(list(key).iter().filter_map(|group| Some((group["id"].as_i64()?, statement))));
    }
    for group in list("unmanaged") {
        let statement = if group["duplicate_of"].is_null() { "unmanaged" } else { "duplicate" };
        statements.extend(group["id"].as_i64().map(|id| (id, statement)));
    }
    statements
}
