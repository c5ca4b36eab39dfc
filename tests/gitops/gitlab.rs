//! GitLab's runner, as far as the example's pipeline uses it: rules, variables, scripts in one shell, `after_script`, artifacts.

use std::path::Path;

use serde_yaml::Value;

use crate::forge::REPORTER;
use crate::github::{parsed, text};
use crate::origin::{Pull, git_in};
use crate::shell::{Stroke, Variables, variables};
use crate::world::{Outcome, World};

/// What started a pipeline.
pub(crate) struct Trigger<'a> {
    /// `merge_request_event`, `push`, `web` or `schedule`.
    pub(crate) source: &'a str,
    /// The merge request, if there is one.
    pub(crate) pull: Option<&'a Pull>,
    /// What was typed into the form.
    pub(crate) fingerprint: &'a str,
}

/// Runs the pipeline that a trigger makes.
pub(crate) fn run(world: &World, trigger: &Trigger<'_>, stroke: Option<&Stroke<'_>>) -> Outcome {
    let reference = trigger.pull.map_or("main".to_owned(), |pull| pull.head.clone());
    let pipeline = parsed(&world.source(".gitlab-ci.yml", &reference));
    let variables = predefined(world, trigger);
    let mut outcome = Outcome::default();
    assert!(holds(&pipeline["workflow"]["rules"], &variables), "no pipeline comes of this");
    for job in pipeline["stages"].as_sequence().expect("stages") {
        if holds(&pipeline[job]["rules"], &variables) {
            outcome.jobs.push(text(job));
            carry_out(world, &pipeline, &pipeline[job], &variables, stroke, &mut outcome);
        }
    }
    outcome
}

fn carry_out(
    world: &World,
    pipeline: &Value,
    job: &Value,
    given: &Variables,
    stroke: Option<&Stroke<'_>>,
    outcome: &mut Outcome,
) {
    let workspace = tempfile::tempdir().unwrap();
    let mut variables = given.clone();
    if let Some(environment) = job["environment"]["name"].as_str() {
        variables.extend(world.secrets.clone());
        if environment == "dingtalk" {
            variables.insert("STATE_TOKEN".to_owned(), "glpat-state".to_owned());
        }
    }
    checkout(world, workspace.path(), &variables);
    let script = format!("{}{}", lines(&pipeline["default"]["before_script"]), lines(&job["script"]));
    // Alpine has no bash before the job installs it, so GitLab's runner takes `sh`.
    let ran = world.shell.run("sh", &script, workspace.path(), &variables, stroke);
    outcome.took(ran, variables.clone(), "");
    if variables.contains_key("STATE_TOKEN") {
        can_log_in(world, workspace.path(), &variables);
    }
    let after = lines(&job["after_script"]);
    if !after.is_empty() {
        // What becomes of it does not count.
        let code = outcome.code;
        let ran = world.shell.run("sh", &after, workspace.path(), &variables, None);
        outcome.took(ran, variables, "");
        outcome.code = code;
    }
    for path in job["artifacts"]["paths"].as_sequence().into_iter().flatten().map(text) {
        let path = path.trim_end_matches('/');
        world.keep(&workspace.path().join(path), "artifacts", path);
    }
}

fn checkout(world: &World, workspace: &Path, variables: &Variables) {
    let git = |words: &[&str]| git_in(workspace, words);
    git(&["init", "--quiet", "--initial-branch=none"]);
    git(&["remote", "add", "origin", &world.origin.url()]);
    git(&["fetch", "--quiet", "origin", &variables["CI_COMMIT_SHA"]]);
    git(&["checkout", "--quiet", "--detach", "FETCH_HEAD"]);
}

/// A push to a real GitLab would ask for a password; here that is asked for by itself.
fn can_log_in(world: &World, workspace: &Path, variables: &Variables) {
    let ask = "printf 'protocol=https\\nhost=gitlab.example.com\\n\\n' | git credential fill\n";
    let said = world.shell.run("sh", ask, workspace, variables, None).said;
    assert!(said.contains("username=roomtree") && said.contains("password=glpat-state"), "{said}");
}

fn predefined(world: &World, trigger: &Trigger<'_>) -> Variables {
    let url = world.origin.url();
    let mut all = variables(&[
        ("CI", "true"),
        ("GITLAB_CI", "true"),
        ("CI_PROJECT_ID", "5"),
        ("CI_DEFAULT_BRANCH", "main"),
        ("CI_PIPELINE_SOURCE", trigger.source),
        ("CI_API_V4_URL", &format!("{}/api/v4", world.forge.url())),
        ("CI_PROJECT_URL", url.trim_end_matches(".git")),
        ("GITLAB_TOKEN", REPORTER),
        ("FINGERPRINT", trigger.fingerprint),
        ("CI_COMMIT_SHA", &world.origin.tip()),
    ]);
    match trigger.pull {
        Some(pull) => {
            all.extend(variables(&[("CI_COMMIT_SHA", &pull.head), ("CI_MERGE_REQUEST_IID", &pull.number.to_string())]))
        }
        None => all.extend(variables(&[("CI_COMMIT_BRANCH", "main")])),
    }
    all
}

/// Joins the lines of a script; a missing one is empty.
fn lines(script: &Value) -> String {
    script.as_sequence().into_iter().flatten().fold(String::new(), |all, line| format!("{all}{}\n", text(line)))
}

/// Says whether one of the rules is met: parts joined by `&&`.
fn holds(rules: &Value, variables: &Variables) -> bool {
    let value = |operand: &str| match operand.trim().strip_prefix('$') {
        Some(name) => variables.get(name).cloned().unwrap_or_default(),
        None => operand.trim().trim_matches('"').to_owned(),
    };
    let is_true = |part: &str| match part.split_once("==") {
        Some((left, right)) => value(left) == value(right),
        None => !value(part).is_empty(),
    };
    rules.as_sequence().expect("rules").iter().any(|rule| text(&rule["if"]).split("&&").all(is_true))
}
