//! What roomtree has written down, read by nothing but `serde_json`: the state file, and the journal on top of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

/// The name of the manifest in a story's folder.
pub(crate) const MANIFEST: &str = "tree.yaml";
const STATE: &str = "tree.yaml.state.json";
const JOURNAL: &str = "tree.yaml.state.json.journal";

/// What is written down at one moment, between two runs.
#[derive(Debug, Default)]
pub(crate) struct Records {
    /// The state file, byte for byte.
    pub(crate) state: Option<Vec<u8>>,
    pub(crate) has_journal: bool,
    /// The recorded groups.
    pub(crate) groups: BTreeMap<String, i64>,
    /// The creates whose outcome is open: parent and name.
    pub(crate) open: BTreeMap<u64, (i64, String, String)>,
    /// Every other file in the folder.
    pub(crate) litter: Vec<String>,
}

impl Records {
    /// Reads what is there.
    pub(crate) fn read(folder: &Path) -> Self {
        let (state, journal) = (fs::read(folder.join(STATE)).ok(), fs::read_to_string(folder.join(JOURNAL)).ok());
        let mut records = Self { has_journal: journal.is_some(), litter: litter(folder), ..Self::default() };
        if let Some(state) = &state {
            let document: Value = serde_json::from_slice(state).expect("the state file is JSON");
            records.groups = serde_json::from_value(document["groups"].clone()).expect("groups are paths with ids");
        }
        records.state = state;
        journal.unwrap_or_default().lines().for_each(|line| records.replay(line));
        records
    }

    /// Writes the state with other ids for some of its groups.
    pub(crate) fn falsify(&self, folder: &Path, ids: &[(String, i64)]) {
        let state = self.state.as_deref().expect("a state");
        let mut document: Value = serde_json::from_slice(state).expect("the state file is JSON");
        for (path, id) in ids {
            document["groups"][path] = Value::from(*id);
        }
        fs::write(folder.join(STATE), serde_json::to_vec_pretty(&document).expect("JSON")).expect("the state");
    }

    /// Writes the state as it was read.
    pub(crate) fn restore(&self, folder: &Path) {
        fs::write(folder.join(STATE), self.state.as_deref().expect("a state")).expect("the state");
    }

    /// Returns the recorded ids.
    pub(crate) fn ids(&self) -> BTreeSet<i64> {
        self.groups.values().copied().collect()
    }

    /// A torn last line says nothing.
    fn replay(&mut self, line: &str) {
        let Ok(Value::Object(line)) = serde_json::from_str::<Value>(line) else { return };
        let open = line.get("open").and_then(Value::as_array).into_iter().flatten();
        open.for_each(|carried| self.intend(carried));
        for (kind, record) in &line {
            self.record(kind, record);
        }
    }

    fn record(&mut self, kind: &str, record: &Value) {
        let seq = record["seq"].as_u64().unwrap_or_default();
        let path = || record["path"].as_str().unwrap_or_default().to_owned();
        match kind {
            "intent" => self.intend(record),
            "done" => {
                if let Some((_, _, path)) = self.open.remove(&seq) {
                    self.groups.insert(path, record["id"].as_i64().unwrap_or_default());
                }
            }
            "void" => drop(self.open.remove(&seq)),
            "put" => drop(self.groups.insert(path(), record["id"].as_i64().unwrap_or_default())),
            "drop" => drop(self.groups.remove(&path())),
            _ => {}
        }
    }

    fn intend(&mut self, intent: &Value) {
        let change = &intent["change"];
        let create = change.get("create").or_else(|| change.get("stray")).and_then(Value::as_object);
        self.open.extend(create.map(|create| (intent["seq"].as_u64().unwrap_or_default(), target(create))));
    }
}

/// Returns parent, name and path of a create.
fn target(create: &Map<String, Value>) -> (i64, String, String) {
    let path = create["path"].as_str().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
    (create["parent"].as_i64().unwrap_or_default(), name, path.to_owned())
}

fn litter(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("the story's folder").map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    let mut litter: Vec<_> = names.filter(|name| ![MANIFEST, STATE, JOURNAL].contains(&name.as_str())).collect();
    litter.sort();
    litter
}
