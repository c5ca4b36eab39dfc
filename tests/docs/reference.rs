//! The tables of the manifest's keys are made from the schema, between markers: `ROOMTREE_WRITE=1` writes them.
//!
//! What a key means is said in the schema, in both languages; what kind of value it takes is said here, and in Chinese in
//! `reference.txt`, so that words which were changed are missed there.

use std::fs;

use serde_json::Value;

use crate::page::{Page, Tongue, house};

/// The Chinese for what is said here: an English line, and under it a Chinese one.
const CHINESE: &str = include_str!("reference.txt");

/// The parts of the schema that have a table: a name for the marker, and where it stands.
const TABLES: [(&str, &str); 3] =
    [("manifest", ""), ("limits", "/definitions/LimitsSection"), ("group", "/definitions/Group")];

impl Tongue {
    fn head(self) -> &'static str {
        match self {
            Self::English => "| key | value | meaning |\n|---|---|---|\n",
            Self::Chinese => "| 键 | 值 | 含义 |\n|---|---|---|\n",
        }
    }

    fn listed(self, words: &[String]) -> String {
        match self {
            Self::English => words.join(", "),
            Self::Chinese => words.join("，"),
        }
    }

    /// Returns what the schema says of a part: its description, or what stands below that for those who show both.
    fn described(self, part: &Value) -> String {
        let english = part["description"].as_str().unwrap();
        let both = part["markdownDescription"].as_str().unwrap();
        let chinese = both.strip_prefix(english).unwrap().trim_start();
        match self {
            Self::English => english.to_owned(),
            Self::Chinese => chinese.to_owned(),
        }
    }

    fn say(self, english: &str) -> String {
        match self {
            Self::English => english.to_owned(),
            Self::Chinese => chinese(english).to_owned(),
        }
    }
}

fn chinese(english: &str) -> &'static str {
    let mut lines = CHINESE.lines().filter(|line| !line.is_empty());
    let found = lines.by_ref().any(|line| line == english).then(|| lines.next()).flatten();
    found.unwrap_or_else(|| panic!("tests/docs/reference.txt has no Chinese for: {english}"))
}

fn table(schema: &Value, place: &str, tongue: Tongue) -> String {
    let part = schema.pointer(place).unwrap();
    let required = |key: &str| part["required"].as_array().is_some_and(|all| all.iter().any(|one| one == key));
    let keys = part["properties"].as_object().unwrap().iter();
    let rows = keys.map(|(key, value)| row(key, value, required(key), tongue));
    tongue.head().to_owned() + &rows.collect::<String>()
}

fn row(key: &str, value: &Value, is_required: bool, tongue: Tongue) -> String {
    let bounds = bounds(value).into_iter().map(|(word, bound)| format!("{} `{bound}`", tongue.say(word)));
    let need = is_required.then(|| tongue.say("required"));
    let words: Vec<String> = std::iter::once(tongue.say(kind(value))).chain(bounds).chain(need).collect();
    let meaning = tongue.described(value);
    format!("| `{key}` | {} | {meaning} |\n", tongue.listed(&words))
}

/// Says what kind of value a key takes.
fn kind(value: &Value) -> &'static str {
    let is_section = value.pointer("/allOf/0/$ref").is_some_and(|section| section == "#/definitions/LimitsSection");
    match value["type"].as_str() {
        None if value["type"].is_array() => "text",
        None if value["anyOf"].is_array() => "text, or a list of texts",
        None if is_section => "mapping",
        Some("integer") => "number",
        Some("boolean") => "`true` or `false`",
        Some("array") => "list of groups",
        _ => panic!("the schema has a kind of value that the reference does not know: {value}"),
    }
}

fn bounds(value: &Value) -> Vec<(&'static str, &Value)> {
    match value.get("const") {
        Some(only) => vec![("always", only)],
        None => ["minimum", "maximum", "default"].into_iter().filter_map(|key| Some((key, value.get(key)?))).collect(),
    }
}

/// Returns a page with its tables made anew.
fn renewed(page: &Page, schema: &Value) -> String {
    TABLES.iter().fold(page.text.clone(), |text, (name, place)| {
        let (begin, end) = (format!("<!-- made from the schema: {name} -->\n"), "<!-- until here -->");
        let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("{}: no {begin}", page.name()));
        let (_, after) = rest.split_once(end).expect("the end of a table is marked");
        format!("{before}{begin}{}{end}{after}", table(schema, place, page.tongue))
    })
}

#[test]
fn the_manifests_keys_are_those_of_the_schema() {
    let schema = serde_json::from_str(&fs::read_to_string(house("schema/manifest.json")).unwrap()).unwrap();
    for page in Tongue::ALL.map(|tongue| Page::chapter(tongue, "manifest.md")) {
        let renewed = renewed(&page, &schema);
        if std::env::var_os("ROOMTREE_WRITE").is_some() {
            fs::write(house(&page.path), &renewed).unwrap();
        } else {
            assert_eq!(page.text, renewed, "{}: ROOMTREE_WRITE=1 cargo test --test docs keys", page.name());
        }
    }
}
