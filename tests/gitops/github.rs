//! GitHub's runner, as far as the example's workflows use it: jobs and what they need, conditions, expressions, permissions,
//! environments with their secrets, artifacts. What it does not know is a failure, not a guess.

use std::fs;
use std::path::Path;

use serde_yaml::Value;

use crate::origin::git_in;
use crate::shell::{Stroke, Variables, variables};
use crate::world::{Outcome, World};

/// What started a workflow, as expressions see it.
pub(crate) struct Event {
    /// What `github.…` and `inputs.…` are.
    pub(crate) values: Variables,
    /// What is checked out if nothing else is asked for.
    pub(crate) reference: String,
}

impl Event {
    pub(crate) fn new(reference: &str, values: &[(&str, &str)]) -> Self {
        let mut values = variables(values);
        values.insert("github.repository".to_owned(), "acme/rooms".to_owned());
        Self { values, reference: reference.to_owned() }
    }
}

/// Runs the workflow of a file for an event.
pub(crate) fn run(world: &World, file: &str, event: &Event, stroke: Option<&Stroke<'_>>) -> Outcome {
    let workflow = parsed(&world.source(&format!(".github/workflows/{file}"), &event.reference));
    let mut outcome = Outcome::default();
    for (name, job) in workflow["jobs"].as_mapping().expect("jobs") {
        let name = name.as_str().expect("a job's name");
        let needed = job["needs"].as_str().is_none_or(|needed| outcome.jobs.iter().any(|job| job == needed));
        let mut run = Run { world, event, job, has_failed: outcome.code != 0, is_cancelled: false, stroke };
        if needed && run.holds(&job["if"]) {
            outcome.jobs.push(name.to_owned());
            run.has_failed = false;
            run.steps(&mut outcome);
        }
    }
    outcome
}

/// Parses a file of the pipelines.
pub(crate) fn parsed(text: &str) -> Value {
    serde_yaml::from_str(text).expect("a pipeline is YAML")
}

struct Run<'a> {
    world: &'a World,
    event: &'a Event,
    job: &'a Value,
    has_failed: bool,
    is_cancelled: bool,
    stroke: Option<&'a Stroke<'a>>,
}

impl Run<'_> {
    fn steps(&mut self, outcome: &mut Outcome) {
        let workspace = tempfile::tempdir().unwrap();
        for step in self.job["steps"].as_sequence().expect("steps") {
            if !self.holds(&step["if"]) {
                continue;
            }
            match (step["uses"].as_str(), step["run"].as_str()) {
                (Some(action), None) => self.action(action, &step["with"], workspace.path()),
                (None, Some(script)) => self.script(script, step, workspace.path(), outcome),
                _ => panic!("a step neither uses nor runs: {step:?}"),
            }
        }
    }

    fn script(&mut self, script: &str, step: &Value, workspace: &Path, outcome: &mut Outcome) {
        assert!(!script.contains("${{"), "an expression in a script can be injected into: {script}");
        let summary = self.world.shell.file("summary.md");
        fs::write(&summary, "").unwrap();
        let mut variables = variables(&[
            ("CI", "true"),
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_REPOSITORY", "acme/rooms"),
            ("GITHUB_API_URL", &self.world.forge.url()),
            ("GITHUB_STEP_SUMMARY", &summary.to_string_lossy()),
        ]);
        let given = step["env"].as_mapping().into_iter().flatten();
        variables.extend(given.map(|(name, value)| (text(name), self.expanded(&text(value)))));
        if self.permits("contents", "write") {
            variables.insert("MAY_PUSH".to_owned(), "yes".to_owned());
        }
        // Only the step that carries a change out is struck.
        let stroke = self.stroke.filter(|_| script.contains("apply.sh"));
        let ran = self.world.shell.run("bash", script, workspace, &variables, stroke);
        outcome.took(ran, variables, &fs::read_to_string(&summary).unwrap());
        self.has_failed = outcome.code != 0;
        self.is_cancelled |= stroke.is_some();
    }

    fn action(&self, action: &str, with: &Value, workspace: &Path) {
        let (name, version) = action.split_once('@').expect("an action has a version");
        let is_pinned = version.len() == 40 && version.chars().all(|digit| digit.is_ascii_hexdigit());
        assert!(is_pinned, "{action} is not pinned to a commit");
        match name {
            "actions/checkout" => self.checkout(with, workspace),
            "actions/upload-artifact" => {
                for path in text(&with["path"]).lines().map(|path| path.trim_end_matches('/')) {
                    self.world.keep(&workspace.join(path), &text(&with["name"]), path);
                }
            }
            "actions/download-artifact" => self.world.bring(&text(&with["name"]), workspace),
            _ => panic!("what does {name} do?"),
        }
    }

    fn checkout(&self, with: &Value, workspace: &Path) {
        assert!(self.permits("contents", "read"), "a job checks out that may not read");
        let wanted = with["ref"].as_str().map_or_else(|| self.event.reference.clone(), |wanted| self.expanded(wanted));
        let git = |words: &[&str]| git_in(workspace, words);
        git(&["init", "--quiet", "--initial-branch=none"]);
        git(&["remote", "add", "origin", &self.world.origin.url()]);
        if with["fetch-depth"].as_i64() == Some(0) {
            git(&["fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*"]);
            git(&["fetch", "--quiet", "origin", &wanted]);
        } else {
            git(&["fetch", "--quiet", "--depth=1", "origin", &wanted]);
        }
        git(&["checkout", "--quiet", "--detach", "FETCH_HEAD"]);
        if wanted == "main" {
            git(&["checkout", "--quiet", "-B", "main"]);
        }
        if with["persist-credentials"].as_bool() == Some(false) {
            git(&["remote", "set-url", "origin", "file:///nowhere/without/credentials"]);
        }
    }

    fn permits(&self, scope: &str, right: &str) -> bool {
        let given = self.job["permissions"][scope].as_str();
        given == Some(right) || (right == "read" && given == Some("write"))
    }

    /// Evaluates a condition: parts joined by `&&`.
    fn holds(&self, condition: &Value) -> bool {
        let Some(condition) = condition.as_str() else { return !self.has_failed && !self.is_cancelled };
        let inner = condition.trim().trim_start_matches("${{").trim_end_matches("}}");
        let parts: Vec<&str> = inner.split("&&").map(str::trim).collect();
        let speaks_of_status = parts.iter().any(|part| part.ends_with("()"));
        (speaks_of_status || !self.has_failed) && parts.iter().all(|part| self.is_true(part))
    }

    fn is_true(&self, part: &str) -> bool {
        match (part, part.split_once("==")) {
            ("always()", _) => true,
            ("!cancelled()", _) => !self.is_cancelled,
            (_, Some((left, right))) => self.value(left.trim()) == self.value(right.trim()),
            _ => panic!("what does {part} mean?"),
        }
    }

    fn expanded(&self, text: &str) -> String {
        let Some((before, rest)) = text.split_once("${{") else { return text.to_owned() };
        let (inner, after) = rest.split_once("}}").expect("an expression ends");
        format!("{before}{}{}", self.value(inner.trim()), self.expanded(after))
    }

    fn value(&self, expression: &str) -> String {
        if let Some(literal) = expression.strip_prefix('\'') {
            return literal.trim_end_matches('\'').to_owned();
        }
        if let Some(name) = expression.strip_prefix("secrets.") {
            return self.secret(name);
        }
        match expression {
            "github.token" => self.token(),
            "inputs.fingerprint" => self.event.values.get(expression).cloned().unwrap_or_default(),
            _ => self.event.values.get(expression).unwrap_or_else(|| panic!("{expression} has no value")).clone(),
        }
    }

    /// Secrets belong to environments; a job without one has none.
    fn secret(&self, name: &str) -> String {
        match self.job["environment"].as_str() {
            Some("dingtalk" | "dingtalk-read") => self.world.secrets.get(name).cloned().unwrap_or_default(),
            _ => String::new(),
        }
    }

    /// The token of a job says what the job may do, and the forge believes it.
    fn token(&self) -> String {
        let rights = self.job["permissions"].as_mapping().into_iter().flatten();
        rights.fold("job".to_owned(), |token, (scope, right)| format!("{token} {}={}", text(scope), text(right)))
    }
}

/// Returns a scalar as text.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        _ => panic!("a text is wanted, not {value:?}"),
    }
}
