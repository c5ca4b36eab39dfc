//! A short text that is the same for the same plan, and for no other.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::group::GroupPath;
use crate::plan::action::Action;
use crate::plan::model::Plan;

/// The SHA-256 of what a plan was made from and what it would do, in hexadecimal digits.
///
/// Groups that stay as they are and groups that nobody manages do not enter into it: they change nothing. Nor does whether
/// DingTalk was asked: a plan that was made offline has the fingerprint of one that was made online, as long as DingTalk
/// agrees with the state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Computes the fingerprint of a plan.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let mut hash = Sha256::new();
        let basis = &plan.basis;
        hash.update(canonical(&(&basis.endpoint, &basis.lineage, basis.serial, basis.root)));
        for (id, row) in plan.rows() {
            if !matches!(row.decision, Action::Keep { .. }) {
                hash.update(plan.path(id).as_str());
                hash.update(canonical(&row.decision));
            }
        }
        hash.update(canonical(
            &plan.deletions.iter().map(|deletion| (&deletion.path, deletion.id)).collect::<Vec<_>>(),
        ));
        if !plan.protections.is_empty() || !plan.releases.is_empty() {
            let protections: Vec<GroupPath> = plan.protections.iter().map(|row| plan.path(*row)).collect();
            hash.update(canonical(&("protect", protections, &plan.releases)));
        }
        Self(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Says whether a text is this fingerprint, or begins it with at least as many digits as [`Fingerprint::short`] has.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        text.len() >= self.short().len() && self.0.starts_with(text)
    }

    /// Returns the first digits: enough to tell plans apart by eye.
    #[must_use]
    pub fn short(&self) -> &str {
        &self.0[..12]
    }
}

fn canonical(value: &impl Serialize) -> Vec<u8> {
    let mut text = serde_json::to_vec(value).expect("plain data without maps always serializes");
    text.push(b'\n');
    text
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
