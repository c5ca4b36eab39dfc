//! Terraform on as many items, each below another, with no call made at all.
//!
//! Every item is a resource of its own kind `terraform_data`, which is built in and does nothing, and refers to the item above
//! it. That is the form in which Terraform is fastest: with `for_each` it takes several times as long. What is left is what Terraform itself needs
//! for its graph and its state; roomtree beside it makes an HTTP call for each group and one list.

use std::fs;
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::Result;
use crate::arguments::{Extent, Family};
use crate::manifest::Named;
use crate::measure::timed;
use crate::others::{is_there, times_as_long};
use crate::report::Row;
use crate::sandbox::Sandbox;
use crate::spread::Spread;
use crate::tree::{Shape, Tree};
use crate::workplace::Workplace;

/// The steps of the job, and what each is called in the table.
const STEPS: [&str; 3] = ["plan_s", "apply_s", "no_change_plan_s"];

pub(crate) fn rows(extent: Extent) -> Result<Vec<Row>> {
    if !is_there("terraform") {
        return Ok(vec![Row::begin(Family::Others, "terraform").skipped("skipped: `terraform` is not installed")]);
    }
    let sizes: &[usize] = if extent == Extent::Full { &[100, 1_000, 5_000] } else { &[100, 1_000] };
    Ok(sizes.iter().map(|groups| size(*groups)).collect::<Result<Vec<_>>>()?.concat())
}

fn size(groups: usize) -> Result<Vec<Row>> {
    let tree = Shape::City.tree(groups);
    let begin = |what: &str| Row::begin(Family::Others, format!("{what}, {groups}"));
    let runs = if groups > 100 { 1 } else { 3 };
    let terraform = measured(begin("terraform, without any call"), runs, || terraform(&tree))?;
    let roomtree = measured(begin("roomtree, a call for each"), 5, || roomtree(&tree))?;
    let ratio = times_as_long(begin("terraform, times as long"), &terraform, &roomtree);
    Ok(vec![terraform, roomtree, ratio])
}

/// Does the whole job several times and sums up each step.
fn measured(mut row: Row, runs: usize, job: impl Fn() -> Result<[f64; 3]>) -> Result<Row> {
    let all = (0..runs).map(|_| job()).collect::<Result<Vec<_>>>()?;
    for (step, name) in STEPS.iter().enumerate() {
        row = row.with(name, Spread::of(all.iter().map(|took| took[step]).collect()));
    }
    Ok(row)
}

fn terraform(tree: &Tree) -> Result<[f64; 3]> {
    let workplace = Workplace::empty()?;
    fs::write(workplace.file("main.tf.json"), configuration(tree).to_string())?;
    let run = |arguments: &[&str]| {
        let mut command = Command::new("terraform");
        command.current_dir(workplace.file("")).args(arguments).env("CHECKPOINT_DISABLE", "1");
        timed(&mut command)
    };
    run(&["init", "-input=false"])?;
    let plan = ["plan", "-input=false", "-parallelism=64"];
    Ok([run(&plan)?, run(&["apply", "-input=false", "-auto-approve", "-parallelism=64"])?, run(&plan)?])
}

fn configuration(tree: &Tree) -> Value {
    let named = Named::new(tree);
    let item = |(index, (above, name)): (usize, (Option<usize>, &str))| {
        let above = above.map(|above| format!("${{terraform_data.group_{above}.id}}"));
        (format!("group_{index}"), json!({"input": {"name": name, "above": above}}))
    };
    let items: Map<String, Value> = named.pairs().enumerate().map(item).collect();
    json!({"resource": {"terraform_data": items}})
}

fn roomtree(tree: &Tree) -> Result<[f64; 3]> {
    let (workplace, sandbox) = (Workplace::new(tree)?, Sandbox::start(&["--rate", "off"])?);
    let run = |arguments: &[&str]| timed(&mut workplace.online(&sandbox, arguments));
    let plan = ["plan", "--qps", "off"];
    Ok([run(&plan)?, run(&["apply", "--yes", "--qps", "off", "--concurrency", "64"])?, run(&plan)?])
}
