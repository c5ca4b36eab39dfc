//! The published JSON Schemas: they are the ones that are built, and every JSON document of every test keeps its own.

use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::test_env::{QUICK, STATE, Scene};

const DOCUMENTS: [&str; 7] = ["manifest", "plan", "report", "events", "problems", "state", "doctor"];

/// By the kind of document. An event is a line of the schema `events`.
static VALIDATORS: LazyLock<HashMap<&str, Validator>> = LazyLock::new(|| {
    let named = [
        ("plan", "plan"),
        ("report", "report"),
        ("event", "events"),
        ("problems", "problems"),
        ("state", "state"),
        ("doctor", "doctor"),
    ];
    named.map(|(kind, document)| (kind, strict(document))).into()
});

/// A schema permits members that it does not know, for a reader to bear with what comes later. What is written today it has to
/// know, though.
fn strict(document: &str) -> Validator {
    let mut schema: Value = serde_json::from_str(&published(document)).unwrap();
    let parts = parts(&schema);
    close(&mut schema, Place::Alone);
    for part in parts {
        schema["$defs"][part].as_object_mut().unwrap().remove("unevaluatedProperties");
    }
    jsonschema::validator_for(&schema).unwrap()
}

/// Whether a schema says all that there is to say about a value.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Alone,
    Part,
}

fn close(schema: &mut Value, place: Place) {
    let Some(members) = schema.as_object_mut() else { return };
    let is_object = members.contains_key("properties") || members.contains_key("oneOf");
    for (key, member) in members.iter_mut() {
        match key.as_str() {
            "oneOf" | "anyOf" | "allOf" => {
                let place = if key == "anyOf" { place } else { Place::Part };
                member.as_array_mut().unwrap().iter_mut().for_each(|part| close(part, place));
            }
            "items" => close(member, Place::Alone),
            "properties" | "$defs" => {
                member.as_object_mut().unwrap().values_mut().for_each(|inner| close(inner, Place::Alone));
            }
            _ => {}
        }
    }
    if is_object && place == Place::Alone && members.get("type") != Some(&json!("string")) {
        members.insert("unevaluatedProperties".to_owned(), json!(false));
    }
}

/// Returns the names of the definitions that are only a part of what stands where they are named.
fn parts(schema: &Value) -> Vec<String> {
    match schema {
        Value::Array(items) => items.iter().flat_map(parts).collect(),
        Value::Object(members) => {
            let named = members.get("$ref").filter(|_| members.contains_key("properties")).and_then(Value::as_str);
            let named = named.and_then(|name| name.strip_prefix("#/$defs/")).map(str::to_owned);
            members.values().flat_map(parts).chain(named).collect()
        }
        _ => Vec::new(),
    }
}

fn published(document: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schema/{document}.json"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A JSON document keeps the schema of its kind, and has nothing that it does not know.
#[track_caller]
pub(crate) fn keeps(document: &Value) {
    let kind = document["kind"].as_str().unwrap_or_default();
    let Some(validator) = VALIDATORS.get(kind) else { panic!("no schema for `{kind}`: {document:#}") };
    let errors: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?} in {document:#}");
}

#[test]
fn the_schemas_are_the_ones_that_are_published() {
    let scene = Scene::new().without_credentials();
    for document in DOCUMENTS {
        let written = scene.run(&format!("schema {document}")).exits(0).says_nothing().out.clone();
        assert!(written == published(document), "roomtree schema {document} > schema/{document}.json");
    }
    assert_eq!(scene.run("schema").out, published("manifest"));
    scene.run("schema meeting-rooms").exits(1).shows_nothing().says(&["plan", "events"]);
}

#[test]
fn documents_keep_their_schemas() {
    let scene = Scene::of_fifteen();
    scene.run("validate rooms.yaml --format json").exits(0).json();
    scene.run("validate nowhere.yaml --format json").exits(1).json();
    scene.run("plan rooms.yaml --format json --offline").exits(0).json();
    scene.run(&format!("apply rooms.yaml --yes --format json {QUICK}")).exits(0).json();
    scene.run("state list rooms.yaml.state.json --format json").exits(0).json();
    scene.run("doctor rooms.yaml --format json").exits(0).json();
    assert!(scene.read(STATE).contains("lineage"));
}

#[test]
fn a_document_that_does_not_keep_its_schema_is_found() {
    let scene = Scene::of_fifteen();
    let plan = scene.run("plan rooms.yaml --format json").exits(0).json();
    let broken = |change: fn(&mut Value)| {
        let mut plan = plan.clone();
        change(&mut plan);
        !VALIDATORS["plan"].is_valid(&plan)
    };
    assert!(!broken(|_| ()));
    assert!(broken(|plan| plan["groups"][0]["action"] = json!("destroy")));
    assert!(broken(|plan| plan["groups"][0]["colour"] = json!("red")));
    assert!(broken(|plan| plan["counts"]["colour"] = json!(1)));
    assert!(broken(|plan| plan["fingerprint"] = json!(1)));
    assert!(broken(|plan| drop(plan.as_object_mut().unwrap().remove("refusals"))));
}
